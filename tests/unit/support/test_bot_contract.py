"""The oracle itself: it knows the Bot API of today, and lets nothing pass that Telegram would not."""

import json
from collections.abc import Callable
from typing import Any

import aiogram
import pytest

from local.telegram_polling import ALLOWED_UPDATES
from starbid.domain.money import stars
from starbid.telegram.bot_api import BotApi, ServerTrouble
from starbid.telegram.keyboards import Button
from starbid.telegram.registration import UPDATES
from tests.support import bot_judge
from tests.support.bot_contract import check_answer, check_call, check_update
from tests.support.bot_pool import FakeTelegram, bot
from tests.support.bot_rules import Breach

MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 7, "type": "private"}}
BOT = {"id": 99, "is_bot": True, "first_name": "Starbid"}
INVOICE = {"title": "x" * 32, "description": "x" * 255, "payload": "я" * 64, "currency": "XTR"}
PRICES = '[{"label": "Stars", "amount": 500}]'
PAYMENT = {"currency": "XTR", "total_amount": 5, "invoice_payload": "p", "telegram_payment_charge_id": "c"}
START = "https://t.me/starbid_bot?start="
USER = {"id": 7, "is_bot": False, "first_name": "Ann"}
BOUGHT = {"id": "a", "amount": 5, "date": 1}
BUYER = {"type": "user", "transaction_type": "invoice_payment", "user": USER}


def keyboard(*buttons: dict[str, Any]) -> str:
    return json.dumps({"inline_keyboard": [[button] for button in buttons]})


def message(**changes: str) -> dict[str, str]:
    return {"chat_id": "7", "text": "hello"} | changes


def test_it_is_the_newest_published_one() -> None:
    assert aiogram.__api_version__ == "10.3"


def test_the_updates_that_we_ask_for_are_the_same_everywhere_and_known() -> None:
    assert set(UPDATES) == set(ALLOWED_UPDATES) <= set(aiogram.types.Update.model_fields)
    assert "subscription" in UPDATES


@pytest.mark.parametrize(
    "content",
    [
        {"message": MESSAGE | {"from": BOT, "refunded_payment": PAYMENT}},
        {"message": MESSAGE | {"refunded_payment": PAYMENT}},
        {"subscription": {"user": USER, "invoice_payload": "p", "state": "failed"}},
        {"stopped_message_generation": {"chat": MESSAGE["chat"], "draft_id": 5}},
    ],
)
def test_updates_as_telegram_sends_them(content: dict[str, Any]) -> None:
    check_update({"update_id": 1} | content)


@pytest.mark.parametrize(
    "content",
    [
        {},
        {"message": MESSAGE, "subscription": {"user": USER, "invoice_payload": "p", "state": "failed"}},
        {"massage": MESSAGE},
        {"message": MESSAGE | {"txt": "x"}},
        {"message": MESSAGE | {"from_user": USER}},  # aiogram's own name of `from`
        {"message": MESSAGE | {"from": USER | {"nick": "x"}}},
        {"message": MESSAGE | {"from": USER | {"id": "7"}}},
        {"message": MESSAGE | {"from": USER | {"is_bot": 0}}},
        {"message": MESSAGE | {"date": "1"}},
        {"message": MESSAGE | {"chat": {"id": 7, "type": "secret"}}},
        {"message": MESSAGE | {"entities": [{"type": "shout", "offset": 0, "length": 1}]}},
        {"message": MESSAGE | {"refunded_payment": {"currency": "XTR"}}},
        {"subscription": {"invoice_payload": "p", "state": "failed"}},
        {"subscription": {"user": USER, "invoice_payload": "p", "state": "paused"}},
        {"subscription": {"user": USER, "invoice_payload": "p", "state": "failed", "until": 5}},
    ],
)
def test_other_updates_are_none(content: dict[str, Any]) -> None:
    with pytest.raises(Breach):
        check_update({"update_id": 1} | content)


@pytest.mark.parametrize(
    ("method", "wire"),
    [
        ("sendMessage", message(text="x" * 4096)),
        ("sendMessage", message(text=f"<b>{'x' * 4096}</b>", parse_mode="HTML")),
        ("sendMessage", message(reply_markup=keyboard({"text": "a", "callback_data": "x" * 64}))),
        ("sendPhoto", {"chat_id": "7", "photo": None, "caption": "x" * 1024}),
        ("editMessageMedia", {"chat_id": "7", "message_id": "1", "file": None,
                              "media": '{"type": "photo", "media": "attach://file"}'}),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 200, "show_alert": "true"}),
        ("createInvoiceLink", INVOICE | {"prices": PRICES, "provider_token": "", "subscription_period": "2592000"}),
        ("createInvoiceLink", INVOICE | {"currency": "RUB", "prices": PRICES, "provider_token": "381:TEST:12345"}),
        ("sendMessageDraft", {"chat_id": "7", "draft_id": "1", "text": "", "can_stop": "true", "keep_on_stop": "true"}),
        ("setWebhook", {"url": "https://x.org/hook", "allowed_updates": json.dumps(UPDATES), "secret_token": "a-B_1"}),
    ],
)  # fmt: skip
def test_calls_at_telegrams_limits(method: str, wire: dict[str, Any]) -> None:
    check_call(method, wire)


