"""The AI helper as operators read of it: in the log and on a person's page. What was asked and answered never is."""

from __future__ import annotations

from collections.abc import Callable

from starbid.domain.assistant.account import Source
from starbid.domain.assistant.question import Failure, Place, State, Task
from starbid.domain.event_log import LogEntry, LogKind
from starbid.i18n import Language


def log_names(words: Language) -> dict[tuple[LogKind, str], str]:
    """What happened, by kind and name of an entry."""
    _, kind = words._, LogKind.ASSISTANT
    return {
        (kind, "answer"): _("Question answered"),
        (kind, "failed"): _("Question not answered"),
        (kind, "trial"): _("Began the free trial"),
        (kind, "trial_paid"): _("Pays after the trial"),
        (kind, "bought"): _("Bought answers"),
        (kind, "changed"): _("Answers changed by an operator"),
        (kind, "withdrawn"): _("Answers withdrawn with their payment"),
        (kind, "consent"): _("Consent to the AI service"),
    }


def log_facts(entry: LogEntry, words: Language) -> list[str]:
    """What the log tells of the helper beside its names; nothing of any other entry."""
    if entry.kind is not LogKind.ASSISTANT:
        return []
    told: dict[str, Callable[[str, Language], str]] = {
        "task": task_name,
        "source": source_name,
        "place": place_name,
        "why": failure_name,
        "credits": lambda number, words: words.ngettext("{n} answer", "{n} answers", int(number)),
        "change": lambda number, _: f"{int(number):+d}".replace("-", "\N{MINUS SIGN}"),
        "tokens": lambda number, words: words.ngettext("{n} token", "{n} tokens", int(number)),
        "seconds": lambda number, words: words._("{n} s", n=number),
    }
    return [say(str(entry.details[fact]), words) for fact, say in told.items() if fact in entry.details]


def task_name(task: str, words: Language) -> str:
    _ = words._
    names: dict[str, str] = {
        Task.QUESTION: _("question"),
        Task.LISTING: _("draft of a lot"),
        Task.LOT: _("question about a lot"),
        Task.REPLY: _("draft of a reply"),
    }
    return names.get(task, task)


def source_name(source: str, words: Language) -> str:
    """What paid for it."""
    _ = words._
    names: dict[str, str] = {
        Source.TRIAL: _("free trial"),
        Source.QUOTA: _("subscription"),
        Source.CREDIT: _("bought or given answers"),
    }
    return names.get(source, source)


def place_name(place: str, words: Language) -> str:
    _ = words._
    names: dict[str, str] = {
        Place.CHAT: _("in the chat"),
        Place.SITE: _("on the site"),
        Place.API: _("through the API"),
    }
    return names.get(place, place)


def state_name(state: State, words: Language) -> str:
    _ = words._
    return {
        State.QUEUED: _("waits"),
        State.ANSWERING: _("being answered"),
        State.DONE: _("answered"),
        State.FAILED: _("not answered"),
        State.STOPPED: _("stopped by the person"),
    }[state]


def failure_name(why: str, words: Language) -> str:
    """Why a question has no answer."""
    _ = words._
    names: dict[str, str] = {
        Failure.UNREACHABLE: _("the AI service did not answer"),
        Failure.EMPTY: _("the AI service gave an empty answer"),
        Failure.WITHHELD: _("withheld by the filter of the AI service"),
        Failure.UNUSABLE: _("no draft came of it"),
        Failure.STOPPED: _("stopped by the person"),
        Failure.CONSENT: _("consent was taken back"),
        Failure.BARRED: _("the person was barred"),
        Failure.RESTING: _("the day's tokens were used up"),
        Failure.GONE: _("the lot was gone"),
        Failure.DIED: _("its workers died"),
    }
    return names.get(why, why)
