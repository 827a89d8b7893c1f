"""What operators tell a person."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.events.base import PersonEvent


@dataclass(frozen=True, slots=True)
class OperatorWrote(PersonEvent):
    """An operator's own words to one person: `text` is nobody else's."""

    text: str
