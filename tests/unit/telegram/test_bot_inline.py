"""The calls of inline mode: late answers, refused pictures, and what is not tried twice."""

import pytest

from starbid.services.ports import Rejected, TryLater, Unreachable
from starbid.telegram.bot_api import AnswerLost, BotApi
from starbid.telegram.bot_inline import InlineCard
from starbid.telegram.keyboards import Button
from tests.support.bot_pool import FakeTelegram, bad_request, bot, flood, timeout

BUTTON = ((Button("Open", url="https://t.me/starbid_bot?start=auction_lot"),),)
WORDS = InlineCard("lot", "Lamp", "⭐ 100", "<b>Lamp</b>", BUTTON)
CACHED = InlineCard("lot", "Lamp", "⭐ 100", "<b>Lamp</b>", BUTTON, file_id="AgAC")
FETCHED = InlineCard(
    "lot", "Lamp", "⭐ 100", "<b>Lamp</b>", BUTTON, picture="https://x.org/1", thumbnail="https://x.org/2"
)
ANSWER, PREPARE = "answerInlineQuery", "savePreparedInlineMessage"
TOO_LATE = bad_request("query is too old and response timeout expired or query ID is invalid")


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def api(telegram: FakeTelegram) -> BotApi:
    return bot(telegram)


def test_a_card_is_a_photo_by_id_or_by_address_or_else_a_text(api: BotApi, telegram: FakeTelegram) -> None:
    for card, sent in (
        (CACHED, {"type": "photo", "photo_file_id": "AgAC"}),
        (FETCHED, {"type": "photo", "photo_url": "https://x.org/1", "thumbnail_url": "https://x.org/2"}),
        (WORDS, {"type": "article"}),
    ):
        assert api.answer_inline("q", [card], "20", 5, None)
        (result,) = telegram.called(ANSWER)[-1]["results"]
        assert sent.items() <= result.items()
        assert (result["title"], result["description"]) == ("Lamp", "⭐ 100")


def test_an_answer_that_comes_too_late_is_no_error_and_is_not_repeated(api: BotApi, telegram: FakeTelegram) -> None:
    telegram.fail(ANSWER, TOO_LATE)
    assert not api.answer_inline("q", [CACHED], "", 5, None)
    assert telegram.calls == []


def test_where_a_picture_is_refused_all_go_as_texts(api: BotApi, telegram: FakeTelegram) -> None:
    telegram.fail(ANSWER, bad_request("WEBPAGE_CURL_FAILED"))
    other = InlineCard("other", "Bag", "", "Bag", BUTTON, file_id="AgAD")
    assert api.answer_inline("q", [FETCHED, other], "", 5, ("All", "auctions"))
    (call,) = telegram.calls
    assert [result["type"] for result in call[1]["results"]] == ["article", "article"]
    assert call[1]["button"] == {"text": "All", "start_parameter": "auctions"}


def test_what_is_refused_as_a_text_is_refused(api: BotApi, telegram: FakeTelegram) -> None:
    telegram.fail(ANSWER, bad_request("RESULT_ID_INVALID"))
    with pytest.raises(Rejected):
        api.answer_inline("q", [WORDS], "", 5, None)
    telegram.fail(PREPARE, bad_request("RESULT_ID_INVALID"), times=2)
    with pytest.raises(Rejected):
        api.prepare_message(7, CACHED)
    assert telegram.calls == []


@pytest.mark.parametrize(
    ("fault", "error"),
    [(timeout(), AnswerLost), (flood(3), TryLater), (bad_request("user not found"), Unreachable)],
)
def test_a_trouble_is_no_reason_to_try_without_a_picture(
    api: BotApi, telegram: FakeTelegram, fault: object, error: type[Exception]
) -> None:
    for method in (ANSWER, PREPARE):
        telegram.fail(method, fault)  # type: ignore[arg-type]
    with pytest.raises(error):
        api.answer_inline("q", [CACHED], "", 5, None)
    with pytest.raises(error):
        api.prepare_message(7, CACHED)
    assert telegram.calls == []


def test_a_prepared_message_has_an_id(api: BotApi, telegram: FakeTelegram) -> None:
    assert api.prepare_message(7, CACHED).startswith("prepared-")
    assert telegram.called(PREPARE)[0]["result"]["photo_file_id"] == "AgAC"
