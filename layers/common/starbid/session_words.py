"""How sessions are called, for chat and site."""

from __future__ import annotations

from starbid.i18n import Language
from starbid.services.ports import KnownSession


def session_name(session: KnownSession, words: Language) -> str:
    """By the device, as it names itself: plain text of strangers."""
    device = session.device or words._("Browser")
    return f"Telegram: {device}" if session.framed else device
