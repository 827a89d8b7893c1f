"""Events out of bytes, against a reading of the standard that takes the stream as a whole."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.language_model.event_stream import Event, EventStream, EventTooLong

MOST = 1_000_000
PARTS = (
    *(b"\n", b"\r", b"\r\n", b"\n\n", b"data", b"data:", b"data: ", b"event: ", b"id: 1", b":", b" ", b"x", b"retry"),
    *("слово".encode(), "🕝".encode(), b"\xf0\x9f", b"\xff", b"\xef\xbb\xbf", b"\xe2\x80\xa8", b"\x85", b"\x00"),
)
STREAMS = st.lists(st.sampled_from(PARTS), max_size=40).map(b"".join)


def whole(data: bytes) -> list[Event]:
    """The rules of the standard on all of it at once."""
    text = data.decode("utf-8", "replace").removeprefix("\ufeff")
    *lines, _cut = re.split("\r\n|\r|\n", text)
    events: list[Event] = []
    buffer, name = "", ""
    for line in lines:
        if line == "":
            if buffer:
                events.append(Event(buffer[:-1], name))
            buffer, name = "", ""
        elif not line.startswith(":"):
            field, value = line.split(":", 1) if ":" in line else (line, "")
            value = value[1:] if value.startswith(" ") else value
            if field == "data":
                buffer += f"{value}\n"
            if field == "event":
                name = value
    return events


def in_pieces(data: bytes, places: list[int]) -> list[Event]:
    stream = EventStream(MOST)
    bounds = [0, *sorted(place % (len(data) + 1) for place in places), len(data)]
    return [event for first, last in pairwise(bounds) for event in stream.feed(data[first:last])]


@given(STREAMS, st.lists(st.integers(0, 10_000), max_size=30))
def test_however_it_is_cut_it_says_what_the_whole_says(data: bytes, places: list[int]) -> None:
    assert in_pieces(data, places) == whole(data)


@given(STREAMS)
def test_byte_by_byte_it_says_what_the_whole_says(data: bytes) -> None:
    assert in_pieces(data, list(range(len(data)))) == whole(data)


@pytest.mark.parametrize(
    ("data", "events"),
    [
        (b"data: a\n\n", [Event("a")]),
        (b"data:a\r\n\r\n", [Event("a")]),
        (b"data: a\r\r", [Event("a")]),
        (b"data:  a \n\n", [Event(" a ")]),
        (b"data: a\ndata: b\ndata\n\n", [Event("a\nb\n")]),
        (b"data\n\ndata\ndata\n\ndata:\n\n", [Event(""), Event("\n"), Event("")]),
        (b":\n: a comment\n\ndata: a\n\n", [Event("a")]),
        (b"event: error\ndata: a\n\ndata: b\n\n", [Event("a", "error"), Event("b")]),
        (b"event: error\n\ndata: b\n\n", [Event("b")]),
        (b"\xef\xbb\xbfdata: a\n\n", [Event("a")]),
        ("data: a\u2028b\x85c\x0bd\n\n".encode(), [Event("a\u2028b\x85c\x0bd")]),
        (b"Data: a\n\n data: a\n\n", []),
        (b"data: a\n", []),
        (b"data: a", []),
        (b"", []),
    ],
)
def test_the_rules_of_the_standard(data: bytes, events: list[Event]) -> None:
    assert whole(data) == events, "the oracle knows them"
    assert in_pieces(data, []) == events


def test_an_event_is_there_as_soon_as_its_line_ends() -> None:
    """Also where a line feed may follow the carriage return: it is not waited for."""
    stream = EventStream(MOST)
    assert list(stream.feed(b"data: a\r\r")) == [Event("a")]
    assert list(stream.feed(b"\ndata: b\n\n")) == [Event("b")]


@pytest.mark.parametrize("data", [b"data: " + b"x" * 200, b"data: x\n" * 20, b":" * 200, b"data\n" * 50])
@pytest.mark.parametrize("size", [1, 7, 1000])
def test_more_than_it_may_hold_is_refused(data: bytes, size: int) -> None:
    stream = EventStream(100)

    def feed_all() -> None:
        for place in range(0, len(data), size):
            assert list(stream.feed(data[place : place + size])) == []

    with pytest.raises(EventTooLong):
        feed_all()


def test_what_it_has_given_it_holds_no_longer() -> None:
    stream = EventStream(100)
    for _ in range(50):
        assert list(stream.feed(b"data: " + b"x" * 80 + b"\n\n")) == [Event("x" * 80)]
