"""Quotes in an answer about a lot: only what the lot says."""

from __future__ import annotations

import pytest

from starbid.domain.assistant.citing import cited

LOT = "A brass lamp", "Made in 1950. Works\nwell."


@pytest.mark.parametrize(
    "quote", ["> Made in 1950.", "> «made in  1950.»", "> Works well.", "  >  A BRASS LAMP", "> **Made in 1950.**"]
)
def test_what_the_lot_says_stays(quote: str) -> None:
    assert cited(f"{quote}\n\nSo it is.", *LOT) == f"{quote}\n\nSo it is.".strip()


@pytest.mark.parametrize("quote", ["> Made of gold.", "> Made in 1950. As good as new.", ">> It is yours."])
def test_what_it_does_not_say_goes(quote: str) -> None:
    assert cited(f"{quote}\nSo it is.", *LOT) == "So it is."


def test_a_line_below_a_quote_is_no_part_of_it() -> None:
    """Markdown goes on with a quote where the mark is left out."""
    assert cited("> Made in 1950.\nWith five years of warranty.", *LOT) == (
        "> Made in 1950.\n\nWith five years of warranty."
    )


def test_quotes_of_several_lines_and_empty_ones_stay_together() -> None:
    assert cited("> Works\n>\n> well.", *LOT) == "> Works\n>\n> well."
