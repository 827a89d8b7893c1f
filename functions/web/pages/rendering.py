"""Templates to HTML: one Jinja environment a process, filters for money and time in the reader's language."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, ModuleLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from starbid.domain.money import Money
from starbid.i18n import Language
from web.files import static_url

WEB = Path(__file__).resolve().parents[1]
TEMPLATES = WEB / "templates"
COMPILED = WEB / "compiled"
"""The same as Python modules, where the build made them (scripts/compile_templates.py)."""
SOON, LAST = timedelta(minutes=10), timedelta(minutes=1)
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


@cache
def environment() -> Environment:
    """The environment of all templates: autoescape on, unknown names are errors."""
    env = Environment(
        loader=ModuleLoader(COMPILED) if COMPILED.is_dir() else FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters |= {"money": money, "when": when, "left": left, "iso": iso, "linked": linked, "plus": plus}
    env.globals |= {"static": static_url, "picture_url": picture_url}
    return env


def render(template: str, words: Language, **values: Any) -> str:
    """One template with its values; `_`, `ngettext` and the filters speak `words`."""
    return environment().get_template(template).render(words=words, _=words._, ngettext=words.ngettext, **values)


def picture_url(picture_id: str, size: str) -> str:
    """Where a stored picture is served; `size` is one of the sizes that pictures are kept in."""
    return f"/pictures/{picture_id}/{size}"


@pass_context
def money(context: Context, amount: Money) -> str:
    """`⭐ 1 250`."""
    return _words(context).money(amount)


@pass_context
def plus(context: Context, amount: Money) -> str:
    """A change with its sign: `+⭐ 100`, `−⭐ 100`."""
    sign = "+" if amount.amount > 0 else "\N{MINUS SIGN}" if amount.amount < 0 else ""
    return sign + _words(context).money(Money(abs(amount.amount), amount.currency))


@pass_context
def when(context: Context, at: datetime) -> Markup:
    """A moment: UTC in the text, put into the reader's time zone by app.js."""
    return Markup(f'<time datetime="{iso(at)}" data-when>{escape(_words(context).moment(at))}</time>')  # noqa: S704


@pass_context
def left(context: Context, at: datetime, now: datetime) -> Markup:
    """A countdown to `at`: ticking with app.js, still right when the page is made without it."""
    words, rest = _words(context), at - now
    urgency = " last" if rest <= LAST else " soon" if rest <= SOON else ""
    title, told = escape(words.moment(at)), escape(words.time_left(rest))
    return Markup(  # noqa: S704 - escaped above; Markup.format costs as much as the rest of a card
        f'<time class="time{urgency}" datetime="{iso(at)}" data-left title="{title}">{told}</time>'
    )


def iso(at: datetime) -> str:
    """`2026-05-01T18:00:00.000Z`, as browsers read it."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="milliseconds") + "Z"


def linked(text: str) -> Markup:
    """A person's text, escaped, with its web addresses as links; line breaks are the style sheet's."""
    done, parts = 0, []
    for match in _LINK.finditer(text):
        parts += [escape(text[done : match.start()]), _anchor(match[0])]
        done = match.end()
    return Markup("").join([*parts, escape(text[done:])])


def _anchor(address: str) -> Markup:
    return Markup('<a href="{0}" rel="nofollow noopener ugc" target="_blank">{0}</a>').format(address)


def _words(context: Context) -> Language:
    words = context["words"]
    assert isinstance(words, Language)
    return words
