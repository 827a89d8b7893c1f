"""Numbers as people type them: one grammar, in the chat and on the site."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.money import CURRENCIES, MAX_AMOUNT, XTR, Money
from starbid.domain.typed_numbers import amount_coded, amount_typed, typed_amount, typed_digits, typed_whole
from starbid.i18n import language

EVERY = [chr(code) for code in range(sys.maxunicode + 1)]
SPACES = [mark for mark in EVERY if unicodedata.category(mark) == "Zs"]
DIGITS = {mark: unicodedata.decimal(mark) for mark in EVERY if unicodedata.category(mark) == "Nd"}
ZEROS = [zero for zero, value in DIGITS.items() if value == 0]
"""Of every script that there is."""
amounts = st.integers(0, 10**11 - 1)
spaces = st.sampled_from(SPACES)
zeros = st.sampled_from(ZEROS)
margins = st.sampled_from(["", " ", "\u00a0", "\n", "\u3000\t"])
ALL_IN_ONE = st.sampled_from([*CURRENCIES])


def grouped(number: int, kinds: list[str]) -> str:
    first, *rest = f"{number:,}".split(",")
    return first + "".join(f"{kinds[at % len(kinds)]}{group}" for at, group in enumerate(rest))


def in_script(text: str, zero: str) -> str:
    return "".join(chr(ord(zero) + int(mark)) if mark in "0123456789" else mark for mark in text)


@given(amounts, st.lists(spaces, min_size=1, max_size=4), zeros, margins)
def test_a_whole_number_is_read_in_any_script_with_and_without_any_spaces(
    number: int, kinds: list[str], zero: str, margin: str
) -> None:
    for text in (in_script(str(number), zero), in_script(grouped(number, kinds), zero)):
        assert typed_whole(f"{margin}{text}{margin}") == number
        assert typed_amount(f"{margin}{text}{margin}", XTR) == Money(number, XTR)
        assert typed_amount(text, "RUB") == Money(number * 100, "RUB")


@given(amounts, st.integers(0, 99), spaces, st.sampled_from(".,\u066b"), zeros)
def test_minor_units_are_read_where_the_currency_has_them(
    whole: int, minor: int, space: str, point: str, zero: str
) -> None:
    for text in (f"{whole}{point}{minor:02}", f"{grouped(whole, [space])}{point}{minor:02}"):
        assert typed_amount(in_script(text, zero), "EUR") == Money(whole * 100 + minor, "EUR")
        assert typed_amount(in_script(text, zero), XTR) is None
        assert typed_whole(in_script(text, zero)) is None


@given(st.integers(0, MAX_AMOUNT), ALL_IN_ONE, st.sampled_from(["en", "ru"]), margins)
def test_what_we_print_is_read_as_we_meant_it(minor: int, currency: str, code: str, margin: str) -> None:
    money = Money(minor, currency)
    printed = language(code).money(money)
    assert typed_amount(f"{margin}{printed}{margin}", currency) == money
    others = {other for other in CURRENCIES if other != currency}
    assert {typed_amount(printed, other) for other in others} == {None}


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1 250,50", "RUB", 125_050),
        ("1\u00a0250.5", "EUR", 125_050),
        ("500 \u20bd", "RUB", 50_000),
        ("$5", "USD", 500),
        ("\u2b50\ufe0f 1 250", XTR, 1250),
        ("1250 \u2b50", XTR, 1250),
        ("\u0661\u0662\u0663\u066b\u0665", "EUR", 12_350),
        ("\uff11\u3000\uff12\uff15\uff10", XTR, 1250),
    ],
)
def test_amounts_as_they_come_from_keyboards_and_clipboards(text: str, currency: str, minor: int) -> None:
    assert typed_amount(text, currency) == Money(minor, currency)


@given(st.text(alphabet="0123456789 .,-+\u00a0\u0661\u0662e\u00b2_\u066b\u2b50\u20bd", max_size=24), ALL_IN_ONE)
def test_what_is_read_is_what_was_typed(text: str, currency: str) -> None:
    """The digits that were typed are those of the amount: nothing is guessed."""
    read = typed_amount(text, currency)
    if read is not None:
        bare = text.strip().strip("\u2b50\u20bd").strip()
        digits = "".join(str(DIGITS[mark]) for mark in bare if mark in DIGITS)
        groups = bare.replace(",", "") if bare.count(",") and "." in bare else bare
        behind = groups.replace(",", ".").replace("\u066b", ".").partition(".")[2]
        assert int(digits) * CURRENCIES[currency].minor_units == read.amount * 10 ** len(behind)


@given(st.text(max_size=40) | st.text(alphabet="0123456789., \u00a0", max_size=40))
def test_no_text_is_too_odd(text: str) -> None:
    read = typed_whole(text)
    assert read is None or 0 <= read < 10**13


@pytest.mark.parametrize("mark", [mark for mark in EVERY if mark.isdigit() and mark not in DIGITS])
def test_a_digit_that_is_no_number_by_itself_is_no_digit(mark: str) -> None:
    """Superscripts, circled digits: `isdigit` says yes, and `int` fails."""
    assert typed_whole(mark) is None
    assert typed_whole(f"1{mark}") is None


@pytest.mark.parametrize(
    "text",
    ["", " ", "1.250,50", "1,250.50", "1.250", "1,250", "12 50", "1 5", "50 60", "1 2500", "1  250", "1 250 00",
     "1\t250", "1\n250", "1\u200b250", "1_250", "1'250", "1\u066c250", "-5", "+5", "\u22125", "1e3", "0x10", "\u00bd",
     "\u216b", "\u4e94", "5.", ".5", "5,5,5", "1.234", "1" * 14, "five", "5 stars", "\u0661\u06f2", "1\u0662",
     "\uff11 250", "$", "$$5", "$5$", "-$5", "$-5", "$1,250", "$12,50.00", "$1.250,50", "5%"],
)  # fmt: skip
def test_what_can_be_read_in_two_ways_or_is_no_number_is_not_read(text: str) -> None:
    assert typed_amount(text, "USD") is None
    assert typed_whole(text) is None


def test_an_unknown_currency_has_no_amounts() -> None:
    assert typed_amount("5", "BTC") is None


@pytest.mark.parametrize(
    "text", ["123456", "12 34-56", " \u0661\u0662\u0663\u0664\u0665\u0666", "\uff11\uff12\uff13456"]
)
def test_a_code_is_its_digits(text: str) -> None:
    assert typed_digits(text) == "123456"


@pytest.mark.parametrize(
    ("amount", "typed", "coded"),
    [
        (Money(0, "RUB"), "0", "0.00 RUB"),
        (Money(1, "RUB"), "0.01", "0.01 RUB"),
        (Money(50_000, "RUB"), "500", "500.00 RUB"),
        (Money(10_550, "EUR"), "105.50", "105.50 EUR"),
        (Money(-150, "RUB"), "-1.50", "-1.50 RUB"),
        (Money(-5, "RUB"), "-0.05", "-0.05 RUB"),
        (Money(MAX_AMOUNT, "USD"), "10000000000", "10000000000.00 USD"),
        (Money(10_550, XTR), "10550", "10550 XTR"),
        (Money(-5, XTR), "-5", "-5 XTR"),
    ],
)
def test_an_amount_is_written_in_whole_units_beside_its_code_with_all_decimals(
    amount: Money, typed: str, coded: str
) -> None:
    assert (amount_typed(amount), amount_coded(amount)) == (typed, coded)
