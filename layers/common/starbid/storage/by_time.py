"""All people, lots, transfers and payments by time in DynamoDB, by the indexes `by_month`."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.ledger import Transfer
from starbid.domain.lots import Lot
from starbid.domain.payments import Charge
from starbid.domain.payouts import Payout
from starbid.domain.people import Person
from starbid.services.ports import Chronicle, Page
from starbid.storage import monthly, rows
from starbid.storage.codec import Wire, decode
from starbid.storage.lots import LotReads
from starbid.storage.models import PaymentRow, person_from
from starbid.storage.payouts import payout_from

_TABLES = {
    Chronicle.PEOPLE: "users",
    Chronicle.LOTS: "auctions",
    Chronicle.TRANSFERS: "ledger",
    Chronicle.PAYMENTS: "payments",
}


class ReadsByTime(LotReads):
    """The part of `ports.Store` that is about everything of a kind, by time."""

    def people_by_joining(
        self, since: datetime | None, until: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[Person]:
        items, following = monthly.newest(self, "users", since, until, limit, cursor)
        keys = [{"user_id": item["user_id"]} for item in items]
        found = {item["user_id"]: person_from(item) for item in self.get_many({"users": keys})["users"]}
        return Page(tuple(found[key["user_id"]] for key in keys if key["user_id"] in found), following)

    def lots_by_creation(
        self, since: datetime | None, until: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[Lot]:
        items, following = monthly.newest(self, "auctions", since, until, limit, cursor)
        ids = [item["auction_id"] for item in items]
        found = self.lots(ids)
        return Page(tuple(found[auction_id] for auction_id in ids if auction_id in found), following)

    def transfers_by_time(
        self, since: datetime | None, until: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[Transfer]:
        items, following = monthly.newest(self, "ledger", since, until, limit, cursor)
        keys = [{"transfer_id": item["transfer_id"]} for item in items]
        found = {item["transfer_id"]: rows.transfer_from(item) for item in self.get_many({"ledger": keys})["ledger"]}
        return Page(tuple(found[key["transfer_id"]] for key in keys if key["transfer_id"] in found), following)

    def payments_by_time(
        self, since: datetime | None, until: datetime, *, limit: int = 50, cursor: str | None = None
    ) -> Page[Charge | Payout]:
        items, following = monthly.newest(self, "payments", since, until, limit, cursor)
        ids = [item["payment_id"] for item in items]
        wires = self.get_many_wire({"payments": [{"payment_id": each} for each in ids]})["payments"]
        found = {wire["payment_id"]["S"]: wire for wire in wires}
        return Page(tuple(_payment_from(found[each]) for each in ids if each in found), following)

    def count_by_time(self, what: Chronicle, since: datetime | None, until: datetime, most: int) -> int:
        return monthly.count(self, _TABLES[what], since, until, most)


def _payment_from(wire: Wire) -> Charge | Payout:
    if wire["payment_id"]["S"].startswith("charge#"):
        return PaymentRow.from_raw_data(wire).charge()
    return payout_from(decode(wire))
