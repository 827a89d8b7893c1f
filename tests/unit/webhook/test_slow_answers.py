"""While an answer takes long the person sees that something comes: one call, only where it is slow, and no trouble."""

import io
from typing import Any

import pytest
from PIL import Image

from starbid.domain.lots import Lot
from tests.support.factories import put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client

from .chatting import Answer, Chat, FakeTelegram, bad_request, broken, flood, forbidden, timeout
from .selling_chat import draft, to_preview

TROUBLE = [broken(), flood(30), forbidden(), bad_request("CHAT_WRITE_FORBIDDEN"), timeout(), Answer(401, {"ok": False})]


def shown(telegram: FakeTelegram) -> list[str]:
    """What the bot was seen to do."""
    return [call["action"] for call in telegram.called("sendChatAction")]


def picture() -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (60, 40), "red").save(made, "PNG")
    return made.getvalue()


def photo(chat: Chat, number: int = 0, **how: Any) -> None:
    chat.telegram.files["p"] = picture()
    size = {"file_id": "p", "file_unique_id": f"p{number}", "width": 60, "height": 40}
    chat.update({"message": chat._message(photo=[size], **how) | {"message_id": 100 + number}})


def dispute(app: FakeApp, chat: Chat, lot: Lot) -> None:
    """They have bought it, and are asked what is wrong with it."""
    app.bidding.buy(lot.auction.id, chat.id, 900, app.now())
    chat.press_data(f"d:dispute:{lot.auction.id}", None)


