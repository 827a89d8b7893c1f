"""What people send to the other side of a deal that is no message, or is not theirs to send."""

from __future__ import annotations

import io
from typing import Any

import pytest
from PIL import Image

from starbid.domain.lots import Lot
from starbid.domain.talks import talk_of
from tests.support.factories import SELLER, put_up, xtr
from tests.support.fakes import Death, FakeApp

from .chatting import DOCUMENT, STICKER, Chat, FakeTelegram
from .talks import ask, deliver, document, file, kept, photo, said_to, sell, texts

VOICE = {"file_id": "v", "file_unique_id": "v", "duration": 3}
VIDEO = VOICE | {"width": 10, "height": 10}
CONTACT = {"phone_number": "+79001234567", "first_name": "Anna"}
PLACE = {"latitude": 55.7, "longitude": 37.6}


@pytest.fixture
def lot(app: FakeApp, anna: Chat, seller: Chat) -> Lot:
    """Anna bought it."""
    anna.join(stars=1000)
    made = sell(app, anna, "Lamp")
    deliver(app)
    return made


@pytest.mark.parametrize(
    "content",
    [
        {"video": VIDEO, "caption": "Look"},
        {"voice": VOICE},
        {"sticker": STICKER},
        {"contact": CONTACT},
        {"location": PLACE},
        {"document": DOCUMENT | {"mime_type": "application/pdf", "file_size": 10}},
        {"document": DOCUMENT | {"mime_type": "video/mp4", "file_size": 60_000_000}},
        {"text": "   \u200b\u2060 "},
        {"text": "\u3164\u2800"},
    ],
    ids=lambda content: "+".join(content) + str(len(str(content))),
)
def test_what_is_no_message_is_answered_with_what_would_be_one(
    app: FakeApp, lot: Lot, anna: Chat, content: dict[str, Any]
) -> None:
    ask(anna, lot)
    anna.update({"message": anna._message(**content)})
    assert any(word in anna.words for word in ("Only text and photos", "As a file only a photo", "Fill this in"))
    assert kept(app, lot) == []
    anna.say("As words, then")  # it still listens
    assert texts(app, lot) == [("buyer", "As words, then")]


def test_a_picture_of_60_mb_is_not_even_fetched(app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat) -> None:
    ask(anna, lot)
    document(anna, b"x", "image/png", 60 * 1024 * 1024)
    assert "A photo can be up to 5 MB." in anna.words
    assert telegram.called("getFile") == []


def test_a_file_that_only_says_it_is_a_picture_is_none(app: FakeApp, lot: Lot, anna: Chat) -> None:
    ask(anna, lot)
    document(anna, b"<svg onload=alert(1)>", "image/png")
    assert "We cannot read this photo" in anna.words
    assert kept(app, lot) == []


def test_a_photo_says_nothing_of_where_it_was_taken(app: FakeApp, lot: Lot, anna: Chat) -> None:
    out, exif = io.BytesIO(), Image.Exif()
    exif[0x010F] = "Anna's telephone"
    Image.new("RGB", (60, 40), "red").save(out, "JPEG", exif=exif)
    assert b"Anna's telephone" in out.getvalue()
    ask(anna, lot)
    document(anna, out.getvalue(), "image/jpeg")
    (message,) = kept(app, lot)
    (data,) = app.talking.photos(lot.auction.id, message, app.now())
    assert b"Anna" not in data
    assert not Image.open(io.BytesIO(data)).getexif()


def test_an_album_of_twelve_keeps_ten_and_says_so_once(app: FakeApp, lot: Lot, anna: Chat, seller: Chat) -> None:
    ask(anna, lot)
    for _ in range(12):
        photo(anna, media_group_id="a")
    (message,) = kept(app, lot)
    assert len(message.pictures) == 10
    assert sum("Up to 10 photos." in str(each.get("text")) for each in anna.messages) == 1
    deliver(app)
    assert "10 photos above" in seller.words


