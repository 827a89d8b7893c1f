"""Files that were handed over in the chat: who gets them, what stands in the way, what is told."""

from __future__ import annotations

import pytest

from starbid.domain.lots import Lot
from tests.support.factories import pay
from tests.support.fakes import Death, FakeApp
from tests.support.handed import document, moving, photo

from .chatting import Chat, FakeTelegram, bad_request, flood
from .handing import FILES, SEND, ask, bought, deal, give, sent_to


@pytest.fixture
def sold(app: FakeApp, anna: Chat) -> Lot:
    """Anna bought it."""
    return bought(app, anna)


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
    (look,) = app.audit_trail.entries(action="read-files").items
    assert (look.admin_id, look.subject, look.after) == (admin.id, f"lot/{sold.auction.id}", "all files: 1")
    app.dealing.withdraw(anna.id, sold.auction.id, app.now())
    admin.press_data(f"df:get:{sold.auction.id}", None)
    assert len(sent_to(admin)) == 1
