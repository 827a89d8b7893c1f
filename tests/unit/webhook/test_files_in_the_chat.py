"""Files that a seller hands over in the chat: gathered, shown, and sent by one press."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.domain.deals import DealState
from starbid.domain.lots import Lot
from tests.support.factories import SELLER
from tests.support.fakes import FakeApp
from tests.support.handed import document, moving, photo
from tests.support.physical import HOME, sold_lamp

from .chatting import STICKER, VOICE, Chat, FakeTelegram, broken
from .handing import SEND, ask, bought, deal, give, previews, sent_to


@pytest.fixture
def sold(app: FakeApp, anna: Chat) -> Lot:
    """Anna bought it."""
    return bought(app, anna)


def test_a_file_is_shown_first_and_sent_by_one_press(app: FakeApp, sold: Lot, seller: Chat, anna: Chat) -> None:
    app.run_streams()
    ask(seller, sold)
    assert "by 8 May 2026, 12:00 UTC" in seller.words
    give(seller, document("name.zip"), caption="the password is 42")
    assert "1 file: name.zip, 3.2 MB" in seller.words
    assert "<blockquote>the password is 42</blockquote>" in seller.words
    assert "Send it to the buyer by 8 May 2026, 12:00 UTC." in seller.words
    assert "Files are erased 30 days after the end of the deal." in seller.words
    assert [*seller.buttons()] == [SEND, "Add more", "Cancel"]
    assert deal(app, sold).state is DealState.AWAITING_DELIVERY
    app.run_streams()
    assert sent_to(anna) == [], "nothing is shown to the buyer before it is pressed"
    seller.press(SEND)
    assert "Sent: the buyer has been told" in seller.words
    assert "1 file with it." in seller.words
    assert (deal(app, sold).delivery, deal(app, sold).files) == ("the password is 42", 1)
    app.run_streams()
    assert len(sent_to(anna)) == 1
    assert "The seller sent “Lamp”" in anna.words
    assert "1 file came with it; it is erased 30 days after the end of the deal." in anna.words
    assert anna.words.endswith("the password is 42")


def test_an_album_counts_as_its_files_and_is_shown_in_one_preview(app: FakeApp, sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    for number in (12, 10, 11):
        words = {"caption": "all three"} if number == 10 else {}
        give(seller, photo(f"p{number}"), media_group_id="album", number=number, **words)
    assert previews(seller) == 1
    assert "3 files:" in seller.words
    seller.press(SEND)
    files = app.deal_files.of(sold.auction.id, app.now())
    assert [file.file_id for file in files] == ["p10", "p11", "p12"], "in the order of the messages"
    assert deal(app, sold).delivery == "all three"


def test_a_forwarded_album_is_an_album(app: FakeApp, sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    origin = {"type": "hidden_user", "date": 1_700_000_000, "sender_user_name": "Somebody"}
    for number in (1, 2):
        give(seller, document(f"{number}.pdf"), media_group_id="f", forward_origin=origin, number=100 + number)
    seller.press(SEND)
    assert [file.name for file in app.deal_files.of(sold.auction.id, app.now())] == ["1.pdf", "2.pdf"]


def test_what_comes_one_after_the_other_is_gathered_with_its_words(app: FakeApp, sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    give(seller, document("a.zip"), caption="first")
    seller.press("Add more")
    assert "up to 9 files" in seller.words
    assert SEND in seller.buttons()
    give(seller, moving("video"))
    give(seller, {"text": "and how to use it"})
    assert "2 files:\n1. a.zip, 3.2 MB\n2. video.mp4, 900 KB" in seller.words
    seller.press(SEND)
    assert (deal(app, sold).delivery, deal(app, sold).files) == ("first\nand how to use it", 2)


@pytest.mark.parametrize("content", [{"sticker": STICKER}, {"voice": VOICE, "caption": "listen"}, {"photo": []}])
def test_what_may_not_reach_everybody_is_answered_with_what_would(
    app: FakeApp, sold: Lot, seller: Chat, content: dict[str, Any]
) -> None:
    ask(seller, sold)
    give(seller, document())
    give(seller, content)
    assert "Only text, photos, videos, audio and files work here" in seller.words
    give(seller, document())
    assert "2 files:" in seller.words, "what was there is there still"


def test_of_eleven_files_ten_are_taken_and_the_eleventh_is_told_so(app: FakeApp, sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    for _ in range(11):
        give(seller, document())
    assert "Up to 10 files." in seller.words
    assert SEND in seller.buttons()
    assert "Add more" not in seller.buttons()
    seller.press(SEND)
    assert deal(app, sold).files == 10


def test_words_that_are_too_long_all_together_are_refused_and_the_rest_stays(
    app: FakeApp, sold: Lot, seller: Chat
) -> None:
    ask(seller, sold)
    give(seller, document(), caption="x" * 1000)
    give(seller, {"text": "y" * 3500})
    assert "Use up to 4,000 characters." in seller.words
    seller.press(SEND)
    assert deal(app, sold).delivery == "x" * 1000


def test_a_file_of_60_mb_is_sent_and_said_to_be_in_the_chat_only(app: FakeApp, sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    give(seller, document("big.iso", 60_000_000))
    assert "big.iso, 60.0 MB" in seller.words
    assert "the buyer gets in the chat only, not on the site" in seller.words
    seller.press(SEND)
    assert deal(app, sold).files == 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (None, "file"),
        ("../../etc/passwd", "passwd"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("<b>&.zip", "_b_&amp;.zip"),
        ("n" * 296 + ".zip", "n" * 116 + ".zip"),
    ],
)
def test_a_name_is_shown_and_kept_clean(app: FakeApp, sold: Lot, seller: Chat, name: str | None, shown: str) -> None:
    ask(seller, sold)
    give(seller, document(name))
    assert f"1 file: {shown}, 3.2 MB" in seller.words


def test_pressed_twice_or_on_two_devices_it_is_sent_once_and_told_twice(
    app: FakeApp, sold: Lot, seller: Chat, anna: Chat
) -> None:
    ask(seller, sold)
    give(seller, document())
    preview, data = seller.last, seller.buttons()[SEND]
    seller.press_data(data, preview)
    version = deal(app, sold).version
    seller.press_data(data, None)
    assert "Sent: the buyer has been told" in seller.words
    assert deal(app, sold).version == version
    app.run_streams()
    app.run_streams()
    assert len(sent_to(anna)) == 1


def test_an_old_button_does_not_send_what_was_added_since(app: FakeApp, sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    give(seller, document("a.zip"))
    first = seller.last
    give(seller, document("b.zip"))
    seller.press(SEND, first)
    assert deal(app, sold).state is DealState.AWAITING_DELIVERY
    assert "2 files:" in seller.words
    seller.press(SEND)
    assert deal(app, sold).files == 2


def test_cancelled_it_is_forgotten_and_its_button_asks_anew(app: FakeApp, sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    give(seller, document())
    preview, data = seller.last, seller.buttons()[SEND]
    seller.press("Cancel")
    assert "Cancelled. Nothing has changed." in seller.words
    seller.press_data(data, preview)
    assert "Send what the buyer of “Lamp” needs" in seller.words
    seller.say("the code")
    seller.press(SEND)
    assert (deal(app, sold).delivery, deal(app, sold).files) == ("the code", 0)


def test_gathered_files_are_shown_again_where_the_seller_comes_back(app: FakeApp, sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    give(seller, document("a.zip"))
    seller.say("/cancel")
    ask(seller, sold)
    assert "1 file: a.zip" in seller.words
    seller.press(SEND)
    assert deal(app, sold).files == 1


def test_of_a_day_ago_it_is_asked_for_again(app: FakeApp, sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    give(seller, document())
    app.clock.forward(days=1)
    seller.press(SEND)
    assert "Send what the buyer of “Lamp” needs" in seller.words
    assert deal(app, sold).state is DealState.AWAITING_DELIVERY


@pytest.mark.parametrize("data", ["df:ok:{}:x", "df:ok:{}:0123456789ab:x", "df:get:{}:1", "df:", "df:ok:Ä:0:1"])
def test_garbled_data_does_no_harm(app: FakeApp, sold: Lot, seller: Chat, data: str) -> None:
    assert seller.press_data(data.format(sold.auction.id), None) == 200
    assert deal(app, sold).state is DealState.AWAITING_DELIVERY


def test_a_file_whose_update_comes_twice_is_one(app: FakeApp, sold: Lot, seller: Chat, telegram: FakeTelegram) -> None:
    ask(seller, sold)
    content = document()
    telegram.fail("sendMessage", broken(), times=2)
    assert give(seller, content, number=7, update_id=99_001) == 503
    assert give(seller, content, number=7, update_id=99_001) == 200
    assert "1 file: name.zip" in seller.words


def test_in_russian_all_of_it_is_russian(app: FakeApp, sold: Lot, seller: Chat) -> None:
    app.people.set_language(SELLER, "ru")
    ask(seller, sold)
    for _ in range(5):
        give(seller, document("имя.zip", 60_000_000), caption="пароль")
    assert "5 файлов:\n1. имя.zip, 60,0 МБ" in seller.words
    assert "Пока ничего не отправлено" in seller.words
    assert [*seller.buttons()] == ["Отправить покупателю", "Добавить ещё", "Отмена"]
    seller.press("Отправить покупателю")
    assert "Отправлено 5 файлов." in seller.words


def test_the_longest_preview_fits(app: FakeApp, sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    for number in range(10):
        words = {"caption": "&" * 1000} if number < 3 else {"caption": "&" * 90}
        give(seller, document("&" * 200 + ".zip", 60_000_000), **words)
    assert "10 files:" in seller.words
    seller.press(SEND)
    assert deal(app, sold).files == 10


def test_names_full_of_ampersands_leave_the_words_their_room(sold: Lot, seller: Chat) -> None:
    """Telegram counts `&amp;` as one."""
    ask(seller, sold)
    for _ in range(10):
        give(seller, document("&" * 116 + ".zip"), caption="code 12345 " + "word " * 40)
    assert seller.words.count("code 12345") == 10


def test_the_receipt_of_a_parcel_goes_with_its_tracking_number(app: FakeApp, seller: Chat, anna: Chat) -> None:
    anna.join()
    lot = sold_lamp(app, anna.id)
    app.addressing.give(anna.id, lot, HOME, app.now())
    seller.press_data(f"d:deliver:{lot}", None)
    assert "a receipt for example" in seller.words
    assert "Show the address" in seller.buttons()
    give(seller, photo(), caption="CDEK 1234567890")
    seller.press(SEND)
    assert (app.store.deal(lot).delivery, app.store.deal(lot).files) == ("CDEK 1234567890", 1)
