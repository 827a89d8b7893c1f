"""Buyer and seller of a deal write to each other through the bot, and learn nothing of each other's account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.domain import evidence
from starbid.domain.evidence import MAX_EVIDENCE
from starbid.domain.lots import Lot
from starbid.domain.talks import GRACE, LIFE
from tests.support.factories import SELLER
from tests.support.fakes import Death, FakeApp
from tests.support.web import png

from .chatting import Chat, FakeTelegram, flood, forbidden
from .talks import ask, deliver, document, kept, photo, said_to, sell, texts


@pytest.fixture
def lot(app: FakeApp, anna: Chat, seller: Chat) -> Lot:
    """Anna bought it."""
    anna.join(stars=1000)
    made = sell(app, anna)
    deliver(app)
    return made


def test_a_message_goes_to_the_other_side_and_back(app: FakeApp, lot: Lot, anna: Chat, seller: Chat) -> None:
    anna.press_data(f"o:{lot.auction.id}", None)
    anna.press("Write to the seller")
    assert "What do you want to write to the seller of “Tea &amp; &lt;cake&gt;”?" in anna.words
    assert "an operator can read them only in a dispute" in anna.words
    anna.say("Is it <green>?")
    assert anna.words == "Sent to the seller."
    deliver(app)
    assert "Message about “Tea &amp; &lt;cake&gt;” from the buyer:" in seller.words
    assert "<blockquote>Is it &lt;green&gt;?</blockquote>" in seller.words
    assert "an operator can read them only in a dispute" in seller.words  # to each, before they write
    assert {"Answer", "Report", "Open the deal", "Menu"} == seller.buttons().keys()
    seller.press("Answer")
    seller.say("Black.")
    assert seller.words == "Sent to the buyer."
    deliver(app)
    assert "from the seller:" in anna.words
    assert "Black." in anna.words
    assert texts(app, lot) == [("buyer", "Is it <green>?"), ("seller", "Black.")]


def test_it_is_said_in_russian_too(app: FakeApp, boris: Chat, seller: Chat) -> None:
    boris.join(stars=1000)
    lot = sell(app, boris, "Лампа")
    boris.press_data(f"o:{lot.auction.id}", None)
    boris.press("Написать продавцу")
    assert "Что написать продавцу" in boris.words
    assert "только если открыт спор" in boris.words
    boris.say("Добрый день")
    assert boris.words == "Отправлено продавцу."
    seller.press_data(f"dm:say:{lot.auction.id}", None)
    seller.say("Pay to my card +7 900 123-45-67")
    deliver(app)
    assert "Сообщение о лоте «Лампа» от продавца:" in boris.words
    assert "Осторожно" in boris.words


def test_nothing_that_is_sent_names_the_other_one(app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat,
                                                  seller: Chat) -> None:  # fmt: skip
    anna.user["username"] = "anna_secret"
    ask(anna, lot)
    anna.say("Hello")
    ask(anna, lot)
    origin = {"type": "hidden_user", "sender_user_name": "Somebody Else", "date": 1}
    anna.update({"message": anna._message(text="A forwarded text", forward_origin=origin)})
    deliver(app)
    told = "\n".join(said_to(telegram, SELLER))
    assert "Hello" in told
    assert "A forwarded text" in told
    for secret in ("Anna", "anna_secret", "Somebody Else", "forward_"):
        assert secret not in told
    assert "copyMessage" not in {method for method, _ in telegram.calls}
    assert "forwardMessage" not in {method for method, _ in telegram.calls}


def test_a_reply_to_a_message_answers_it_and_to_the_confirmation_too(
    app: FakeApp, lot: Lot, anna: Chat, seller: Chat
) -> None:
    ask(anna, lot)
    anna.say("One")
    anna.reply("Two", anna.last)
    deliver(app)
    seller.reply("Three", seller.last)
    assert texts(app, lot) == [("buyer", "One"), ("buyer", "Two"), ("seller", "Three")]


def test_a_reply_to_the_card_of_the_lot_is_no_message(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.press_data(f"o:{lot.auction.id}", None)
    anna.reply("tea", anna.last)
    assert kept(app, lot) == []


def test_one_question_takes_one_message(app: FakeApp, lot: Lot, anna: Chat) -> None:
    ask(anna, lot)
    anna.say("One")
    anna.say("a search, and none of the seller's business")
    assert texts(app, lot) == [("buyer", "One")]


def test_an_update_that_comes_twice_is_one_message(app: FakeApp, lot: Lot, anna: Chat, seller: Chat) -> None:
    ask(anna, lot)
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        anna.say("One", update_id=5)
    app.clock.forward(seconds=31)
    anna.say("One", update_id=5)
    assert anna.words == "Sent to the seller."
    deliver(app)
    assert texts(app, lot) == [("buyer", "One")]
    assert sum("One" in str(message.get("text")) for message in seller.messages) == 1


def test_a_photo_with_its_caption_arrives_without_what_the_file_says(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat, seller: Chat
) -> None:
    ask(anna, lot)
    document(anna, png((60, 40)) + b"made by Anna", "image/png", caption="Like this?")
    assert anna.words == "Sent to the seller."
    deliver(app)
    assert "1 photo above" in seller.words
    assert "Like this?" in seller.words
    assert any("photo" in message for message in seller.messages)
    assert not any("made by Anna" in text for text in said_to(telegram, SELLER))


def test_an_album_is_one_message(app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat, seller: Chat) -> None:
    ask(anna, lot)
    for number in range(4):
        photo(anna, media_group_id="a", **({"caption": "Scratches"} if number == 1 else {}))
    (message,) = kept(app, lot)
    assert (message.text, len(message.pictures)) == ("Scratches", 4)
    assert sum("Sent to the seller" in str(each.get("text")) for each in anna.messages) == 1
    deliver(app)
    assert [len(fields["media"]) for fields in telegram.called("sendMediaGroup")] == [4]
    assert "4 photos above" in seller.words


@pytest.mark.parametrize("begun", ["message", "dispute"])
@pytest.mark.parametrize("asked", ["message", "dispute", "ticket"])
def test_a_late_photo_of_an_album_goes_where_the_album_went_whatever_is_asked_meanwhile(
    app: FakeApp, lot: Lot, anna: Chat, begun: str, asked: str
) -> None:
    """A photo that is meant for one must not be read by another."""
    other = sell(app, anna, title="A key")
    ask_for = {"message": "dm:say:{}", "dispute": "d:dispute:{}", "ticket": "go:support"}
    anna.press_data(ask_for[begun].format(lot.auction.id), None)
    photo(anna, media_group_id="a", caption="Scratches")
    anna.press_data(ask_for[asked].format(other.auction.id), None)
    photo(anna, media_group_id="a")
    assert kept(app, other) == []
    assert [len(message.pictures) for message in kept(app, lot)] == ([2] if begun == "message" else [])
    assert evidence.room(app.store.deal(lot.auction.id), anna.id) == MAX_EVIDENCE - (2 if begun == "dispute" else 0)


def test_what_comes_after_an_album_was_told_is_a_message_of_its_own(
    app: FakeApp, lot: Lot, anna: Chat, seller: Chat
) -> None:
    ask(anna, lot)
    photo(anna, media_group_id="a", caption="One")
    deliver(app)
    photo(anna, media_group_id="a")
    deliver(app)
    assert [len(message.pictures) for message in kept(app, lot)] == [1, 1]
    assert sum("photo above" in str(message.get("text")) for message in seller.messages) == 2


def test_a_page_of_the_history_is_measured_as_it_is_read(app: FakeApp, lot: Lot, anna: Chat, seller: Chat) -> None:
    """Telegram counts `&amp;` as one."""
    for number in range(7):
        app.talking.write(anna.id, lot.auction.id, "&" * 500, (), f"k{number}", app.now())
    seller.press_data(f"dm:list:{lot.auction.id}", None)
    assert "1. <b>The buyer</b>" in seller.words
    assert "Earlier messages" not in seller.buttons()


def test_the_history_has_all_words_in_pages(app: FakeApp, lot: Lot, anna: Chat, seller: Chat) -> None:
    for number in range(13):
        app.talking.write(anna.id, lot.auction.id, f"<{number}> " + "x" * 500, (), f"k{number}", app.now())
    seller.press_data(f"dm:list:{lot.auction.id}", None)
    first = seller.words
    assert "13. <b>The buyer</b>" in first
    assert "&lt;12&gt;" in first
    assert len(first) < 4096 + 500
    before = len(seller.messages)
    seller.press("Earlier messages")
    assert "&lt;12&gt;" not in seller.words
    assert len(seller.messages) == before, "a page takes the place of the one before"
    while "Earlier messages" in seller.buttons():
        seller.press("Earlier messages")
    assert "1. <b>The buyer</b>" in seller.words
    seller.press("Latest messages")
    assert "13. <b>The buyer</b>" in seller.words


def test_photos_of_the_history_are_shown_when_they_are_asked_for(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat
) -> None:
    ask(anna, lot)
    photo(anna)
    anna.press("Messages")
    before = len(telegram.called("sendPhoto"))
    anna.press("Photos of message 1")
    assert len(telegram.called("sendPhoto")) == before + 1


def test_the_receiver_is_warned_of_what_leads_elsewhere(app: FakeApp, lot: Lot, anna: Chat, seller: Chat) -> None:
    ask(anna, lot)
    anna.say("Write me: t.me/anna")
    deliver(app)
    assert "t.me/anna" in seller.words  # nothing is changed
    assert "Careful: pay and agree on things only here." in seller.words


def test_who_stopped_the_bot_gets_nothing_and_the_writer_learns_it_once(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat, seller: Chat
) -> None:
    for text in ("One", "Two"):
        ask(anna, lot)
        anna.say(text)
    telegram.fail("sendMessage", forbidden())
    deliver(app)
    assert "has not been delivered: the seller has stopped the bot" in anna.words
    assert sum("has not been delivered" in str(message.get("text")) for message in anna.messages) == 1
    ask(anna, lot)
    anna.say("Three")
    assert anna.words.startswith("Not delivered: the seller has stopped the bot.")
    seller.member("member")
    ask(anna, lot)
    anna.say("Four")
    deliver(app)
    told = [str(message.get("text")) for message in seller.messages]
    found = [next((word for word in ("One", "Two", "Three", "Four") if word in text), "") for text in told]
    assert [word for word in found if word] == ["One", "Two", "Three", "Four"]  # what was missed came first, in order


def test_who_is_blocked_cannot_answer_here_and_the_other_one_is_told(
    app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat, seller: Chat
) -> None:
    app.store.block(SELLER)
    ask(anna, lot)
    anna.say("Hello?")
    assert "the seller cannot read or answer messages here at present" in anna.words
    deliver(app)
    assert not any("Hello?" in text for text in said_to(telegram, SELLER))


def test_a_flood_delays_a_message_and_loses_none(app: FakeApp, telegram: FakeTelegram, lot: Lot, anna: Chat,
                                                 seller: Chat) -> None:  # fmt: skip
    for text in ("One", "Two"):
        ask(anna, lot)
        anna.say(text)
    telegram.fail("sendMessage", flood(7))
    deliver(app, 6)
    told = [str(message.get("text")) for message in seller.messages]
    assert ["One" in text for text in told if "from the buyer" in text] == [True, False]


def test_the_two_are_told_when_it_closes_and_nobody_writes_after_that(
    app: FakeApp, lot: Lot, anna: Chat, seller: Chat
) -> None:
    app.dealing.deliver(SELLER, lot.auction.id, "code", app.now())
    anna.press_data(f"d:CONFIRM:{lot.auction.id}", None)
    assert "You can write to each other until" in anna.words
    deliver(app)
    assert "You can write to each other until" in seller.words
    app.clock.forward(seconds=int((GRACE - timedelta(minutes=5)).total_seconds()))
    ask(anna, lot)
    assert "You can write to each other until" in anna.words
    app.clock.forward(minutes=6)
    anna.say("Too late")
    assert "The deal ended too long ago" in anna.words
    ask(anna, lot)
    anna.press_data(f"o:{lot.auction.id}", None)
    assert "Messages" in anna.buttons()
    assert "Write to the seller" not in anna.buttons()
    assert kept(app, lot) == []


def test_what_was_written_is_read_for_a_time_and_then_by_nobody(app: FakeApp, lot: Lot, anna: Chat) -> None:
    ask(anna, lot)
    anna.say("One")
    app.dealing.deliver(SELLER, lot.auction.id, "code", app.now())
    app.dealing.confirm(anna.id, lot.auction.id, app.now())
    app.clock.forward(seconds=int(LIFE.total_seconds()) - 60)
    anna.press_data(f"dm:list:{lot.auction.id}", None)
    assert "One" in anna.words
    app.clock.forward(seconds=61)
    anna.press_data(f"dm:list:{lot.auction.id}", None)
    assert "Nothing here yet." in anna.words


def test_privacy_says_for_how_long_it_is_read_and_when_it_is_erased(anna: Chat, boris: Chat) -> None:
    anna.say("/privacy")
    assert "for 90 days after the deal, and erased within 180 days of its end" in anna.words
    boris.say("/privacy")
    assert "видна им 90 дней после сделки и удаляется не позже чем через 180 дней после её окончания" in boris.words
