"""What providers may write, and what is read in it."""

from __future__ import annotations

from contextlib import suppress
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.billing import wire
from starbid.domain.money import MAX_AMOUNT, Money

ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
)


@given(st.binary())
def test_any_bytes_are_an_object_or_a_value_error(raw: bytes) -> None:
    with suppress(ValueError):
        assert isinstance(wire.parsed(raw), dict)


@given(ANYTHING)
def test_anything_is_an_amount_of_a_fitting_size_or_a_value_error(value: Any) -> None:
    try:
        read = wire.amount(value)
    except ValueError:
        return
    assert 0 <= read < 10**wire.MOST_DIGITS
    assert len(str(read)) <= 2 * wire.MOST_DIGITS + 1
    assert "E" not in str(read) or read < 1


@given(ANYTHING)
def test_anything_is_a_text_that_can_be_kept_or_a_value_error(value: Any) -> None:
    for read in (wire.text, wire.address, wire.their_id):
        try:
            assert read(value).encode()
        except ValueError:
            continue


@given(st.integers(0, MAX_AMOUNT))
def test_what_is_written_is_read_as_the_same(minor: int) -> None:
    written = wire.written(Money(minor, "RUB"))
    assert wire.amount(written) * 100 == minor
    assert wire.amount(wire.parsed(f'{{"a": {written}}}'.encode())["a"]) * 100 == minor


READ = [
    *((500, "500.00"), ("500", "500.00"), ("500.5", "500.50"), ("0.001", "0.001")),
    *((Decimal("5E+2"), "500.00"), (0, "0.00")),
]


@pytest.mark.parametrize(("value", "read"), READ)
def test_an_amount_has_two_decimals_at_least(value: Any, read: str) -> None:
    assert str(wire.amount(value)) == read


@pytest.mark.parametrize("value", [7, "7", "007", 10**12])
def test_an_id_of_theirs_is_a_number(value: Any) -> None:
    assert wire.their_id(value) == str(value)


@pytest.mark.parametrize("value", [-7, 7.5, True, None, "", "7a", "²", "٣", "9" * 201, [7]])
def test_what_is_no_number_is_no_id(value: Any) -> None:
    with pytest.raises(ValueError, match="no"):
        wire.their_id(value)


BEYOND = [b"9" * 5000, b"Infinity", b"NaN", b"1e999999999999999999999", b"-1e9", b"1e-99", b"1e15"]


@pytest.mark.parametrize("written", BEYOND, ids=range(len(BEYOND)))
def test_a_number_beyond_all_bills_is_no_amount(written: bytes) -> None:
    with pytest.raises(ValueError, match=r"no |Exceeds"):
        wire.amount(wire.parsed(b'{"a": ' + written + b"}")["a"])
