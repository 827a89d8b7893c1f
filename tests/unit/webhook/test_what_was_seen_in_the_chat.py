"""Buttons and typed answers bid on the words that the person saw, in every kind of auction."""

from __future__ import annotations

import pytest

from starbid.domain.lots import Lot
from tests.support.factories import SELLER, draft, put_up
from tests.support.fakes import FakeApp

from .chatting import Chat

CHANGED = "The seller has changed this lot."


def swap(app: FakeApp, lot: Lot) -> None:
    fields = {"title": "A brick", "type": lot.auction.terms.kind}
    app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), **fields), (), app.now())


def bids(app: FakeApp, lot: Lot) -> int:
    return app.store.auction(lot.auction.id, consistent=True).bids_count


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_a_number_typed_for_words_that_were_changed_bids_nothing(app: FakeApp, anna: Chat, kind: str) -> None:
    anna.join(stars=10_000)
    lot = put_up(app, type=kind)
    anna.press_data(f"m:{lot.auction.id}", None)
    swap(app, lot)
    anna.say("500")
    assert bids(app, lot) == 0
    assert "A brick" in str(anna.last)
    anna.say("500")
    assert bids(app, lot) == 0, "the question is over"


@pytest.mark.parametrize("kind", ["sealed", "vickrey"])
def test_a_sealed_bid_that_was_asked_back_is_made_on_the_words_it_was_asked_about(
    app: FakeApp, anna: Chat, kind: str
) -> None:
    anna.join(stars=10_000)
    lot = put_up(app, type=kind)
    anna.press_data(f"m:{lot.auction.id}", None)
    anna.say("5000")
    (sure,) = [data for data in anna.buttons().values() if data.startswith("B:")]
    swap(app, lot)
    anna.press_data(sure, None)
    assert bids(app, lot) == 0
    fresh = put_up(app, type=kind)
    anna.press_data(f"m:{fresh.auction.id}", None)
    anna.say("5000")
    (sure,) = [data for data in anna.buttons().values() if data.startswith("B:")]
    anna.press_data(sure, None)
    assert bids(app, fresh) == 1


def test_an_edit_between_the_look_and_the_bid_is_seen_by_the_service(app: FakeApp, lot: Lot, anna: Chat) -> None:
    """The button was read on the old words, and the edit came in before the bid was written."""
    anna.say(f"/auction_{lot.auction.id}")
    (first, *_) = [data for data in anna.buttons().values() if data.startswith("b:")]
    app.store.meanwhile(lambda: swap(app, lot))
    anna.press_data(first, anna.last)
    assert bids(app, lot) == 0
    assert "A brick" in str(anna.last)


def test_an_old_card_is_drawn_with_the_new_words(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    (first, *_) = [data for data in anna.buttons().values() if data.startswith("b:")]
    swap(app, lot)
    anna.press_data(first, anna.last)
    assert bids(app, lot) == 0
    assert "A brick" in str(anna.last)


def test_a_purchase_of_changed_words_is_told_and_buys_nothing(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    (buy,) = [data for data in anna.buttons().values() if data.startswith("n:")]
    fields = {"title": "A brick", "buy_now_price": 900}
    app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), **fields), (), app.now())
    anna.press_data(buy, anna.last)
    assert bids(app, lot) == 0
    assert any(CHANGED in toast for toast in anna.toasts())
    assert "A brick" in str(anna.last)


@pytest.mark.parametrize("kind", ["english", "sealed", "vickrey"])
def test_a_button_that_asks_for_an_amount_is_one_of_the_words_it_stood_under(
    app: FakeApp, anna: Chat, kind: str
) -> None:
    anna.join(stars=10_000)
    lot = put_up(app, type=kind)
    anna.say(f"/auction_{lot.auction.id}")
    (ask,) = [data for data in anna.buttons().values() if data.startswith("m:")]
    swap(app, lot)
    anna.press_data(ask, anna.last)
    assert "A brick" in str(anna.last)
    anna.say("500")
    assert bids(app, lot) == 0, "nothing was asked"
    anna.say(f"/auction_{lot.auction.id}")
    (ask,) = [data for data in anna.buttons().values() if data.startswith("m:")]
    anna.press_data(ask, anna.last)
    anna.say("500")
    assert bids(app, lot) == 1


def test_an_unusual_bid_confirmed_after_an_edit_shows_the_new_words_first(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press_data(f"m:{lot.auction.id}:1", None)
    anna.say("5000")
    (sure,) = [data for data in anna.buttons().values() if data.startswith("B:")]
    app.publishing.edit(SELLER, lot.auction.id, draft(app.now(), description="A broken brick"), (), app.now())
    anna.press_data(sure, None)
    assert bids(app, lot) == 0
    assert "A broken brick" in str(anna.last)
