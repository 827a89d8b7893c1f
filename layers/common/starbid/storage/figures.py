"""The dashboard's figures in DynamoDB: quarters of an hour, packed days, cohorts, sums, sellers, balances."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from itertools import groupby
from typing import TYPE_CHECKING, Any

from starbid.domain.analytics.counting import Rises, Seller
from starbid.domain.analytics.known import Known
from starbid.domain.analytics.quarters import PER_DAY, date_of, day_of, first_quarter, number_of
from starbid.services.ports import Contended
from starbid.services.ports.figures import Correction, Counted, Day
from starbid.storage import figure_rows as rows
from starbid.storage.clients import client
from starbid.storage.codec import Item, encode, encode_value
from starbid.storage.conditional import put_if
from starbid.storage.errors import Cancelled, aws_errors
from starbid.storage.reading import Reader
from starbid.storage.rows import at

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

TABLE = "rollups"
_HOURS = 24


class DynamoFigures:
    """Implements `ports.Figures`."""

    def __init__(self, tables: Mapping[str, str]) -> None:
        self._reader = Reader(client("dynamodb"), tables)
        self._table = tables[TABLE]

    def days(self, first: int, last: int) -> Mapping[int, Day]:
        """A packed day is an item; the others are read quarter by quarter, a query for each month of them."""
        heads = self._dated(rows.DAYS, first, last)
        days = {day: rows.unpacked(item["packed"]) for day, item in heads.items() if "packed" in item}
        for begin, end in _runs([day for day in range(first, last + 1) if day not in days]):
            days |= self._loose(begin, end)
        return days

    def cohorts(self, first: int, last: int) -> Mapping[int, Day]:
        return {day: _by_step(rows.figures_of(item)) for day, item in self._dated(rows.COHORTS, first, last).items()}

    def gauges(self) -> Mapping[str, int]:
        sums = Counter[str]()
        for item in self._reader.query_all(TABLE, {"series": rows.GAUGES}):
            sums.update(rows.figures_of(item))
        return sums

    def best_sellers(self, month: str, currency: str, limit: int) -> tuple[tuple[int, int], ...]:
        board = {"board": f"{month}#{currency}"}
        items, _ = self._reader.query(TABLE, board, index="by_amount", ScanIndexForward=False, Limit=limit)
        return tuple((_seller_of(item), item["amount"]) for item in items if item["amount"] > 0)

    def keep_balance(self, moment: datetime, stars: int) -> None:
        day, hour = divmod(int(moment.timestamp()) // 3600, _HOURS)
        request: dict[str, Any] = {
            "TableName": self._table,
            "Key": encode({"series": rows.BALANCES, "place": date_of(day).isoformat()}),
            "UpdateExpression": "SET #hour = :stars",
            "ExpressionAttributeNames": {"#hour": str(hour)},
            "ExpressionAttributeValues": {":stars": encode_value(stars)},
        }
        with aws_errors():
            self._reader.client.update_item(**request)

    def balances(self, first: int, last: int) -> Mapping[int, int]:
        kept = self._dated(rows.BALANCES, first, last)
        return {
            day * _HOURS + int(name): value
            for day, item in kept.items()
            for name, value in item.items()
            if name.isdecimal()
        }

    def known(self, people: Collection[int]) -> Mapping[int, Known]:
        if not people:
            return {}
        keys = [rows.known_key(user_id) for user_id in people]
        found = self._reader.get_many({TABLE: keys}, consistent=(TABLE,))[TABLE]
        return {known.user_id: known for known in map(rows.known_from, found)}

    def learn(self, rises: Rises) -> bool:
        """Whatever day they are of: nothing here says how late it is."""
        parts = rows.additions(rises, at(0), self._table)
        parts += [rows.unpacking(self._table, day) for day in {day_of(quarter) for quarter in rises.quarters}]
        return not parts or self._written(parts)

    def counted(self, day: int) -> Mapping[int, tuple[Counted, ...]]:
        found: defaultdict[int, list[Counted]] = defaultdict(list)
        for item in self._quarters(first_quarter(day), first_quarter(day + 1), consistent=True):
            quarter, _, part = item["place"].partition("#")
            found[int(quarter)].append(Counted(part, item[rows.WRITES], rows.figures_of(item)))
        return {quarter: tuple(parts) for quarter, parts in found.items()}

    def counted_cohort(self, day: int) -> Counted:
        item = self._reader.get(TABLE, rows.cohort_key(day), consistent=True) or {}
        return Counted("", item.get(rows.WRITES, 0), rows.figures_of(item))

    def counted_sales(self, day: str) -> Mapping[Seller, int]:
        series = {"series": f"sellers#{day[:7]}"}
        items = self._reader.query_all(TABLE, series, ConsistentRead=True)
        return {
            Seller(_seller_of(item), item["place"].partition("#")[0], day): item[day] for item in items if day in item
        }

    def correct(self, correction: Correction) -> bool:
        quarter = correction.quarter
        whole, rest = correction.seen[:1] or (Counted("0", 0, {}),), correction.seen[1:]
        key = rows.quarter_key(quarter, int(whole[0].place))
        parts = [
            self._replacing(key, whole[0].writes, correction.figures, rows.quarter_facts(quarter)),
            *(
                self._replacing(
                    rows.quarter_key(quarter, int(each.place)), each.writes, {}, rows.quarter_facts(quarter)
                )
                for each in rest
            ),
            rows.unpacking(self._table, day_of(quarter)),
        ]
        if any(correction.gauges.values()):
            parts.append(rows.adding(self._table, {"series": rows.GAUGES, "place": "0"}, correction.gauges, {}))
        return self._written(parts)

    def correct_cohort(self, day: int, seen: Counted, figures: Mapping[str, int]) -> bool:
        return self._written([self._replacing(rows.cohort_key(day), seen.writes, figures, {})])

    def correct_sales(self, seller: Seller, seen: int, amount: int) -> bool:
        change = rows.adding(
            self._table,
            rows.seller_key(seller),
            {seller.day: amount - seen, "amount": amount - seen},
            rows.board_of(seller),
        )
        update = change["Update"]
        update["ConditionExpression"] = "#day = :seen" if seen else "attribute_not_exists(#day)"
        update["ExpressionAttributeNames"] = {**update["ExpressionAttributeNames"], "#day": seller.day}
        if seen:
            update["ExpressionAttributeValues"] = {**update["ExpressionAttributeValues"], ":seen": encode_value(seen)}
        return self._written([change])

    def unpacked(self, first: int, last: int) -> list[int]:
        heads = self._dated(rows.DAYS, first, last)
        return [day for day in range(first, last + 1) if "packed" not in heads.get(day, {})]

    def pack(self, day: int) -> bool:
        head = self._reader.get(TABLE, rows.day_key(day), consistent=True) or {}
        whole = self._loose(day, day, consistent=True).get(day, {})
        item = rows.day_key(day) | {"packed": rows.packed(whole), rows.WRITES: head.get(rows.WRITES)}
        if rows.WRITES in head:
            seen = {":seen": head[rows.WRITES]}
            return put_if(self._reader.client, self._table, item, f"{rows.WRITES} = :seen", seen)
        return put_if(self._reader.client, self._table, item, f"attribute_not_exists({rows.WRITES})", {})

    def _replacing(self, key: Item, writes: int, figures: Mapping[str, int], facts: Item) -> TransactWriteItemTypeDef:
        """Replaces the item; an empty one stays, so that its count of writes goes on."""
        item = key | dict(figures) | facts | {rows.WRITES: writes + 1}
        return rows.putting(self._table, item, rows.WRITES, writes)

    def _written(self, parts: Sequence[TransactWriteItemTypeDef]) -> bool:
        """False where somebody else was faster."""
        try:
            with aws_errors():
                self._reader.client.transact_write_items(TransactItems=parts)
        except Cancelled as cancelled:
            if not (cancelled.unmet or cancelled.busy):
                raise
            return False
        except Contended:
            return False
        return True

    def _dated(self, series: str, first: int, last: int) -> dict[int, Item]:
        """The items of a series by day."""
        items = self._reader.query_all(
            TABLE,
            {"series": series},
            and_key=" AND place BETWEEN :first AND :last",
            values={":first": date_of(first).isoformat(), ":last": date_of(last).isoformat()},
        )
        return {number_of(datetime.fromisoformat(item["place"]).date()): item for item in items}

    def _loose(self, first: int, last: int, *, consistent: bool = False) -> dict[int, Day]:
        days: defaultdict[int, defaultdict[str, Counter[int]]] = defaultdict(lambda: defaultdict(Counter))
        for item in self._quarters(first_quarter(first), first_quarter(last + 1), consistent=consistent):
            day, slot = divmod(int(item["place"][:8]), PER_DAY)
            for name, value in rows.figures_of(item).items():
                days[day][name][slot] += value
        return dict(days)

    def _quarters(self, first: int, end: int, *, consistent: bool = False) -> Iterator[Item]:
        for series in dict.fromkeys(
            rows.quarters_series(quarter) for quarter in (*range(first, end, PER_DAY), end - 1)
        ):
            yield from self._reader.query_all(
                TABLE,
                {"series": series},
                and_key=" AND place BETWEEN :first AND :end",
                values={":first": f"{first:08}", ":end": f"{end:08}"},
                ConsistentRead=consistent,
            )


def _runs(days: Sequence[int]) -> Iterator[tuple[int, int]]:
    """The first and last of days that follow each other."""
    for _, run in groupby(enumerate(days), lambda pair: pair[1] - pair[0]):
        found = [day for _, day in run]
        yield found[0], found[-1]


def _by_step(figures: Mapping[str, int]) -> Day:
    steps: defaultdict[str, dict[int, int]] = defaultdict(dict)
    for name, value in figures.items():
        step, _, slot = name.partition("@")
        steps[step][int(slot)] = value
    return steps


def _seller_of(item: Item) -> int:
    return int(item["place"].partition("#")[2])
