"""What of somebody's money can leave when an operator lets it go, computed from the ledger independently of the
program (spec, section 7, "Payouts").
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import takewhile

from starbid.domain.ledger import Transfer, bought_part, user_account
from starbid.domain.money import XTR
from starbid.domain.payouts import Payout


def old_enough(transfers: Iterable[Transfer], payout: Payout, hold: timedelta, now: datetime) -> int:
    """Minor units, of what had come in before the payout took its money. `transfers` are all, in the order of booking.

    Sales count from the moment at which the price went into escrow. Bought Stars never leave.
    """
    all_of_them = list(transfers)
    sold_at = {each.id.removeprefix("sale:"): each.at for each in all_of_them if each.kind == "sale"}
    own = bought = young = 0
    for transfer in takewhile(lambda each: each.id != f"payout:{payout.id}", all_of_them):
        if (transfer.user_id, transfer.currency) != (payout.user_id, payout.amount.currency):
            continue
        mine = user_account(payout.user_id)
        change = sum(entry.change.amount for entry in transfer.entries if entry.account == mine)
        own, bought = own + change, bought + bought_part(transfer).amount
        if transfer.kind in ("release", "adjustment", "top_up"):
            since = sold_at[transfer.facts["auction_id"]] if transfer.kind == "release" else transfer.at
            young += change if now < since + hold else 0
    return own - young - (max(0, bought) if payout.amount.currency == XTR else 0)
