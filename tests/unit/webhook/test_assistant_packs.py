"""Answers of the AI helper for Stars, in the chat: from the wallet and by invoice, each paid and counted once."""

from __future__ import annotations

import pytest

from starbid import bootstrap
from starbid.domain.assistant.account import MOST_PACKS
from starbid.domain.assistant.packs import pack_id
from tests.support.blocking import block
from tests.support.debts import fall_into_debt
from tests.support.fakes import Death, FakeApp

from .chatting import Chat, FakeTelegram, price
from .helping import account, helping_app, ready, texts, work


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = helping_app(telegram)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


def stars(chat: Chat) -> int:
    return chat.app.store.wallet(chat.id, "XTR").available.amount


def choose(chat: Chat, number: int = 50) -> None:
    chat.say("/ask")
    chat.press("Buy answers")
    chat.press(next(text for text, data in chat.buttons().items() if data == f"ai:pack:{number}"))


def invoice(chat: Chat, number: int = 50) -> str:
    """Its payload."""
    chat.press_data(f"ai:inv:{number}", None)
    return str(chat.telegram.called("sendInvoice")[-1]["payload"])


@pytest.mark.parametrize(
    ("code", "lines"),
    [
        ("en", ["10 answers for ⭐\u202f20: ⭐\u202f2 each", "⭐\u202f1.6 each", "⭐\u202f1.25 each"]),
        ("ru", ["10 ответов за ⭐\u202f20: ⭐\u202f2 за ответ", "⭐\u202f1,6 за ответ", "⭐\u202f1,25 за ответ"]),
    ],
)
def test_packs_are_listed_with_their_price_and_the_price_of_one_answer(
    app: FakeApp, telegram: FakeTelegram, code: str, lines: list[str]
) -> None:
    chat = Chat(app, telegram, 7, language=code).join()
    chat.press_data("ai:packs", None)
    assert [line for line in lines if line in chat.words] == lines


def test_a_pack_is_paid_from_the_wallet_once_however_often_its_button_is_pressed(app: FakeApp, anna: Chat) -> None:
    ready(anna, trial=False)
    choose(anna)
    assert "Available ⭐\u202f1\u202f000" in anna.words
    data = anna.buttons()[f"Pay {price(80)} from the wallet"]
    for _ in range(3):
        anna.press_data(data, anna.messages[0])
    assert (stars(anna), account(anna).credits) == (920, 50)
    assert "50 answers from packs" in anna.messages[0]["text"]
    assert "ai:ask" in anna.buttons(anna.messages[0]).values()


def test_a_fresh_look_buys_another(app: FakeApp, anna: Chat) -> None:
    ready(anna, trial=False)
    for _ in range(2):
        choose(anna, 10)
        anna.press(f"Pay {price(20)} from the wallet")
    assert (stars(anna), account(anna).credits) == (960, 20)


def test_a_death_after_paying_leaves_one_pack(app: FakeApp, anna: Chat) -> None:
    ready(anna, trial=False)
    choose(anna)
    data = anna.buttons()[f"Pay {price(80)} from the wallet"]
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        anna.press_data(data, anna.last, update_id=7)
    app.clock.forward(seconds=31)
    assert anna.press_data(data, anna.last, update_id=7) == 200
    assert (stars(anna), account(anna).credits) == (920, 50)


@pytest.mark.parametrize("wealth", [0, 79])
def test_one_who_has_too_little_is_offered_the_invoice_alone(anna: Chat, wealth: int) -> None:
    ready(anna, trial=False, stars=wealth)
    choose(anna)
    assert [text for text in anna.buttons() if text.startswith("Pay")] == [f"Pay {price(80)} in Telegram"]
    anna.press_data("ai:buy:50:80:u1", None)
    assert f"Pay {price(80)} in Telegram" in anna.buttons()
    assert account(anna).credits == 0


def test_one_who_owes_cannot_pay_from_the_wallet(app: FakeApp, anna: Chat) -> None:
    anna.join()
    fall_into_debt(app, anna.id, 100)
    anna.press_data("ai:pack:50", None)
    assert [text for text in anna.buttons() if text.startswith("Pay")] == [f"Pay {price(80)} in Telegram"]


