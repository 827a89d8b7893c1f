"""Stars: the bot is asked first, each payment happens once, refunds are whole, subscriptions renew."""

import threading
from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.local.telegram.conftest import World

MONTH = 2_592_000
INVOICE: dict[str, Any] = {
    "title": "500 Stars",
    "description": "For the wallet",
    "payload": "buy:500",
    "currency": "XTR",
    "prices": [{"label": "Stars", "amount": 500}],
}


def send_invoice(world: World, **changes: Any) -> dict[str, Any]:
    sent: dict[str, Any] = world.ok("sendInvoice", chat_id=world.anna, **{**INVOICE, **changes})
    return sent


def link_slug(world: World, **changes: Any) -> str:
    link: str = world.ok("createInvoiceLink", **{**INVOICE, **changes})
    return link.rpartition("/")[2]


def pay(world: World, person_id: int | None = None, **which: Any) -> dict[str, str]:
    answer = world.person(person_id or world.anna, "pay", **which)
    assert answer.status_code == 200, answer.text
    assert world.drain()
    said: dict[str, str] = answer.json
    return said


def stars(world: World, person_id: int = 1001) -> int:
    return int(world.chat(person_id)["person"]["stars"])


def payments(world: World) -> list[dict[str, Any]]:
    return [m["successful_payment"] for m in world.webhook.of("message") if "successful_payment" in m]


@pytest.fixture
def paid(world: World) -> str:
    world.webhook.react = world.approve
    message = send_invoice(world)
    return pay(world, message_id=message["message_id"])["charge_id"]


def test_paying_asks_the_bot_takes_the_stars_and_tells_the_bot(world: World, paid: str) -> None:
    query = world.webhook.of("pre_checkout_query")[0]
    assert (query["currency"], query["total_amount"], query["invoice_payload"]) == ("XTR", 500, "buy:500")
    payment = payments(world)[0]
    assert payment["telegram_payment_charge_id"] == paid
    assert payment["provider_payment_charge_id"]
    assert payment["invoice_payload"] == "buy:500"
    assert "is_recurring" not in payment
    assert stars(world) == 9_500
    assert world.ok("getMyStarBalance") == {"amount": 500}


def test_an_invoice_in_a_chat_is_paid_once(world: World, paid: str) -> None:
    message_id = world.chat()["messages"][0]["message_id"]
    assert pay(world, message_id=message_id)["status"] == "unavailable"
    assert world.chat()["messages"][0]["extra"]["paid"] is True
    assert stars(world) == 9_500


def gift(world: World, **changes: Any) -> Any:
    call = {"user_id": world.anna, "month_count": 3, "star_count": 1000} | changes
    return world.call("giftPremiumSubscription", **call)


def test_premium_is_given_out_of_the_bots_stars_and_listed(world: World) -> None:
    world.webhook.react = world.approve
    pay(world, message_id=send_invoice(world, prices=[{"label": "Stars", "amount": 2500}])["message_id"])
    for _ in range(2):
        assert gift(world).json == {"ok": True, "result": True}
    assert world.ok("getMyStarBalance") == {"amount": 500}
    assert gift(world).status_code == 400
    listed = world.ok("getStarTransactions")["transactions"]
    assert len({each["id"] for each in listed}) == 3
    (given, again) = (each for each in listed if "receiver" in each)
    assert given["receiver"]["transaction_type"] == again["receiver"]["transaction_type"] == "premium_purchase"
    assert (given["receiver"]["premium_subscription_duration"], given["amount"]) == (3, 1000)
    assert given["receiver"]["user"]["id"] == world.anna


@pytest.mark.parametrize("changes", [{"star_count": 999}, {"month_count": 4}, {"user_id": 77}])
def test_premium_has_its_prices_and_goes_to_people_who_are_there(world: World, changes: dict[str, int]) -> None:
    world.webhook.react = world.approve
    pay(world, message_id=send_invoice(world, prices=[{"label": "Stars", "amount": 2500}])["message_id"])
    assert gift(world, **changes).status_code == 400
    assert world.ok("getMyStarBalance") == {"amount": 2500}


