"""The yardstick's words and formats: Starbid's catalogue by gettext, money and time as Starbid writes them."""

from __future__ import annotations

import gettext
import hashlib
import re
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any, NamedTuple

from markupsafe import Markup, escape

from web.shared.style_sheets import SHEETS

ROOT = Path(__file__).resolve().parents[2]
LOCALE = ROOT / "layers" / "common" / "starbid" / "locale"
STATIC = ROOT / "functions" / "web" / "static"
THIN = "\N{NARROW NO-BREAK SPACE}"
MONTHS = ("янв", "фев", "мар", "апр", "мая", "июн", "июл", "авг", "сен", "окт", "ноя", "дек")
LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")
code = "ru"


class Money(NamedTuple):
    amount: int
    currency: str = "XTR"


@cache
def catalogue() -> gettext.NullTranslations:
    first, *others = (gettext.translation(name, LOCALE, [code]) for name in ("bot", "web", "common"))
    for other in others:
        first.add_fallback(other)
    return first


@cache
def sentence(message: str) -> str:
    return catalogue().gettext(message)


def _(message: str, **values: object) -> str:
    text = sentence(message)
    return text.format(**values) if values else text


def ngettext(one: str, many: str, n: int) -> str:
    return catalogue().ngettext(one, many, n).format(n=n)


def money(amount: Money) -> str:
    return f"⭐{THIN}{amount.amount:,}".replace(",", THIN)


def stars(amount: int) -> str:
    return money(Money(amount))


def moment(at: datetime) -> str:
    return f"{at.day} {MONTHS[at.month - 1]} {at.year}, {at:%H:%M} UTC"


def iso(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds") + "Z"


def when(at: datetime) -> Markup:
    return Markup(f'<time datetime="{iso(at)}" data-when>{escape(moment(at))}</time>')


def left(at: datetime, now: datetime) -> Markup:
    rest = at - now
    urgency = " last" if rest <= timedelta(minutes=1) else " soon" if rest <= timedelta(minutes=10) else ""
    title, told = escape(moment(at)), escape(time_left(rest))
    return Markup(f'<time class="time{urgency}" datetime="{iso(at)}" data-left title="{title}">{told}</time>')


def time_left(rest: timedelta) -> str:
    minutes, seconds = divmod(max(0, int(rest.total_seconds())), 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    if days:
        return _("{days} d {hours} h", days=days, hours=hours)
    if hours:
        return _("{hours} h {minutes} min", hours=hours, minutes=minutes)
    return f"{minutes}:{seconds:02}" if minutes else _("{seconds} s", seconds=seconds)


def linked(text: str) -> Markup:
    done, parts = 0, []
    for match in LINK.finditer(text):
        parts += [escape(text[done : match.start()]), Markup('<a href="{0}">{0}</a>').format(match[0])]
        done = match.end()
    return Markup("").join([*parts, escape(text[done:])])


@cache
def static(path: str) -> str:
    name, _dot, kind = path.rpartition(".")
    data = b"\n".join((STATIC / part).read_bytes() for part in SHEETS.get(path, (path,)))
    return f"/static/{name}.{hashlib.sha256(data).hexdigest()[:10]}.{kind}"


def picture_url(picture: str, size: str) -> str:
    return f"/pictures/{picture}/{size}"


FILTERS: dict[str, Any] = {"money": money, "when": when, "left": left, "iso": iso, "linked": linked}
GLOBALS: dict[str, Any] = {"_": _, "ngettext": ngettext, "static": static, "picture_url": picture_url}


def now() -> datetime:
    """Naive UTC, as SQLAlchemy's DateTime keeps it."""
    return datetime.now(UTC).replace(tzinfo=None)