@pytest.mark.parametrize("length", [1001, 5000])
def test_a_long_text_is_refused_as_a_whole(app: FakeApp, lot: Lot, anna: Chat, length: int) -> None:
    ask(anna, lot)
    anna.say("x" * length)
    assert "Use up to 1,000 characters." in anna.words
    assert kept(app, lot) == []
    anna.say("x" * 1000)
    assert len(kept(app, lot)) == 1


def test_a_caption_that_is_too_long_is_refused_with_its_photo(app: FakeApp, lot: Lot, anna: Chat) -> None:
    ask(anna, lot)
    photo(anna, caption="x" * 1001)
    assert "Use up to 1,000 characters." in anna.words
    assert kept(app, lot) == []


def test_markup_is_text(app: FakeApp, lot: Lot, anna: Chat, seller: Chat) -> None:
    ask(anna, lot)
    anna.say('<a href="https://evil.example">pay</a> </blockquote> *bold* [x](tg://user?id=1) &amp;')
    deliver(app)
    assert "&lt;a href=" in seller.words
    assert "&lt;/blockquote&gt; *bold* [x](tg://user?id=1) &amp;amp;" in seller.words
    assert seller.words.count("<blockquote>") == seller.words.count("</blockquote>") == 1


def test_a_text_that_turns_the_direction_arrives_with_a_warning(
    app: FakeApp, lot: Lot, anna: Chat, seller: Chat
) -> None:
    ask(anna, lot)
    anna.say("look \u202egnp.exe")
    deliver(app)
    assert "\u202egnp.exe</blockquote>" in seller.words  # it ends with its line
    assert "Careful" in seller.words


def test_the_longest_message_with_the_longest_title_is_within_telegrams_limits(
    app: FakeApp, anna: Chat, seller: Chat
) -> None:
    anna.join(stars=1000)
    lot = sell(app, anna, "&" * 80)
    ask(anna, lot)
    anna.say("😀" * 999 + "@")
    deliver(app)
    assert seller.words.count("😀") == 999  # the judge has looked at its length
    anna.press_data(f"dm:list:{lot.auction.id}", None)
    assert anna.words.count("😀") == 999


def test_the_buyer_of_another_deal_reads_and_writes_nothing(app: FakeApp, lot: Lot, anna: Chat, boris: Chat) -> None:
    ask(anna, lot)
    anna.say("for the seller")
    boris.join(stars=1000)
    sell(app, boris, "Other")
    id_ = lot.auction.id
    for data in ("say", "re", "list", "list:{}:9", "pics:{}:1", "rp:{}:1", "rp:{}:1:fraud"):
        boris.press_data(f"dm:{data}".format(id_) if "{" in data else f"dm:{data}:{id_}", None)
        assert not any("for the seller" in text for text in said_to(boris.telegram, boris.id))
    button = {"inline_keyboard": [[{"text": "Ответить", "callback_data": f"dm:re:{id_}"}]]}
    boris.reply("let me in", {"message_id": 5, "date": 1, "chat": {"id": 2, "type": "private"}, "text": "x",
                              "reply_markup": button})  # fmt: skip
    assert texts(app, lot) == [("buyer", "for the seller")]


@pytest.mark.parametrize(
    "data",
    ["dm", "dm:", "dm:say", "dm:say:UPPER", "dm:say:{}:1", "dm:list:{}:x", "dm:list:{}:1:2", "dm:pics:{}", "dm:rp:{}",
     "dm:rp:{}:1:nonsense", "dm:rp:{}:-1", "dm:drop:{}", "dm:pics:{}:99", "dm:rp:{}:99", "dm:say:nolot"],
)  # fmt: skip
def test_a_forged_button_does_no_harm(app: FakeApp, lot: Lot, anna: Chat, data: str) -> None:
    assert anna.press_data(data.format(lot.auction.id), None) == 200
    assert kept(app, lot) == []
    assert app.tickets.open_of(anna.id, app.now()) is None


