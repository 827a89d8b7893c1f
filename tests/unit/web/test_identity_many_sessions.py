"""A session lasts 30 days: no login ends another browser's, and an end ends what it says, however many there are."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest

import web.identity.routes
from starbid.domain.people import Person
from starbid.domain.sessions import EndedSessions
from starbid.services.ports import KnownSession
from starbid.services.sessions import MOST_KNOWN
from starbid.storage.models import PersonRow, wire_of
from tests.support.blocking import block
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, init_data, text
from web.account.sessions import MOST_SHOWN
from web.kernel.session import SESSION_COOKIE, Session, write_session


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, ANNA)
    return app


def launched(app: FakeApp, browser: Client | None = None, user_id: int = ANNA) -> Client:
    """The Mini App: it logs in once per launch."""
    app.clock.forward(seconds=1)
    browser = browser or Client(app)
    told = init_data(app, {"id": user_id, "first_name": "Anna"})
    assert browser.post_form("/login/webapp", init_data=told).status == 200
    return browser


def copy_of(browser: Client) -> Client:
    thief = Client(browser.app)
    thief.cookies = dict(browser.cookies)
    return thief


def is_in(browser: Client) -> bool:
    return browser.get("/api/v1/me").status == 200


def send(browser: Client, path: str, **fields: object) -> int:
    """With the token of a page."""
    found = re.search(r'<meta name="csrf-token" content="([^"]+)"', browser.get("/").text)
    assert found
    return browser.post_form(path, csrf=False, csrf_token=found[1], **fields).status


def ended(app: FakeApp) -> EndedSessions:
    return app.store.tables.people[ANNA].ended_sessions


# --- logging in -------------------------------------------------------------------------------------------------------


def test_no_number_of_logins_elsewhere_ends_a_session(app: FakeApp) -> None:
    first = launched(app)
    others = [launched(app) for _ in range(MOST_KNOWN + 5)]
    assert is_in(first)
    assert all(map(is_in, others))
    assert ended(app) == EndedSessions(), "a login writes nothing into its person's row"


def test_no_number_of_logins_in_one_browser_ends_a_session_or_takes_room(app: FakeApp) -> None:
    desk, mini_app = launched(app), launched(app)
    for _ in range(50):
        launched(app, mini_app)
    assert is_in(desk)
    assert is_in(mini_app)
    assert ended(app) == EndedSessions()
    assert len(app.known_sessions.of(ANNA, app.now())) == 2


def test_a_tab_with_the_cookie_from_before_a_login_goes_on_until_its_browser_logs_out(app: FakeApp) -> None:
    browser = launched(app)
    tab = copy_of(browser)
    launched(app, browser)
    assert tab.cookies[SESSION_COOKIE] != browser.cookies[SESSION_COOKIE]
    assert is_in(tab)
    assert send(browser, "/logout") == 303
    assert (is_in(tab), is_in(browser)) == (False, False)


def test_a_logout_in_a_tab_with_the_older_cookie_ends_the_newer_one_too(app: FakeApp) -> None:
    browser = launched(app)
    tab = copy_of(browser)
    launched(app, browser)
    assert send(tab, "/logout") == 303
    assert (is_in(tab), is_in(browser)) == (False, False)


@pytest.mark.parametrize("how", ["logout", "elsewhere", "all", "block"])
def test_a_login_in_a_browser_whose_session_ends_meanwhile_is_one_of_its_own(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch, how: str
) -> None:
    """It ends after the login has looked at it, and before the login reads its person and begins a new one."""
    browser = launched(app)
    thief = copy_of(browser)
    old = app.known_sessions.of(ANNA, app.now())[0].id

    def end() -> None:
        match how:
            case "logout":
                app.sessions.left(ANNA, old, app.now())
            case "elsewhere":
                app.sessions.end(ANNA, old, app.now())
            case "all":
                app.sessions.end_all(ANNA, app.now())
            case _:
                block(app, ANNA)

    read, reads = app.store.person, list[int]()

    def overtaken(user_id: int, *, consistent: bool = False) -> Person | None:
        reads.append(user_id)
        if len(reads) == 2:
            end()
        return read(user_id, consistent=consistent)

    with monkeypatch.context() as patch:
        patch.setattr(app.store, "person", overtaken)
        patch.setattr(web.identity.routes, "registered", lambda *_: read(ANNA, consistent=True))
        launched(app, browser)
        assert len(reads) >= 2, "of the visitor, and of the login"
    assert is_in(browser)
    assert not is_in(thief)
    assert old not in {each.id for each in app.known_sessions.of(ANNA, app.now())}


# --- logging out ------------------------------------------------------------------------------------------------------


def test_two_hundred_and_fifty_logouts_in_a_month_end_nothing_but_themselves(app: FakeApp) -> None:
    desk, gone = launched(app), []
    for _ in range(250):
        phone = launched(app)
        gone.append(copy_of(phone))
        assert send(phone, "/logout") == 303
        app.clock.forward(hours=2)
    assert is_in(desk)
    assert not any(map(is_in, gone))
    assert len(ended(app).logouts) == 250
    row = wire_of(PersonRow.of(app.store.tables.people[ANNA]))
    assert len(row["logouts"]["S"]) < 9_000, "bytes that each request reads"


def test_what_was_logged_out_of_a_month_ago_takes_no_room(app: FakeApp) -> None:
    for _ in range(5):
        assert send(launched(app), "/logout") == 303
    app.clock.forward(days=31)
    assert send(launched(app), "/logout") == 303
    assert len(ended(app).logouts) == 1


def test_logging_out_ends_the_session_of_no_other_person_in_that_browser_before(app: FakeApp) -> None:
    join(app, BORIS)
    boris, browser = launched(app, user_id=BORIS), launched(app)
    assert send(browser, "/logout") == 303
    launched(app, browser, BORIS)
    assert send(browser, "/logout") == 303
    assert (is_in(boris), is_in(browser)) == (True, False)


# --- the list ---------------------------------------------------------------------------------------------------------


def test_the_settings_list_the_newest_and_say_how_many_more_there_are(app: FakeApp) -> None:
    others = [launched(app) for _ in range(MOST_SHOWN + 1)]
    desk = launched(app)
    page = desk.get("/settings")
    assert len(re.findall(r'name="session" value=', page.text)) == MOST_SHOWN - 1
    assert "2 more sessions, used longer ago, are not listed. “End all other sessions” ends them too." in text(page)
    app.people.set_language(ANNA, "ru")
    assert "Ещё 2 сеанса, которыми пользовались раньше, не показаны." in text(desk.get("/settings"))
    assert send(desk, "/settings/sessions") == 303
    assert is_in(desk)
    assert not any(map(is_in, others))
    assert "не показан" not in text(desk.get("/settings"))


def test_nothing_is_said_of_more_where_all_are_listed(app: FakeApp) -> None:
    for _ in range(MOST_SHOWN - 1):
        launched(app)
    assert "not listed" not in text(launched(app).get("/settings"))


def test_one_that_no_list_has_ends_with_all_and_comes_back_onto_it_when_it_is_used(app: FakeApp) -> None:
    oldest, second = launched(app), launched(app)
    id_of_oldest = app.known_sessions.of(ANNA, app.now())[1].id
    for _ in range(MOST_KNOWN):
        desk = launched(app)
    assert len(app.known_sessions.of(ANNA, app.now())) == MOST_KNOWN
    assert "Sessions used longer ago are not listed (at least 80). “End all" in text(desk.get("/settings"))
    app.clock.forward(days=1)
    assert oldest.get("/profile").status == 200
    assert app.known_sessions.of(ANNA, app.now())[0].id == id_of_oldest
    assert is_in(second)
    assert send(desk, "/settings/sessions") == 303
    assert [is_in(each) for each in (oldest, second, desk)] == [False, False, True]


def test_one_that_is_ended_from_the_list_ends_with_every_cookie_of_its_browser(app: FakeApp) -> None:
    phone = launched(app)
    tab = copy_of(phone)
    launched(app, phone)
    desk = launched(app)
    (shown,) = re.findall(r'name="session" value="([0-9a-f]{16})"', desk.get("/settings").text)
    assert send(desk, "/settings/sessions/end", session=shown) == 303
    assert [is_in(each) for each in (phone, tab, desk)] == [False, False, True]


# --- from before browsers had entries ---------------------------------------------------------------------------------


def with_cookie(app: FakeApp, session: Session) -> Client:
    browser = Client(app)
    browser.cookies[SESSION_COOKIE] = write_session(session, app.settings.secret_key)
    return browser


def test_rows_and_cookies_of_then_log_nobody_out_and_bring_nothing_back(app: FakeApp) -> None:
    """A browser whose second session replaced its first one, one that was left, and one without either."""
    then = app.now() - timedelta(days=3)
    first = Session.begin(ANNA, then)
    second = Session.begin(ANNA, then + timedelta(days=1), lineage=first.lineage)
    left, other = Session.begin(ANNA, then), Session.begin(ANNA, then)
    logouts = {first.nonce: first.issued_at, left.nonce: left.issued_at}
    ended_then = EndedSessions(then - timedelta(days=1), logouts)
    app.store.tables.people[ANNA] = replace(app.store.tables.people[ANNA], ended_sessions=ended_then)
    browsers = [with_cookie(app, session) for session in (first, second, left, other)]
    assert [is_in(browser) for browser in browsers] == [False, True, False, True]
    launched(app, browsers[1])
    assert send(browsers[1], "/logout") == 303
    again = with_cookie(app, second)
    assert [is_in(browser) for browser in (*browsers, again)] == [False, False, False, True, False]


def test_a_list_of_then_shows_none_that_ended_then(app: FakeApp) -> None:
    now = app.now()
    line = KnownSession("5" * 16, "nonce", now, now, "Firefox", False)
    app.known_sessions.exchange(ANNA, (), (line,), now)
    assert app.sessions.of(ANNA, EndedSessions(None, {"nonce": now}), now) == []