def test_an_invoice_pressed_many_times_at_once_is_paid_once(world: World) -> None:
    world.webhook.react = world.approve
    message_id = send_invoice(world)["message_id"]
    outcomes = []
    threads = [
        threading.Thread(target=lambda: outcomes.append(world.person(1001, "pay", message_id=message_id).json))
        for _ in range(6)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert world.drain()
    assert sorted(outcome["status"] for outcome in outcomes) == ["paid"] + ["unavailable"] * 5
    assert len(payments(world)) == 1
    assert stars(world) == 9_500


def test_a_refusal_of_the_bot_is_shown_in_its_words_and_costs_nothing(world: World) -> None:
    def refuse(update: dict[str, Any]) -> None:
        if "pre_checkout_query" in update:
            query = update["pre_checkout_query"]["id"]
            assert world.refusal("answerPreCheckoutQuery", pre_checkout_query_id=query, ok=False)[0] == 400
            world.ok("answerPreCheckoutQuery", pre_checkout_query_id=query, ok=False, error_message="Sold out.")

    world.webhook.react = refuse
    outcome = pay(world, message_id=send_invoice(world)["message_id"])
    assert (outcome["status"], outcome["words"]) == ("refused", "Sold out.")
    assert stars(world) == 10_000


def test_a_bot_that_does_not_answer_in_time_gets_nothing_and_may_not_answer_later(
    make_world: Callable[..., World],
) -> None:
    world = make_world(checkout_seconds=0.2)
    outcome = pay(world, message_id=send_invoice(world)["message_id"])
    assert outcome["status"] == "timeout"
    query = world.webhook.of("pre_checkout_query")[0]["id"]
    late = world.refusal("answerPreCheckoutQuery", pre_checkout_query_id=query, ok=True)
    assert late[1].startswith("Bad Request: query is too old")
    assert stars(world) == 10_000


def test_who_has_too_few_stars_is_told_so_before_the_bot_is_asked_and_can_get_more(world: World) -> None:
    world.webhook.react = world.approve
    slug = link_slug(world)
    assert pay(world, world.boris, slug=slug)["status"] == "not_enough"
    assert world.webhook.of("pre_checkout_query") == []
    world.person(world.boris, "stars")
    assert pay(world, world.boris, slug=slug)["status"] == "paid"
    assert stars(world, world.boris) == 9_800


def test_a_link_can_be_paid_again_and_by_anyone_and_a_message_only_by_its_receiver(world: World) -> None:
    world.webhook.react = world.approve
    slug = link_slug(world, prices=[{"label": "x", "amount": 100}])
    assert pay(world, slug=slug)["status"] == "paid"
    assert pay(world, world.boris, slug=slug)["status"] == "paid"
    assert pay(world, slug=slug)["status"] == "paid"
    message_id = send_invoice(world)["message_id"]
    assert world.person(world.boris, "pay", message_id=message_id).status_code == 404
    secret = world.chat()["messages"][-1]["extra"]["invoice"]["slug"]
    assert pay(world, world.boris, slug=secret)["status"] == "unavailable"


def test_the_pay_sheet_does_not_show_the_payload(world: World) -> None:
    assert "payload" not in world.client.get(f"/invoices/{link_slug(world)}").text


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"title": "x" * 33}, "INVOICE_TITLE_INVALID"),
        ({"title": ""}, 'parameter "title" is required'),
        ({"description": "x" * 256}, "INVOICE_DESCRIPTION_INVALID"),
        ({"payload": "я" * 65}, "INVOICE_PAYLOAD_INVALID"),
        ({"payload": ""}, 'parameter "payload" is required'),
        ({"provider_token": "x:y"}, "STARS_INVOICE_INVALID"),
        ({"prices": INVOICE["prices"] * 2}, "STARS_INVOICE_INVALID"),
        ({"prices": []}, "can't parse prices JSON object"),
        ({"prices": [{"label": "x", "amount": 1.5}]}, "can't parse prices JSON object"),
        ({"prices": [{"label": "x", "amount": 0}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"prices": [{"label": "x", "amount": 100_001}]}, "CURRENCY_TOTAL_AMOUNT_INVALID"),
        ({"currency": "RUB"}, "PAYMENT_PROVIDER_INVALID"),
        ({"subscription_period": 60}, "SUBSCRIPTION_PERIOD_INVALID"),
        ({"subscription_period": MONTH, "prices": [{"label": "x", "amount": 10_001}]}, "SUBSCRIPTION_AMOUNT_INVALID"),
    ],
)
def test_an_invoice_beyond_telegrams_limits_is_refused(world: World, changes: dict[str, Any], words: str) -> None:
    assert world.refusal("createInvoiceLink", **{**INVOICE, **changes}) == (400, f"Bad Request: {words}")


def test_an_invoice_at_telegrams_limits_is_taken(world: World) -> None:
    edge = {"title": "x" * 32, "description": "x" * 255, "payload": "я" * 64, "provider_token": ""}
    link = world.ok("createInvoiceLink", **{**INVOICE, **edge, "prices": [{"label": "x", "amount": 100_000}]})
    assert link.startswith(f"{world.site}/_local/telegram/invoice/")


