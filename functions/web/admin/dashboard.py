"""The dashboard: a period in the address, compared with as much time before it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from starbid.domain.analytics.periods import PRESETS, USUAL, Period, day_span, period_of
from starbid.domain.analytics.quarters import start_of
from starbid.domain.errors import Invalid
from starbid.i18n import Language
from starbid.zones import place
from web.admin.board import groups
from web.kernel.http import Request
from web.shared.context import page_words
from web.shared.refusals import message_of


@dataclass(frozen=True, slots=True)
class Choice:
    """A period that one can go to."""

    href: str
    name: str
    is_here: bool


def board(request: Request) -> dict[str, Any]:
    """What `admin/dashboard.html` shows. A period that is none is said so, and the usual one is shown."""
    words, asked, fault = page_words(request), request.query, ""
    preset, first, last = asked.get("period", ""), asked.get("from", ""), asked.get("to", "")
    try:
        period = period_of(preset, first, last, words.zone, request.now)
    except Invalid as error:
        fault = message_of(error, words)
        period = period_of(USUAL, "", "", words.zone, request.now)
    view = request.app.dashboard.view(period, request.now)
    people = request.app.store.people({who for board in view.sellers.values() for who, _ in board})
    chosen = "" if first or last else preset or USUAL
    return {
        "board_choices": _choices(words, chosen),
        "board_first": first if fault else period.first.isoformat(),
        "board_last": last if fault else period.last.isoformat(),
        "board_most": request.now.astimezone(words.zone).date().isoformat(),
        "board_fault": fault,
        "board_span": _span(period, request.now, words),
        "board_groups": groups(view, people, words, with_helper=request.app.settings.business.assistant.is_offered),
    }


def _choices(words: Language, chosen: str) -> list[Choice]:
    named = {"today": words._("Today"), "yesterday": words._("Yesterday")}
    names = {key: named.get(key) or words.ngettext("{n} day", "{n} days", int(key)) for key in PRESETS}
    return [Choice(f"/admin?period={key}", name, key == chosen) for key, name in names.items()]


def _span(period: Period, now: datetime, words: Language) -> str:
    """`1 – 28 Nov 2026, compared with 4 – 31 Oct 2026 · Europe/Moscow (GMT+3)`."""
    before, end = period.before(), period.compared(now)[1]
    both = {"days": _days(period, words), "before": _days(before, words)}
    if end < day_span(before.last, period.zone).end:
        until = f"{start_of(end).astimezone(period.zone):%H:%M}"
        text = words._("{days}, compared with {before} until {time}", **both, time=until)
    else:
        text = words._("{days}, compared with {before}", **both)
    return f"{text} · {place(period.zone, now)}"


def _days(period: Period, words: Language) -> str:
    if period.is_one_day:
        return _day(period.first, words)
    return f"{_day(period.first, words)} – {_day(period.last, words)}"


def _day(day: date, words: Language) -> str:
    return f"{day.day} {words.months[day.month - 1]} {day.year}"
