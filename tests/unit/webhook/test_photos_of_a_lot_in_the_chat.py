"""All photos of a lot are reached from its card, and what changes the card leaves the photo that it shows."""

from typing import Any

from starbid.domain.lots import Lot
from starbid.telegram.messenger import BotMessenger
from tests.support.factories import SELLER, draft, put_up
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram, price


def with_photos(app: FakeApp, count: int = 3, **changes: Any) -> Lot:
    ids = tuple(f"pic{number}" for number in range(count))
    for picture in ids:
        app.pictures.save(picture, {"medium": b"\xff\xd8" + picture.encode()})
    made = put_up(app, pictures=ids, **changes)
    app.run_streams()
    return made


def photo_row(chat: Chat) -> list[str]:
    rows = chat.last["reply_markup"]["inline_keyboard"]
    return [button["text"] for row in rows for button in row if button["callback_data"].startswith("ph:")]


def turned(telegram: FakeTelegram) -> list[object]:
    return [fields["media"]["media"] for fields in telegram.called("editMessageMedia")]


def test_photos_turn_in_the_card_and_come_round(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    lot = with_photos(app)
    anna.say(f"/auction_{lot.auction.id}")
    assert "Photo 1/3" in anna.buttons()
    for shown in ("Photo 2/3", "Photo 3/3", "Photo 1/3"):
        anna.press("›")
        assert shown in anna.buttons()
    anna.press("‹")
    assert "Photo 3/3" in anna.buttons()
    assert len(anna.messages) == 1


def test_a_photo_is_uploaded_once_and_then_shown_by_its_id(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    lot = with_photos(app, 2)
    anna.say(f"/auction_{lot.auction.id}")
    for _ in range(3):
        anna.press("›")
    uploads = [media for media in turned(telegram) if media != "uploaded"]
    assert len(turned(telegram)) == 3
    assert len(uploads) == 1


def test_one_photo_or_none_needs_no_row(app: FakeApp, anna: Chat) -> None:
    for count in (0, 1):
        anna.say(f"/auction_{with_photos(app, count).auction.id}")
        assert not [data for data in anna.buttons().values() if data.startswith("ph:")]


def test_a_bid_and_a_new_price_leave_the_photo(app: FakeApp, anna: Chat, boris: Chat, telegram: FakeTelegram) -> None:
    anna.join(stars=1000)
    boris.join(stars=1000)
    lot = with_photos(app)
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("›")
    anna.press(price(100))
    assert "You lead" in anna.words
    assert "Photo 2/3" in anna.buttons()
    app.bidding.bid(lot.auction.id, boris.id, 300, app.now())
    app.__dict__["messenger"] = BotMessenger(app.bot, app.settings, app.now, app.store.wallet)
    app.cards.redraw(lot.auction.id, app.now())
    assert price(105) in anna.messages[0]["caption"]
    assert "Photo 2/3" in anna.buttons(anna.messages[0])
    assert len(turned(telegram)) == 1


def test_another_lot_of_the_list_begins_with_its_first_photo(app: FakeApp, anna: Chat) -> None:
    with_photos(app, duration_seconds=3600)
    with_photos(app, duration_seconds=7200)
    anna.say("/auctions")
    anna.press("Photo 1/3")
    anna.press_data(anna.buttons()["Photo 1/3"][:-1] + "1", anna.last)
    assert {"Photo 2/3", "1/2"} <= set(anna.buttons())
    anna.press_data(f"p:1:{anna.buttons()['Photo 2/3'].split(':')[2]}", anna.last)
    assert {"Photo 1/3", "2/2"} <= set(anna.buttons())


def test_a_photo_that_its_seller_took_away_is_passed_over(app: FakeApp, anna: Chat) -> None:
    lot = with_photos(app)
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("›")
    app.publishing.edit(SELLER, lot.auction.id, draft(app.now()), ("pic0",), app.now())
    anna.press("›")
    assert "ph:" not in str(anna.buttons())
    anna.press_data(f"ph:{lot.auction.id}:99999999999", anna.last)
    assert len(anna.messages) == 1


def test_a_photo_of_a_card_that_is_gone_comes_with_a_new_one(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    lot = with_photos(app)
    anna.say(f"/auction_{lot.auction.id}")
    gone = anna.last
    telegram.chats[anna.id].clear()
    anna.press("›", gone)
    assert "Photo 2/3" in anna.buttons()
