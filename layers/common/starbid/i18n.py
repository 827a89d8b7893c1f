"""Words, money and times in a person's language. English sentences are the keys; the others are gettext catalogues.

A language is a folder, `locale/<language>`: `language.json` (`manners.py`) and `LC_MESSAGES/{common,web,bot,desk}.po`,
merged; compiled to `.mo` by the build.
"""

from __future__ import annotations

import gettext
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta, tzinfo
from functools import cache

from starbid.domain.money import CURRENCIES, Money
from starbid.domain.people import Person
from starbid.domain.sentences import Every, Fact, Sentence
from starbid.manners import ENGLISH, LOCALE, MANNERS, Manners
from starbid.zones import name_of, offset_name, zone_called

LANGUAGE_NAMES = {code: MANNERS[code].name for code in sorted(MANNERS, key=lambda code: code == ENGLISH)}
"""In themselves, as people choose among them."""
CATALOGUES = ("common", "web", "bot", "desk")
_THIN = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True)
class Language:
    """One language: `_`, `ngettext` and the formats of money and time.

    `known` caches look-ups: a page makes hundreds, and a miss goes through all catalogues. `zone`, `now` and `lasting`
    are those of the reader (`to`). Two readers of one language are equal: what is kept by the language tells no times.
    """

    code: str
    catalogue: gettext.NullTranslations
    known: dict[str, str] = field(default_factory=dict, compare=False, repr=False)
    zone: tzinfo = field(default=UTC, compare=False)
    now: datetime | None = field(default=None, compare=False)
    lasting: bool = field(default=False, compare=False)

    def to(self, zone: str | None, now: datetime, *, lasting: bool = False) -> Language:
        """The language to somebody in a zone, at a moment; None and what is no zone mean UTC. `lasting`: what is said
        stays to be read on later days, as a message does."""
        return replace(self, zone=zone_called(zone) or UTC, now=now, lasting=lasting)

    @property
    def zone_name(self) -> str:
        """IANA's name of the reader's zone; empty where it is not known."""
        return name_of(self.zone)

    @property
    def months(self) -> tuple[str, ...]:
        """As moments name them, January first."""
        return self.manners.months

    @property
    def manners(self) -> Manners:
        return MANNERS.get(self.code, MANNERS[ENGLISH])

    @property
    def today(self) -> date | None:
        """The day in the reader's zone."""
        return self.now.astimezone(self.zone).date() if self.now else None

    def _(self, message: str, **values: object) -> str:
        """The sentence in this language, `{name}` filled in. Values are not escaped here."""
        text = self.known.get(message)
        if text is None:
            text = self.known[message] = self.catalogue.gettext(message)
        return text.format(**values) if values else text

    def ngettext(self, one: str, many: str, n: int, **values: object) -> str:
        """The right plural form; `{n}` is filled in too."""
        return self.catalogue.ngettext(one, many, n).format(n=n, **values)

    def say(self, sentence: Sentence) -> str:
        """A sentence of the domain, its amounts and times in words."""
        return self._(sentence.text, **{name: self.fact(fact) for name, fact in sentence.facts.items()})

    def fact(self, fact: Fact) -> object:
        """What fills a blank of a sentence, in words."""
        match fact:
            case Money():
                return self.money(fact)
            case timedelta():
                return self.span(fact)
            case Every():
                return self.every(fact.length)
            case datetime():
                return self.moment(fact)
            case _:
                return fact

    def span(self, length: timedelta) -> str:
        """A duration in its largest whole unit: `7 days`, `2 hours`, `90 seconds`."""
        seconds = int(length.total_seconds())
        if seconds and seconds % 86_400 == 0:
            return self.ngettext("{n} day", "{n} days", seconds // 86_400)
        if seconds and seconds % 3600 == 0:
            return self.ngettext("{n} hour", "{n} hours", seconds // 3600)
        if seconds and seconds % 60 == 0:
            return self.ngettext("{n} minute", "{n} minutes", seconds // 60)
        return self.ngettext("{n} second", "{n} seconds", seconds)

    def every(self, length: timedelta) -> str:
        """How often, in the largest whole unit: `every minute`, `every 15 minutes`."""
        seconds, _ = int(length.total_seconds()), self._
        once = {86_400: _("every day"), 3600: _("every hour"), 60: _("every minute"), 1: _("every second")}
        if seconds in once:
            return once[seconds]
        if seconds and seconds % 86_400 == 0:
            return self.ngettext("every {n} day", "every {n} days", seconds // 86_400)
        if seconds and seconds % 3600 == 0:
            return self.ngettext("every {n} hour", "every {n} hours", seconds // 3600)
        if seconds and seconds % 60 == 0:
            return self.ngettext("every {n} minute", "every {n} minutes", seconds // 60)
        return self.ngettext("every {n} second", "every {n} seconds", seconds)

    def number(self, number: int) -> str:
        """`1 250` in Russian, `1,250` in English."""
        return _grouped(number, self.manners.group)

    def decimal(self, written: str) -> str:
        """A number as Python writes it, `4.5`: `4,5` in Russian."""
        return written.replace(".", self.manners.point)

    def money(self, money: Money) -> str:
        """`⭐ 1 250` for Stars; `1 250,50 ₽` in Russian, `₽1,250.50` in English."""
        currency = CURRENCIES[money.currency]
        if currency.is_whole:
            return f"{currency.sign}{_THIN}{_grouped(money.amount, _THIN)}"
        whole, minor = divmod(abs(money.amount), currency.minor_units)
        minus = "-" if money.amount < 0 else ""
        number = f"{self.number(whole)}{self.manners.point}{minor:02}"
        return minus + self.manners.signed(number, currency.sign)

    def time_left(self, left: timedelta) -> str:
        """`2 d 4 h`, `3 h 12 min`, `12:05`, then seconds in the last minute; "ended" below zero."""
        seconds = int(left.total_seconds())
        if seconds <= 0:
            return self._("ended")
        minutes, second = divmod(seconds, 60)
        hours, minute = divmod(minutes, 60)
        days, hour = divmod(hours, 24)
        if days:
            return self._("{days} d {hours} h", days=days, hours=hour)
        if hours:
            return self._("{hours} h {minutes} min", hours=hours, minutes=minute)
        return f"{minute}:{second:02}" if minute else self._("{seconds} s", seconds=second)

    def moment(self, at: datetime) -> str:
        """`today 15:04 GMT+3`, `tomorrow 15:04 GMT+3`, `20 Nov 2026, 15:04 GMT+3`, in the reader's zone. What has
        passed has a date in a lasting text: it is read after its day. static/zone.js says the same.
        """
        local = at.astimezone(self.zone)
        clock = f"{local:%H:%M} {offset_name(local)}"
        if self.now and self.today and not (self.lasting and at <= self.now):
            match (local.date() - self.today).days:
                case 0:
                    return self._("today {time}", time=clock)
                case 1:
                    return self._("tomorrow {time}", time=clock)
        return f"{self.day(at)}, {clock}"

    def day(self, at: datetime) -> str:
        """`20 Nov 2026`, in the reader's zone."""
        local = at.astimezone(self.zone)
        return f"{local.day} {self.months[local.month - 1]} {local.year}"


@cache
def language(code: str) -> Language:
    """The language of a code; English where there is none."""
    if code == ENGLISH:
        return Language(ENGLISH, gettext.NullTranslations())
    merged = gettext.NullTranslations()
    for name in CATALOGUES:
        merged = _joined(gettext.translation(name, LOCALE, [code], fallback=True), merged)
    return Language(code, merged)


def language_to(person: Person, now: datetime, *, lasting: bool = False) -> Language:
    """A person's language, to them in their zone: see `Language.to`."""
    return language(person.language).to(person.zone, now, lasting=lasting)


def capital(text: str) -> str:
    """With a capital at its beginning: catalogues have names as they stand within a sentence."""
    return text[:1].upper() + text[1:]


def _joined(first: gettext.NullTranslations, rest: gettext.NullTranslations) -> gettext.NullTranslations:
    first.add_fallback(rest)
    return first


def _grouped(number: int, separator: str) -> str:
    return f"{number:,}".replace(",", separator)
