"""Finds what a question may be answered from, and gives it to `prompting` in the form that it takes: nothing else of
what this module can read gets there.
"""

from __future__ import annotations

from starbid.domain.assistant.account import Account
from starbid.domain.assistant.citing import cited
from starbid.domain.assistant.question import Question, Task, first_id_after
from starbid.domain.errors import NotFound
from starbid.domain.lots import Card
from starbid.domain.people import Person
from starbid.services.assistant.prompting import MOST_TURNS, Facts, LotWords, prompt_of
from starbid.services.auctions.browsing import Browsing
from starbid.services.ports import Questions
from starbid.services.ports.language_model import Turn


class Material:
    """`budget`: tokens of earlier turns."""

    def __init__(self, questions: Questions, browsing: Browsing, facts: Facts, budget: int) -> None:
        self._questions, self._browsing, self._facts, self._budget = questions, browsing, facts, budget

    def prompt(self, person: Person, question: Question, account: Account) -> tuple[Turn, ...]:
        """Raises NotFound where the lot that it is about is not there for this person."""
        lot = self._lot_words(question)
        earlier = self._earlier(question, account) if question.task in (Task.QUESTION, Task.LOT) else ()
        return prompt_of(question, person.language, self._facts, lot, earlier, self._budget)

    def cited(self, answer: str, question: Question) -> str:
        """The answer without quotes that the lot's text does not hold."""
        try:
            lot = self._lot_words(question)
        except NotFound:
            lot = None
        return cited(answer, lot.title, lot.description) if lot else answer

    def _lot_words(self, question: Question) -> LotWords | None:
        if not question.subject:
            return None
        return words_of(self._browsing.card(question.subject, question.user_id))

    def _earlier(self, question: Question, account: Account) -> tuple[Question, ...]:
        """Without what the person has cleared."""
        after = first_id_after(account.cleared_at) if account.cleared_at else ""
        return self._questions.asked(question.user_id, after, limit=MOST_TURNS).items


def words_of(card: Card) -> LotWords:
    return LotWords(card.title, card.description, card.listed_in)
