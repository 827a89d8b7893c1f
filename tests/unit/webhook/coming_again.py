"""A text to a process that dies, and its update once more when the lease of the first one is over."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.dying import dies_at
from tests.support.fakes import Death, FakeApp

from .chatting import Chat

NEVER = 60
"""More calls than any answer makes."""


def dies_and_comes_again(app: FakeApp, chat: Chat, text: str, at: int, update_id: int = 5) -> bool:
    """Say it to a process that dies at its call `at`, and bring it again; False where it did not get that far."""
    with dies_at(app, chat.telegram, at) as death:
        try:
            chat.say(text, update_id)
        except Death:
            assert death.came
    app.clock.forward(seconds=31)
    assert chat.say(text, update_id) == 200
    return death.came


def dies_at_the_end(app: FakeApp, chat: Chat, text: str, update_id: int = 5) -> None:
    """All is done, but for the note that it is."""
    with pytest.raises(Death), dies_at(app, chat.telegram, "finish_heard"):
        chat.say(text, update_id)


def at_each_call(run: Callable[[int], bool], first: int = 0) -> None:
    """From the call `first` on. Raises AssertionError where a run never gets to its end, or dies at no call at all."""
    runs = next((at for at in range(first, NEVER) if not run(at)), None)
    assert runs is not None
    assert runs > 3
