"""Refunds that Telegram reports: by a message of the bot itself, in the payer's chat."""

import logging
from typing import Any

import pytest

from starbid.domain.people import SUBSCRIPTION
from starbid.services.ports import Contended
from tests.support.blocking import block
from tests.support.factories import pay, xtr
from tests.support.fakes import FakeApp
from tests.support.there import there

from .chatting import BOT, Chat, post


def refund(payer: Chat, charge: str, update_id: int, stars: int = 250, **around: Any) -> int:
    """`around` are other fields of the message; None takes one away."""
    payment = {
        "currency": "XTR",
        "total_amount": stars,
        "invoice_payload": "",
        "telegram_payment_charge_id": charge,
        "provider_payment_charge_id": "",
    }
    body = payer._message(**{"from": BOT, "refunded_payment": payment} | around)
    kept = {name: value for name, value in body.items() if value is not None}
    return post({"update_id": update_id, "message": kept})


def owes_and_has(app: FakeApp, chat: Chat) -> tuple[int, int]:
    wallet = app.store.wallet(chat.id, "XTR")
    return wallet.owed.amount, wallet.available.amount


@pytest.mark.parametrize("sender", [BOT, None])
def test_the_money_is_taken_back_once_and_told(app: FakeApp, anna: Chat, sender: Any) -> None:
    charge = pay(app, anna.join().id, 250)
    app.run_streams()
    for update_id in (5, 5, 6):
        assert refund(anna, charge.id, update_id, **{"from": sender}) == 200
    assert owes_and_has(app, anna) == (0, 0)
    app.run_streams()
    assert app.messenger.kinds_for(anna.id) == ["credited", "refunded"]


def test_stars_that_were_spent_are_owed_so_that_they_cannot_be_spent_twice(app: FakeApp, anna: Chat) -> None:
    anna.join()
    charge = pay(app, anna.id, 250)
    app.people.subscribe(anna.id, "r", app.now())
    refund(anna, charge.id, 5)
    assert owes_and_has(app, anna) == (100, 0)


def test_somebody_blocked_is_no_exception(app: FakeApp, anna: Chat) -> None:
    charge = pay(app, anna.join().id, 250)
    block(app, anna.id)
    refund(anna, charge.id, 5)
    assert owes_and_has(app, anna) == (0, 0)


def test_it_is_not_the_person_who_was_heard_of(app: FakeApp, anna: Chat) -> None:
    """Who blocked the bot is still out of reach; name and language stay as they are known."""
    charge = pay(app, anna.join(unreachable=True).id, 250)
    before = app.store.person(anna.id)
    refund(anna, charge.id, 5, chat={"id": anna.id, "type": "private", "first_name": "Other"})
    assert app.store.person(anna.id) == before


def test_the_bot_is_never_registered_as_a_person(app: FakeApp, anna: Chat, boris: Chat) -> None:
    charge = pay(app, anna.join().id, 250)
    refund(anna, charge.id, 5)
    for chat in ({"id": BOT["id"], "type": "private"}, {"id": -5, "type": "group", "title": "t"}):
        refund(boris, "unheard-of", 6, chat=chat)
    assert set(app.store.tables.people) == {anna.id}


def test_it_is_booked_for_the_one_whose_charge_it_is(app: FakeApp, anna: Chat, boris: Chat) -> None:
    """Whatever chat it is told in: a stranger's, a group's, or none at all."""
    charges = [pay(app, anna.join().id, 250)] + [pay(app, anna.id, 250) for _ in range(2)]
    boris.join(stars=250)
    refund(boris, charges[0].id, 5)
    refund(boris, charges[1].id, 6, chat={"id": -5, "type": "group", "title": "t"})
    refund(boris, charges[2].id, 7, chat=None)
    assert (owes_and_has(app, anna), owes_and_has(app, boris)) == ((0, 0), (0, 250))


def test_one_that_overtakes_its_payment_books_both(app: FakeApp, anna: Chat) -> None:
    _, payload = app.paying.order_stars(anna.id, 250, app.now())
    anna.paid(payload, 250, "c1", refunded=True)
    anna.paid(payload, 250, "c1")
    assert owes_and_has(app, anna) == (0, 0)
    assert there(app.store.charge("c1")).state == "refunded"


def test_an_overtaken_payment_of_a_subscription_leaves_no_days(app: FakeApp, anna: Chat) -> None:
    anna.join()
    order, payload = app.paying.order_subscription(anna.id, app.now())
    anna.paid(payload, order.amount.amount, "c1", refunded=True)
    anna.paid(payload, order.amount.amount, "c1")
    person = app.store.person(anna.id)
    assert not there(person).may_sell(app.now())
    assert there(person).renewals == ()


def test_what_names_nobody_and_is_of_no_known_charge_is_logged(
    app: FakeApp, anna: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        assert refund(anna, "unheard-of", 5, chat=None) == 200
    assert "a refund could not be booked" in caplog.text
    assert app.store.tables.charges == {}


def test_one_that_cannot_be_read_is_logged(app: FakeApp, anna: Chat, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        assert post({"update_id": 5, "message": anna._message(**{"from": BOT, "refunded_payment": {}})}) == 200
    assert "has a refunded_payment that cannot be read" in caplog.text


def test_one_comes_again_while_the_store_is_contended(app: FakeApp, anna: Chat) -> None:
    charge = pay(app, anna.join().id, 250)
    app.store.fail_next(Contended(), times=20)
    assert refund(anna, charge.id, 5) == 503
    app.store.heal()
    assert refund(anna, charge.id, 5) == 200
    assert owes_and_has(app, anna) == (0, 0)


def test_one_without_a_number_counts_too(app: FakeApp, anna: Chat) -> None:
    charge = pay(app, anna.join().id, 250)
    payment = {"currency": "XTR", "total_amount": 250, "telegram_payment_charge_id": charge.id, "invoice_payload": ""}
    body = anna._message(**{"from": BOT, "refunded_payment": payment})
    assert post({"message": body}) == 200
    assert app.store.wallet(anna.id, "XTR").available == xtr(0)


def test_the_right_to_sell_ends_with_the_payment_for_it(app: FakeApp, anna: Chat) -> None:
    order, payload = app.paying.order_subscription(anna.join().id, app.now())
    anna.paid(payload, order.amount.amount, "c1")
    assert there(app.store.person(anna.id)).subscribed_until == app.now() + SUBSCRIPTION
    refund(anna, "c1", 5, order.amount.amount)
    assert not there(app.store.person(anna.id)).may_sell(app.now())
    assert app.store.wallet(anna.id, "XTR").owed == xtr(0)
