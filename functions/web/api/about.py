"""What an API route tells of itself where it is registered; the OpenAPI document is made of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from web.api.schemas import Schema, text, whole

Security = tuple[dict[str, list[str]], ...]
BY_SESSION: Final[Security] = ({"session": []},)
KNOWN: Final[Security] = ({"token": []}, *BY_SESSION)
ANYBODY: Final[Security] = ({}, *KNOWN)


@dataclass(frozen=True)
class About:
    """`body` and `answer` name schemas; a body that `may_be_empty` is none at all. `query`: what may stand in it.
    `also`: why it is answered alike with another status, by status; `refused`: what is special in its refusals.
    """

    summary: str
    answer: str | None = None
    body: str | None = None
    status: int = 200
    may_be_empty: bool = False
    query: Mapping[str, Schema] = field(default_factory=dict[str, Any])
    security: Security = KNOWN
    also: Mapping[int, str] = field(default_factory=dict[int, str])
    refused: Mapping[int, str] = field(default_factory=dict[int, str])


def paging(most: int) -> dict[str, Schema]:
    """The query of a list that is read in pages."""
    return {"cursor": text(), "limit": whole(1, most)}