def test_buttons_under_an_invoice_begin_with_one_that_pays(world: World) -> None:
    pays, other = {"text": "Pay", "pay": True}, {"text": "Check", "callback_data": "check"}
    assert send_invoice(world, reply_markup={"inline_keyboard": [[pays], [other]]})["reply_markup"]
    wrong = {**INVOICE, "reply_markup": {"inline_keyboard": [[other], [pays]]}}
    assert world.refusal("sendInvoice", chat_id=world.anna, **wrong)[1] == "Bad Request: REPLY_MARKUP_BUY_EMPTY"


def test_a_refund_gives_a_whole_charge_back_once_and_tells_the_bot(world: World, paid: str) -> None:
    refund = {"user_id": world.anna, "telegram_payment_charge_id": paid}
    assert world.ok("refundStarPayment", **refund) is True
    assert world.refusal("refundStarPayment", **refund)[1] == "Bad Request: CHARGE_ALREADY_REFUNDED"
    assert world.refusal("refundStarPayment", **{**refund, "user_id": world.boris})[1].endswith("CHARGE_ID_INVALID")
    assert world.drain()
    told = [m["refunded_payment"] for m in world.webhook.of("message") if "refunded_payment" in m]
    assert [(one["telegram_payment_charge_id"], one["total_amount"]) for one in told] == [(paid, 500)]
    assert stars(world) == 10_000
    assert world.ok("getMyStarBalance") == {"amount": 0}


def test_telegram_may_give_a_payment_back_without_asking_the_bot(world: World, paid: str) -> None:
    listed = world.person(world.anna, "refund", charge_id=paid)
    assert listed.json["charges"][0]["refunded"]
    assert world.person(world.anna, "refund", charge_id=paid).status_code == 409
    assert world.drain()
    assert any("refunded_payment" in message for message in world.webhook.of("message"))


def test_the_bots_transactions_are_listed_oldest_first_refunds_as_outgoing(world: World, paid: str) -> None:
    world.clock.advance(minutes=1)
    world.ok("refundStarPayment", user_id=world.anna, telegram_payment_charge_id=paid)
    incoming, outgoing = world.ok("getStarTransactions")["transactions"]
    assert (incoming["id"], incoming["amount"]) == (paid, 500)
    assert incoming["source"]["user"]["id"] == world.anna
    assert incoming["source"]["invoice_payload"] == "buy:500"
    assert outgoing["id"] == paid
    assert outgoing["receiver"]["type"] == "user"
    assert world.ok("getStarTransactions", offset=1, limit=1)["transactions"] == [outgoing]
    assert world.refusal("getStarTransactions", limit=101)[0] == 400


@pytest.fixture
def subscribed(world: World) -> str:
    world.webhook.react = world.approve
    slug = link_slug(world, subscription_period=MONTH, payload="sub")
    charge = pay(world, slug=slug)["charge_id"]
    assert pay(world, slug=slug)["status"] == "unavailable"
    return charge


def states(world: World) -> list[str]:
    return [one["state"] for one in world.webhook.of("subscription")]


def test_a_subscription_renews_when_its_time_is_over_however_far_the_clock_jumps(world: World, subscribed: str) -> None:
    first = payments(world)[0]
    assert first["is_recurring"] is True
    assert first["is_first_recurring"] is True
    assert first["subscription_expiration_date"] == int(world.clock.time.timestamp()) + MONTH
    world.clock.advance(days=61)
    assert world.drain()
    renewals = payments(world)[1:]
    assert [one["subscription_expiration_date"] for one in renewals] == [
        first["subscription_expiration_date"] + MONTH,
        first["subscription_expiration_date"] + 2 * MONTH,
    ]
    assert all(one["is_recurring"] and "is_first_recurring" not in one for one in renewals)
    assert len({one["telegram_payment_charge_id"] for one in payments(world)}) == 3
    assert stars(world) == 8_500


def test_a_subscription_that_the_person_cancelled_ends_and_can_be_resumed_before(world: World, subscribed: str) -> None:
    for canceled in (True, False, True):
        assert world.person(world.anna, "subscription", id=subscribed, canceled=canceled).status_code == 200
    assert world.person(world.anna, "subscription", id=subscribed, canceled=True).status_code == 409
    world.clock.advance(days=31)
    assert world.drain()
    assert states(world) == ["canceled", "active", "canceled"]
    assert len(payments(world)) == 1


