"""The form of a lot: its fields, the faults beside them, and what stands in the way of selling."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starbid.category_words import category_name
from starbid.domain.alt_texts import ALTS, read_alts
from starbid.domain.errors import Invalid, InvalidFields
from starbid.domain.kinds import DEFAULT_KIND, KINDS
from starbid.domain.lot_form import DEFAULTS, along, filled, foreign_fields, in_typed_units, named_end
from starbid.domain.lots import AMOUNTS, CATEGORIES
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY, Money
from starbid.domain.typed_numbers import typed_whole
from starbid.domain.unfinished import PublishAct
from starbid.field_words import field_fault
from starbid.i18n import Language
from starbid.zones import as_typed, name_of, place, zone_called
from web.sell.fault_summary import FaultLine, fault_lines
from web.sell.goods_choice import GoodsChoice, goods_choices
from web.sell.outlook import Outlook, outlook
from web.sell.previewing import Preview
from web.sell.price_path import price_path
from web.sell.proposing import Proposed
from web.shared import amounts
from web.shared.choices import Option
from web.shared.names import currency_name, kind_name
from web.shared.steps import Note, Step, money_step, owing

CARD_VERSION = "card_version"
"""Of the words that an edit began with."""
_DURATIONS = (600, 3600, 10_800, 43_200, 86_400, 259_200, 604_800, 1_209_600, 2_592_000)
_WINDOWS = (0, 60, 120, 300, 600)
_LONGEST = (1800, 3600, 7200, 14_400)
_ADVANCED = ("reserve_price", "buy_now_price", "bid_step", "extend_seconds", "max_extension_seconds", "starts_at")
_LONGEST_SPAN = 10**8
"""Seconds that are put into words; no lot has as many."""
_DROPS = (60, 300, 600, 1800, 3600, 21_600, 86_400)


@dataclass(frozen=True)
class SubscriptionOffer:
    """What selling costs one who has no subscription; `missing` where the wallet does not reach."""

    price: Money
    missing: Money | None


@dataclass(frozen=True)
class Published:
    """The lot that this form has put up already, when it said something else."""

    auction_id: str
    title: str


@dataclass(frozen=True)
class DraftLink:
    """Another draft of the person's; the title may be empty."""

    id: str
    title: str


@dataclass(frozen=True)
class Debt:
    """What stands in the way of one who owes, and the button that buys as much."""

    note: Note
    step: Step


@dataclass(frozen=True)
class KindChoice:
    """A type to choose, and what is special about it. `has`: its own fields, and `falls` or `rises`, for its price."""

    value: str
    label: str
    line: str
    has: tuple[str, ...]
    chosen: bool
    is_ordinary: bool


@dataclass(frozen=True)
class SellForm:
    """Everything the form shows. `auction_id` is that of the lot being edited, `zone` that of the start, in words.

    `sign` is that of the currency. `uploads` are keys of pictures that were received and not looked at yet;
    `files_left`: some were not taken at all. `saved_at`: it is a draft that was kept then, `others` are kept as well.
    """

    values: Mapping[str, str]
    faults: Mapping[str, str]
    choices: Mapping[str, tuple[Option, ...]]
    kinds: tuple[KindChoice, ...]
    goods: tuple[GoodsChoice, ...]
    sign: str
    pictures: tuple[str, ...]
    uploads: tuple[str, ...]
    files_left: bool
    request_id: str
    auction_id: str | None
    offer: SubscriptionOffer | None
    unfolded: bool
    zone: str = ""
    path: str = ""
    refusal: str = ""
    debt: Debt | None = None
    saved_at: datetime | None = None
    published: Published | None = None
    proposed: Proposed | None = None
    draft_id: str = ""
    others: tuple[DraftLink, ...] = ()
    outlook: Outlook | None = None
    fault_lines: tuple[FaultLine, ...] = ()
    alts: Mapping[str, str] = field(default_factory=dict)
    preview: Preview | None = None

    @property
    def begins_at(self) -> str:
        """The step that a script shows first: the last one where all that is left to do is there."""
        if self.preview or ((self.refusal or self.published) and not self.faults):
            return "publish"
        return self.fault_lines[0].step if self.fault_lines else "what"

    @property
    def is_ordinary(self) -> bool:
        """No other type than that of most lots."""
        return all(kind.is_ordinary for kind in self.kinds if kind.chosen)

    @property
    def act(self) -> PublishAct:
        """What the form does once the money for it is there."""
        return PublishAct(self.request_id)


