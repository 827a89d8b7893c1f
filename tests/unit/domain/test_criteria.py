"""What somebody looks for: as an address says it, with prices of one currency, and which lots fit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.criteria import LONGEST, SORTS, WITHIN, Criteria, Looking, clean_text, query_of, read_query
from starbid.domain.kinds import KINDS
from starbid.domain.lots import CATEGORIES
from starbid.domain.money import CURRENCIES, Money
from starbid.domain.typed_numbers import typed_range
from tests.support.factories import xtr

AMOUNTS = st.none() | st.integers(1, 10**10)


@st.composite
def lists(draw: st.DrawFn) -> Looking:
    currency = draw(st.sampled_from([None, *CURRENCIES]))
    criteria = Criteria(
        clean_text(draw(st.text(max_size=120))),
        draw(st.sampled_from([None, *CATEGORIES])),
        draw(st.sampled_from([None, *KINDS])),
        currency,
    )
    bounds = [Money(amount, currency or "XTR") if amount else None for amount in (draw(AMOUNTS), draw(AMOUNTS))]
    return Looking(criteria.priced(*bounds), draw(st.sampled_from(SORTS)), draw(st.sampled_from((0, *WITHIN))))


@given(lists())
def test_a_list_is_read_from_its_address_as_it_was(looking: Looking) -> None:
    assert read_query(query_of(looking)) == looking


@given(
    st.dictionaries(st.sampled_from(["q", "category", "type", "currency", "min_price", "sort", "within"]), st.text())
)
def test_an_address_that_nobody_made_is_a_list_all_the_same(query: dict[str, str]) -> None:
    looking = read_query(query)
    assert len(looking.criteria.text) <= LONGEST
    assert read_query(query_of(looking)) == looking


def test_prices_are_turned_and_bring_their_currency() -> None:
    assert Criteria().priced(xtr(500), xtr(100)) == Criteria(currency="XTR", min_price=100, max_price=500)
    assert Criteria(currency="RUB").priced(None, None) == Criteria(currency="RUB")


def test_prices_go_with_their_currency() -> None:
    stars = Criteria(currency="XTR", min_price=100)
    assert stars.in_currency("RUB") == Criteria(currency="RUB")
    assert stars.in_currency("XTR") == stars


@pytest.mark.parametrize(
    ("amount", "fits"), [(99, False), (100, True), (300, True), (500, True), (501, False)]
)  # both bounds are in it
def test_bounds_are_part_of_what_fits(amount: int, fits: bool) -> None:
    wanted = Criteria(category="art", kind="english", currency="XTR", min_price=100, max_price=500)
    assert wanted.admits("art", "english", xtr(amount)) is fits
    assert not wanted.admits("books", "english", xtr(300))
    assert not wanted.admits("art", "dutch", xtr(300))
    assert not wanted.admits("art", "english", Money(300, "RUB"))


@pytest.mark.parametrize("text", ["", "  \n", "\u200b\u200b", "\ud800", "\x00"])
def test_a_text_that_shows_nothing_or_cannot_be_kept_is_none(text: str) -> None:
    assert clean_text(text) == ""


@pytest.mark.parametrize(
    ("text", "least", "most"),
    [
        ("500", None, 500),
        ("-500", None, 500),
        ("100-", 100, None),
        ("100 — 500", 100, 500),
        ("1 000..2 000", 1000, 2000),
        ("⭐100-⭐500", 100, 500),
        ("١٠٠-٥٠٠", 100, 500),
    ],
)
def test_prices_are_typed_with_a_dash_between_them(text: str, least: int | None, most: int | None) -> None:
    assert typed_range(text, "XTR") == (xtr(least) if least else None, xtr(most) if most else None)


@pytest.mark.parametrize("text", ["", "-", "—", "1e3", "1-2-3", "a-5", "5-a", "1.5", "--5", "½", "10" * 30])
def test_what_is_no_price_is_none(text: str) -> None:
    assert typed_range(text, "XTR") is None
