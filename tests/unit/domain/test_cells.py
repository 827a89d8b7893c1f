"""Lines of CSV, read by a reader that is not ours; texts that no spreadsheet runs."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.cells import csv_line, moment, safe

FORMULAS = (
    '=HYPERLINK("https://evil.example","click")',
    "+1",
    "-1+2",
    "@x",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\t=1",
    "\tplain",
    "\r=1",
    "\rplain",
    "\n=1",
    "\nplain",
    "  =1",
    "\N{NO-BREAK SPACE}=1",
    "\N{ZERO WIDTH SPACE}=1",
    "\N{ZERO WIDTH NO-BREAK SPACE}=1",
    "\N{RIGHT-TO-LEFT MARK}+1",
    "\x00=1",
    "＝1",
    "＋1",
    "－1",
    "＠x",
)


def read(line: str) -> list[str]:
    (cells,) = csv.reader(io.StringIO(line, newline=""), strict=True)
    return cells


@pytest.mark.parametrize("text", FORMULAS)
def test_what_could_run_has_an_apostrophe_before_it(text: str) -> None:
    assert safe(text) == f"'{text}"
    assert read(csv_line([text])) == [f"'{text}"]


@pytest.mark.parametrize(
    "text",
    ["", "Anna", "a=b", "5-3", "a, -5", "Анна 🦊", "'=1", 'say "hi"', "a;b", "2026-05-01", "x@example.org", "🦊=1"],
)
def test_what_cannot_run_stays_as_it_is(text: str) -> None:
    assert safe(text) == text
    assert read(csv_line([text, 5])) == [text, "5"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a;=cmd", "a;'=cmd"),
        ("a\t+1", "a\t'+1"),
        ("a\n=1", "a\n'=1"),
        ("a\r\n@x", "a\r\n'@x"),
        ("a; -1; =2", "a; '-1; '=2"),
    ],
)
def test_who_reads_it_with_another_separator_runs_nothing_either(text: str, told: str) -> None:
    assert safe(text) == told


def test_numbers_are_numbers_and_below_zero_too() -> None:
    assert csv_line([-5, 0, 10**18]) == "-5,0,1000000000000000000\r\n"


def test_quotes_commas_and_line_breaks_stay_within_their_cell() -> None:
    texts = ['a "b" c', "a,b", "one\r\ntwo", "x\ny", '"', ",", '","', ""]
    assert read(csv_line(texts)) == texts


@given(st.lists(st.text(), min_size=1))
def test_every_text_is_read_as_its_safe_form(texts: list[str]) -> None:
    line = csv_line([*texts, "end"])
    assert read(line) == [*map(safe, texts), "end"]
    assert safe(json.loads(json.dumps(texts[0]))).strip()[:1] not in tuple("=+-@")


def test_times_are_iso_8601_in_utc() -> None:
    at = datetime(2026, 5, 1, 15, 0, 0, 5000, tzinfo=timezone(timedelta(hours=3)))
    assert moment(at) == "2026-05-01T12:00:00.005Z"
    assert moment(datetime(2026, 5, 1, tzinfo=UTC)) == "2026-05-01T00:00:00.000Z"
    assert moment(None) == ""
