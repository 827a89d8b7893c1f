"""Ends of lots as calendars: of one lot, and of one's favourites by an address with a secret."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.factories import ANNA, BORIS, join, put_up
from tests.support.fakes import FakeApp
from tests.support.there import there
from tests.support.web import Answer, Client
from web.shared.icalendar import LotEnd, calendar

AT = datetime(2026, 5, 1, 12, 0, tzinfo=UTC)


def lines(data: bytes) -> list[str]:
    """The content lines of RFC 5545, unfolded."""
    return data.replace(b"\r\n ", b"").decode().split("\r\n")


def values(data: bytes, name: str) -> list[str]:
    return [line.removeprefix(f"{name}:") for line in lines(data) if line.startswith(f"{name}:")]


def entry(title: str) -> bytes:
    return calendar("n", [LotEnd("lot1", title, "https://example.org/auction/lot1", AT, AT, 3)], "example.org")


@pytest.mark.parametrize(
    ("title", "written"),
    [
        ("Lamp, brass; old", "Lamp\\, brass\\; old"),
        ("a\\b", "a\\\\b"), ("two\nlines\r\nthree", "two\\nlines\\nthree"),
        ("END:VEVENT\r\nEND:VCALENDAR", "END:VEVENT\\nEND:VCALENDAR"),
        ("\x00\x07bell", "bell"), ("Лампа 😀", "Лампа 😀"),
    ],
)  # fmt: skip
def test_no_title_ends_its_line(title: str, written: str) -> None:
    data = entry(title)
    assert values(data, "SUMMARY") == [written]
    assert lines(data).count("END:VEVENT") == 1


@pytest.mark.parametrize("title", ["Настольная лампа 1970-х, латунь и стекло " * 3, "😀" * 60, "x" * 500])
def test_no_line_is_longer_than_75_bytes_and_no_letter_is_cut(title: str) -> None:
    data = entry(title)
    assert max(map(len, data.split(b"\r\n"))) <= 75
    assert all(part.decode() is not None for part in data.split(b"\r\n"))
    assert data.endswith(b"END:VCALENDAR\r\n")


def test_an_entry_is_the_last_quarter_of_an_hour() -> None:
    data = entry("Lamp")
    assert values(data, "DTSTART") == ["20260501T114500Z"]
    assert values(data, "DTEND") == ["20260501T120000Z"]
    assert values(data, "UID") == ["lot1@example.org"]


# --- one lot


def test_a_lots_page_leads_to_its_entry(app: FakeApp) -> None:
    lot = put_up(app, title="A lamp; brass").auction
    client = Client(app)
    path = f"/auction/{lot.id}/lot.ics"
    assert path in client.get(f"/auction/{lot.id}").text
    answer = client.get(path)
    assert answer.headers["content-type"].startswith("text/calendar")
    assert values(answer.body, "SUMMARY") == ["Ends: A lamp\\; brass"]
    assert client.get(path, headers={"if-none-match": answer.headers["etag"]}).status == 304
    assert client.get("/auction/nothing/lot.ics").status == 404


def test_a_lot_that_is_over_is_no_date_any_more(app: FakeApp) -> None:
    lot = put_up(app).auction
    app.clock.forward(days=2)
    assert "lot.ics" not in Client(app).get(f"/auction/{lot.id}").text


# --- favourites


@pytest.fixture
def anna(app: FakeApp) -> Client:
    join(app, ANNA)
    return Client(app).log_in(ANNA)


def address(client: Client) -> str:
    found = re.search(r"<code>http://127\.0\.0\.1:8000(/calendar/[^<]+)</code>", client.get("/watchlist").text)
    return found[1] if found else ""


def renewed(client: Client) -> str:
    assert client.post_form("/watchlist/calendar", do="renew").status == 303
    return address(client)


def asked(app: FakeApp, path: str) -> Answer:
    """By a program, which has no session."""
    path, _, query = path.partition("?")
    return Client(app).send("GET", path, query)


def test_without_being_asked_for_there_is_no_address(app: FakeApp, anna: Client) -> None:
    assert address(anna) == ""
    public_id = app.store.tables.people[ANNA].public_id
    assert asked(app, f"/calendar/{public_id}/starbid.ics?key={'A' * 22}").status == 404


def test_the_address_tells_what_is_open_of_the_favourites_without_a_login(app: FakeApp, anna: Client) -> None:
    soon, later = (put_up(app, title=title, duration_seconds=seconds).auction for title, seconds in _LOTS)
    put_up(app, title="Not watched")
    for lot in (later, soon):
        anna.post_form(f"/auction/{lot.id}/watch", watch="1")
    path = renewed(anna)
    answer = asked(app, path)
    assert answer.status == 200
    assert "private" in answer.headers["cache-control"]
    assert values(answer.body, "SUMMARY") == ["Ends: Soon", "Ends: Later"]
    path_alone, _, query = path.partition("?")
    known = {"if-none-match": answer.headers["etag"]}
    assert Client(app).send("GET", path_alone, query, known).status == 304
    app.clock.forward(seconds=3601)
    assert values(asked(app, path).body, "SUMMARY") == ["Ends: Later"]


_LOTS = (("Soon", 3600), ("Later", 7200))


def test_a_new_address_ends_the_former_and_turning_off_ends_both(app: FakeApp, anna: Client) -> None:
    first = renewed(anna)
    app.clock.forward(seconds=1)
    second = renewed(anna)
    assert first != second
    assert asked(app, first).status == 404
    assert asked(app, second).status == 200
    anna.post_form("/watchlist/calendar", do="stop")
    assert address(anna) == ""
    assert asked(app, second).status == 404


def test_nobody_makes_an_address_of_anothers(app: FakeApp, anna: Client) -> None:
    path = renewed(anna)
    join(app, BORIS)
    mine = app.store.tables.people[ANNA].public_id
    others = app.store.tables.people[BORIS].public_id
    assert asked(app, path.replace(mine, others)).status == 404
    Client(app).log_in(BORIS).post_form("/watchlist/calendar", do="renew")
    assert asked(app, path.replace(mine, others)).status == 404
    for wrong in (
        path[:-1], path + "A", path.upper(), path.replace("starbid.ics", ""), path.replace("key=", "key=%D1%8F"),
        path.replace("?key=", "?other="), f"/calendar/{mine}/starbid.ics", f"/calendar/{mine}/starbid.ics?key=",
        path.replace("/starbid.ics?key=", "/") + "/starbid.ics",
    ):  # fmt: skip
        assert asked(app, wrong).status == 404


def test_the_path_holds_no_secret_as_the_access_log_keeps_paths(app: FakeApp, anna: Client) -> None:
    path, _, query = renewed(anna).partition("?")
    secret = there(app.watch_calendars.secret(app.store.tables.people[ANNA]))
    assert (path, query) == (f"/calendar/{app.store.tables.people[ANNA].public_id}/starbid.ics", f"key={secret}")


def test_the_calendar_of_somebody_who_is_blocked_is_gone(app: FakeApp, anna: Client) -> None:
    path = renewed(anna)
    app.store.block(ANNA)
    assert asked(app, path).status == 404


def test_a_visitor_gets_no_address(app: FakeApp) -> None:
    assert Client(app).post_form("/watchlist/calendar", do="renew").status == 403


def test_an_extension_moves_the_entry_and_counts_as_a_change() -> None:
    before = LotEnd("lot1", "Lamp", "u", AT, AT, 3)
    after = LotEnd("lot1", "Lamp", "u", AT + timedelta(minutes=2), AT, 4)
    one, two = (calendar("n", [end], "h") for end in (before, after))
    assert values(one, "UID") == values(two, "UID")
    assert values(one, "SEQUENCE") < values(two, "SEQUENCE")
    assert values(two, "DTEND") == ["20260501T120200Z"]
