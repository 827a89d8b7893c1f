"""Files that a seller hands over in the chat: shown first, sent by one press, read by the buyer."""

from __future__ import annotations

from itertools import count
from typing import Any

import pytest

from starbid.domain.deals import Deal, DealState
from starbid.domain.lots import Lot
from starbid.telegram.messenger import BotMessenger
from tests.support.factories import SELLER, pay, put_up
from tests.support.fakes import Death, FakeApp
from tests.support.handed import document, moving, photo

from .chatting import STICKER, VOICE, Chat, FakeTelegram, bad_request, broken, flood

SEND = "Send to the buyer"
FILES = ("sendPhoto", "sendDocument", "sendVideo", "sendAnimation", "sendAudio", "sendMediaGroup")
_numbers = count(1)


@pytest.fixture
def sold(app: FakeApp, anna: Chat, seller: Chat) -> Lot:
    """Anna bought it; words of notices are real."""
    app.__dict__["messenger"] = BotMessenger(app.bot, app.settings, app.now, app.store.wallet)
    anna.join(stars=1000)
    lot = put_up(app, title="Lamp", buy_now_price=500)
    app.bidding.buy(lot.auction.id, anna.id, 500, app.now())
    return lot


def deal(app: FakeApp, lot: Lot) -> Deal:
    return app.store.deal(lot.auction.id)


def give(chat: Chat, content: dict[str, Any], /, **how: Any) -> int:
    """Send a file; `number` is the message's."""
    update_id, number = how.pop("update_id", None), how.pop("number", next(_numbers))
    return chat.update({"message": chat._message(**content, **how) | {"message_id": number}}, update_id)


def ask(chat: Chat, lot: Lot) -> None:
    chat.press_data(f"d:deliver:{lot.auction.id}", None)


def previews(chat: Chat) -> int:
    return sum("Nothing is sent yet" in str(message.get("text")) for message in chat.messages)


def sent_to(chat: Chat) -> list[Any]:
    """What files went to a chat, by their ids."""
    ids: list[Any] = []
    for method, fields in chat.telegram.calls:
        if method in FILES and fields["chat_id"] == chat.id:
            group = [{"media": fields[method[4:].lower()]}] if "media" not in fields else fields["media"]
            ids.append([each["media"] for each in group])
    return [each for each in ids if all(isinstance(file_id, str) for file_id in each)]  # the rest are uploads


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


def test_a_text_alone_is_sent_at_once(app: FakeApp, sold: Lot, seller: Chat) -> None:
    ask(seller, sold)
    give(seller, {"text": "the code"})
    assert "Sent: the buyer has been told" in seller.words
    assert (deal(app, sold).delivery, deal(app, sold).files) == ("the code", 0)


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
    assert "up to 9 more files" in seller.words
    assert SEND in seller.buttons()
    give(seller, moving("video"))
    give(seller, {"text": "and how to use it"})
    assert "2 files:\n1. a.zip, 3.2 MB\n2. video.mp4, 900 KB" in seller.words
    seller.press(SEND)
    assert (deal(app, sold).delivery, deal(app, sold).files) == ("first\nand how to use it", 2)


def test_each_kind_is_sent_on_as_what_it_is_those_of_one_kind_together(
    app: FakeApp, sold: Lot, seller: Chat, anna: Chat
) -> None:
    ask(seller, sold)
    sent = [photo(), moving("video"), moving("animation"), moving("audio"), document(), document("b.pdf")]
    for content in sent:
        give(seller, content)
    seller.press(SEND)
    app.run_streams()
    calls = [method for method, fields in anna.telegram.calls if method in FILES and fields["chat_id"] == anna.id]
    assert calls == ["sendMediaGroup", "sendAnimation", "sendAudio", "sendMediaGroup"]
    before = len(sent_to(anna))
    anna.say(f"/auction_{sold.auction.id}")
    anna.press("What the seller sent")
    assert sent_to(anna)[-4:] == sent_to(anna)[before - 4 : before]
    assert "Files are erased 30 days" in anna.words
    assert "Open the lot" in anna.buttons()


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
    assert "Use up to 4000 characters." in seller.words
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


def test_while_the_buyer_owes_it_waits_and_goes_out_afterwards(
    app: FakeApp, sold: Lot, seller: Chat, anna: Chat
) -> None:
    ask(seller, sold)
    give(seller, document())
    preview = seller.last
    (charge,) = app.store.charges_of(anna.id)
    app.refunding.taken_back(anna.id, charge.id, "", 1000, "XTR", app.now())
    app.follow_debts()
    seller.press(SEND, preview)
    assert "paused until the debt is settled" in seller.toasts()[-1]
    assert deal(app, sold).files == 0
    pay(app, anna.id, 2000)
    app.follow_debts()
    seller.press(SEND, preview)
    assert deal(app, sold).files == 1


def test_after_the_buyer_took_the_money_back_nothing_is_sent(app: FakeApp, sold: Lot, seller: Chat, anna: Chat) -> None:
    app.clock.forward(days=7)
    ask(seller, sold)
    give(seller, document())
    app.dealing.take_back(anna.id, sold.auction.id, app.now())
    seller.press(SEND)
    assert "this step is no longer possible" in seller.toasts()[-1]
    give(seller, document())
    assert deal(app, sold).files == 0
    app.run_streams()
    assert sent_to(anna) == []


