"""Questions about a deal: asked by two buttons, or overtaken by what happened meanwhile."""

from __future__ import annotations

from starbid.domain.lots import Lot
from tests.support.fakes import FakeApp

from .chatting import Chat

CLOSED = "That question is closed"


def disputed(app: FakeApp, lot: Lot, buyer: Chat, text: str = "") -> None:
    """The buyer's deal about the lot, disputed where there is a text."""
    app.bidding.bid(lot.auction.id, buyer.id, 100, app.now())
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    if text:
        app.dealing.dispute(buyer.id, lot.auction.id, text, app.now())


def test_a_question_of_two_buttons_is_one_and_an_answer_to_either_closes_both(
    app: FakeApp, lot: Lot, anna: Chat
) -> None:
    disputed(app, lot, anna)
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("Something is wrong")
    anna.press("Open a dispute")
    anna.press_data(f"d:dispute:{lot.auction.id}", None)
    from_card, newest = anna.messages[-2:]
    anna.reply("One", newest)
    assert "Your dispute is open" in anna.words
    anna.reply("Two", from_card)
    assert CLOSED in anna.words
    assert app.store.deal(lot.auction.id).dispute == "One"


def test_a_sellers_answer_is_not_replaced_by_what_they_write_next(
    app: FakeApp, lot: Lot, anna: Chat, seller: Chat
) -> None:
    disputed(app, lot, anna, "It never came")
    seller.say(f"/auction_{lot.auction.id}")
    seller.press("Answer")
    first = seller.last
    seller.press_data(f"d:answer:{lot.auction.id}", None)
    seller.reply("My careful answer", first)
    seller.say("Now what is for dinner?")
    assert "No live lot matches" in seller.words
    assert app.store.deal(lot.auction.id).answer == "My careful answer"


def test_a_dispute_opened_with_other_words_is_not_said_to_have_these(app: FakeApp, lot: Lot, anna: Chat) -> None:
    """It was opened on the site meanwhile: the text from the chat is not taken, and that is said."""
    disputed(app, lot, anna)
    anna.press_data(f"d:dispute:{lot.auction.id}", None)
    app.dealing.dispute(anna.id, lot.auction.id, "One", app.now())
    anna.say("Two")
    assert "moved on" in anna.words
    assert app.store.deal(lot.auction.id).dispute == "One"


def test_an_admin_is_never_told_that_the_money_went_elsewhere(app: FakeApp, lot: Lot, anna: Chat) -> None:
    """Both decisions asked for, both with the same reason: the second is too late."""
    disputed(app, lot, anna, "It never came")
    admin = Chat(app, anna.telegram, 900).join()
    admin.press_data(f"a:release:{lot.auction.id}", None)
    release = admin.last
    admin.press_data(f"a:refund:{lot.auction.id}", None)
    admin.reply("As I see it", release)
    assert "the money went to the seller" in admin.words
    admin.say("As I see it")
    assert "Resolved" not in admin.words
    assert app.store.deal(lot.auction.id).state == "completed"
