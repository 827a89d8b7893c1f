"""A seller's input becomes a lot, or every fault in it is named (spec, section 5, "/new_auction")."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from starbid.domain.errors import InvalidFields
from starbid.domain.lots import CATEGORIES, Draft, read_draft
from starbid.domain.money import MAX_AMOUNT, Money
from tests.support.factories import draft, fields, xtr
from tests.support.fakes import START

MONTH = 30 * 86_400


def faults(**changes: object) -> dict[str, str]:
    """Reasons by field."""
    with pytest.raises(InvalidFields) as refusal:
        read_draft(fields(**changes), START, min_seconds=60)
    return {error.field: error.reason for error in refusal.value.errors}


def test_a_draft_with_only_what_is_needed_takes_sane_defaults() -> None:
    made = read_draft({"title": "A lamp", "description": "x", "start_price": 100, "duration_seconds": 3600}, START, 60)
    assert (made.category, made.goods, made.starts_at, made.duration) == ("other", "digital", None, timedelta(hours=1))
    terms = made.terms
    assert (terms.kind, terms.start_price) == ("english", xtr(100))
    assert (terms.reserve_price, terms.buy_now_price, terms.bid_step) == (None, None, None)
    assert (terms.extend_seconds, terms.max_extension_seconds) == (120, 7200)


def test_blank_optional_fields_count_as_left_out() -> None:
    assert draft(reserve_price="", buy_now_price=None, bid_step="", starts_at="", extend_seconds="") == draft()


def test_physical_goods_are_priced_in_minor_units_of_a_fiat_currency() -> None:
    made = draft(goods="physical", currency="RUB", start_price=150_000)
    assert made.terms.start_price == Money(150_000, "RUB")


@pytest.mark.parametrize(("goods", "currency"), [("digital", "RUB"), ("physical", "XTR")])
def test_digital_goods_go_for_stars_only_and_physical_ones_never(goods: str, currency: str) -> None:
    assert faults(goods=goods, currency=currency) == {"currency": "goods"}


def test_all_faults_are_named_at_once() -> None:
    with pytest.raises(InvalidFields) as refusal:
        read_draft({}, START, 60)
    assert {error.field for error in refusal.value.errors} == {
        "title",
        "description",
        "start_price",
        "duration_seconds",
    }
    assert {error.reason for error in refusal.value.errors} == {"required"}


@pytest.mark.parametrize("field", ["title", "description", "start_price", "duration_seconds"])
@pytest.mark.parametrize("nothing", [None, ""])
def test_a_field_that_is_needed_is_missed(field: str, nothing: str | None) -> None:
    assert faults(**{field: nothing}) == {field: "required"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("title", "ab"),
        ("title", "x" * 81),
        ("title", "  ab  "),
        ("title", "     "),
        ("description", "   "),
        ("description", "x" * 4001),
    ],
)
def test_texts_have_their_lengths(field: str, value: str) -> None:
    assert faults(**{field: value}) == {field: "length"}


def test_texts_of_exactly_the_limits_pass() -> None:
    assert draft(title="abc", description="x").title == "abc"
    assert len(draft(title="ж" * 80, description="ж" * 4000).description) == 4000


def test_line_ends_of_a_browser_count_once() -> None:
    assert draft(description="a\r\nb").description == "a\nb"


@pytest.mark.parametrize("value", [5, ["a", "b", "c"], {"a": 1}, True, 1.5, "nul\x00", json.loads('"\\ud83d half"')])
@pytest.mark.parametrize("field", ["title", "description"])
def test_a_text_is_text_that_can_be_kept(field: str, value: object) -> None:
    assert faults(**{field: value}) == {field: "text"}


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\nlamp\t of\u2028the sea", "a lamp of the sea"),
        ("\x1b[31mred\x07", "[31mred"),
        ("cheap \u202eeerf\u2066", "cheap eerf"),
        ("می\u200cخواهم", "می\u200cخواهم"),
    ],
)
def test_a_title_is_one_line_that_cannot_turn_round_the_words_after_it(typed: str, kept: str) -> None:
    assert draft(title=typed).title == kept


@pytest.mark.parametrize("typed", ["\u200b" * 5, "\u200b \u2060 \u200b", "a\x00b", "\u202e\u202e\u202eab"])
def test_a_title_that_nobody_could_read_is_none(typed: str) -> None:
    assert set(faults(title=typed)) == {"title"}


def test_a_whole_emoji_is_welcome() -> None:
    assert draft(title="lamp \N{ELECTRIC LIGHT BULB}").title.endswith("\N{ELECTRIC LIGHT BULB}")


@pytest.mark.parametrize("field", ["category", "goods", "type", "currency"])
@pytest.mark.parametrize("value", ["nonsense", 5, ["art"], True, "XTR ", "English"])
def test_a_choice_is_one_of_the_list(field: str, value: object) -> None:
    assert faults(**{field: value})[field] == "choice"


@pytest.mark.parametrize("kind", ["japanese", "English", "sealed "])
def test_kinds_that_do_not_exist_cannot_be_chosen(kind: str) -> None:
    assert faults(type=kind) == {"type": "choice"}


@pytest.mark.parametrize("category", CATEGORIES)
def test_every_category_can_be_chosen(category: str) -> None:
    assert draft(category=category).category == category


NOT_WHOLE = [
    "1.5",
    1.5,
    1.0,
    "text",
    "1e3",
    "-5",
    "+5",
    "0x10",
    "1 000",
    "1,000",
    "٣٤",
    "５０",
    "²",
    True,
    [],
    {},
    "9" * 40,
]
AMOUNTS = ["start_price", "reserve_price", "buy_now_price", "bid_step"]


@pytest.mark.parametrize("value", NOT_WHOLE)
@pytest.mark.parametrize("field", [*AMOUNTS, "duration_seconds", "extend_seconds", "max_extension_seconds"])
def test_a_number_is_a_whole_one_in_plain_digits(field: str, value: object) -> None:
    assert faults(**{field: value}) == {field: "whole"}


@pytest.mark.parametrize("value", [0, -1, MAX_AMOUNT + 1, 10**30])
@pytest.mark.parametrize("field", AMOUNTS)
def test_an_amount_is_positive_and_not_enormous(field: str, value: object) -> None:
    assert faults(**{field: value}) == {field: "range"}


def test_the_largest_amount_passes() -> None:
    assert draft(start_price=MAX_AMOUNT).terms.start_price == xtr(MAX_AMOUNT)


def test_a_reserve_below_the_start_price_is_refused() -> None:
    assert faults(reserve_price=99) == {"reserve_price": "below_start"}
    assert draft(reserve_price=100).terms.reserve_price == xtr(100)


def test_a_buy_now_price_below_the_reserve_is_refused() -> None:
    assert faults(reserve_price=200, buy_now_price=199) == {"buy_now_price": "below_reserve"}
    assert draft(reserve_price=200, buy_now_price=200).terms.buy_now_price == xtr(200)


def test_a_buy_now_price_below_the_start_price_is_refused() -> None:
    assert faults(buy_now_price=99) == {"buy_now_price": "below_start"}
    assert draft(buy_now_price=100).terms.buy_now_price == xtr(100)


def test_a_reserve_and_a_buy_now_price_may_be_wrong_together() -> None:
    assert set(faults(reserve_price=99, buy_now_price=50)) == {"reserve_price", "buy_now_price"}


@pytest.mark.parametrize(
    ("field", "least", "most"),
    [("duration_seconds", 60, MONTH), ("extend_seconds", 0, 3600), ("max_extension_seconds", 0, 86_400)],
)
def test_times_have_their_limits(field: str, least: int, most: int) -> None:
    for seconds in (least, most):
        changes: dict[str, Any] = {field: seconds}
        assert isinstance(draft(**changes), Draft)
    assert faults(**{field: least - 1}) == {field: "range"}
    for far in (most + 1, 10**30, -(10**30)):
        assert faults(**{field: far}) == {field: "range"}


def test_the_shortest_duration_is_that_of_the_configuration() -> None:
    assert read_draft(fields(duration_seconds=5), START, min_seconds=5).duration == timedelta(seconds=5)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("2026-05-02T18:00", datetime(2026, 5, 2, 18, tzinfo=UTC)),
        ("2026-05-02T18:00:00Z", datetime(2026, 5, 2, 18, tzinfo=UTC)),
        ("2026-05-02T18:00:00+03:00", datetime(2026, 5, 2, 15, tzinfo=UTC)),
        ("2026-05-02T18:00:00.123987", datetime(2026, 5, 2, 18, microsecond=123_000, tzinfo=UTC)),
    ],
)
def test_a_start_is_read_as_utc_unless_it_says_otherwise(typed: str, meant: datetime) -> None:
    assert draft(starts_at=typed).starts_at == meant


@pytest.mark.parametrize("typed", ["2026-05-01T12:00", "2026-05-01T11:59:00.001", "2026-05-01T14:59:30+03:00", ""])
def test_a_start_in_the_last_minute_means_at_once_as_none_does(typed: str) -> None:
    assert draft(starts_at=typed).starts_at is None


@pytest.mark.parametrize("typed", ["2026-05-01T11:59", "2026-05-01T14:58+03:00", "1999-01-01T00:00"])
def test_a_start_that_has_passed_is_refused(typed: str) -> None:
    assert faults(starts_at=typed) == {"starts_at": "past"}


@pytest.mark.parametrize(
    ("zone", "typed", "meant"),
    [
        ("Asia/Kolkata", "2026-05-02T18:00", datetime(2026, 5, 2, 12, 30, tzinfo=UTC)),
        ("America/Los_Angeles", "2026-05-01T23:30", datetime(2026, 5, 2, 6, 30, tzinfo=UTC)),
        ("Asia/Kolkata", "2026-05-02T18:00:00Z", datetime(2026, 5, 2, 18, tzinfo=UTC)),
    ],
)
def test_a_start_without_a_zone_is_read_in_that_of_its_form(zone: str, typed: str, meant: datetime) -> None:
    assert read_draft(fields(starts_at=typed), START, 60, ZoneInfo(zone)).starts_at == meant


@pytest.mark.parametrize(("zone", "at"), [("Asia/Tokyo", "2026-05-01T20:59"), ("America/New_York", "2026-05-01T07:59")])
def test_a_start_has_passed_by_the_clocks_of_its_zone(zone: str, at: str) -> None:
    with pytest.raises(InvalidFields) as refusal:
        read_draft(fields(starts_at=at), START, 60, ZoneInfo(zone))
    assert [error.reason for error in refusal.value.errors] == ["past"]


BEFORE_DST = datetime(2026, 3, 28, 12, tzinfo=UTC)
"""In Berlin clocks go from 2:00 to 3:00 on 29 March 2026, and from 3:00 to 2:00 on 25 October."""


@pytest.mark.parametrize("typed", ["2026-03-29T02:00", "2026-03-29T02:30", "2026-03-29T02:59:59"])
def test_a_start_that_the_clocks_skip_is_refused(typed: str) -> None:
    with pytest.raises(InvalidFields) as refusal:
        read_draft(fields(starts_at=typed), BEFORE_DST, 60, ZoneInfo("Europe/Berlin"))
    assert [error.reason for error in refusal.value.errors] == ["skipped"]


@pytest.mark.parametrize(("typed", "hour"), [("2026-03-29T01:59", 0), ("2026-03-29T03:00", 1)])
def test_what_is_beside_the_skipped_hour_is_meant_as_it_is_typed(typed: str, hour: int) -> None:
    made = read_draft(fields(starts_at=typed), BEFORE_DST, 60, ZoneInfo("Europe/Berlin"))
    assert made.starts_at
    assert (made.starts_at.day, made.starts_at.hour) == (29, hour)


def test_of_a_start_that_the_clocks_show_twice_the_first_is_meant() -> None:
    now = datetime(2026, 10, 24, 12, tzinfo=UTC)
    made = read_draft(fields(starts_at="2026-10-25T02:30"), now, 60, ZoneInfo("Europe/Berlin"))
    assert made.starts_at == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_start_that_a_form_shows_to_the_minute_stays_as_it_is() -> None:
    told, zone = START + timedelta(seconds=37, milliseconds=123), ZoneInfo("Asia/Kolkata")
    assert read_draft(fields(starts_at="2026-05-01T17:30"), START, 60, zone, told).starts_at == told
    assert read_draft(fields(starts_at="2026-05-01T12:00Z"), START, 60, zone, told).starts_at == told
    later = told + timedelta(hours=2)
    assert read_draft(fields(starts_at="2026-05-01T17:30"), later, 60, zone, told).starts_at is None, "it has begun"


def test_the_second_of_two_same_hours_stays_the_second() -> None:
    now, told = datetime(2026, 10, 24, 12, tzinfo=UTC), datetime(2026, 10, 25, 1, 30, tzinfo=UTC)
    made = read_draft(fields(starts_at="2026-10-25T02:30"), now, 60, ZoneInfo("Europe/Berlin"), told)
    assert made.starts_at == told


def test_a_start_is_at_most_thirty_days_ahead() -> None:
    assert draft(starts_at="2026-05-31T12:00").starts_at is not None
    assert faults(starts_at="2026-05-31T12:00:01") == {"starts_at": "too_far"}


@pytest.mark.parametrize(
    "typed",
    [
        "tomorrow",
        "2026-13-01T00:00",
        "18:00",
        5,
        20260502,
        True,
        [],
        "0001-01-01T00:00:00+14:00",
        "9999-12-31T23:59:59-14:00",
        "2026-05-02T18:00+99:00",
    ],
)
def test_a_start_that_is_no_moment_is_refused(typed: object) -> None:
    assert faults(starts_at=typed) == {"starts_at": "time"}


@pytest.mark.parametrize("value", ["100", " 100 ", "1 000", True, 100.0, [100], "\u0661\u0660\u0660"])
@pytest.mark.parametrize("field", ["start_price", "reserve_price", "duration_seconds", "extend_seconds"])
def test_a_number_is_a_number_of_json_and_no_text(field: str, value: object) -> None:
    """What people type is read before: a program has no excuse."""
    assert faults(**{field: value}) == {field: "whole"}


def test_what_contradicts_is_told_together_with_what_is_missing() -> None:
    typed: dict[str, object] = {"type": "dutch", "start_price": 10, "floor_price": 11, "duration_seconds": 86_400}
    with pytest.raises(InvalidFields) as told:
        read_draft(typed, START, 300)
    assert ("floor_price", "above_start") in {(fault.field, fault.reason) for fault in told.value.errors}
    assert ("title", "required") in {(fault.field, fault.reason) for fault in told.value.errors}
