"""Notices of operators to one person."""

from __future__ import annotations

from starbid.domain.events import OperatorWrote
from starbid.services.notices.registry import to_one

OPERATOR_WROTE = to_one(OperatorWrote, "operator_wrote", "user_id", "text")
