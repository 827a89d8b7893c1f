"""Bills that Telegram collects: an invoice in the chat, its pre-checkout, and the payment."""

from __future__ import annotations

from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.bills import Bill, BillState, invoice_payload
from starbid.domain.lots import Lot
from tests.support.billed import ENVIRONMENT, TELEGRAM, roubles, rub
from tests.support.blocking import block
from tests.support.factories import put_up
from tests.support.fake_bills import FakeBills
from tests.support.fakes import Death, FakeApp
from tests.support.there import there

from .chatting import Chat, FakeTelegram, shop_app


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = shop_app(telegram, FakeBills())
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


def invoiced(chat: Chat) -> tuple[Bill, dict[str, Any]]:
    """The bill, and its invoice as it was sent."""
    chat.say("/topup 500")
    chat.press("Telegram")
    chat.press("Top up ₽500.00")
    return chat.app.top_ups.bills_of(chat.id).items[0], dict(chat.telegram.called("sendInvoice")[-1])


def answer(chat: Chat) -> dict[str, Any]:
    return chat.telegram.called("answerPreCheckoutQuery")[-1]


def test_the_invoice_names_provider_currency_and_bill_and_can_be_checked(anna: Chat) -> None:
    bill, sent = invoiced(anna)
    assert sent["provider_token"] == ENVIRONMENT["PROVIDER_TOKEN"]
    assert (sent["currency"], sent["prices"][0]["amount"]) == ("RUB", 50_000)
    assert sent["payload"] == invoice_payload(bill)
    rows = sent["reply_markup"]["inline_keyboard"]
    assert [row[0]["text"] for row in rows] == ["Pay ₽500.00", "Check payment", "Cancel the bill"]
    assert rows[0][0]["pay"] is True
    assert anna.buttons(anna.messages[0]) == {}, "what was confirmed cannot be confirmed again"
    anna.press("Check payment")
    assert anna.toasts()[-1] == "The bill over ₽500.00 is not paid yet."


def test_a_payment_is_let_through_and_credited_once_however_often_it_is_told(app: FakeApp, anna: Chat) -> None:
    bill, sent = invoiced(anna)
    assert anna.pre_checkout(sent["payload"], 50_000, "RUB") == 200
    assert answer(anna)["ok"] is True
    for _ in range(3):
        assert anna.paid(sent["payload"], 50_000, "c1", "RUB") == 200
    assert roubles(app) == 50_000
    assert there(app.store.bill(bill.id)).state is BillState.PAID
    app.run_streams()
    assert app.messenger.kinds_for(anna.id) == ["credited"]
    anna.press_data(f"bl:check:{bill.id}", anna.last)
    assert "Available ₽500.00" in anna.words


def test_every_pre_checkout_that_must_not_pass_is_refused_with_words(app: FakeApp, anna: Chat, boris: Chat) -> None:
    bill, sent = invoiced(anna)
    payload = sent["payload"]
    cases = [
        (anna, "topup:" + "0" * 32, 50_000, "RUB"),
        (anna, payload[:-1], 50_000, "RUB"),
        (anna, payload, 49_999, "RUB"),
        (anna, payload, 50_000, "USD"),
        (anna, payload, 50_000, "XTR"),
        (anna, payload, 50_000, "ZZZ"),
        (boris, payload, 50_000, "RUB"),
    ]
    for chat, named, amount, currency in cases:
        assert chat.pre_checkout(named, amount, currency) == 200
        assert answer(chat)["ok"] is False, (named, amount, currency)
        assert len(answer(chat)["error_message"]) > 20
    assert there(app.store.bill(bill.id)).is_open


@pytest.mark.parametrize("over", ["expired", "cancelled", "paid"])
def test_a_pre_checkout_of_a_bill_that_is_over_is_refused_with_the_way_to_another(
    app: FakeApp, anna: Chat, over: str
) -> None:
    _, sent = invoiced(anna)
    match over:
        case "expired":
            app.clock.forward(minutes=5)
        case "cancelled":
            anna.press("Cancel the bill")
        case _:
            anna.paid(sent["payload"], 50_000, "c1", "RUB")
    anna.pre_checkout(sent["payload"], 50_000, "RUB")
    assert answer(anna) == {"pre_checkout_query_id": "p1", "ok": False} | {
        "error_message": "The time to pay this bill is over. Get a new one: /topup"
    }


def test_what_was_paid_after_the_end_counts_all_the_same(app: FakeApp, anna: Chat) -> None:
    bill, sent = invoiced(anna)
    anna.press("Cancel the bill")
    app.clock.forward(hours=3)
    assert anna.paid(sent["payload"], 50_000, "c1", "RUB") == 200
    assert roubles(app) == 50_000
    assert there(app.store.bill(bill.id)).state is BillState.PAID


def test_another_amount_is_credited_to_nobody_and_an_operator_hears_of_it(app: FakeApp, anna: Chat) -> None:
    bill, sent = invoiced(anna)
    assert anna.paid(sent["payload"], 49_900, "c1", "RUB") == 200
    assert roubles(app) == 0
    assert there(app.store.bill(bill.id)).paid == "499 RUB"


def test_a_payment_of_no_bill_is_passed_over_and_never_blocks_the_chat(anna: Chat, app: FakeApp) -> None:
    anna.join()
    for payload in ("whatever", "topup:" + "0" * 32, "stars:1:50000:0123456789abcdef:0123456789abcdef0123"):
        assert anna.paid(payload, 50_000, "c1", "RUB") == 200
    assert roubles(app) == 0


def test_a_paid_bill_goes_on_with_the_bid_that_waited_for_it(app: FakeApp, anna: Chat) -> None:
    lot: Lot = put_up(app, currency="RUB", goods="physical", start_price=10_000)
    anna.say(f"/auction_{lot.auction.id}")
    for button in ("₽100.00", "Top up ₽100.00 and bid", "Telegram", "Top up ₽100.00 and bid"):
        anna.press(button)
    sent = anna.telegram.called("sendInvoice")[-1]
    assert "your bid of ₽100.00 is placed" in sent["description"]
    assert anna.paid(sent["payload"], 10_000, "c1", "RUB") == 200
    assert "You lead at ₽100.00." in anna.words
    assert app.store.wallet(anna.id, "RUB").held == rub(100)


def test_a_death_between_money_and_answer_credits_once(app: FakeApp, anna: Chat) -> None:
    _, sent = invoiced(anna)
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        anna.paid(sent["payload"], 50_000, "c1", "RUB", update_id=5)
    app.clock.forward(seconds=31)
    assert anna.paid(sent["payload"], 50_000, "c1", "RUB", update_id=5) == 200
    assert roubles(app) == 50_000


def test_a_blocked_person_pays_no_invoice_but_what_they_paid_counts(app: FakeApp, anna: Chat) -> None:
    _, sent = invoiced(anna)
    block(app, anna.id)
    anna.pre_checkout(sent["payload"], 50_000, "RUB")
    assert "blocked" in answer(anna)["error_message"]
    anna.paid(sent["payload"], 50_000, "c1", "RUB")
    assert roubles(app) == 50_000


def test_the_same_amount_again_sends_the_invoice_of_the_same_bill(app: FakeApp, anna: Chat) -> None:
    (first, sent), (second, again) = invoiced(anna), invoiced(anna)
    assert (first.id, sent["payload"]) == (second.id, again["payload"])
    assert first.provider is TELEGRAM
