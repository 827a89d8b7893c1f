"""What needs an operator, on the first page: each section of the panel registers what waits in it.

@attention.source("disputes", Right.SEE)
def disputes(request: Request, words: Language) -> Need:
    return Need(words._("Disputes"), "/admin/deals", waiting(...))
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starbid.domain.audit_trail import Operator
from starbid.domain.roles import Right
from starbid.i18n import Language
from starbid.services.desk.attention import Waiting
from web.kernel.http import Request
from web.shared.context import page_words

URGENCY = ("disputes", "reports", "tickets", "payouts", "refunds", "bills", "reconciliation", "dead-letters")
"""The names of all sources, the most urgent first: money of two people stands still in a dispute."""


@dataclass(frozen=True)
class Need:
    """A line of the queue: what it is, where its list is, and how much waits there."""

    name: str
    path: str
    waiting: Waiting


Look = Callable[[Request, Language], Need]


@dataclass(frozen=True)
class _Source:
    right: Right
    look: Look


_SOURCES: dict[str, _Source] = {}


def source(name: str, right: Right) -> Callable[[Look], Look]:
    """The function tells what waits in a section, for operators with `right`. It reads a bounded number of rows
    (`services.desk.attention.TO_READ`). Raises ValueError for a name that is taken, or has no place in URGENCY.
    """
    if name in _SOURCES or name not in URGENCY:
        raise ValueError(name)

    def register(look: Look) -> Look:
        _SOURCES[name] = _Source(right, look)
        return look

    return register


def needs(request: Request, operator: Operator) -> tuple[Need, ...]:
    """What waits for this operator, the most urgent first; nothing of what they may not see to."""
    words = page_words(request)
    known = (_SOURCES[name] for name in URGENCY if name in _SOURCES)
    looked = (each.look(request, words) for each in known if operator.role.has(each.right))
    return tuple(need for need in looked if need.waiting.count)
