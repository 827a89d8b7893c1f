"""Payouts in the chat: asked for by people, decided by operators."""

from __future__ import annotations

from dataclasses import replace

import pytest

from starbid.domain.payouts import Payout
from starbid.services.ports import OutOfOrder
from tests.support.debts import fall_into_debt
from tests.support.factories import xtr
from tests.support.fakes import FakeApp
from tests.support.paying_out import ADMIN, ask, ask_roubles, earned, money_of

from .chatting import Chat, FakeTelegram, bad_request, timeout

ANNA = 1


@pytest.fixture
def rich(app: FakeApp, anna: Chat) -> Chat:
    """Anna has earned 1 200 Stars and 500 roubles long ago."""
    anna.join()
    earned(app, 1200)
    earned(app, 50_000, "RUB")
    app.clock.forward(days=21)
    return anna


def the_payout(app: FakeApp) -> Payout:
    (payout,) = app.store.tables.payouts.values()
    return payout


def state(app: FakeApp) -> str:
    return the_payout(app).state.value


def button(chat: Chat, start: str) -> str:
    """The data of the one button that begins so."""
    (data,) = [data for data in chat.buttons().values() if data.startswith(start)]
    return data


# --- people -----------------------------------------------------------------------------------------------------------


def test_the_screen_shows_what_can_be_paid_out_and_how(app: FakeApp, rich: Chat) -> None:
    earned(app, 300)
    rich.say("/payout")
    assert "Can be paid out now: ⭐\u202f1\u202f200." in rich.words
    assert "⭐\u202f300 more from" in rich.words
    assert "Can be paid out now: ₽500.00." in rich.words
    data = rich.buttons().values()
    assert "wd:gift:premium_3" in data
    assert "wd:gift:premium_6" not in data
    assert "wd:ask:RUB" in data
    rich.say("/balance")
    assert "go:payout" in rich.buttons().values()


def test_one_who_has_little_is_told_from_when_on_it_is_possible(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=5000)
    anna.say("/payout")
    assert "from ⭐\u202f1\u202f000 on" in anna.words
    assert not [data for data in anna.buttons().values() if data.startswith("wd:")]


def test_a_gift_is_asked_for_once_confirmed_however_often_it_is_pressed(app: FakeApp, rich: Chat) -> None:
    rich.say("/payout")
    rich.press("wd:gift:premium_3")
    first, *_, last = rich.buttons()
    assert (first, last) == ("Ask for ⭐\u202f1\u202f000", "Cancel")
    assert app.store.tables.payouts == {}
    message, sure = rich.last, button(rich, "wd:GIFT:")
    for _ in range(3):
        rich.press_data(sure, message)
    assert state(app) == "requested"
    assert "under review" in rich.words
    assert money_of(app) == (200, 0)


def test_cancelling_before_asks_for_nothing(app: FakeApp, rich: Chat) -> None:
    rich.say("/payout")
    rich.press("wd:gift:premium_3")
    rich.press("Cancel")
    assert app.store.tables.payouts == {}
    assert "Can be paid out now" in rich.words


def test_roubles_are_asked_for_in_a_dialogue(app: FakeApp, rich: Chat) -> None:
    rich.say("/payout")
    rich.press("wd:ask:RUB")
    rich.say("250,50")
    rich.say("card <1234>")
    assert "card &lt;1234&gt;" in rich.words
    first, *_, last = rich.buttons()
    assert (first, last) == ("Ask for ₽250.50", "Cancel")
    message = rich.last
    for _ in range(2):
        rich.press_data("wd:SURE", message)
    payout = the_payout(app)
    assert (payout.amount.amount, payout.details, payout.state) == (25_050, "card <1234>", "requested")


@pytest.mark.parametrize("amount", ["0", "-5", "1.234", "1e3", "500 000 000", "пятьсот", "🙂", "500,01"])
def test_what_is_no_amount_is_asked_again(app: FakeApp, rich: Chat, amount: str) -> None:
    rich.say("/payout")
    rich.press("wd:ask:RUB")
    rich.say(amount)
    assert "That is not an amount up to ₽500.00" in rich.words
    rich.say("100")
    assert "Where should ₽100.00 go?" in rich.words


@pytest.mark.parametrize("details", ["x" * 501, "\u200b"])
def test_details_that_nobody_can_pay_by_are_asked_again(app: FakeApp, rich: Chat, details: str) -> None:
    rich.say("/payout")
    rich.press("wd:ask:RUB")
    rich.say("100")
    rich.say(details)
    rich.say("card 1234")
    assert "card 1234" in rich.words
    assert app.store.tables.payouts == {}


