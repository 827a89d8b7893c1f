"""The items of the figures: what the table `rollups` holds, and how entries of the log are added to it."""

from __future__ import annotations

import base64
import json
import random
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

from starbid.domain.analytics.counting import Rises, Seller
from starbid.domain.analytics.known import Known
from starbid.domain.analytics.quarters import PER_DAY, date_of, day_of, first_quarter, start_of
from starbid.domain.event_log import KEPT_FOR
from starbid.services.ports.figures import Day
from starbid.storage.codec import Item, encode, encode_value

if TYPE_CHECKING:
    from mypy_boto3_dynamodb.type_defs import TransactWriteItemTypeDef

PARTS = 4
"""Items of a quarter that is written from several sides at once; which one is chance."""
DAYS, COHORTS, GAUGES, BALANCES = "days", "cohorts", "gauges", "balances"
WRITES = "writes"
LATE_AFTER = timedelta(hours=25)
"""From then on after the end of its day an entry is late: streams keep a record for 24 hours."""
_OTHERS = frozenset({"series", "place", "expires_at", "board", WRITES})


def additions(rises: Rises, now: datetime, table: str) -> list[TransactWriteItemTypeDef]:
    """What counts `rises`, as parts of a transaction."""
    part = random.randrange(PARTS)
    counted = [
        *((quarter_key(at, part), dict(figures), quarter_facts(at)) for at, figures in rises.quarters.items()),
        *((cohort_key(day), figures, {}) for day, figures in _cohorts(rises).items()),
        *_sales(rises),
        ({"series": GAUGES, "place": str(part)}, rises.gauges, {}),
    ]
    added = [adding(table, key, figures, facts) for key, figures, facts in counted if any(figures.values())]
    late = {
        day_of(quarter)
        for quarter in rises.quarters
        if now >= start_of(first_quarter(day_of(quarter) + 1)) + LATE_AFTER
    }
    return [
        *added,
        *(_putting(table, known) for known in rises.people.values()),
        *(unpacking(table, day) for day in late),
    ]


def _cohorts(rises: Rises) -> Mapping[int, Counter[str]]:
    days: defaultdict[int, Counter[str]] = defaultdict(Counter)
    for quarter, steps in rises.cohorts.items():
        days[day_of(quarter)].update({f"{step}@{quarter % PER_DAY}": change for step, change in steps.items()})
    return days


def _sales(rises: Rises) -> Iterator[tuple[Item, dict[str, int], Item]]:
    """A month of a seller is an item."""
    months: defaultdict[tuple[str, str, int], dict[str, int]] = defaultdict(lambda: {"amount": 0})
    for who, amount in rises.sellers.items():
        figures = months[who.month, who.currency, who.user_id]
        figures[who.day], figures["amount"] = amount, figures["amount"] + amount
    for (month, currency, user_id), figures in months.items():
        seller = Seller(user_id, currency, month)
        yield seller_key(seller), figures, board_of(seller)


def adding(table: str, key: Item, figures: Mapping[str, int], facts: Item) -> TransactWriteItemTypeDef:
    """`figures` are added, `facts` are set."""
    changes = {name: change for name, change in figures.items() if change} | {WRITES: 1}
    names = {f"#a{place}": name for place, name in enumerate(changes)}
    values = {f":a{place}": encode_value(change) for place, change in enumerate(changes.values())}
    expression = "ADD " + ", ".join(f"#a{place} :a{place}" for place in range(len(changes)))
    if facts:
        names |= {f"#s{place}": name for place, name in enumerate(facts)}
        values |= {f":s{place}": encode_value(value) for place, value in enumerate(facts.values())}
        expression = "SET " + ", ".join(f"#s{place} = :s{place}" for place in range(len(facts))) + " " + expression
    return {
        "Update": {
            "TableName": table,
            "Key": encode(key),
            "UpdateExpression": expression,
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": values,
        }
    }


