"""What follows a decision about a person, and making the index of people and lots again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from clerk.jobs import HasTime, UnknownJob, job
from starbid.bootstrap import app
from starbid.services.desk.moderation import AFTER_BLOCK

REMADE = 100
"""People or lots of one step."""


@job(AFTER_BLOCK)
def take_down_lots(body: Mapping[str, Any], has_time: HasTime) -> None:
    """`{"user_id": …}`: what a blocked person has up without bids is cancelled."""
    user_id, cursor = body.get("user_id"), body.get("cursor")
    if not isinstance(user_id, int):
        raise UnknownJob
    while True:
        cursor = app().moderation.take_down_lots(user_id, cursor, app().now())
        if cursor is None:
            return
        if not has_time():
            app().desk_work.ask(AFTER_BLOCK, {"user_id": user_id, "cursor": cursor})
            return


@job("finds")
def remake_finds(body: Mapping[str, Any], has_time: HasTime) -> None:
    """`{}`: the lists and words of all people, then the words of all lots; `of` and `cursor` say how far it is."""
    what, cursor = body.get("of", "people"), body.get("cursor")
    if what not in ("people", "lots"):
        raise UnknownJob
    while has_time():
        cursor = _remake(what, cursor)
        if cursor is None:
            break
    if cursor is not None:
        app().desk_work.ask("finds", {"of": what, "cursor": cursor})
    elif what == "people":
        app().desk_work.ask("finds", {"of": "lots"})


def _remake(what: str, cursor: str | None) -> str | None:
    finding = app().finding
    if what == "people":
        return finding.remake_people(cursor, REMADE)
    return finding.remake_lots(cursor, REMADE, app().now())
