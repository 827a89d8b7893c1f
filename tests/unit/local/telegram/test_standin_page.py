"""The page's JSON: people, chats and what changed; nothing that a foreign page or odd input could break."""

import hashlib
import hmac
from typing import Any
from urllib.parse import parse_qs, parse_qsl, urlsplit

import pytest

from tests.unit.local.telegram.conftest import World


def test_everyone_starts_with_ten_thousand_stars_of_their_own(world: World) -> None:
    created = world.client.post("/people", json={"first_name": " Вера ", "username": "@vera", "language_code": "ru"})
    assert created.status_code == 201
    assert created.json["first_name"] == "Вера"
    assert created.json["username"] == "vera"
    assert created.json["stars"] == 10_000
    assert [person["first_name"] for person in world.client.get("/people").json["people"]][-1] == "Вера"


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 400),
        ({"first_name": "x" * 65}, 400),
        ({"first_name": 5}, 400),
        ({"first_name": "x", "username": "a b"}, 400),
        ({"first_name": "x", "username": "ANNA"}, 409),
        ({"first_name": "x", "language_code": "xx"}, 400),
    ],
)
def test_a_person_without_a_proper_name_is_refused_with_words(
    world: World, fields: dict[str, Any], status: int
) -> None:
    answer = world.client.post("/people", json=fields)
    assert answer.status_code == status
    assert answer.json["error"]


def test_adding_a_known_person_again_changes_nothing(world: World) -> None:
    world.person(world.anna, "stars", amount=5)
    world.stand_in.add_person(world.anna, "Other", "other", "ru", 1)
    person = world.chat()["person"]
    assert (person["first_name"], person["stars"]) == ("Anna", 10_005)


def test_a_chat_answers_only_what_changed(world: World) -> None:
    sent = world.ok("sendMessage", chat_id=world.anna, text="one")
    world.ok("sendMessage", chat_id=world.anna, text="two")
    first = world.chat()
    assert [message["text"] for message in first["messages"]] == ["one", "two"]
    quiet = world.chat(since=first["seq"])
    assert quiet["seq"] == first["seq"]
    assert "messages" not in quiet
    world.ok("editMessageText", chat_id=world.anna, message_id=sent["message_id"], text="uno")
    assert [message["text"] for message in world.chat(since=first["seq"])["messages"]] == ["uno"]
    world.ok("deleteMessage", chat_id=world.anna, message_id=sent["message_id"])
    assert world.chat(since=first["seq"])["deleted"] == [sent["message_id"]]


def test_people_answer_with_the_last_words_of_their_chat_and_only_when_something_changed(world: World) -> None:
    world.ok("sendMessage", chat_id=world.anna, text="last words")
    state = world.client.get("/people").json
    assert state["people"][0]["last"]["text"] == "last words"
    assert state["bot"]["username"] == "starbid_bot"
    assert world.client.get(f"/people?since={state['seq']}").json == {"seq": state["seq"]}


def test_typing_is_shown_until_the_message_comes(world: World) -> None:
    world.ok("sendChatAction", chat_id=world.anna, action="typing")
    world.ok("sendMessageDraft", chat_id=world.anna, draft_id=1, text="Once upon")
    seen = world.chat()
    assert (seen["action"], seen["draft"]["text"]) == ("typing", "Once upon")
    world.ok("sendMessage", chat_id=world.anna, text="Once upon a time")
    seen = world.chat()
    assert (seen["action"], seen["draft"]) == ("", None)


@pytest.mark.parametrize("action", ["messages", "press", "pay", "block", "stars", "subscription", "refund"])
def test_a_post_that_a_foreign_page_could_send_is_refused(world: World, action: str) -> None:
    for content_type in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""):
        answer = world.client.post(f"/chats/1001/{action}", data=b'{"text": "x"}', content_type=content_type)
        assert answer.status_code == 415
    assert world.client.post("/people", data=b'{"first_name": "x"}', content_type="text/plain").status_code == 415


@pytest.mark.parametrize("action", ["messages", "press", "pay", "block", "subscription", "refund"])
@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"[]",
        b'"x"',
        b"[" * 100_000,
        b'{"text": "\\ud800"}',
        b'{"text": 5, "message_id": "x", "amount": "x"}',
        b'{"message_id": 1e400, "amount": -1, "photo": "***"}',
        b'{"message_id": 99999999999999999999, "amount": 99999999999999999999, "photo": "AAAA"}',
        b'{"text": "' + b"x" * 100_000 + b'"}',
    ],
)
def test_odd_input_is_refused_with_words(world: World, action: str, body: bytes) -> None:
    answer = world.client.post(f"/chats/1001/{action}", data=body, content_type="application/json")
    assert 400 <= answer.status_code < 500
    assert answer.json["error"]


