"""What the AI helper has proposed for a lot, filled in as a draft in the chat."""

from __future__ import annotations

import pytest

from starbid import bootstrap
from starbid.domain.assistant.question import Task
from tests.support.fakes import FakeApp
from tests.support.helped import answered, asks

from .chatting import Chat, FakeTelegram
from .helping import helping_app, ready
from .selling_chat import draft, lots


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = helping_app(telegram)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


@pytest.fixture
def ann(anna: Chat) -> Chat:
    return ready(anna, seller=True)


def test_what_the_helper_proposed_fills_a_draft_once(app: FakeApp, ann: Chat) -> None:
    asked_id = asks(app, ann.id, "An old lamp", Task.LISTING)
    proposal = {"title": "A lamp", "description": "It shines.", "category": "home", "start_price": "150"}
    answered(app, ann.id, suggested=proposal)
    for _ in range(2):
        ann.press_data(f"sl:i:{asked_id}", None)
        assert "Send photos of it" in ann.words
    assert draft(app, ann).fields["start_price"] == "150"
    ann.press("Without photos")
    ann.press("Something digital")
    ann.press("Auction")
    ann.press("1 day")
    ann.press("Publish")
    assert len(lots(app)) == 1
    ann.press_data(f"sl:i:{asked_id}", None)
    assert "“A lamp” is published" in ann.words
    assert len(lots(app)) == 1


def test_only_ones_own_proposal_fills_a_draft(app: FakeApp, ann: Chat, boris: Chat) -> None:
    boris.join(seller=True)
    asked_id = asks(app, ann.id, "An old lamp", Task.LISTING)
    answered(app, ann.id, suggested={"title": "A lamp"})
    boris.press_data(f"sl:i:{asked_id}", None)
    assert app.sell_drafts.all(boris.id, app.now()) == ()


def test_the_helper_is_offered_with_the_first_question(ann: Chat) -> None:
    ann.say("/sell")
    assert ann.buttons()["Draft my listing"] == "ai:listing"
