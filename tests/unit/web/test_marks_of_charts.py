"""Numbers beside charts: no two marks of a scale say the same, and a fraction has the reader's decimal mark."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from starbid.domain.money import CURRENCIES
from starbid.i18n import language
from starbid.services.balance_days import BalanceDays
from web.admin.board.card import short
from web.shared.charts.scale import scale_of
from web.wallet.balance_chart import balance_card

DAY = date(2026, 5, 1)


def marks_of(most: int, currency: str, code: str) -> list[str]:
    """Beside the chart of a wallet, from below."""
    days = tuple(DAY + timedelta(days=number) for number in range(3))
    card = balance_card(BalanceDays(days, (0, most, 0), frozenset(days)), currency, language(code))
    assert card
    return re.findall('<text class="mark"[^>]*>([^<]*)</text>', card.chart)


@pytest.mark.parametrize(("code", "marks"), [("en", ["0", "0.50", "1", "1.50"]), ("ru", ["0", "0,50", "1", "1,50"])])
def test_half_a_rouble_beside_the_chart_of_a_wallet_is_written_as_the_reader_does(code: str, marks: list[str]) -> None:
    assert marks_of(150, "RUB", code) == marks


def test_marks_of_stars_are_whole() -> None:
    assert marks_of(1500, "XTR", "ru") == ["0", "500", "1\u202f000", "1\u202f500"]


@pytest.mark.parametrize(("most", "marks"), [
    (3, ["0", "0,01", "0,02", "0,03"]),
    (8, ["0", "0,05", "0,1"]),
    (15, ["0", "0,05", "0,1", "0,15"]),
    (60, ["0", "0,2", "0,4", "0,6"]),
    (150, ["0", "0,5", "1", "1,5"]),
    (150_000, ["0", "500", "1 тыс.", "1,5 тыс."]),
])  # fmt: skip
def test_marks_of_the_dashboard_are_as_short_as_they_can_be(most: int, marks: list[str]) -> None:
    said = [short(mark, 100, language("ru")) for mark in scale_of([most]).marks]
    assert [re.sub(r"\s", " ", text) for text in said] == marks


@pytest.mark.parametrize("currency", sorted(CURRENCIES))
def test_no_two_marks_say_the_same(currency: str) -> None:
    units, words = CURRENCIES[currency].minor_units, language("en")
    for most in [*range(1, 1200), *(factor * 10**power for power in range(3, 12) for factor in range(1, 10))]:
        for low in (0, -most // 3, -most):
            marks = scale_of([low, most]).marks
            assert len({short(mark, units, words) for mark in marks}) == len(marks), (low, most)
