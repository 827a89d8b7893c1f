"""Cursors travel through links, so anybody can write one."""

from __future__ import annotations

import base64
import json

import pytest

from starbid.domain.errors import Invalid
from starbid.storage.reading import read_cursor, read_cursors, write_cursor

KEY = {"auction_id": {"S": "lot1"}, "number": {"N": "3"}}
WRITTEN_BY_OTHERS = (
    '"x"',
    "5",
    "[1]",
    '{"a": 5}',
    '{"a": {"S": 5}}',
    '{"a": {"B": "eA=="}}',
    '{"a": {"S": "x", "N": "1"}}',
    '{"a": []}',
    '{"a": {"M": {}}}',
    '{"live#0": {"x": 1}}',
    '{"x": [[[1]]]}',
    "[" * 100_000,
)
FOREIGN = [
    *("", "garbage", "!!!!", "é", "0", "A" * 3000, "e30", "W10", "bnVsbA"),
    *(base64.urlsafe_b64encode(text.encode()).decode() for text in WRITTEN_BY_OTHERS),
]


def test_what_was_written_is_read() -> None:
    assert read_cursor(write_cursor(KEY)) == KEY
    shards = {"live#0": KEY, "live#1": None, "live#2": {}}
    assert read_cursors(write_cursor(shards)) == shards


@pytest.mark.parametrize("cursor", FOREIGN, ids=range(len(FOREIGN)))
def test_one_that_we_did_not_make_is_refused(cursor: str) -> None:
    for read in (read_cursor, read_cursors):
        with pytest.raises(Invalid) as caught:
            read(cursor)
        assert caught.value.field == "cursor"


def test_a_cursor_of_one_list_is_none_of_the_other() -> None:
    with pytest.raises(Invalid):
        read_cursors(write_cursor(KEY))
    with pytest.raises(Invalid):
        read_cursor(write_cursor({"live#0": KEY, "live#1": None}))


def test_a_cursor_fits_into_a_link() -> None:
    assert json.dumps(write_cursor(KEY)) == f'"{write_cursor(KEY)}"'
    assert "=" not in write_cursor(KEY)
