"""Refunds in the chat of what a payment bought directly, and what the wallet tells of packs."""

from __future__ import annotations

from dataclasses import replace

import pytest

from starbid.domain.refund_requests import mark_of
from tests.support.desk import decision
from tests.support.fakes import FakeApp
from tests.support.packs import pay_pack

from .chatting import Chat


@pytest.fixture
def app(app: FakeApp) -> FakeApp:
    """With the helper."""
    business = app.settings.business
    offered = replace(business, assistant=replace(business.assistant, is_offered=True))
    app.settings = replace(app.settings, business=offered)
    return app


def subscribe(app: FakeApp, who: int, charge: str) -> None:
    _, payload = app.paying.order_subscription(who, app.now())
    app.paying.credit(who, charge, payload, 100, "XTR", app.now())


def approved(app: FakeApp, who: Chat, charge: str) -> None:
    """Why is said, and an operator lets it go."""
    who.say("not what I thought")
    app.refund_requests.approve(who.id, mark_of(charge), decision(app))


def test_a_pack_is_named_and_is_gone_with_the_refund(app: FakeApp, anna: Chat) -> None:
    anna.join()
    pay_pack(app, 50, who=anna.id)
    anna.say("/paysupport")
    anna.press(next(text for text in anna.buttons() if text.endswith("· Helper answers")))
    assert "The answers of the AI helper that it bought are gone then." in anna.words
    approved(app, anna, "p1")
    assert app.stars.refunded == ["p1"]
    assert app.questions.account(anna.id).credits == 0


def test_days_are_named_and_are_gone_with_the_refund(app: FakeApp, anna: Chat) -> None:
    anna.join()
    for charge in ("n1", "n2"):
        subscribe(app, anna.id, charge)
    anna.say("/paysupport")
    anna.press(next(text for text in anna.buttons() if text.endswith("· Subscription")))
    assert "The days that it bought are gone then, and the subscription is not renewed." in anna.words
    assert "leaves your wallet" not in anna.words
    approved(app, anna, "n2")
    assert app.stars.refunded == ["n2"]


def test_stars_leave_the_wallet(anna: Chat) -> None:
    anna.join(stars=250)
    anna.say("/paysupport")
    anna.press(next(text for text in anna.buttons() if "250" in text))
    assert "The amount leaves your wallet here." in anna.words


def test_the_wallet_tells_what_a_pack_cost(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=250)
    app.asking.consent(anna.id, app.now(), given=True)
    app.buying.buy(anna.id, 50, "r1", app.now())
    pay_pack(app, 10, who=anna.id)
    anna.say("/balance")
    told = anna.words.replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert "−⭐ 80 · Helper answers" in told
    assert "⭐ 0 · Helper answers, paid in Telegram" in told
