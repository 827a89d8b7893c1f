"""What buttons carry, read strictly."""

from __future__ import annotations

import re

from starbid.domain.assistant.question import is_question_id
from starbid.domain.money import CURRENCIES, Money

_LOT_ID = re.compile(r"[a-z0-9]{1,20}")
_BILL_ID = re.compile(r"[0-9a-f]{32}")
_WHOLE = re.compile(r"[0-9]{1,13}")
_SUM = re.compile(r"([0-9]{1,13})([A-Z]{3})")


class Garbled(Exception):
    """Data of a button that this bot did not make, or not lately."""


def lot_id(text: str) -> str:
    """Raises Garbled."""
    if not _LOT_ID.fullmatch(text):
        raise Garbled
    return text


def bill_id(text: str) -> str:
    """Raises Garbled."""
    if not _BILL_ID.fullmatch(text):
        raise Garbled
    return text


def question_id(text: str) -> str:
    """Of a question to the AI helper. Raises Garbled."""
    if not is_question_id(text):
        raise Garbled
    return text


def number(text: str) -> int:
    """A whole number of a button; raises Garbled."""
    if not _WHOLE.fullmatch(text):
        raise Garbled
    return int(text)


def named_sum(text: str) -> Money:
    """A sum that names its currency, as `keyboards.named_sum` writes it; raises Garbled."""
    found = _SUM.fullmatch(text)
    if found is None or found[2] not in CURRENCIES:
        raise Garbled
    return Money(int(found[1]), found[2])


def parts(args: list[str], count: int) -> list[str]:
    """Exactly so many parts of a button's data; raises Garbled."""
    if len(args) != count:
        raise Garbled
    return args
