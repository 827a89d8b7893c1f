"""Fiat money in the chat: how much, at which provider, the bill, and what becomes of it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.bills import Bill, BillState, ProviderStatus
from starbid.i18n import language
from tests.support.billed import CRYPTOPAY, QIWI, roubles, rub
from tests.support.fake_bills import OPEN, REFUSED, FakeBills
from tests.support.fakes import FakeApp
from tests.support.there import there

from .chatting import PHOTO, STICKER, Chat, FakeTelegram, shop_app

SOME = language("en").money(rub(500))
RANGE = "from ₽10.00 to ₽100,000.00"


@pytest.fixture
def bills() -> FakeBills:
    return FakeBills()


@pytest.fixture
def app(telegram: FakeTelegram, bills: FakeBills, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = shop_app(telegram, bills)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


@pytest.fixture
def only_qiwi(telegram: FakeTelegram, bills: FakeBills, monkeypatch: pytest.MonkeyPatch) -> Chat:
    """Somebody where there is one provider."""
    made = shop_app(telegram, bills, TOPUP_CRYPTOPAY_TOKEN="", PROVIDER_TOKEN="")
    monkeypatch.setattr(bootstrap, "_app", made)
    return Chat(made, telegram, 1)


def has_bill(chat: Chat, units: str = "500", provider: str = "QIWI") -> Bill:
    """The bill that the chat has asked for and sees."""
    chat.say(f"/topup {units}")
    chat.press(provider)
    chat.press(next(iter(chat.buttons())))
    return newest(chat)


def newest(chat: Chat) -> Bill:
    return chat.app.top_ups.bills_of(chat.id).items[0]


def all_bills(chat: Chat) -> list[Bill]:
    return list(chat.app.top_ups.bills_of(chat.id).items)


def is_start(chat: Chat) -> bool:
    """All that `/start` offers is there."""
    return {"go:auctions", "go:topup", "go:help"} <= set(chat.buttons().values())


# --- the way to the bill ----------------------------------------------------------------------------------------------


def test_four_presses_lead_to_the_page_where_500_roubles_are_paid(app: FakeApp, anna: Chat) -> None:
    anna.say("/topup")
    anna.press(SOME)
    anna.press("QIWI")
    assert f"Top up {SOME} with QIWI?" in anna.words
    assert list(anna.buttons()) == [f"Top up {SOME}", "Cancel"]
    anna.press(f"Top up {SOME}")
    bill = newest(anna)
    assert list(anna.buttons()) == [f"Pay {SOME}", "Check payment", "Cancel the bill"]
    assert anna.buttons()[f"Pay {SOME}"] == bill.pay_url
    assert (bill.amount, bill.provider, bill.user_id) == (rub(500), QIWI, anna.id)
    assert len(anna.messages) == 1, "each step stands in the place of the one before"


def test_the_amount_may_come_with_the_command_and_be_typed(anna: Chat) -> None:
    anna.say("/topup 1 250,50")
    assert "₽1,250.50" in anna.words
    anna.say("/topup")
    anna.say("99.9")
    assert "₽99.90" in anna.words


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ("0", "The smallest top-up is ₽10.00"),
        ("9.99", "The smallest top-up is ₽10.00"),
        ("100000.01", "The largest top-up is ₽100,000.00"),
        ("500 000 000", "The largest top-up is ₽100,000.00"),
        ("-5", "not an amount"),
        ("1.234", "not an amount"),
        ("1e3", "not an amount"),
        ("9" * 50, "not an amount"),
        ("пятьсот", "not an amount"),
        ("💰", "not an amount"),
        ("<b>5</b>", "not an amount"),
    ],
)
def test_whatever_is_no_amount_is_told_and_asked_for_again(anna: Chat, typed: str, fault: str) -> None:
    anna.say(f"/topup {typed}")
    for _ in range(2):
        assert fault in anna.words
        assert RANGE in anna.words
        assert "Cancel" in anna.buttons()
        anna.say(typed)
    anna.say("10")
    anna.press("QIWI")
    anna.press("Top up ₽10.00")
    assert newest(anna).amount == rub(10)


@pytest.mark.parametrize("content", [{"photo": [PHOTO]}, {"sticker": STICKER}])
def test_a_picture_and_a_sticker_are_no_amounts_either(anna: Chat, content: dict[str, Any]) -> None:
    anna.say("/topup")
    anna.update({"message": anna._message(**content)})
    assert "not an amount" in anna.words
    anna.say("500")
    assert "how do you want to pay" in anna.words


def test_of_several_providers_one_is_chosen_and_who_asks_for_more_is_named(anna: Chat) -> None:
    anna.say("/topup 99.99")
    assert list(anna.buttons()) == ["QIWI", "Crypto Pay", "Cancel"]
    assert "Telegram: from ₽100.00." in anna.words
    anna.say("/topup 100")
    assert list(anna.buttons()) == ["QIWI", "Crypto Pay", "Telegram", "Cancel"]


def test_a_single_provider_is_not_asked_for(only_qiwi: Chat) -> None:
    only_qiwi.say("/topup 500")
    assert list(only_qiwi.buttons()) == [f"Top up {SOME}", "Cancel"]


def test_only_the_quick_sums_that_fit_are_offered(
    telegram: FakeTelegram, bills: FakeBills, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = shop_app(telegram, bills, TOPUP_MIN="200", TOPUP_MAX="1000")
    monkeypatch.setattr(bootstrap, "_app", made)
    chat = Chat(made, telegram, 1)
    chat.say("/topup")
    assert list(chat.buttons()) == ["Top up with Stars", "₽500.00", "₽1,000.00", "Cancel"]


def test_where_no_provider_is_set_the_chat_says_so_and_leads_to_stars(
    telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = shop_app(telegram, FakeBills(), TOPUP_QIWI_SECRET_KEY="", TOPUP_CRYPTOPAY_TOKEN="", PROVIDER_TOKEN="")
    monkeypatch.setattr(bootstrap, "_app", made)
    chat = Chat(made, telegram, 1)
    for text in ("/topup", "/topup 500"):
        chat.say(text)
        assert chat.words == "Top-up is not offered here. You can still buy Stars and bid on digital lots."
        assert "go:buy_stars" in chat.buttons().values()
    for data in ("t:50000RUB", "tu:q50000RUB", "TU:q50000RUB"):
        chat.press_data(data, chat.last)
        assert "This button is old" in chat.toasts()[-1]
    assert all_bills(chat) == []
    people = made.store.tables.people
    people[1] = replace(people[1], language="ru")
    chat.say("/topup")
    assert chat.words.startswith("Пополнение здесь не предлагается. ")


@pytest.mark.parametrize("screen", ["/start", "/menu", "/balance"])
def test_the_button_leads_to_either_money(anna: Chat, screen: str) -> None:
    anna.say(screen)
    anna.press("Top up")
    assert f"Send an amount {RANGE}" in anna.words
    anna.press("Top up with Stars")
    assert "How many Stars" in anna.words


def test_help_names_both_ways_to_top_up(anna: Chat) -> None:
    anna.say("/help")
    assert "/buy_stars, or in ₽: /topup" in anna.words


def test_the_dialogue_speaks_russian(boris: Chat) -> None:
    boris.say("/topup")
    assert boris.words == "На сколько пополнить кошелёк? Пришлите сумму от 10,00\u202f₽ до 100\u202f000,00\u202f₽."
    boris.press("500,00\u202f₽")
    boris.press("QIWI")
    assert "Пополнить кошелёк на 500,00\u202f₽ через QIWI?" in boris.words
    boris.press("Пополнить на 500,00\u202f₽")
    assert "Счёт на 500,00\u202f₽" in boris.words
    assert list(boris.buttons()) == ["Оплатить 500,00\u202f₽", "Проверить оплату", "Отменить счёт"]


# --- leaving it -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("steps", [[], [SOME], [SOME, "QIWI"]])
def test_a_cancel_anywhere_leads_to_the_start(anna: Chat, steps: list[str]) -> None:
    anna.say("/topup")
    for button in steps:
        anna.press(button)
    anna.press("Cancel")
    assert "Nothing has changed." in anna.words
    assert is_start(anna)
    anna.say("500")
    assert "No live lot matches" in anna.words
    assert all_bills(anna) == []


def test_a_cancelled_bill_is_gone_at_the_provider_and_leads_to_the_start(anna: Chat, bills: FakeBills) -> None:
    bill = has_bill(anna)
    bill_message = dict(anna.last)
    anna.press("Cancel the bill")
    assert f"The bill over {SOME} is cancelled. Nothing was charged." in anna.words
    assert is_start(anna)
    assert bills.bills[bill.id].status is ProviderStatus.REJECTED
    anna.press("Cancel the bill", bill_message)
    assert "declined or cancelled" in anna.words
    assert is_start(anna)


def test_a_bill_that_was_paid_before_it_was_cancelled_counts(app: FakeApp, anna: Chat, bills: FakeBills) -> None:
    bill = has_bill(anna)
    bills.say(bill.id, ProviderStatus.PAID)
    anna.press("Cancel the bill")
    assert f"The bill over {SOME} is paid." in anna.words
    assert roubles(app) == 50_000


# --- twice, late, at once ---------------------------------------------------------------------------------------------


def test_a_confirmation_that_is_pressed_twice_shows_the_same_bill(anna: Chat, bills: FakeBills) -> None:
    anna.say("/topup 500")
    anna.press("QIWI")
    message, sure = dict(anna.last), anna.buttons()[f"Top up {SOME}"]
    anna.press_data(sure, message)
    shown = anna.words
    anna.press_data(sure, message)
    assert anna.words == shown
    assert len(all_bills(anna)) == 1
    assert bills.calls == ["create"]


@pytest.mark.parametrize("cancelled", [True, False])
def test_a_confirmation_that_is_pressed_a_day_later_makes_a_new_bill(
    app: FakeApp, anna: Chat, *, cancelled: bool
) -> None:
    anna.say("/topup 500")
    anna.press("QIWI")
    message, sure = dict(anna.last), anna.buttons()[f"Top up {SOME}"]
    anna.press_data(sure, message)
    if cancelled:
        anna.press("Cancel the bill")
    app.clock.forward(days=1)
    anna.press_data(sure, message)
    new, old = all_bills(anna)
    assert (new.state, old.is_open) == (BillState.WAITING, False)
    assert anna.buttons()[f"Pay {SOME}"] == new.pay_url


def test_another_amount_at_the_same_provider_shows_the_open_bill_and_two_ways_on(anna: Chat) -> None:
    open_one = has_bill(anna)
    anna.say("/topup 750")
    anna.press("QIWI")
    anna.press("Top up ₽750.00")
    assert f"You have an open bill over {SOME} with QIWI." in anna.words
    assert list(anna.buttons()) == [f"Pay {SOME}", "Check payment", "Cancel it and top up ₽750.00", "Cancel"]
    assert anna.buttons()[f"Pay {SOME}"] == open_one.pay_url
    message, instead = dict(anna.last), anna.buttons()["Cancel it and top up ₽750.00"]
    for _ in range(2):
        anna.press_data(instead, message)
        assert "<b>Bill over ₽750.00</b> · QIWI" in anna.words
    states = {bill.amount: bill.state for bill in all_bills(anna)}
    assert states == {rub(500): BillState.REJECTED, rub(750): BillState.WAITING}


def test_an_open_bill_that_was_paid_just_now_does_not_give_way(app: FakeApp, anna: Chat, bills: FakeBills) -> None:
    open_one = has_bill(anna)
    anna.say("/topup 750")
    anna.press("QIWI")
    anna.press("Top up ₽750.00")
    bills.say(open_one.id, ProviderStatus.PAID)
    anna.press("Cancel it and top up ₽750.00")
    assert f"The bill over {SOME} is paid." in anna.words
    assert (roubles(app), len(all_bills(anna))) == (50_000, 1)


def test_two_bills_at_two_providers_stand_side_by_side(anna: Chat) -> None:
    has_bill(anna)
    has_bill(anna, "700", "Crypto Pay")
    assert {(bill.provider, bill.amount) for bill in all_bills(anna)} == {(QIWI, rub(500)), (CRYPTOPAY, rub(700))}
    assert all(bill.is_open for bill in all_bills(anna))


def test_a_bill_that_is_just_being_made_is_said_to_take_a_moment(anna: Chat, bills: FakeBills) -> None:
    anna.say("/topup 500")
    anna.press("QIWI")
    message, sure = dict(anna.last), anna.buttons()[f"Top up {SOME}"]
    bills.during["create"] = lambda _: anna.press_data(sure, message)
    anna.press_data(sure, message)
    assert any("has not answered yet" in toast for toast in anna.toasts())
    assert len(all_bills(anna)) == 1
    assert f"Pay {SOME}" in anna.buttons()


# --- what the provider does -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("trouble", [OPEN, REFUSED])
def test_a_provider_that_fails_is_told_and_leads_to_the_start(anna: Chat, bills: FakeBills, trouble: Any) -> None:
    bills.trouble["create"] = [trouble]
    has_bill(anna)
    assert "Something went wrong, support has been informed." in anna.words
    assert is_start(anna)
    has_bill(anna)
    assert f"Pay {SOME}" in anna.buttons()


def test_an_unpaid_bill_is_said_to_be_unpaid_only_when_asked(app: FakeApp, anna: Chat) -> None:
    has_bill(anna)
    said = len(anna.messages)
    anna.press("Check payment")
    assert anna.toasts()[-1] == f"The bill over {SOME} is not paid yet."
    app.clock.forward(minutes=2)
    app.settling.look(newest(anna).id, app.now())
    app.run_streams()
    assert (len(anna.messages), app.messenger.kinds_for(anna.id)) == (said, [])


def test_a_paid_bill_tells_the_new_balance_and_is_credited_once(app: FakeApp, anna: Chat, bills: FakeBills) -> None:
    bill, message = has_bill(anna), dict(anna.last)
    bills.say(bill.id, ProviderStatus.PAID)
    for _ in range(3):
        anna.press("Check payment", message)
        assert f"The bill over {SOME} is paid.\nAvailable {SOME}, frozen ₽0.00." in anna.words
        assert is_start(anna)
    assert roubles(app) == 50_000
    app.run_streams()
    assert app.messenger.kinds_for(anna.id) == ["credited"]


def test_twenty_checks_at_once_ask_the_provider_once_and_credit_once(
    app: FakeApp, anna: Chat, bills: FakeBills
) -> None:
    bill, message = has_bill(anna), dict(anna.last)
    bills.say(bill.id, ProviderStatus.PAID)
    with ThreadPoolExecutor(20) as pool:
        statuses = list(pool.map(lambda _: anna.press("Check payment", message), range(20)))
    assert set(statuses) == {200}
    assert roubles(app) == 50_000
    assert bills.calls.count("find") == 1


@pytest.mark.parametrize(
    ("status", "told"),
    [
        (ProviderStatus.REJECTED, f"The payment of {SOME} was declined or cancelled. Nothing was charged."),
        (ProviderStatus.EXPIRED, f"The time to pay {SOME} is over. Nothing was charged."),
    ],
)
def test_a_bill_that_ended_unpaid_says_so_once_and_returns_to_the_start(
    app: FakeApp, anna: Chat, bills: FakeBills, status: ProviderStatus, told: str
) -> None:
    bill = has_bill(anna)
    bills.say(bill.id, status)
    anna.press("Check payment")
    assert told in anna.words
    assert is_start(anna)
    app.run_streams()
    assert app.messenger.kinds_for(anna.id) == []


def test_a_bill_whose_life_has_passed_says_so_and_a_late_payment_counts(
    app: FakeApp, anna: Chat, bills: FakeBills
) -> None:
    bill, message = has_bill(anna), dict(anna.last)
    app.clock.forward(minutes=6)
    anna.press("Check payment")
    assert f"The time to pay {SOME} is over." in anna.words
    bills.say(bill.id, ProviderStatus.PAID)
    app.clock.forward(minutes=6)
    anna.press("Check payment", message)
    assert f"The bill over {SOME} is paid." in anna.words
    assert roubles(app) == 50_000


def test_another_amount_is_told_and_credited_to_nobody(app: FakeApp, anna: Chat, bills: FakeBills) -> None:
    bill = has_bill(anna)
    bills.say(bill.id, ProviderStatus.PAID, value=Decimal("499.00"))
    anna.press("Check payment")
    assert f"You paid 499.00 RUB on a bill over {SOME}" in anna.words
    assert roubles(app) == 0


def test_an_unknown_word_of_the_provider_keeps_the_bill_waiting(anna: Chat, bills: FakeBills) -> None:
    bill = has_bill(anna)
    bills.say(bill.id, ProviderStatus.UNKNOWN, said="<ON_HOLD>")
    anna.press("Check payment")
    assert "We cannot read yet" in anna.toasts()[-1]
    assert newest(anna).is_open


def test_a_provider_that_fails_at_a_check_leaves_the_bill_as_it_is(anna: Chat, bills: FakeBills) -> None:
    has_bill(anna)
    before = dict(anna.last)
    bills.trouble["find"] = [OPEN]
    anna.press("Check payment")
    assert "Something went wrong, support has been informed." in anna.words
    assert is_start(anna)
    assert anna.messages[0] == before
    assert newest(anna).is_open


# --- nobody else's ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("verb", ["check", "cancel", "done", "look", "credit", "CREDIT", "again", "back", "BACK", "no"])
def test_nobody_sees_or_touches_the_bill_of_another(
    app: FakeApp, anna: Chat, boris: Chat, bills: FakeBills, verb: str
) -> None:
    bill = has_bill(anna)
    boris.join()
    calls = list(bills.calls)
    boris.press_data(f"bl:{verb}:{bill.id}", None)
    assert "кнопка устарела" in boris.toasts()[-1]
    assert (there(app.store.bill(bill.id)), bills.calls) == (bill, calls)


@pytest.mark.parametrize(
    "data",
    [
        "bl",
        "bl:check",
        "bl:check:x",
        f"bl:check:{'0' * 32}",
        "bl:list",
        "bl:find",
        "tu",
        "tu:",
        "tu:z50000RUB",
        "tu:q50000",
        "tu:q50000XXX",
        "TU:q50000USD",
        "TU:q50000RUB:sub:r:0",
        "t:50000USD",
        "t:RUB",
        "t:-5RUB",
        "t:50000RUB:publish:r",
    ],
)
def test_a_button_that_was_never_made_makes_no_bill(anna: Chat, data: str) -> None:
    anna.join()
    anna.press_data(data, None)
    assert "This button is old" in anna.toasts()[-1]
    assert all_bills(anna) == []


@pytest.mark.parametrize("data", ["t:1RUB", "tu:q999RUB", "TU:t9999RUB", "TU:q10000001RUB", "TR:q0RUB"])
def test_a_sum_that_no_bill_can_have_is_asked_for_again(anna: Chat, data: str) -> None:
    anna.join()
    anna.press_data(data, None)
    assert "top-up is" in anna.words
    assert "Cancel" in anna.buttons()
    assert all_bills(anna) == []


def test_a_blocked_person_opens_no_bill_but_what_they_paid_counts(app: FakeApp, anna: Chat, bills: FakeBills) -> None:
    bill = has_bill(anna)
    message, said = dict(anna.last), len(anna.telegram.calls)
    app.store.tables.people[anna.id] = replace(there(app.store.person(anna.id)), blocked=True)
    anna.say("/topup 700")
    anna.press("Check payment", message)
    assert len(anna.telegram.calls) == said
    bills.say(bill.id, ProviderStatus.PAID)
    app.settling.look(bill.id, app.now())
    assert roubles(app) == 50_000


def test_the_making_of_bills_has_an_end(app: FakeApp, anna: Chat, bills: FakeBills) -> None:
    anna.say("/topup 500")
    anna.press("QIWI")
    message, sure = dict(anna.last), anna.buttons()[f"Top up {SOME}"]
    for _ in range(301):
        anna.press_data(sure, message)
    assert "too many in a short time" in anna.toasts()[-1]
