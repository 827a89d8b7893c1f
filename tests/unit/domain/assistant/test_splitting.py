"""Answers in messages: cut where a reader pauses, with nothing lost and every mark where it was."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.domain.assistant.nesting import put_right
from starbid.domain.assistant.splitting import split, units
from starbid.domain.texts import shows
from tests.support.formatted import flaws, formatted_texts

LONGEST = 40
FAMILY = "👨‍👩‍👧"


def looked(formatted: Formatted) -> list[tuple[str, frozenset[tuple[Look, str, str]]]]:
    """Each character that is no blank, and how it looks."""
    looks: list[set[tuple[Look, str, str]]] = [set() for _ in formatted.text]
    for mark in formatted.marks:
        for at in range(mark.start, mark.end):
            looks[at].add((mark.look, mark.url, mark.language))
    pairs = zip(formatted.text, map(frozenset, looks), strict=True)
    return [(character, look) for character, look in pairs if not character.isspace()]


def said(text: str, *marks: Mark, longest: int = LONGEST) -> list[str]:
    return [part.text for part in split(Formatted(text, marks), longest)]


@given(formatted_texts(), st.integers(40, 120))
def test_no_character_and_no_look_is_lost(formatted: Formatted, longest: int) -> None:
    parts = split(formatted, longest)
    assert [each for part in parts for each in looked(part)] == looked(formatted)


@given(formatted_texts(), st.integers(2, 120))
def test_every_part_can_be_sent(formatted: Formatted, longest: int) -> None:
    for part in split(formatted, longest):
        assert len(part.text.encode("utf-16-le")) <= 2 * longest
        assert shows(part.text)
        assert part.text == part.text.rstrip()
        assert not list(flaws(part))


@given(formatted_texts())
def test_what_fits_is_one_part(formatted: Formatted) -> None:
    parts = split(formatted, 100_000)
    assert len(parts) == shows(formatted.text)


@given(formatted_texts(), st.integers(40, 120))
def test_a_block_of_code_that_fits_is_never_cut(formatted: Formatted, longest: int) -> None:
    blocks = [formatted.text[m.start : m.end] for m in formatted.marks if m.look is Look.PRE]
    parts = split(formatted, longest)
    sent = [part.text[m.start : m.end] for part in parts for m in part.marks if m.look is Look.PRE]
    assert [block for block in blocks if units(block) <= longest and block not in sent] == []


@given(st.lists(st.text("ab {}", min_size=1, max_size=60).filter(str.strip), min_size=1, max_size=20))
def test_a_line_of_code_that_fits_is_never_cut(lines: list[str]) -> None:
    text = "\n".join(lines)
    parts = split(put_right(text, [Mark(Look.PRE, 0, len(text))]), LONGEST)
    sent = [line.rstrip() for part in parts for line in part.text.split("\n")]
    assert [line for line in lines if len(line) <= LONGEST and line.rstrip() not in sent] == []
    assert all(mark.look is Look.PRE for part in parts for mark in part.marks)


def test_nothing_to_see_is_no_part() -> None:
    assert said("") == []
    assert said(" \n\n ") == []
    assert said("\u200b\u2060 " * 50) == []


def test_the_limit_is_in_units_of_utf_16() -> None:
    assert said("😀" * 20) == ["😀" * 20]
    assert said("😀" * 20 + "!") == ["😀" * 20, "!"]
    assert [len(part) for part in said("a" * 4097, longest=4096)] == [4096, 1]


def test_a_paragraph_ends_a_part_before_a_line_does() -> None:
    text = "A first paragraph.\n\nSecond.\nWith a line that is longer"
    assert said(text) == ["A first paragraph.", "Second.\nWith a line that is longer"]


def test_a_line_ends_a_part_before_a_sentence_does() -> None:
    assert said("A line of a text\nOne. Two. Three words too many") == [
        "A line of a text",
        "One. Two. Three words too many",
    ]


def test_a_sentence_ends_a_part_before_a_word_does() -> None:
    text = "One sentence ends here. Another one goes on and on."
    assert said(text) == ["One sentence ends here.", "Another one goes on and on."]
    assert said("«Он сказал: “Да!”» И ушёл не попрощавшись ни с кем.") == [
        "«Он сказал: “Да!”»",
        "И ушёл не попрощавшись ни с кем.",
    ]


def test_a_word_is_cut_between_characters_only_where_it_does_not_fit() -> None:
    assert said("some words that go on without any stop at all") == ["some words that go on without any stop", "at all"]
    assert said(FAMILY * 6) == [FAMILY * 5, FAMILY]
    assert said("x" * 90) == ["x" * 40, "x" * 40, "x" * 10]


def test_a_character_that_is_longer_than_a_part_is_cut_all_the_same() -> None:
    assert said("z" + "\u0301" * 99)[0] == "z" + "\u0301" * 39


def test_a_heading_does_not_stand_alone_before_a_paragraph_that_is_long() -> None:
    text = "Title\n\nA paragraph that is longer than one part can be."
    assert said(text) == ["Title\n\nA paragraph that is longer than", "one part can be."]


def test_a_block_that_fits_goes_into_the_next_part_whole() -> None:
    text = "Look here:\n\nif a:\n    b()\n\n    c()\nelse:\n    d()\n\nDone."
    start = text.index("if")
    block = Mark(Look.PRE, start, text.index("\n\nDone"), language="python")
    first, second, third = split(Formatted(text, (block,)), 42)
    assert (first.text, third.text) == ("Look here:", "Done.")
    assert second == Formatted("if a:\n    b()\n\n    c()\nelse:\n    d()", (Mark(Look.PRE, 0, 36, language="python"),))


def test_a_block_that_does_not_fit_is_closed_and_opened_again_at_the_end_of_a_line() -> None:
    code = "def f():\n    return [\n        1,\n        2,\n    ]\n\n\nf()"
    parts = split(Formatted(code, (Mark(Look.PRE, 0, len(code), language="py"),)), LONGEST)
    assert [part.text for part in parts] == ["def f():\n    return [\n        1,", "        2,\n    ]\n\n\nf()"]
    assert [part.marks for part in parts] == [(Mark(Look.PRE, 0, len(part.text), language="py"),) for part in parts]


def test_a_line_of_code_that_does_not_fit_is_cut_where_it_must() -> None:
    code = "a = 1\n" + "b" * 50 + "\nc = 3"
    parts = split(Formatted(code, (Mark(Look.PRE, 0, len(code)),)), LONGEST)
    assert [part.text for part in parts] == ["a = 1", "b" * 40, "b" * 10 + "\nc = 3"]


@pytest.mark.parametrize("look", [Look.LINK, Look.CODE, Look.BOLD])
def test_words_with_a_mark_stay_together_where_they_fit(look: Look) -> None:
    text = "Words before it, then: a mark of some words, and more."
    mark = Mark(look, 23, 43, "https://example.org" if look is Look.LINK else "")
    first, second = split(Formatted(text, (mark,)), LONGEST)
    assert (first.text, second.text) == ("Words before it, then:", "a mark of some words, and more.")
    assert [(m.start, m.end) for m in second.marks] == [(0, 20)]


def test_a_mark_that_does_not_fit_is_in_both_parts() -> None:
    text = "a link of very many words that goes on and on"
    first, second = split(Formatted(text, (Mark(Look.LINK, 0, len(text), "https://example.org"),)), LONGEST)
    assert (first.text, second.text) == ("a link of very many words that goes on", "and on")
    assert first.marks == (Mark(Look.LINK, 0, 38, "https://example.org"),)
    assert second.marks == (Mark(Look.LINK, 0, 6, "https://example.org"),)


def test_a_long_quote_goes_on_in_the_next_part() -> None:
    text = "A quote that has a first line\nand a second one"
    parts = split(Formatted(text, (Mark(Look.QUOTE, 0, len(text)),)), LONGEST)
    assert [part.marks for part in parts] == [(Mark(Look.QUOTE, 0, 29),), (Mark(Look.QUOTE, 0, 16),)]
