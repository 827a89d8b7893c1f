"""The Bot API: what goes out, and Telegram's refusals as errors of our own."""

import re
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
import urllib3
from telegram.error import InvalidToken

from starbid.billing.stars import TelegramStars
from starbid.domain.payments import Charge, Order, Provider, Purpose
from starbid.services.ports import OutOfOrder, Rejected, Spot, TryLater, Unreachable
from starbid.telegram import keyboards
from starbid.telegram.bot_api import AnswerLost, BotApi, Sent, ServerTrouble
from starbid.telegram.keyboards import Button
from tests.support.bot_pool import (
    Answer,
    FakeTelegram,
    bad_request,
    bot,
    broken,
    flood,
    forbidden,
    timeout,
)
from tests.support.factories import xtr
from tests.support.fakes import START, make_app

CHARGE = Charge("charge", Provider.STARS, 1, xtr(100), Purpose.STARS, "o1", START)


class Recorder:
    """A pool that answers every call alike."""

    def __init__(self, answer: Answer) -> None:
        self.urls: list[str] = []
        self._answer = answer

    def request(self, verb: str, url: str, **_: object) -> Answer:
        self.urls.append(url)
        return self._answer


def with_pool(pool: object, *, test: bool = False) -> BotApi:
    api = BotApi("1:t", "http://server:81/x", test=test)
    api._request._pool = pool  # type: ignore[assignment]
    return api


@pytest.mark.parametrize(("test", "path"), [(False, "bot1:t"), (True, "bot1:t/test")])
def test_the_address_names_the_server_and_the_environment(test: bool, path: str) -> None:
    pool = Recorder(Answer(200, {"ok": True, "result": True}))
    with_pool(pool, test=test).send_chat_action(1)
    assert pool.urls == [f"http://server:81/x/{path}/sendChatAction"]


@pytest.mark.parametrize("result", [True, None, {}, {"message_id": "x"}, {"message_id": 5}, [], "text"])
def test_a_message_whose_answer_is_odd_counts_as_sent(result: object) -> None:
    api = with_pool(Recorder(Answer(200, {"ok": True, "result": result})))
    number = 5 if result == {"message_id": 5} else None
    assert api.send_message(1, "hello") == Sent(number)


def test_a_silent_message_makes_no_sound_and_others_say_nothing_of_it(telegram: FakeTelegram) -> None:
    bot(telegram).send_message(1, "hello", spot=Spot(silent=True))
    bot(telegram).send_message(1, "hello")
    assert [call.get("disable_notification") for call in telegram.called("sendMessage")] == [True, None]


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        (flood(7), TryLater),
        (flood(60), TryLater),
        (flood(61), OutOfOrder),
        (Answer(429, b"slow down"), TryLater),
        (broken(), ServerTrouble),
        (Answer(500, {"ok": False, "error_code": 500, "description": "Internal"}), ServerTrouble),
        (Answer(200, b"<html>a captive portal</html>"), ServerTrouble),
        (timeout(), AnswerLost),
        (urllib3.exceptions.ProtocolError("Connection aborted."), AnswerLost),
        (urllib3.exceptions.NewConnectionError(None, "refused"), ServerTrouble),  # type: ignore[arg-type]
        (urllib3.exceptions.ConnectTimeoutError(), ServerTrouble),
        (forbidden(), Unreachable),
        (bad_request("chat not found"), Unreachable),
        (bad_request("can't parse entities"), Rejected),
        (Answer(401, {"ok": False, "description": "Unauthorized"}), InvalidToken),
    ],
)
def test_faults_have_names_of_their_own(telegram: FakeTelegram, fault: Answer, error: type[Exception]) -> None:
    api = bot(telegram)
    telegram.fail("sendMessage", fault)
    with pytest.raises(error) as caught:
        api.send_message(1, "hello")
    assert type(caught.value) is error
    assert api.send_message(1, "hello").message_id


def test_a_telegram_that_is_away_is_out_of_order_and_one_that_is_busy_is_not() -> None:
    assert issubclass(ServerTrouble, OutOfOrder)
    assert issubclass(AnswerLost, OutOfOrder)
    assert not issubclass(TryLater, OutOfOrder)


