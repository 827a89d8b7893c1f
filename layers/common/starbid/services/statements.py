"""What a wallet shows beside its balances: the money on its way, and what each movement was about."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from starbid.domain.deal_progress import Progress, progress
from starbid.domain.deals import Deal, DealTimes
from starbid.domain.ledger import Transfer, TransferKind, fee_of, lot_of
from starbid.domain.lots import Lot
from starbid.domain.money import Money
from starbid.domain.movements import KINDS, Sort
from starbid.domain.wallet import Wallet
from starbid.services.ports import Page, Store
from starbid.services.sifting import sifted
from starbid.services.stamping import stamp

MOST_DEALS = 50
"""Open deals that are shown of each side, the newest ones."""


@dataclass(frozen=True, slots=True)
class Movement:
    """A line of the ledger; its lot, where it is about one that is known; and what of the price was the fee."""

    transfer: Transfer
    auction_id: str | None
    title: str
    fee: Money


@dataclass(frozen=True, slots=True)
class Escrowed:
    """The price of an open deal."""

    title: str
    deal: Deal
    stands: Progress


@dataclass(frozen=True, slots=True)
class History:
    """Movements in one currency, newest first. `cursor` goes on in them."""

    movements: tuple[Movement, ...]
    cursor: str | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which movements are asked for: of one sort, or all; from a moment on, or all."""

    sort: Sort | None = None
    since: datetime | None = None


ALL = Wanted()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a list that is paged by buttons goes on: at what is not newer than `until`, of which `seen` rows of that
    very millisecond were shown.
    """

    until: datetime
    seen: int = 0


@dataclass(frozen=True, slots=True)
class Activity:
    """A page of movements, newest first, and where it goes on; None at its end."""

    movements: tuple[Movement, ...]
    following: Place | None


@dataclass(frozen=True, slots=True)
class Statement:
    """`histories` by currency. `coming`: what the person has sold; `spent`: what they have bought; both newest first,
    in all currencies. `is_whole`: no open deal is left out.
    """

    histories: Mapping[str, History]
    coming: tuple[Escrowed, ...]
    spent: tuple[Escrowed, ...]
    is_whole: bool

    def wallets(self, there: Sequence[Wallet], user_id: int) -> tuple[Wallet, ...]:
        """The wallets of `user_id`, and an empty one for money on its way in a currency that they never had."""
        on_its_way = {each.deal.price.currency for each in (*self.coming, *self.spent)}
        missing = sorted(on_its_way - {wallet.currency for wallet in there})
        return (*there, *(Wallet.empty(user_id, currency) for currency in missing))

    def to_come(self, currency: str) -> Money:
        """What arrives if all that is shown of `coming` goes well: prices without the fees."""
        return _sum((each.deal.payout for each in self.coming), currency)

    def in_escrow(self, currency: str) -> Money:
        """What has been paid for all that is shown of `spent`."""
        return _sum((each.deal.price for each in self.spent), currency)


class Statements:
    """Reads for wallets."""

    def __init__(self, store: Store, times: DealTimes) -> None:
        self._store, self._times = store, times

    def of(
        self,
        person_id: int,
        currencies: Iterable[str],
        now: datetime,
        *,
        limit: int,
        cursor: str | None = None,
        wanted: Wanted = ALL,
    ) -> Statement:
        """The latest movements in each of `currencies`, and the open deals in all there are; their lots are read
        together. `cursor` goes on where one currency is asked for, with `wanted` as before.

        Raises Invalid for a cursor of another list.
        """
        pages = {currency: self._moved(person_id, currency, limit, cursor, wanted) for currency in currencies}
        moved = [transfer for page in pages.values() for transfer in page.items]
        found = self._store.open_deals_of(person_id, MOST_DEALS + 1)
        selling, buying = (ids[:MOST_DEALS] for ids in found)
        known = dict.fromkeys([*selling, *buying, *filter(None, map(lot_of, moved))])
        lots = self._store.lots(known) if known else {}
        return Statement(
            histories={currency: _history(page, lots) for currency, page in pages.items()},
            coming=self._escrowed(selling, lots, now),
            spent=self._escrowed(buying, lots, now),
            is_whole=all(len(ids) <= MOST_DEALS for ids in found),
        )

    def activity(self, person_id: int, currency: str, place: Place | None, limit: int) -> Activity:
        """A page of the movements in a currency, from `place` on."""
        seen, until = (place.seen, place.until) if place else (0, None)
        page = self._store.transfers(person_id, currency, limit=seen + limit + 1, until=until)
        shown = page.items[seen : seen + limit]
        wanted = dict.fromkeys(filter(None, map(lot_of, shown)))
        lots = self._store.lots(wanted) if wanted else {}
        moments = [transfer.at for transfer in page.items]
        return Activity(_movements(shown, lots), following(moments, seen, limit))

    def _moved(self, person_id: int, currency: str, limit: int, cursor: str | None, wanted: Wanted) -> Page[Transfer]:
        def read(after: str | None) -> Page[Transfer]:
            return self._store.transfers(person_id, currency, limit=limit, cursor=after, since=wanted.since)

        kinds = KINDS[wanted.sort] if wanted.sort else None
        return sifted(read(cursor), read, lambda moved: moved.kind in kinds, limit // 2) if kinds else read(cursor)

    def _escrowed(self, ids: Iterable[str], lots: dict[str, Lot], now: datetime) -> tuple[Escrowed, ...]:
        found = (lots[auction_id] for auction_id in ids if auction_id in lots)
        return tuple(
            Escrowed(lot.card.title, lot.deal, progress(lot.deal, now, self._times))
            for lot in found
            if lot.deal and lot.deal.is_open
        )


def _history(page: Page[Transfer], lots: dict[str, Lot]) -> History:
    return History(_movements(page.items, lots), page.cursor)


def following(moments: Sequence[datetime], seen: int, limit: int) -> Place | None:
    """After a page of `limit` rows from number `seen` on, where the next begins; `moments` are those of all rows that
    were read, the newest first: one more than are shown where there are more.
    """
    told = moments[: seen + limit]
    if len(moments) <= len(told) or not told:
        return None
    last = stamp(told[-1])
    return Place(told[-1], sum(stamp(moment) == last for moment in told))


def _movements(transfers: Iterable[Transfer], lots: dict[str, Lot]) -> tuple[Movement, ...]:
    return tuple(_movement(transfer, lots) for transfer in transfers if _is_of_wallet(transfer))


def _is_of_wallet(transfer: Transfer) -> bool:
    """A payout left the wallet when it was asked for, not when it was sent."""
    return transfer.kind is not TransferKind.PAYOUT_SENT


def _movement(transfer: Transfer, lots: dict[str, Lot]) -> Movement:
    lot = lots.get(lot_of(transfer) or "")
    return Movement(transfer, lot.auction.id if lot else None, lot.card.title if lot else "", fee_of(transfer))


def _sum(amounts: Iterable[Money], currency: str) -> Money:
    return sum((amount for amount in amounts if amount.currency == currency), Money.zero(currency))
