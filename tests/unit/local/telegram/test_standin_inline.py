"""Inline mode of the stand-in: queries, what Telegram refuses of answers, and where a chosen message stands."""

from collections.abc import Callable
from typing import Any

import pytest

from local.telegram import inline_desk

from .conftest import ANNA, BORIS, World

GROUP = -1001234
OPEN = {"inline_keyboard": [[{"text": "Open", "url": "https://t.me/starbid_bot?start=auction_lot"}]]}
WORDS = {"message_text": "<b>Lamp</b>", "parse_mode": "HTML"}
ARTICLE = {
    "type": "article",
    "id": "lot",
    "title": "Lamp",
    "description": "⭐ 100",
    "input_message_content": WORDS,
    "reply_markup": OPEN,
}
FETCHED = {
    "type": "photo",
    "id": "lot",
    "title": "Lamp",
    "photo_url": "https://x.org/1.png",
    "thumbnail_url": "https://x.org/2.png",
    "caption": "<b>Lamp</b>",
    "parse_mode": "HTML",
}
STALE = (400, "Bad Request: query is too old and response timeout expired or query ID is invalid")


@pytest.fixture
def offering(world: World) -> Callable[..., None]:
    """Lets the bot answer every query like this."""

    def offer(*results: Any, **more: Any) -> None:
        def react(update: dict[str, Any]) -> None:
            if query := update.get("inline_query"):
                world.ok("answerInlineQuery", inline_query_id=query["id"], results=list(results), **more)

        world.webhook.react = react

    return offer


def ask(world: World, query: str = "lamp", offset: str = "", person_id: int = ANNA) -> Any:
    answer = world.person(person_id, "inline", query=query, offset=offset)
    assert answer.status_code == 200, answer.text
    return answer.json


def keyboard(**button: Any) -> dict[str, Any]:
    return {"reply_markup": {"inline_keyboard": [[{"text": "a", **button}]]}}


def choose(world: World, found: Any, to: int | None = None, result_id: str = "lot", person_id: int = ANNA) -> Any:
    told = {"query_id": found["query_id"], "result_id": result_id} | ({"to": to} if to else {})
    return world.person(person_id, "choose", **told)


def pending(world: World) -> str:
    """A query that waits for its answer."""
    return world.stand_in.context.inline.ask(ANNA)


def test_a_query_reaches_the_bot_and_its_answer_the_person(world: World, offering: Callable[..., None]) -> None:
    offering(ARTICLE, next_offset="20", button={"text": "All lots", "start_parameter": "auctions"})
    found = ask(world, "lamp" * 100, "x")
    (query,) = world.webhook.of("inline_query")
    assert (query["from"]["id"], query["query"], query["offset"]) == (ANNA, "lamp" * 64, "x")
    assert query["id"] == found["query_id"]
    (result,) = found["results"]
    assert (result["id"], result["title"], result["description"]) == ("lot", "Lamp", "⭐ 100")
    assert (found["next_offset"], found["button"]) == ("20", {"text": "All lots", "start": "auctions"})


def test_without_an_answer_the_person_is_told(make_world: Callable[..., World]) -> None:
    world = make_world(checkout_seconds=0.1)
    assert world.person(ANNA, "inline", query="lamp").status_code == 504


@pytest.mark.parametrize("person_id", [ANNA, BORIS])
def test_in_the_chat_with_the_bot_it_hears_of_it(world: World, offering: Callable[..., None], person_id: int) -> None:
    offering(ARTICLE)
    found = ask(world, person_id=person_id)
    assert choose(world, found, person_id=person_id).status_code == 201
    assert world.drain()
    (message,) = world.webhook.of("message")
    assert (message["from"]["id"], message["chat"]["id"]) == (person_id, person_id)
    assert (message["text"], message["entities"][0]["type"]) == ("Lamp", "bold")
    assert (message["via_bot"]["username"], message["reply_markup"]) == ("starbid_bot", OPEN)