@pytest.mark.parametrize("data", ["df:ok:{}:0123456789ab:5", "df:more:{}:5", "df:no:{}", "df:get:{}", "d:read:{}"])
def test_others_learn_and_change_nothing(
    app: FakeApp, sold: Lot, seller: Chat, boris: Chat, anna: Chat, data: str
) -> None:
    ask(seller, sold)
    give(seller, document())
    boris.join()
    boris.press_data(data.format(sold.auction.id), None)
    assert boris.toasts()[-1] == "Это может сделать только другой человек."
    assert boris.messages == []
    seller.press(SEND)
    boris.press_data(data.format(sold.auction.id), None)
    assert (boris.messages, sent_to(boris)) == ([], [])


@pytest.mark.parametrize("data", ["df:ok:{}:x", "df:ok:{}:0123456789ab:x", "df:get:{}:1", "df:", "df:ok:Ä:0:1"])
def test_garbled_data_does_no_harm(app: FakeApp, sold: Lot, seller: Chat, data: str) -> None:
    assert seller.press_data(data.format(sold.auction.id), None) == 200
    assert deal(app, sold).state is DealState.AWAITING_DELIVERY


def test_where_the_bot_dies_after_the_delivery_the_press_comes_again_and_is_told(
    app: FakeApp, sold: Lot, seller: Chat, anna: Chat
) -> None:
    ask(seller, sold)
    give(seller, document())
    preview = seller.last
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        seller.press(SEND, preview, 88_001)
    app.clock.forward(minutes=5)
    assert seller.press(SEND, preview, 88_001) == 200
    assert "Sent: the buyer has been told" in seller.words
    assert deal(app, sold).files == 1
    app.run_streams()
    assert len(sent_to(anna)) == 1


def test_a_file_whose_update_comes_twice_is_one(app: FakeApp, sold: Lot, seller: Chat, telegram: FakeTelegram) -> None:
    ask(seller, sold)
    content = document()
    telegram.fail("sendMessage", broken(), times=2)
    assert give(seller, content, number=7, update_id=99_001) == 503
    assert give(seller, content, number=7, update_id=99_001) == 200
    assert "1 file: name.zip" in seller.words


def test_telling_goes_on_where_it_stopped(
    app: FakeApp, sold: Lot, seller: Chat, anna: Chat, telegram: FakeTelegram
) -> None:
    ask(seller, sold)
    give(seller, document())
    give(seller, photo())
    seller.press(SEND)
    telegram.fail("sendPhoto", flood(9))
    app.run_streams()
    assert len(sent_to(anna)) == 1
    app.clock.forward(seconds=10)
    app.run_streams()
    assert len(sent_to(anna)) == 2, "what had been sent is not sent again"
    assert "The seller sent “Lamp”" in anna.words


def test_what_telegram_does_not_send_on_keeps_the_notice_from_nobody(
    app: FakeApp, sold: Lot, seller: Chat, anna: Chat, telegram: FakeTelegram
) -> None:
    ask(seller, sold)
    give(seller, document(), caption="the password is 42")
    seller.press(SEND)
    telegram.fail("sendDocument", bad_request("wrong file identifier"))
    app.run_streams()
    assert "1 file came with it" in anna.words
    telegram.fail("sendDocument", bad_request("wrong file identifier"))
    anna.press("What the seller sent")
    assert any("Not all files could be sent" in str(message.get("text")) for message in anna.messages)
    assert "the password is 42" in anna.messages[-2]["text"]


def test_after_a_refund_the_buyer_reads_files_as_they_read_words(
    app: FakeApp, sold: Lot, seller: Chat, anna: Chat
) -> None:
    ask(seller, sold)
    give(seller, document())
    seller.press(SEND)
    app.dealing.dispute(anna.id, sold.auction.id, "empty", app.now())
    app.clock.forward(days=31)
    app.dealing.advance(sold.auction.id, app.now())
    assert not deal(app, sold).is_open
    anna.press_data(f"d:read:{sold.auction.id}", None)
    assert len(sent_to(anna)) == 1


def test_erased_files_are_said_to_be_erased(app: FakeApp, sold: Lot, seller: Chat, anna: Chat) -> None:
    ask(seller, sold)
    give(seller, document())
    seller.press(SEND)
    app.dealing.confirm(anna.id, sold.auction.id, app.now())
    app.clock.forward(days=30)
    anna.say(f"/auction_{sold.auction.id}")
    assert "What the seller sent" not in anna.buttons()
    anna.press_data(f"d:read:{sold.auction.id}", None)
    assert anna.words == "The files were erased."
    assert sent_to(anna) == []


def test_an_operator_gets_the_files_in_a_dispute_only(
    app: FakeApp, sold: Lot, seller: Chat, anna: Chat, admin: Chat
) -> None:
    ask(seller, sold)
    give(seller, document())
    seller.press(SEND)
    admin.press_data(f"df:get:{sold.auction.id}", None)
    assert sent_to(admin) == []
    app.dealing.dispute(anna.id, sold.auction.id, "empty", app.now())
    admin.press_data(f"a:look:{sold.auction.id}", None)
    admin.press("1 file")
    assert len(sent_to(admin)) == 1
    app.dealing.withdraw(anna.id, sold.auction.id, app.now())
    admin.press_data(f"df:get:{sold.auction.id}", None)
    assert len(sent_to(admin)) == 1


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
