"""The AI helper where it is of use: lots, the form of a lot, disputes, tickets, settings, profile, texts."""

from __future__ import annotations

from datetime import timedelta
from html import unescape

import pytest

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.question import Task
from starbid.services.ports import SellDraft
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.helped import answered, asks, failed, helped, member
from tests.support.there import there
from tests.support.web import Client, text

PROPOSAL = {
    "title": "A lamp <b>& more",
    "description": "It shines.\n<script>alert(1)</script>",
    "category": "home",
    "start_price": "150",
}


@pytest.fixture
def app() -> FakeApp:
    return helped()


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return member(app, stars=1000)


# --- a lot ------------------------------------------------------------------------------------------------------------


def test_a_lots_page_leads_to_a_question_about_it(app: FakeApp, anna: Client) -> None:
    lot_id = put_up(app).auction.id
    for client in (anna, Client(app)):
        assert f'href="/assistant?lot={lot_id}"' in client.get(f"/auction/{lot_id}").text
    page = anna.get("/assistant", lot=lot_id)
    assert f'<a href="/auction/{lot_id}">A lamp</a>' in page.text
    assert f'<input type="hidden" name="lot" value="{lot_id}">' in page.text
    assert "Answered from the lot's text only." in text(page)


def test_it_is_asked_with_the_lot_and_one_stays_there(app: FakeApp, anna: Client) -> None:
    lot_id = put_up(app).auction.id
    answer = anna.post_form("/assistant", text="Does it work?", lot=lot_id)
    assert answer.headers["location"].startswith(f"/assistant?lot={lot_id}#q-")
    (question,) = app.store.tables.questions.values()
    assert (question.task, question.subject) == (Task.LOT, lot_id)


def test_the_answer_shows_quotes_as_quotes_and_says_what_it_rests_on(app: FakeApp, anna: Client) -> None:
    lot_id = put_up(app).auction.id
    asks(app, task=Task.LOT, subject=lot_id)
    shown = Formatted("Gives light.\nYes.", (Mark(Look.QUOTE, 0, 12),))
    answered(app, shown=shown)
    page = anna.get("/assistant")
    assert "<blockquote>Gives light.</blockquote>" in page.text
    assert "From the lot's text only. The seller may know more." in text(page)
    assert f'<a href="/auction/{lot_id}">Open the lot</a>' in page.text


@pytest.mark.parametrize(
    "fields",
    [
        {"lot": "nothing"}, {"lot": "<x>"}, {"lot": "x" * 21}, {"task": "lot"}, {"task": "magic"},
        {"task": "listing", "lot": "lot1"}, {"task": "question", "lot": "lot1"}, {"task": "reply", "lot": "nothing"},
    ],
)  # fmt: skip
def test_what_cannot_be_asked_about_is_not_there(app: FakeApp, anna: Client, fields: dict[str, str]) -> None:
    assert anna.get("/assistant", **fields).status == 404
    assert anna.post_form("/assistant", text="x", **fields).status == 404
    assert not app.store.tables.questions


def test_a_hidden_lot_is_asked_about_by_those_who_see_it(app: FakeApp, anna: Client) -> None:
    lot_id = put_up(app).auction.id
    join(app, 900)
    app.lot_acts.hide(deciding("A fake", app.now()), lot_id)
    assert anna.get("/assistant", lot=lot_id).status == 404
    assert anna.post_form("/assistant", text="x", lot=lot_id).status == 404
    app.asking.consent(SELLER, app.now(), given=True)
    assert Client(app).log_in(SELLER).get("/assistant", lot=lot_id).status == 200


def test_where_it_is_not_offered_no_page_names_it() -> None:
    app = make_app()
    join(app, SELLER, seller=True)
    lot_id, seller = put_up(app).auction.id, Client(app).log_in(SELLER)
    for path in (f"/auction/{lot_id}", "/new_auction", "/profile", "/settings", "/subscribe", "/support", "/privacy"):
        assert "AI helper" not in text(seller.get(path)), path


# --- the form of a lot ------------------------------------------------------------------------------------------------


@pytest.fixture
def seller(app: FakeApp) -> Client:
    return member(app, SELLER, seller=True, stars=500)


