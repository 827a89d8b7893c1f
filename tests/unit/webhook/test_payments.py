"""Stars: invoices, pre-checkout, credit exactly once, refunds."""

from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.money import Money
from starbid.domain.payments import Order, Provider, Purpose
from starbid.services.ports import Contended
from tests.support.factories import xtr
from tests.support.fakes import Death, FakeApp
from tests.support.there import there

from .chatting import PHOTO, Chat, FakeTelegram, broken, flood, forbidden, timeout


def invoice(chat: Chat, amount: int = 250) -> dict[str, Any]:
    chat.say(f"/buy_stars {amount}")
    return chat.telegram.called("sendInvoice")[-1]


def checkout(chat: Chat) -> dict[str, Any]:
    return chat.telegram.called("answerPreCheckoutQuery")[-1]


@pytest.mark.parametrize("wrong", ["0", "-5", "1.5", "abc", "100001", "1e3", "²", "٣3", "12abc", "9" * 50])
def test_anything_but_a_whole_number_in_range_is_asked_for_again(
    anna: Chat, telegram: FakeTelegram, wrong: str
) -> None:
    anna.say(f"/buy_stars {wrong}")
    assert "whole number" in anna.words
    anna.say(wrong)
    assert "whole number" in anna.words
    assert not telegram.called("sendInvoice")
    anna.say("100000")
    assert telegram.called("sendInvoice")[0]["prices"][0]["amount"] == 100_000


def test_a_picture_is_no_number_either(anna: Chat) -> None:
    anna.say("/buy_stars")
    anna.update({"message": anna._message(photo=[PHOTO])})
    assert "whole number" in anna.words


def test_the_invoice_pays_first_and_can_be_checked(anna: Chat) -> None:
    rows = invoice(anna)["reply_markup"]["inline_keyboard"]
    assert rows[0][0]["pay"] is True
    check = rows[1][0]["callback_data"]
    anna.press_data(check, anna.last)
    assert "Not paid yet" in anna.toasts()[-1]
    sent = anna.telegram.called("sendInvoice")[-1]
    anna.paid(sent["payload"], 250, "c1")
    anna.press_data(check, anna.last)
    assert "Paid" in anna.toasts()[-1]
    anna.press_data("chk:0123456789abcdef", anna.last)
    assert "no longer valid" in anna.toasts()[-1]


def test_a_payment_goes_through_and_is_told_once_with_the_balance(app: FakeApp, anna: Chat) -> None:
    sent = invoice(anna)
    assert anna.pre_checkout(sent["payload"], 250) == 200
    assert checkout(anna)["ok"] is True
    said = len(anna.messages)
    for _ in range(3):
        assert anna.paid(sent["payload"], 250, "charge-1") == 200
    assert app.store.wallet(anna.id, "XTR").available == xtr(250)
    assert len(anna.messages) == said
    app.run_streams()
    assert app.messenger.kinds_for(anna.id) == ["credited"]


def test_every_pre_checkout_that_must_not_pass_is_refused_with_words(anna: Chat, boris: Chat) -> None:
    sent = invoice(anna)
    cases = [
        (anna, "forged", 250, "XTR"),
        (anna, "", 250, "XTR"),
        (anna, sent["payload"][:-1], 250, "XTR"),
        (anna, "stars:1:250:0123456789abcdef:0123456789abcdef0123", 250, "XTR"),
        (anna, sent["payload"].replace("stars", "subscription"), 250, "XTR"),
        (anna, sent["payload"].replace("250", "950"), 950, "XTR"),
        (anna, sent["payload"], 249, "XTR"),
        (anna, sent["payload"], 0, "XTR"),
        (anna, sent["payload"], 250, "USD"),
        (boris, sent["payload"], 250, "XTR"),
    ]
    for chat, payload, amount, currency in cases:
        assert chat.pre_checkout(payload, amount, currency) == 200
        answer = checkout(chat)
        assert answer["ok"] is False, (payload, amount, currency)
        assert len(answer["error_message"]) > 20


