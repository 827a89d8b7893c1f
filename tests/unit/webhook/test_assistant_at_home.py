"""The AI helper at home in the auction: about a lot, and drafts of listings, of answers to disputes, of tickets."""

from __future__ import annotations

from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.assistant.question import Task
from starbid.domain.deals import DealState
from starbid.domain.lots import Lot
from tests.support.factories import SELLER, put_up
from tests.support.fakes import FakeApp

from .chatting import PHOTO, STICKER, Chat, FakeTelegram
from .helping import account, asked, helping_app, ready, texts, work

DRAFT = '{"title": "A lamp", "description": "It shines <b>well</b>.", "category": "home", "start_price": 50}'


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = helping_app(telegram)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


@pytest.fixture
def disputed(app: FakeApp, anna: Chat, seller: Chat) -> Lot:
    """Anna bought it, and objects; its seller may use the helper."""
    anna.join(stars=1000)
    ready(seller, seller=True)
    lot = put_up(app, title="Tea & cake")
    app.bidding.bid(lot.auction.id, anna.id, 200, app.now())
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    app.dealing.dispute(anna.id, lot.auction.id, "It is empty", app.now())
    return lot


def rows(message: dict[str, Any]) -> list[list[str]]:
    return [[one["text"] for one in row] for row in message["reply_markup"]["inline_keyboard"]]


def test_a_card_offers_to_ask_about_the_lot_below_its_fixed_rows(app: FakeApp, anna: Chat) -> None:
    ready(anna)
    lot = put_up(app, title="A blue lamp", buy_now_price=900).auction.id
    anna.say(f"/auction_{lot}")
    assert [row[-1] for row in rows(anna.last)][-3:] == ["Open on the site", "Ask about the lot", "Menu"]
    assert [len(row) for row in rows(anna.last)] == [2, 2, 2, 2, 1]
    anna.press("Ask about the lot")
    assert "What do you want to know about “A blue lamp”? The AI helper answers from the text of the lot" in anna.words
    anna.say("What colour?")
    assert [(one.task, one.subject, one.text) for one in asked(anna)] == [(Task.LOT, lot, "What colour?")]


def test_neither_its_seller_nor_anybody_once_it_is_over_is_offered_that(app: FakeApp, anna: Chat, seller: Chat) -> None:
    anna.join()
    lot = put_up(app)
    for chat in (seller, anna):
        chat.say(f"/auction_{lot.auction.id}")
    assert "Ask about the lot" not in seller.buttons()
    assert "Ask about the lot" in anna.buttons()
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    anna.say(f"/auction_{lot.auction.id}")
    assert "Ask about the lot" not in anna.buttons()


def test_about_a_lot_that_is_not_there_nothing_is_asked(app: FakeApp, anna: Chat) -> None:
    ready(anna)
    anna.press_data("ai:lot:nothere", None)
    assert "no such lot" in anna.words
    anna.say("lamp")
    assert texts(anna) == []


def test_one_who_has_yet_to_agree_is_led_on_to_the_same_lot(app: FakeApp, anna: Chat) -> None:
    anna.join()
    lot = put_up(app, title="A blue lamp").auction.id
    anna.say(f"/auction_{lot}")
    anna.press("Ask about the lot")
    anna.press("Agree")
    anna.press("Free trial: 10 answers, 7 days")
    assert "about “A blue lamp”" in anna.words
    anna.say("What colour?")
    assert [one.subject for one in asked(anna)] == [lot]


@pytest.mark.parametrize("way", ["/ask", "/sell"])
def test_a_few_words_become_a_draft_that_leads_to_the_form(app: FakeApp, anna: Chat, way: str) -> None:
    ready(anna, seller=True)
    app.language_model.says(DRAFT)
    anna.say(way)
    anna.press("Draft my listing")
    assert "nothing is published" in anna.words
    anna.say("lamp, shines")
    work(app)
    assert anna.words.startswith("<b>A lamp</b>\n\nIt shines &lt;b&gt;well&lt;/b&gt;.\n\nCategory: Home\nStart price: ")
    (question,) = asked(anna)
    form = f"http://127.0.0.1:8000/new_auction?suggestion={question.id}"
    assert anna.buttons() == {
        "Use it for a lot": f"sl:i:{question.id}",
        "Edit and publish": form,
        "Another draft": "ai:listing",
        "Menu": "go:menu",
    }
    assert question.task is Task.LISTING
    assert app.store.tables.auctions == {}


