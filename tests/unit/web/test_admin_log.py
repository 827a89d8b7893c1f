"""The event log in the panel."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from starbid.domain.event_log import LogEntry, LogKind
from starbid.i18n import language
from starbid.services.recording import NAMES
from tests.support.factories import ANNA, BORIS, join
from tests.support.fakes import START, FakeApp, make_app
from tests.support.web import Client
from web.admin.log_words import kind_words, name_words
from web.admin.subjects import Subject, subject_of

ADMIN = 900
ENTRY = LogEntry("b1", START, LogKind.BID, "bid", ANNA, "lot/lot1", {"currency": "XTR", "price": 310, "leads": 1})


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    for who in (ADMIN, ANNA, BORIS):
        join(app, who)
    return app


@pytest.fixture
def admin(app: FakeApp) -> Client:
    return Client(app).log_in(ADMIN)


def rows(client: Client, **asked: Any) -> list[str]:
    """The rows of a page, as text."""
    answer = client.get("/admin/log", **asked)
    assert answer.status == 200
    found = re.findall(r"<tr data-row>(.*?)</tr>", answer.text, re.S)
    return [" ".join(re.sub(r"<[^>]*>", " ", row).split()) for row in found]


@pytest.mark.parametrize("code", ["en", "ru"])
def test_every_kind_and_every_name_has_words_in_both_languages(code: str) -> None:
    words = language(code)
    assert all(kind_words(kind, words) for kind in LogKind)
    said = {(kind, name): name_words(kind, name, words) for kind, name in NAMES}
    assert [what for what, text in said.items() if text == what[1]] == []
    if code == "ru":
        assert not [text for text in said.values() if not re.search("[а-яё]", text)]


def test_who_has_no_role_finds_nothing(app: FakeApp) -> None:
    assert Client(app).get("/admin/log").status == 404
    assert Client(app).log_in(ANNA).get("/admin/log").status == 404


def test_an_entry_is_shown_with_whom_and_what_it_is_about(app: FakeApp, admin: Client) -> None:
    app.event_log.keep([ENTRY], app.now())
    (row,) = rows(admin)
    assert "Bid placed" in row
    assert "⭐ 310 · leads" in row.replace("\u2009", " ").replace("\xa0", " ")
    page = admin.get("/admin/log").text
    assert f'href="/admin/users/{ANNA}"' in page
    assert 'href="/admin/lots/lot1"' in page


def test_an_empty_log_says_so(admin: Client) -> None:
    assert "The log is kept for 400 days" in admin.get("/admin/log").text


def test_a_list_is_filtered_by_kind_and_by_person(app: FakeApp, admin: Client) -> None:
    login = LogEntry("l1", START, LogKind.LOGIN, "began", BORIS, "", {"how": "bot"})
    app.event_log.keep([ENTRY, login], app.now())
    assert len(rows(admin)) == 2
    assert "with a code from the bot" in rows(admin, kind="login")[0]
    assert [str(ANNA) in row for row in rows(admin, user_id=ANNA)] == [True]
    assert rows(admin, user_id=12345) == []


def test_days_are_those_of_the_operators_zone_and_both_belong_to_the_period(app: FakeApp, admin: Client) -> None:
    app.people.set_zone(ADMIN, "Asia/Tokyo")
    midnight = START.replace(hour=15, minute=0)  # in Tokyo the day after begins
    app.clock.now = midnight + timedelta(days=2)
    moments = (midnight - timedelta(milliseconds=1), midnight, midnight + timedelta(days=1))
    app.event_log.keep([replace(ENTRY, id=f"e{number}", at=at) for number, at in enumerate(moments)], app.now())
    second = f"{midnight + timedelta(hours=9):%Y-%m-%d}"
    assert len(rows(admin)) == 3
    (row,) = rows(admin, **{"from": second, "to": second})
    assert "00:00:00" in row
    assert len(rows(admin, **{"from": second})) == 2
    assert len(rows(admin, to=second)) == 2


def test_pages_follow_each_other_with_their_filters(app: FakeApp, admin: Client) -> None:
    app.event_log.keep([replace(ENTRY, id=f"e{n:03}", at=START - timedelta(seconds=n)) for n in range(120)], app.now())
    seen, query = 0, {"kind": "bid"}
    for _ in range(3):
        page = admin.get("/admin/log", **query)
        seen += page.text.count("<tr data-row>")
        following = re.search(r'rel="next" href="/admin/log\?([^"]+)"', page.text)
        query = dict(parse_qsl(following[1].replace("&amp;", "&"))) if following else {}
        assert not query or query["kind"] == "bid"
    assert (seen, query) == (120, {})


@pytest.mark.parametrize(
    "asked",
    [
        {"from": "yesterday"},
        {"to": "2026-13-01"},
        {"to": "9999-12-31"},
        {"kind": "nonsense"},
        {"user_id": "anna"},
        {"user_id": "9" * 40},
        {"user_id": "0" * 19 + "1" + "9" * 40},
        {"user_id": "-1"},
        {"user_id": "٣"},
        {"cursor": "nonsense"},
    ],
)
def test_a_filter_that_cannot_be_read_is_a_fault_and_stays_as_typed(
    app: FakeApp, admin: Client, asked: dict[str, Any]
) -> None:
    app.event_log.keep([ENTRY], app.now())
    answer = admin.get("/admin/log", **asked)
    assert answer.status == 422
    assert 'role="alert"' in answer.text
    assert "<tr data-row>" not in answer.text
    ((name, value),) = asked.items()
    assert name in ("cursor", "kind") or f'value="{value}"' in answer.text


def test_what_somebody_put_into_an_entry_is_shown_as_text(app: FakeApp, admin: Client) -> None:
    odd = LogEntry("x", START, LogKind.ADMIN, "<b>act</b>", ANNA, 'lot/"><script>', {"admin_id": ADMIN})
    app.event_log.keep([odd], app.now())
    page = admin.get("/admin/log").text
    assert "<b>act</b>" not in page
    assert '"><script>' not in page
    assert f'operator <a href="/admin/users/{ADMIN}"' in page


@pytest.mark.parametrize(
    ("subject", "name", "path"),
    [
        ("lot/lwarn4txq637x", "lwarn4txq637x", "/admin/lots/lwarn4txq637x"),
        (f"bill/{'a' * 32}", "aaaaaaaa…", f"/admin/payments/{'a' * 32}"),
        ("transfer/stars:c1", "transfer/stars:c1", ""),
        ("lot/", "lot/", ""),
        ("", "", ""),
        ("lot/../users", "../users", "/admin/lots/..%2Fusers"),
    ],
)
def test_what_has_a_page_is_a_link_to_it(subject: str, name: str, path: str) -> None:
    assert subject_of(subject) == Subject(name, path)
