"""Secrets in a process that hosts all functions: a call can read only those of its function, as in Lambda.

The bot's connection is shared, so here a function without the token could call the bot;
tests/integration/test_permissions.py records each use by function.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import replace
from typing import TYPE_CHECKING

from local.template import Function

if TYPE_CHECKING:
    from starbid.config import Settings

_given: ContextVar[tuple[str, ...] | None] = ContextVar("given", default=None)
"""The secrets of the running call; None outside calls, where the run itself reads all."""


@contextmanager
def secrets_of(function: Function) -> Iterator[None]:
    """Calls inside the block have only this function's secrets."""
    from starbid.config import secrets_named

    token = _given.set(secrets_named(function.environment))
    try:
        yield
    finally:
        _given.reset(token)


def by_function(settings: Settings) -> Settings:
    """The same settings, whose secrets are those of the call that asks."""
    return replace(settings, secrets=_GivenSecrets(settings.secrets))


class _GivenSecrets(Mapping[str, str]):
    def __init__(self, kept: Mapping[str, str]) -> None:
        self._kept = kept

    def __getitem__(self, name: str) -> str:
        if name not in self:
            raise KeyError(name)
        return self._kept[name]

    def __contains__(self, name: object) -> bool:
        given = _given.get()
        return name in self._kept and (given is None or name in given)

    def __iter__(self) -> Iterator[str]:
        return (name for name in self._kept if name in self)

    def __len__(self) -> int:
        return sum(1 for _ in self)