def sell_form(
    values: Mapping[str, str],
    words: Language,
    *,
    request_id: str = "",
    faults: Mapping[str, str] | None = None,
    pictures: tuple[str, ...] = (),
    uploads: tuple[str, ...] = (),
    files_left: bool = False,
    auction_id: str | None = None,
    offer: SubscriptionOffer | None = None,
    least_seconds: int = 60,
    currencies: Sequence[str] = tuple(CURRENCIES),
    refusal: str = "",
    owed: Money | None = None,
    saved_at: datetime | None = None,
    published: Published | None = None,
    proposed: Proposed | None = None,
    draft_id: str = "",
    others: tuple[DraftLink, ...] = (),
    fee_percent: int = 0,
    preview: Preview | None = None,
) -> SellForm:
    """The form with what was typed, or its defaults. `owed`: to be settled before anything else, in Stars."""
    shown = filled(values) | along(values)
    shown[CARD_VERSION] = values.get(CARD_VERSION, "")
    zone = zone_called(shown["starts_zone"]) or words.zone
    shown["starts_zone"] = name_of(zone) or "UTC"
    return SellForm(
        values=shown,
        faults=faults or {},
        choices=_choices(shown, words, least_seconds, currencies),
        goods=goods_choices(shown["goods"], currencies, words),
        sign=CURRENCIES[shown["currency"]].sign if shown["currency"] in CURRENCIES else "",
        kinds=_kinds(shown["type"], words),
        pictures=pictures,
        uploads=uploads,
        files_left=files_left,
        request_id=request_id,
        auction_id=auction_id,
        offer=None if owed else offer,
        unfolded=_changed(shown) or any(name in (faults or {}) for name in _ADVANCED),
        zone=place(zone, words.now) if words.now else "",
        path=price_path(shown, words),
        refusal=refusal,
        debt=_debt(owed, words) if owed else None,
        saved_at=saved_at,
        published=published,
        proposed=proposed,
        draft_id=draft_id,
        others=others,
        outlook=outlook(shown, fee_percent, words, words.now) if words.now else None,
        fault_lines=fault_lines(faults or {}, words),
        preview=preview,
        alts=read_alts(shown.get(ALTS, "")),
    )


def _debt(owed: Money, words: Language) -> Debt:
    text = words._("Top up to settle it, and you can sell.")
    return Debt(owing(owed, text, words), money_step(owed, None, "/new_auction", words))


def _changed(shown: Mapping[str, str]) -> bool:
    """Something that is folded away is not as it is by default."""
    others = foreign_fields(shown["type"])
    return any(shown[name] not in ("", DEFAULTS.get(name)) for name in _ADVANCED if name not in others)


def values_again(fields: Mapping[str, object], words: Language) -> dict[str, str]:
    """What `draft_fields` made, with a start in UTC, as the form shows it."""
    currency = str(fields.get("currency") or DEFAULT_CURRENCY)
    values = {name: str(value) for name, value in fields.items()}
    for name in values.keys() & {*AMOUNTS}:
        amount = fields[name]
        values[name] = amounts.typed(Money(amount, currency)) if isinstance(amount, int) else values[name]
    if values.get("starts_at"):
        zone = zone_called(values.get("starts_zone", "")) or words.zone
        start = datetime.fromisoformat(values["starts_at"])
        values["starts_at"], values["starts_zone"] = as_typed(start, zone)
    return values


def fault_words(error: Invalid | InvalidFields, currency: str, words: Language) -> dict[str, str]:
    """The sentence for each field that was refused; the first fault of a field counts."""
    faults: Iterable[Invalid] = error.errors if isinstance(error, InvalidFields) else (error,)
    told: dict[str, str] = {}
    for fault in faults:
        told.setdefault(fault.field, field_fault(in_typed_units(fault, currency), words))
    return told


def _kinds(chosen: str, words: Language) -> tuple[KindChoice, ...]:
    return tuple(
        KindChoice(
            name,
            kind_name(name, words),
            words.say(kind.line),
            (*kind.fields, "falls" if kind.falls else "rises"),
            name == chosen,
            name == DEFAULT_KIND,
        )
        for name, kind in KINDS.items()
    )


def _choices(
    values: Mapping[str, str], words: Language, least_seconds: int, currencies: Sequence[str]
) -> dict[str, tuple[Option, ...]]:
    def options(name: str, labels: Mapping[str, str]) -> tuple[Option, ...]:
        return tuple(Option(value, label, value == values[name]) for value, label in labels.items())

    def spans(name: str, known: Iterable[int], zero: str = "") -> tuple[Option, ...]:
        given = typed_whole(values[name])
        seconds = {*known} if given is None or given > _LONGEST_SPAN else {*known, given}
        labels = {str(n): words.span(timedelta(seconds=n)) if n or not zero else zero for n in sorted(seconds)}
        return tuple(Option(value, label, value == str(given)) for value, label in labels.items())

    lengths = spans("duration_seconds", [n for n in _DURATIONS if n >= least_seconds])
    if end := named_end(values):
        lengths = (Option("", words._("until {moment}", moment=words.moment(end)), True), *lengths)
    return {
        "category": options("category", {c: category_name(c, words) for c in CATEGORIES}),
        "currency": tuple(
            Option(code, currency_name(code, words), code == values["currency"], currency.goods, currency.sign)
            for code, currency in CURRENCIES.items()
            if code in currencies or code == values["currency"]
        ),
        "duration_seconds": lengths,
        "extend_seconds": spans("extend_seconds", _WINDOWS, words._("Off")),
        "max_extension_seconds": spans("max_extension_seconds", _LONGEST),
        "drop_seconds": spans("drop_seconds", _DROPS),
    }
