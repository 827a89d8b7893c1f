"""Templates to HTML: one Jinja environment a process, filters for money and time in the reader's language."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from jinja2 import Environment, FileSystemLoader, ModuleLoader, StrictUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup, escape

from starbid import links
from starbid.domain.money import Money
from starbid.domain.sentences import Sentence
from starbid.domain.unfinished import Act
from starbid.i18n import LANGUAGE_NAMES, Language, language
from starbid.imaging.sizes import PICTURE_SIZES
from starbid.services.settings import Business
from starbid.top_up_words import least_note, top_up_label
from web.shared import amounts
from web.shared.static_files import static_url

if TYPE_CHECKING:
    from web.shared.cards import LotCard

WEB = Path(__file__).resolve().parents[1]
TEMPLATES = WEB / "templates"
COMPILED = WEB / "compiled"
"""The same as Python modules, where the build made them (scripts/compile_templates.py)."""
CARDS_KEPT = 512
"""A kilobyte each."""
SOON, LAST = timedelta(minutes=10), timedelta(minutes=1)
_LINK = re.compile(r"https?://[^\s<>\"']+[^\s<>\"'.,;:!?)\]]")


@cache
def environment() -> Environment:
    """The environment of all templates: autoescape on, unknown names are errors."""
    is_built = COMPILED.is_dir()
    env = Environment(
        loader=ModuleLoader(COMPILED) if is_built else FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    env.filters |= {
        "money": money,
        "when": when,
        "left": left,
        "iso": iso,
        "linked": linked,
        "plus": plus,
        "said": said,
    }
    env.globals |= {
        "static": cache(static_url) if is_built else static_url,
        "picture_url": picture_url,
        "picture_sizes": PICTURE_SIZES,
    }
    env.globals |= {"lot_card": lot_card, "language_names": LANGUAGE_NAMES}
    env.filters |= {"top_ups": top_ups, "top_up_by": top_up_by, "above": above, "typed": amounts.typed}
    return env


def render(template: str, words: Language, **values: Any) -> str:
    """One template with its values; `_`, `ngettext` and the filters speak `words`."""
    return environment().get_template(template).render(**_speaking(words), **values)


def _speaking(words: Language) -> dict[str, Any]:
    return {"words": words, "_": words._, "ngettext": words.ngettext}


def picture_url(picture_id: str, size: str) -> str:
    """Where a stored picture is served; `size` is one of the sizes that pictures are kept in."""
    return links.picture_path(picture_id, size)


@pass_context
def lot_card(context: Context, card: LotCard) -> Markup:
    """A lot in a list, with the time left at the page's moment."""
    words, at = _words(context), card.starts_at or card.ends_at
    if card.left is not None:
        return _drawn(words, card, escape(words._("{time} left, paused", time=words.time_left(card.left))))
    return _drawn(words, card, _left(words, at, context["page"].now) if at else None)


@lru_cache(CARDS_KEPT)
def _drawn(words: Language, card: LotCard, clock: Markup | None) -> Markup:
    """Cached: cards are most of a list's page, and the same for every visitor within a minute."""
    drawn: Markup = _parts(words.code).lot_card(card, clock)
    return drawn


@cache
def _parts(code: str) -> Any:
    """The macros that say nothing of who looks, and no times."""
    return environment().get_template("shared/parts.html").make_module(_speaking(language(code)))


@pass_context
def money(context: Context, amount: Money) -> str:
    """`⭐ 1 250`."""
    return _words(context).money(amount)


@pass_context
def plus(context: Context, amount: Money) -> str:
    """A change with its sign: `+⭐ 100`, `−⭐ 100`."""
    sign = "+" if amount.amount > 0 else "\N{MINUS SIGN}" if amount.amount < 0 else ""
    return sign + _words(context).money(Money(abs(amount.amount), amount.currency))


def top_ups(missing: Money, business: Business) -> tuple[Money, ...]:
    """The sums that one who lacks `missing` is offered, the nearest round one first."""
    return business.top_ups_for(missing)


@pass_context
def above(context: Context, exact: Money, missing: Money) -> str:
    """Why the smallest sum is more than what is missing; empty where it is not."""
    return least_note(missing, exact, _words(context))


@pass_context
def top_up_by(context: Context, amount: Money, act: Act | None) -> str:
    """`Top up ⭐ 150 and bid`."""
    return top_up_label(amount, act, _words(context))


@pass_context
def when(context: Context, at: datetime) -> Markup:
    """A moment in the reader's time zone. Where that is not known yet, and over midnight, static/zone.js says it."""
    return Markup(f'<time datetime="{iso(at)}" data-when>{escape(_words(context).moment(at))}</time>')  # noqa: S704


@pass_context
def said(context: Context, sentence: Sentence) -> Markup:
    """A sentence of the domain; its moments are put into the reader's time zone, as those of `when` are."""
    words = _words(context)
    facts = {
        name: when(context, fact) if isinstance(fact, datetime) else words.fact(fact)
        for name, fact in sentence.facts.items()
    }
    return escape(words._(sentence.text)).format(**facts)


@pass_context
def left(context: Context, at: datetime, now: datetime) -> Markup:
    """A countdown to `at`: ticking with app.js, still right when the page is made without it."""
    return _left(_words(context), at, now)


def _left(words: Language, at: datetime, now: datetime) -> Markup:
    rest = at - now
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