def test_who_gets_the_lot_after_a_sale_that_fell_through_finds_nothing_of_what_was_said(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, boris: Chat, seller: Chat
) -> None:
    for chat in (anna, boris):
        chat.join(stars=1000)
    old = put_up(app, title="Lamp")
    app.bidding.bid(old.auction.id, boris.id, 150, app.now())
    app.bidding.bid(old.auction.id, anna.id, 300, app.now())
    app.clock.forward(hours=2, seconds=2)
    app.closing.close(old.auction.id, app.now())
    ask(anna, old)
    anna.say("between the two of us")
    app.clock.forward(hours=24 * 8)
    app.dealing.take_back(anna.id, old.auction.id, app.now())
    app.second_chance.offer(SELLER, old.auction.id, app.now())
    new_id = app.second_chance.accept(boris.id, old.auction.id, app.now()).auction.id
    assert new_id != old.auction.id
    for lot_id in (old.auction.id, new_id):
        boris.press_data(f"dm:list:{lot_id}", None)
    deliver(app)
    assert not any("between the two" in text for text in said_to(telegram, boris.id))
    assert app.talks.talk(talk_of(app.store.deal(new_id))).count == 0


def test_a_photo_that_comes_twice_is_in_the_message_once(app: FakeApp, lot: Lot, anna: Chat) -> None:
    ask(anna, lot)
    photo(anna, media_group_id="a")
    file_id = file(anna.telegram)
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        photo(anna, media_group_id="a", file_id=file_id, update_id=7)
    app.clock.forward(seconds=31)
    photo(anna, media_group_id="a", file_id=file_id, update_id=7)
    (message,) = kept(app, lot)
    assert len(message.pictures) == 2


def test_a_report_makes_one_ticket_that_names_the_message_and_not_its_words(
    app: FakeApp, lot: Lot, anna: Chat, seller: Chat
) -> None:
    ask(anna, lot)
    anna.say("you fool")
    deliver(app)
    told = seller.last
    seller.press("Report", told)
    assert "An operator gets to read it, and no other one." in seller.words
    again = seller.buttons()["Insult or threat"]
    seller.press("Insult or threat")
    assert "An operator reads this message" in seller.words
    seller.press_data(again, None)
    assert "You have already reported this message." in seller.toasts()[-1]
    seller.press("Report", told)
    assert "You have already reported this message." in seller.toasts()[-1]
    ticket = app.tickets.open_of(SELLER, app.now())
    assert ticket
    assert ticket.messages == 1
    (said,) = app.tickets.messages(ticket.id, app.now()).items
    assert said.text == f"I report message 1 in the deal about “Lamp” (lot {lot.auction.id}): insult or threat."


def test_nobody_reports_an_own_message(app: FakeApp, lot: Lot, anna: Chat) -> None:
    ask(anna, lot)
    anna.say("me")
    anna.press_data(f"dm:rp:{lot.auction.id}:1:spam", None)
    assert "This message is no longer kept." in anna.toasts()[-1]
    assert app.tickets.open_of(anna.id, app.now()) is None


@pytest.mark.parametrize("after", [False, True])
def test_a_report_that_dies_half_way_comes_again_and_is_one(
    app: FakeApp, lot: Lot, anna: Chat, seller: Chat, after: bool
) -> None:
    ask(anna, lot)
    anna.say("you fool")
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        seller.press_data(f"dm:rp:{lot.auction.id}:1:offensive", None, update_id=9)
    app.clock.forward(seconds=31)
    seller.press_data(f"dm:rp:{lot.auction.id}:1:offensive", None, update_id=9)
    assert kept(app, lot)[0].fault == "offensive"
    ticket = app.tickets.open_of(SELLER, app.now())
    assert ticket
    assert ticket.messages == 1


def test_money_is_not_touched_by_any_of_it(app: FakeApp, lot: Lot, anna: Chat) -> None:
    ask(anna, lot)
    anna.say("hello")
    assert app.store.wallet(anna.id, "XTR").available == xtr(500)
