"""What a lot tells people, and how a seller's input becomes a lot."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Final

from starbid.domain import audit
from starbid.domain.alt_texts import ALTS, MOST_ALT, read_alts
from starbid.domain.auction import MAX_DURATION, Auction, Terms
from starbid.domain.deals import Deal
from starbid.domain.errors import Invalid, InvalidFields
from starbid.domain.kinds import DEFAULT_KIND, KINDS
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY, MAX_AMOUNT, Money
from starbid.domain.texts import flat, is_storable, require_length

CATEGORIES: Final = (
    "art",
    "books",
    "clothes",
    "collectibles",
    "electronics",
    "games",
    "home",
    "music",
    "services",
    "other",
)
GOODS: Final = ("digital", "physical")
MAX_PICTURES: Final = 8
TITLE_LENGTH: Final = (3, 80)
DESCRIPTION_LENGTH: Final = (1, 4000)
MAX_EXTENSION_WINDOW: Final = 3600
MAX_EXTENSION: Final = 86_400
PRESENT: Final = timedelta(minutes=1)
"""A start that is less than this ago means now: a form names minutes, and to send it takes some of one."""
NEWS_FOR: Final = timedelta(hours=2)
"""As long as people are told of a new lot; what tells them is given up an hour later."""
FIRST_VERSION: Final = 1
"""Of a card; what a button or form shows that carries none, made before cards were told apart."""
AMOUNTS: Final = ("start_price", "reserve_price", "buy_now_price", "bid_step", "floor_price", "drop_amount")
"""The fields of a form that are amounts of money; which of them a kind uses is in `Kind.fields`."""
_BLANK = (None, "")


@dataclass(frozen=True, slots=True)
class Card:
    """The words and pictures of a lot. `pictures` are ids of stored pictures, first one first; `alts` says what they
    show, by their ids, where the seller has said it.

    `seller_public_id` is what others know the seller by: here it costs no read of the person. `form` tells whether a
    form that comes again is the one that put the lot up; empty where none did, or an earlier version.

    Operators change `moved_to` (a category in the place of the seller's; empty where it is theirs). It is not in the
    hash: what bidders rely on stays.
    """

    auction_id: str
    seller_id: int
    title: str
    description: str
    category: str
    goods: str
    pictures: tuple[str, ...]
    created_at: datetime
    version: int = 1
    seller_public_id: str = ""
    form: str = ""
    moved_to: str = ""
    alts: Mapping[str, str] = field(default_factory=dict)

    @property
    def listed_in(self) -> str:
        """The category that people find it in."""
        return self.moved_to or self.category

    @property
    def hash(self) -> str:
        """Of all that a bidder relies on; it stands in the log of the lot's bids."""
        words = {name: getattr(self, name) for name in ("title", "description", "category", "goods")}
        alts = {"alts": dict(self.alts)} if self.alts else {}
        return audit.digest(words | {"pictures": list(self.pictures)} | alts)


@dataclass(frozen=True, slots=True)
class Lot:
    """All that is known of one lot."""

    auction: Auction
    card: Card
    deal: Deal | None = None


def is_news(lot: Lot, now: datetime) -> bool:
    """Whether people may be told of it as of a new one."""
    return not lot.auction.hidden and lot.auction.status(now).is_open and now - lot.card.created_at <= NEWS_FOR


def on_card(auction: Auction, card: Card) -> Auction:
    """The lot's state bound to these words: a bid is made on them, and on no others."""
    return replace(auction, card_version=card.version, card_hash=card.hash)


@dataclass(frozen=True, slots=True)
class Draft:
    """A seller's checked input. `starts_at` None means at once; `duration` runs from the start; `alts` may name
    pictures that are not the lot's.
    """

    title: str
    description: str
    category: str
    goods: str
    terms: Terms
    starts_at: datetime | None
    duration: timedelta
    alts: Mapping[str, str] = field(default_factory=dict)


def read_draft(
    fields: Mapping[str, object],
    now: datetime,
    min_seconds: int,
    zone: tzinfo = UTC,
    told_start: datetime | None = None,
    currencies: Sequence[str] = tuple(CURRENCIES),
    ends_at: datetime | None = None,
) -> Draft:
    """Check the fields of a lot, numbers as numbers and amounts in minor units; all faults at once.

    Raises InvalidFields. What people type is read first (`typed_numbers`). `zone`: of a start that names none.
    `told_start`: that of the lot that is edited; left as it is, it stays. `currencies`: those that lots may be sold in.
    `ends_at`: counts in the place of the duration.
    """
    reader = _Reader(fields)
    title = reader.text("title", *TITLE_LENGTH, tidy=flat)
    description = reader.text("description", *DESCRIPTION_LENGTH)
    category = reader.choice("category", CATEGORIES, "other")
    goods = reader.choice("goods", GOODS, "digital")
    kind = reader.choice("type", tuple(KINDS), DEFAULT_KIND)
    currency = reader.choice("currency", currencies, DEFAULT_CURRENCY)
    if goods != CURRENCIES[currency].goods:
        reader.fault("currency", "goods")
    starts_at = reader.start("starts_at", now, zone, told_start)
    lasts = reader.length("duration_seconds", min_seconds, (starts_at or now, ends_at) if ends_at else None)
    alts = reader.alts("images")
    amounts = {name: reader.money(name, currency) for name in AMOUNTS}
    seconds = {
        "duration_seconds": int(lasts.total_seconds()),
        "extend_seconds": reader.whole("extend_seconds", 0, MAX_EXTENSION_WINDOW, 120),
        "max_extension_seconds": reader.whole("max_extension_seconds", 0, MAX_EXTENSION, 7200),
        "drop_seconds": reader.optional("drop_seconds", 1, int(MAX_DURATION.total_seconds())),
    }
    if amounts["start_price"] is None and not reader.has_fault("start_price"):
        reader.fault("start_price", "required")
    if not (reader.has_fault("type") or reader.has_fault("currency")):
        known = {name: None if reader.has_fault(name) else length for name, length in seconds.items()}
        reader.add(KINDS[kind].contradictions(amounts, known))
    reader.check()
    terms = KINDS[kind].terms(amounts, seconds)
    return Draft(title, description, category, goods, terms, starts_at, lasts, alts)


class _Reader:
    """Reads typed fields and collects what is wrong with them."""

    def __init__(self, fields: Mapping[str, object]) -> None:
        self._fields = fields
        self._faults: list[Invalid] = []

    def fault(self, field: str, reason: str, **facts: int | str) -> None:
        self._faults.append(Invalid(field, reason, **facts))

    def add(self, faults: Iterable[Invalid]) -> None:
        self._faults.extend(faults)

    def has_fault(self, field: str) -> bool:
        return any(fault.field == field for fault in self._faults)

    def check(self) -> None:
        if self._faults:
            raise InvalidFields(tuple(self._faults))

    def text(self, field: str, least: int, most: int, tidy: Callable[[str], str] = str.strip) -> str:
        value = self._fields.get(field)
        if value in _BLANK:
            self.fault(field, "required")
            return ""
        if not isinstance(value, str) or not is_storable(value):
            self.fault(field, "text")
            return ""
        value = tidy(value.replace("\r\n", "\n"))
        try:
            require_length(field, value, least, most)
        except Invalid as fault:
            self._faults.append(fault)
        return value

    def alts(self, field: str) -> dict[str, str]:
        """What pictures show. Its faults are told at the pictures: `field`."""
        value = self._fields.get(ALTS)
        if value in _BLANK:
            return {}
        if not isinstance(value, str) or not is_storable(value):
            self.fault(field, "text")
            return {}
        alts = read_alts(value)
        if any(len(words) > MOST_ALT for words in alts.values()):
            self.fault(field, "alt", most=MOST_ALT)
        return alts

    def choice(self, field: str, choices: Sequence[str], default: str) -> str:
        value = self._fields.get(field)
        if value in _BLANK:
            return default
        if not isinstance(value, str) or value not in choices:
            self.fault(field, "choice")
            return default
        return value

    def whole(self, field: str, least: int, most: int, default: int | None) -> int:
        value = self._fields.get(field)
        if value in _BLANK:
            if default is None:
                self.fault(field, "required")
            return default or 0
        if type(value) is not int:
            self.fault(field, "whole")
            return least
        if not least <= value <= most:
            self.fault(field, "range", least=least, most=most)
            return least
        return value

    def length(self, field: str, least: int, span: tuple[datetime, datetime] | None) -> timedelta:
        """In whole seconds as typed, or from one moment to another, exactly."""
        if span is None:
            return timedelta(seconds=self.whole(field, least, int(MAX_DURATION.total_seconds()), None))
        lasts = span[1] - span[0]
        if lasts > MAX_DURATION:
            self.fault(field, "too_far", days=MAX_DURATION.days)
        elif lasts < timedelta(seconds=least):
            self.fault(field, "ends_early")
        return lasts

    def optional(self, field: str, least: int, most: int) -> int | None:
        return None if self._fields.get(field) in _BLANK else self.whole(field, least, most, None)

    def money(self, field: str, currency: str) -> Money | None:
        value = self._fields.get(field)
        if value in _BLANK:
            return None
        if type(value) is not int:
            self.fault(field, "whole")
            return None
        if not 1 <= value <= MAX_AMOUNT:
            self.fault(field, "range", least=1, most=MAX_AMOUNT)
            return None
        return Money(value, currency)

    def start(self, field: str, now: datetime, zone: tzinfo, told: datetime | None) -> datetime | None:
        """ISO 8601, kept in whole milliseconds; without a zone it is read in `zone`. None means at once: so does the
        present minute, which is all that a form can say of it. A start left as it was told is no new one.
        """
        value = self._fields.get(field)
        if value in _BLANK:
            return None
        try:
            typed = datetime.fromisoformat(value) if isinstance(value, str) else None
            if typed and told and _shows(typed, told, zone):
                return told if told > now else None
            moment = typed and self._moment(field, typed, zone)
        except (ValueError, OverflowError):  # the first and last days of the calendar have no UTC everywhere
            typed = moment = None
        if typed is None:
            self.fault(field, "time")
        elif moment and moment > now + MAX_DURATION:
            self.fault(field, "too_far", days=MAX_DURATION.days)
        elif moment and moment <= now - PRESENT:
            self.fault(field, "past")
        return moment if moment and moment > now else None

    def _moment(self, field: str, typed: datetime, zone: tzinfo) -> datetime | None:
        """In UTC. What the clocks of `zone` show twice, when they go back, means the first time; what they skip, when
        they go forward, is refused.
        """
        moment = (typed if typed.tzinfo else typed.replace(tzinfo=zone)).astimezone(UTC)
        if typed.tzinfo is None and moment.astimezone(zone).replace(tzinfo=None) != typed:
            self.fault(field, "skipped")
            return None
        return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _shows(typed: datetime, start: datetime, zone: tzinfo) -> bool:
    """Whether a form that shows the minutes of `start` in `zone`, as browsers do, would send this."""
    shown = start.astimezone(zone).replace(second=0, microsecond=0)
    return typed == (shown if typed.tzinfo else shown.replace(tzinfo=None))
