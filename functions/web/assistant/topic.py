"""What a question is about, and what is said of it: anything, a lot, the draft of a listing or of an answer."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from starbid.domain.assistant.question import Task
from starbid.domain.disputes import require_answer
from starbid.domain.errors import passes
from starbid.i18n import Language
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, path_with
from web.kernel.routing import variables_of

_LOT_ID = re.compile(variables_of("/<auction_id>")["auction_id"])


@dataclass(frozen=True)
class Topic:
    """`lot_id` and `lot_title`: of Task.LOT, and of a REPLY in a dispute."""

    task: Task = Task.QUESTION
    lot_id: str = ""
    lot_title: str = ""

    @property
    def fields(self) -> dict[str, str]:
        """As hidden fields of a form, and as the query of the page."""
        return {
            **({"task": self.task.value} if self.task not in (Task.QUESTION, Task.LOT) else {}),
            **({"lot": self.lot_id} if self.lot_id else {}),
        }

    @property
    def url(self) -> str:
        return path_with("/assistant", **self.fields)


@dataclass(frozen=True)
class TopicWords:
    """`about` is what it does, and what the AI service gets to see for it."""

    label: str
    about: str
    button: str


def topic_of(request: Request, given: Mapping[str, str], user_id: int) -> Topic:
    """What a link or form says. Raises NoSuchPage for what it cannot say, NotFound for a lot that is not there for this
    person.
    """
    task, lot_id = _task(given), given.get("lot", "")
    if not lot_id:
        if task is Task.LOT:
            raise NoSuchPage
        return Topic(task)
    if task not in (Task.LOT, Task.REPLY) or not _LOT_ID.fullmatch(lot_id):
        raise NoSuchPage
    view = request.app.browsing.lot(lot_id, user_id, request.now)
    if task is Task.REPLY and not (view.deal and passes(require_answer, view.deal, user_id)):
        raise NoSuchPage
    return Topic(task, lot_id, view.lot.card.title)


def topic_words(topic: Topic, words: Language) -> TopicWords:
    _ = words._
    match topic.task:
        case Task.QUESTION:
            about = _("The AI service gets your question and the last turns of this conversation, and nothing else.")
            return TopicWords(_("Your question"), about, _("Ask"))
        case Task.LOT:
            about = _("Answered from the lot's text only. The AI service gets that text, and what you ask about it.")
            return TopicWords(_("What do you want to know about this lot?"), about, _("Ask"))
        case Task.LISTING:
            about = _(
                "A few words are enough: what it is, its condition, what is special. The AI service gets these words "
                "and drafts title, description, category and start price. You check them before anything is published."
            )
            return TopicWords(_("What do you want to sell?"), about, _("Make the draft"))
        case Task.REPLY if topic.lot_id:
            about = _(
                "Say in a few words what happened. The AI service gets these words and the text of your lot, not what "
                "the buyer wrote. You get a draft; you send it yourself."
            )
        case Task.REPLY:
            about = _(
                "Say in a few words what it is about. The AI service gets these words, and nothing of your ticket. You "
                "get a draft; you send it yourself."
            )
    return TopicWords(_("What do you want to say?"), about, _("Make the draft"))


def _task(given: Mapping[str, str]) -> Task:
    """Of a lot one asks, where nothing else is said."""
    named = given.get("task", "")
    if not named:
        return Task.LOT if given.get("lot") else Task.QUESTION
    if named not in set(Task):
        raise NoSuchPage
    return Task(named)
