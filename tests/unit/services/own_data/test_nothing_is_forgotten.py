"""Every table and every group of records that may hold something of a person is answered for."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from starbid.config import TABLES
from starbid.services.own_data.kind import Erased, Kept
from starbid.services.own_data.registry import ELSEWHERE
from tests.support.fakes import make_app


@pytest.fixture(scope="module")
def architecture() -> str:
    return (Path(__file__).parents[4] / "docs" / "architecture.md").read_text("utf-8")


def _cells(text: str, heading: str, column: int) -> list[str]:
    """The cells of a column of the table that follows a heading, without its head."""
    lines = text[text.index(heading) :].splitlines()
    begins = next(n for n, line in enumerate(lines) if line.startswith("|--"))
    cells = []
    for line in lines[begins + 1 :]:
        if not line.startswith("|"):
            break
        cells.append(line.split("|")[column + 1].strip())
    return cells


def _answered() -> set[str]:
    return {family for kind in make_app().own_data for family in kind.families} | set(ELSEWHERE)


def test_every_table_is_answered_for(architecture: str) -> None:
    listed = set(filter(None, _cells(architecture, "## Tables and indexes", 0)))
    assert listed == {name.lower() for name in TABLES}
    assert listed - _answered() == set()


@pytest.mark.parametrize(("heading", "column"), [("### Desk", 0), ("### Scratch", 1)])
def test_every_group_of_records_that_names_a_person_is_answered_for(
    architecture: str, heading: str, column: int
) -> None:
    groups = {name for cell in _cells(architecture, heading, column) for name in re.findall(r"`([^`]+)`", cell)}
    named = {name for name in groups if "<person>" in name}
    assert named
    assert named - _answered() - _BY_NUMBER == set()


_BY_NUMBER = {
    "quiet#<person>#<end>",
    "gift#<person>",
    "browse#<person>",
    "mute#<person>",
    "turn#talk#<lot>#<buyer>#<person>",
    "limit#<act>#<person>",
    "once-<what>#<person>#<album>",
    "album#<person>#<album>",
    "living#<person>#<lot>#<kind>",
    "living#<person>#<kind>",
}
"""Claims and marks of at most a month, without a word of the person."""


def test_a_kind_either_goes_or_says_why_it_stays() -> None:
    for kind in make_app().own_data:
        assert isinstance(kind, Erased | Kept), kind.key


def test_no_two_kinds_have_the_same_key() -> None:
    keys = [kind.key for kind in make_app().own_data]
    assert len(keys) == len(set(keys))