def test_who_writes_instead_of_confirming_corrects_the_details(app: FakeApp, rich: Chat) -> None:
    rich.say("/payout")
    rich.press("wd:ask:RUB")
    rich.say("100")
    rich.say("card 1234")
    rich.say("card 5678")
    rich.press("wd:SURE")
    assert the_payout(app).details == "card 5678"


@pytest.mark.parametrize("way", ["the button", "/cancel"])
def test_a_cancelled_dialogue_asks_for_nothing_even_if_it_is_confirmed_later(
    app: FakeApp, rich: Chat, way: str
) -> None:
    rich.say("/payout")
    rich.press("wd:ask:RUB")
    rich.say("100")
    rich.say("card 1234")
    asked = rich.last
    if way == "/cancel":
        rich.say("/cancel")
    else:
        rich.press_data("x", asked)
    rich.press_data("wd:SURE", asked)
    assert app.store.tables.payouts == {}
    assert any("old" in toast for toast in rich.toasts())


def test_a_confirmation_after_a_day_asks_for_nothing(app: FakeApp, rich: Chat) -> None:
    rich.say("/payout")
    rich.press("wd:ask:RUB")
    rich.say("100")
    rich.say("card 1234")
    asked = rich.last
    app.clock.forward(days=1, minutes=1)
    rich.press_data("wd:SURE", asked)
    assert app.store.tables.payouts == {}


def test_money_that_is_gone_by_then_is_said(app: FakeApp, rich: Chat) -> None:
    rich.say("/payout")
    rich.press("wd:gift:premium_3")
    sure, message = button(rich, "wd:GIFT:"), rich.last
    app.people.subscribe(ANNA, "a", app.now())
    app.people.subscribe(ANNA, "b", app.now())
    app.people.subscribe(ANNA, "c", app.now())
    rich.press_data(sure, message)
    assert app.store.tables.payouts == {}
    assert any("Up to ⭐\u202f900" in toast for toast in rich.toasts())


def test_a_payout_is_cancelled_below_the_list(app: FakeApp, rich: Chat) -> None:
    payout = ask(app)
    rich.say("/payout")
    assert "under review" in rich.words
    rich.press(f"wd:cancel:{payout.id}")
    assert state(app) == "cancelled"
    assert "cancelled" in rich.words


def test_nobody_cancels_anothers(app: FakeApp, rich: Chat, boris: Chat) -> None:
    payout = ask(app)
    boris.join()
    boris.say("/payout")
    boris.press(f"wd:cancel:{payout.id}")
    assert state(app) == "requested"


@pytest.mark.parametrize(
    "data", ["wd", "wd:gift:premium_4", "wd:GIFT:premium_3:", "wd:ask:XTR", "wd:ask:BTC", "wd:SURE", "wd:cancel:../.."]
)
def test_buttons_that_we_did_not_make_do_nothing(app: FakeApp, rich: Chat, data: str) -> None:
    rich.say("/payout")
    rich.press_data(data, rich.last)
    assert app.store.tables.payouts == {}


def test_it_is_all_there_in_russian(app: FakeApp, boris: Chat) -> None:
    boris.join()
    earned(app, 50_000, "RUB", who=2)
    app.clock.forward(days=21)
    boris.say("/payout")
    assert "Сейчас можно вывести: 500,00\u202f₽." in boris.words
    boris.press("wd:ask:RUB")
    boris.say("100")
    boris.say("карта 1234")
    assert "Вывести 100,00\u202f₽ по этим реквизитам?" in boris.words


# --- operators --------------------------------------------------------------------------------------------------------


def test_nobody_else_knows_of_the_operators_buttons(app: FakeApp, rich: Chat) -> None:
    payout = ask_roubles(app, 10_000)
    rich.say("/payout")
    for verb in ("look", "ok", "OK", "no", "pay", "done", "DONE"):
        rich.press_data(f"po:{verb}:{payout.id}", rich.last)
    rich.press_data("po:list", rich.last)
    assert state(app) == "requested"
    assert "1234" not in rich.words


def test_an_operator_is_led_from_the_notice_to_the_decision(app: FakeApp, rich: Chat, admin: Chat) -> None:
    ask(app)
    (notice,) = [n for n in app.run_streams() if n.kind == "payout_requested"]
    assert notice.user_id == ADMIN
    admin.say("/admin")
    admin.press("po:list")
    admin.press(button(admin, "po:look:"))
    assert "Telegram Premium for 3 months" in admin.words
    assert f"Anna · {ANNA}" in admin.words
    admin.press(button(admin, "po:ok:"))
    first, *_, last = admin.buttons()
    assert (first, last) == ("Yes, approve", "Cancel")
    assert state(app) == "requested"
    admin.press("Yes, approve")
    assert state(app) == "paid"
    assert app.stars.given == [(ANNA, 3)]
    assert "State: paid" in admin.words


