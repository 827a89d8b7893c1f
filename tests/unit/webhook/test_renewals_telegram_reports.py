"""What Telegram reports of a subscription that it renews: told, shown, and no day more or less."""

import logging
from typing import Any

import pytest

from starbid.domain.payment_errors import PaymentRefused
from starbid.domain.payments import Order, Provider, Purpose
from starbid.domain.people import SUBSCRIPTION
from starbid.domain.renewals import ORDERED_FOR, RenewalState
from starbid.services.ports import Contended, StarTransaction
from tests.support.blocking import block
from tests.support.factories import xtr
from tests.support.fakes import START, Death, FakeApp
from tests.support.there import there
from tests.unit.services.billing.reconciled import differences, with_secrets

from .chatting import Chat, price

ACTIVE, CANCELED, FAILED = RenewalState
PRICE = 100


def subscribed(app: FakeApp, chat: Chat, charge: str = "n1", update_id: int = 10) -> str:
    """Paid in Telegram for the first month; the payload of the invoice."""
    if app.store.person(chat.id) is None:
        chat.join()
    _, payload = app.paying.order_subscription(chat.id, app.now())
    assert chat.paid(payload, PRICE, charge, update_id=update_id) == 200
    return payload


def state(app: FakeApp, chat: Chat) -> list[RenewalState]:
    return [each.state for each in there(app.store.person(chat.id)).renewals]


def told(app: FakeApp, chat: Chat) -> list[dict[str, Any]]:
    app.run_streams()
    return [
        notice.facts for person, notice, _ in app.messenger.told if (person.id, notice.kind) == (chat.id, "renewal")
    ]


def status(chat: Chat) -> str:
    chat.say("/status")
    return chat.words


def test_a_cancelled_one_is_told_and_shown_and_its_end_stays(app: FakeApp, anna: Chat) -> None:
    payload = subscribed(app, anna)
    assert "Telegram renews it automatically." in status(anna)
    until = there(there(app.store.person(anna.id)).subscribed_until)
    assert anna.renewal(payload, "canceled", update_id=11) == 200
    assert (state(app, anna), there(app.store.person(anna.id)).subscribed_until) == ([CANCELED], until)
    (facts,) = told(app, anna)
    assert (facts["state"], facts["until"], facts["another"]) == ("canceled", until.isoformat(), False)
    assert "Automatic renewal is off. You can turn it on again in Telegram: Settings, My Stars." in status(anna)
    anna.say("/subscribe")
    assert "Automatic renewal is off" in anna.words
    app.clock.now = until
    assert "Automatic renewal" not in status(anna)
    assert "Subscription: none." in anna.words


def test_one_that_is_renewed_again_after_all_is_told_and_shown(app: FakeApp, anna: Chat) -> None:
    payload = subscribed(app, anna)
    anna.renewal(payload, "canceled", update_id=11)
    anna.renewal(payload, "active", update_id=12)
    assert [facts["state"] for facts in told(app, anna)] == ["canceled", "active"]
    assert "Telegram renews it automatically." in status(anna)


@pytest.mark.parametrize("days", [29, 31])
def test_one_that_could_not_be_paid_says_how_to_pay(app: FakeApp, anna: Chat, days: int) -> None:
    anna.join(stars=500)
    payload = subscribed(app, anna)
    until = there(app.store.person(anna.id)).subscribed_until
    app.clock.forward(days=days)
    anna.renewal(payload, "failed", update_id=11)
    assert there(app.store.person(anna.id)).subscribed_until == until
    assert [facts["state"] for facts in told(app, anna)] == ["failed"]
    said = status(anna)
    assert "Telegram could not renew the subscription: the payment did not go through." in said
    assert "Pay from the wallet, or in Telegram with a new link." in said
    anna.press("Renew")
    spends = "Add 30 days" if until and until > app.now() else "Subscribe"
    assert {f"{spends} for {price(PRICE)} from the wallet", "Pay in Telegram, renewed monthly"} <= set(anna.buttons())


def test_the_button_of_the_notice_pays_once_and_the_failure_is_over(app: FakeApp, anna: Chat) -> None:
    anna.join(stars=500)
    payload = subscribed(app, anna)
    anna.renewal(payload, "failed", update_id=11)
    (facts,) = told(app, anna)
    for _ in range(3):
        anna.press_data(f"sub:pay:{facts['request_id']}", None)
    assert app.store.wallet(anna.id, "XTR").available == xtr(500 - PRICE)
    assert there(app.store.person(anna.id)).subscribed_until == app.now() + 2 * SUBSCRIPTION
    assert "could not renew" not in status(anna)
    app.clock.forward(days=30)
    anna.renewal(payload, "failed", update_id=900)
    again = told(app, anna)[-1]["request_id"]
    assert again != facts["request_id"]
    anna.press_data(f"sub:pay:{again}", None)
    assert app.store.wallet(anna.id, "XTR").available == xtr(500 - 2 * PRICE)