def _putting(table: str, known: Known) -> TransactWriteItemTypeDef:
    """If nobody has learned of that person meanwhile."""
    return putting(table, known_item(known), "version", known.version)


def putting(table: str, item: Item, counter: str, seen: int) -> TransactWriteItemTypeDef:
    """An item in the place of the one whose `counter` is `seen`; 0: of none."""
    if not seen:
        put = {"TableName": table, "Item": encode(item), "ConditionExpression": "attribute_not_exists(series)"}
        return cast("TransactWriteItemTypeDef", {"Put": put})
    return {
        "Put": {
            "TableName": table,
            "Item": encode(item),
            "ConditionExpression": f"{counter} = :seen",
            "ExpressionAttributeValues": {":seen": encode_value(seen)},
        }
    }


def unpacking(table: str, day: int) -> TransactWriteItemTypeDef:
    """The day is no longer what was packed, and what is being packed is not it either."""
    return {
        "Update": {
            "TableName": table,
            "Key": encode(day_key(day)),
            "UpdateExpression": f"REMOVE packed ADD {WRITES} :one",
            "ExpressionAttributeValues": {":one": encode_value(1)},
        }
    }


def quarter_key(quarter: int, part: int) -> Item:
    return {"series": quarters_series(quarter), "place": f"{quarter:08}#{part}"}


def quarters_series(quarter: int) -> str:
    return f"quarters#{start_of(quarter):%Y-%m}"


def quarter_facts(quarter: int) -> Item:
    """After 400 days only the day as a whole is kept."""
    return {"expires_at": int((start_of(quarter) + KEPT_FOR).timestamp())}


def day_key(day: int) -> Item:
    return {"series": DAYS, "place": date_of(day).isoformat()}


def cohort_key(day: int) -> Item:
    return {"series": COHORTS, "place": date_of(day).isoformat()}


def seller_key(seller: Seller) -> Item:
    return {"series": f"sellers#{seller.month}", "place": f"{seller.currency}#{seller.user_id}"}


def board_of(seller: Seller) -> Item:
    return {"board": f"{seller.month}#{seller.currency}"}


def known_key(user_id: int) -> Item:
    return {"series": f"person#{user_id}", "place": "-"}


def figures_of(item: Item) -> dict[str, int]:
    """What was counted in an item."""
    return {name: value for name, value in item.items() if name not in _OTHERS and value}


def known_item(known: Known) -> Item:
    """As the next version. Activity is a number a UTC day, with a bit for each quarter."""
    days: Counter[str] = Counter()
    for quarter in known.active:
        days[str(day_of(quarter))] |= 1 << quarter % PER_DAY
    return known_key(known.user_id) | {
        "version": known.version + 1,
        "joined": known.joined,
        "has_paid": known.has_paid or None,
        "has_bid": known.has_bid or None,
        "wins": list(known.wins) or None,
        "active": dict(days) or None,
    }


def known_from(item: Item) -> Known:
    return Known(
        user_id=int(item["series"].partition("#")[2]),
        version=item["version"],
        joined=item.get("joined"),
        has_paid=item.get("has_paid", False),
        has_bid=item.get("has_bid", False),
        wins=tuple(item.get("wins", ())),
        active=frozenset(_quarters(item.get("active", {}))),
    )


def _quarters(days: Mapping[str, int]) -> Iterator[int]:
    for day, bits in days.items():
        yield from (first_quarter(int(day)) + slot for slot in range(PER_DAY) if bits >> slot & 1)


def packed(day: Day) -> str:
    """As small as it goes: a day of a busy market is a few kilobytes."""
    text = json.dumps({name: [list(values), list(values.values())] for name, values in day.items()})
    return base64.b85encode(zlib.compress(text.encode(), 9)).decode()


def unpacked(text: str) -> Day:
    columns = json.loads(zlib.decompress(base64.b85decode(text)))
    return {name: dict(zip(*pair, strict=True)) for name, pair in columns.items()}
