"""What happened on the site and in the chat that is nobody's business but the operators': for the event log."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.events.base import Event, PersonEvent


@dataclass(frozen=True, slots=True)
class LoggedIn(PersonEvent):
    """A session began. `how`: by a code of the `bot`, a link of `telegram`'s that vouches for them, `oidc` (OpenID
    Connect), or in the `mini_app`.
    """

    how: str


@dataclass(frozen=True, slots=True)
class RequestFailed(Event):
    """A fault of ours. `place` is `web` or `webhook`, `route` the pattern of the path or the form of the update,
    `error` the class of what was raised: never its text, which may hold anything.
    """

    place: str
    route: str
    error: str
    user_id: int | None = None