@pytest.mark.parametrize("before", ["canceled", "failed"])
def test_a_renewal_that_was_paid_clears_the_state(app: FakeApp, anna: Chat, before: str) -> None:
    payload = subscribed(app, anna)
    anna.renewal(payload, before, update_id=11)
    anna.paid(payload, PRICE, "n2", update_id=12)
    assert state(app, anna) == [ACTIVE]
    assert there(app.store.person(anna.id)).subscribed_until == app.now() + 2 * SUBSCRIPTION
    assert "Telegram renews it automatically." in status(anna)


@pytest.mark.parametrize("late", ["report", "payment"])
def test_whichever_of_payment_and_report_comes_late_does_not_count(app: FakeApp, anna: Chat, late: str) -> None:
    """Telegram keeps a queue for each kind of update: only their numbers tell their order."""
    payload = subscribed(app, anna)
    if late == "report":
        anna.paid(payload, PRICE, "n2", update_id=30)
        anna.renewal(payload, "failed", update_id=20)
    else:
        anna.renewal(payload, "canceled", update_id=30)
        anna.paid(payload, PRICE, "n2", update_id=20)
    assert state(app, anna) == [ACTIVE if late == "report" else CANCELED]
    assert len(told(app, anna)) == (late == "payment")
    assert there(app.store.person(anna.id)).subscribed_until == app.now() + 2 * SUBSCRIPTION


def test_a_report_counts_once_however_often_it_comes(app: FakeApp, anna: Chat) -> None:
    payload = subscribed(app, anna)
    for hours in (0, 1, 60):  # the third: after its claim was forgotten
        app.clock.forward(hours=hours)
        anna.renewal(payload, "canceled", update_id=11)
    assert len(told(app, anna)) == 1


def test_the_same_state_again_is_no_news(app: FakeApp, anna: Chat) -> None:
    payload = subscribed(app, anna)
    for update_id in (11, 12, 13):
        anna.renewal(payload, "failed", update_id=update_id)
    assert len(told(app, anna)) == 1


def test_numbers_that_begin_elsewhere_after_a_silent_week_count(app: FakeApp, anna: Chat) -> None:
    payload = subscribed(app, anna, update_id=5_000)
    app.clock.forward(seconds=ORDERED_FOR.total_seconds())
    anna.renewal(payload, "canceled", update_id=7)
    assert state(app, anna) == [CANCELED]


def test_of_two_the_one_that_runs_on_is_shown(app: FakeApp, anna: Chat) -> None:
    first = subscribed(app, anna, "a1", 10)
    second = subscribed(app, anna, "b1", 11)
    anna.renewal(first, "canceled", update_id=12)
    assert "Telegram renews it automatically." in status(anna)
    anna.renewal(second, "canceled", update_id=13)
    assert "Automatic renewal is off" in status(anna)
    assert [facts["another"] for facts in told(app, anna)] == [True, False]


