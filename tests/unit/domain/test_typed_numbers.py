"""Numbers as people type them: one grammar, in the chat and on the site."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.money import CURRENCIES, XTR, Money
from starbid.domain.typed_numbers import typed_amount, typed_whole

SPACES = " \u00a0\u2009\u202f"
amounts = st.integers(0, 10**11 - 1)
spaces = st.sampled_from(SPACES)
margins = st.sampled_from(["", " ", "\u00a0", "\n"])


def grouped(number: int, space: str) -> str:
    return f"{number:,}".replace(",", space)


@given(amounts, spaces, margins)
def test_a_whole_number_is_read_with_and_without_spaces(number: int, space: str, margin: str) -> None:
    for text in (str(number), grouped(number, space)):
        assert typed_whole(f"{margin}{text}{margin}") == number
        assert typed_amount(text, XTR) == Money(number, XTR)
        assert typed_amount(text, "RUB") == Money(number * 100, "RUB")


@given(amounts, st.integers(0, 99), spaces, st.sampled_from(".,"))
def test_minor_units_are_read_where_the_currency_has_them(whole: int, minor: int, space: str, point: str) -> None:
    for text in (f"{whole}{point}{minor:02}", f"{grouped(whole, space)}{point}{minor:02}"):
        assert typed_amount(text, "EUR") == Money(whole * 100 + minor, "EUR")
        assert typed_amount(text, XTR) is None
        assert typed_whole(text) is None


@given(st.text(alphabet="0123456789 .,-+\u00a0\u0661e", max_size=24), st.sampled_from([*CURRENCIES]))
def test_what_is_read_is_what_was_typed(text: str, currency: str) -> None:
    """The digits that were typed are those of the amount: nothing is guessed."""
    read = typed_amount(text, currency)
    if read is not None:
        digits = [character for character in text if character.isdigit()]
        typed = text.strip().replace(",", ".").partition(".")[2]
        assert int("".join(digits)) * CURRENCIES[currency].minor_units == read.amount * 10 ** len(typed)


@given(st.text(max_size=40) | st.text(alphabet="0123456789., \u00a0", max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    read = typed_whole(text)
    assert read is None or 0 <= read < 10**13


@pytest.mark.parametrize(
    "text",
    ["", " ", "1.250,50", "1,250.50", "1.250", "1,250", "12 50", "1 2500", "1 250\u00a0000", "1  250", "1 250 00",
     "1'250", "-5", "+5", "1e3", "0x10", "٣", "½", "5.", ".5", "5,5,5", "1.234", "1" * 14, "five"],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_is_not_read(text: str) -> None:
    assert typed_amount(text, "RUB") is None
    assert typed_whole(text) is None


def test_an_unknown_currency_has_no_amounts() -> None:
    assert typed_amount("5", "BTC") is None