def proposed(app: FakeApp, user_id: int = SELLER, **changes: str) -> str:
    asked_id = asks(app, user_id, "An old lamp", Task.LISTING)
    answered(app, user_id, suggested=PROPOSAL | changes)
    return asked_id


def test_the_form_of_a_lot_leads_to_a_draft_of_a_few_words(seller: Client) -> None:
    assert 'href="/assistant?task=listing"' in seller.get("/new_auction").text
    page = seller.get("/assistant", task="listing")
    assert "What do you want to sell?" in text(page)
    assert '<input type="hidden" name="task" value="listing">' in page.text


def test_a_draft_of_a_lot_is_shown_as_a_proposal(app: FakeApp, seller: Client) -> None:
    asked_id = proposed(app)
    page = seller.get("/assistant")
    assert "A lamp &lt;b&gt;&amp; more" in page.text
    assert "<script>alert" not in page.text
    assert "Home" in text(page)
    assert "⭐ 150" in text(page)
    assert f'href="/new_auction?suggestion={asked_id}"' in page.text
    assert "A draft: nothing is published until you have checked it and publish it yourself." in text(page)


def test_while_it_is_drafted_nothing_of_it_is_shown(app: FakeApp, seller: Client) -> None:
    asked_id = asks(app, SELLER, "An old lamp", Task.LISTING)
    assert "Waiting for its turn" in text(seller.get("/assistant/live", id=asked_id))
    failed(app, SELLER)
    assert "Edit and publish" not in text(seller.get("/assistant"))


def test_a_proposal_fills_the_form_and_publishes_nothing(app: FakeApp, seller: Client) -> None:
    page = seller.get("/new_auction", suggestion=proposed(app))
    assert page.status == 200
    assert 'name="title" value="A lamp &lt;b&gt;&amp; more"' in page.text
    assert "It shines.\n&lt;script&gt;" in page.text
    assert 'name="start_price" value="150"' in page.text
    assert '<option value="home" selected>' in page.text
    assert "Proposed by the AI helper" in text(page)
    assert "Your own draft is kept" not in text(page)
    assert app.store.tables.auctions == {}
    assert app.sell_drafts.all(SELLER, app.now()) == ()


def test_ones_own_draft_is_named_and_stays(app: FakeApp, seller: Client) -> None:
    kept = SellDraft("r9", {"title": "My own words"}, (), (), app.now())
    app.sell_drafts.keep(SELLER, kept, app.now())
    page = seller.get("/new_auction", suggestion=proposed(app))
    assert "Your own draft is kept:" in text(page)
    assert '<a class="button plain" href="/new_auction">Open my own draft</a>' in page.text
    assert "My own words" not in text(page)
    assert [draft.fields["title"] for draft in app.sell_drafts.all(SELLER, app.now())] == ["My own words"]
    assert 'value="My own words"' in seller.get("/new_auction").text


def test_a_proposal_without_a_price_leaves_it_open(app: FakeApp, seller: Client) -> None:
    asked_id = proposed(app, start_price="")
    assert "Start price" not in text(seller.get("/assistant"))
    assert 'name="start_price" value=""' in seller.get("/new_auction", suggestion=asked_id).text


def test_only_ones_own_proposal_fills_a_form(app: FakeApp, seller: Client) -> None:
    asked_id = proposed(app)
    assert member(app, BORIS).get("/new_auction", suggestion=asked_id).status == 404
    plain = asks(app, SELLER)
    answered(app, SELLER)
    for wrong in (plain, "", "x", "0" * 17):
        assert seller.get("/new_auction", suggestion=wrong).status == 404
    assert Client(app).get("/new_auction", suggestion=asked_id).headers["location"].startswith("/login?next=")
    app.asking.clear(SELLER, app.now() + timedelta(seconds=1))
    assert seller.get("/new_auction", suggestion=asked_id).status == 404


# --- a dispute, a ticket ----------------------------------------------------------------------------------------------