def test_another_person_finds_it_in_their_chat_and_the_bot_does_not(
    world: World, offering: Callable[..., None]
) -> None:
    offering(ARTICLE)
    choose(world, ask(world), to=BORIS)
    assert world.drain()
    assert world.webhook.of("message") == []
    (message,) = world.chat(BORIS)["messages"]
    assert (message["text"], message["reply_markup"]) == ("Lamp", OPEN)
    assert message["extra"] == {"sender": "Anna"}
    assert world.chat(ANNA)["messages"] == []


def test_a_group_that_the_bot_is_in_has_it_too(world: World, offering: Callable[..., None]) -> None:
    offering(ARTICLE)
    choose(world, ask(world), to=GROUP)
    assert world.drain()
    (message,) = world.webhook.of("message")
    assert (message["chat"]["id"], message["via_bot"]["is_bot"]) == (GROUP, True)


def test_photos_are_sent_by_their_id_or_fetched_when_they_are_chosen(
    world: World, offering: Callable[..., None]
) -> None:
    sent = world.upload("sendPhoto", "photo", world.png(), chat_id=ANNA).json["result"]
    file_id = sent["photo"][-1]["file_id"]
    offering({"type": "photo", "id": "known", "photo_file_id": file_id, "caption": "a"}, FETCHED)
    found = ask(world)
    assert [result.get("photo") or result["thumbnail"] for result in found["results"]] == [
        file_id,
        "https://x.org/2.png",
    ]
    assert choose(world, found).status_code == 409, "it is not there"
    world.pictures["https://x.org/1.png"] = world.png()
    for result_id, words in (("known", "a"), ("lot", "Lamp")):
        message = choose(world, found, BORIS, result_id).json
        assert message["photo"]
        assert message["caption"] == words


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"results": [ARTICLE] * 51}, "RESULTS_TOO_MUCH"),
        ({"results": [ARTICLE, FETCHED]}, "RESULT_ID_DUPLICATE"),
        ({"results": [ARTICLE | {"id": ""}]}, "RESULT_ID_EMPTY"),
        ({"results": [ARTICLE | {"id": "я" * 33}]}, "RESULT_ID_INVALID"),
        ({"results": [ARTICLE | {"title": " "}]}, "ARTICLE_TITLE_EMPTY"),
        ({"results": [ARTICLE | {"type": "poem"}]}, "can't parse"),
        ({"results": [ARTICLE | {"input_message_content": None}]}, "input_message_content"),
        ({"results": [ARTICLE | {"input_message_content": {"message_text": " "}}]}, "text is empty"),
        ({"results": [ARTICLE | {"input_message_content": {"message_text": "x" * 4097}}]}, "too long"),
        ({"results": [ARTICLE | {"input_message_content": {"message_text": "<b>", "parse_mode": "HTML"}}]}, "parse"),
        ({"results": [ARTICLE | keyboard(url="nonsense")]}, "invalid"),
        ({"results": [ARTICLE | keyboard(pay=True)]}, "BUTTON_TYPE"),
        ({"results": [ARTICLE | keyboard(web_app={"url": "https://x.org"})]}, "BUTTON_TYPE_INVALID"),
        ({"results": [FETCHED | {"photo_url": "ftp://x.org/1"}]}, "WEBDOCUMENT_URL_INVALID"),
        ({"results": [FETCHED | {"thumbnail_url": "x"}]}, "WEBDOCUMENT_URL_INVALID"),
        ({"results": [FETCHED | {"photo_url": None}]}, "photo_url"),
        ({"results": [FETCHED | {"caption": "x" * 1025}]}, "caption is too long"),
        ({"results": [{"type": "photo", "id": "a", "photo_file_id": "another bot's"}]}, "wrong file identifier"),
        ({"results": "no list"}, "can't parse"),
        ({"results": [], "next_offset": "x" * 65}, "NEXT_OFFSET_INVALID"),
        ({"results": [], "button": {"text": " ", "start_parameter": "a"}}, "non-empty"),
        ({"results": [], "button": {"text": "a", "start_parameter": "all lots"}}, "START_PARAM_INVALID"),
        ({"results": [], "button": {"text": "a"}}, "START_PARAM_INVALID"),
        ({"results": [], "button": [1]}, "non-empty"),
    ],
)  # fmt: skip
def test_an_answer_is_refused_as_telegram_does(world: World, changes: dict[str, Any], why: str) -> None:
    code, told = world.refusal("answerInlineQuery", inline_query_id=pending(world), **changes)
    assert code == 400
    assert why in told