def test_a_card_whose_picture_is_uploaded_says_so_before_it(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    app.pictures.save("pic1", {"medium": b"\xff\xd8jpeg"})
    lot = put_up(app, pictures=("pic1",))
    anna.say(f"/auction_{lot.auction.id}")
    methods = [method for method, _ in telegram.calls]
    assert methods == ["sendChatAction", "sendPhoto"]
    assert shown(telegram) == ["upload_photo"]


def test_a_card_that_is_sent_by_its_file_id_costs_no_call_more(
    app: FakeApp, anna: Chat, telegram: FakeTelegram
) -> None:
    lot = put_up(app)
    anna.say(f"/auction_{lot.auction.id}")
    telegram.calls.clear()
    anna.say(f"/auction_{lot.auction.id}")
    assert [method for method, _ in telegram.calls] == ["sendPhoto"]


def test_a_list_of_lots_that_are_known_costs_none(app: FakeApp, lot: Lot, anna: Chat, telegram: FakeTelegram) -> None:
    anna.say("/auctions")
    telegram.calls.clear()
    anna.say("/auctions")
    assert shown(telegram) == []


@pytest.mark.parametrize("command", ["start", "menu", "balance", "my", "bids", "settings", "help", "profile", "status"])
def test_quick_answers_cost_none(anna: Chat, telegram: FakeTelegram, command: str) -> None:
    anna.join(stars=10)
    anna.say(f"/{command}")
    assert shown(telegram) == []


@pytest.mark.parametrize("trouble", TROUBLE)
def test_no_trouble_with_it_keeps_the_answer_away(
    app: FakeApp, anna: Chat, telegram: FakeTelegram, trouble: Answer | BaseException
) -> None:
    lot = put_up(app)
    telegram.fail("sendChatAction", trouble)
    assert anna.say(f"/auction_{lot.auction.id}") == 200
    assert lot.card.title in anna.words
    assert len(anna.messages) == 1


def test_a_file_id_that_telegram_forgot_is_said_once_too(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    lot = put_up(app)
    anna.say(f"/auction_{lot.auction.id}")
    telegram.calls.clear()
    telegram.fail("sendPhoto", bad_request("wrong file identifier/HTTP URL specified"))
    anna.say(f"/auction_{lot.auction.id}")
    assert shown(telegram) == ["upload_photo"]


def test_a_photo_of_a_dispute_is_fetched_and_made_again_while_the_bot_types(
    app: FakeApp, lot: Lot, anna: Chat, telegram: FakeTelegram
) -> None:
    dispute(app, anna, lot)
    telegram.calls.clear()
    photo(anna, caption="Broken")
    assert "Your dispute is open" in anna.words
    methods = [method for method, _ in telegram.calls]
    assert methods.index("sendChatAction") < methods.index("getFile")
    assert shown(telegram) == ["typing"]


def test_of_an_album_only_the_message_that_is_answered_shows_it(
    app: FakeApp, lot: Lot, anna: Chat, telegram: FakeTelegram
) -> None:
    dispute(app, anna, lot)
    telegram.calls.clear()
    photo(anna, 0, caption="Broken", media_group_id="a")
    for number in range(1, 5):
        photo(anna, number, media_group_id="a")
    assert shown(telegram) == ["typing"]


def test_the_photos_of_a_dispute_are_sent_with_it(
    app: FakeApp, lot: Lot, anna: Chat, admin: Chat, telegram: FakeTelegram
) -> None:
    dispute(app, anna, lot)
    photo(anna, caption="Broken")
    telegram.calls.clear()
    admin.press_data(f"a:look:{lot.auction.id}", None)
    assert shown(telegram) == ["upload_photo"]
    assert telegram.called("sendPhoto")


def test_a_dispute_without_photos_is_read_without_it(
    app: FakeApp, lot: Lot, anna: Chat, admin: Chat, telegram: FakeTelegram
) -> None:
    dispute(app, anna, lot)
    anna.say("Broken")
    telegram.calls.clear()
    admin.press_data(f"a:look:{lot.auction.id}", None)
    assert shown(telegram) == []


def test_an_update_that_comes_again_after_the_answer_shows_nothing(
    app: FakeApp, anna: Chat, telegram: FakeTelegram
) -> None:
    lot = put_up(app)
    for _ in range(2):
        anna.say(f"/auction_{lot.auction.id}", update_id=77)
    assert shown(telegram) == ["upload_photo"]


def test_a_photo_of_a_draft_is_fetched_while_the_bot_types_once_for_an_album(
    app: FakeApp, anna: Chat, telegram: FakeTelegram
) -> None:
    anna.join(seller=True)
    anna.say("/sell")
    telegram.calls.clear()
    photo(anna)
    methods = [method for method, _ in telegram.calls]
    assert methods.index("sendChatAction") < methods.index("getFile")
    assert shown(telegram) == ["typing"]
    telegram.calls.clear()
    for number in range(1, 4):
        photo(anna, number, media_group_id="a", **({"caption": "It shines."} if number == 1 else {}))
    assert shown(telegram) == ["typing"]


def test_a_photo_to_the_other_side_of_a_deal_is_fetched_while_the_bot_types(
    app: FakeApp, lot: Lot, anna: Chat, telegram: FakeTelegram
) -> None:
    app.bidding.buy(lot.auction.id, anna.id, 900, app.now())
    anna.press_data(f"dm:say:{lot.auction.id}", None)
    telegram.calls.clear()
    photo(anna, caption="Here it is")
    methods = [method for method, _ in telegram.calls]
    assert methods.index("sendChatAction") < methods.index("getFile")
    assert shown(telegram) == ["typing"]


def test_words_to_the_other_side_of_a_deal_cost_no_call_more(
    app: FakeApp, lot: Lot, anna: Chat, telegram: FakeTelegram
) -> None:
    app.bidding.buy(lot.auction.id, anna.id, 900, app.now())
    anna.press_data(f"dm:say:{lot.auction.id}", None)
    telegram.calls.clear()
    anna.say("Hello")
    assert shown(telegram) == []


def test_a_preview_shows_that_its_cover_is_uploaded_and_only_then(
    app: FakeApp, anna: Chat, telegram: FakeTelegram
) -> None:
    to_preview(anna.join(seller=True), photos=1)
    assert shown(telegram).count("upload_photo") == 1
    telegram.calls.clear()
    anna.press_data(f"sl:o:{draft(app, anna).id}", None)
    assert shown(telegram) == [], "Telegram has it by now"


def test_a_file_of_the_site_is_sent_while_the_bot_uploads_it(
    app: FakeApp, lot: Lot, anna: Chat, telegram: FakeTelegram
) -> None:
    auction_id = lot.auction.id
    app.bidding.buy(auction_id, anna.id, 900, app.now())
    site = Client(app).log_in(lot.auction.seller_id)
    assert site.post_files(f"/auction/{auction_id}/deliver", [("b.txt", b"x")], "files", text="").status == 303
    telegram.calls.clear()
    anna.press_data(f"df:get:{auction_id}", None)
    methods = [method for method, _ in telegram.calls]
    assert methods.index("sendChatAction") < methods.index("sendDocument")
    assert shown(telegram) == ["upload_document"]
