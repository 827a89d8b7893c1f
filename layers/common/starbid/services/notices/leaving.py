"""Notices of an account that is to be deleted: that it was asked for, was put off, and is done."""

from __future__ import annotations

from starbid.domain.events import AccountDeleted, LeavingAsked, LeavingPutOff
from starbid.services.notices.registry import to_one

LEAVING_ASKED = to_one(LeavingAsked, "leaving_asked", "user_id", "due_at")
LEAVING_PUT_OFF = to_one(LeavingPutOff, "leaving_put_off", "user_id", "due_at", "obstacles")
ACCOUNT_DELETED = to_one(AccountDeleted, "account_deleted", "user_id")