def test_a_blocked_person_gets_silence_but_their_payments_count(
    app: FakeApp, anna: Chat, telegram: FakeTelegram
) -> None:
    sent = invoice(anna)
    app.store.tables.people[anna.id] = replace(there(app.store.person(anna.id)), blocked=True)
    calls = len(telegram.calls)
    anna.say("/start")
    anna.press_data("go:menu", None)
    assert len(telegram.calls) == calls
    anna.pre_checkout(sent["payload"], 250)
    assert checkout(anna)["ok"] is False
    assert "blocked" in checkout(anna)["error_message"]
    anna.paid(sent["payload"], 250, "c1")
    assert app.store.wallet(anna.id, "XTR").available == xtr(250)


def test_a_payment_before_start_counts(app: FakeApp, anna: Chat) -> None:
    order = Order("o1", Provider.STARS, Purpose.STARS, anna.id, Money(70, "XTR"))
    assert anna.paid(order.payload(app.settings.secret_key), 70, "c1") == 200
    assert app.store.wallet(anna.id, "XTR").available == xtr(70)
    app.run_streams()
    assert app.messenger.kinds_for(anna.id) == ["credited"]


def test_a_payment_with_an_unreadable_payload_counts_as_stars(app: FakeApp, anna: Chat) -> None:
    assert anna.paid("whatever", 30, "c1") == 200
    assert app.store.wallet(anna.id, "XTR").available == xtr(30)


def test_a_death_between_credit_and_answer_credits_once(app: FakeApp, anna: Chat) -> None:
    sent = invoice(anna)
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        anna.paid(sent["payload"], 250, "c1", update_id=5)
    assert anna.paid(sent["payload"], 250, "c1", update_id=5) == 503, "the dead process may still be at it"
    app.clock.forward(seconds=31)
    assert anna.paid(sent["payload"], 250, "c1", update_id=5) == 200
    assert app.store.wallet(anna.id, "XTR").available == xtr(250)
    app.run_streams()
    assert app.messenger.kinds_for(anna.id) == ["credited"]


def test_a_payment_comes_again_while_the_store_is_contended(app: FakeApp, anna: Chat) -> None:
    sent = invoice(anna)
    app.store.fail_next(Contended(), times=20)
    assert anna.paid(sent["payload"], 250, "c1", update_id=5) == 503
    app.store.heal()
    assert anna.paid(sent["payload"], 250, "c1", update_id=5) == 200
    assert app.store.wallet(anna.id, "XTR").available == xtr(250)


def test_a_payment_is_never_given_up(app: FakeApp, anna: Chat) -> None:
    sent = invoice(anna)
    app.store.fail_next(RuntimeError("the store is on fire"), times=10)  # a fault is noted, too
    for _ in range(5):
        assert anna.paid(sent["payload"], 250, "c1", update_id=5) == 503
    assert anna.paid(sent["payload"], 250, "c1", update_id=5) == 200
    assert app.store.wallet(anna.id, "XTR").available == xtr(250)


def test_a_refund_that_telegram_reports_is_booked_once_even_before_its_payment(app: FakeApp, anna: Chat) -> None:
    sent = invoice(anna)
    anna.paid(sent["payload"], 250, "c1", refunded=True)
    anna.paid(sent["payload"], 250, "c1")
    anna.paid(sent["payload"], 250, "c1", refunded=True)
    assert app.store.wallet(anna.id, "XTR").available == xtr(0)
    assert there(app.store.charge("c1")).state == "refunded"


def test_a_pre_checkout_whose_answer_failed_comes_again(anna: Chat, telegram: FakeTelegram) -> None:
    sent = invoice(anna)
    for fault in (flood(7), broken(), timeout()):
        telegram.fail("answerPreCheckoutQuery", fault)
        assert anna.pre_checkout(sent["payload"], 250) == 503
        assert anna.pre_checkout(sent["payload"], 250) == 200
    telegram.fail("answerPreCheckoutQuery", forbidden())
    assert anna.pre_checkout(sent["payload"], 250) == 200


def test_spent_stars_are_not_offered_for_a_refund(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=100)
    app.people.subscribe(anna.id, "r1", app.now())
    anna.say("/paysupport")
    assert "no payment to refund right now" in anna.words
