"""Who waited in a crowd is told by the bot what who came alone is told."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.intents import Wish
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, draft, join, put_up, xtr
from tests.support.fakes import Death, FakeApp
from tests.support.lines import MS, decides, led_by_another, pace_of, waits

from .chatting import Chat, FakeTelegram, chatting_app, price

Before = Callable[[FakeApp, str], object]
Act = Callable[[Chat, str], object]
FALLING: dict[str, Any] = {
    "type": "dutch",
    "start_price": 900,
    "floor_price": 300,
    "drop_amount": 100,
    "drop_seconds": 60,
}
ENGLISH: dict[str, Any] = {"bid_step": 10, "buy_now_price": 900}


def nothing(_app: FakeApp, _lot: str) -> None: ...


def others_bid(app: FakeApp, lot: str) -> None:
    waits(app, lot, BORIS, 450, app.now() - MS)
    decides(app, lot)


def somebody_buys(app: FakeApp, lot: str) -> None:
    waits(app, lot, BORIS, 900, app.now() - MS, wish=Wish.BUY)
    decides(app, lot)


def money_is_spent(app: FakeApp, _lot: str) -> None:
    app.bidding.bid(put_up(app, title="Another lamp").auction.id, ANNA, 9_950, app.now(), confirmed=True)


def a_debt_comes_up(app: FakeApp, _lot: str) -> None:
    wallet = app.store.tables.wallets[ANNA, "XTR"]
    app.store.tables.wallets[ANNA, "XTR"] = replace(wallet, available=xtr(0), owed=xtr(70))


def an_operator_cancels(app: FakeApp, lot: str) -> None:
    app.publishing.cancel(900, lot, app.now(), decision=deciding("a fake", app.now()))


def the_seller_edits(app: FakeApp, lot: str) -> None:
    terms = app.store.tables.auctions[lot].terms
    buy_now = terms.buy_now_price.amount if terms.buy_now_price else None
    words = draft(app.now(), title="A brick", type=terms.kind, buy_now_price=buy_now)
    app.publishing.edit(SELLER, lot, words, (), app.now())


def presses(button: str) -> Act:
    def act(anna: Chat, _lot: str) -> None:
        anna.press(button)

    return act


def types(anna: Chat, _: str) -> None:
    anna.say("400")


def shows(anna: Chat, lot: str) -> None:
    anna.say(f"/auction_{lot}")


def asks(anna: Chat, lot: str) -> None:
    anna.press_data(f"m:{lot}", None)


BID, TYPE, BUY = (shows, presses(price(140))), (asks, types), (shows, presses(f"Buy the lot for {price(900)}"))
SCENES: dict[str, tuple[dict[str, Any], tuple[Act, Act], Before]] = {
    "a press": (ENGLISH, BID, nothing),
    "a press that others overtake": (ENGLISH, BID, others_bid),
    "a press without money": (ENGLISH, BID, money_is_spent),
    "a press in debt": (ENGLISH, BID, a_debt_comes_up),
    "a press on a lot that is cancelled": (ENGLISH, BID, an_operator_cancels),
    "a press on other words": (ENGLISH, BID, the_seller_edits),
    "a number": (ENGLISH, TYPE, nothing),
    "a number that others overtake": (ENGLISH, TYPE, others_bid),
    "a number, sealed": ({"type": "sealed"}, TYPE, nothing),
    "a number, sealed, without money": ({"type": "sealed"}, TYPE, money_is_spent),
    "a number, vickrey, among others": ({"type": "vickrey"}, TYPE, others_bid),
    "a number on other words": ({"type": "sealed"}, TYPE, the_seller_edits),
    "a purchase": (ENGLISH, BUY, nothing),
    "a purchase after a bid": (ENGLISH, BUY, others_bid),
    "a purchase in debt": (ENGLISH, BUY, a_debt_comes_up),
    "a purchase at a falling price": (FALLING, BUY, nothing),
    "a purchase that another was faster with": (FALLING, BUY, somebody_buys),
}


def told(crowd: bool, terms: dict[str, Any], acts: tuple[Act, Act], before: Before) -> list[str]:
    """All that is said and shown to ANNA from her act on; what others did came in between, or while she waited."""
    telegram = FakeTelegram()
    app = chatting_app(telegram)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bootstrap, "_app", app)
        anna = Chat(app, telegram, ANNA, name="Anna").join(stars=10_000)
        for other in (BORIS, CLARA):
            join(app, other, stars=10_000)
        lot = put_up(app, **terms).auction.id
        look, act = acts
        look(anna, lot)
        between_look_and_bid(crowd, app, lot, before)
        assert act(anna, lot) is None
        assert not pace_of(app).meanwhile, "they have waited"
        said = [str(message.get("text") or message.get("caption")) for message in anna.messages]
        shown = [text for message in anna.messages for text in anna.buttons(message)]
        names = {lot: "<lot>"} | {app.store.tables.auctions[lot].pseudonym(who): "<who>" for who in (ANNA, BORIS)}
    return [re.sub("|".join(map(re.escape, names)), lambda found: names[found[0]], text)
            for text in (*said, *shown, *anna.toasts())]  # fmt: skip


def between_look_and_bid(crowd: bool, app: FakeApp, lot: str, before: Before) -> None:
    """The service's own look is before it too: of one who comes alone, its first read is behind."""

    def happens() -> None:
        before(app, lot)
        decides(app, lot)

    if crowd:
        led_by_another(app, lot)
        pace_of(app).meanwhile.append(happens)
        return
    real: Callable[..., Any] = app.bidding._look

    def after(*args: Any, **named: Any) -> Any:
        seen = real(*args, **named)
        patch.undo()
        before(app, lot)
        return seen

    patch = pytest.MonkeyPatch()
    patch.setattr(app.bidding, "_look", after)


@pytest.mark.parametrize(("terms", "acts", "before"), SCENES.values(), ids=SCENES)
def test_who_waited_is_told_what_who_came_alone_is_told(
    terms: dict[str, Any], acts: tuple[Act, Act], before: Before
) -> None:
    alone, waited = (told(crowd, terms, acts, before) for crowd in (False, True))
    assert waited == alone


def test_who_waited_in_vain_is_told_to_try_again_and_bids_once(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=10_000)
    lot = put_up(app, bid_step=10).auction.id
    anna.say(f"/auction_{lot}")
    led_by_another(app, lot)
    anna.press(price(140))
    assert anna.toasts() == ["Many people are bidding on this lot right now. Try again."]
    assert (app.store.tables.intents, app.store.tables.bids) == ({}, {})
    pace_of(app).meanwhile.append(partial(decides, app, lot))
    anna.press(price(140))
    assert anna.toasts()[1:] == [f"You lead at {price(100)}. {price(140)} is frozen."]
    assert app.store.tables.auctions[lot].bids_count == 1


def test_an_update_that_dies_while_its_bid_waits_comes_again_and_counts_once(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=10_000)
    lot = put_up(app, bid_step=10).auction.id
    anna.say(f"/auction_{lot}")
    led_by_another(app, lot)
    app.intents.fail_next(Death(), after=True)
    with pytest.raises(Death):
        anna.press(price(140), update_id=77)
    decides(app, lot)
    app.clock.forward(seconds=31)
    assert anna.press(price(140), update_id=77) == 200
    assert anna.toasts()[-1] == f"You lead at {price(100)}. {price(140)} is frozen."
    assert app.store.tables.auctions[lot].bids_count == 1
