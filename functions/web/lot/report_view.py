"""The form that reports a lot, at the foot of its page."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.reports import TEXT_LENGTH, ReportReason
from starbid.i18n import Language, capital
from starbid.report_words import reason_name
from starbid.services.views import LotView


@dataclass(frozen=True)
class TypedReport:
    """A report that was refused: what was chosen and typed, and the sentence."""

    reason: str = ""
    text: str = ""
    fault: str = ""


@dataclass(frozen=True)
class ReportChoice:
    key: str
    name: str
    is_chosen: bool


@dataclass(frozen=True)
class ReportForm:
    """`is_asked` False: a visitor has to log in first."""

    choices: tuple[ReportChoice, ...]
    typed: TypedReport
    most: int
    is_asked: bool


def report_form(view: LotView, typed: TypedReport, words: Language) -> ReportForm | None:
    """None for the seller. Whether somebody has reported it before costs every page a read: they are told when they
    send it.
    """
    if view.is_seller:
        return None
    choices = tuple(
        ReportChoice(reason.value, capital(reason_name(reason, words)), reason == typed.reason)
        for reason in ReportReason
    )
    return ReportForm(choices, typed, TEXT_LENGTH, view.viewer_id is not None)
