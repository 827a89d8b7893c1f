"""What a server says when it does not answer, as ModelTrouble: a status, a word that vendors publish, nothing else."""

from __future__ import annotations

import json
import time
from collections.abc import Mapping
from typing import Any

from starbid.retry_after import seconds_until
from starbid.services.ports.language_model import Ailment, ModelTrouble

_KNOWN = frozenset({
    "account_deactivated", "api_error", "authentication_error", "billing_hard_limit_reached", "billing_not_active",
    "content_filter", "content_policy_violation", "context_length_exceeded", "insufficient_quota", "invalid_api_key",
    "invalid_request_error", "invalid_value", "model_not_found", "not_found_error", "overloaded_error",
    "permission_error", "rate_limit_error", "rate_limit_exceeded", "server_error", "tokens", "unknown_parameter",
    "unsupported_parameter", "unsupported_value", "BadRequestError", "InternalServerError", "NotFoundError",
})  # fmt: skip
"""Codes and types of errors by OpenAI, vLLM, Ollama and those who copy them. Another word might be somebody's."""
_BUSY = frozenset({
    "insufficient_quota", "overloaded_error", "rate_limit_error", "rate_limit_exceeded", "tokens", 429, "429"
})  # fmt: skip


def trouble_of(status: int, headers: Mapping[str, str], body: bytes) -> ModelTrouble:
    """Of an answer that is none, by HTTP's status. One that redirects is not followed: its address is wrong."""
    if status == 429:
        ailment = Ailment.BUSY
    elif status == 408:
        ailment = Ailment.SLOW
    else:
        ailment = Ailment.BROKEN if status >= 500 else Ailment.REFUSED
    word = _word(_error_in(body))
    rest = seconds_until(headers.get("Retry-After", ""), time.time())
    return ModelTrouble(ailment, f"HTTP {status}{word and ' '}{word}", rest)


def trouble_in(error: Any) -> ModelTrouble:
    """Of an error object in an answer that began well."""
    word, marks = _word(error), (error.get("code"), error.get("type")) if isinstance(error, dict) else ()
    is_busy = any(isinstance(mark, str | int) and mark in _BUSY for mark in marks)
    return ModelTrouble(Ailment.BUSY if is_busy else Ailment.BROKEN, f"an error within the answer{word and ' '}{word}")


def _error_in(body: bytes) -> Any:
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return found.get("error", found) if isinstance(found, dict) else None


def _word(error: Any) -> str:
    """The most exact one that is known; "" where there is none."""
    marks = (error.get("code"), error.get("type")) if isinstance(error, dict) else ()
    return next((mark for mark in marks if isinstance(mark, str) and mark in _KNOWN), "")
