"""How the pause of all lots stands, for the panel."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.pause import Pauses
from starbid.i18n import Language
from web.kernel.http import Request


@dataclass(frozen=True)
class PauseBox:
    """`is_on`: all lots are paused. `reason` and `fault` are those of a refused form."""

    is_on: bool
    title: str
    text: str
    tone: str
    reason: str = ""
    fault: str = ""


def pause_box(request: Request, words: Language, reason: str = "", fault: str = "") -> PauseBox:
    """As it stands at this moment."""
    pauses = request.app.store.pauses(consistent=True)
    title, text, tone = _told(pauses, words)
    return PauseBox(pauses.running is not None, title, text, tone, reason, fault)


def _told(pauses: Pauses, words: Language) -> tuple[str, str, str]:
    _, running = words._, pauses.running
    if running:
        since = words.moment(running.began)
        text = _(
            "Nobody bids, buys or publishes, and no lot ends. Payments and deals continue. It began {moment}.",
            moment=since,
        )
        return _("All lots are paused"), text, "warn"
    if pauses.unmoved:
        text = words.ngettext("{n} lot has its new end so far.", "{n} lots have their new end so far.", pauses.moved)
        return _("The pause is over, lots get their new ends"), text, ""
    return _("All lots run"), "", "good"
