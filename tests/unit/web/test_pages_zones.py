"""Times of pages in the reader's zone, and starts as the form's zone reads them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

import pytest

from tests.support.factories import ANNA, SELLER, fields, join, put_up
from tests.support.fakes import START, FakeApp
from tests.support.there import there
from tests.support.web import Client, lot_in_words, text

IN_5_HOURS = START + timedelta(hours=5)


def start_of(app: FakeApp) -> datetime:
    (lot,) = app.store.tables.auctions.values()
    return lot.starts_at


def test_a_lots_page_tells_its_times_in_the_zone_of_the_one_who_looks(app: FakeApp) -> None:
    lot = put_up(app, duration_seconds=18_000).auction.id
    join(app, ANNA)
    assert "Ends today 17:00 UTC" in lot_in_words(app, lot, ANNA)
    app.people.set_zone(ANNA, "Asia/Kolkata")
    assert "Ends today 22:30 GMT+5:30" in lot_in_words(app, lot, ANNA)
    app.people.set_zone(ANNA, "Asia/Tokyo")
    assert "Ends tomorrow 02:00 GMT+9" in lot_in_words(app, lot, ANNA)


@pytest.mark.parametrize(
    ("cookie", "told"),
    [
        ("America/Los_Angeles", "Ends today 10:00 GMT-7"),
        ("../../etc/passwd", "Ends today 17:00 UTC"),
        ("x" * 4000, "Ends today 17:00 UTC"),
        ("", "Ends today 17:00 UTC"),
    ],
)
def test_a_visitors_browser_says_the_zone_in_a_cookie(app: FakeApp, cookie: str, told: str) -> None:
    lot, visitor = put_up(app, duration_seconds=18_000).auction.id, Client(app)
    visitor.cookies["starbid_zone"] = cookie
    assert told in text(visitor.get(f"/auction/{lot}"))


def test_the_title_of_a_clock_tells_the_zone_too(app: FakeApp) -> None:
    lot = put_up(app, duration_seconds=18_000).auction.id
    for zone, told in (("Europe/Moscow", "today 20:00 GMT+3"), ("Asia/Tokyo", "tomorrow 02:00 GMT+9")):
        visitor = Client(app)
        visitor.cookies["starbid_zone"] = zone
        assert f'title="{told}"' in visitor.get(f"/auction/{lot}").text


def test_the_live_part_is_another_one_in_another_zone_and_on_another_day(app: FakeApp) -> None:
    lot = put_up(app, duration_seconds=86_400).auction.id
    anna = Client(app).log_in(join(app, ANNA).id)
    tag = anna.get(f"/auction/{lot}/live").headers["etag"]
    app.people.set_zone(ANNA, "Asia/Tokyo")
    moved = anna.get(f"/auction/{lot}/live", headers={"if-none-match": tag})
    assert moved.status == 200
    app.clock.now = datetime(2026, 5, 1, 15, 0, 1, tzinfo=UTC)
    midnight = anna.get(f"/auction/{lot}/live", headers={"if-none-match": moved.headers["etag"]})
    assert 'title="today 21:00 GMT+9"' in midnight.text


# --- the setting ------------------------------------------------------------------------------------------------------


def test_the_browser_tells_the_zone_of_a_person_once(app: FakeApp, seller: Client) -> None:
    assert " data-own data-unkept>" in seller.get("/").text
    assert seller.post_form("/settings/zone", found="1", zone="Asia/Kolkata").status == 204
    assert seller.post_form("/settings/zone", found="1", zone="Europe/Moscow").status == 204
    assert there(app.store.person(SELLER)).zone == "Asia/Kolkata"
    assert '<meta name="zone" content="Asia/Kolkata"' in seller.get("/").text
    assert "data-unkept" not in seller.get("/").text


def test_what_a_browser_says_needs_the_token_and_a_session(app: FakeApp, seller: Client) -> None:
    assert seller.post_form("/settings/zone", csrf=False, found="1", zone="Asia/Kolkata").status == 403
    assert Client(app).post_form("/settings/zone", found="1", zone="Asia/Kolkata").status == 403
    assert there(app.store.person(SELLER)).zone is None


@pytest.mark.parametrize("name", ["../../etc/passwd", "lisbon", "Z" * 1_000_000, "<script>"])
def test_a_hostile_browser_is_refused(app: FakeApp, seller: Client, name: str) -> None:
    assert seller.post_form("/settings/zone", found="1", zone=name).status == 422
    assert there(app.store.person(SELLER)).zone is None


def test_the_settings_say_utc_until_a_zone_is_known_and_take_one_as_people_write_it(
    app: FakeApp, seller: Client
) -> None:
    page = seller.get("/settings")
    assert "Times are shown in: UTC" in text(page)
    assert '<option value="Europe/Lisbon">' in page.text
    assert seller.post_form("/settings/zone", zone="new york").headers["location"] == "/settings"
    changed = seller.get("/settings")
    assert "The time zone is changed." in changed.text
    assert "Times are shown in: America/New_York (GMT-4)" in text(changed)
    assert 'value="America/New_York" placeholder="As this browser says"' in changed.text
    assert seller.post_form("/settings/zone", zone="").status == 303
    assert there(app.store.person(SELLER)).zone is None


def test_a_zone_that_is_none_is_refused_in_words_and_kept_in_the_field(app: FakeApp, seller: Client) -> None:
    refused = seller.post_form("/settings/zone", zone='"><b>' + "Z" * 1_000_000)
    assert refused.status == 422
    assert 'id="zone-fault"' in refused.text
    assert "&#34;&gt;&lt;b&gt;Z" in refused.text
    assert len(refused.text) < 100_000
    assert there(app.store.person(SELLER)).zone is None


# --- starts -----------------------------------------------------------------------------------------------------------


def test_the_form_says_its_zone_and_a_start_is_read_in_it(app: FakeApp, seller: Client) -> None:
    app.people.set_zone(SELLER, "Asia/Kolkata")
    page = seller.get("/new_auction")
    assert "Time zone of the start: Asia/Kolkata (GMT+5:30)" in text(page)
    assert 'name="starts_zone" value="Asia/Kolkata"' in page.text
    answer = seller.post_form("/new_auction", **fields(starts_at="2026-05-01T22:30", starts_zone="Asia/Kolkata"))
    assert start_of(app) == IN_5_HOURS
    assert "Starts today 22:30 GMT+5:30" in text(seller.get(answer.headers["location"]))


def test_a_zone_that_changes_while_the_form_is_open_does_not_move_the_start(app: FakeApp, seller: Client) -> None:
    app.people.set_zone(SELLER, "Asia/Tokyo")
    seller.post_form("/new_auction", **fields(starts_at="2026-05-01T22:30", starts_zone="Asia/Kolkata"))
    assert start_of(app) == IN_5_HOURS


def test_a_form_that_names_no_zone_is_read_in_the_persons(app: FakeApp, seller: Client) -> None:
    app.people.set_zone(SELLER, "America/Los_Angeles")
    seller.post_form("/new_auction", **fields(starts_at="2026-05-01T10:00"))
    assert start_of(app) == IN_5_HOURS


def test_without_a_known_zone_the_form_says_utc_and_means_it(app: FakeApp, seller: Client) -> None:
    page = seller.get("/new_auction")
    assert "Time zone of the start: UTC" in text(page)
    assert 'name="starts_zone" value="UTC" data-unknown' in page.text
    seller.post_form("/new_auction", **fields(starts_at="2026-05-01T17:00", starts_zone="UTC"))
    assert start_of(app) == IN_5_HOURS


@pytest.mark.parametrize(
    ("start", "sentence"),
    [
        ("2026-05-01T17:28", "This time has passed."),
        ("1999-01-01T00:00", "This time has passed."),
        ("2026-06-30T12:00", "Choose a date at most 30 days ahead."),
    ],
)
def test_a_start_that_cannot_be_is_refused_beside_its_field_in_the_zone_of_the_form(
    app: FakeApp, seller: Client, start: str, sentence: str
) -> None:
    refused = seller.post_form("/new_auction", **fields(starts_at=start, starts_zone="Asia/Kolkata"))
    assert refused.status == 422
    assert re.search(rf'id="starts_at-fault" role="alert">{re.escape(sentence)}', refused.text)
    assert f'value="{start}"' in refused.text
    assert 'name="starts_zone" value="Asia/Kolkata"' in refused.text
    assert "Time zone of the start: Asia/Kolkata (GMT+5:30)" in text(refused)
    assert not app.store.tables.auctions


@pytest.mark.parametrize("start", ["2026-05-01T17:30", ""])
def test_the_present_minute_and_no_start_mean_at_once(app: FakeApp, seller: Client, start: str) -> None:
    app.clock.forward(seconds=59)
    seller.post_form("/new_auction", **fields(starts_at=start, starts_zone="Asia/Kolkata"))
    assert start_of(app) == app.now()


@pytest.mark.parametrize("zone", ["../../etc/passwd", "Nowhere/Land", "Z" * 1_000_000])
def test_a_hostile_zone_of_a_form_is_refused(app: FakeApp, seller: Client, zone: str) -> None:
    refused = seller.post_form("/new_auction", **fields(starts_at="2026-05-01T22:30", starts_zone=zone))
    assert refused.status == 422
    assert 'id="starts_at-fault"' in refused.text
    assert 'name="starts_zone" value="UTC"' in refused.text
    assert not app.store.tables.auctions


def test_an_edit_shows_the_start_in_the_zone_and_left_so_it_stays_to_the_second(app: FakeApp, seller: Client) -> None:
    app.people.set_zone(SELLER, "America/St_Johns")
    start = START + timedelta(days=1, seconds=37)
    lot = put_up(app, SELLER, starts_at=start.isoformat()).auction.id
    assert 'value="2026-05-02T09:30"' in seller.get(f"/auction/{lot}/edit").text
    shown = fields(title="Better", starts_at="2026-05-02T09:30", starts_zone="America/St_Johns")
    assert seller.post_form(f"/auction/{lot}/edit", **shown).status == 303
    assert start_of(app) == start
    app.clock.now = start + timedelta(minutes=5)
    assert seller.post_form(f"/auction/{lot}/edit", **shown | {"title": "Late"}).status == 303, "it has begun meanwhile"
    assert start_of(app) == start


def test_a_program_names_its_offset_or_means_utc_and_a_past_start_is_refused(app: FakeApp, seller: Client) -> None:
    app.people.set_zone(SELLER, "Asia/Kolkata")
    for start in ("2026-05-01T17:00", "2026-05-01T22:30+05:30"):
        made = seller.post("/api/v1/auctions", fields(starts_at=start))
        assert (made.status, made.json["starts_at"]) == (201, "2026-05-01T17:00:00.000Z")
    refused = seller.post("/api/v1/auctions", fields(starts_at="2026-05-01T11:58:59Z"))
    assert refused.status == 422
    assert "Start: this time has passed." in refused.text