def test_patience_is_as_long_as_telegram_asks(telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", flood(7))
    with pytest.raises(TryLater) as caught:
        bot(telegram).send_message(1, "hello")
    assert caught.value.seconds == 7


def test_an_edit_that_changes_nothing_is_fine_and_one_of_a_message_that_is_gone_says_so(telegram: FakeTelegram) -> None:
    api = bot(telegram)
    number = api.send_message(1, "hello").message_id or 0
    assert api.edit_text(1, number, "hello")
    assert api.edit_text(1, number, "goodbye")
    assert not api.edit_text(1, 999, "hello")
    assert not api.edit_caption(1, 999, "hello")
    assert api.edit_photo(1, 999, "id", "hello") is None
    telegram.fail("editMessageText", bad_request("can't parse entities"))
    with pytest.raises(Rejected):
        api.edit_text(1, number, "x")


def test_late_answers_are_no_errors(telegram: FakeTelegram) -> None:
    api = bot(telegram)
    late = bad_request("query is too old and response timeout expired or query ID is invalid")
    telegram.fail("*", late, times=2)
    assert not api.answer_callback("q")
    assert not api.answer_pre_checkout("q")
    assert api.answer_callback("q", "hello", alert=True)
    assert telegram.called("answerCallbackQuery") == [{"callback_query_id": "q", "text": "hello", "show_alert": True}]


def test_a_picture_comes_back_with_its_id(telegram: FakeTelegram) -> None:
    api = bot(telegram)
    sent = api.send_photo(1, b"jpeg", "a <b>lamp</b>", ((Button("x", "y"),),))
    assert sent.file_id == "uploaded"
    assert api.edit_photo(1, sent.message_id or 0, "other-id", "another") == Sent(sent.message_id, "other-id")


def test_threads_may_share_one(telegram: FakeTelegram) -> None:
    api = bot(telegram)
    with ThreadPoolExecutor(8) as pool:
        sent = list(pool.map(lambda number: api.send_message(number, f"to {number}"), range(1, 41)))
    for number, answer in enumerate(sent, 1):
        assert telegram.chats[number][answer.message_id or 0]["text"] == f"to {number}"


@pytest.mark.parametrize(
    ("fault", "refunded"),
    [
        (None, True),
        (bad_request("CHARGE_ALREADY_REFUNDED"), True),
        (bad_request("CHARGE_NOT_FOUND"), False),
        (bad_request("USER_NOT_FOUND"), False),
        (forbidden(), False),
    ],
)
def test_a_refund_is_done_or_refused_for_good(telegram: FakeTelegram, fault: Answer | None, refunded: bool) -> None:
    if fault:
        telegram.fail("refundStarPayment", fault)
    assert TelegramStars(lambda: bot(telegram)).refund(CHARGE) is refunded


@pytest.mark.parametrize(
    ("fault", "ended"),
    [
        (None, True),
        (bad_request("CHARGE_ID_INVALID"), False),
        (bad_request("USER_NOT_FOUND"), False),
        (forbidden(), False),
    ],
)
def test_a_subscription_is_ended_or_there_is_none(telegram: FakeTelegram, fault: Answer | None, ended: bool) -> None:
    if fault:
        telegram.fail("editUserStarSubscription", fault)
    assert TelegramStars(lambda: bot(telegram)).end_renewal(1, "charge") is ended
    carried_out = [] if fault else [{"user_id": 1, "telegram_payment_charge_id": "charge", "is_canceled": True}]
    assert telegram.called("editUserStarSubscription") == carried_out


def test_one_that_was_ended_may_be_resumed(telegram: FakeTelegram) -> None:
    stars = TelegramStars(lambda: bot(telegram))
    assert stars.allow_renewal(1, "charge")
    allowed = {"user_id": 1, "telegram_payment_charge_id": "charge", "is_canceled": False}
    assert telegram.called("editUserStarSubscription") == [allowed]
    telegram.fail("editUserStarSubscription", bad_request("CHARGE_ID_INVALID"))
    assert not stars.allow_renewal(1, "charge")


@pytest.mark.parametrize("fault", [flood(3), broken(), timeout()])
def test_one_of_which_it_is_open_whether_it_ended_raises(telegram: FakeTelegram, fault: Answer) -> None:
    telegram.fail("editUserStarSubscription", fault)
    with pytest.raises(TryLater):
        TelegramStars(lambda: bot(telegram)).end_renewal(1, "charge")


@pytest.mark.parametrize("fault", [flood(3), broken(), timeout(), Answer(401, {"ok": False})])
def test_a_refund_whose_outcome_is_open_raises(telegram: FakeTelegram, fault: Answer) -> None:
    telegram.fail("refundStarPayment", fault)
    with pytest.raises((TryLater, InvalidToken)):
        TelegramStars(lambda: bot(telegram)).refund(CHARGE)


@pytest.mark.parametrize(("purpose", "period"), [(Purpose.STARS, None), (Purpose.SUBSCRIPTION, 2592000)])
def test_only_subscriptions_are_renewed(telegram: FakeTelegram, purpose: Purpose, period: int | None) -> None:
    order = Order("o1", Provider.STARS, purpose, 1, xtr(100))
    assert (
        TelegramStars(lambda: bot(telegram)).invoice_link(order, "Title", "Text", "payload") == "https://t.me/$invoice"
    )
    (link,) = telegram.called("createInvoiceLink")
    assert link.get("subscription_period") == period
    assert link["prices"] == [{"label": "Title", "amount": 100}]
    assert link.get("provider_token", "") == ""


def test_an_invoice_s_words_are_cut_to_telegram_s_lengths_in_whole_characters(telegram: FakeTelegram) -> None:
    family, api = "👨‍👩‍👧‍👦", bot(telegram)
    title, text = "Stars for a lamp of " + family * 2, "x" * 240 + family * 3
    api.create_invoice_link(title, text, "payload", xtr(100))
    api.send_invoice(1, title, text, "payload", xtr(100), ((Button("Pay", pay=True),),))
    for asked in (*telegram.called("createInvoiceLink"), *telegram.called("sendInvoice")):
        assert (asked["title"], asked["description"]) == (f"Stars for a lamp of {family}…", f"{'x' * 240}{family}…")
        assert asked["prices"] == [{"label": asked["title"], "amount": 100}]


def test_every_mini_app_button_opens_the_sites_one_origin() -> None:
    """Telegram refuses methods of a Mini App on any other; `keyboards.site` alone makes such buttons."""
    settings = make_app({"BASE_URL": "https://bid.example"}).settings
    assert keyboards.site("Wallet", "/wallet", settings).app == "https://bid.example/wallet"
    root = Path(__file__).resolve().parents[3]
    sources = [*(root / "layers/common/starbid").rglob("*.py"), *(root / "functions").rglob("*.py")]
    makers = [path.name for path in sources if re.search(r"Button\([^)]*\bapp=", path.read_text())]
    assert makers == ["keyboards.py"]
