"""A function dies in the middle of an answer, and its update comes again: it answers no question asked since."""

from __future__ import annotations

from datetime import timedelta

import pytest

from starbid.domain.lots import Lot
from starbid.domain.payouts import Payout
from starbid.services.ports import questions_of
from tests.support.dying import dies_at
from tests.support.factories import join, put_up
from tests.support.fakes import Death, FakeApp
from tests.support.paying_out import earned
from tests.support.web import png
from webhook.questions import read_questions

from .chatting import Chat, timeout
from .coming_again import at_each_call, dies_and_comes_again, dies_at_the_end
from .selling_chat import draft, file, photo, said

LATE = "came before the question that I asked last"


@pytest.fixture
def ann(app: FakeApp, anna: Chat) -> Chat:
    """She may sell."""
    return anna.join(seller=True)


@pytest.fixture
def rich(app: FakeApp, anna: Chat) -> Chat:
    """Anna can have 500 roubles paid out."""
    anna.join()
    earned(app, 50_000, "RUB")
    app.clock.forward(days=21)
    return anna


def to_title(chat: Chat) -> None:
    chat.say("/sell")
    chat.press("Without photos")


def payouts(app: FakeApp) -> list[Payout]:
    return list(app.store.tables.payouts.values())


# --- a lot that is put up ---------------------------------------------------------------------------------------------


def test_a_title_whose_receipt_was_lost_is_no_description(app: FakeApp, ann: Chat) -> None:
    to_title(ann)
    dies_at_the_end(app, ann, "A lamp")
    app.clock.forward(seconds=31)
    assert ann.say("A lamp", update_id=5) == 200
    assert draft(app, ann).fields["title"] == "A lamp"
    assert "description" not in draft(app, ann).fields
    assert said(ann, "Describe it") == 1, "it stands there already"
    ann.say("It shines.")
    assert draft(app, ann).fields["description"] == "It shines."


@pytest.mark.parametrize("field", ["title", "description"])
def test_at_whichever_call_a_process_dies_an_answer_gets_into_its_own_field_and_no_other(
    app: FakeApp, ann: Chat, field: str
) -> None:
    def run(at: int) -> bool:
        ann.say("/sell")
        ann.press("sl:new")
        ann.press("Without photos")
        if field == "description":
            ann.say("A lamp")
        came = dies_and_comes_again(app, ann, "What I wrote", at, 100_000 + at)
        kept = draft(app, ann)
        assert {name for name, value in kept.fields.items() if value == "What I wrote"} == {field}
        app.sell_drafts.drop(ann.id, kept.id)
        return came

    at_each_call(run)


def test_an_answer_that_comes_again_after_the_next_one_changes_nothing(app: FakeApp, ann: Chat) -> None:
    to_title(ann)
    dies_at_the_end(app, ann, "A lamp")
    app.clock.forward(seconds=2)
    ann.say("It shines.")
    before = draft(app, ann)
    app.clock.forward(seconds=31)
    assert ann.say("A lamp", update_id=5) == 200
    assert draft(app, ann) == before
    assert LATE in ann.words


def test_a_question_that_may_not_have_arrived_is_asked_again(app: FakeApp, ann: Chat) -> None:
    to_title(ann)
    ann.telegram.fail("sendMessage", timeout())
    dies_at_the_end(app, ann, "A lamp")
    app.clock.forward(seconds=31)
    before = said(ann, "Describe it")
    assert ann.say("A lamp", update_id=5) == 200
    assert said(ann, "Describe it") == before + 1
    assert "description" not in draft(app, ann).fields


def test_a_photo_of_an_album_that_comes_again_is_one_photo(app: FakeApp, ann: Chat) -> None:
    ann.say("/sell")
    data, first = png((30, 30)), {"media_group_id": "a", "caption": "It shines.", "number": 50, "update_id": 5}
    first["file_id"] = file(ann, data)
    with pytest.raises(Death), dies_at(app, ann.telegram, "finish_heard"):
        photo(ann, **first)
    photo(ann, media_group_id="a", number=51)
    app.clock.forward(seconds=31)
    assert photo(ann, **first) == 200
    assert len(draft(app, ann).pictures) == 2
    assert draft(app, ann).fields.get("title", "") == ""
    ann.say("A lamp")
    assert draft(app, ann).fields["title"] == "A lamp"


# --- money ------------------------------------------------------------------------------------------------------------


def test_at_whichever_call_a_process_dies_the_amount_of_a_payout_is_not_its_details(app: FakeApp, rich: Chat) -> None:
    def run(at: int) -> bool:
        rich.press_data("wd:ask:RUB", None)
        came = dies_and_comes_again(app, rich, "500", at, 100_000 + at)
        assert said(rich, "to these details?") == 0
        rich.say("/cancel")
        return came

    at_each_call(run)


def test_at_whichever_call_a_process_dies_one_payout_with_its_details_is_asked_for(app: FakeApp, rich: Chat) -> None:
    def run(at: int) -> bool:
        rich.press_data("wd:ask:RUB", None)
        rich.say("500")
        came = dies_and_comes_again(app, rich, "Card 4276", at, 100_000 + at)
        rich.press("wd:SURE")
        (payout,) = payouts(app)
        assert payout.amount.amount == 50_000
        app.payouts.cancel(rich.id, payout.id, app.now())
        del app.store.tables.payouts[payout.id]
        return came

    at_each_call(run)


