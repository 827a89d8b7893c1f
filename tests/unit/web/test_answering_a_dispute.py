"""The seller's side of a dispute on the page of a lot."""

from __future__ import annotations

import re

import pytest

from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, SELLER, bought, market
from tests.support.fakes import FakeApp
from tests.support.web import Client, text


@pytest.fixture
def app() -> FakeApp:
    app, _ = market()
    return app


def sold(app: FakeApp) -> str:
    return bought(app)


def people(app: FakeApp) -> tuple[Client, Client, Client]:
    """Seller, buyer, stranger."""
    seller, buyer, stranger = (Client(app).log_in(who) for who in (SELLER, ANNA, BORIS))
    return seller, buyer, stranger


def disputed(app: FakeApp) -> str:
    lot_id = sold(app)
    app.dealing.dispute(ANNA, lot_id, "Broken", app.now())
    return lot_id


def test_the_seller_answers_and_both_sides_read_it(app: FakeApp) -> None:
    lot_id = disputed(app)
    seller, buyer, stranger = people(app)
    assert "Send the answer" in text(seller.get(f"/auction/{lot_id}"))
    answer = seller.post_form(f"/auction/{lot_id}/answer", text="It was <b>whole</b>\r\n& packed")
    assert (answer.status, answer.headers["location"]) == (303, f"/auction/{lot_id}")
    assert app.store.deal(lot_id).answer == "It was <b>whole</b>\n& packed"
    shown = seller.get(f"/auction/{lot_id}")
    assert "Your answer is saved. The operator has been told." in text(shown)
    for page, title in ((shown, "Your answer"), (buyer.get(f"/auction/{lot_id}"), "The seller's answer")):
        assert f"{title} It was &lt;b&gt;whole&lt;/b&gt; &amp; packed" in text(page)
    assert "packed" not in stranger.get(f"/auction/{lot_id}").text
    assert "Send the answer" not in text(buyer.get(f"/auction/{lot_id}"))


def test_an_answer_can_be_changed_from_what_it_was_until_the_decision(app: FakeApp) -> None:
    lot_id = disputed(app)
    seller, buyer, _ = people(app)
    seller.post_form(f"/auction/{lot_id}/answer", text="First")
    page = seller.get(f"/auction/{lot_id}")
    assert "Change my answer" in text(page)
    assert re.search(r"<textarea[^>]*id=\"answer-text\"[^>]*>\nFirst</textarea>", page.text)
    seller.post_form(f"/auction/{lot_id}/answer", text="Second")
    assert "The seller's answer Second" in text(buyer.get(f"/auction/{lot_id}"))

    app.dealing.resolve(deciding("Clear", app.now()), lot_id, True)
    late = seller.post_form(f"/auction/{lot_id}/answer", text="Third")
    assert late.status == 409
    assert "this step is no longer possible" in late.text
    resolved = text(seller.get(f"/auction/{lot_id}"))
    assert "Your answer Second" in resolved
    assert "Change my answer" not in resolved


def test_an_empty_or_endless_answer_is_refused_beside_its_field(app: FakeApp) -> None:
    lot_id = disputed(app)
    seller, _, _ = people(app)
    for typed in (" ", "x" * 2001):
        answer = seller.post_form(f"/auction/{lot_id}/answer", text=typed)
        assert answer.status == 422
        assert 'id="answer-text-fault"' in answer.text
    assert typed in answer.text
    assert app.store.deal(lot_id).answer is None


@pytest.mark.parametrize("who", [ANNA, BORIS])
def test_nobody_but_the_seller_answers(app: FakeApp, who: int) -> None:
    lot_id = disputed(app)
    assert Client(app).log_in(who).post_form(f"/auction/{lot_id}/answer", text="x").status == 403
    assert app.store.deal(lot_id).answer is None


def test_before_a_dispute_there_is_nothing_to_answer(app: FakeApp) -> None:
    lot_id = sold(app)
    seller, _, _ = people(app)
    assert "Send the answer" not in text(seller.get(f"/auction/{lot_id}"))
    assert seller.post_form(f"/auction/{lot_id}/answer", text="x").status == 409
