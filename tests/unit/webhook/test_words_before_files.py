"""Words that a seller sends: shown first, like files, as those may follow; and files that come when all is sent."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.domain.deals import DealState
from starbid.domain.lots import Lot
from tests.support.factories import SELLER
from tests.support.fakes import FakeApp
from tests.support.handed import document, moving, photo

from .chatting import STICKER, VOICE, Chat, FakeTelegram, bad_request, broken
from .handing import SEND, ask, bought, deal, give, previews

FORWARDED = {"forward_origin": {"type": "hidden_user", "date": 1_700_000_000, "sender_user_name": "Somebody"}}
LATE = "“Lamp” is already sent; files cannot be added."


@pytest.fixture
def sold(app: FakeApp, anna: Chat) -> Lot:
    """Anna bought it."""
    return bought(app, anna)


@pytest.fixture
def sent(app: FakeApp, sold: Lot, seller: Chat) -> Lot:
    """A code alone was handed over."""
    ask(seller, sold)
    give(seller, {"text": "the code"})
    seller.press(SEND)
    assert deal(app, sold).delivery == "the code"
    return sold


@pytest.mark.parametrize("how", [{}, FORWARDED])
def test_a_text_is_shown_first_and_sent_by_one_press(
    app: FakeApp, sold: Lot, seller: Chat, how: dict[str, Any]
) -> None:
    ask(seller, sold)
    give(seller, {"text": "the <code>"}, **how)
    assert "The buyer of “Lamp” gets:\n<blockquote>the &lt;code&gt;</blockquote>" in seller.words
    assert "Files are erased" not in seller.words
    assert [*seller.buttons()] == [SEND, "Add more", "Cancel"]
    assert deal(app, sold).state is DealState.AWAITING_DELIVERY
    seller.press(SEND)
    assert "Sent: the buyer has been told" in seller.words
    assert "with it" not in seller.words
    assert (deal(app, sold).delivery, deal(app, sold).files) == ("the <code>", 0)


@pytest.mark.parametrize("how", [{}, FORWARDED])
def test_a_comment_and_the_files_forwarded_below_it_go_together(
    app: FakeApp, sold: Lot, seller: Chat, how: dict[str, Any]
) -> None:
    """Telegram sends the comment first, as words of the seller's own."""
    ask(seller, sold)
    give(seller, {"text": "Here are your three files:"}, **how)
    for number in range(3):
        give(seller, document(f"{number}.pdf"), media_group_id="f", **FORWARDED)
    assert "3 files:" in seller.words
    seller.press(SEND)
    assert (deal(app, sold).delivery, deal(app, sold).files) == ("Here are your three files:", 3)


def test_words_that_are_handled_after_their_files_go_with_them(app: FakeApp, sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    give(seller, document(), number=1_000_002)
    give(seller, {"text": "the password"}, number=1_000_003)
    give(seller, {"text": "Here it is:"}, number=1_000_001)
    seller.press(SEND)
    assert (deal(app, sold).delivery, deal(app, sold).files) == ("Here it is:\nthe password", 1)


def test_a_text_sent_by_two_devices_is_sent_once(app: FakeApp, sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    give(seller, {"text": "the code"})
    preview, data = seller.last, seller.buttons()[SEND]
    seller.press_data(data, preview)
    version = deal(app, sold).version
    seller.press_data(data, None)
    assert "Sent: the buyer has been told" in seller.words
    assert deal(app, sold).version == version


def test_a_text_whose_update_comes_twice_is_one(app: FakeApp, sold: Lot, seller: Chat, telegram: FakeTelegram) -> None:
    ask(seller, sold)
    telegram.fail("sendMessage", broken(), times=2)
    assert give(seller, {"text": "the code"}, number=7, update_id=99_001) == 503
    assert give(seller, {"text": "the code"}, number=7, update_id=99_001) == 200
    seller.press(SEND)
    assert deal(app, sold).delivery == "the code"


def test_a_preview_that_cannot_be_changed_is_shown_once_more(sold: Lot, seller: Chat, telegram: FakeTelegram) -> None:
    ask(seller, sold)
    give(seller, photo("1"), media_group_id="album")
    telegram.fail("editMessageText", bad_request("message can't be edited"))
    give(seller, photo("2"), media_group_id="album")
    assert previews(seller) == 2
    assert "2 files:" in seller.words
    assert [*seller.buttons()] == [SEND, "Add more", "Cancel"]


@pytest.mark.parametrize("content", [document(), photo(), moving("video"), moving("audio"), moving("animation")])
@pytest.mark.parametrize("how", [{}, FORWARDED])
def test_a_file_after_all_is_sent_is_told_so_and_how_to_write_to_the_buyer(
    sent: Lot, seller: Chat, content: dict[str, Any], how: dict[str, Any]
) -> None:
    give(seller, content, **how)
    assert seller.words == LATE
    assert [*seller.buttons()][:2] == ["Write to the buyer", "Open the lot"]
    seller.press("Write to the buyer")
    assert "What do you want to write to the buyer of “Lamp”?" in seller.words


def test_an_album_after_all_is_sent_is_told_so_once(sent: Lot, seller: Chat) -> None:
    for number in range(3):
        give(seller, photo(str(number)), media_group_id="late")
    assert sum(message.get("text") == LATE for message in seller.messages) == 1


def test_a_file_that_is_overtaken_by_the_press_is_told_so(
    app: FakeApp, sold: Lot, seller: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its update found the question open, and all sent a moment later."""
    ask(seller, sold)
    give(seller, {"text": "the code"})
    mark = app.file_delivery.aside(SELLER, sold.auction.id, app.now()).mark
    put_aside = app.file_delivery.put_aside

    def overtaken(*args: Any) -> Any:
        app.file_delivery.deliver(SELLER, sold.auction.id, mark, app.now())
        return put_aside(*args)

    monkeypatch.setattr(app.file_delivery, "put_aside", overtaken)
    give(seller, document())
    assert seller.words == LATE
    assert deal(app, sold).files == 0


@pytest.mark.parametrize("content", [{"sticker": STICKER}, {"voice": VOICE}])
def test_what_could_never_be_handed_over_is_answered_as_ever(sent: Lot, seller: Chat, content: dict[str, Any]) -> None:
    give(seller, content)
    assert "already sent" not in seller.words


def test_a_file_of_one_who_was_asked_something_else_since_is_answered_as_ever(
    app: FakeApp, sent: Lot, seller: Chat
) -> None:
    seller.press_data(f"dm:say:{sent.auction.id}", None)
    seller.say("hello")
    give(seller, document())
    assert "Files belong to a deal or to a question to support" in seller.words


def test_after_a_day_a_file_is_answered_as_ever(app: FakeApp, sent: Lot, seller: Chat) -> None:
    app.clock.forward(days=1)
    give(seller, document())
    assert "Files belong to a deal or to a question to support" in seller.words


def test_a_file_after_a_cancelled_delivery_is_answered_as_ever(sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    seller.press("Cancel")
    give(seller, document())
    assert "Files belong to a deal or to a question to support" in seller.words


def test_in_russian_the_late_file_is_answered_in_russian(app: FakeApp, sent: Lot, seller: Chat) -> None:
    app.people.set_language(SELLER, "ru")
    give(seller, document())
    assert seller.words == "По лоту «Lamp» всё уже отправлено, файлы добавить нельзя."
    assert "Написать покупателю" in seller.buttons()
