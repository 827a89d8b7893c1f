"""Cards, bids and purchases from the chat."""

import pytest

from starbid.domain.lots import Lot
from starbid.i18n import language
from starbid.telegram import keyboards
from tests.support.factories import SELLER, put_up, xtr
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram, bad_request

EN = language("en")


@pytest.fixture
def lot(app: FakeApp, anna: Chat, boris: Chat) -> Lot:
    """Anna and Boris have 10 000 each; the step is 10, the start 100."""
    anna.join(stars=10_000)
    boris.join(stars=10_000)
    made = put_up(app, bid_step=10, buy_now_price=900)
    app.run_streams()
    return made


def price(amount: int) -> str:
    return EN.money(xtr(amount))


def test_a_card_offers_one_and_five_steps_with_their_amounts(lot: Lot, anna: Chat) -> None:
    anna.say("/auctions")
    rows = anna.last["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in rows[0]] == [price(100), price(140)]
    assert [button["text"] for button in rows[1]] == ["My maximum", f"Buy for {price(900)}"]
    assert [button["text"] for button in rows[2]] == ["Watch", "Open on the site"]
    assert [button["text"] for button in rows[3]] == ["The rules", "Menu"]


def test_a_bid_edits_the_card_and_says_so_in_a_toast(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press(price(140))
    assert app.store.auction(lot.auction.id).leader_maximum == xtr(140)
    assert len(anna.messages) == 1
    assert "You lead. Your maximum is " + price(140) in anna.words
    assert anna.toasts() == [f"You lead at {price(100)}. {price(140)} is held."]


def test_a_button_of_a_lot_that_moved_asks_again_instead_of_bidding(
    app: FakeApp, lot: Lot, anna: Chat, boris: Chat
) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    boris.say(f"/auction_{lot.auction.id}")
    boris.press(price(100))
    anna.press(price(140))
    assert app.store.auction(lot.auction.id).bids_count == 1
    assert "Nothing was bid" in anna.toasts()[-1]
    assert anna.buttons()[price(110)].startswith("b:")
    anna.press(price(110))
    assert app.store.auction(lot.auction.id).leader_id == anna.id


def test_a_bid_below_somebodys_maximum_is_told_so(app: FakeApp, lot: Lot, anna: Chat, boris: Chat) -> None:
    boris.say(f"/auction_{lot.auction.id}")
    boris.press("Свой максимум")
    boris.say("500")
    anna.say(f"/auction_{lot.auction.id}")
    anna.press(price(110))
    assert "Somebody's maximum is higher" in anna.toasts()[-1]
    assert app.store.wallet(anna.id, "XTR").held == xtr(0)
    assert "You were outbid" in anna.words


def test_ones_own_maximum_is_asked_for_until_it_is_a_number(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("My maximum")
    assert "step by step" in anna.words
    for wrong in ("lots", "-5", "0", "1.5", "1e3", "٣٠٠", ""):
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
    assert f"Your maximum is {price(300)} now" in anna.words
    assert app.store.wallet(anna.id, "XTR").held == xtr(300)


def test_an_enormous_number_is_refused(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("My maximum")
    anna.say("9" * 13)
    anna.say("9" * 400)
    assert app.store.auction(lot.auction.id).bids_count == 0


def test_missing_money_offers_an_invoice_for_exactly_that(app: FakeApp, lot: Lot, telegram: FakeTelegram) -> None:
    clara = Chat(app, telegram, 3).join(stars=60)
    clara.say(f"/auction_{lot.auction.id}")
    clara.press(price(100))
    assert f"{price(40)} is missing" in clara.words
    clara.press(f"Top up {price(40)}")
    assert telegram.called("sendInvoice")[0]["prices"][0]["amount"] == 40


def test_buying_asks_back_and_then_buys(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press(f"Buy for {price(900)}")
    assert app.store.auction(lot.auction.id).bids_count == 0
    sure = anna.buttons()[f"Buy for {price(900)}"]
    question = anna.last
    anna.press(f"Buy for {price(900)}")
    assert "“A lamp” is yours for" in anna.words
    anna.press_data(sure, question)
    assert "“A lamp” is yours for" in anna.words
    assert app.store.wallet(anna.id, "XTR").available == xtr(9100)


def test_buying_at_a_price_that_is_gone_is_refused(app: FakeApp, lot: Lot, anna: Chat, boris: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press(f"Buy for {price(900)}")
    sure = anna.last
    boris.say(f"/auction_{lot.auction.id}")
    boris.press(price(100))
    anna.press(f"Buy for {price(900)}", sure)
    assert app.store.auction(lot.auction.id).leader_id == boris.id
    assert "cannot be bought at once" in anna.words
    assert anna.last["message_id"] == sure["message_id"]


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
    assert "Begins" in anna.words
    anna.press_data(f"b:{later.auction.id}:100:1", anna.last)
    assert anna.toasts()[-1] == "Bidding has not started yet."


@pytest.mark.parametrize(
    "data",
    [
        *("", "b", "b:", "b:lot:x:1", "b:lot:1", "b:../etc:1:1", "zz:1", "o:", "o:LOT", "p:1", "p:x:lot", "buy:-1"),
        *("buy:1:2", "go:nowhere", "go:", "d:fly:lot", "sub:pay:!!", "sub:", "lang:xx", "rf:00", "RF:", "chk:;drop"),
        *("chk:" + "a" * 60, "m:", "n:lot:-1", "N:lot", "B:lot:0:0", "x:y:z", "\ud800", "b:" + "9" * 60),
    ],
)
def test_garbled_buttons_are_answered_and_change_nothing(app: FakeApp, lot: Lot, anna: Chat, data: str) -> None:
    anna.say("/menu")
    assert anna.press_data(data, anna.last) == 200
    assert anna.telegram.called("answerCallbackQuery")
    assert app.store.auction(lot.auction.id).bids_count == 0


def test_a_press_on_a_message_that_can_no_longer_be_edited_gets_a_new_card(lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    inaccessible = {"message_id": anna.last["message_id"], "date": 0, "chat": {"id": anna.id, "type": "private"}}
    anna.press_data(anna.buttons()[price(100)], inaccessible)
    assert len(anna.messages) == 2
    assert "You lead" in anna.words


def test_pages_turn_in_the_same_message_and_come_round(app: FakeApp, anna: Chat) -> None:
    for number in (1, 2, 3):
        put_up(app, title=f"Lot number {number}", duration_seconds=3600 * number)
    app.run_streams()
    anna.say("/auctions")
    assert "Lot number 1" in anna.words
    seen = []
    for _ in range(3):
        anna.press("›")
        seen.append(anna.words.split("\n")[0])
    assert [title[-5] for title in seen] == ["2", "3", "1"]
    anna.press("‹")
    assert "Lot number 3" in anna.words
    assert "3/3" in anna.buttons()
    assert len(anna.messages) == 1


def test_a_card_in_a_list_keeps_its_place_after_a_bid(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=1000)
    for number in (1, 2):
        put_up(app, title=f"Lot number {number}", duration_seconds=3600 * number)
    app.run_streams()
    anna.say("/auctions")
    anna.press("›")
    anna.press(price(100))
    assert "You lead" in anna.words
    assert "2/2" in anna.buttons()


def test_more_lots_than_a_page_are_reached(app: FakeApp, anna: Chat) -> None:
    for number in range(30):
        put_up(app, title=f"Lot number {number:02}", duration_seconds=3600 + number)
    app.run_streams()
    anna.say("/auctions")
    assert "1/24+" in anna.buttons()
    for _ in range(24):
        anna.press("›")
    assert "Lot number 24" in anna.words
    assert "25/30" in anna.buttons()


def test_without_lots_the_first_step_is_offered(anna: Chat) -> None:
    anna.say("/auctions")
    assert "no live lots" in anna.words
    assert "go:sell" in anna.buttons().values()


def test_a_picture_is_uploaded_once_and_then_sent_by_its_id(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    app.pictures.save("pic1", {"medium": b"\xff\xd8jpeg"})
    lot = put_up(app, pictures=("pic1",))
    anna.say(f"/auction_{lot.auction.id}")
    anna.say(f"/auction_{lot.auction.id}")
    first, second = telegram.called("sendPhoto")
    assert first["photo"][0] == "lot.jpg"
    assert first["photo"][1] == b"\xff\xd8jpeg"
    assert second["photo"] == "uploaded"


def test_a_file_id_that_telegram_forgot_is_uploaded_again(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    lot = put_up(app)
    anna.say(f"/auction_{lot.auction.id}")
    telegram.fail("sendPhoto", bad_request("wrong file identifier/HTTP URL specified"))
    assert anna.say(f"/auction_{lot.auction.id}") == 200
    assert len(anna.messages) == 2


def test_my_bids_tell_where_one_leads(app: FakeApp, lot: Lot, anna: Chat, boris: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press(price(100))
    anna.say("/bids")
    assert "you lead" in anna.words
    boris.say(f"/auction_{lot.auction.id}")
    boris.press(price(150))
    anna.say("/bids")
    assert "outbid" in anna.words
    anna.press("A lamp")
    assert anna.last["photo"]


def test_the_longest_bid_button_fits_into_its_bytes() -> None:
    button = keyboards.sure_bid("x", "z" * 20, xtr(10**12), 10**10)
    assert len((button.data or "").encode()) <= 64


def test_a_card_without_its_picture_is_better_than_none(
    app: FakeApp, lot: Lot, anna: Chat, telegram: FakeTelegram
) -> None:
    telegram.fail("sendPhoto", bad_request("PHOTO_INVALID_DIMENSIONS"), times=2)
    anna.say(f"/auction_{lot.auction.id}")
    assert "A lamp" in anna.last["text"]
    anna.press(price(140))
    assert "You lead" in anna.words
    assert app.store.auction(lot.auction.id).leader_id == anna.id


def test_the_card_of_somebody_who_typed_their_bid_tells_when_they_are_outbid(
    app: FakeApp, lot: Lot, anna: Chat
) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("My maximum")
    anna.say("200")
    (card,) = app.scratch.members(f"card#{lot.auction.id}", app.now()).values()
    assert card["bidding"] is True


def test_a_pressed_bid_of_ten_times_the_least_is_asked_back(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.press_data(f"b:{lot.auction.id}:1000:1", None)
    assert "ten times" in anna.words
    question = anna.last
    app.bidding.bid(lot.auction.id, 2, 100, app.now())
    anna.press(f"Bid {price(1000)}", question)
    assert app.store.auction(lot.auction.id).leader_id == 2, "the lot moved between question and answer"
    assert "Nothing was bid" in anna.words
    anna.press_data(f"B:{lot.auction.id}:1000:2", anna.last)
    assert app.store.auction(lot.auction.id).leader_id == anna.id


def test_a_question_about_a_lot_that_ended_meanwhile_is_closed(app: FakeApp, anna: Chat) -> None:
    lot = put_up(app, duration_seconds=600)
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("My maximum")
    app.clock.forward(minutes=11)
    anna.say("200")
    assert "Bidding on this lot is over" in anna.words
    anna.say("200")
    assert "did not understand" in anna.words


def test_paging_over_a_card_that_was_deleted_sends_a_new_one(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    for number in (1, 2):
        put_up(app, title=f"Lot number {number}", duration_seconds=3600 * number)
    app.run_streams()
    anna.say("/auctions")
    gone = anna.last
    telegram.chats[anna.id].clear()
    anna.press("›", gone)
    assert "Lot number 2" in anna.words
    anna.press_data(f"p:5:{gone['reply_markup']['inline_keyboard'][0][0]['callback_data'].split(':')[1]}", None)
    assert len(anna.messages) == 2


def test_a_bid_on_a_card_that_was_deleted_shows_a_new_one(lot: Lot, anna: Chat, telegram: FakeTelegram) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    gone = anna.last
    telegram.chats[anna.id].clear()
    anna.press(price(100), gone)
    assert "You lead" in anna.words


def test_somebody_in_debt_is_offered_to_settle_exactly_that(app: FakeApp, lot: Lot, telegram: FakeTelegram) -> None:
    clara = Chat(app, telegram, 3).join(stars=200)
    app.bidding.bid(lot.auction.id, clara.id, 150, app.now())
    (charge,) = app.store.charges_of(clara.id)
    clara.paid("", 200, charge.id, refunded=True)
    clara.say(f"/auction_{lot.auction.id}")
    clara.press("Raise my maximum")
    clara.say("160")
    assert "buy:150" in clara.buttons().values()


def test_lists_of_ones_own_say_how_each_lot_ended(
    app: FakeApp, lot: Lot, anna: Chat, boris: Chat, telegram: FakeTelegram
) -> None:
    app.bidding.bid(lot.auction.id, anna.id, 150, app.now())
    app.bidding.bid(lot.auction.id, boris.id, 500, app.now())
    unsold = put_up(app, reserve_price=5000)
    app.bidding.bid(unsold.auction.id, anna.id, 200, app.now())
    later = put_up(app, title="Later", starts_at="2026-05-02T15:00")
    Chat(app, telegram, SELLER).say("/my")
    assert "2 bids" in telegram.called("sendMessage")[-1]["text"]
    app.clock.forward(hours=3)
    anna.say("/bids")
    assert "time is over" in anna.words
    for auction_id in (lot.auction.id, unsold.auction.id):
        app.closing.close(auction_id, app.now())
    anna.say("/bids")
    assert "went to somebody else" in anna.words
    assert "not sold" in anna.words
    seller = Chat(app, telegram, SELLER)
    seller.say("/my")
    assert "“Later” · ⭐\u202f100 · begins in 1 d 0 h" in seller.words
    seller.press_data(f"d:CANCEL:{later.auction.id}", None)
    seller.say("/my")
    assert "cancelled" in seller.words
