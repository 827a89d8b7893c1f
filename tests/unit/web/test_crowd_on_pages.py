"""Who waited in a crowd is told by page and API what who came alone is told, and a repeat gets the same answer."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest

from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, draft, market, put_up, xtr
from tests.support.fakes import Death, FakeApp
from tests.support.lines import MS, decides, led_by_another, pace_of, waits
from tests.support.web import Answer, Client, program, text

Before = Callable[[FakeApp, str], object]
"""What happens to the lot or the bidder, after they looked and before their bid is decided."""
FALLING = {"type": "dutch", "start_price": 900, "floor_price": 300, "drop_amount": 100, "drop_seconds": 60}
ADMIN = 900


def nothing(_app: FakeApp, _lot: str) -> None: ...


def others_bid(app: FakeApp, lot: str) -> None:
    waits(app, lot, BORIS, 450, app.now() - MS)
    decides(app, lot)


def somebody_buys(app: FakeApp, lot: str) -> None:
    waits(app, lot, BORIS, app.store.tables.auctions[lot].price.amount, app.now() - MS, wish="buy")
    decides(app, lot)


def money_is_spent(app: FakeApp, _lot: str) -> None:
    app.bidding.bid(put_up(app, title="Another lamp").auction.id, ANNA, 9_900, app.now(), confirmed=True)


def a_debt_comes_up(app: FakeApp, _lot: str) -> None:
    wallet = app.store.tables.wallets[ANNA, "XTR"]
    app.store.tables.wallets[ANNA, "XTR"] = replace(wallet, available=xtr(0), owed=xtr(70))


def an_operator_blocks(app: FakeApp, _lot: str) -> None:
    app.store.block(ANNA)


def an_operator_cancels(app: FakeApp, lot: str) -> None:
    app.publishing.cancel(ADMIN, lot, app.now(), decision=deciding("a fake", app.now()))


def the_seller_edits(app: FakeApp, lot: str) -> None:
    terms = app.store.tables.auctions[lot].terms
    words = draft(app.now(), title="A brick", type=terms.kind, start_price=terms.start_price.amount)
    app.publishing.edit(SELLER, lot, words, (), app.now())


BIDS: dict[str, tuple[str, Before]] = {
    "accepted": ("english", nothing),
    "accepted, sealed": ("sealed", nothing),
    "accepted, vickrey": ("vickrey", nothing),
    "accepted below another's maximum": ("english", others_bid),
    "accepted, sealed, among others": ("sealed", others_bid),
    "no money": ("english", money_is_spent),
    "no money, sealed": ("sealed", money_is_spent),
    "in debt": ("english", a_debt_comes_up),
    "blocked": ("english", an_operator_blocks),
    "cancelled": ("english", an_operator_cancels),
    "changed": ("english", the_seller_edits),
    "changed, sealed": ("sealed", the_seller_edits),
}
PURCHASES: dict[str, tuple[dict[str, Any], Before]] = {
    "bought": ({"buy_now_price": 900}, nothing),
    "bought falling": (FALLING, nothing),
    "price moved": ({"buy_now_price": 900}, others_bid),
    "bought by another": (FALLING, somebody_buys),
    "no money": ({"buy_now_price": 900}, money_is_spent),
    "in debt": (FALLING, a_debt_comes_up),
    "cancelled": ({"buy_now_price": 900}, an_operator_cancels),
}
KEY = {"idempotency-key": "order-1"}


Send = Callable[[Client, str], Answer]
Told = tuple[int, str, str]


@dataclass(frozen=True)
class By:
    """How somebody bids and buys: on a page or as a program, with a key or without."""

    program: bool
    key: bool = False

    def client(self, app: FakeApp) -> Client:
        return program(app, ANNA) if self.program else Client(app).log_in(ANNA)

    def bid(self, client: Client, lot: str) -> Answer:
        return self._send(client, lot, "bids" if self.program else "bid", {"amount": 400, "card_version": 1})

    def buy(self, client: Client, lot: str) -> Answer:
        return self._send(client, lot, "buy", {"seen_price": 900, "card_version": 1})

    def _send(self, client: Client, lot: str, act: str, fields: dict[str, Any]) -> Answer:
        if not self.program:
            return client.post_form(f"/auction/{lot}/{act}", **fields)
        return client.post(f"/api/v1/auctions/{lot}/{act}", fields, headers=KEY if self.key else {})


PAGE, API, KEYED = By(program=False), By(program=True), By(program=True, key=True)
WAYS = pytest.mark.parametrize("by", [PAGE, API, KEYED], ids=["page", "api", "api with a key"])


@dataclass(frozen=True)
class Scene:
    app: FakeApp
    lot: str
    client: Client
    told: Told

    def again(self, send: Send) -> Told:
        return told(self.app, self.lot, send(self.client, self.lot))


def answered(crowd: bool, terms: dict[str, Any], before: Before, by: By, send: Send) -> Scene:
    """What is answered to one who comes alone after that has happened, or during whose waiting it happens."""
    app, lot = market(ANNA, BORIS, CLARA, **terms)
    lot_id, client = lot.auction.id, by.client(app)
    if crowd:
        led_by_another(app, lot_id)
        pace_of(app).meanwhile.append(partial(decided_after, app, lot_id, before))
    else:
        before(app, lot_id)
    found = told(app, lot_id, send(client, lot_id))
    assert not pace_of(app).meanwhile, "they have waited"
    return Scene(app, lot_id, client, found)


def decided_after(app: FakeApp, lot: str, before: Before) -> None:
    before(app, lot)
    decides(app, lot)


def told(app: FakeApp, lot_id: str, answer: Answer) -> Told:
    """The answer, without what no two lots have in common."""
    said = text(answer) if "html" in answer.headers.get("content-type", "") else answer.text
    said = said.replace(lot_id, "<lot>")
    for who in (ANNA, BORIS, CLARA):
        said = said.replace(app.store.tables.auctions[lot_id].pseudonym(who), f"<{who}>")
    said = re.sub(r"\b[0-9a-f]{16,}\b", "…", said)
    return answer.status, said, answer.headers.get("location", "").replace(lot_id, "<lot>")


@WAYS
@pytest.mark.parametrize(("kind", "before"), BIDS.values(), ids=BIDS)
def test_a_bid_that_waited_is_answered_like_one_that_came_alone(kind: str, before: Before, by: By) -> None:
    alone, waited = (answered(crowd, {"type": kind}, before, by, by.bid) for crowd in (False, True))
    assert waited.told == alone.told
    counts = [scene.app.store.tables.auctions[scene.lot].bids_count for scene in (alone, waited)]
    assert counts[0] == counts[1]


@WAYS
@pytest.mark.parametrize(("terms", "before"), PURCHASES.values(), ids=PURCHASES)
def test_a_purchase_that_waited_is_answered_like_one_that_came_alone(
    terms: dict[str, Any], before: Before, by: By
) -> None:
    alone, waited = (answered(crowd, terms, before, by, by.buy) for crowd in (False, True))
    assert waited.told == alone.told


@pytest.mark.parametrize(("kind", "before"), [each for name, each in BIDS.items() if name != "blocked"])
def test_a_key_has_the_same_answer_at_each_use_no_matter_who_decided_and_what_came_since(
    kind: str, before: Before
) -> None:
    scene = answered(True, {"type": kind}, before, KEYED, KEYED.bid)
    for later in (nothing, higher_bids, the_end):
        later(scene.app, scene.lot)
        assert scene.again(KEYED.bid) == scene.told


def higher_bids(app: FakeApp, lot: str) -> None:
    waits(app, lot, CLARA, 700)
    decides(app, lot)


def the_end(app: FakeApp, lot: str) -> None:
    app.clock.forward(hours=2)
    app.closing.wake(lot, app.now())


@pytest.mark.parametrize("terms", [{"buy_now_price": 900}, FALLING], ids=["buy-now", "dutch"])
def test_a_key_of_a_purchase_has_the_same_answer_at_each_use_whatever_became_of_the_deal(
    terms: dict[str, Any],
) -> None:
    scene = answered(True, terms, nothing, KEYED, KEYED.buy)
    assert scene.told[0] == 201
    app, lot = scene.app, scene.lot
    for later in (
        lambda: app.dealing.deliver(SELLER, lot, "the code", app.now()),
        lambda: app.dealing.dispute(ANNA, lot, "it does not work", app.now()),
        lambda: app.dealing.resolve(deciding("so it is", app.now()), lot, False),
        lambda: app.publishing.relist(SELLER, lot, app.now()),
    ):
        later()
        assert scene.again(KEYED.buy) == scene.told


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_a_key_that_is_used_alone_after_others_decided_a_bid_of_it_has_one_answer(kind: str) -> None:
    """The function that waited has died: nobody has worded the answer yet."""
    alone = answered(False, {"type": kind}, nothing, KEYED, KEYED.bid)
    app, lot = market(ANNA, BORIS, CLARA, type=kind)
    client, lot_id = KEYED.client(app), lot.auction.id
    led_by_another(app, lot_id)
    app.intents.fail_next(Death(), after=True)
    with pytest.raises(Death):
        KEYED.bid(client, lot_id)
    decides(app, lot_id)
    higher_bids(app, lot_id)
    assert told(app, lot_id, KEYED.bid(client, lot_id)) == alone.told


def test_a_key_that_waits_under_two_bodies_is_told_so() -> None:
    app, lot = market()
    client, lot_id = KEYED.client(app), lot.auction.id
    led_by_another(app, lot_id)
    app.intents.fail_next(Death(), after=True)
    with pytest.raises(Death):
        KEYED.bid(client, lot_id)
    app.clock.forward(milliseconds=5)
    pace_of(app).meanwhile.append(lambda: decides(app, lot_id))
    answer = client.post(f"/api/v1/auctions/{lot_id}/bids", {"amount": 401}, headers=KEY)
    assert (answer.status, answer.code) == (422, "idempotency_key_reused")
    assert app.store.tables.auctions[lot_id].leader_maximum == xtr(400)


@WAYS
def test_eight_seconds_in_a_crowd_are_a_conflict_that_is_not_remembered(by: By) -> None:
    app, lot = market()
    client, lot_id = by.client(app), lot.auction.id
    led_by_another(app, lot_id)
    assert by.bid(client, lot_id).status == 409
    assert (app.store.tables.intents, app.store.tables.idempotency_records) == ({}, {})
    pace_of(app).meanwhile.append(lambda: decides(app, lot_id))
    assert by.bid(client, lot_id).status == (201 if by.program else 303)