@pytest.mark.parametrize(
    ("method", "wire", "why"),
    [
        ("sendMessages", {}, "no method"),
        ("sendMessage", {"chat_id": "7"}, "text"),
        ("sendMessage", message(texts="x"), "not known"),
        ("sendMessage", message(disable_web_page_preview="true"), "deprecated"),
        ("sendMessage", message(text=""), "characters"),
        ("sendMessageDraft", {"chat_id": "7", "draft_id": "0", "text": "x"}, "number"),
        ("sendMessageDraft", {"chat_id": "-1007", "draft_id": "1", "text": "x"}, "private"),
        ("sendMessageDraft", {"chat_id": "7", "draft_id": "1", "text": "x", "keep_on_stop": "true"}, "stopped"),
        ("sendMessageDraft", {"chat_id": "7", "draft_id": "1", "text": "x" * 4097}, "characters"),
        ("sendMessage", message(text="x" * 4097), "characters"),
        ("sendMessage", message(text="😀" * 2049), "characters"),
        ("sendMessage", message(parse_mode="Html"), "parse_mode"),
        ("sendMessage", message(disable_notification="yes"), "no JSON"),
        ("sendMessage", message(disable_notification="1"), "wrong type"),
        ("sendMessage", message(message_thread_id='"5"'), "wrong type"),
        ("sendMessage", message(link_preview_options='{"disabled": true}'), "not known"),
        ("sendMessage", message(reply_markup=keyboard({"text": "a", "callback_data": "я" * 33})), "bytes"),
        ("sendMessage", message(reply_markup=keyboard({"text": " ", "callback_data": "x"})), "no text"),
        ("sendMessage", message(reply_markup=keyboard({"text": "a"})), "exactly one"),
        ("sendMessage", message(reply_markup=keyboard({"text": "a", "callback_data": "x", "url": "tg://x"})), "one"),
        ("sendMessage", message(reply_markup=keyboard({"text": "a", "pay": True})), "invoice's first"),
        ("sendMessage", message(reply_markup=keyboard({"text": "a", "url": "ftp://x.org"})), "no link"),
        ("sendMessage", message(reply_markup=keyboard({"text": "a", "url": "https://t.me/b?start=a.b"})), "deep"),
        ("sendMessage", message(reply_markup=keyboard({"text": "a", "url": START + "x" * 65})), "deep"),
        ("sendMessage", message(reply_markup=keyboard({"text": "a", "web_app": {"url": "http://x.org"}})), "https"),
        ("sendMessage", message(reply_markup=keyboard(*[{"text": "a", "callback_data": "x"}] * 101)), "too many"),
        ("sendMessage", message(chat_id="abc"), "no chat"),
        ("editMessageText", {"text": "x"}, "names its message"),
        ("editMessageText", {"chat_id": "7", "text": "x"}, "names its message"),
        ("editMessageReplyMarkup", {"message_id": "7"}, "names its message"),
        ("sendPhoto", {"chat_id": "7", "photo": "", "caption": "x"}, "photo is empty"),
        ("refundStarPayment", {"user_id": "7", "telegram_payment_charge_id": ""}, "charge_id is empty"),
        ("editUserStarSubscription", {"user_id": "7", "telegram_payment_charge_id": "", "is_canceled": "true"}, "is e"),
        ("getStarTransactions", {"offset": "-1"}, "skipped"),
        ("sendMessage", message(reply_markup='{"force_reply": true}'), "inline"),
        ("sendMessage", message(reply_markup='{"remove_keyboard": true}'), "inline"),
        ("sendPhoto", {"chat_id": "7", "photo": "f", "caption": "x" * 1025}, "characters"),
        ("sendPhoto", {"chat_id": "7", "photo": "f", "picture": None}, "not known"),
        ("answerCallbackQuery", {"callback_query_id": "1", "text": "x" * 201}, "characters"),
        ("answerPreCheckoutQuery", {"pre_checkout_query_id": "1", "ok": "false"}, "words"),
        ("createInvoiceLink", INVOICE | {"prices": PRICES, "title": "x" * 33}, "characters"),
        ("createInvoiceLink", INVOICE | {"prices": PRICES, "description": "x" * 256}, "characters"),
        ("createInvoiceLink", INVOICE | {"prices": PRICES, "payload": "я" * 65}, "bytes"),
        ("createInvoiceLink", INVOICE | {"prices": PRICES, "provider_token": "1:a"}, "no provider"),
        ("createInvoiceLink", INVOICE | {"currency": "RUB", "prices": PRICES}, "has a provider"),
        ("createInvoiceLink", INVOICE | {"currency": "RUB", "prices": PRICES, "provider_token": "x"}, "has a provider"),
        ("createInvoiceLink", INVOICE | {"currency": "rub", "prices": PRICES, "provider_token": "1:TEST:a"}, "ISO"),
        ("createInvoiceLink", INVOICE | {"currency": "RUB", "prices": PRICES, "provider_token": "1:TEST:a",
                                         "subscription_period": "2592000"}, "in Stars"),
        ("createInvoiceLink", INVOICE | {"prices": "[]"}, "one price"),
        ("createInvoiceLink", INVOICE | {"prices": PRICES, "subscription_period": "60"}, "30 days"),
        ("sendInvoice", INVOICE | {"chat_id": "7", "prices": PRICES,
                                   "reply_markup": keyboard({"text": "a", "callback_data": "x"})}, "first button pays"),
        ("sendChatAction", {"chat_id": "7", "action": "sleeping"}, "action"),
        ("getStarTransactions", {"limit": "101"}, "limit"),
        ("setMyCommands", {"commands": '[{"command": "Menu", "description": "x"}]'}, "name of a command"),
        ("setMyCommands", {"commands": json.dumps([{"command": "a", "description": "x"}] * 101)}, "items"),
        ("setWebhook", {"url": "https://x.org", "allowed_updates": '["subscriptions"]'}, "kinds of updates"),
        ("setWebhook", {"url": "http://x.org"}, "https"),
    ],
)  # fmt: skip
def test_what_telegram_would_refuse_is_a_breach(method: str, wire: dict[str, Any], why: str) -> None:
    with pytest.raises(Breach, match=why):
        check_call(method, wire)


