"""A notice that a browser was added: in it, that it works; in the chat, that it is so."""

from __future__ import annotations

from starbid.domain.events import BrowserAdded
from starbid.services.notices.registry import to_one

BROWSER_ADDED = to_one(BrowserAdded, "browser_added", "user_id", "device")
