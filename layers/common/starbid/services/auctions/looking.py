"""What a bidder's attempt sees of the lot and of their wallet, and which refusals a stale sight of it allows."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from starbid.domain.auction import Auction, Ending
from starbid.domain.errors import (
    AuctionClosed,
    BidTooLow,
    Invalid,
    NotBiddable,
    NotFound,
    OwnAuction,
    StarbidError,
)
from starbid.domain.kinds import kind_of
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from starbid.services.ports import Line, Store

Admit = Callable[[Person | None], None]
"""Is told the bidder as read along with the lot, before anything is decided; raises where they may not act."""


@dataclass(slots=True)
class Seen:
    """What is known of the lot and the wallet. `wallet` is None where it was not read or does not exist. `line` tells
    whether others wait; it is not read consistently.

    `owes`: something is owed and available; `wallet` is as it will be once that is settled.
    """

    auction: Auction
    wallet: Wallet | None
    consistent: bool
    line: Line | None = None
    owes: bool = False


def look(
    store: Store,
    auction_id: str,
    person_id: int,
    currencies: Iterable[str],
    *,
    consistent: bool,
    admit: Admit | None = None,
) -> Seen:
    """One round trip: which of `currencies` the lot is sold in is known with the lot, so the wallets of all are read
    along. A second one for a lot in another currency. Raises NotFound, and what `admit` does.
    """
    batch = store.batch()
    auction = batch.auction(auction_id, consistent=consistent)
    wallets = {currency: batch.wallet(person_id, currency, consistent=consistent) for currency in currencies}
    line, person = batch.line(auction_id), batch.person(person_id, consistent=True) if admit else None
    batch.fetch()
    if admit and person:
        admit(person.value)
    if auction.value is None:
        if consistent:
            raise NotFound
        return look(store, auction_id, person_id, currencies, consistent=True)
    currency = auction.value.currency
    if currency in wallets:
        wallet = wallets[currency].value
    else:
        wallet = store.wallet(person_id, currency, consistent=True)
    owes = bool(wallet and wallet.covered)
    return Seen(auction.value, wallet.after_offset() if wallet else None, consistent, line.value, owes)


def holds_on_a_stale_read(refusal: StarbidError, auction: Auction, person_id: int) -> bool:
    """From the first bid on prices only rise, and a closed lot stays closed. Before it the seller may change anything;
    ends may move, money may have come, leaders change.

    Who leads by sealed bids decides nothing here: a second read, or none, would tell them by the time it takes.
    """
    match refusal:
        case BidTooLow():
            return auction.bids_count > 0 and (kind_of(auction).is_sealed or auction.leader_id != person_id)
        case AuctionClosed():
            fixed = auction.bids_count > 0 and not auction.terms.extend_seconds
            return auction.ending is not Ending.OPEN or fixed
        case OwnAuction() | Invalid() | NotBiddable():
            return True
        case _:
            return False
