"""Reasons to report a lot in words, the same in chat and pages."""

from __future__ import annotations

from starbid.domain.reports import ReportReason
from starbid.i18n import Language


def reason_name(reason: str, words: Language) -> str:
    _ = words._
    names: dict[str, str] = {
        ReportReason.FRAUD: _("looks like fraud"),
        ReportReason.FORBIDDEN: _("must not be sold"),
        ReportReason.CATEGORY: _("is in the wrong category"),
        ReportReason.OFFENSIVE: _("is offensive"),
        ReportReason.OTHER: _("something else"),
    }
    return names.get(reason, reason)
