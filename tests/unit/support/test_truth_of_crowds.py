"""The checks of a crowd find nothing in a sound one, and each fault that is planted."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.errors import StarbidError
from starbid.i18n import language
from tests.e2e.crowd.scenes import BEST, SCENES, Crowd, Scene, Try
from tests.e2e.crowd.square import STARS, Answer, Wallets
from tests.e2e.crowd.truth import faults
from tests.support.factories import market, wallet, xtr
from tests.support.fakes import FakeApp
from tests.support.memory_tables import Tables
from web.api import shapes
from web.shared.refusals import error_body, status_of

OFFERS = {1001: 100, 1002: 300, 1003: 110, 1004: 200, 1005: BEST, 1006: 400, 1007: BEST}
FIXED = next(scene for scene in SCENES if scene.name == "English, fixed end")
SEALED = next(scene for scene in SCENES if scene.name == "sealed")


def played(scene: Scene) -> tuple[Crowd, Tables]:
    """One after the other, as nobody meets anybody: sound."""
    app, lot = market(*OFFERS, stars=STARS, **scene.terms)
    lot_id = lot.auction.id
    before, had = _seen(app, lot_id), _wallets(app)
    tries = [Try(who, amount, (_bid(app, lot_id, who, amount),)) for who, amount in OFFERS.items()]
    app.clock.forward(hours=3)
    app.closing.wake(lot_id, app.now())
    app.closing.sweep(app.now())
    log = json.loads(app.bid_logs.find(lot_id, app.now()).content)
    return Crowd(scene, before, tries, _seen(app, lot_id), log, had, _wallets(app)), app.store.tables


def _bid(app: FakeApp, lot_id: str, who: int, amount: int) -> Answer:
    try:
        accepted = app.bidding.bid(lot_id, who, amount, app.now(), confirmed=True)
    except StarbidError as error:
        return _answer(status_of(error), error_body(error, language("en")))
    return _answer(201, shapes.own_bid(accepted))


def _answer(status: int, body: Any) -> Answer:
    return Answer(status, json.dumps(body), sent=0.0, seconds=0.1)


def _seen(app: FakeApp, lot_id: str) -> dict[str, Any]:
    return shapes.lot(app.browsing.lot(lot_id, None, app.now()))


def _wallets(app: FakeApp) -> Wallets:
    return {who: app.store.tables.wallets[who, "XTR"] for who in OFFERS}


def told_instead(crowd: Crowd, who: int, answer: Answer) -> Crowd:
    tries = [replace(one, answers=(answer,)) if one.who == who else one for one in crowd.tries]
    return replace(crowd, tries=tries)


@pytest.mark.parametrize("scene", [FIXED, SEALED], ids=lambda scene: scene.kind)
def test_nothing_is_wrong_with_a_sound_crowd(scene: Scene) -> None:
    assert faults(*played(scene)) == []


def refusal(code: str, **details: int) -> Answer:
    return _answer(409, {"error": {"code": code, "message": "", "details": details}})


@pytest.mark.parametrize(
    ("scene", "who", "answer", "fault"),
    [
        (SEALED, 1003, refusal("conflict"), "1 of 7 were told conflict"),
        (SEALED, 1003, refusal("auction_closed"), "1 of 7 were told auction_closed"),
        (SEALED, 1003, Answer(0, "TimeoutError()", 0.0, 30.0), "1 of 7 were told 0"),
        (FIXED, 1003, _answer(201, {"number": 3, "amount": 110}), "7 were told that they bid, 6 bids of 6 are there"),
        (FIXED, 1003, refusal("bid_too_low", next_min_bid=115), "1003 bid 110 and was told"),
        (FIXED, 1003, refusal("bid_too_low", next_min_bid=100), "1003 bid 110 and was told"),
        (FIXED, 1002, _answer(201, {"number": 1, "amount": 300}), "number 2 was told 1 and 300"),
    ],
)
def test_a_false_answer_is_found(scene: Scene, who: int, answer: Answer, fault: str) -> None:
    crowd, books = played(scene)
    assert fault in "\n".join(faults(told_instead(crowd, who, answer), books))


def test_a_lost_row_is_found() -> None:
    crowd, books = played(SEALED)
    del books.bids[crowd.lot, 4]
    found = "\n".join(faults(crowd, books))
    assert "7 were told that they bid, 6 bids of 6 are there" in found
    assert "the numbers of the bids have gaps" in found


def test_a_wrong_price_is_found() -> None:
    crowd, books = played(FIXED)
    books.bids[crowd.lot, 2] = replace(books.bids[crowd.lot, 2], price=xtr(300))
    assert "number 2 led to 300 for 1002, right is 110 for 1002" in "\n".join(faults(crowd, books))


def test_a_lost_star_is_found() -> None:
    crowd, books = played(SEALED)
    poorer = replace(crowd, have=crowd.have | {1001: wallet(1001, available=STARS - 1)})
    assert f"1005 won for {BEST}, and paid have {{1001: 1, 1005: {BEST}}}" in "\n".join(faults(poorer, books))


def test_two_answers_with_one_key_are_found() -> None:
    crowd, books = played(SEALED)
    first, *rest = crowd.tries
    doubled = replace(crowd, tries=[replace(first, answers=(*first.answers, refusal("conflict"))), *rest])
    assert "1001 was told two things with one key: ['accepted', 'conflict']" in "\n".join(faults(doubled, books))
