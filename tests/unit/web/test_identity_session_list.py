"""Where somebody is logged in: listed, and ended one by one; the notices of a browser end with its session."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from starbid.further.push.vapid import new_keys
from starbid.services.ports import Contended, Unavailable
from starbid.services.sessions import MOST_KNOWN
from tests.support.browsers import Reading
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Answer, Client, init_data, text, widget_query
from web.kernel.session import SESSION_COOKIE
from web.shared.context import NOTE_COOKIE

FIREFOX = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
PHONE = "Mozilla/5.0 (Linux; Android 15) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0 Mobile Safari/537.36"
KEYS = dict(zip(("VAPID_PRIVATE_KEY", "VAPID_PUBLIC_KEY"), new_keys(), strict=True))


@pytest.fixture
def app() -> FakeApp:
    app = make_app(KEYS | {"VAPID_SUBJECT": "mailto:push@starbid.example"})
    join(app, ANNA)
    join(app, BORIS)
    return app


def logged_in(app: FakeApp, agent: str = FIREFOX, user_id: int = ANNA, browser: Client | None = None) -> Client:
    """Through a login, as people do it."""
    app.clock.forward(seconds=1)
    browser = browser or Client(app)
    query = widget_query(app, id=user_id)
    assert browser.get("/login/telegram", headers={"user-agent": agent}, **query).status == 303
    return browser


def listed(browser: Client, agent: str = FIREFOX) -> list[str]:
    """Each session as the page says it."""
    page = browser.get("/settings", headers={"user-agent": agent})
    assert page.status == 200
    section = page.text.split('id="sessions"')[1].split("</section>")[0]
    return [" ".join(re.sub(r"<[^>]*>", " ", line).split()) for line in section.split("<li>")[1:]]


def ids(browser: Client) -> list[str]:
    return re.findall(r'name="session" value="([0-9a-f]{16})"', browser.get("/settings").text)


def post(browser: Client, path: str, **fields: object) -> Answer:
    """With the token of the page, since these browsers logged in by themselves."""
    page = browser.get("/settings").text
    found = re.search(r'<meta name="csrf-token" content="([^"]+)"', page)
    assert found
    return browser.post_form(path, csrf=False, csrf_token=found[1], **fields)


def is_in(browser: Client) -> bool:
    return browser.get("/api/v1/me").status == 200


def test_each_browser_is_listed_by_its_device_this_one_first(app: FakeApp) -> None:
    desk, phone = logged_in(app), logged_in(app, PHONE)
    first, second = listed(desk)
    assert first.startswith("Firefox, Linux this browser Logged in:")
    assert second.startswith("Chrome, Android Logged in:")
    assert "Last used:" in second
    assert [line.split(" Logged")[0] for line in listed(phone, PHONE)] == [
        "Chrome, Android this browser",
        "Firefox, Linux",
    ]


def test_the_list_is_its_persons_alone_and_tells_no_address(app: FakeApp) -> None:
    anna, boris = logged_in(app), logged_in(app, PHONE, BORIS)
    assert (len(listed(anna)), len(listed(boris, PHONE))) == (1, 1)
    assert "127.0.0.1" not in anna.get("/settings").text
    cookie = anna.cookies[SESSION_COOKIE]
    assert app.known_sessions.of(ANNA, app.now())[0].nonce not in anna.get("/settings").text
    assert cookie not in anna.get("/settings").text


def test_one_that_is_ended_is_out_at_once_and_the_others_stay(app: FakeApp) -> None:
    desk, phone, tablet = logged_in(app), logged_in(app, PHONE), logged_in(app, PHONE)
    newest, _ = ids(desk)
    assert post(desk, "/settings/sessions/end", session=newest).status == 303
    assert [is_in(browser) for browser in (desk, phone, tablet)] == [True, True, False]
    assert len(listed(desk)) == 2
    assert post(desk, "/settings/sessions/end", session=newest).headers["location"] == "/settings#sessions", "twice"


@pytest.mark.parametrize("wanted", ["", "x", "0" * 16, "0" * 5000])
def test_what_is_no_session_of_theirs_is_left_alone(app: FakeApp, wanted: str) -> None:
    anna, boris = logged_in(app), logged_in(app, PHONE, BORIS)
    his = app.known_sessions.of(BORIS, app.now())[0].id
    for session in (wanted, his):
        assert post(anna, "/settings/sessions/end", session=session).status == 303
    assert is_in(boris)
    assert is_in(anna)


def test_this_session_is_ended_by_logging_out_only(app: FakeApp) -> None:
    anna = logged_in(app)
    own = app.known_sessions.of(ANNA, app.now())[0].id
    assert own not in ids(anna)
    answer = post(anna, "/settings/sessions/end", session=own)
    assert (answer.headers["location"], answer.cookie(NOTE_COOKIE)) == ("/settings#sessions", None)
    assert is_in(anna)
    post(anna, "/logout")
    assert app.known_sessions.of(ANNA, app.now()) == ()


def test_logging_in_again_in_the_same_browser_is_the_same_line(app: FakeApp) -> None:
    anna = logged_in(app)
    logged_in(app, browser=anna)
    assert len(listed(anna)) == 1
    assert app.known_sessions.of(ANNA, app.now())[0].issued_at == app.now()


def test_a_mini_app_is_listed_as_telegram(app: FakeApp) -> None:
    https = make_app({"BASE_URL": "https://starbid.example", "SECRET_KEY": "k" * 16})
    frame = Client(https)
    answer = frame.post_form("/login/webapp", init_data=init_data(https), headers={"user-agent": PHONE})
    assert answer.status == 200
    assert listed(frame, PHONE)[0].startswith("Telegram: Chrome, Android this browser")


def test_that_it_is_used_is_written_once_a_day_and_makes_it_no_longer(app: FakeApp) -> None:
    desk = logged_in(app)
    began, before = app.now(), desk.cookies[SESSION_COOKIE]
    app.clock.forward(hours=23)
    desk.get("/")
    desk.get("/profile")
    assert desk.cookies[SESSION_COOKIE] == before
    app.clock.forward(hours=2)
    assert "Max-Age=2502000" in str(desk.get("/profile").cookie(SESSION_COOKIE)), "30 days from its login"
    (kept,) = app.known_sessions.of(ANNA, app.now())
    assert (kept.issued_at, kept.seen_at) == (began, app.now())
    assert desk.get("/profile").cookie(SESSION_COOKIE) is None
    app.clock.forward(days=29)
    assert not is_in(desk)


def test_a_session_that_began_before_there_was_a_list_comes_onto_it_with_time(app: FakeApp) -> None:
    old, desk = Client(app).log_in(ANNA), logged_in(app)
    assert len(listed(desk)) == 1
    app.clock.forward(days=1)
    old.get("/profile", headers={"user-agent": PHONE})
    assert [line.split(" Logged")[0] for line in listed(desk)] == ["Firefox, Linux this browser", "Chrome, Android"]


@pytest.mark.parametrize("fault", [None, Contended(), Unavailable()])
def test_a_list_that_cannot_be_written_keeps_nobody_out_and_nobody_in(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch, fault: Exception | None
) -> None:
    """Without a fault others are always faster."""
    phone = logged_in(app, PHONE)
    mark = set_up(app, phone, "1")

    def failing(*_: object, **__: object) -> bool:
        if fault:
            raise fault
        return False

    monkeypatch.setattr(app.known_sessions, "exchange", failing)
    desk = logged_in(app)
    assert is_in(desk)
    app.clock.forward(days=1)
    assert desk.get("/profile").status == 200
    assert post(desk, "/logout").status == 303
    assert (is_in(desk), told(app)) == (False, {mark})
    assert post(logged_in(app, browser=desk), "/settings/sessions").headers["location"] == "/settings"
    assert (is_in(desk), is_in(phone), told(app)) == (True, False, set())


def test_whatever_goes_wrong_with_the_list_a_page_is_answered(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    def unreadable(*_: object) -> None:
        raise KeyError("of another version")

    desk = logged_in(app)
    monkeypatch.setattr(app.known_sessions, "of", unreadable)
    app.clock.forward(days=1)
    before = desk.cookies[SESSION_COOKIE]
    assert desk.get("/profile").status == 200
    assert desk.cookies[SESSION_COOKIE] == before, "and it is noted by the next page"


def test_a_login_in_the_place_of_ones_own_session_writes_the_list_once(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    desk, written = logged_in(app), list[object]()
    exchange = app.known_sessions.exchange

    def counted(*given: Any) -> bool:
        written.append(given)
        return exchange(*given)

    monkeypatch.setattr(app.known_sessions, "exchange", counted)
    logged_in(app, browser=desk)
    assert len(written) == 1


def test_one_that_is_no_longer_listed_goes_on_with_the_notices_in_its_browser_until_it_is_ended(app: FakeApp) -> None:
    first = logged_in(app)
    mark = set_up(app, first, "1")
    for _ in range(MOST_KNOWN):
        desk = logged_in(app)
    here = set_up(app, desk, "2")
    assert (is_in(first), told(app)) == (True, {mark, here})
    assert post(desk, "/settings/sessions", push=here).status == 303
    assert (is_in(first), told(app)) == (False, {here})


def test_two_that_begin_at_the_same_moment_are_both_listed(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    desk = logged_in(app)
    exchange, others = app.known_sessions.exchange, [Client(app)]

    def overtaken(*given: object, **named: object) -> bool:
        if others:
            logged_in(app, PHONE, browser=others.pop())
        return exchange(*given, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(app.known_sessions, "exchange", overtaken)
    logged_in(app, PHONE)
    assert len(listed(desk)) == 3


# --- the notices of a browser -----------------------------------------------------------------------------------------


reading = cache(Reading)


def set_up(app: FakeApp, browser: Client, name: str) -> str:
    """Notices in this browser; its id."""
    answer = post(browser, "/settings/push", **reading(name).form)
    assert answer.status == 201
    return str(answer.json["id"])


def told(app: FakeApp) -> set[str]:
    return {browser.mark for browser in app.browsers.of(ANNA)}


def test_ending_all_other_sessions_ends_the_notices_in_their_browsers(app: FakeApp) -> None:
    desk, phone = logged_in(app), logged_in(app, PHONE)
    here, _ = set_up(app, desk, "1"), set_up(app, phone, "2")
    assert post(desk, "/settings/sessions", push=here).status == 303
    assert told(app) == {here}
    assert (is_in(desk), is_in(phone)) == (True, False)
    set_up(app, logged_in(app, PHONE), "3")
    assert post(desk, "/settings/sessions").status == 303
    assert told(app) == set(), "without a script nobody knows which one is here"


def test_ending_one_session_ends_the_notices_in_its_browser_alone(app: FakeApp) -> None:
    desk, phone, tablet = logged_in(app), logged_in(app, PHONE), logged_in(app, PHONE)
    marks = [set_up(app, browser, str(number)) for number, browser in enumerate((desk, phone, tablet))]
    logged_in(app, PHONE, browser=tablet)
    newest, _ = ids(desk)
    post(desk, "/settings/sessions/end", session=newest)
    assert told(app) == set(marks[:2]), "also after it logged in again"


def test_a_browser_keeps_its_session_after_all_others_were_ended(app: FakeApp) -> None:
    desk = logged_in(app)
    here = set_up(app, desk, "1")
    post(desk, "/settings/sessions", push=here)
    assert set_up(app, desk, "1") == here, "as its script does where the session is another"
    phone = logged_in(app, PHONE)
    (his,) = ids(phone)
    post(phone, "/settings/sessions/end", session=his)
    assert (is_in(desk), told(app)) == (False, set())


def test_a_page_names_its_session_so_that_the_script_follows_it_into_the_next(app: FakeApp) -> None:
    def named() -> str:
        (found,) = re.findall(r'<body[^>]* data-session="([0-9a-f]{16})"', phone.get("/").text)
        return str(found)

    phone = logged_in(app, PHONE)
    mark, first = set_up(app, phone, "1"), named()
    logged_in(app, PHONE, browser=phone)
    assert (named(), app.browsers.of(ANNA)[0].session) == (first, first), "as long as nobody was logged out"
    app.clock.forward(days=31)
    logged_in(app, PHONE, browser=phone)
    assert named() != first
    assert set_up(app, phone, "1") == mark
    assert app.browsers.of(ANNA)[0].session == named()
    desk = logged_in(app)
    post(desk, "/settings/sessions/end", session=ids(desk)[0])
    assert (is_in(phone), told(app)) == (False, set())


def test_ending_all_in_the_chat_ends_all_notices_of_then_and_none_that_came_later(app: FakeApp) -> None:
    set_up(app, logged_in(app), "1")
    pressed = app.now()
    app.sessions.end_all(ANNA, pressed)
    assert told(app) == set()
    app.clock.forward(minutes=1)
    later = logged_in(app, PHONE)
    mark = set_up(app, later, "2")
    app.sessions.end_all(ANNA, pressed)
    assert told(app) == {mark}
    assert is_in(later)
    assert len(listed(later, PHONE)) == 1


def test_it_says_so_in_russian(app: FakeApp) -> None:
    app.people.set_language(ANNA, "ru")
    desk, _ = logged_in(app), logged_in(app, PHONE)
    assert "Где вы вошли." in text(desk.get("/settings"))
    answer = post(desk, "/settings/sessions/end", session=ids(desk)[0])
    assert answer.status == 303
    assert "Сеанс завершён." in desk.get("/settings").text
