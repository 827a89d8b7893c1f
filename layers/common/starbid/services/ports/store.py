"""The store by area: reads, and the few writes that need no unit."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from starbid.domain.auction import Auction, Bid
from starbid.domain.bills import Bill
from starbid.domain.deals import Deal
from starbid.domain.ledger import Transfer
from starbid.domain.lots import Lot
from starbid.domain.pause import Pauses
from starbid.domain.payments import Charge, Order, Provider
from starbid.domain.payouts import Payout
from starbid.domain.people import Person
from starbid.domain.unfinished import Unfinished
from starbid.domain.wallet import Wallet
from starbid.services.ports.finds import PeopleList
from starbid.services.ports.pages import Page
from starbid.services.ports.reads import ReadBatch, Reviewed, StoredAuction
from starbid.services.ports.unit import ApiToken, IdempotencyRecord, Unit


class Units(Protocol):
    """Writing all or nothing, and reading several things at once."""

    def unit(self) -> Unit: ...

    def batch(self) -> ReadBatch: ...

    def idempotency_record(self, key: str) -> IdempotencyRecord | None:
        """Consistent. Kept for a day at least."""


class Lots(Protocol):
    """Lots and their bids. Each lot is answered as it stands under the pauses (`pausing.under`)."""

    def pauses(self, *, consistent: bool = False) -> Pauses: ...

    def auction(self, auction_id: str, *, consistent: bool = False) -> Auction:
        """Raises NotFound."""

    def lot(self, auction_id: str, *, consistent: bool = False) -> Lot:
        """Raises NotFound."""

    def lots(self, auction_ids: Iterable[str]) -> dict[str, Lot]: ...

    def lots_of_seller(self, user_id: int, *, limit: int = 24, cursor: str | None = None) -> Page[Lot]:
        """Newest first."""

    def due_auctions(self, now: datetime, limit: int) -> list[str]:
        """Ids of open lots whose end has come, for the sweep. A row that has not been carried over a pause stands where
        it was.
        """

    def due_after(self, since: datetime, limit: int, cursor: str | None = None) -> tuple[list[str], str | None]:
        """Ids of lots that are not settled and whose row is due after `since`, those that end first before the others,
        and where to go on. A moment behind. Raises Invalid for a cursor of another list.
        """

    def stored(self, auction_ids: Iterable[str]) -> list[StoredAuction]:
        """Those of these lots that exist, 99 at most, with what their rows say. Consistent."""

    def bids(
        self,
        auction_id: str,
        *,
        limit: int = 50,
        cursor: str | None = None,
        below: int | None = None,
        consistent: bool = False,
    ) -> Page[Bid]:
        """Newest first; those numbered less than `below`, where it is given."""

    def bids_after(self, auction_id: str, number: int, limit: int) -> tuple[Bid, ...]:
        """Oldest first, those numbered more than `number`; consistent. None where there are no more."""

    def last_bid(self, auction: Auction, bidder_id: int) -> Bid | None:
        """The bid of a person with the highest number on a lot that has ended, however many others came after it."""

    def bids_of(self, user_id: int, *, limit: int = 50, cursor: str | None = None) -> Page[Bid]:
        """Newest first; several of one lot are possible."""


class Deals(Protocol):
    """What was sold."""

    def deal(self, auction_id: str) -> Deal:
        """Consistent. Raises NotFound."""

    def due_deals(self, now: datetime, limit: int) -> list[str]: ...

    def due_offers(self, now: datetime, limit: int) -> list[str]:
        """Ids of lots whose second-chance offer is over, and nobody has answered it."""

    def undelivered_of(self, buyer_id: int) -> list[Deal]:
        """The person's purchases that wait for their delivery, newest first; the newest may be missing for a moment."""

    def open_deals_of(self, user_id: int, limit: int) -> tuple[list[str], list[str]]:
        """Ids of the lots that the person has sold, and has bought, whose price is in escrow: newest first, at most
        `limit` each; a moment behind.
        """

    def deals_of(self, user_id: int, *, limit: int = 50, cursor: str | None = None) -> Page[Lot]:
        """The lots that the person has sold or bought, with their deals, in any state: the latest sale first; a moment
        behind. Raises Invalid for a cursor of another list.
        """

    def reviews_of(self, seller_id: int, *, limit: int, cursor: str | None = None) -> Page[Reviewed]:
        """The lots for which buyers have rated the seller, where it counts: the latest rating first; a moment behind.
        Raises Invalid for a cursor of another list.
        """

    def open_disputes(self, limit: int) -> list[Deal]:
        """Disputed deals, the oldest dispute first."""

    def open_deals(self, *, limit: int = 50, cursor: str | None = None) -> Page[Deal]:
        """Deals that somebody has to look at, but for the disputed ones, by when that is; among them those that have
        ended and whose ratings are yet to appear. A moment behind. Raises Invalid for a cursor of another list.
        """


