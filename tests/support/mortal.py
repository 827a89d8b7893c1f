"""A process that dies between any two of its calls to the outside."""

from __future__ import annotations

from typing import Any

from .failing import Death


class Fate:
    """Counts the moments before and after each call; at the one numbered `dies_at` (from 0) the process ends.

    Nothing gets through until `revive`: cleanup code (`finally`, `except`) does not run in a real crash either.
    """

    def __init__(self, dies_at: int | None = None) -> None:
        self._dies_at = dies_at
        self._dead = False
        self.moments = 0
        self.last = ("", "")

    @property
    def was_met(self) -> bool:
        return self._dies_at is not None and self.moments > self._dies_at

    def revive(self) -> None:
        self._dead = False

    def step(self, call: str, when: str) -> None:
        if self._dead:
            raise Death
        moment, self.moments = self.moments, self.moments + 1
        if moment == self._dies_at:
            self.last = (call, when)
            self._dead = True
            raise Death


class Mortal:
    """Any port, with such a fate."""

    def __init__(self, port: Any, fate: Fate) -> None:
        self._port, self._fate = port, fate

    def __getattr__(self, name: str) -> Any:
        real = getattr(self._port, name)
        if not callable(real):
            return real

        def call(*args: Any, **named: Any) -> Any:
            self._fate.step(name, "before")
            answer = real(*args, **named)
            self._fate.step(name, "after")
            return Mortal(answer, self._fate) if name == "unit" else answer

        return call
