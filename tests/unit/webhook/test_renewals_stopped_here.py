"""Automatic renewal, stopped and allowed again in the chat: at Telegram, once, and the paid days stay."""

from __future__ import annotations

import pytest

from starbid.domain.renewals import RenewalState
from starbid.services.ports import TryLater
from tests.support.factories import ANNA
from tests.support.fakes import Death, FakeApp
from tests.support.there import there

from .chatting import Chat

ACTIVE, CANCELED, _ = RenewalState
HINT = "You can turn it on again in Telegram"


@pytest.fixture
def payload(app: FakeApp, anna: Chat) -> str:
    """ANNA's subscription is renewed by Telegram; its payload."""
    return begun(app, anna, "n1", 10)


def begun(app: FakeApp, anna: Chat, charge: str, update_id: int) -> str:
    if app.store.person(ANNA) is None:
        anna.join()
    _, payload = app.paying.order_subscription(ANNA, app.now())
    anna.paid(payload, 100, charge, update_id=update_id)
    return payload


def renewals(app: FakeApp) -> list[tuple[RenewalState, bool]]:
    return [(each.state, each.by_bot) for each in there(app.store.person(ANNA)).renewals]


def stop(anna: Chat) -> None:
    anna.say("/status")
    anna.press("Stop automatic renewal")
    anna.press("Yes, stop it")


@pytest.mark.usefixtures("payload")
@pytest.mark.parametrize("place", ["/status", "/subscribe"])
def test_it_is_asked_back_and_then_stopped_at_telegram(app: FakeApp, anna: Chat, place: str) -> None:
    until = there(app.store.person(ANNA)).subscribed_until
    anna.say(place)
    anna.press("Stop automatic renewal")
    assert app.stars.ended == []
    anna.press("Yes, stop it")
    assert app.stars.ended == ["n1"]
    assert renewals(app) == [(CANCELED, True)]
    assert there(app.store.person(ANNA)).subscribed_until == until
    anna.say(place)
    assert "you stopped it here" in anna.words
    assert "Stop automatic renewal" not in anna.buttons()


def test_telegrams_report_of_it_is_no_news_and_it_stays_ours(app: FakeApp, anna: Chat, payload: str) -> None:
    stop(anna)
    anna.renewal(payload, "canceled", update_id=11)
    assert renewals(app) == [(CANCELED, True)]
    assert [notice.kind for notice in app.run_streams() if notice.kind == "renewal"] == []


def test_it_is_allowed_again_and_telegram_tells_when_the_person_turned_it_on(
    app: FakeApp, anna: Chat, payload: str
) -> None:
    stop(anna)
    anna.say("/subscribe")
    anna.press("Allow automatic renewal again")
    assert app.stars.allowed == ["n1"]
    assert HINT in anna.words
    assert renewals(app) == [(CANCELED, False)]
    anna.renewal(payload, "active", update_id=12)
    assert renewals(app) == [(ACTIVE, False)]
    anna.say("/status")
    assert "Stop automatic renewal" in anna.buttons()


def test_what_the_person_cancelled_in_telegram_they_resume_there(app: FakeApp, anna: Chat, payload: str) -> None:
    anna.renewal(payload, "canceled", update_id=11)
    anna.say("/status")
    assert HINT in anna.words
    assert not {"Stop automatic renewal", "Allow automatic renewal again"} & anna.buttons().keys()
    for data in ("rn:allow", "rn:STOP"):
        anna.press_data(data, None)
    assert (app.stars.ended, app.stars.allowed) == ([], [])
    assert renewals(app) == [(CANCELED, False)]


@pytest.mark.usefixtures("payload")
def test_all_of_several_are_stopped(app: FakeApp, anna: Chat) -> None:
    begun(app, anna, "n2", 20)
    stop(anna)
    assert app.stars.ended == ["n1", "n2"]
    assert renewals(app) == [(CANCELED, True), (CANCELED, True)]


@pytest.mark.usefixtures("payload")
def test_pressed_twice_telegram_is_told_once(app: FakeApp, anna: Chat) -> None:
    stop(anna)
    anna.press_data("rn:STOP", None)
    assert app.stars.ended == ["n1"]


@pytest.mark.usefixtures("payload")
def test_no_answer_of_telegrams_leaves_it_on(app: FakeApp, anna: Chat) -> None:
    app.stars.fail_next(TryLater(30))
    stop(anna)
    assert renewals(app) == [(ACTIVE, False)]
    stop(anna)
    assert renewals(app) == [(CANCELED, True)]


@pytest.mark.usefixtures("payload")
def test_a_death_after_telegram_was_told_is_mended_by_the_next_press(app: FakeApp, anna: Chat) -> None:
    app.stars.fail_next(Death(), after=True)
    with pytest.raises(Death):
        app.renewing.stop(ANNA)
    assert renewals(app) == [(ACTIVE, False)]
    stop(anna)
    assert renewals(app) == [(CANCELED, True)]
    assert app.stars.ended == ["n1", "n1"]


@pytest.mark.usefixtures("payload")
def test_what_has_ended_at_telegram_is_said_to_have(app: FakeApp, anna: Chat) -> None:
    stop(anna)
    app.stars.unknown.add("n1")
    anna.press_data("rn:allow", None)
    assert "has ended at Telegram" in anna.words
    assert renewals(app) == [(CANCELED, False)]


@pytest.mark.parametrize("data", ["rn", "rn:", "rn:stop:2", "rn:on", "rn:STOP:n1"])
def test_forged_buttons_stop_nothing(app: FakeApp, anna: Chat, payload: str, data: str) -> None:
    assert payload
    anna.press_data(data, None)
    assert app.stars.ended == []
    assert renewals(app) == [(ACTIVE, False)]


def test_who_has_none_is_told_so(anna: Chat) -> None:
    anna.join()
    anna.press_data("rn:stop", None)
    assert "Telegram renews no subscription of yours." in anna.words
