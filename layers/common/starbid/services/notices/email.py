"""Notices about a person's e-mail, told in the chat."""

from __future__ import annotations

from starbid.domain.events import EmailStopped
from starbid.services.notices.registry import to_one

EMAIL_STOPPED = to_one(EmailStopped, "email_stopped", "user_id", "address", "why")