def test_a_subscription_without_stars_to_renew_it_fails(world: World, subscribed: str) -> None:
    world.stand_in.context.people.take_stars(world.anna, 9_400)
    world.clock.advance(days=31)
    assert world.drain()
    assert states(world) == ["failed"]
    assert stars(world) == 100


def test_a_subscription_that_the_bot_cancelled_ends_and_only_the_bot_allows_it_again(
    world: World, subscribed: str
) -> None:
    edit = {"user_id": world.anna, "telegram_payment_charge_id": subscribed}
    assert world.ok("editUserStarSubscription", **edit, is_canceled=True) is True
    assert world.person(world.anna, "subscription", id=subscribed, canceled=False).status_code == 409
    shown = world.client.get(f"/chats/{world.anna}/payments").json["subscriptions"]
    assert [(one["canceled"], one["by_bot"]) for one in shown] == [(True, True)]
    assert world.ok("editUserStarSubscription", **edit, is_canceled=False) is True
    shown = world.client.get(f"/chats/{world.anna}/payments").json["subscriptions"]
    assert [(one["canceled"], one["by_bot"]) for one in shown] == [(True, False)], "the person resumes it themselves"
    assert world.person(world.anna, "subscription", id=subscribed, canceled=False).status_code == 200
    assert world.drain()
    assert states(world) == ["active"]
    wrong = {**edit, "telegram_payment_charge_id": "none"}
    assert world.refusal("editUserStarSubscription", **wrong, is_canceled=True)[1] == "Bad Request: CHARGE_ID_INVALID"


def test_a_business_connection_lets_the_bot_see_a_persons_stars_until_it_ends(world: World) -> None:
    def change(**fields: bool) -> tuple[str, dict[str, object]]:
        assert world.person(world.anna, "business", **fields).status_code == 200
        assert world.drain()
        told = world.webhook.updates[-1]["business_connection"]
        return told["id"], {"enabled": told["is_enabled"], "rights": told["rights"]}

    connection, told = change(enabled=True, views_stars=True)
    assert told == {"enabled": True, "rights": {"can_view_gifts_and_stars": True}}
    assert world.ok("getBusinessAccountStarBalance", business_connection_id=connection) == {"amount": stars(world)}
    assert world.client.get(f"/chats/{world.anna}/payments").json["views_stars"] is True
    assert change(enabled=True, views_stars=False) == (connection, {"enabled": True, "rights": {}})
    assert world.refusal("getBusinessAccountStarBalance", business_connection_id=connection)[0] == 400
    assert change(enabled=False, views_stars=True)[1]["enabled"] is False
    assert world.refusal("getBusinessAccountStarBalance", business_connection_id=connection)[0] == 400
    assert change(enabled=True, views_stars=True)[0] != connection


def test_payments_and_stars_survive_a_restart(world: World, paid: str) -> None:
    world.webhook.react = None
    world.reopen()
    assert stars(world) == 9_500
    assert world.ok("getMyStarBalance") == {"amount": 500}
    assert world.client.get(f"/chats/{world.anna}/payments").json["charges"][0]["charge_id"] == paid


def test_an_invoice_in_money_needs_a_provider_and_takes_no_stars(world: World) -> None:
    world.webhook.react = world.approve
    money = {"currency": "RUB", "provider_token": "381:TEST", "prices": [{"label": "a", "amount": 9_900}] * 2}
    outcome = pay(world, message_id=send_invoice(world, **money)["message_id"])
    assert outcome["status"] == "paid"
    assert payments(world)[0]["total_amount"] == 19_800
    assert stars(world) == 10_000
    assert world.ok("getStarTransactions") == {"transactions": []}


def test_an_invoice_link_in_money_is_paid_as_a_bill_is(world: World) -> None:
    world.webhook.react = world.approve
    money = {"currency": "RUB", "provider_token": "381:TEST:1", "prices": [{"label": "a", "amount": 50_000}]}
    payload = f"topup:{'0f' * 16}"
    assert pay(world, slug=link_slug(world, **money, payload=payload))["status"] == "paid"
    query = world.webhook.of("pre_checkout_query")[0]
    assert (query["currency"], query["total_amount"], query["invoice_payload"]) == ("RUB", 50_000, payload)
    payment = payments(world)[0]
    assert (payment["currency"], payment["total_amount"], payment["invoice_payload"]) == ("RUB", 50_000, payload)
    assert payment["telegram_payment_charge_id"]
    assert payment["provider_payment_charge_id"]
    assert "subscription_expiration_date" not in payment
    assert stars(world) == 10_000
