"""The kinds of auction, each in a module of its own. A new kind is a module here and a line in `KINDS`."""

from __future__ import annotations

from typing import Final

from starbid.domain.kinds.base import Accepted, Kind
from starbid.domain.kinds.english import English

KINDS: Final[dict[str, Kind]] = {"english": English()}


def kind_of(name: str) -> Kind:
    """The rules of a kind; KeyError for one that does not exist."""
    return KINDS[name]


__all__ = ["KINDS", "Accepted", "Kind", "kind_of"]