def test_an_amount_that_comes_again_after_the_details_is_no_correction_of_them(app: FakeApp, rich: Chat) -> None:
    rich.press_data("wd:ask:RUB", None)
    dies_at_the_end(app, rich, "500")
    app.clock.forward(seconds=2)
    rich.say("Card 4276")
    sure = rich.last
    app.clock.forward(seconds=31)
    assert rich.say("500", update_id=5) == 200
    assert said(rich, "to these details?") == 1
    assert LATE in rich.words
    rich.press("wd:SURE", sure)
    assert len(payouts(app)) == 1


def test_at_whichever_call_a_process_dies_a_typed_maximum_bids_on_its_own_lot_once(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=100_000)

    def run(at: int) -> bool:
        lot, other = put_up(app), put_up(app)
        anna.press_data(f"m:{lot.auction.id}:1", None)
        with dies_at(app, anna.telegram, at) as death:
            try:
                anna.say("500", 100_000 + at)
            except Death:
                assert death.came
        app.clock.forward(seconds=2)
        anna.press_data(f"m:{other.auction.id}:1", None)
        app.clock.forward(seconds=31)
        assert anna.say("500", 100_000 + at) == 200
        assert app.store.auction(other.auction.id, consistent=True).bids_count == 0
        assert app.store.auction(lot.auction.id, consistent=True).bids_count <= 1
        return death.came

    at_each_call(run, first=1)  # before its receipt is written nobody knows that it came


def test_a_maximum_that_nobody_heard_of_is_not_bid_on_the_lot_that_asks_now(app: FakeApp, anna: Chat, lot: Lot) -> None:
    anna.join(stars=1000)
    other = put_up(app)
    anna.press_data(f"m:{lot.auction.id}:1", None)
    dies_at_the_end(app, anna, "500")
    app.clock.forward(seconds=2)
    anna.press_data(f"m:{other.auction.id}:1", None)
    app.clock.forward(seconds=31)
    assert anna.say("500", update_id=5) == 200
    assert app.store.auction(other.auction.id).bids_count == 0
    assert LATE in anna.words
    anna.say("300")
    assert app.store.auction(other.auction.id).bids_count == 1, "it still waits for its answer"


def test_a_reply_that_comes_again_answers_the_question_it_replied_to_once(app: FakeApp, anna: Chat, lot: Lot) -> None:
    anna.join(stars=10_000)
    other = put_up(app)
    anna.press_data(f"m:{lot.auction.id}:1", None)
    reply = {"message": anna._message(text="500", reply_to_message=dict(anna.last))}
    anna.press_data(f"m:{other.auction.id}:1", None)
    with pytest.raises(Death), dies_at(app, anna.telegram, "finish_heard"):
        anna.update(reply, 5)
    app.clock.forward(seconds=31)
    assert anna.update(reply, 5) == 200
    assert "That question is closed" in anna.words
    assert [app.store.auction(each.auction.id).bids_count for each in (lot, other)] == [1, 0]


# --- deals ------------------------------------------------------------------------------------------------------------


@pytest.fixture
def sold(app: FakeApp, seller: Chat) -> tuple[Lot, Lot]:
    """Two lots whose buyers wait."""
    join(app, 7, stars=10_000)
    lots = put_up(app, title="Lamp", buy_now_price=500), put_up(app, title="Vase", buy_now_price=500)
    for lot in lots:
        app.bidding.buy(lot.auction.id, 7, 500, app.now())
    return lots


def test_at_whichever_call_a_process_dies_what_is_delivered_is_put_aside_once(
    app: FakeApp, seller: Chat, sold: tuple[Lot, Lot]
) -> None:
    lot = sold[0].auction.id

    def run(at: int) -> bool:
        seller.press_data(f"d:deliver:{lot}", None)
        came = dies_and_comes_again(app, seller, "The code is 5", at, 100_000 + at)
        assert app.file_delivery.aside(seller.id, lot, app.now()).text == "The code is 5"
        app.file_delivery.drop_aside(seller.id, lot, app.now())
        seller.say("/cancel")
        return came

    at_each_call(run)


@pytest.mark.parametrize("verb", ["d:deliver", "dm:say"])
def test_words_for_one_buyer_that_come_again_do_not_go_to_another(
    app: FakeApp, seller: Chat, sold: tuple[Lot, Lot], verb: str
) -> None:
    first, second = (lot.auction.id for lot in sold)
    seller.press_data(f"{verb}:{first}", None)
    dies_at_the_end(app, seller, "The code is 5")
    app.clock.forward(seconds=2)
    seller.press_data(f"{verb}:{second}", None)
    app.clock.forward(seconds=31)
    assert seller.say("The code is 5", update_id=5) == 200
    assert app.file_delivery.aside(seller.id, second, app.now()).is_empty
    assert not [one for one in app.store.tables.talks.values() if second in repr(one) and "code" in repr(one)]


# --- what is still an answer ------------------------------------------------------------------------------------------


def test_messages_sent_at_once_may_come_in_any_order(app: FakeApp, anna: Chat) -> None:
    """As those of an album do: the first to be handled asks on, and the others came a moment before it."""
    anna.join()
    anna.say("/support")
    app.clock.forward(seconds=5)
    anna.arrived = app.now()
    anna.say("It does not work.")
    anna.arrived = app.now() - timedelta(milliseconds=200)
    anna.say("At all.")
    assert "2 messages in it" in anna.words


def test_questions_as_they_were_kept_before_are_answered_as_they_were(app: FakeApp, anna: Chat, lot: Lot) -> None:
    anna.join(stars=1000)
    anna.press_data(f"m:{lot.auction.id}:1", None)
    state = app.scratch.member(*questions_of(anna.id), app.now())
    assert state is not None
    del state["last"]
    assert read_questions(state).asked
    anna.say("500")
    assert app.store.auction(lot.auction.id).bids_count == 1
