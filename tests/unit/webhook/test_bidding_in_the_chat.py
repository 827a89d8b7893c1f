"""Bids and purchases from the chat."""

import pytest

from starbid.domain.lots import Lot
from tests.support.factories import SELLER, draft, draw, put_up, xtr
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram, price


def test_a_bid_edits_the_card_and_says_so_in_a_toast(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press(price(140))
    assert app.store.auction(lot.auction.id).leader_maximum == xtr(140)
    assert len(anna.messages) == 1
    assert "You lead. Your maximum is " + price(140) in anna.words
    assert anna.toasts() == [f"You lead at {price(100)}. {price(140)} is frozen."]


def test_a_button_of_a_lot_that_moved_asks_again_instead_of_bidding(
    app: FakeApp, lot: Lot, anna: Chat, boris: Chat
) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    boris.say(f"/auction_{lot.auction.id}")
    boris.press(price(100))
    anna.press(price(140))
    assert app.store.auction(lot.auction.id).bids_count == 1
    assert "No bid was placed" in anna.toasts()[-1]
    assert anna.buttons()[price(110)].startswith("b:")
    anna.press(price(110))
    assert app.store.auction(lot.auction.id).leader_id == anna.id


def test_a_bid_below_somebodys_maximum_is_told_so(app: FakeApp, lot: Lot, anna: Chat, boris: Chat) -> None:
    boris.say(f"/auction_{lot.auction.id}")
    boris.press("Указать максимум")
    boris.say("500")
    anna.say(f"/auction_{lot.auction.id}")
    anna.press(price(110))
    assert "Somebody has a higher maximum" in anna.toasts()[-1]
    assert app.store.wallet(anna.id, "XTR").held == xtr(0)
    assert "You were outbid" in anna.words


def test_ones_own_maximum_is_asked_for_until_it_is_a_number(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("Set a maximum")
    assert "step by step" in anna.words
    for wrong in ("lots", "-5", "0", "1.5", "1e3", "³⁰⁰", "٣00", ""):
        anna.say(wrong)
        assert "not a whole number" in anna.words, wrong
    anna.say("99")
    assert f"lowest bid is now {price(100)}" in anna.words
    anna.say("1 500")
    assert "ten times" in anna.words
    assert app.store.auction(lot.auction.id).bids_count == 0
    anna.press(f"Bid {price(1500)}")
    assert app.store.auction(lot.auction.id).leader_maximum == xtr(1500)


def test_the_leader_may_raise_their_maximum(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press(price(140))
    assert price(150) not in anna.buttons()
    anna.press("Raise my maximum")
    anna.say("300")
    assert f"Your maximum is now {price(300)}" in anna.words
    assert app.store.wallet(anna.id, "XTR").held == xtr(300)


def test_an_enormous_number_is_refused(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("Set a maximum")
    anna.say("9" * 13)
    anna.say("9" * 400)
    assert app.store.auction(lot.auction.id).bids_count == 0


def test_missing_money_offers_round_sums_above_it_and_the_sum_itself_last(
    app: FakeApp, lot: Lot, telegram: FakeTelegram
) -> None:
    clara = Chat(app, telegram, 3).join(stars=60)
    clara.say(f"/auction_{lot.auction.id}")
    clara.press(price(100))
    assert f"You need {price(40)} more." in clara.words
    sums = [text for text in clara.buttons() if text.startswith("Top up")]
    assert sums == [f"Top up {price(sum_)} and bid" for sum_ in (50, 100, 150, 40)]
    clara.press(f"Top up {price(150)} and bid")
    assert telegram.called("sendInvoice")[0]["prices"][0]["amount"] == 150


def test_one_press_buys_and_a_second_one_counts_as_the_first(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    card, button = anna.last, anna.buttons()[f"Buy the lot for {price(900)}"]
    for _ in range(2):
        anna.press_data(button, card)
        assert f"“A lamp” is yours for {price(900)}" in anna.words
    assert app.store.wallet(anna.id, "XTR").available == xtr(9100)


def test_a_button_of_an_earlier_version_that_asked_back_still_buys(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say("/menu")
    anna.press_data(f"N:{lot.auction.id}:900", anna.last)
    assert f"“A lamp” is yours for {price(900)}" in anna.words


@pytest.mark.parametrize("is_of_now", [True, False])
def test_what_the_seller_has_changed_since_it_was_shown_is_shown_again_before_it_is_bought(
    app: FakeApp, lot: Lot, anna: Chat, is_of_now: bool
) -> None:
    app.pictures.save("another", {"medium": b"\xff\xd8jpeg"})
    anna.say(f"/auction_{lot.auction.id}")
    card, button = anna.last, anna.buttons()[f"Buy the lot for {price(900)}"]
    after = draft(app.now(), title="A box of a lamp", buy_now_price=900)
    app.publishing.edit(SELLER, lot.auction.id, after, (draw(app, "another"),), app.now())
    anna.press_data(button if is_of_now else f"n:{lot.auction.id}:900", card)
    assert "The seller has changed this lot" in anna.toasts()[-1]
    assert app.store.auction(lot.auction.id, consistent=True).bids_count == 0
    assert "A box of a lamp" in anna.words
    assert [edit["message_id"] for edit in anna.telegram.called("editMessageMedia")] == [card["message_id"]]
    anna.press(f"Buy the lot for {price(900)}")
    assert f"“A box of a lamp” is yours for {price(900)}" in anna.words


def test_buying_at_a_price_that_is_gone_is_refused(app: FakeApp, lot: Lot, anna: Chat, boris: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    card = anna.last
    boris.say(f"/auction_{lot.auction.id}")
    boris.press(price(100))
    anna.press(f"Buy the lot for {price(900)}", card)
    assert app.store.auction(lot.auction.id).leader_id == boris.id
    assert "can no longer be bought right away" in anna.toasts()[-1]
    assert f"Buy the lot for {price(900)}" not in anna.buttons()


def test_the_seller_sees_no_bid_buttons_and_cannot_bid_with_a_forged_one(
    app: FakeApp, lot: Lot, telegram: FakeTelegram
) -> None:
    seller = Chat(app, telegram, SELLER)
    seller.say(f"/auction_{lot.auction.id}")
    assert not any(data.startswith(("b:", "m:", "n:")) for data in seller.buttons().values())
    for data in (f"b:{lot.auction.id}:100:1", f"m:{lot.auction.id}", f"n:{lot.auction.id}:900"):
        seller.press_data(data, seller.last)
        assert "your own lot" in seller.toasts()[-1]


def test_a_press_after_the_end_closes_the_lot_and_shows_how_it_ended(
    app: FakeApp, lot: Lot, anna: Chat, boris: Chat
) -> None:
    boris.say(f"/auction_{lot.auction.id}")
    boris.press(price(100))
    anna.say(f"/auction_{lot.auction.id}")
    app.clock.forward(hours=2)
    anna.press(price(110))
    assert anna.toasts()[-1] == "Bidding on this lot is over."
    assert "· sold" in anna.words
    assert app.store.auction(lot.auction.id).leader_id == boris.id


def test_a_lot_that_has_not_begun_takes_no_bids(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=1000)
    later = put_up(app, starts_at="2026-05-01T15:00")
    anna.say(f"/auction_{later.auction.id}")
    assert "Starts" in anna.words
    anna.press_data(f"b:{later.auction.id}:100:1", anna.last)
    assert anna.toasts()[-1] == "Bidding has not started yet."


def test_the_card_of_somebody_who_typed_their_bid_tells_when_they_are_outbid(
    app: FakeApp, lot: Lot, anna: Chat
) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("Set a maximum")
    anna.say("200")
    (card,) = app.shown_cards.of_lot(lot.auction.id, app.now())
    assert card.look.bidding


def test_a_pressed_bid_of_ten_times_the_least_is_asked_back(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.press_data(f"b:{lot.auction.id}:1000:1", None)
    assert "ten times" in anna.words
    question = anna.last
    app.bidding.bid(lot.auction.id, 2, 100, app.now())
    anna.press(f"Bid {price(1000)}", question)
    assert app.store.auction(lot.auction.id).leader_id == 2, "the lot moved between question and answer"
    assert "No bid was placed" in anna.words
    anna.press_data(f"B:{lot.auction.id}:1000:2", anna.last)
    assert app.store.auction(lot.auction.id).leader_id == anna.id


def test_a_question_about_a_lot_that_ended_meanwhile_is_closed(app: FakeApp, anna: Chat) -> None:
    lot = put_up(app, duration_seconds=600)
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("Set a maximum")
    app.clock.forward(minutes=11)
    anna.say("200")
    assert "Bidding on this lot is over" in anna.words
    anna.say("200")
    assert "No live lot matches" in anna.words


def test_somebody_in_debt_is_offered_what_settles_it_and_pays_the_raise(
    app: FakeApp, lot: Lot, telegram: FakeTelegram
) -> None:
    clara = Chat(app, telegram, 3).join(stars=200)
    app.bidding.bid(lot.auction.id, clara.id, 150, app.now())
    (charge,) = app.store.charges_of(clara.id)
    clara.paid("", 200, charge.id, refunded=True)
    clara.say(f"/auction_{lot.auction.id}")
    clara.press("Raise my maximum")
    clara.say("160")
    assert f"Top up {price(160)} and bid" in clara.buttons(), "150 owed, and 10 more than the 150 that are held"
