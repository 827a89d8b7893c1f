"""The button that opens the site in the browser as who presses it, and what is shown where Telegram refuses it."""

from __future__ import annotations

from typing import Any
from urllib.parse import parse_qsl, urlsplit

import pytest

from starbid import bootstrap
from starbid.services.ports import Rejected
from starbid.telegram import keyboards
from starbid.telegram.library_keyboard import markup_of
from starbid.telegram.pressed_keyboard import keyboard_of
from tests.support.fakes import FakeApp
from tests.support.web import Client, widget_query
from webhook.login_buttons import or_without_logins

from .chatting import Chat, FakeTelegram, bad_request, chatting_app

SITE = "https://starbid.example"
ADDRESS = f"{SITE}/login/telegram?next=%2F"
UNLINKED = bad_request("BOT_DOMAIN_INVALID")


@pytest.fixture
def app(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = chatting_app(telegram, BASE_URL=SITE)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


def opening(chat: Chat, label: str = "Open in the browser") -> dict[str, Any]:
    """The button that leads to the site, as it was sent."""
    rows: list[list[dict[str, Any]]] = chat.last["reply_markup"]["inline_keyboard"]
    (button,) = (button for row in rows for button in row if button["text"] == label)
    return button


def visit(app: FakeApp, address: str, **told: Any) -> tuple[Client, str]:
    """The browser after the press, and where it was led; `told` is what Telegram adds to the address."""
    browser, parts = Client(app), urlsplit(address)
    answer = browser.get(parts.path, **dict(parse_qsl(parts.query)), **told)
    assert answer.status == 303
    return browser, answer.headers["location"]


@pytest.mark.parametrize(("language", "label"), [("en", "Open in the browser"), ("ru", "Открыть в браузере")])
def test_the_screen_of_sessions_opens_the_browser_logged_in(
    app: FakeApp, telegram: FakeTelegram, language: str, label: str
) -> None:
    chat = Chat(app, telegram, 7, language).join()
    chat.press_data("st:sessions", None)
    assert opening(chat, label) == {"text": label, "login_url": {"url": ADDRESS}}


@pytest.mark.parametrize(("language", "label"), [("en", "Open in the browser"), ("ru", "Открыть в браузере")])
def test_who_comes_from_the_login_page_is_offered_to_be_logged_in_there(
    app: FakeApp, telegram: FakeTelegram, language: str, label: str
) -> None:
    page = Client(app).get("/login", next="/watchlist").text
    assert "?start=site" in page
    chat = Chat(app, telegram, 7, language)
    chat.say("/start site")
    assert opening(chat, label) == {"text": label, "login_url": {"url": ADDRESS}}
    browser, landed = visit(app, ADDRESS, **widget_query(app, id=chat.id, first_name="Anna"))
    assert (landed, browser.get("/api/v1/me").json["id"]) == ("/", chat.id)
    chat.say("/start")
    assert label not in chat.buttons(), "who did not come from there is not sent there"


def test_the_greeting_comes_where_the_domain_is_not_linked(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    telegram.fail("sendMessage", UNLINKED)
    assert anna.say("/start site") == 200
    assert anna.words.startswith("Hello, ")
    assert opening(anna)["url"] == ADDRESS


def test_who_agrees_is_logged_in_on_the_page_of_the_button(app: FakeApp, anna: Chat) -> None:
    anna.join()
    anna.press_data("st:sessions", None)
    address = opening(anna)["login_url"]["url"]
    browser, page = visit(app, address, **widget_query(app, id=anna.id, first_name="Anna"))
    assert (page, browser.get("/api/v1/me").json["id"]) == ("/", anna.id)


def test_who_does_not_agree_is_led_to_the_same_page_as_a_guest(app: FakeApp) -> None:
    """Telegram opens the address then as it is."""
    browser, page = visit(app, ADDRESS)
    assert (page, browser.get("/api/v1/me").status) == ("/", 401)


def test_an_address_without_https_is_a_plain_link(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> None:
    app = chatting_app(telegram)
    monkeypatch.setattr(bootstrap, "_app", app)
    chat = Chat(app, telegram, 7).join()
    chat.press_data("st:sessions", None)
    assert opening(chat) == {"text": "Open in the browser", "url": f"{app.settings.base_url}/"}


def test_where_the_domain_is_not_linked_the_message_comes_with_a_plain_link(
    app: FakeApp, anna: Chat, telegram: FakeTelegram
) -> None:
    anna.join()
    telegram.fail("sendMessage", UNLINKED)
    assert anna.press_data("st:sessions", None) == 200
    assert anna.words.startswith("<b>Sessions</b>")
    assert opening(anna) == {"text": "Open in the browser", "url": ADDRESS}


def test_a_screen_is_edited_in_place_where_the_domain_is_not_linked(
    app: FakeApp, anna: Chat, telegram: FakeTelegram
) -> None:
    anna.join()
    anna.say("/settings")
    telegram.fail("editMessageText", UNLINKED)
    anna.press("Sessions")
    assert len(anna.messages) == 1, "no second message beside the screen"
    assert opening(anna)["url"] == ADDRESS
    anna.press("Back")
    assert anna.words.startswith("<b>Settings</b>"), "it is a screen like any other"


def test_a_keyboard_without_such_a_button_is_sent_once(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    anna.join()
    anna.say("/settings")
    telegram.fail("editMessageText", bad_request("message can't be edited"))
    anna.press("API tokens: 0")
    assert len(telegram.called("editMessageText")) == 0
    assert len(telegram.called("sendMessage")) == 2


def test_what_telegram_refuses_even_with_plain_links_stays_refused() -> None:
    tried: list[keyboards.Keyboard] = []

    def refuse(taken: keyboards.Keyboard) -> None:
        tried.append(taken)
        raise Rejected("BOT_DOMAIN_INVALID")

    with pytest.raises(Rejected):
        or_without_logins(((keyboards.Button("x", login=ADDRESS),),), refuse)
    assert tried == [((keyboards.Button("x", login=ADDRESS),),), ((keyboards.Button("x", url=ADDRESS),),)]


def test_a_button_that_came_with_a_press_can_be_sent_again() -> None:
    keyboard = ((keyboards.Button("x", login=ADDRESS),),)
    sent = markup_of(keyboard)
    assert sent
    assert keyboard_of({"reply_markup": sent.to_dict()}) == keyboard
    assert keyboard[0][0].acts
