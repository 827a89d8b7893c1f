"""Clients made from the few service models in the built layer, and the fallback to botocore's own.

The models are cut from the botocore of the build (`build/trim_models.py`) and read by the one of the runtime. If the
two do not fit (unknown rules for endpoints, a model of another shape, a missing operation), a client is made from
botocore's own models, and the call is made by that one.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache, partial
from pathlib import Path
from threading import Lock
from typing import Any

from botocore.exceptions import ClientError, ConnectionError, HTTPClientError  # noqa: A004 - botocore's
from botocore.loaders import Loader
from botocore.session import Session, get_session

from starbid.acceleration.changes import tell

MODELS = Path(__file__).resolve().parents[2] / "aws_models"
"""Exists in the built layer only."""
NO_FAULT_OF_MODELS = (ClientError, ConnectionError, HTTPClientError)
"""AWS refused, or could not be reached."""
Make = Callable[[Session], Any]


def client(service: str, make: Make, own_session: Callable[[], Session]) -> Any:
    """What `make` makes of a session with the trimmed models only, or of `own_session` if there are none."""
    return TrimmedClient(service, make, own_session) if MODELS.is_dir() else make(own_session())


@cache
def trimmed_session() -> Session:
    session = get_session()
    models = Loader(extra_search_paths=[str(MODELS)], include_default_search_paths=False)
    session.register_component("data_loader", models)
    return session


class TrimmedClient:
    """A client that switches to botocore's own models, for good, at the first thing that the trimmed ones cannot do.

    A call that failed after it was sent is sent again, as botocore does after a lost answer. Threads may share it.
    """

    def __init__(self, service: str, make: Make, own_session: Callable[[], Session]) -> None:
        self._service, self._make, self._own_session = service, make, own_session
        self._trimmed: Any = None
        self._own: Any = None
        self._changing = Lock()
        try:
            self._trimmed = make(trimmed_session())
        except Exception:
            self._go_back()

    @property
    def is_trimmed(self) -> bool:
        return self._own is None

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        used = self._client()
        try:
            found = getattr(used, name)
        except AttributeError:
            if used is not self._trimmed:
                raise
            found = getattr(self._go_back(), name)
        return partial(self._call, name) if callable(found) else found

    def _call(self, name: str, *args: Any, **asked: Any) -> Any:
        used = self._client()
        try:
            return getattr(used, name)(*args, **asked)
        except NO_FAULT_OF_MODELS:
            raise
        except Exception:
            if used is not self._trimmed:
                raise
            own = self._go_back()
        return getattr(own, name)(*args, **asked)

    def _client(self) -> Any:
        return self._trimmed if self._own is None else self._own

    def _go_back(self) -> Any:
        """The client of botocore's own models, made by the first thread that needs it."""
        with self._changing:
            if self._own is None:
                tell(f"the trimmed models of {self._service} do not suit it; its own are used")
                self._own = self._make(self._own_session())
            return self._own