def test_roubles_are_approved_paid_and_marked(app: FakeApp, rich: Chat, admin: Chat) -> None:
    payout = ask_roubles(app, 10_000)
    admin.say("/admin")
    admin.press("po:list")
    admin.press(f"po:look:{payout.id}")
    assert "card 1234" in admin.words
    for data in (f"po:ok:{payout.id}", f"po:OK:{payout.id}", f"po:pay:{payout.id}"):
        admin.press(data)
    assert state(app) == "sending"
    assert "card 1234" in admin.words
    admin.press(f"po:done:{payout.id}")
    assert "cannot be undone" in admin.words
    admin.press("Yes, it is paid")
    assert state(app) == "paid"
    assert money_of(app, "RUB") == (40_000, 0)


@pytest.mark.parametrize("verb", ["OK", "DONE", "pay"])
def test_what_was_decided_meanwhile_is_shown_as_it_stands(app: FakeApp, rich: Chat, admin: Chat, verb: str) -> None:
    payout = ask_roubles(app, 10_000)
    app.payouts.cancel(ANNA, payout.id, app.now())
    admin.say("/admin")
    admin.press(f"po:{verb}:{payout.id}")
    assert "State: cancelled" in admin.words


def test_a_refusal_has_a_reason_that_the_person_reads(app: FakeApp, rich: Chat, admin: Chat) -> None:
    payout = ask_roubles(app, 10_000)
    admin.say("/admin")
    admin.press(f"po:no:{payout.id}")
    assert "cannot be undone" in admin.words
    admin.say("x" * 501)
    assert state(app) == "requested"
    admin.say("The card is <closed>")
    assert state(app) == "refused"
    rich.say("/payout")
    assert "Reason: The card is &lt;closed&gt;" in rich.words


def test_an_operator_who_is_none_any_more_refuses_nothing(app: FakeApp, rich: Chat, admin: Chat) -> None:
    payout = ask_roubles(app, 10_000)
    admin.say("/admin")
    admin.press(f"po:no:{payout.id}")
    app.settings = replace(app.settings, business=replace(app.settings.business, admin_ids=frozenset()))
    del app.operators
    admin.say("The card is closed")
    assert state(app) == "requested"


def test_one_who_owes_by_then_is_not_paid(app: FakeApp, rich: Chat, admin: Chat) -> None:
    payout = ask(app)
    for request in "ab":
        app.people.subscribe(ANNA, request, app.now())
    fall_into_debt(app, ANNA, 100)
    admin.say("/admin")
    admin.press(f"po:OK:{payout.id}")
    assert (state(app), app.stars.given) == ("returned", [])
    assert any("owes ⭐\u202f100" in toast for toast in admin.toasts())


def test_a_gift_that_telegram_refuses_is_shown_as_returned(
    app: FakeApp, rich: Chat, admin: Chat, telegram: FakeTelegram
) -> None:
    payout = ask(app)
    app.stars.ungiftable.add(ANNA)
    admin.say("/admin")
    admin.press(f"po:OK:{payout.id}")
    assert state(app) == "returned"
    assert "Telegram did not accept the gift" in admin.words


def test_an_answer_of_telegrams_that_does_not_come_leaves_it_on_its_way(app: FakeApp, rich: Chat, admin: Chat) -> None:
    payout = ask(app)
    admin.say("/admin")
    app.stars.fail_next(OutOfOrder(5), after=True)
    admin.press(f"po:OK:{payout.id}")
    assert state(app) == "sending"
    assert "State: being sent" in admin.words
    app.clock.forward(minutes=5)
    app.gifts.sweep(app.now())
    assert state(app) == "paid"


def test_the_bot_calls_telegram_as_published(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    anna.join()
    price = xtr(1000)
    assert app.bot.gift_premium(ANNA, 3, price)
    (call,) = telegram.called("giftPremiumSubscription")
    assert call == {"user_id": ANNA, "month_count": 3, "star_count": 1000}
    telegram.fail("giftPremiumSubscription", bad_request("not enough Stars"))
    assert not app.bot.gift_premium(ANNA, 3, price)
    telegram.fail("giftPremiumSubscription", timeout())
    with pytest.raises(OutOfOrder):
        app.bot.gift_premium(ANNA, 3, price)
