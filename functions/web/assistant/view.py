"""Questions and what came of them, as the page of the conversation shows them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup

from starbid.assistant_history import remarks, task_words
from starbid.assistant_words import failure_words
from starbid.category_words import category_name
from starbid.domain.assistant.account import Account
from starbid.domain.assistant.formatted import NOTHING, Formatted
from starbid.domain.assistant.question import Question, State, Task
from starbid.domain.money import Money, stars
from starbid.i18n import Language
from web.kernel.http import path_with
from web.shared.rich_text import rich_text


@dataclass(frozen=True)
class Link:
    label: str
    url: str


@dataclass(frozen=True)
class Proposal:
    """What a lot may say; `url` is its form with all of it filled in."""

    title: str
    description: str
    category: str
    start_price: Money | None
    url: str


@dataclass(frozen=True)
class Exchange:
    """A question, and what came of it. `doing`: what happens to an open one; empty once it is over.

    `answer` of an open one is what there is so far; `plain` is a whole one without its looks, which `is_copied` says is
    there to be used elsewhere. `remarks` stand below an answer, `failed` in the place of one.
    """

    id: str
    text: str
    at: datetime
    about: str
    lot: Link | None
    doing: str
    may_stop: bool
    answer: Markup
    plain: str
    is_copied: bool
    proposal: Proposal | None
    remarks: tuple[str, ...]
    failed: str
    may_ask_again: bool
    back: Link | None

    @property
    def is_open(self) -> bool:
        return bool(self.doing)


def exchanges(questions: Iterable[Question], account: Account, words: Language) -> tuple[Exchange, ...]:
    """Those of a page, as the account says how they stand."""
    return tuple(_exchange(each, each.state_with(account.open), account, words) for each in questions)


def _exchange(question: Question, state: State, account: Account, words: Language) -> Exchange:
    stops = account.open is not None and account.open.id == question.id and account.open.stop
    return exchange(question, state, words, is_stopping=stops)


def exchange(
    question: Question, state: State, words: Language, *, growing: Formatted = NOTHING, is_stopping: bool = False
) -> Exchange:
    """`growing`: what there is of the answer of an open question; `is_stopping`: the person wants no more of it."""
    _, is_listing = words._, question.task is Task.LISTING
    shown = question.shown if state.is_over else growing
    return Exchange(
        id=question.id,
        text=question.text,
        at=question.asked_at,
        about=task_words(question.task, words) if question.task is not Task.QUESTION else "",
        lot=Link(_("Open the lot"), f"/auction/{question.subject}") if question.subject else None,
        doing=_doing(state, is_stopping, is_listing, words),
        may_stop=not state.is_over and not is_stopping,
        answer=Markup("") if is_listing else rich_text(shown),
        plain=question.shown.text,
        is_copied=question.task is Task.REPLY and bool(question.shown.text),
        proposal=_proposal(question, words),
        remarks=remarks(question, words),
        failed=failure_words(question, words) if state.is_over and question.failure else "",
        may_ask_again=state.is_over and question.failure is not None and question.failure.may_be_asked_again,
        back=_back(question, words) if question.shown.text else None,
    )


def _doing(state: State, is_stopping: bool, is_listing: bool, words: Language) -> str:
    _ = words._
    if state.is_over:
        return ""
    if is_stopping:
        return _("Stopping")
    if state is State.QUEUED:
        return _("Waiting for its turn")
    return _("Drafting your listing") if is_listing else _("The answer is being written")


def _proposal(question: Question, words: Language) -> Proposal | None:
    said = question.suggested
    if said is None:
        return None
    price = said.get("start_price", "")
    return Proposal(
        title=said.get("title", ""),
        description=said.get("description", ""),
        category=category_name(said.get("category", "other"), words),
        start_price=stars(int(price)) if price else None,
        url=path_with("/new_auction", suggestion=question.id),
    )


def _back(question: Question, words: Language) -> Link | None:
    """To where the draft of an answer is used."""
    if question.task is not Task.REPLY:
        return None
    if question.subject:
        return Link(words._("Back to the dispute"), f"/auction/{question.subject}#deal")
    return Link(words._("To support"), "/support")
