"""All cards, in their order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starbid.domain.people import Person
from starbid.i18n import Language
from starbid.services.analytics.dashboard import View
from web.admin.board.card import Card, Reader
from web.admin.board.market import market_cards
from web.admin.board.money import money_cards
from web.admin.board.people import assistant_cards, people_cards


@dataclass(frozen=True, slots=True)
class Group:
    title: str
    cards: Sequence[Card]


def groups(view: View, people: Mapping[int, Person], words: Language, *, with_helper: bool) -> list[Group]:
    """`with_helper`: people may ask the AI helper."""
    reader = Reader(view, words)
    found = (
        Group(words._("Money"), money_cards(reader)),
        Group(words._("Market"), market_cards(reader)),
        Group(words._("People"), people_cards(reader, people)),
        Group(words._("AI helper"), assistant_cards(reader, is_offered=with_helper)),
    )
    return [group for group in found if group.cards]