def test_answers_are_of_the_methods_type() -> None:
    check_answer("sendMessage", MESSAGE)
    check_answer("createInvoiceLink", "https://t.me/$x")
    check_answer("getStarTransactions", {"transactions": [BOUGHT, BOUGHT | {"source": BUYER}]})
    for method, wrong in (
        ("sendMessage", True),
        ("sendMessage", MESSAGE | {"extra": 1}),
        ("createInvoiceLink", {"link": "x"}),
        ("getStarTransactions", {"transactions": [{"id": "a", "amount": "5", "date": 1}]}),
        ("getStarTransactions", {"transactions": [BOUGHT | {"source": BUYER | {"transaction_type": "paid_stuff"}}]}),
    ):
        with pytest.raises(Breach):
            check_answer(method, wrong)


@pytest.fixture
def caught(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Breaches that would fail this test."""
    found: list[str] = []
    monkeypatch.setattr(bot_judge, "breaches", found)
    return found


@pytest.mark.parametrize(
    "act",
    [
        lambda api: api.send_message(7, ""),
        lambda api: api.send_message(7, "<b>x"),
        lambda api: api.send_message(7, "<x>x</x>"),
        lambda api: api.send_message(7, "hello", ((Button("a", data="x" * 65),),)),
        lambda api: api.answer_callback("1", "x" * 201),
        lambda api: api.create_invoice_link("", "words", "payload", stars(5)),
    ],
)
def test_no_call_of_any_test_escapes_it(caught: list[str], act: Callable[[BotApi], object]) -> None:
    """Our own code may take it for trouble at Telegram's, and go on: the test fails all the same."""
    with pytest.raises(ServerTrouble):
        act(bot(FakeTelegram()))
    assert len(caught) == 1


@pytest.mark.parametrize("about", [message(text="<b>x", parse_mode="HTML"), message(reply_markup="5"), {"chat_id": {}}])
def test_what_the_checks_themselves_stumble_over_is_a_breach_too(caught: list[str], about: dict[str, Any]) -> None:
    with pytest.raises(Breach):
        bot_judge.judge("call", "sendMessage", about)
    assert len(caught) == 1


def test_what_a_run_of_its_own_wrote_down_is_judged_to_the_line_it_died_in(caught: list[str], tmp_path: Any) -> None:
    record = tmp_path / "telegram.jsonl"
    lines = [["call", "sendMessage", message()], ["update", "message", MESSAGE], ["answer", "sendMessage", MESSAGE]]
    record.write_text("".join(json.dumps(line) + "\n" for line in lines) + '["call", "sendMe')
    bot_judge.judge_record(record)
    assert not record.exists()
    record.write_text(json.dumps(["update", "message", MESSAGE | {"odd": 1}]) + "\n")
    with pytest.raises(Breach):
        bot_judge.judge_record(record)
    assert len(caught) == 1
