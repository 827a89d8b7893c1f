"""The card of a lot in a chat: its buttons and its picture, and messages that are gone."""

import pytest

from starbid.domain.lots import Lot
from starbid.telegram import keyboards
from tests.support.factories import put_up, xtr
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram, bad_request, price


def test_a_card_offers_one_and_five_steps_with_their_amounts(lot: Lot, anna: Chat) -> None:
    anna.say("/auctions")
    rows = anna.last["reply_markup"]["inline_keyboard"]
    assert [button["text"] for button in rows[0]] == [price(100), price(140)]
    assert [button["text"] for button in rows[1]] == ["Set a maximum", f"Buy the lot for {price(900)}"]
    assert [button["text"] for button in rows[2]] == ["Add to favourites", "Open on the site"]
    assert [button["text"] for button in rows[3]] == ["The rules", "Menu"]


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


def test_a_bid_on_a_card_that_was_deleted_shows_a_new_one(lot: Lot, anna: Chat, telegram: FakeTelegram) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    gone = anna.last
    telegram.chats[anna.id].clear()
    anna.press(price(100), gone)
    assert "You lead" in anna.words
