"""The settings in the chat: tokens, sessions, the AI helper's consent, and the way to everything else."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path

import pytest

from starbid.domain.channels import Channel
from starbid.domain.sessions import EndedSessions
from starbid.services.ports import KnownSession
from starbid.services.sessions import session_id
from tests.support.factories import ANNA, BORIS
from tests.support.fakes import Death, FakeApp
from tests.support.web import Client
from web.identity.tokens import new_token

from .chatting import Chat, FakeTelegram

LONGEST = "😀<b>&" * 12 + "xx"


@pytest.fixture
def anna(app: FakeApp, telegram: FakeTelegram) -> Chat:
    return Chat(app, telegram, ANNA).join()


def token(app: FakeApp, name: str, who: int = ANNA, nonce: str = "") -> str:
    """Its public id."""
    made, _ = new_token(app.settings.secret_key, who, name, nonce or name, app.now())
    app.tokens.keep(made)
    return made.public_id


def names(app: FakeApp, who: int = ANNA) -> list[str]:
    return [one.name for one in app.tokens.of(who)]


@pytest.mark.parametrize(
    ("code", "rows"),
    [
        ("en", ["Language: English", "Time zone: UTC", "Notices: all on", "API tokens: 0", "Sessions"]),
        ("ru", ["Язык: Русский", "Часовой пояс: UTC", "Уведомления: все", "Токены API: 0", "Сеансы"]),
    ],
)
def test_one_screen_leads_to_everything_and_says_how_it_is(
    app: FakeApp, telegram: FakeTelegram, code: str, rows: list[str]
) -> None:
    chat = Chat(app, telegram, ANNA, code).join()
    chat.say("/settings")
    assert set(rows) <= set(chat.buttons())
    back = {"en": "Back", "ru": "Назад"}[code]
    for row in rows:
        chat.press(row)
        assert chat.buttons()[back] == "go:settings", row
        chat.press(back)
    assert len(chat.messages) == 1


def test_the_settings_read_no_more_than_whether_there_is_a_consent_to_take_back(app: FakeApp, anna: Chat) -> None:
    anna.say("/settings")
    app.store.trips.clear()
    anna.say("/settings")
    assert app.store.trips == ["person+question", "account"]


def test_the_language_changes_where_it_is_asked_for(app: FakeApp, anna: Chat) -> None:
    anna.say("/settings")
    anna.press("Language: English")
    anna.press("Русский")
    assert "Какой язык" in anna.words
    anna.press("Назад")
    assert "Язык: Русский" in anna.buttons()


def test_tokens_are_listed_and_deleted_after_a_question(app: FakeApp, anna: Chat) -> None:
    token(app, "robot"), token(app, "backup")
    anna.say("/settings")
    anna.press("API tokens: 2")
    assert "• “robot” · 1 May 2026, 12:00 UTC" in anna.words
    assert "New ones are made on the site" in anna.words
    assert anna.buttons()["New token"] == "http://127.0.0.1:8000/settings"
    anna.press("Delete robot")
    assert anna.words == "Delete the token “robot”?\nPrograms that use it lose access at once."
    anna.press("Back")
    assert names(app) == ["robot", "backup"]
    anna.press("Delete robot")
    anna.press("Yes, delete it")
    assert names(app) == ["backup"]
    assert "robot" not in anna.words
    assert anna.toasts()[-1] == "The token is deleted."


def test_a_token_is_deleted_once_however_often_it_is_pressed(app: FakeApp, anna: Chat) -> None:
    gone = token(app, "robot")
    token(app, "backup")
    for data in (f"st:TOKEN:{gone}", f"st:TOKEN:{gone}", f"st:token:{gone}"):
        anna.press_data(data, None)
        assert anna.toasts()[-1] == "The token is deleted."
    assert names(app) == ["backup"]


def test_nobody_deletes_the_token_of_somebody_else(app: FakeApp, anna: Chat, telegram: FakeTelegram) -> None:
    Chat(app, telegram, BORIS).join()
    other = token(app, "of Boris", BORIS)
    anna.press_data(f"st:TOKEN:{other}", None)
    assert names(app, BORIS) == ["of Boris"]


def test_twenty_tokens_with_the_longest_names_fit(app: FakeApp, anna: Chat) -> None:
    for number in range(20):
        token(app, LONGEST, nonce=str(number))
    anna.press_data("st:tokens", None)
    assert sum(data.startswith("st:token:") for data in anna.buttons().values()) <= 20
    assert "<b>&" not in anna.words
    anna.press_data(f"st:token:{app.tokens.of(ANNA)[0].public_id}", None)
    assert "lose access at once" in anna.words


def test_ended_sessions_really_end_and_api_tokens_do_not(app: FakeApp, anna: Chat) -> None:
    token(app, "robot")
    browsers = [Client(app).log_in(ANNA), Client(app).log_in(ANNA)]
    assert [browser.get("/settings").status for browser in browsers] == [200, 200]
    anna.say("/settings")
    anna.press("Sessions")
    assert "every browser is logged out at once" in anna.words
    assert [browser.get("/settings").status for browser in browsers] == [200, 200], "it only asked"
    anna.press("End all sessions")
    assert "All sessions are ended" in anna.words
    assert [browser.get("/settings").status for browser in browsers] == [303, 303]
    assert names(app) == ["robot"]
    app.clock.forward(seconds=10)
    assert Client(app).log_in(ANNA).get("/settings").status == 200


def test_ending_that_a_process_died_over_ends_no_newer_session_when_it_comes_again(app: FakeApp, anna: Chat) -> None:
    older = Client(app).log_in(ANNA)
    app.store.fail_next(Death(), after=True)
    with pytest.raises(Death):
        anna.press_data("st:SESSIONS", None, 88_000)
    app.clock.forward(minutes=2)
    newer = Client(app).log_in(ANNA)
    assert anna.press_data("st:SESSIONS", None, 88_000) == 200
    assert "All sessions are ended" in anna.words
    assert [older.get("/settings").status, newer.get("/settings").status] == [303, 200]


def logged_in(app: FakeApp, who: int, device: str = "Firefox") -> tuple[Client, str]:
    """A browser whose session is on the list, and its id there."""
    browser = Client(app).log_in(who)
    assert browser.session
    known = session_id(browser.session.lineage)
    entry = KnownSession(known, browser.session.nonce, browser.session.issued_at, app.now(), device, framed=False)
    app.sessions.note(who, entry, EndedSessions(), app.now())
    return browser, known


def test_each_session_is_listed_and_one_of_them_is_ended(app: FakeApp, anna: Chat) -> None:
    kept, _ = logged_in(app, ANNA)
    app.clock.forward(minutes=5)
    lost, _ = logged_in(app, ANNA, "<b>&\u202e" + "x" * 300)
    anna.say("/settings")
    anna.press("Sessions")
    assert anna.words.count("Logged in: ") == 2
    (button,) = [label for label in anna.buttons() if label.startswith("End 1: ")]
    old = dict(anna.last)
    for _again in range(2):  # pressed twice, it ends nothing more
        anna.press(button, old)
        assert [browser.get("/settings").status for browser in (kept, lost)] == [200, 303]
    assert "The session is ended." in anna.toasts()
    assert anna.words.count("Logged in: ") == 1
    assert "Firefox" in anna.words


def test_of_many_sessions_the_latest_are_listed_and_the_others_counted(app: FakeApp, anna: Chat) -> None:
    for _ in range(11):
        app.clock.forward(minutes=1)
        logged_in(app, ANNA)
    anna.press_data("st:sessions", None)
    assert anna.words.endswith("And 3 more, used longer ago.")
    assert len([label for label in anna.buttons() if label.startswith("End ")]) == 8 + len(["all"])


def test_a_session_of_somebody_else_is_not_ended_by_its_id(app: FakeApp, anna: Chat) -> None:
    Chat(app, anna.telegram, BORIS).join()
    theirs, known = logged_in(app, BORIS)
    anna.press_data(f"st:end:{known}", None)
    assert theirs.get("/settings").status == 200


TEMPLATES = Path("functions/web/templates")
PARTS = re.findall(r'include "([^"]+)"', (TEMPLATES / "account/settings.html").read_text())
ROW_OF = {
    "zone": "tz", "notices": "nk", "quiet": "qh", "email": "/settings#email", "push": "/settings#push",
    "helper": "ai:set", "tokens": "st:tokens", "sessions": "st:sessions", "data": "/settings/export",
    "rules": "go:terms",
}  # fmt: skip
"""What a section of the page is in the chat: its row in the settings, or a row behind that of the notices."""


def test_every_section_of_the_page_has_its_row_in_the_chat(app: FakeApp, anna: Chat) -> None:
    pages = [(TEMPLATES / name).read_text() for name in ("account/settings.html", *PARTS)]
    assert {part for page in pages for part in re.findall(r'<section [^>]*id="(\w+)"', page)} == ROW_OF.keys()
    business = app.settings.business
    offered = replace(business, assistant=replace(business.assistant, is_offered=True))
    push = replace(app.settings.push, public_key="key")
    app.settings = replace(app.settings, email_sender="a@starbid.example", business=offered, push=push)
    anna.say("/settings")
    leads = list(anna.buttons().values())
    anna.press(next(label for label in anna.buttons() if label.startswith("Notices")))
    leads += anna.buttons().values()
    assert [name for name, lead in ROW_OF.items() if not any(to.endswith(lead) for to in leads)] == []


@pytest.mark.parametrize(
    "data",
    ["st", "st:", "st:TOKEN", "st:TOKEN:", "st:token:../../x", "st:TOKEN:0123456789ABCDEF", "st:x", "st:tokens:1",
     "st:SESSIONS:1", "st:end", "st:end:", "st:end:../../x", "st:TOKEN:" + "0" * 17],
)  # fmt: skip
def test_a_button_that_nobody_made_does_nothing(app: FakeApp, anna: Chat, data: str) -> None:
    token(app, "robot")
    browser = Client(app).log_in(ANNA)
    anna.press_data(data, None)
    assert "This button is old" in anna.toasts()[-1]
    assert (names(app), browser.get("/settings").status) == (["robot"], 200)


def test_consent_is_taken_back_from_the_settings_where_the_helper_is_no_longer_offered(
    app: FakeApp, anna: Chat
) -> None:
    anna.say("/settings")
    assert "AI helper" not in anna.buttons()
    app.asking.consent(ANNA, app.now(), given=True)
    anna.say("/settings")
    anna.press("AI helper")
    assert anna.buttons()["Settings"] == "go:settings"
    anna.press("I do not agree any more")
    assert app.questions.account(ANNA).consent_at is None


@pytest.mark.parametrize(
    ("code", "off", "on"), [("en", "E-mail: off", "E-mail: on"), ("ru", "Почта: выключена", "Почта: включена")]
)
def test_e_mail_is_set_up_on_the_site_and_shown_where_it_is_offered(
    app: FakeApp, telegram: FakeTelegram, code: str, off: str, on: str
) -> None:
    app.settings = replace(app.settings, email_sender="notices@starbid.example")
    chat = Chat(app, telegram, ANNA, code).join()
    chat.say("/settings")
    assert chat.buttons()[off].endswith("/settings#email")
    app.hearing.set_up(ANNA, Channel.EMAIL)
    chat.say("/settings")
    assert on in chat.buttons()


def test_where_no_mail_is_sent_the_chat_does_not_speak_of_it(anna: Chat) -> None:
    anna.say("/settings")
    assert not any("E-mail" in label for label in anna.buttons())