def disputed(app: FakeApp) -> str:
    """Sold by SELLER to BORIS, who objects."""
    join(app, BORIS, stars=1000)
    lot_id = put_up(app, start_price=100, buy_now_price=400).auction.id
    app.bidding.buy(lot_id, BORIS, 400, app.now())
    app.dealing.deliver(SELLER, lot_id, "The code", app.now())
    app.dealing.dispute(BORIS, lot_id, "It is dark", app.now())
    return lot_id


def test_the_seller_in_a_dispute_gets_help_with_the_answer(app: FakeApp, seller: Client) -> None:
    lot_id = disputed(app)
    assert f'href="/assistant?task=reply&amp;lot={lot_id}"' in seller.get(f"/auction/{lot_id}").text
    page = seller.get("/assistant", task="reply", lot=lot_id)
    assert "not what the buyer wrote" in text(page)
    assert seller.post_form("/assistant", text="I sent it", task="reply", lot=lot_id).status == 303
    (question,) = app.store.tables.questions.values()
    assert (question.task, question.subject) == (Task.REPLY, lot_id)


def test_it_is_a_draft_that_is_copied_and_sent_by_hand(app: FakeApp, seller: Client) -> None:
    lot_id = disputed(app)
    asks(app, SELLER, "I sent it", Task.REPLY, lot_id)
    answered(app, SELLER, answer='I sent it, "as agreed".')
    page = seller.get("/assistant")
    assert 'data-copy="I sent it, &#34;as agreed&#34;." data-copied="Copied" hidden>Copy</button>' in page.text
    assert f'href="/auction/{lot_id}#deal">Back to the dispute</a>' in page.text
    assert "A draft: nothing was sent." in text(page)
    assert there(app.store.deal(lot_id)).answer is None


def test_nobody_else_gets_it(app: FakeApp, seller: Client, anna: Client) -> None:
    lot_id, buyer = disputed(app), Client(app).log_in(BORIS)
    app.asking.consent(BORIS, app.now(), given=True)
    quiet = put_up(app).auction.id
    for client, lot in ((buyer, lot_id), (anna, lot_id), (seller, quiet)):
        assert client.get("/assistant", task="reply", lot=lot).status == 404
        assert client.post_form("/assistant", text="x", task="reply", lot=lot).status == 404
    assert "task=reply" not in buyer.get(f"/auction/{lot_id}").text
    app.dealing.withdraw(BORIS, lot_id, app.now())
    assert seller.get("/assistant", task="reply", lot=lot_id).status == 404


def test_a_ticket_gets_help_with_words_too(app: FakeApp, anna: Client) -> None:
    assert 'href="/assistant?task=reply"' in anna.get("/support").text
    ticket = anna.post_form("/support", text="Help").headers["location"]
    assert 'href="/assistant?task=reply"' in anna.get(ticket).text
    assert "nothing of your ticket" in text(anna.get("/assistant", task="reply"))
    asks(app, text="My parcel is late", task=Task.REPLY)
    answered(app)
    assert 'href="/support">To support</a>' in anna.get("/assistant").text


# --- elsewhere --------------------------------------------------------------------------------------------------------


def test_the_profile_tells_what_is_left(app: FakeApp, anna: Client) -> None:
    assert "10 free answers until" in text(anna.get("/profile"))
    stranger = Client(app).log_in(BORIS)
    join(app, BORIS)
    assert "10 answers are free to try" in text(stranger.get("/profile"))


def test_the_subscription_tells_what_comes_with_it(app: FakeApp, anna: Client) -> None:
    assert "100 answers of the AI helper come with it." in text(anna.get("/subscribe"))
    app.people.subscribe(ANNA, "s1", app.now())
    page = text(anna.get("/assistant"))
    assert "100 answers of your subscription until" in page


def test_the_texts_say_where_questions_go(app: FakeApp) -> None:
    privacy = text(Client(app).get("/privacy"))
    assert "The answers of the AI helper are written by an AI service of another company." in privacy
    assert "until you clear the history" in privacy
    assert "Its answers are written by an AI and may be wrong" in text(Client(app).get("/terms"))
    russian = Client(app).get("/privacy", headers={"accept-language": "ru"})
    assert "Ответы Помогатора пишет AI-сервис другой компании." in unescape(russian.text)
