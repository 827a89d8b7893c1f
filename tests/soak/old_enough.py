"""What of somebody's money can leave when an operator lets it go, computed from the ledger independently of the
program (spec, section 7, "Payouts").
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from starbid.domain.ledger import Transfer, bought_part, user_account
from starbid.domain.money import XTR
from starbid.domain.payouts import Payout

NOTHING = timedelta(0)


def old_enough(
    transfers: Iterable[Transfer], payout: Payout, hold: timedelta, now: datetime, later: timedelta = NOTHING
) -> int:
    """Minor units, of what had come in before the payout took its money. `transfers` are all, in the order of booking.

    Sales count from the moment at which the price went into escrow. Bought Stars never leave. What came in up to
    `later` after the request counts as young where it is; what an operator took away makes nothing older.
    """
    all_of_them = list(transfers)
    sold_at = {each.id.removeprefix("sale:"): each.at for each in all_of_them if each.kind == "sale"}
    mine, is_before = user_account(payout.user_id), True
    own = bought = young = 0
    for transfer in all_of_them:
        is_before = is_before and transfer.id != f"payout:{payout.id}"
        if (transfer.user_id, transfer.currency) != (payout.user_id, payout.amount.currency):
            continue
        change = sum(entry.change.amount for entry in transfer.entries if entry.account == mine)
        if is_before:
            own, bought = own + change, bought + bought_part(transfer).amount
        counts = is_before or (later and transfer.at <= payout.created_at + later)
        if counts and transfer.kind in ("release", "adjustment", "top_up"):
            since = sold_at[transfer.facts["auction_id"]] if transfer.kind == "release" else transfer.at
            young += max(0, change) if now < since + hold else 0
    return own - young - (max(0, bought) if payout.amount.currency == XTR else 0)