def test_fifty_results_and_an_answer_to_a_query_of_the_moment_are_taken(world: World) -> None:
    results = [ARTICLE | {"id": f"lot{number}"} for number in range(50)]
    assert world.ok("answerInlineQuery", inline_query_id=pending(world), results=results) is True


def test_what_was_asked_too_long_ago_or_never_is_not_answered(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    query_id = pending(world)
    monkeypatch.setattr(inline_desk, "ANSWER_SECONDS", 0.0)
    for number in (query_id, "7"):
        assert world.refusal("answerInlineQuery", inline_query_id=number, results=[]) == STALE


def test_a_result_of_another_persons_list_or_of_none_cannot_be_chosen(
    world: World, offering: Callable[..., None]
) -> None:
    offering(ARTICLE)
    found = ask(world)
    assert choose(world, found, person_id=BORIS).status_code == 404
    assert choose(world, found, result_id="other").status_code == 404
    assert choose(world, {"query_id": "7"}).status_code == 404
    assert choose(world, found, to=4711).status_code == 404


def prepare(world: World, **changes: Any) -> Any:
    told = {"user_id": ANNA, "result": ARTICLE, "allow_user_chats": True, "allow_group_chats": True}
    return world.call("savePreparedInlineMessage", **(told | changes))


def test_a_prepared_message_is_sent_by_its_person_to_chats_of_the_allowed_kinds(world: World) -> None:
    made = prepare(world).json["result"]
    assert made["expiration_date"] > world.stand_in.context.timestamp()
    told = {"message_id": made["id"]}
    assert world.person(ANNA, "share", **told, to=BORIS).status_code == 201
    assert world.person(ANNA, "share", **told, to=GROUP).status_code == 201
    assert world.person(ANNA, "share", **told, to=ANNA).status_code == 409, "the chat with the bot is not allowed"
    assert world.person(BORIS, "share", **told, to=ANNA).status_code == 404
    assert world.person(ANNA, "share", message_id="unknown", to=BORIS).status_code == 404
    (message,) = world.chat(BORIS)["messages"]
    assert (message["text"], message["extra"]["sender"]) == ("Lamp", "Anna")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"user_id": 4711}, "USER_ID_INVALID"),
        ({"user_id": ""}, "user_id is empty"),
        ({"allow_user_chats": False, "allow_group_chats": False}, "At least one chat type"),
        ({"result": {}}, "RESULT_ID_EMPTY"),
        ({"result": [ARTICLE]}, "Object expected"),
        ({"result": ARTICLE | {"title": ""}}, "ARTICLE_TITLE_EMPTY"),
    ],
)
def test_a_message_is_not_prepared_as_telegram_would_not(world: World, changes: dict[str, Any], why: str) -> None:
    answer = prepare(world, **changes)
    assert answer.status_code == 400
    assert why in answer.json["description"]


def test_a_prepared_message_expires(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    made = prepare(world).json["result"]
    monkeypatch.setattr(inline_desk, "PREPARED_SECONDS", 0)
    assert world.person(ANNA, "share", message_id=made["id"], to=BORIS).status_code == 404


def test_one_who_blocked_the_bot_sends_nothing_to_it(world: World, offering: Callable[..., None]) -> None:
    offering(ARTICLE)
    found = ask(world)
    world.person(ANNA, "block", blocked=True)
    assert choose(world, found).status_code == 409
    assert choose(world, found, to=BORIS).status_code == 201
