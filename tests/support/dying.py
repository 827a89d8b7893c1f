"""A process that dies at a call of its choosing: to the small records, to the store, or to Telegram."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any
from unittest import mock

from .bot_pool import FakeTelegram
from .failing import Death
from .fakes import FakeApp

_SCRATCH = ("receive", "put_member", "exchange_member", "drop_member", "put", "forget", "count", "finish_heard")
"""What writes a small record."""


@dataclass
class Dying:
    """`came`: the process died."""

    calls: int = 0
    came: bool = False


@contextmanager
def dies_at(app: FakeApp, telegram: FakeTelegram, where: int | str) -> Iterator[Dying]:
    """Within, the call number `where` from 0 on, or the first of that name, is the last one, and is not made. Calls are
    the writes of small records and of the store, and the requests to Telegram.
    """
    dying = Dying()

    def on(name: str, call: Callable[..., Any]) -> Callable[..., Any]:
        def made(*args: Any, **kwargs: Any) -> Any:
            at, dying.calls = dying.calls, dying.calls + 1
            if where in (at, name):
                dying.came = True
                raise Death
            return call(*args, **kwargs)

        return made

    writes: dict[str, Any] = {name: on(name, getattr(app.scratch, name)) for name in _SCRATCH}
    with (
        mock.patch.multiple(app.scratch, **writes),
        mock.patch.object(telegram, "request", on("request", telegram.request)),
        mock.patch.object(app.store, "_deed", on("store", app.store._deed)),
    ):
        yield dying