def test_at_another_price_than_was_shown_nothing_is_bought(anna: Chat) -> None:
    ready(anna, trial=False)
    anna.press_data("ai:buy:50:79:u1", None)
    assert "The price has changed." in anna.toasts()[-1]
    assert f"50 answers for {price(80)}" in anna.words
    assert (stars(anna), account(anna).credits) == (1000, 0)


def test_an_invoice_brings_the_pack_and_says_so(app: FakeApp, telegram: FakeTelegram, anna: Chat) -> None:
    anna.join()
    payload = invoice(anna)
    sent, check = telegram.called("sendInvoice")[-1], anna.buttons()["Check the purchase"]
    assert (sent["currency"], sent["prices"][0]["amount"], sent["title"]) == ("XTR", 80, "50 answers of the AI helper")
    anna.press_data(check, anna.last)
    assert anna.toasts()[-1] == "Not paid yet. Press the pay button above: the answers are there at once."
    assert anna.pre_checkout(payload, 80) == 200
    assert telegram.called("answerPreCheckoutQuery")[-1]["ok"] is True
    for _ in range(3):
        assert anna.paid(payload, 80, "c1") == 200
    assert (stars(anna), account(anna).credits) == (0, 50)
    anna.press_data(check, anna.last)
    assert anna.toasts()[-1] == "Paid. 50 answers from packs"


def test_an_invoice_that_is_paid_twice_brings_one_pack_and_stars(
    app: FakeApp, telegram: FakeTelegram, anna: Chat
) -> None:
    anna.join()
    payload = invoice(anna)
    anna.paid(payload, 80, "c1")
    anna.pre_checkout(payload, 80)
    refused = telegram.called("answerPreCheckoutQuery")[-1]
    assert (refused["ok"], "paid already" in refused["error_message"]) == (False, True)
    anna.paid(payload, 80, "c2")
    assert (stars(anna), account(anna).credits) == (80, 50)


def test_an_invoice_of_one_who_has_been_blocked_meanwhile_is_booked_all_the_same(app: FakeApp, anna: Chat) -> None:
    anna.join()
    payload = invoice(anna)
    block(app, 1)
    said = len(anna.messages)
    anna.paid(payload, 80, "c1")
    assert account(anna).credits == 50
    assert len(anna.messages) == said


def test_a_question_that_waits_is_asked_as_soon_as_the_pack_is_paid_from_the_wallet(app: FakeApp, anna: Chat) -> None:
    ready(anna, trial=False)
    anna.say("/ask What now?")
    anna.press("Buy answers")
    anna.press(f"10 answers for {price(20)}")
    anna.press(f"Pay {price(20)} from the wallet")
    assert texts(anna) == ["What now?"]
    assert "Asked. The answer comes here." in anna.words
    assert len(anna.messages) == 1
    work(app)
    assert (account(anna).spent, account(anna).credits) == (1, 9)


def test_after_an_invoice_it_is_asked_from_the_message_where_it_waits(app: FakeApp, anna: Chat) -> None:
    ready(anna, trial=False)
    anna.say("/ask What now?")
    gate = anna.last
    anna.paid(invoice(anna, 10), 20, "c1")
    anna.press("Ask it now", gate)
    assert texts(anna) == ["What now?"]


def test_back_leads_to_the_question_that_waits_or_to_the_helper(anna: Chat) -> None:
    ready(anna, trial=False)
    anna.say("/ask What now?")
    anna.press("Buy answers")
    anna.press("Back")
    assert "Your question waits here." in anna.words
    anna.say("/ask")
    anna.press("Buy answers")
    anna.press("Back")
    assert "<b>AI helper</b>" in anna.words


def test_too_many_unused_packs_are_told(app: FakeApp, anna: Chat) -> None:
    ready(anna, trial=False, stars=2000)
    for number in range(MOST_PACKS):
        app.buying.buy(1, 10, f"r{number}", app.now())
    anna.press_data("ai:buy:10:20:u1", None)
    anna.press_data("ai:inv:10", None)
    assert [f"{MOST_PACKS} packs of answers" in toast for toast in anna.toasts()[-2:]] == [True, True]
    assert not anna.telegram.called("sendInvoice")


def test_what_was_paid_names_the_button_that_paid_it(app: FakeApp, anna: Chat) -> None:
    ready(anna, trial=False)
    choose(anna)
    data = anna.buttons()[f"Pay {price(80)} from the wallet"]
    anna.press_data(data, anna.last)
    assert app.store.transfers_named([pack_id(1, data.rsplit(":", 1)[1])])
