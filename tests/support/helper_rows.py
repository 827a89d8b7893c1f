"""Accounts and questions of the helper, plain ones and such that have everything."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

from starbid.bootstrap import App
from starbid.domain.assistant.account import Account, Open, Pack, Phase, Source, Trial, changed
from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.question import Failure, Place, Question, State, Task, question_id

from .factories import ANNA
from .fake_clock import START

MS = timedelta(milliseconds=1)


def question(number: int = 0, user_id: int = ANNA, **changes: Any) -> Question:
    """The question that was asked `number` seconds after START."""
    at = START + timedelta(seconds=number)
    asked = Question(question_id(at, f"{user_id}:r{number}"), user_id, f"Question {number}?", at)
    return replace(asked, **changes)


def answered(number: int = 0, user_id: int = ANNA, answer: str = "", **changes: Any) -> Question:
    """The same with its answer."""
    text = answer or f"Answer {number}."
    over = question(number, user_id, state=State.DONE, answer=text, shown=Formatted(text), tokens=120)
    return replace(over, answered_at=over.asked_at + timedelta(seconds=9), **changes)


def opened(asked: Question, due_in: float = 60, **changes: Any) -> Open:
    return replace(Open(asked.id, Source.TRIAL, "", START + timedelta(seconds=due_in)), **changes)


def pack(number: int = 0, **changes: Any) -> Pack:
    return replace(Pack(f"pack:{ANNA}:r{number}", 50, 80, START + timedelta(seconds=number)), **changes)


def full_account(user_id: int = ANNA) -> Account:
    """Everything is set, and nothing is as it is by default."""
    return Account(
        user_id,
        version=7,
        consent_at=START + MS,
        trial=Trial(START + timedelta(days=7), 10, 3),
        quota_used={"stars:charge-1": 99, f"subscription:{user_id}:r1": 1},
        packs=(pack(1, used=4, order_id="0123456789abcdef"), pack(2, price=0)),
        granted=150,
        spent=54,
        withdrawn=50,
        open=Open(
            id=question(3).id,
            source=Source.CREDIT,
            of=pack(1).id,
            due_at=START + timedelta(seconds=90),
            phase=Phase.ANSWERING,
            tries=2,
            stop=True,
            told=1,
            message_id=77,
        ),
        recent=(START, START + MS),
        cleared_at=START - MS,
        clearing_due=START + timedelta(minutes=2),
        has_paid=True,
        unpaid=120,
        unpaid_on="2026-05-01",
    )


def full_question(user_id: int = ANNA) -> Question:
    return answered(
        3,
        user_id,
        "**Да**, `x` и [сайт](https://example.org)",
        task=Task.LOT,
        place=Place.API,
        subject="lot1",
        state=State.STOPPED,
        failure=Failure.STOPPED,
        shown=Formatted(
            "Да, x и сайт",
            (
                Mark(Look.BOLD, 0, 2),
                Mark(Look.PRE, 4, 5, language="python"),
                Mark(Look.LINK, 8, 12, url="https://example.org"),
            ),
        ),
        cut=True,
        suggested={"title": "Лампа", "start_price": ""},
    )


def keep(app: App, *kept: Account | Question) -> None:
    """What is stored, each in a unit of its own."""
    for each in kept:
        unit = app.store.unit()
        if isinstance(each, Account):
            unit.save_account(replace(each, version=each.version - 1), each)
        else:
            unit.add_question(each)
        unit.commit()


def keep_account(app: App, account: Account) -> Account:
    """As the first version that is stored of it."""
    kept = replace(account, version=1)
    assert app.questions.save(Account(account.user_id), kept)
    return kept


def saved(app: App, before: Account, **changes: object) -> Account:
    """The next version, stored."""
    after = changed(before, **changes)
    assert app.questions.save(before, after)
    return after
