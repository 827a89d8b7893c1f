"""`ADMIN_CHAT_ID` may name a topic of a forum: alerts go into it, tickets into their own, and nothing is lost where it
is gone.
"""

from __future__ import annotations

from typing import Any

import pytest

from starbid import bootstrap
from starbid.services.notices.payouts import REQUESTED
from starbid.services.ports import Notice
from tests.support.factories import ANNA, SELLER, put_up, xtr
from tests.support.fakes import FakeApp

from .chatting import Chat, FakeTelegram, bad_request, chatting_app, flood, forbidden

GROUP, TOPIC = -1001234, 77


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = chatting_app(telegram, ADMIN_CHAT_ID=f"{GROUP}/{TOPIC}")
    made.__dict__.pop("messenger")
    monkeypatch.setattr(bootstrap, "_app", made)
    telegram.is_forum = True
    return made


@pytest.fixture(autouse=True)
def known(anna: Chat, admin: Chat) -> None:
    anna.join(stars=1000)


def run(app: FakeApp) -> None:
    for _ in range(4):
        app.run_streams()
        app.clock.forward(seconds=6)


def alerted(app: FakeApp, *numbers: int) -> None:
    app.outgoing.notices = [payout(number) for number in numbers]
    run(app)


def payout(number: int) -> Notice:
    facts = {"payout_id": f"{number:020}", "amount": xtr(1000), "method": "premium_3"}
    return REQUESTED.notice(f"p{number}", GROUP, None, **facts)


def threads(telegram: FakeTelegram) -> list[int | None]:
    """Of all that the group was sent."""
    return [sent.get("message_thread_id") for sent in telegram.called("sendMessage") if sent["chat_id"] == GROUP]


def refusing(telegram: FakeTelegram, fault: Any, *, thread: int | None = None) -> None:
    """What goes to the group, into this topic if one is given, is refused."""
    real = telegram._sendMessage

    def send(fields: dict[str, Any]) -> Any:
        is_meant = fields["chat_id"] == GROUP and thread in (None, fields.get("message_thread_id"))
        return fault if is_meant else real(fields)

    telegram._sendMessage = send  # type: ignore[method-assign]


def texts(of: Chat) -> list[str]:
    return [str(message.get("text")) for message in of.messages]


def test_alerts_go_into_the_topic_and_tickets_have_their_own(
    app: FakeApp, telegram: FakeTelegram, anna: Chat, admin: Chat
) -> None:
    alerted(app, 1)
    assert threads(telegram) == [TOPIC]
    anna.say("/support")
    anna.say("My lot is gone")
    run(app)
    assert threads(telegram) == [TOPIC, 501]
    assert not any("Payout to review" in text or "gone" in text for text in texts(admin))


def test_disputes_and_what_sellers_answer_go_into_it_too(app: FakeApp, telegram: FakeTelegram) -> None:
    lot = put_up(app, start_price=100, buy_now_price=500).auction.id
    app.bidding.buy(lot, ANNA, 500, app.now())
    app.dealing.dispute(ANNA, lot, "Nothing came", app.now())
    run(app)
    app.dealing.answer(SELLER, lot, "It did", app.now())
    run(app)
    assert threads(telegram) == [TOPIC, TOPIC]


def test_where_the_topic_is_gone_alerts_go_to_the_general_one_and_each_admin_hears_it_once(
    app: FakeApp, telegram: FakeTelegram, admin: Chat
) -> None:
    refusing(telegram, bad_request("message thread not found"), thread=TOPIC)
    alerted(app, 1)
    alerted(app, 2)
    assert threads(telegram) == [TOPIC, None, TOPIC, None]
    assert len(telegram.chats[GROUP]) == 2
    assert sum("topic of ADMIN_CHAT_ID" in text for text in texts(admin)) == 1
    assert not any("Payout to review" in text for text in texts(admin))


@pytest.mark.parametrize("fault", [forbidden(), bad_request("chat not found")])
def test_where_the_whole_chat_is_gone_that_is_told_and_not_that_the_topic_is(
    app: FakeApp, telegram: FakeTelegram, admin: Chat, fault: Any
) -> None:
    refusing(telegram, fault)
    alerted(app, 1, 2)
    assert sum("Payout to review" in text for text in texts(admin)) == 2
    assert sum("chat of ADMIN_CHAT_ID" in text for text in texts(admin)) == 1
    assert not any("topic of ADMIN_CHAT_ID" in text for text in texts(admin))


def test_an_alert_that_telegram_puts_off_comes_later_and_into_the_topic(
    app: FakeApp, telegram: FakeTelegram, admin: Chat
) -> None:
    telegram.fail("sendMessage", flood(3))
    alerted(app, 1)
    assert threads(telegram) == [TOPIC]
    assert len(telegram.chats[GROUP]) == 1
    assert not any("ADMIN_CHAT_ID" in text for text in texts(admin))
