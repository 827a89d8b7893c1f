"""What Telegram sees of the bot: the webhook, payments, cards, and who is told what."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.e2e.client import SECRET, SECRET_HEADER, Person, deliver
from tests.e2e.town import Town, bid


def invoice(town: Town, person: Person, amount: int) -> dict[str, Any]:
    """The invoice that the bot sends for `/buy_stars`."""
    mark = len(town.bot.calls)
    person.says(f"/buy_stars {amount}")
    (sent,) = [fields for method, fields in town.calls_since(mark) if method == "sendInvoice"]
    return dict(sent)


def paid(person: Person, payload: str, amount: int, charge: str) -> dict[str, Any]:
    charges = {"telegram_payment_charge_id": charge, "provider_payment_charge_id": ""}
    payment = {"currency": "XTR", "total_amount": amount, "invoice_payload": payload}
    return person.message(successful_payment=payment | charges)


def buttons(fields: dict[str, Any]) -> list[str]:
    rows = fields["reply_markup"]["inline_keyboard"]
    return [button.get("callback_data", "") for row in rows for button in row]


@pytest.mark.parametrize(
    "headers",
    [{}, {SECRET_HEADER: ""}, {SECRET_HEADER: "wrong"}, {SECRET_HEADER: SECRET[:-1]}, {SECRET_HEADER: SECRET + "x"}],
)
def test_without_the_secret_an_update_gets_403_and_nothing_else(town: Town, headers: dict[str, str]) -> None:
    mark = len(town.bot.calls)
    update = {"update_id": 5} | town.anna.message(text="/start")
    answer = deliver(town.stack, json.dumps(update), headers)
    assert (answer.status_code, answer.text) == (403, "")
    assert town.calls_since(mark) == []


def test_the_secrets_header_may_be_written_in_any_case(town: Town) -> None:
    mark = len(town.bot.calls)
    update = {"update_id": 6} | town.anna.message(text="/menu")
    assert deliver(town.stack, json.dumps(update), {SECRET_HEADER.lower(): SECRET}).status_code == 200
    assert [method for method, _ in town.calls_since(mark)] == ["sendMessage"]


@pytest.mark.parametrize(
    "body",
    [
        "", "nope", "[]", "null", "{}", "[" * 50_000, b"\xff\xfe", '{"update_id": 1e99}',
        '{"update_id": 900001, "poll": {}}', '{"update_id": 900002, "message": null}',
        '{"update_id": 900003, "message": {"from": 5, "chat": []}}',
        '{"update_id": 900004, "callback_query": {"id": 1}}',
        '{"update_id": 900005, "pre_checkout_query": {"id": "1"}}',
        '{"update_id": 900006, "brand_new_kind": {"from": {"id": 12}}}',
    ],
)  # fmt: skip
def test_a_body_that_is_no_update_of_ours_is_never_a_fault_of_ours(town: Town, body: str | bytes) -> None:
    mark = len(town.bot.calls)
    answer = deliver(town.stack, body, {SECRET_HEADER: SECRET, "Content-Type": "application/json"})
    assert answer.status_code in (200, 400)
    assert town.calls_since(mark) == []


@pytest.mark.parametrize("amount", ["0", "-5", "1.5", "abc", "100001", "²", "٣3", "🙂", "9" * 3000])
def test_what_is_no_number_of_stars_is_asked_again(town: Town, amount: str) -> None:
    for person, words in ((town.anna, "not a whole number"), (town.boris, "не целое число")):
        mark = len(town.bot.calls)
        person.says(f"/buy_stars {amount}")
        (asked,) = town.calls_since(mark)
        assert asked[0] == "sendMessage"
        assert words in asked[1]["text"]
        assert "/cancel" in asked[1]["text"]


@pytest.mark.parametrize(
    "text", ["/", "/nothing", "x" * 10_000, "/start %%%", "/start auction_nothing", "/auction_", "🙂"]
)
def test_whatever_is_typed_is_answered(town: Town, text: str) -> None:
    mark = len(town.bot.calls)
    town.boris.says(text)
    (answered,) = town.calls_since(mark)
    assert any("а" <= letter <= "я" for letter in answered[1]["text"])


def test_an_invoice_is_as_telegram_wants_it(town: Town) -> None:
    for person in (town.anna, town.boris):
        sent = invoice(town, person, 100_000)
        assert (sent["currency"], sent.get("provider_token", "")) == ("XTR", "")
        assert [price["amount"] for price in sent["prices"]] == [100_000]
        assert len(sent["payload"].encode()) <= 128
        assert 1 <= len(sent["title"]) <= 32
        assert 1 <= len(sent["description"]) <= 255
        assert any(data.startswith("chk:") for data in buttons(sent))


def test_a_payment_that_is_not_as_ordered_is_refused_before_the_money_moves(town: Town) -> None:
    payload = invoice(town, town.anna, 50)["payload"]
    tries = [
        (town.anna, payload, 50, "XTR", True),
        (town.boris, payload, 50, "XTR", False),
        (town.anna, payload, 49, "XTR", False),
        (town.anna, payload, 50, "RUB", False),
        (town.anna, payload.replace(":50:", ":5:"), 5, "XTR", False),
        (town.boris, payload.replace(":12:", ":13:"), 50, "XTR", False),
        (town.anna, "forged", 50, "XTR", False),
        (town.anna, "", 50, "XTR", False),
    ]
    for number, (person, told, amount, currency, fits) in enumerate(tries):
        query = {"id": f"p{number}", "from": person.account, "currency": currency, "total_amount": amount}
        assert person.send_update({"pre_checkout_query": query | {"invoice_payload": told}}).status_code == 200
        method, answer = town.bot.calls[-1]
        assert method == "answerPreCheckoutQuery"
        assert (str(answer["ok"]).lower() == "true") is fits, (number, answer)
        assert bool(answer.get("error_message")) is not fits


def test_a_charge_is_credited_once_whatever_arrives_twenty_times_at_once(town: Town) -> None:
    payload = invoice(town, town.anna, 70)["payload"]
    before = town.anna.wallet()["available"]
    same = {"update_id": 800_000} | paid(town.anna, payload, 70, "many")
    others = [{"update_id": 800_001 + n} | paid(town.anna, payload, 70, "many") for n in range(20)]
    with ThreadPoolExecutor(20) as pool:
        statuses = [answer.status_code for answer in pool.map(town.anna.send_update, [same] * 20 + others)]
    assert statuses == [200] * 40
    assert town.anna.wallet()["available"] == before + 70
    assert len(town.told(town.anna, "⭐\u202f70 was added to your wallet")) == 1


def test_a_refund_that_overtakes_its_payment_leaves_nothing_behind(town: Town) -> None:
    payload = invoice(town, town.boris, 60)["payload"]
    before = town.boris.wallet()
    refund = town.boris.refunded("overtaken", 60, payload)
    for update in (refund, paid(town.boris, payload, 60, "overtaken"), refund):
        assert town.boris.send_update(update).status_code == 200
    assert town.boris.wallet() == before


def test_a_subscription_that_telegram_could_not_renew_says_how_to_pay(town: Town) -> None:
    kim = Person(town.stack, town.bot, 41, "Kim")
    acts: tuple[Callable[[], object], ...] = (
        lambda: kim.says("/start"),
        kim.logs_in,
        lambda: kim.presses("sub:link"),
    )
    for act in acts:
        act()
    link = town.bot.wait_for(lambda method, fields: method == "createInvoiceLink")
    assert kim.send_update(paid(kim, link["payload"], 100, "first-month")).status_code == 200
    until = kim.web.get("/api/v1/me").json()["subscribed_until"]
    for state, shown in (("canceled", "Automatic renewal is off"), ("failed", "Telegram could not renew")):
        report = {"user": kim.account, "invoice_payload": link["payload"], "state": state}
        for _ in range(2):
            assert kim.send_update({"subscription": report}).status_code == 200
        kim.says("/status")
        assert shown in town.bot.messages_to(kim.id)[-1]
        assert shown in kim.web.get("/subscribe").text
    assert kim.web.get("/api/v1/me").json()["subscribed_until"] == until
    assert len(town.told(kim, "You cancelled your subscription")) == 1
    failed = town.bot.wait_for(lambda _, fields: "could not renew your subscription" in fields.get("text", ""))
    assert [data.partition(":")[0] for data in buttons(failed)] == ["sub", "sub", "go"]


def test_a_payment_refunded_after_it_was_spent_is_a_debt_that_a_new_one_settles(town: Town) -> None:
    nina = Person(town.stack, town.bot, 40, "Nina")
    nina.says("/start")
    nina.logs_in()
    nina.buys_stars(100, "spent")
    lot = town.publish(start_price=80, buy_now_price=80)
    assert nina.calls(f"/auctions/{lot}/buy", {"seen_price": 80}).status_code == 201
    assert nina.send_update(nina.refunded("spent", 100)).status_code == 200
    assert nina.wallet() == {"available": 0, "held": 0}
    live = town.publish(start_price=5)
    assert bid(nina, live, 5).status_code == 403
    nina.buys_stars(90, "settles")
    assert nina.wallet() == {"available": 10, "held": 0}
    assert bid(nina, live, 5).status_code == 201
    town.stack.advance(602)


def test_a_card_is_edited_when_somebody_else_bids_and_its_old_button_asks_again(town: Town) -> None:
    lot = town.publish(title="The card's lot")
    mark = len(town.bot.calls)
    town.anna.says(f"/auction_{lot}")
    (action, _), (method, card) = town.calls_since(mark)
    assert (action, method) == ("sendChatAction", "sendPhoto"), "its picture is uploaded, which takes a while"
    button = next(data for data in buttons(card) if data.startswith("b:"))
    mark = len(town.bot.calls)
    assert bid(town.boris, lot, 300).status_code == 201
    town.stack.advance(0)
    edits = [f for m, f in town.calls_since(mark) if m.startswith("edit") and str(f["chat_id"]) == str(town.anna.id)]
    assert [("⭐\u202f100" in edit["caption"], "1 bid" in edit["caption"]) for edit in edits] == [(True, True)]
    mark = len(town.bot.calls)
    town.anna.presses(button)
    assert town.anna.lot(lot)["bids_count"] == 1
    after = town.calls_since(mark)
    assert "answerCallbackQuery" in [method for method, _ in after]
    assert any(
        data.startswith(f"b:{lot}:110:") for _, fields in after if "reply_markup" in fields for data in buttons(fields)
    )
    town.stack.advance(602)


@pytest.mark.parametrize(
    "data", ["", "x" * 64, "💥", "b:nothing:1:1", "b:a:1", "b:a:-1:1", "go:nothing", "RF:zz", "chk:zz"]
)
def test_every_press_is_answered(town: Town, data: str) -> None:
    mark = len(town.bot.calls)
    town.boris.presses(data)
    assert [method for method, _ in town.calls_since(mark)].count("answerCallbackQuery") == 1


def test_everybody_is_told_what_concerns_them_once_and_in_their_language(town: Town) -> None:
    lot = town.publish(title="The told lot", extend_seconds=120)
    seen = dict.fromkeys((town.seller.id, town.anna.id, town.boris.id), 0)

    def new(person: Person) -> list[str]:
        """First lines of what the person was told since the last look."""
        told = town.told(person, "The told lot")
        fresh, seen[person.id] = told[seen[person.id] :], len(told)
        return [text.split("\n")[0] for text in fresh]

    bid(town.anna, lot, 150)
    assert new(town.seller) == ["New bid on “The told lot”: now ⭐\u202f100."]
    bid(town.boris, lot, 200)
    assert new(town.seller) == ["New bid on “The told lot”: now ⭐\u202f160."]
    assert new(town.anna) == ["You were outbid on “The told lot”: now ⭐\u202f160."]
    town.stack.advance(550)
    bid(town.anna, lot, 300)
    assert new(town.seller) == ["New bid on “The told lot”: now ⭐\u202f210."]
    assert new(town.boris) == ["Вас перебили: лот «The told lot», теперь ⭐\u202f210."]
    assert re.search("Extended: (2:00|1:5.) left, until", town.told(town.seller, "The told lot")[-1])
    assert re.search("Торги продлены: осталось (2:00|1:5.), окончание:", town.told(town.boris, "The told lot")[-1])
    town.stack.advance(122)
    assert new(town.seller) == ["“The told lot” is sold for ⭐\u202f210."]
    assert new(town.anna) == ["You won “The told lot” for ⭐\u202f210."]
    assert new(town.boris) == ["Лот «The told lot» достался другому за ⭐\u202f210."]
    town.seller.posts(f"/auction/{lot}/deliver", {"text": "the key"})
    assert new(town.anna)[0].startswith("The seller sent “The told lot”.")
    town.anna.posts(f"/auction/{lot}/confirm")
    assert new(town.seller) == ["The buyer confirmed “The told lot”."]
    town.stack.advance(86_400)
    assert [new(person) for person in (town.seller, town.anna, town.boris)] == [[], [], []]
    unsold = town.publish(title="The unsold lot", reserve_price=5000)
    bid(town.boris, unsold, 100)
    town.stack.advance(602)
    assert [text for text in town.told(town.seller, "The unsold lot") if "not sold" in text]
    assert [text for text in town.told(town.boris, "The unsold lot") if "не продан" in text]


@pytest.mark.parametrize(("status", "wait"), [(429, {"retry_after": 3}), (500, {}), (502, {})])
def test_a_notice_that_telegram_does_not_take_now_is_told_later_and_once(
    town: Town, status: int, wait: dict[str, int]
) -> None:
    title = f"A lot at {status}"
    lot = town.publish(title=title)
    town.bot.answer_with("sendMessage", status, "Too Many Requests" if wait else "Trouble", **wait)
    mark = len(town.bot.calls)
    bid(town.anna, lot, 100)
    town.stack.advance(0)
    first = [f for m, f in town.calls_since(mark) if m == "sendMessage" and title in f["text"]]
    assert len(first) == 1
    town.stack.advance(60)
    town.stack.advance(300)
    tries = [
        f for m, f in town.calls_since(mark) if m == "sendMessage" and title in f["text"] and "New bid" in f["text"]
    ]
    assert len(tries) == 2


def test_somebody_who_blocked_the_bot_hears_nothing_until_their_next_update(town: Town) -> None:
    title = "The silent lot"
    lot = town.publish(title=title, duration_seconds=86_400)
    town.bot.answer_with("sendMessage", 403, "Forbidden: bot was blocked by the user")
    bid(town.anna, lot, 100)
    assert len(town.told(town.seller, title)) == 1
    bid(town.boris, lot, 200)
    assert len(town.told(town.seller, title)) == 1
    town.seller.says("/menu")
    bid(town.anna, lot, 300)
    assert len(town.told(town.seller, title)) == 2
