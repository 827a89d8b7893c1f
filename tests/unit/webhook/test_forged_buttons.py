"""Whatever a button says that somebody made up: it is answered, and moves nothing of anybody else's."""

from __future__ import annotations

import ast
import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest

from starbid.domain.lots import Lot
from tests.support.factories import put_up
from tests.support.fakes import FakeApp
from webhook.registry import screens

from .chatting import Chat

MALLORY = 666
_WORD = re.compile(r"[A-Za-z_]{1,14}")
_ODD = ("", ":", "::::", "0", "-1", "1" * 14, "1e3", "٣", "é", "../..", "<b>", "%s", "{0}", "x" * 50, "null", "lot?")
_MONEY = ("auctions", "cards", "deals", "bids", "wallets", "transfers", "charges", "bills", "payouts", "pairs")


@pytest.fixture
def bought(app: FakeApp, anna: Chat) -> Lot:
    """Of Anna, and not delivered."""
    anna.join(stars=10_000)
    lot = put_up(app, title="Lamp", buy_now_price=500)
    app.bidding.buy(lot.auction.id, anna.id, 500, app.now())
    return lot


def words_of(verb: str) -> set[str]:
    """What the module of a button compares its parts with, and more."""
    module = inspect.getmodule(screens.presses[verb].act)
    assert module
    literals = (node.value for node in ast.walk(ast.parse(inspect.getsource(module))) if isinstance(node, ast.Constant))
    return {each for each in literals if isinstance(each, str) and _WORD.fullmatch(each)}


def forged(verb: str, lot_ids: tuple[str, ...]) -> Iterator[str]:
    yield verb
    for odd in _ODD:
        yield f"{verb}:{odd}"
    for lot in lot_ids:
        tails = ("", ":0", ":1", ":500", ":500:1", ":0:0:0", f":{lot}")
        yield from (f"{verb}:{lot}{tail}" for tail in tails)
        yield from (f"{verb}:{word}:{lot}{tail}" for word in sorted(words_of(verb)) for tail in tails[:4])
    for word in sorted(words_of(verb)):
        yield from (f"{verb}:{word}{tail}" for tail in ("", ":", ":0", ":900", ":1:1", ":x:y:z"))


def of_others(app: FakeApp) -> dict[str, Any]:
    """All that Mallory has no part in."""
    tables = app.store.tables
    state: dict[str, Any] = {name: dict(getattr(tables, name)) for name in _MONEY}
    state["wallets"] = {key: kept for key, kept in tables.wallets.items() if key[0] != MALLORY}
    state["people"] = {number: person for number, person in tables.people.items() if number != MALLORY}
    return state


@pytest.mark.parametrize("verb", sorted(screens.presses))
def test_a_made_up_button_is_answered_and_moves_nothing_of_others(
    app: FakeApp, anna: Chat, bought: Lot, verb: str
) -> None:
    live = put_up(app, title="Vase")
    mallory = Chat(app, anna.telegram, MALLORY).join(stars=0)
    mallory.say("/start")
    screen, before = mallory.last, of_others(app)
    for data in forged(verb, (bought.auction.id, live.auction.id)):
        if len(data.encode()) > 64:
            continue
        calls = len(mallory.telegram.calls)
        assert mallory.press_data(data, screen) == 200, data
        assert len(mallory.telegram.calls) > calls, f"{data} is met with silence"
    assert of_others(app) == before