class Wallets(Protocol):
    """What people have, and how it came about."""

    def wallet(self, user_id: int, currency: str, *, consistent: bool = False) -> Wallet:
        """An empty one where there is none."""

    def wallets(self, user_id: int, *, consistent: bool = False) -> list[Wallet]:
        """Those in which there ever was money, or a debt."""

    def wallets_of(self, user_ids: Iterable[int], currency: str) -> dict[int, Wallet]:
        """Consistent; without those that do not exist."""

    def transfers(
        self,
        user_id: int,
        currency: str,
        *,
        limit: int = 50,
        cursor: str | None = None,
        until: datetime | None = None,
        since: datetime | None = None,
    ) -> Page[Transfer]:
        """Newest first; none after the millisecond of `until`, none before that of `since`."""

    def transfers_named(self, transfer_ids: Iterable[str]) -> list[Transfer]:
        """Those that exist, in this order. Consistent."""


class People(Protocol):
    """People and their API tokens."""

    def person(self, user_id: int, *, consistent: bool = False) -> Person | None: ...

    def person_called(self, public_id: str) -> Person | None:
        """By their public id; a moment behind."""

    def people(self, user_ids: Iterable[int]) -> dict[int, Person]: ...

    def people_listed(
        self, which: PeopleList, *, backward: bool = True, limit: int = 50, cursor: str | None = None
    ) -> Page[int]:
        """Ids by when they joined, the newest first (`backward`); a moment behind. Raises Invalid for a cursor of
        another list.
        """

    def add_person(self, person: Person) -> Person:
        """Registers unless known; answers the person as stored."""

    def due_subscriptions(self, now: datetime, limit: int) -> list[int]: ...

    def token(self, digest: str) -> ApiToken | None: ...

    def tokens_of(self, user_id: int) -> list[ApiToken]:
        """Consistent. Oldest first."""


class Payments(Protocol):
    """Invoices sent and charges reported."""

    def add_order(self, order: Order, now: datetime) -> None: ...

    def order(self, order_id: str) -> Order | None:
        """Consistent."""

    def first_charge(self, order_id: str) -> str | None:
        """The id of the charge that paid an order first; of a subscription more may follow. Consistent."""

    def order_state(self, order_id: str, user_id: int) -> str | None:
        """`open`, `credited`, or None where the person has no such order."""

    def charge(self, charge_id: str) -> Charge | None:
        """Consistent."""

    def charges(self, charge_ids: Iterable[str]) -> dict[str, Charge]:
        """Consistent; without those that do not exist."""

    def charges_of(self, user_id: int, *, limit: int = 100) -> list[Charge]:
        """Of all providers, newest first."""

    def payments_of(
        self, user_id: int, *, limit: int = 20, cursor: str | None = None, until: datetime | None = None
    ) -> Page[Charge]:
        """The same in pages; none that was paid after the millisecond of `until`."""

    def due_refunds(self, now: datetime, limit: int) -> list[str]:
        """Charges stuck in `refunding`."""


class Bills(Protocol):
    """Top-ups at providers of bills."""

    def bill(self, bill_id: str) -> Bill | None:
        """Consistent."""

    def open_bill(self, user_id: int, provider: Provider) -> str | None:
        """The id of the bill that a person has open at a provider. Consistent."""

    def bills_of(self, user_id: int, *, limit: int = 20, cursor: str | None = None) -> Page[Bill]:
        """Newest first; a moment behind."""

    def due_bills(self, now: datetime, limit: int) -> list[str]:
        """Ids of bills that the provider is to be asked about."""

    def differing_bills(self, limit: int) -> list[Bill]:
        """Those that an operator has to decide about, the oldest first."""

    def change_act(self, order_id: str, unfinished: Unfinished | None) -> bool:
        """Another act waits for the money of an order; False where the money has come, or there is no such order."""


class PayoutRows(Protocol):
    """Money that people asked to be paid out."""

    def payout(self, payout_id: str) -> Payout | None:
        """Consistent."""

    def payouts_of(self, user_id: int, *, limit: int = 20, cursor: str | None = None) -> Page[Payout]:
        """Newest first; a moment behind."""

    def payouts_to_review(self, now: datetime, limit: int) -> list[Payout]:
        """Those that wait for an operator, the oldest first."""

    def due_gifts(self, now: datetime, limit: int) -> list[str]:
        """Ids of approved gifts that have not been sent, and of those whose try is SENT_AGAIN_AFTER ago."""


class Chronicle(StrEnum):
    """What can be read by time as a whole."""

    PEOPLE = "people"
    LOTS = "lots"
    TRANSFERS = "transfers"
    PAYMENTS = "payments"


class ByTime(Protocol):
    """Everything of a kind, newest first, from `since` on and before `until`; a moment behind.

    What a list is sorted by never changes: of pages that are read one after the other, each thing that is there the
    whole time is in one. A page may be short, or empty, and have a cursor. All raise Invalid for a cursor that is none.
    """

    def people_by_joining(
        self, since: datetime | None, until: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[Person]: ...

    def lots_by_creation(
        self, since: datetime | None, until: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[Lot]: ...

    def transfers_by_time(
        self, since: datetime | None, until: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[Transfer]: ...

    def payments_by_time(
        self, since: datetime | None, until: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[Charge | Payout]:
        """Charges by when they were paid, payouts by when they were asked for."""

    def count_by_time(self, what: Chronicle, since: datetime | None, until: datetime, most: int) -> int:
        """How many there are; it stops counting where it is more than `most`."""


class Store(Units, Lots, Deals, Wallets, People, Payments, Bills, PayoutRows, ByTime, Protocol):
    """All that is kept. A `consistent` read sees every unit committed before it."""
