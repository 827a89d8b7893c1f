"""The webhook itself: who may call it, what it takes, and that an update counts once."""

import base64
import json
from typing import Any

import pytest

from starbid.domain.lots import Lot
from starbid.services.ports import Contended, Unavailable
from tests.support.factories import put_up, xtr
from tests.support.fakes import Death, FakeApp
from tests.support.there import there
from webhook import dispatch

from .chatting import Chat, FakeTelegram, bad_request, broken, flood, forbidden, post, timeout


@pytest.fixture
def lot(app: FakeApp, anna: Chat) -> Lot:
    anna.join(stars=1000)
    return put_up(app)


def bid(chat: Chat, lot: Lot, update_id: int | None = None) -> int:
    return chat.press_data(f"b:{lot.auction.id}:100:1", chat.last, update_id)


@pytest.mark.parametrize("secret", [None, "", "wrong", "webhook-secret-for-test", "webhook-secret-for-tests ", "ключ"])
def test_without_the_secret_nothing_happens(app: FakeApp, telegram: FakeTelegram, secret: str | None) -> None:
    update = {"update_id": 1, "message": {"from": {"id": 1, "first_name": "A"}, "text": "/start"}}
    assert post(update, secret) == 403
    assert post(None, secret, body="no json") == 403
    assert telegram.calls == []
    assert app.store.person(1) is None


@pytest.mark.parametrize("body", ["", "{", "[]", "1", "null", '"text"', "[" * 100_000, "9" * 5000, "\x00"])
def test_what_is_no_json_object_is_400(app: FakeApp, body: str) -> None:
    assert post(None, body=body) == 400


def test_a_body_in_base64_is_read(app: FakeApp, anna: Chat) -> None:
    update = {"update_id": 1, "message": {"from": {"id": 1, "first_name": "Anna"}, "text": "/start"}}
    body = base64.b64encode(json.dumps(update).encode()).decode()
    assert post(None, body=body, isBase64Encoded=True) == 200
    assert "Anna" in anna.words
    assert post(None, body="%%%", isBase64Encoded=True) == 400
    assert post(None, body=base64.b64encode(b"\xff\xfe{").decode(), isBase64Encoded=True) == 400


@pytest.mark.parametrize(
    "update",
    [
        {},
        {"update_id": 1},
        {"update_id": 1, "poll": {}},
        {"update_id": 1, "message": None},
        {"update_id": 1, "message": {"text": "/start"}},
        {"update_id": 1, "message": {"from": {"id": "1"}, "text": "/start"}},
        {"update_id": 1, "message": {"from": {"id": True}, "text": "/start"}},
        {"update_id": 1, "message": {"from": {"id": 1}, "chat": {"type": "group", "id": -5}, "text": "/start"}},
        {"update_id": 1, "message": {"from": {"id": 5, "is_bot": True}, "text": "/start"}},
        {"update_id": "1", "message": {"from": {"id": 1, "first_name": "A"}, "text": "/start"}},
        {"update_id": 1, "callback_query": {"from": {"id": 1}, "data": "go:menu"}},
        {"update_id": 1, "pre_checkout_query": {"from": {"id": 1}, "id": "1"}},
        {"update_id": 1, "message": {"from": {"id": 1}, "successful_payment": {"currency": "XTR"}}},
        {"update_id": 1, "my_chat_member": {"from": {"id": 1}}},
    ],
)
def test_odd_shapes_and_unknown_kinds_change_nothing(
    app: FakeApp, telegram: FakeTelegram, update: dict[str, Any]
) -> None:
    assert post(update) == 200
    assert telegram.calls == []
    assert app.store.person(1) is None


def test_an_update_that_comes_twice_is_answered_once(anna: Chat) -> None:
    assert anna.say("/menu", update_id=5) == 200
    assert anna.say("/menu", update_id=5) == 200
    assert len(anna.messages) == 1


