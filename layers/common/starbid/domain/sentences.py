"""Plain words that the domain has to say: an English sentence and what fills its blanks. `Language.say` translates."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starbid.domain.money import Money


@dataclass(frozen=True, slots=True)
class Every:
    """How often something happens, where a length of time is not what is meant."""

    length: timedelta


Fact = Money | timedelta | Every | datetime | int | str


@dataclass(frozen=True, slots=True)
class Sentence:
    """`text` is the key of the catalogues; money and times of `facts` are put into words with it."""

    text: str
    facts: Mapping[str, Fact] = field(default_factory=dict)


def _(text: str, **facts: Fact) -> Sentence:
    """Named so that the catalogues' tests find the sentence."""
    return Sentence(text, facts)
