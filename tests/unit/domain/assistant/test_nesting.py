"""Marks lie as Telegram takes them, however they lay before."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.nesting import Edge, excerpt, put_right, walk
from tests.support.formatted import flaws, formatted_texts, marks_of, texts

B, T, C, P, L, Q = Look.BOLD, Look.ITALIC, Look.CODE, Look.PRE, Look.LINK, Look.QUOTE


def placed(text: str, *marks: tuple[Look, int, int]) -> list[tuple[Look, str]]:
    """What carries a mark, in order."""
    found = put_right(text, [Mark(*mark) for mark in marks]).marks
    return [(mark.look, text[mark.start : mark.end]) for mark in found]


@given(st.data())
def test_marks_anywhere_are_put_right(data: st.DataObject) -> None:
    text = data.draw(texts)
    formatted = put_right(text, data.draw(marks_of(text)))
    assert formatted.text == text
    assert not list(flaws(formatted))


def test_what_is_right_stays() -> None:
    marks = (Mark(Q, 0, 20), Mark(B, 0, 7), Mark(T, 4, 7), Mark(P, 8, 15), Mark(L, 16, 20, "https://example.org"))
    formatted = Formatted("one two\n  code;\nlink!", marks)
    assert put_right(formatted.text, reversed(marks)) == formatted


@given(st.data())
def test_a_style_stays_on_each_character_but_those_of_code(data: st.DataObject) -> None:
    text = data.draw(texts)
    marks = data.draw(marks_of(text))
    after = put_right(text, marks).marks
    code = {at for mark in after if mark.look in (C, P) for at in range(mark.start, mark.end)}
    for look in (B, T, Look.UNDERLINE, Look.STRIKETHROUGH, Look.SPOILER):
        wanted = {
            at for mark in marks if mark.look is look for at in range(mark.start, min(mark.end, len(text)))
        } - code
        got = {at for mark in after if mark.look is look for at in range(mark.start, mark.end)}
        assert {at for at in wanted ^ got if not text[at].isspace()} == set()


@pytest.mark.parametrize(
    ("text", "marks", "right"),
    [
        ("one two", [(B, 0, 5), (T, 3, 7)], [(B, "one t"), (T, "t"), (T, "wo")]),
        ("a code b", [(B, 0, 8), (C, 2, 6)], [(B, "a"), (C, "code"), (B, "b")]),
        ("a code b", [(L, 0, 8), (C, 2, 6)], [(L, "a code b")]),
        ("a link", [(L, 0, 6), (L, 2, 6)], [(L, "a link")]),
        ("q\ncode\nq", [(Q, 0, 8), (P, 2, 6)], [(Q, "q\ncode\nq"), (P, "code")]),
        ("q in q", [(Q, 0, 6), (Q, 2, 4)], [(Q, "q in q")]),
        ("bold\nquote", [(B, 0, 10), (Q, 5, 10)], [(B, "bold"), (Q, "quote"), (B, "quote")]),
        ("boldbold", [(B, 0, 4), (B, 4, 8)], [(B, "boldbold")]),
        ("a  b", [(B, 0, 2), (T, 1, 3)], [(B, "a")]),
        ("  code  ", [(P, 0, 8)], [(P, "  code")]),
        ("short", [(B, 2, 90)], [(B, "ort")]),
    ],
)
def test_what_telegram_refuses(text: str, marks: list[tuple[Look, int, int]], right: list[tuple[Look, str]]) -> None:
    assert placed(text, *marks) == right


@given(formatted_texts())
def test_the_walk_meets_every_character_once_and_closes_what_it_opens(formatted: Formatted) -> None:
    steps = list(walk(formatted))
    assert "".join(step for step in steps if isinstance(step, str)) == formatted.text
    assert "" not in steps
    around: list[Mark] = []
    for step in steps:
        if isinstance(step, Edge) and step.begins:
            around.append(step.mark)
        elif isinstance(step, Edge):
            assert around.pop() == step.mark
    assert not around
    assert sorted(map(repr, formatted.marks)) == sorted(repr(s.mark) for s in steps if isinstance(s, Edge) and s.begins)


def test_an_excerpt_has_what_lies_in_it_of_each_mark() -> None:
    formatted = Formatted("one two three", (Mark(B, 0, 7), Mark(T, 4, 13), Mark(C, 0, 3)))
    assert excerpt(formatted, 4, 9) == Formatted("two t", (Mark(B, 0, 3), Mark(T, 0, 5)))


def test_ten_thousand_marks_that_cross_are_put_right_at_once() -> None:
    text = "ab" * 10_000
    marks = [Mark(look, at, at + 3) for at in range(0, 19_000, 2) for look in (B, T, L)]
    assert len(put_right(text, marks).marks) < 40_000
