"""What the oracle says of messages that the bot offers for other chats."""

import json
from typing import Any

import pytest

from tests.support.bot_contract import check_answer, check_call
from tests.support.bot_rules import Breach

CACHED = {"type": "photo", "id": "lot", "photo_file_id": "AgAC", "title": "Lamp", "caption": "x" * 1024}
FETCHED = {"type": "photo", "id": "lot", "photo_url": "https://x.org/1", "thumbnail_url": "https://x.org/2"}
WORDS = {"message_text": "<b>Lamp</b>", "parse_mode": "HTML", "link_preview_options": {"is_disabled": True}}
ARTICLE = {"type": "article", "id": "lot", "title": "Lamp", "input_message_content": WORDS}
TO_BOT = {"inline_keyboard": [[{"text": "Open", "url": "https://t.me/starbid_bot?start=auction_lot"}]]}
BUTTON = {"text": "Nothing found", "start_parameter": "auctions"}


def answer(*results: dict[str, Any], **changes: Any) -> dict[str, str]:
    fields = {"inline_query_id": "1", "results": list(results), "is_personal": True} | changes
    return {name: value if isinstance(value, str) else json.dumps(value) for name, value in fields.items()}


def prepared(result: dict[str, Any], **changes: Any) -> dict[str, str]:
    fields = {"user_id": 7, "result": result, "allow_user_chats": True} | changes
    return {name: json.dumps(value) for name, value in fields.items()}


@pytest.mark.parametrize(
    "wire",
    [
        answer(),
        answer(CACHED | {"reply_markup": TO_BOT}, next_offset="x" * 64, cache_time=5),
        answer(FETCHED, button=BUTTON),
        answer(*({**ARTICLE, "id": f"lot{number}"} for number in range(50))),
        answer(ARTICLE | {"id": "я" * 32}),
    ],
)
def test_answers_at_telegrams_limits(wire: dict[str, str]) -> None:
    check_call("answerInlineQuery", wire)


@pytest.mark.parametrize(
    ("wire", "why"),
    [
        (answer(*({**ARTICLE, "id": f"lot{number}"} for number in range(51))), "too many results"),
        (answer(ARTICLE, CACHED), "one id"),
        (answer(ARTICLE | {"id": ""}), "id of a result"),
        (answer(ARTICLE | {"id": "я" * 33}), "id of a result"),
        (answer(ARTICLE | {"title": " "}), "title"),
        (answer(ARTICLE | {"titel": "Lamp"}), "Extra|not known"),
        (answer({"type": "article", "id": "lot", "title": "Lamp"}), "input_message_content"),
        (answer(ARTICLE | {"input_message_content": {"message_text": "x" * 4097}}), "characters"),
        (answer(ARTICLE | {"input_message_content": {"message_text": ""}}), "characters"),
        (answer(CACHED | {"caption": "x" * 1025}), "characters"),
        (answer(CACHED | {"photo_file_id": ""}), "no id"),
        (answer(FETCHED | {"photo_url": "http://x.org/1"}), "fetches"),
        (answer(FETCHED | {"thumbnail_url": "AgAC"}), "fetches"),
        (answer(CACHED | {"reply_markup": {"inline_keyboard": [[{"text": "a", "pay": True}]]}}), "pays"),
        (answer(CACHED | {"reply_markup": {"inline_keyboard": [[{"text": "a", "web_app": {"url": "https://x.org"}}]]}}),
         "Mini App"),
        (answer(next_offset="x" * 65), "offset"),
        (answer(button={"text": "a"}), "exactly one"),
        (answer(button=BUTTON | {"text": " "}), "no text"),
        (answer(button=BUTTON | {"start_parameter": "all lots"}), "payload"),
        (answer(switch_pm_text="x"), "deprecated|not known"),
    ],
)  # fmt: skip
def test_an_answer_that_telegram_would_refuse_is_a_breach(wire: dict[str, str], why: str) -> None:
    with pytest.raises(Breach, match=why):
        check_call("answerInlineQuery", wire)


def test_a_prepared_message_goes_to_some_chat_and_has_an_id() -> None:
    check_call("savePreparedInlineMessage", prepared(CACHED))
    check_answer("savePreparedInlineMessage", {"id": "a", "expiration_date": 1_900_000_000})
    for wire in (prepared(CACHED, allow_user_chats=False), prepared(CACHED | {"id": "x" * 65}), prepared({})):
        with pytest.raises(Breach):
            check_call("savePreparedInlineMessage", wire)