def test_a_draft_does_not_grow_before_the_person_as_what_the_model_writes(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    ready(anna)
    app.language_model.says(DRAFT[:20], lambda: app.pace.sleep(5), DRAFT[20:])
    anna.press_data("ai:listing", None)
    anna.say("lamp")
    work(app)
    assert [draft["text"] for draft in telegram.called("sendMessageDraft")] == [""]


def test_a_photo_is_drafted_from_the_words_below_it_and_does_not_go_along(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    ready(anna)
    anna.press_data("ai:listing", None)
    anna.update({"message": anna._message(photo=[PHOTO], caption="lamp, shines")})
    work(app)
    assert texts(anna) == ["lamp, shines"]
    assert not telegram.called("getFile")
    assert [turn.text for turn in app.language_model.prompts[-1][1:]] == ["lamp, shines"]


@pytest.mark.parametrize("content", [{"photo": [PHOTO]}, {"photo": [PHOTO], "caption": " "}, {"sticker": STICKER}])
def test_without_words_nothing_is_drafted(anna: Chat, content: dict[str, Any]) -> None:
    ready(anna)
    anna.press_data("ai:listing", None)
    anna.update({"message": anna._message(**content)})
    assert "does not see photos" in anna.words
    assert texts(anna) == []


def test_of_an_album_the_words_count_and_its_other_photos_are_passed_over(app: FakeApp, anna: Chat) -> None:
    ready(anna)
    anna.press_data("ai:listing", None)
    said = len(anna.messages)
    for caption in ({"caption": "lamp"}, {}, {}):
        anna.update({"message": anna._message(photo=[PHOTO], media_group_id="g", **caption)})
    assert texts(anna) == ["lamp"]
    assert len(anna.messages) == said


def test_an_album_without_words_is_asked_for_them_once(anna: Chat) -> None:
    ready(anna)
    anna.press_data("ai:listing", None)
    said = len(anna.messages)
    for _ in range(3):
        anna.update({"message": anna._message(photo=[PHOTO], media_group_id="g")})
    assert len(anna.messages) == said + 1
    anna.say("lamp")
    assert texts(anna) == ["lamp"]


def test_what_is_no_draft_costs_nothing_and_says_what_to_tell(app: FakeApp, anna: Chat) -> None:
    ready(anna)
    app.language_model.says("I would rather talk about the weather.")
    anna.press_data("ai:listing", None)
    anna.say("lamp")
    work(app)
    assert "No draft came of it." in anna.words
    assert account(anna).trial.used == 0  # type: ignore[union-attr]


@pytest.mark.parametrize("at", ["card", "question"])
def test_a_seller_is_helped_to_answer_a_dispute_and_nothing_is_sent(
    app: FakeApp, seller: Chat, disputed: Lot, at: str
) -> None:
    lot = disputed.auction.id
    app.language_model.says("Dear operator, the box was full.")
    seller.say(f"/auction_{lot}")
    if at == "question":
        seller.press("Answer")
    seller.press("Help me answer")
    assert "answer in the dispute about “Tea &amp; cake”" in seller.words
    seller.say("it was full")
    work(app)
    assert "Dear operator, the box was full." in seller.words
    assert "nothing was sent" in seller.words
    assert [(one.task, one.subject) for one in asked(seller)] == [(Task.REPLY, lot)]
    assert app.store.deal(lot).answer in (None, "")
    seller.press("Answer")
    seller.say("It was full, I have photos.")
    assert app.store.deal(lot).answer == "It was full, I have photos."


def test_only_that_seller_and_only_while_the_dispute_is_open(
    app: FakeApp, anna: Chat, seller: Chat, disputed: Lot
) -> None:
    lot = disputed.auction.id
    anna.say(f"/auction_{lot}")
    assert "Help me answer" not in anna.buttons()
    anna.press_data(f"ai:reply:{lot}", None)
    assert texts(anna) == []
    seller.press_data(f"ai:reply:{lot}", None)
    app.dealing.withdraw(anna.id, lot, app.now())
    assert app.store.deal(lot).state is DealState.AWAITING_DELIVERY
    seller.say("it was full")
    assert texts(seller) == []
    seller.say(f"/auction_{lot}")
    assert "Help me answer" not in seller.buttons()
    seller.press_data(f"ai:reply:{lot}", None)
    seller.say("it was full")
    assert texts(seller) == []


@pytest.mark.parametrize("is_open", [True, False])
def test_a_message_to_support_is_drafted_and_not_sent(app: FakeApp, anna: Chat, is_open: bool) -> None:
    ready(anna)
    app.language_model.says("Dear support, my lot is gone.")
    anna.say("/support")
    if is_open:
        anna.say("Hello")
        anna.say("/support")
    anna.press("Help me write")
    assert "what you want to write to support" in anna.words
    anna.say("my lot is gone")
    work(app)
    assert "Dear support, my lot is gone." in anna.words
    ticket = app.tickets.open_of(1, app.now())
    assert (ticket.messages if ticket else 0) == int(is_open)
    anna.press("Support")
    anna.say("My lot is gone.")
    ticket = app.tickets.open_of(1, app.now())
    assert ticket is not None
    assert ticket.messages == 1 + int(is_open)


def test_a_seller_of_another_lot_is_nobody_here(app: FakeApp, boris: Chat, disputed: Lot) -> None:
    ready(boris)
    boris.press_data(f"ai:reply:{disputed.auction.id}", None)
    boris.say("наглость")
    assert texts(boris) == []
    assert boris.id != SELLER
