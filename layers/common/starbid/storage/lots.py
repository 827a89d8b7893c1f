"""Lots, bids and deals in DynamoDB."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from starbid.domain.auction import Auction, Bid
from starbid.domain.deals import Deal, DealState
from starbid.domain.errors import NotFound
from starbid.domain.lots import Lot
from starbid.domain.pause import Pauses
from starbid.domain.pausing import under
from starbid.services.ports import Page, Reviewed, StoredAuction
from starbid.storage import deal_rows, deal_sides, rows
from starbid.storage.by_due import by_due
from starbid.storage.codec import Item
from starbid.storage.pauses import any_pauses_key, is_pauses, pauses_from
from starbid.storage.reading import Reader, read_cursors, write_cursor

_FOREVER = 2**53


class LotReads(Reader):
    """The part of `ports.Store` that is about lots."""

    def auction(self, auction_id: str, *, consistent: bool = False) -> Auction:
        auction = auction_from(self._parts([part_key(auction_id, "state")], consistent))
        if auction is None:
            raise NotFound
        return auction

    def lot(self, auction_id: str, *, consistent: bool = False) -> Lot:
        lot = lot_from(self._parts(lot_keys(auction_id), consistent))
        if lot is None:
            raise NotFound
        return lot

    def lots(self, auction_ids: Iterable[str]) -> dict[str, Lot]:
        keys = [key for auction_id in dict.fromkeys(auction_ids) for key in lot_keys(auction_id)]
        parts: dict[str, list[Item]] = {}
        found = self._parts(keys, consistent=False)
        pauses = [item for item in found if is_pauses(item)]
        for item in found:
            parts.setdefault(item["auction_id"], []).append(item)
        lots = {auction_id: lot_from([*items, *pauses]) for auction_id, items in parts.items()}
        return {auction_id: lot for auction_id, lot in lots.items() if lot}

    def pauses(self, *, consistent: bool = False) -> Pauses:
        return pauses_from(self.get("auctions", any_pauses_key(), consistent=consistent))

    def _parts(self, keys: list[Item], consistent: bool) -> list[Item]:
        """Parts of lots with the record of the pauses, which every reader of a lot needs."""
        table = {"auctions"} if consistent else set[str]()
        return self.get_many({"auctions": [*keys, any_pauses_key()]}, consistent=table)["auctions"]

    def bids(
        self,
        auction_id: str,
        *,
        limit: int = 50,
        cursor: str | None = None,
        below: int | None = None,
        consistent: bool = False,
    ) -> Page[Bid]:
        options: dict[str, Any] = {"ConsistentRead": consistent}
        if below is not None:
            options |= {"and_key": " AND #number < :below", "names": {"#number": "number"}, "values": {":below": below}}
        items, following = self.page("bids", {"auction_id": auction_id}, limit, cursor, **options)
        return Page(tuple(rows.bid_from(item) for item in items), following)

    def bids_after(self, auction_id: str, number: int, limit: int) -> tuple[Bid, ...]:
        items, _ = self.query(
            "bids",
            {"auction_id": auction_id},
            and_key=" AND #number > :number",
            names={"#number": "number"},
            values={":number": number},
            Limit=limit,
            ConsistentRead=True,
        )
        return tuple(rows.bid_from(item) for item in items)

    def last_bid(self, auction: Auction, bidder_id: int) -> Bid | None:
        """By the index of the person's bids, from the end of the lot back; their bids on other lots are passed over.

        The index has them by arrival, and a bid may have arrived after the purchase that ended the lot.
        """
        values = {":begun": rows.ms(auction.starts_at), ":ended": rows.ms(auction.ends_at), ":lot": auction.id}
        options: dict[str, Any] = {
            "and_key": " AND placed_at BETWEEN :begun AND :ended",
            "FilterExpression": "auction_id = :lot",
            "ScanIndexForward": False,
            "values": values,
        }
        while True:
            found, last = self.query("bids", {"bidder_id": bidder_id}, index="by_bidder", **options)
            if found or last is None:
                return max(map(rows.bid_from, found), key=lambda bid: bid.number) if found else None
            options["ExclusiveStartKey"] = last

    def bids_of(self, user_id: int, *, limit: int = 50, cursor: str | None = None) -> Page[Bid]:
        items, following = self.page("bids", {"bidder_id": user_id}, limit, cursor, index="by_bidder")
        return Page(tuple(rows.bid_from(item) for item in items), following)

    def lots_of_seller(self, user_id: int, *, limit: int = 24, cursor: str | None = None) -> Page[Lot]:
        items, following = self.page("auctions", {"seller_id": user_id}, limit, cursor, index="by_seller")
        ids = [item["auction_id"] for item in items]
        found = self.lots(ids)
        return Page(tuple(found[auction_id] for auction_id in ids if auction_id in found), following)

    def stored(self, auction_ids: Iterable[str]) -> list[StoredAuction]:
        keys = [part_key(auction_id, "state") for auction_id in dict.fromkeys(auction_ids)]
        found = self._parts(keys, consistent=True) if keys else []
        pauses = pauses_from(next((item for item in found if is_pauses(item)), None))
        states = [rows.auction_from(item) for item in found if not is_pauses(item)]
        return [StoredAuction(row, under(row, pauses.history)) for row in states]

    def due_after(self, since: datetime, limit: int, cursor: str | None = None) -> tuple[list[str], str | None]:
        places: dict[str, Any] = read_cursors(cursor) if cursor else {shard: {} for shard in rows.shards("auction")}
        found: list[str] = []
        for shard, place in places.items():
            if place is None:
                continue
            options = {"ExclusiveStartKey": place} if place else {}
            items, places[shard] = self.query(
                "auctions",
                {"due_shard": shard},
                index="due",
                and_key=" AND due_at > :since",
                values={":since": rows.ms(since)},
                Limit=-(-limit // len(places)),
                **options,
            )
            found += (item["auction_id"] for item in items)
        return found, write_cursor(places) if any(places.values()) else None

    def due_auctions(self, now: datetime, limit: int) -> list[str]:
        due = self.due("auctions", rows.shards("auction"), rows.ms(now), limit)
        return [item["auction_id"] for item in due][:limit]

    def deal(self, auction_id: str) -> Deal:
        item = self.get("auctions", part_key(auction_id, "deal"), consistent=True)
        if item is None:
            raise NotFound
        return deal_rows.deal_from(item)

    def due_deals(self, now: datetime, limit: int) -> list[str]:
        due = self.due("auctions", [*rows.shards("deal"), *rows.shards("dispute")], rows.ms(now), limit)
        return [item["auction_id"] for item in due][:limit]

    def due_offers(self, now: datetime, limit: int) -> list[str]:
        due = self.due("auctions", rows.shards("offer"), rows.ms(now), limit)
        return [item["auction_id"] for item in due][:limit]

    def undelivered_of(self, buyer_id: int) -> list[Deal]:
        found = self.query_all("auctions", {"waiting_buyer": buyer_id}, index="waiting", ScanIndexForward=False)
        waiting = [deal for deal in self._deals(found) if deal.is_undelivered]
        return sorted(waiting, key=lambda deal: deal.sold_at, reverse=True)

    def open_deals_of(self, user_id: int, limit: int) -> tuple[list[str], list[str]]:
        sides = (("waiting_seller", "selling"), ("waiting_buyer", "waiting"))
        bounds: dict[str, Any] = {"ScanIndexForward": False, "Limit": limit}
        found = (self.query("auctions", {key: user_id}, index=index, **bounds) for key, index in sides)
        selling, buying = ([item["auction_id"] for item in items] for items, _ in found)
        return selling, buying

    def deals_of(self, user_id: int, *, limit: int = 50, cursor: str | None = None) -> Page[Lot]:
        ids, following = deal_sides.deals_of(self, user_id, limit, cursor)
        found = self.lots(ids) if ids else {}
        return Page(tuple(found[i] for i in ids if i in found and found[i].deal), following)

    def reviews_of(self, seller_id: int, *, limit: int, cursor: str | None = None) -> Page[Reviewed]:
        items, following = self.page("auctions", {"rated_seller": seller_id}, limit, cursor, index="rated")
        return Page(tuple(Reviewed(item["auction_id"], item["rated_stars"]) for item in items), following)

    def open_disputes(self, limit: int) -> list[Deal]:
        due = self.due("auctions", rows.shards("dispute"), _FOREVER, limit * rows.SHARDS)
        disputes = [deal for deal in self._deals(due) if deal.state is DealState.DISPUTED]
        return sorted(disputes, key=lambda deal: rows.ms(deal.disputed_at or deal.sold_at))[:limit]

    def open_deals(self, *, limit: int = 50, cursor: str | None = None) -> Page[Deal]:
        found, following = by_due(self, "auctions", rows.shards("deal"), limit, cursor)
        known = {deal.auction_id: deal for deal in self._deals(found)}
        ordered = (known.get(item["auction_id"]) for item in found)
        return Page(tuple(deal for deal in ordered if deal and not deal.is_disputed), following)

    def _deals(self, found: Iterable[Item]) -> list[Deal]:
        """The deals of the lots that an index named."""
        keys = [part_key(item["auction_id"], "deal") for item in found]
        items = self.get_many({"auctions": keys}, consistent={"auctions"})["auctions"]
        return [deal_rows.deal_from(item) for item in items]


def part_key(auction_id: str, part: str) -> Item:
    return {"auction_id": auction_id, "part": part}


def lot_keys(auction_id: str) -> list[Item]:
    return [part_key(auction_id, part) for part in ("state", "card", "deal")]


def auction_from(items: list[Item]) -> Auction | None:
    """The lot's state as it stands under the pauses, which are among the items."""
    parts = {item["part"]: item for item in items}
    if "state" not in parts:
        return None
    return under(rows.auction_from(parts["state"]), pauses_from(parts.get("pauses")).history)


def lot_from(items: list[Item]) -> Lot | None:
    """The lot of the parts that exist, as it stands under the pauses, which are among the items."""
    auction, parts = auction_from(items), {item["part"]: item for item in items}
    if auction is None or "card" not in parts:
        return None
    deal = deal_rows.deal_from(parts["deal"]) if "deal" in parts else None
    return Lot(auction, rows.card_from(parts["card"]), deal)