def test_an_update_in_progress_elsewhere_is_to_come_again(
    app: FakeApp, anna: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "PAUSES", (0.0, 0.0))
    app.scratch.claim("update#5", 30, app.now())
    assert anna.say("/menu", update_id=5) == 503
    app.clock.forward(seconds=31)
    assert anna.say("/menu", update_id=5) == 200
    assert len(anna.messages) == 1


def test_a_claim_that_cannot_be_given_back_says_why_the_next_tries_are_refused(
    app: FakeApp, anna: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fails(error: Exception) -> Any:
        def call(*_: object) -> None:
            raise error

        return call

    monkeypatch.setattr(app.people, "greet", fails(Contended()))
    monkeypatch.setattr(app.scratch, "give_back", fails(Unavailable("no answer")))
    assert anna.say("/menu", update_id=5) == 503
    assert "the claim update#5 stays until it lapses: Unavailable('no answer')" in caplog.text


@pytest.mark.parametrize(("given_back", "answers"), [(False, 0), (True, 1)])
def test_an_update_in_progress_elsewhere_is_waited_for(
    app: FakeApp, anna: Chat, monkeypatch: pytest.MonkeyPatch, given_back: bool, answers: int
) -> None:
    def meanwhile(_: float) -> None:
        if given_back:
            app.scratch.forget("update#5")
        else:
            app.scratch.finish("update#5", 60, app.now())

    monkeypatch.setattr("time.sleep", meanwhile)
    app.scratch.claim("update#5", 30, app.now())
    assert anna.say("/menu", update_id=5) == 200
    assert len(anna.messages) == answers


def test_a_death_after_a_bid_leaves_one_bid_and_tells_that_one_leads(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        bid(anna, lot, update_id=5)
    app.clock.forward(seconds=31)
    assert bid(anna, lot, update_id=5) == 200
    assert app.store.auction(lot.auction.id).bids_count == 1
    assert "You lead" in anna.toasts()[-1]


def test_a_death_after_a_typed_bid_leaves_one_bid_and_tells_that_one_leads(app: FakeApp, lot: Lot, anna: Chat) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    anna.press("Set a maximum")
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        anna.say("500", update_id=5)
    app.clock.forward(seconds=31)
    assert anna.say("500", update_id=5) == 200
    assert app.store.auction(lot.auction.id).bids_count == 1
    assert "You lead" in anna.words


@pytest.mark.parametrize("fault", [flood(30), broken(), forbidden(), bad_request("whatever"), timeout()])
def test_a_bid_counts_once_whatever_telegram_says_to_its_answer(
    app: FakeApp, lot: Lot, anna: Chat, telegram: FakeTelegram, fault: object
) -> None:
    anna.say(f"/auction_{lot.auction.id}")
    telegram.fail("*", fault, times=50)  # type: ignore[arg-type]
    assert bid(anna, lot, update_id=5) == 200
    telegram.heal()
    assert bid(anna, lot, update_id=5) == 200
    assert app.store.auction(lot.auction.id).bids_count == 1
    assert app.store.wallet(anna.id, "XTR").held == xtr(100)


@pytest.mark.parametrize("fault", [flood(30), broken()])
def test_an_answer_that_surely_did_not_arrive_is_given_at_the_next_delivery(
    anna: Chat, telegram: FakeTelegram, fault: object
) -> None:
    telegram.fail("sendMessage", fault, times=2)  # type: ignore[arg-type]
    assert anna.say("/menu", update_id=5) == 503
    telegram.heal()
    assert anna.say("/menu", update_id=5) == 200
    assert len(anna.messages) == 1


@pytest.mark.parametrize("fault", [flood(1), broken()])
def test_a_short_trouble_of_telegram_is_waited_out(anna: Chat, telegram: FakeTelegram, fault: object) -> None:
    telegram.fail("sendMessage", fault)  # type: ignore[arg-type]
    assert anna.say("/menu") == 200
    assert len(anna.messages) == 1


def test_an_answer_that_may_have_arrived_is_not_repeated(anna: Chat, telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", timeout())
    assert anna.say("/menu", update_id=5) == 200


def test_somebody_who_blocked_the_bot_is_marked_until_they_are_heard_of(
    app: FakeApp, anna: Chat, telegram: FakeTelegram
) -> None:
    telegram.fail("sendMessage", forbidden())
    assert anna.say("/menu") == 200
    assert there(app.store.person(anna.id)).unreachable
    anna.say("/menu")
    assert not there(app.store.person(anna.id)).unreachable
    anna.member("kicked")
    assert there(app.store.person(anna.id)).unreachable
    anna.member("member")
    assert not there(app.store.person(anna.id)).unreachable


def test_a_stranger_who_blocks_the_bot_is_nobody(app: FakeApp, anna: Chat) -> None:
    assert anna.member("kicked") == 200
    assert app.store.person(anna.id) is None


def test_a_contended_store_makes_telegram_come_again(app: FakeApp, anna: Chat) -> None:
    anna.say("/menu")
    anna.user["first_name"] = "Anne"
    app.store.fail_next(Contended(), times=50)
    assert anna.say("/menu", update_id=5) == 503
    app.store.heal()
    assert anna.say("/menu", update_id=5) == 200


def test_an_update_that_can_never_be_handled_is_given_up_at_the_third_try(
    app: FakeApp, anna: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    from webhook.registry import screens

    def faulty(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setitem(screens.commands, "menu", faulty)
    assert [anna.say("/menu", update_id=5) for _ in range(4)] == [503, 503, 200, 200]


def test_a_group_is_not_spoken_to(anna: Chat, telegram: FakeTelegram) -> None:
    message = anna._message(text="/start") | {"chat": {"id": -100, "type": "supergroup"}}
    assert anna.update({"message": message}) == 200
    assert telegram.calls == []


def test_half_a_surrogate_in_a_name_does_no_harm(app: FakeApp, telegram: FakeTelegram) -> None:
    chat = Chat(app, telegram, 8, name="A\ud800B")
    assert chat.say("/start") == 200
    assert there(app.store.person(8)).name == "A?B"


def test_a_claim_that_cannot_be_finished_does_not_make_telegram_come_again(
    app: FakeApp, anna: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise Contended

    monkeypatch.setattr(app.scratch, "finish", full)
    assert anna.say("/menu") == 200
    monkeypatch.setattr(app.scratch, "claim", full)
    assert anna.say("/menu") == 503
    assert len(anna.messages) == 1


def test_an_edit_that_telegram_refuses_becomes_a_new_message(anna: Chat, telegram: FakeTelegram) -> None:
    anna.say("/menu")
    telegram.fail("editMessageText", bad_request("something new"))
    anna.press("Help")
    assert len(anna.messages) == 2
    assert "How it works" in anna.words


def test_a_payment_without_an_update_id_counts_and_nothing_else_does(app: FakeApp, telegram: FakeTelegram) -> None:
    payment = {
        "currency": "XTR",
        "total_amount": 5,
        "invoice_payload": "",
        "telegram_payment_charge_id": "c",
        "provider_payment_charge_id": "",
    }
    post({"message": {"from": {"id": 1, "first_name": "A"}, "successful_payment": payment}})
    assert app.store.wallet(1, "XTR").available == xtr(5)
    post({"message": {"from": {"id": 1, "first_name": "A"}, "text": "/start"}})
    assert telegram.calls == []


def test_a_payment_in_another_currency_is_logged_and_not_asked_for_again(app: FakeApp, anna: Chat) -> None:
    charge = {"telegram_payment_charge_id": "c", "provider_payment_charge_id": ""}
    payment = {"currency": "USD", "total_amount": 500, "invoice_payload": "", **charge}
    assert anna.update({"message": anna._message(successful_payment=payment)}) == 200
    assert app.store.wallets(anna.id) == []