@pytest.mark.parametrize("amount", [0, -1, 10**9 + 1, 10**30, 1.5, "5", True])
def test_stars_come_in_sane_numbers(world: World, amount: float | str) -> None:
    assert world.person(world.anna, "stars", amount=amount).status_code == 400


@pytest.mark.parametrize(
    "path",
    [
        "/chats/5",
        "/chats/x",
        "/chats/99999999999999999999",
        "/media/none",
        "/invoices/none",
        "/static/../app.py",
        "/static/%2e%2e/app.py",
        "/open/5",
        "/nothing",
    ],
)
def test_what_is_not_there_is_not_found(world: World, path: str) -> None:
    answer = world.client.get(path)
    assert answer.status_code == 404
    assert answer.json["error"]


def test_words_of_a_person_stay_words(world: World) -> None:
    message = world.say("<img src=x onerror=alert(1)> &amp;")
    assert message["text"] == "<img src=x onerror=alert(1)> &amp;"
    assert "entities" not in message


def test_the_page_and_its_parts_are_served_with_a_strict_policy(world: World) -> None:
    page = world.client.get("/")
    assert page.status_code == 200
    assert "default-src 'self'" in page.headers["Content-Security-Policy"]
    assert "unsafe" not in page.headers["Content-Security-Policy"]
    assert "<script>" not in page.text
    assert " style=" not in page.text
    for name in ("app.js", "chat.js", "style.css", "icon.svg"):
        assert world.client.get(f"/static/{name}").status_code == 200


def test_an_invoice_link_leads_to_the_page(world: World) -> None:
    assert world.client.get("/invoice/abc").headers["Location"] == "../?invoice=abc"


def signed(world: World, url: str) -> dict[str, str]:
    """The fields of a login address, after checking its signature as the site does."""
    fields = dict(parse_qsl(urlsplit(url).query, strict_parsing=True))
    fields.pop("next", None)
    given = fields.pop("hash")
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    key = hashlib.sha256(world.token.encode()).digest()
    assert hmac.new(key, text.encode(), hashlib.sha256).hexdigest() == given
    return fields


def opened(world: World, query: str = "", person_id: int = 1001) -> str:
    answer = world.client.get(f"/open/{person_id}{query}")
    assert answer.status_code == 302
    return answer.headers["Location"]


def test_opening_the_site_signs_the_person_in_as_the_widget_does(world: World) -> None:
    url = opened(world)
    assert url.startswith(f"{world.site}/login/telegram?")
    moment = str(int(world.clock.time.timestamp()))
    assert signed(world, url) == {"id": "1001", "first_name": "Anna", "username": "anna", "auth_date": moment}


def test_no_two_logins_are_alike_and_none_is_from_the_future(world: World) -> None:
    dates = [int(signed(world, opened(world))["auth_date"]) for _ in range(3)]
    assert len(set(dates)) == 3
    assert max(dates) <= world.clock.time.timestamp()


def test_a_login_button_gets_the_signed_query_and_a_web_app_button_an_unsigned_next(world: World) -> None:
    url = opened(world, f"?kind=login_url&url={world.site}/auction/x1%3Fa%3Db")
    assert url.startswith(f"{world.site}/auction/x1?a=b&id=1001&")
    app = opened(world, f"?kind=web_app&url={world.site}/auction/x1%3Fa%3Db")
    assert urlsplit(app).path == "/login/telegram"
    assert parse_qs(urlsplit(app).query)["next"] == ["/auction/x1?a=b"]
    assert signed(world, app)["id"] == "1001"


def test_a_foreign_site_learns_nothing_of_the_person(world: World) -> None:
    assert opened(world, "?kind=login_url&url=https://example.org/") == "https://example.org/"
    assert world.client.get("/open/1001?kind=login_url&url=javascript:alert(1)").status_code == 400


def test_logging_in_at_the_site_lets_the_bot_write(world: World) -> None:
    stranger = world.client.post("/people", json={"first_name": "Vera"}).json["id"]
    opened(world, person_id=stranger)
    assert world.ok("sendMessage", chat_id=stranger, text="Welcome")