def test_a_payload_that_is_forged_or_anothers_or_of_something_else_changes_nothing(
    app: FakeApp, anna: Chat, boris: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    payload = subscribed(app, anna)
    boris.join()
    stars, of_stars = app.paying.order_stars(anna.id, 100, app.now())
    assert stars.purpose is Purpose.STARS
    before = app.store.tables.snapshot()
    forged = payload.replace(f":{anna.id}:", f":{boris.id}:", 1)
    with caplog.at_level(logging.ERROR):
        for chat, text in (
            (anna, "whatever"),
            (boris, payload),
            (boris, forged),
            (anna, of_stars),
            (anna, payload[:-1]),
        ):
            assert chat.renewal(text, "failed") == 200
    assert app.store.tables == before
    assert caplog.text.count("counts for nothing") == 5


def test_a_stranger_is_not_registered_by_it(app: FakeApp, anna: Chat) -> None:
    _, payload = app.paying.order_subscription(anna.id, app.now())
    anna.renewal(payload, "failed")
    assert app.store.person(anna.id) is None


def test_somebody_out_of_reach_stays_so_and_a_blocked_one_is_served(app: FakeApp, anna: Chat) -> None:
    payload = subscribed(app, anna)
    app.people.mark_unreachable(anna.id)
    block(app, anna.id)
    anna.renewal(payload, "canceled", update_id=11)
    person = app.store.person(anna.id)
    assert (there(person).unreachable, [each.state for each in there(person).renewals]) == (True, [CANCELED])


def test_one_comes_again_while_the_store_is_contended(app: FakeApp, anna: Chat) -> None:
    payload = subscribed(app, anna)
    app.store.fail_next(Contended(), times=20)
    assert anna.renewal(payload, "canceled", update_id=11) == 503
    app.store.heal()
    assert anna.renewal(payload, "canceled", update_id=11) == 200
    assert state(app, anna) == [CANCELED]


@pytest.mark.parametrize("after", [False, True])
def test_a_death_half_way_is_made_good_by_the_next_try(app: FakeApp, anna: Chat, after: bool) -> None:
    payload = subscribed(app, anna)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        anna.renewal(payload, "canceled", update_id=11)
    app.clock.forward(seconds=31)
    assert anna.renewal(payload, "canceled", update_id=11) == 200
    assert len(told(app, anna)) == 1


def test_in_russian_too(app: FakeApp, boris: Chat) -> None:
    payload = subscribed(app, boris)
    assert "Telegram продлевает её автоматически." in status(boris)
    boris.renewal(payload, "failed", update_id=11)
    assert "Telegram не смог продлить подписку: оплата не прошла." in status(boris)
    assert "Оплатите из кошелька или в Telegram по новой ссылке." in boris.words


@pytest.mark.parametrize("heard", [0, 5, 10])
def test_a_failure_ends_when_the_comparison_books_the_payment_and_its_late_message_says_that_it_goes_on(
    app: FakeApp, anna: Chat, heard: int
) -> None:
    """Telegram tries a failed payment again; its message may be hours late, and the comparison comes before it."""
    payload = subscribed(app, anna)
    anna.renewal(payload, "failed", update_id=11)
    app.stars.listed = [
        StarTransaction(charge, PRICE, app.now(), incoming=True, payer_id=anna.id, payload=payload)
        for charge in ("n1", "n2")
    ]
    app.clock.forward(hours=1)
    (found,) = differences(app, app.now())
    assert (found.fault, found.charge_id, found.is_mended) == ("missing", "n2", True)
    assert "could not renew" not in status(anna)
    app.clock.forward(hours=heard)
    anna.paid(payload, PRICE, "n2", update_id=12)
    assert state(app, anna) == [ACTIVE]
    assert "Telegram renews it automatically." in status(anna)
    assert len(told(app, anna)) == 1
    assert there(app.store.person(anna.id)).subscribed_until == START + 2 * SUBSCRIPTION


def test_a_late_message_of_a_payment_changes_nothing_after_a_newer_report_or_its_refund(
    app: FakeApp, anna: Chat
) -> None:
    payload = subscribed(app, anna)
    app.paying.credit(anna.id, "n2", payload, PRICE, "XTR", app.now())
    anna.renewal(payload, "canceled", update_id=30)
    anna.paid(payload, PRICE, "n2", update_id=20)
    assert state(app, anna) == [CANCELED]
    app.refunding.taken_back(anna.id, "n2", payload, PRICE, "XTR", app.now())
    anna.paid(payload, PRICE, "n2", update_id=31)
    assert state(app, anna) == [CANCELED]


def test_a_changed_key_ends_no_subscription(app: FakeApp, anna: Chat) -> None:
    """Telegram renews with the payload of the invoice that began it, for years."""
    payload = subscribed(app, anna)
    with_secrets(app, **dict(app.settings.secrets) | {"SECRET_KEY": "another key of a sufficient length"})
    app.clock.forward(days=29)
    assert anna.paid(payload, PRICE, "n2", update_id=50) == 200
    assert there(app.store.person(anna.id)).subscribed_until == START + 2 * SUBSCRIPTION
    assert app.store.wallet(anna.id, "XTR").available == xtr(0)
    anna.renewal(payload, "canceled", update_id=51)
    assert state(app, anna) == [CANCELED]
    assert "Automatic renewal is off" in status(anna)


def test_without_the_key_only_what_agrees_with_the_stored_order_counts(app: FakeApp, anna: Chat, boris: Chat) -> None:
    payload = subscribed(app, anna)
    boris.join()
    unknown = Order("0123456789abcdef", Provider.STARS, Purpose.SUBSCRIPTION, anna.id, xtr(PRICE)).payload(
        "the key of before"
    )
    _, of_stars = app.paying.order_stars(boris.id, PRICE, app.now())
    with_secrets(app, **dict(app.settings.secrets) | {"SECRET_KEY": "another key of a sufficient length"})
    until = there(app.store.person(anna.id)).subscribed_until
    forged = (
        (anna, unknown, PRICE),
        (anna, payload.replace(f":{PRICE}:", ":1:"), 1),
        (anna, payload, 1),
        (boris, payload, PRICE),
        (boris, payload.replace(f":{anna.id}:", f":{boris.id}:", 1), PRICE),
        (boris, of_stars.replace("stars", "subscription"), PRICE),
    )
    for number, (chat, text, amount) in enumerate(forged):
        with pytest.raises(PaymentRefused):
            app.paying.approve(chat.id, text, amount, "XTR")
        assert chat.paid(text, amount, f"odd{number}") == 200
        assert there(app.store.charge(f"odd{number}")).purpose is Purpose.STARS
    assert there(app.store.person(anna.id)).subscribed_until == until
    assert there(app.store.person(boris.id)).subscribed_until is None
