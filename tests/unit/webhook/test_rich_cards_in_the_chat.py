"""Cards as rich messages: switched on, refused, lost, pressed, redrawn, and back to the other kind."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.lots import Lot
from starbid.services.ports import ShownCard, Unavailable
from tests.support.bot_rich_rules import said
from tests.support.factories import put_up
from tests.support.fakes import FakeApp
from tests.support.there import there

from .chatting import Answer, Chat, FakeTelegram, bad_request, chatting_app, flood, price, timeout

REFUSED = bad_request("RICH_VALIDATE_CTOR_NOT_ALLOWED")
UNKNOWN = Answer(404, {"ok": False, "error_code": 404, "description": "Not Found"})


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = chatting_app(telegram, RICH_CARDS="true")
    made.__dict__["messenger"] = real_messenger(made)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


def real_messenger(app: FakeApp) -> Any:
    from starbid.telegram.messenger import BotMessenger

    return BotMessenger(app.bot, app.settings, app.now, app.store.wallet, app.newest_bids.of)


def with_photos(app: FakeApp, count: int = 3, **changes: Any) -> Lot:
    names = tuple(f"pic{number}" for number in range(count))
    for name in names:
        app.pictures.save(name, {"medium": b"\xff\xd8" + name.encode()})
    return put_up(app, pictures=names, buy_now_price=900, **changes)


def blocks(message: dict[str, Any], kind: str) -> list[dict[str, Any]]:
    return [block for block in message["rich_message"]["blocks"] if block["type"] == kind]


def words(message: dict[str, Any]) -> str:
    """Of the message itself; what details hide is not among them."""
    found = [text for block in blocks(message, "paragraph") for text in said(block["text"])]
    cells = [cell for block in blocks(message, "table") for row in block["cells"] for cell in row]
    return "\n".join([*found, *(text for cell in cells for text in said(cell["text"]))])


def inside(message: dict[str, Any]) -> dict[str, str]:
    """The buttons in the message, as `Chat.buttons` tells those below it."""
    return {one["text"]: one["callback_data"] for block in blocks(message, "buttons") for one in block["buttons"]}


def shown(app: FakeApp, lot: Lot, chat: Chat) -> ShownCard:
    return there(app.shown_cards.one(lot.auction.id, chat.id, app.now()))


def test_all_photos_come_with_the_card_and_go_by_their_ids_the_next_time(
    app: FakeApp, anna: Chat, telegram: FakeTelegram
) -> None:
    lot = with_photos(app)
    anna.say(f"/auction_{lot.auction.id}")
    anna.say(f"/auction_{lot.auction.id}")
    first, second = telegram.called("sendRichMessage")
    assert [first[f"photo{number}"][1] for number in range(3)] == [b"\xff\xd8pic0", b"\xff\xd8pic1", b"\xff\xd8pic2"]
    media = [each["photo"]["media"] for each in second["rich_message"]["blocks"][0]["blocks"]]
    assert media == ["uploaded"] * 3
    assert shown(app, lot, anna).photos == ("uploaded",) * 3
    assert not telegram.called("sendPhoto")


def test_a_card_whose_photos_cannot_be_remembered_is_not_sent_again(
    app: FakeApp, anna: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def keep(*_: object) -> None:
        raise Unavailable

    lot = with_photos(app)
    with monkeypatch.context() as outage:
        outage.setattr(app.file_ids, "keep", keep)
        for _ in range(2):
            anna.say(f"/auction_{lot.auction.id}", update_id=4713)
    assert len(anna.messages) == 1
    assert shown(app, lot, anna).photos == ("uploaded",) * 3


def test_a_bid_by_a_button_inside_shows_in_the_same_message(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=1000)
    lot = with_photos(app)
    anna.say(f"/auction_{lot.auction.id}")
    anna.press_data(inside(anna.last)[price(100)], anna.last)
    assert len(anna.messages) == 1
    assert "You lead" in words(anna.last)
    assert app.store.auction(lot.auction.id).leader_id == anna.id
    assert [each["photo"][-1]["file_id"] for each in anna.last["rich_message"]["blocks"][0]["blocks"]] == [
        "uploaded"
    ] * 3
    assert shown(app, lot, anna).look.bidding


def test_another_bid_is_drawn_into_the_rich_card_and_only_there(app: FakeApp, anna: Chat, boris: Chat) -> None:
    for chat in (anna, boris):
        chat.join(stars=1000)
    lot = with_photos(app)
    anna.say(f"/auction_{lot.auction.id}")
    anna.press_data(inside(anna.last)[price(100)], anna.last)
    app.bidding.bid(lot.auction.id, boris.id, 300, app.now())
    app.cards.redraw(lot.auction.id, app.now())
    assert "You were outbid" in words(anna.last)
    history = blocks(anna.last, "details")[-1]["blocks"][0]["cells"]
    assert [row[0]["text"] for row in history] == ["Bidder", "Bidder 2", "You"]
    assert anna.telegram.called("editMessageCaption") == []


def test_a_plain_card_stays_plain_and_is_edited_as_one(
    app: FakeApp, anna: Chat, boris: Chat, telegram: FakeTelegram
) -> None:
    for chat in (anna, boris):
        chat.join(stars=1000)
    lot = with_photos(app)
    telegram.fail("sendRichMessage", UNKNOWN)
    anna.say(f"/auction_{lot.auction.id}")
    app.bot._rich_from = 0.0
    anna.press(price(100))
    app.bidding.bid(lot.auction.id, boris.id, 300, app.now())
    app.cards.redraw(lot.auction.id, app.now())
    anna.press("›")
    assert "You were outbid" in anna.words
    assert shown(app, lot, anna).photos is None
    assert not [call for call in telegram.called("editMessageText") if "rich_message" in call]
    assert len(anna.messages) == 1


@pytest.mark.parametrize("refusal", [REFUSED, UNKNOWN], ids=["400", "404"])
def test_what_telegram_refuses_comes_as_the_other_card_at_once_and_is_not_tried_again(
    app: FakeApp, anna: Chat, telegram: FakeTelegram, refusal: Answer
) -> None:
    lot = with_photos(app)
    telegram.fail("sendRichMessage", refusal)
    anna.say(f"/auction_{lot.auction.id}")
    anna.say(f"/auction_{lot.auction.id}")
    assert [bool(message.get("caption")) for message in anna.messages] == [True, True]
    assert not telegram.called("sendRichMessage")
    assert shown(app, lot, anna).photos is None


def test_a_file_id_that_telegram_forgot_is_uploaded_again(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    lot = with_photos(app)
    anna.say(f"/auction_{lot.auction.id}")
    telegram.fail("sendRichMessage", bad_request("wrong file identifier/HTTP URL specified"))
    anna.say(f"/auction_{lot.auction.id}")
    assert "photo2" in telegram.called("sendRichMessage")[-1]
    assert len(anna.messages) == 2
    assert app.bot.takes_rich()


def test_a_lost_answer_sends_nothing_twice(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    lot = with_photos(app)
    telegram.fail("sendRichMessage", timeout())
    anna.say(f"/auction_{lot.auction.id}")
    assert not telegram.called("sendPhoto")
    assert not telegram.called("sendRichMessage")


def test_a_flood_is_waited_for_and_is_no_refusal(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    lot = with_photos(app)
    telegram.fail("sendRichMessage", flood(1))
    anna.say(f"/auction_{lot.auction.id}")
    assert len(telegram.called("sendRichMessage")) == 1
    assert not telegram.called("sendPhoto")


def test_a_rich_card_whose_edit_is_refused_becomes_the_other_one_in_its_place(
    app: FakeApp, anna: Chat, telegram: FakeTelegram
) -> None:
    anna.join(stars=1000)
    lot = with_photos(app)
    anna.say(f"/auction_{lot.auction.id}")
    telegram.fail("editMessageText", REFUSED)
    anna.press_data(inside(anna.last)[price(100)], anna.last)
    assert len(anna.messages) == 1
    assert "You lead" in anna.words
    assert anna.last["rich_message"] is None
    assert shown(app, lot, anna).photos is None


def test_a_rich_card_that_is_gone_comes_anew(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    anna.join(stars=1000)
    lot = with_photos(app)
    anna.say(f"/auction_{lot.auction.id}")
    gone = anna.last
    telegram.chats[anna.id].clear()
    anna.press_data(inside(gone)[price(100)], gone)
    (message,) = anna.messages
    assert "You lead" in words(message)
    assert app.store.auction(lot.auction.id).bids_count == 1


def test_the_next_lot_of_a_list_takes_the_place_with_its_own_photos(app: FakeApp, anna: Chat) -> None:
    with_photos(app, 3, duration_seconds=3600)
    with_photos(app, 1, duration_seconds=7200)
    app.run_streams()
    anna.say("/auctions")
    before = blocks(anna.last, "slideshow") + blocks(anna.last, "photo")
    anna.press("›")
    after = blocks(anna.last, "slideshow") + blocks(anna.last, "photo")
    assert {before[0]["type"], after[0]["type"]} == {"slideshow", "photo"}
    assert "2/2" in anna.buttons()
    assert len(anna.messages) == 1


def test_a_favourite_is_kept_and_shown_below_the_card(app: FakeApp, anna: Chat) -> None:
    lot = with_photos(app)
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("Add to favourites")
    assert "In favourites ✓" in anna.buttons()
    assert shown(app, lot, anna).look.watching is True


def test_a_lot_without_photos_needs_no_drawing(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    lot = put_up(app)
    anna.say(f"/auction_{lot.auction.id}")
    assert anna.last["rich_message"]["blocks"][0]["type"] == "heading"
    assert shown(app, lot, anna).photos == ()
    anna.press("Add to favourites")
    assert len(telegram.called("editMessageText")) == 1


def test_a_picture_that_is_lost_leaves_the_others(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    lot = with_photos(app)
    app.pictures.saved.pop("pic1")
    anna.say(f"/auction_{lot.auction.id}")
    assert len(blocks(anna.last, "slideshow")[0]["blocks"]) == 2


def test_a_redrawing_that_telegram_refuses_gives_the_card_up(
    app: FakeApp, anna: Chat, boris: Chat, telegram: FakeTelegram
) -> None:
    for chat in (anna, boris):
        chat.join(stars=1000)
    lot = with_photos(app)
    anna.say(f"/auction_{lot.auction.id}")
    app.bidding.bid(lot.auction.id, boris.id, 300, app.now())
    telegram.fail("editMessageText", REFUSED)
    app.cards.redraw(lot.auction.id, app.now())
    assert app.shown_cards.one(lot.auction.id, anna.id, app.now()) is None


def test_a_card_that_was_switched_off_is_still_edited_as_what_it_is(
    app: FakeApp, anna: Chat, telegram: FakeTelegram
) -> None:
    anna.join(stars=1000)
    lot = with_photos(app)
    anna.say(f"/auction_{lot.auction.id}")
    app.settings = replace(app.settings, rich_cards=False)
    anna.press_data(inside(anna.last)[price(100)], anna.last)
    assert "You lead" in words(anna.last)
    anna.say(f"/auction_{lot.auction.id}")
    assert anna.last["caption"]


def test_bids_of_a_lot_are_read_once_for_all_its_cards(
    app: FakeApp, anna: Chat, boris: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    for chat in (anna, boris):
        chat.join(stars=1000)
    lot = with_photos(app)
    for chat in (anna, boris):
        chat.say(f"/auction_{lot.auction.id}")
    app.bidding.bid(lot.auction.id, boris.id, 300, app.now())
    reads: list[str] = []
    read = app.store.bids

    def counted(auction_id: str, **page: Any) -> Any:
        reads.append(auction_id)
        return read(auction_id, **page)

    monkeypatch.setattr(app.store, "bids", counted)
    app.cards.redraw(lot.auction.id, app.now())
    assert len(reads) == 1
    assert len(anna.telegram.called("editMessageText")) == 2
