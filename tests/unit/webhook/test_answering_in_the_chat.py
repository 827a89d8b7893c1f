"""The seller's side of a dispute in the chat, and what the admin and the old buttons make of it."""

import pytest

from starbid.domain.lots import Lot
from starbid.telegram.messenger import BotMessenger
from tests.support.desk import deciding
from tests.support.factories import SELLER, put_up
from tests.support.fakes import Death, FakeApp

from .chatting import Chat

ADMIN = 900
COMPLAINT = "It is <b>empty</b> & broken"


@pytest.fixture
def sold(app: FakeApp, anna: Chat) -> Lot:
    """Anna won a lot for 100."""
    anna.join(stars=1000)
    lot = put_up(app, title="Tea & <cake>")
    app.bidding.bid(lot.auction.id, anna.id, 100, app.now())
    app.clock.forward(hours=2, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    return lot


def dispute(chat: Chat, lot: Lot) -> None:
    chat.press_data(f"d:dispute:{lot.auction.id}", None)
    chat.say(COMPLAINT)


def test_the_seller_answers_and_the_admin_reads_both(
    app: FakeApp, sold: Lot, anna: Chat, seller: Chat, admin: Chat
) -> None:
    dispute(anna, sold)
    admin.press_data(f"a:look:{sold.auction.id}", None)
    assert "The seller has not answered yet." in admin.words
    seller.say(f"/auction_{sold.auction.id}")
    assert "Your action needed. In dispute: answer it; an operator decides" in seller.words
    card = seller.last
    seller.press("Answer")
    assert "It is &lt;b&gt;empty&lt;/b&gt; &amp; broken" in seller.words
    seller.say("It was <i>full</i> & fine")
    assert app.store.deal(sold.auction.id).answer == "It was <i>full</i> & fine"
    assert "Your answer is saved" in seller.words
    assert "Answer" not in seller.buttons(card)
    assert "Change my answer" in seller.buttons(card)
    admin.press_data(f"a:look:{sold.auction.id}", None)
    assert "The seller says:\n<blockquote>It was &lt;i&gt;full&lt;/i&gt; &amp; fine</blockquote>" in admin.words
    assert "has not answered" not in admin.words


def test_an_answer_in_the_chat_is_changed_from_the_notice_until_the_settlement(
    app: FakeApp, sold: Lot, anna: Chat, seller: Chat, admin: Chat
) -> None:
    dispute(anna, sold)
    app.run_streams()
    notice = seller_notice(app, seller, sold)
    seller.press("Answer", notice)
    seller.say("One")
    assert "Change my answer" in seller.buttons(notice)
    seller.press("Change my answer", notice)
    assert "You say:\n<blockquote>One</blockquote>" in seller.words
    app.dealing.resolve(deciding("Fine as it is.", app.now()), sold.auction.id, True)
    seller.say("Two")
    assert app.store.deal(sold.auction.id).answer == "One"
    assert "moved on" in seller.words
    seller.say("Two")
    assert "No live lot matches" in seller.words


def seller_notice(app: FakeApp, seller: Chat, lot: Lot) -> dict[str, object]:
    """The notice of a dispute, as the bot sends it."""
    told = [(person, notice) for person, notice, _ in app.messenger.told if notice.kind == "disputed"]
    ((person, notice),) = told
    BotMessenger(app.bot, app.settings, app.now, app.store.wallet).tell(person, notice, app.store.lot(lot.auction.id))
    return seller.last


@pytest.mark.parametrize("said", ["x" * 2001, " "])
def test_an_empty_or_endless_answer_is_asked_for_again(
    app: FakeApp, sold: Lot, anna: Chat, seller: Chat, said: str
) -> None:
    dispute(anna, sold)
    seller.press_data(f"d:answer:{sold.auction.id}", None)
    seller.say(said)
    assert app.store.deal(sold.auction.id).answer is None
    seller.say("x" * 2000)
    assert app.store.deal(sold.auction.id).answer == "x" * 2000


def test_nobody_but_the_seller_is_asked_for_an_answer(
    app: FakeApp, sold: Lot, anna: Chat, boris: Chat, seller: Chat
) -> None:
    seller.press_data(f"d:answer:{sold.auction.id}", None)
    seller.say("Too early")
    dispute(anna, sold)
    for chat in (anna, boris):
        chat.press_data(f"d:answer:{sold.auction.id}", None)
        chat.say("It was full")
    assert app.store.deal(sold.auction.id).answer is None


def test_a_death_after_the_answer_counts_as_answered(app: FakeApp, sold: Lot, anna: Chat, seller: Chat) -> None:
    dispute(anna, sold)
    seller.press_data(f"d:answer:{sold.auction.id}", None)
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        seller.say("It was full", update_id=5)
    app.clock.forward(seconds=31)
    seller.say("It was full", update_id=5)
    assert "Your answer is saved" in seller.words


def test_the_longest_texts_of_a_dispute_reach_the_admin_in_full(
    app: FakeApp, sold: Lot, anna: Chat, seller: Chat, admin: Chat
) -> None:
    app.dealing.deliver(SELLER, sold.auction.id, "d&" * 1900, app.now())
    app.dealing.dispute(anna.id, sold.auction.id, "b😀" * 1000, app.now())
    app.dealing.answer(SELLER, sold.auction.id, "s😀" * 1000, app.now())
    admin.press_data(f"a:look:{sold.auction.id}", None)
    for text in ("d&amp;" * 1900, "b😀" * 1000, "s😀" * 1000):
        assert sum(text in str(message.get("text")) for message in admin.messages) == 1
    assert any(button.startswith("Release") for button in admin.buttons())
    seller.press_data(f"d:answer:{sold.auction.id}", None)
    assert "You say:" in seller.words


def test_the_buyer_reads_the_answer_and_strangers_do_not(
    app: FakeApp, sold: Lot, anna: Chat, boris: Chat, seller: Chat
) -> None:
    dispute(anna, sold)
    anna.say(f"/auction_{sold.auction.id}")
    assert "The seller's answer" not in anna.buttons()
    app.dealing.answer(SELLER, sold.auction.id, "It was <i>full</i>", app.now())
    for chat in (anna, boris, seller):
        chat.press_data(f"d:heard:{sold.auction.id}", None)
    assert "full" in anna.words
    assert "full" not in str(boris.messages + seller.messages)
    anna.say(f"/auction_{sold.auction.id}")
    anna.press("The seller's answer")
    assert anna.words == "The seller says:\n<blockquote>It was &lt;i&gt;full&lt;/i&gt;</blockquote>"


def test_the_question_for_a_reason_names_the_lot(app: FakeApp, sold: Lot, anna: Chat, admin: Chat) -> None:
    dispute(anna, sold)
    admin.press_data(f"a:refund:{sold.auction.id}", None)
    assert admin.words.startswith("<b>Tea &amp; &lt;cake&gt;</b>\n")


def test_what_offered_an_objection_offers_it_no_longer(app: FakeApp, sold: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{sold.auction.id}")
    card = anna.last
    anna.press("Something is wrong")
    anna.press("Open a dispute")
    anna.say(COMPLAINT)
    assert "Something is wrong" not in anna.buttons(card)
    assert "In dispute: an operator decides by 31 May 2026, 14:00 UTC." in card["caption"]
