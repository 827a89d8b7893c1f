"""Questions to the helper in words: what each was about, how it stands, and all of them as one text to keep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import assert_never

from starbid.assistant_words import failure_words
from starbid.category_words import category_name
from starbid.domain.assistant.question import Question, State, Task
from starbid.domain.money import stars
from starbid.i18n import Language

HISTORY_FILE = "ai-helper.txt"
"""The name of the file with `history_text`."""
_LINE = "-" * 40


def history_text(questions: Iterable[Question], words: Language, *, is_all: bool = True) -> str:
    """All questions with what came of them, as plain text: oldest first, in whatever order they come. Answers are as
    they were written, in Markdown. Times have their date: it is read on later days. Unless that `is_all`, its last line
    says so.
    """
    words = replace(words, lasting=True)
    entries = [_entry(each, words) for each in sorted(questions, key=lambda each: each.id)]
    more = "" if is_all else "\n" + words._("There is more. Only the newest questions fit into one file.") + "\n"
    return f"\n\n{_LINE}\n\n".join((words._("Your questions to the AI helper"), *entries)) + f"\n{more}"


def task_words(task: Task, words: Language) -> str:
    """What was wanted."""
    match task:
        case Task.QUESTION:
            return words._("Question")
        case Task.LISTING:
            return words._("Draft of a listing")
        case Task.LOT:
            return words._("About a lot")
        case Task.REPLY:
            return words._("Draft of a reply")
        case _:
            assert_never(task)


def state_words(state: State, words: Language) -> str:
    """How a question stands."""
    match state:
        case State.QUEUED:
            return words._("waiting")
        case State.ANSWERING:
            return words._("being answered")
        case State.DONE:
            return words._("answered")
        case State.FAILED:
            return words._("not answered")
        case State.STOPPED:
            return words._("stopped")
        case _:
            assert_never(state)


def outcome_words(question: Question, words: Language) -> str:
    """What came of a question, in plain text: the answer as it was written, a draft in its parts, or why there is none.
    Empty while it is open.
    """
    if question.failure:
        return failure_words(question, words)
    if question.suggested:
        return suggestion_words(question.suggested, words)
    return "\n\n".join(filter(None, (question.answer, cut_words(question, words))))


def suggestion_words(suggested: Mapping[str, str], words: Language) -> str:
    """A draft of a lot: `suggested` as in Question."""
    return "\n\n".join(filter(None, (suggested["title"], suggested["description"], offer_words(suggested, words))))


def offer_words(suggested: Mapping[str, str], words: Language) -> str:
    """Category and start price of a draft of a lot."""
    lines = [words._("Category: {name}", name=category_name(suggested["category"], words))]
    if suggested["start_price"]:
        price = words.money(stars(int(suggested["start_price"])))
        lines.append(words._("Start price: {price}", price=price))
    return "\n".join(lines)


def cut_words(question: Question, words: Language) -> str:
    """Why an answer ends early; empty where it does not."""
    if not question.cut:
        return ""
    if question.state is State.STOPPED:
        return words._("You stopped the answer here.")
    return words._("The answer ends here: it was too long.")


def remarks(question: Question, words: Language) -> tuple[str, ...]:
    """What an answer is worth: that it ends early, and what it is by its task. Nothing without an answer."""
    _ = words._
    if question.failure or not question.state.is_over:
        return ()
    notes = {
        Task.QUESTION: "",
        Task.LOT: _("From the lot's text only. The seller may know more."),
        Task.REPLY: _("A draft: nothing was sent. Copy it, change it, send it yourself."),
        Task.LISTING: _("A draft: nothing is published until you have checked it and publish it yourself."),
    }
    return tuple(filter(None, (cut_words(question, words), notes[question.task])))


def _entry(question: Question, words: Language) -> str:
    about = f" {question.subject}" if question.task is Task.LOT else ""
    head = f"{words.moment(question.asked_at)} · {task_words(question.task, words)}{about}"
    came = outcome_words(question, words) or words._("Not answered yet.")
    return f"{head}\n\n{words._('You:')}\n{question.text}\n\n{words._('AI helper:')}\n{came}"
