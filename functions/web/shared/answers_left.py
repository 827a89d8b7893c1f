"""What is left of the AI helper's answers, in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.i18n import Language
from starbid.services.assistant.asking import Standing


@dataclass(frozen=True)
class AnswersLeft:
    """So many of one kind; they lapse at `until`."""

    text: str
    until: datetime | None = None


def answers_left(standing: Standing, words: Language) -> tuple[AnswersLeft, ...]:
    """What there is, in the order in which it is used; one line where there is nothing."""
    told = []
    if standing.trial and standing.trial.left:
        number = standing.trial.left
        told.append(AnswersLeft(words.ngettext("{n} free answer", "{n} free answers", number), standing.trial.until))
    if standing.quota and standing.quota.left:
        number = standing.quota.left
        text = words.ngettext("{n} answer of your subscription", "{n} answers of your subscription", number)
        told.append(AnswersLeft(text, standing.quota.until))
    if standing.credits:
        text = words.ngettext("{n} answer from packs", "{n} answers from packs", standing.credits)
        told.append(AnswersLeft(text))
    return tuple(told) or (AnswersLeft(words._("No answers left")),)
