"""What a model is told. It is built from a person's own words, the words of a lot as everybody sees them, and a few
numbers of the business: this module is given nothing else, and reaches nothing else.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

from starbid.domain.assistant.question import Question, State, Task
from starbid.domain.assistant.tokens import estimated_turn
from starbid.manners import ENGLISH, MANNERS
from starbid.services.ports.language_model import Speaker, Turn

MOST_TURNS = 20
"""Earlier questions and answers that go along at most, whatever the budget."""
_PROMPTS = Path(__file__).parent / "prompts"
_FENCES = re.compile(r"<(?=[\s/\u200b-\u200f\u2060\ufeff]*lot)", re.IGNORECASE)
"""What begins like the fence; blanks that nobody sees do not hide it."""


class Situation(StrEnum):
    """Where a REPLY goes."""

    DISPUTE = "a dispute about a deal in which they are the seller"
    SUPPORT = "a conversation with the support of the marketplace"


@dataclass(frozen=True, slots=True)
class Facts:
    """What everybody can read on the site. `subscription` is a price in words."""

    bot: str
    subscription: str
    fee: int
    release_days: int
    delivery_days: int
    currency: str
    categories: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class LotWords:
    """The words of a lot as everybody sees them, and no more: no price, no bid, no seller."""

    title: str
    description: str
    category: str


def prompt_of(
    question: Question,
    language: str,
    facts: Facts,
    lot: LotWords | None,
    earlier: Sequence[Question],
    budget: int,
) -> tuple[Turn, ...]:
    """The turns of one question. `earlier` are the person's own last questions, newest first: as many go along as fit
    into `budget` tokens, without those that were not answered or were about something else.

    What people wrote is in the turns of the user alone: the rules are the same whatever it says.
    """
    asked = "\n\n".join(filter(None, [_fenced(lot) if lot else "", question.text]))
    turns = (*_history(question, earlier, budget), Turn(Speaker.USER, asked))
    return (Turn(Speaker.SYSTEM, _rules(question, language, facts)), *turns)


def _rules(question: Question, language: str, facts: Facts) -> str:
    values: dict[str, object] = {
        "bot": facts.bot,
        "language": MANNERS.get(language, MANNERS[ENGLISH]).in_english,
        "subscription": facts.subscription,
        "fee": facts.fee,
        "release_days": facts.release_days,
        "delivery_days": facts.delivery_days,
        "currency": facts.currency,
        "categories": ", ".join(facts.categories),
        "situation": Situation.DISPUTE if question.subject else Situation.SUPPORT,
    }
    return "\n\n".join(_filled(name, values) for name in ("common", question.task.value))


def _filled(name: str, values: Mapping[str, object]) -> str:
    return _text(name).format_map(values).strip()


@cache
def _text(name: str) -> str:
    return (_PROMPTS / f"{name}.md").read_text(encoding="utf-8")


def _fenced(lot: LotWords) -> str:
    """As data: what looks like the fence is no fence in it, so that nothing in it can stand outside."""
    lines = (f"Title: {lot.title}", f"Category: {lot.category}", "Description:", lot.description)
    return "<lot>\n" + "\n".join(_FENCES.sub("‹", line) for line in lines) + "\n</lot>"


def _history(question: Question, earlier: Sequence[Question], budget: int) -> tuple[Turn, ...]:
    """Drafts start from nothing each time; answers about a lot go along with questions about that lot alone."""
    if question.task not in (Task.QUESTION, Task.LOT):
        return ()
    turns: list[Turn] = []
    for one in earlier[:MOST_TURNS]:
        if one.id == question.id or (one.task, one.subject) != (question.task, question.subject):
            continue
        if one.state not in (State.DONE, State.STOPPED) or not one.answer:
            continue
        budget -= estimated_turn(one.text) + estimated_turn(one.answer)
        if budget < 0:
            break
        turns += [Turn(Speaker.ASSISTANT, one.answer), Turn(Speaker.USER, one.text)]
    return tuple(reversed(turns))
