"""Whatever a button says that somebody made up: it is answered, and moves nothing of anybody else's."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from typing import Any

import pytest

from starbid.domain.criteria import Criteria
from starbid.domain.payouts import read_wish
from starbid.services.ports import ApiToken, Contact
from tests.support.factories import put_up
from tests.support.fakes import FakeApp
from tests.support.paying_out import earned
from webhook.registry import screens

from .chatting import Chat

MALLORY = 666
_WORD = re.compile(r"[A-Za-z_]{1,14}")
_ODD = ("", ":", "::::", "0", "-1", "1" * 14, "1e3", "٣", "é", "../..", "<b>", "%s", "{0}", "x" * 50, "null", "lot?")


@dataclass(frozen=True)
class Hers:
    """What Anna has, by its ids: lots, and all else."""

    lots: tuple[str, ...]
    others: tuple[str, ...]


@pytest.fixture
def hers(app: FakeApp, anna: Chat) -> Hers:
    """A lot that she bought and that is not delivered, one that she may bid on, and something of all that a person
    keeps here.
    """
    anna.join(stars=10_000, seller=True)
    now, bought = app.now(), put_up(app, title="Lamp", buy_now_price=500).auction.id
    app.bidding.buy(bought, anna.id, 500, now)
    app.talking.write(anna.id, bought, "When does it come?", (), "w", now)
    live = put_up(app, title="Vase").auction.id
    app.watching.watch(anna.id, live, now)
    draft = app.drafts.begin(anna.id, {"title": "A lamp", "description": "It shines."}, now)
    search = app.saved_searches.save(anna.id, Criteria("lamp"), now)
    app.tokens.keep(ApiToken("d" * 64, anna.id, "mine", now))
    ticket = app.tickets.write(anna.id, "It does not work.", (), "t", now).ticket
    app.contacts.put(Contact(anna.id, "email", {"address": "anna@example.org", "ask": "a"}, now))
    earned(app, 1200, who=anna.id, days_ago=30)
    payout = app.payouts.request(anna.id, read_wish("XTR", 1000, "premium_3", ""), "p", now)
    return Hers((bought, live), (draft.id, search.id, ticket.id, payout.id))


def words_of(verb: str) -> set[str]:
    """What the module of a button compares its parts with, and more."""
    module = inspect.getmodule(screens.presses[verb].act)
    assert module
    literals = (node.value for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Constant))
    return {each for each in literals if isinstance(each, str) and _WORD.fullmatch(each)}


def forged(verb: str, hers: Hers) -> Iterator[str]:
    yield verb
    for odd in _ODD:
        yield f"{verb}:{odd}"
    for lot in hers.lots:
        tails = ("", ":0", ":1", ":500", ":500:1", ":0:0:0", f":{lot}")
        yield from (f"{verb}:{lot}{tail}" for tail in tails)
        yield from (f"{verb}:{word}:{lot}{tail}" for word in sorted(words_of(verb)) for tail in tails[:4])
    for each in hers.others:
        yield f"{verb}:{each}"
        yield from (f"{verb}:{word}:{each}{tail}" for word in sorted(words_of(verb)) for tail in ("", ":1", ":ti:x"))
    for word in sorted(words_of(verb)):
        yield from (f"{verb}:{word}{tail}" for tail in ("", ":", ":0", ":900", ":1:1", ":x:y:z"))


def of_others(app: FakeApp) -> dict[tuple[str, str], str]:
    """All that is kept and in which Mallory has no part."""
    tables, scratch = app.store.tables, app.scratch
    kept: dict[str, Mapping[Any, Any]] = {table.name: getattr(tables, table.name) for table in fields(tables)}
    kept |= {"contacts": app.contacts.kept, "searches": app.searches._kept, "watches": app.watches._marks}
    kept |= {f"scratch {group}": members for group, members in scratch._groups.items()}
    shown = {(name, repr(key)): repr(row) for name, rows in kept.items() for key, row in rows.items()}
    return {place: row for place, row in shown.items() if not _is_of_mallory(*place, row)}


def _is_of_mallory(*texts: str) -> bool:
    return any(str(MALLORY) in re.split(r"\W+", text) for text in texts)


@pytest.mark.parametrize("verb", sorted(screens.presses))
def test_a_made_up_button_is_answered_and_moves_nothing_of_others(
    app: FakeApp, anna: Chat, hers: Hers, verb: str
) -> None:
    mallory = Chat(app, anna.telegram, MALLORY).join(stars=0)
    mallory.say("/start")
    screen, before = mallory.last, of_others(app)
    for data in forged(verb, hers):
        if len(data.encode()) > 64:
            continue
        calls = len(mallory.telegram.calls)
        assert mallory.press_data(data, screen) == 200, data
        assert len(mallory.telegram.calls) > calls, f"{data} is met with silence"
    assert of_others(app) == before


def test_what_is_compared_has_all_that_she_keeps(app: FakeApp, hers: Hers) -> None:
    """Else the test above would say nothing of it."""
    kept = {name for name, _ in of_others(app)}
    assert kept >= {"bids", "wallets", "deals", "talks", "talk_messages", "tokens", "desk", "people", "payouts"}
    assert kept >= {"contacts", "searches", "watches"}
    assert any("A lamp" in row for row in of_others(app).values()), "the draft"
