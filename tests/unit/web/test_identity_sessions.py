"""Sessions and CSRF tokens."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import FORM, Client, init_data, widget_query
from web.kernel.session import GUEST_COOKIE, SESSION_COOKIE, Session, csrf_token, new_nonce, write_guest, write_session

HTTPS = {"BASE_URL": "https://starbid.example"}


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, ANNA)
    join(app, BORIS)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def attributes(cookie: str | None) -> set[str]:
    assert cookie is not None
    return set(cookie.split("; ")[1:])


def test_a_session_lasts_thirty_days_and_not_a_second_longer(app: FakeApp, anna: Client) -> None:
    app.clock.forward(days=30, seconds=-1)
    assert anna.get("/api/v1/me").json["id"] == ANNA
    app.clock.forward(seconds=1)
    assert anna.get("/api/v1/me").status == 401


def test_the_age_of_a_session_is_told_by_the_clock_of_the_application(app: FakeApp) -> None:
    late = Session.begin(ANNA, app.now() - timedelta(days=31))
    browser = Client(app)
    browser.cookies[SESSION_COOKIE] = write_session(late, app.settings.secret_key)
    assert browser.get("/api/v1/me").status == 401


def test_a_cookie_that_was_tampered_with_is_none(app: FakeApp, anna: Client) -> None:
    good = anna.cookies[SESSION_COOKIE]
    payload, signature = good.rsplit(".", 1)
    other = write_session(Session.begin(BORIS, app.now()), app.settings.secret_key).rsplit(".", 1)
    flipped = payload[:3] + ("A" if payload[3] != "A" else "B") + payload[4:]
    foreign = write_session(Session.begin(ANNA, app.now()), "another secret of ours")
    guest = write_guest(new_nonce(), app.settings.secret_key)
    for value in (
        f"{other[0]}.{signature}",
        f"{flipped}.{signature}",
        payload,
        f"{payload}.",
        "",
        "x" * 5000,
        foreign,
        guest,
    ):
        anna.cookies[SESSION_COOKIE] = value
        assert anna.get("/api/v1/me").status == 401, value
    anna.cookies[SESSION_COOKIE] = good
    assert anna.get("/api/v1/me").status == 200


def test_a_session_of_a_person_who_is_not_registered_is_nobody(app: FakeApp) -> None:
    assert Client(app).log_in(424242).get("/api/v1/me").status == 401


def test_cookies_over_http_are_not_secure() -> None:
    app = make_app()
    cookie = Client(app).get("/login/telegram", **widget_query(app)).cookie(SESSION_COOKIE)
    assert attributes(cookie) == {"Path=/", "Max-Age=2592000", "HttpOnly", "SameSite=Lax"}


def test_cookies_over_https_are() -> None:
    app = make_app(HTTPS)
    cookie = Client(app).get("/login/telegram", **widget_query(app)).cookie(SESSION_COOKIE)
    assert attributes(cookie) == {"Path=/", "Max-Age=2592000", "HttpOnly", "Secure", "SameSite=Lax"}


def test_inside_telegrams_frame_the_cookie_has_a_jar_of_its_own() -> None:
    app = make_app(HTTPS)
    browser = Client(app)
    answer = browser.post_form("/login/webapp", init_data=init_data(app))
    framed = {"Path=/", "HttpOnly", "Secure", "SameSite=None", "Partitioned"}
    assert attributes(answer.cookie(SESSION_COOKIE)) == framed | {"Max-Age=2592000"}
    out = browser.send("POST", "/logout", headers={"x-csrf-token": answer.json["csrf_token"]})
    assert attributes(out.cookie(SESSION_COOKIE)) == framed | {"Max-Age=0"}


def test_in_a_local_run_the_frame_changes_nothing() -> None:
    app = make_app()
    answer = Client(app).post_form("/login/webapp", init_data=init_data(app))
    assert "SameSite=Lax" in attributes(answer.cookie(SESSION_COOKIE))


def test_logging_out_ends_the_session(anna: Client) -> None:
    answer = anna.post_form("/logout")
    assert (answer.status, answer.headers["location"]) == (303, "/")
    assert SESSION_COOKIE not in anna.cookies
    assert anna.get("/api/v1/me").status == 401


# --- CSRF -------------------------------------------------------------------------------------------------------------


def test_a_form_is_taken_with_its_token_in_a_field_or_a_header(app: FakeApp, anna: Client) -> None:
    by_header = anna.post_form("/logout", csrf=False, headers={"x-csrf-token": anna.csrf_token})
    assert by_header.status == 303
    anna.log_in(ANNA)
    assert anna.post_form("/logout").status == 303


@pytest.mark.parametrize("token", ["", "0" * 64, "ё", "null"])
def test_a_form_without_the_right_token_changes_nothing(anna: Client, token: str) -> None:
    assert anna.post_form("/logout", csrf=False, csrf_token=token).status == 403
    assert anna.post_form("/logout", csrf=False).status == 403
    assert anna.post_form("/logout", csrf=False, headers={"x-csrf-token": token}).status == 403
    assert anna.get("/api/v1/me").status == 200


def test_a_wrong_header_is_not_mended_by_a_right_field(anna: Client) -> None:
    assert anna.post_form("/logout", headers={"x-csrf-token": "wrong"}).status == 403


def test_a_token_of_somebody_else_is_wrong(app: FakeApp, anna: Client) -> None:
    boris = Client(app).log_in(BORIS)
    assert anna.post_form("/logout", csrf=False, csrf_token=boris.csrf_token).status == 403


def test_a_token_of_the_session_before_is_wrong(anna: Client) -> None:
    old = anna.csrf_token
    anna.log_in(ANNA)
    assert anna.post_form("/logout", csrf=False, csrf_token=old).status == 403


def test_a_body_that_is_no_form_needs_the_header(anna: Client) -> None:
    body = f'{{"csrf_token": "{anna.csrf_token}"}}'.encode()
    assert anna.send("POST", "/logout", "", {"content-type": "application/json"}, body).status == 403
    assert (
        anna.send(
            "POST", "/logout", "", {"content-type": "text/plain"}, f"csrf_token={anna.csrf_token}".encode()
        ).status
        == 403
    )


def test_a_token_in_the_query_does_not_count(anna: Client) -> None:
    answer = anna.send("POST", "/logout", f"csrf_token={anna.csrf_token}", {"content-type": FORM})
    assert answer.status == 403


def test_a_guest_has_a_token_of_their_own(app: FakeApp) -> None:
    nonce = new_nonce()
    guest = Client(app)
    guest.cookies[GUEST_COOKIE] = write_guest(nonce, app.settings.secret_key)
    token = csrf_token(nonce, app.settings.secret_key)
    assert guest.post_form("/logout", csrf_token=token).status == 303
    assert Client(app).post_form("/logout", csrf_token=token).status == 403


def test_a_guests_cookie_is_no_session_and_a_session_no_guests_cookie(app: FakeApp, anna: Client) -> None:
    guest = Client(app)
    guest.cookies[GUEST_COOKIE] = anna.cookies[SESSION_COOKIE]
    assert guest.post_form("/logout", csrf_token=anna.csrf_token).status == 403


# --- in Telegram's frame ----------------------------------------------------------------------------------------------

IN_FRAME = {"sec-fetch-dest": "iframe"}
OF_FRAME = {"Secure", "SameSite=None", "Partitioned"}


def test_every_cookie_of_a_page_in_a_frame_is_one_that_browsers_keep_there() -> None:
    app = make_app(HTTPS)
    join(app, ANNA)
    guest = Client(app).get("/", headers=IN_FRAME)
    assert attributes(guest.cookie(GUEST_COOKIE)) == OF_FRAME | {"Path=/", "Max-Age=2592000", "HttpOnly"}
    anna = Client(app).log_in(ANNA)
    saved = anna.post_form("/settings", headers=IN_FRAME, language="en")
    assert attributes(saved.cookie("starbid_note")) == OF_FRAME | {"Path=/", "Max-Age=60", "HttpOnly"}
    shown = anna.get("/settings", headers=IN_FRAME)
    assert "The language is changed." in shown.text
    assert attributes(shown.cookie("starbid_note")) == OF_FRAME | {"Path=/", "Max-Age=0"}
    assert attributes(anna.post_form("/logout", headers=IN_FRAME).cookie(SESSION_COOKIE)) >= OF_FRAME


def test_a_cookie_of_a_page_by_itself_or_without_https_is_none_of_a_frame(app: FakeApp) -> None:
    guest = Client(make_app(HTTPS)).get("/", headers={"sec-fetch-dest": "document"})
    assert attributes(guest.cookie(GUEST_COOKIE)) == {"Path=/", "Max-Age=2592000", "HttpOnly", "Secure", "SameSite=Lax"}
    local = Client(app).get("/", headers=IN_FRAME)
    assert attributes(local.cookie(GUEST_COOKIE)) == {"Path=/", "Max-Age=2592000", "HttpOnly", "SameSite=Lax"}


def test_a_page_in_a_frame_brings_telegrams_script_and_words_for_a_login_in_vain(app: FakeApp) -> None:
    page = Client(app).get("/", headers=IN_FRAME).text
    assert "telegram-web-app.js" in page
    for what in ("refused", "stale", "failed"):
        assert f'<template data-unentered="{what}">' in page
    assert "data-unentered" not in Client(app).log_in(ANNA).get("/").text
