"""Notices in words about reports of lots, and of what operators did with a lot."""

from __future__ import annotations

from starbid.domain.reports import Outcome
from starbid.report_words import reason_name
from starbid.services.notices import reports
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Row
from starbid.telegram.notices.telling import Message, Telling, about_lot, says


@says(reports.REPORTED)
def _reported(t: Telling) -> Message:
    why = reason_name(str(t.facts["why"]), t.words)
    text = t.words._("“{title}” was reported: {reason}.\nHave a look and decide.", title=t.title, reason=why)
    look = keyboards.site(t.words._("Look at the report"), f"/admin/lots/{t.lot.lot.auction.id}", t.settings)
    return text, ((look,), *about_lot(t))


@says(reports.REPORTS_SETTLED)
def _settled(t: Telling) -> Message:
    head = t.words._("You reported “{title}”. Thank you: an operator has looked at it.", title=t.title)
    return f"{head}\n{_outcome(t)}", _only_menu(t)


def _outcome(t: Telling) -> str:
    _ = t.words._
    match t.facts["outcome"]:
        case Outcome.CANCELLED:
            return _("The lot was withdrawn.")
        case Outcome.HIDDEN:
            return _("The lot was taken out of the lists.")
        case Outcome.MOVED:
            return _("The lot was moved to another category.")
        case _:
            return _("It does not break the rules, so it stays.")


@says(reports.HIDDEN)
def _hidden(t: Telling) -> Message:
    text = t.words._(
        "An operator took “{title}” out of the lists. Only you and those who have bid still see it; bids on it count.",
        title=t.title,
    )
    return f"{text}\n{t.reason}".rstrip(), about_lot(t)


@says(reports.SHOWN)
def _shown(t: Telling) -> Message:
    return t.words._("“{title}” is in the lists again, and everybody can see it.", title=t.title), about_lot(t)


@says(reports.MOVED)
def _moved(t: Telling) -> Message:
    text = t.words._("An operator moved “{title}” to another category.", title=t.title)
    return f"{text}\n{t.reason}".rstrip(), about_lot(t)


def _only_menu(t: Telling) -> tuple[Row, ...]:
    """The lot itself may not be there for them any more."""
    return ((keyboards.menu(t.words),),)
