"""What is said where a browser was added: in the chat, and in that browser itself, as the proof that it works."""

from __future__ import annotations

from starbid.services.notices import browsers
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.notices.telling import Message, Telling, says


@says(browsers.BROWSER_ADDED)
def _added(t: Telling) -> Message:
    _, device = t.words._, escape(str(t.facts["device"]))
    text = _("Notices in a browser are on: {device}.", device=device)
    rest = _("Was it not you? Remove it in the settings, and end all other sessions there.")
    site = keyboards.site(_("Browser settings"), "/settings#push", t.settings)
    return f"{text}\n{rest}", ((site,), (keyboards.menu(t.words),))
