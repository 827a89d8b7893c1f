"""Telegram's HTML is parsed as strictly as Telegram does, offsets counted in UTF-16 units."""

import pytest

from local.telegram.entities import FormattedText, trimmed, with_automatic
from local.telegram.errors import ApiError
from local.telegram.markup import parse_html


def kinds(source: str) -> list[tuple[str, int, int]]:
    return [(e["type"], e["offset"], e["length"]) for e in parse_html(source).entities]


def test_nested_tags_become_entities_from_outside_in() -> None:
    assert kinds("<b>a<i>b</i></b>") == [("bold", 0, 2), ("italic", 1, 1)]


def test_offsets_count_utf_16_units() -> None:
    assert kinds("😀<b>я</b>") == [("bold", 2, 1)]


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        ("<strong>x</strong>", "bold"),
        ("<em>x</em>", "italic"),
        ("<ins>x</ins>", "underline"),
        ("<del>x</del>", "strikethrough"),
        ("<tg-spoiler>x</tg-spoiler>", "spoiler"),
        ('<span class="tg-spoiler">x</span>', "spoiler"),
        ("<code>x</code>", "code"),
        ("<pre>x</pre>", "pre"),
        ("<blockquote>x</blockquote>", "blockquote"),
        ("<blockquote expandable>x</blockquote>", "expandable_blockquote"),
        ("<a href='https://example.org'>x</a>", "text_link"),
        ("<B>x</b>", "bold"),
    ],
)
def test_each_tag_of_telegram_is_known(source: str, kind: str) -> None:
    assert kinds(source) == [(kind, 0, 1)]


def test_code_inside_pre_names_the_language() -> None:
    parsed = parse_html('<pre><code class="language-python">x</code></pre>')
    assert parsed.entities == [{"type": "pre", "offset": 0, "length": 1, "language": "python"}]


def test_character_references_are_decoded_and_unknown_ones_left() -> None:
    assert parse_html("&lt;b&gt; &amp;amp; &quot;&#39;&#x41; &nbsp; &#xD800;").text == "<b> &amp; \"'A &nbsp; &#xD800;"


def test_a_link_to_something_else_than_the_net_is_no_link() -> None:
    assert kinds('<a href="javascript:alert(1)">x</a>') == []
    assert parse_html('<a href="example.org/a">x</a>').entities[0]["url"] == "http://example.org/a"


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("<p>x</p>", 'Unsupported start tag "p" at byte offset 0'),
        ("я < 5", 'Unsupported start tag "" at byte offset 3'),
        ("<b>x", 'Can\'t find end tag corresponding to start tag "b"'),
        ("x</b>", "Unexpected end tag at byte offset 1"),
        ("<b><i>x</b></i>", 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'),
        ("<b", "Unclosed start tag at byte offset 0"),
        ('<a href="x>y</a>', "Unclosed start tag at byte offset 0"),
        ("<b>x</b", "Unclosed end tag at byte offset 4"),
        ("<span>x</span>", 'Tag "span" must have class "tg-spoiler" at byte offset 0'),
    ],
)
def test_markup_that_is_not_well_formed_is_refused(source: str, words: str) -> None:
    with pytest.raises(ApiError) as refusal:
        parse_html(source)
    assert refusal.value.description == f"Bad Request: can't parse entities: {words}"


def test_trimming_moves_and_cuts_entities() -> None:
    cut = trimmed(FormattedText("  ab  ", [{"type": "bold", "offset": 0, "length": 6}]))
    assert cut == FormattedText("ab", [{"type": "bold", "offset": 0, "length": 2}])


def found(text: str) -> list[tuple[str, str]]:
    return [
        (e["type"], text[e["offset"] : e["offset"] + e["length"]]) for e in with_automatic(FormattedText(text)).entities
    ]


def test_links_commands_and_mentions_are_found_by_themselves() -> None:
    text = "See https://example.org/a?b=1, /auction_x1 of @anna and #films."
    assert found(text) == [
        ("url", "https://example.org/a?b=1"),
        ("bot_command", "/auction_x1"),
        ("mention", "@anna"),
        ("hashtag", "#films"),
    ]


@pytest.mark.parametrize("text", ["a/b", "</script>", "1/2", "mail@example", "https://"])
def test_what_only_looks_like_a_command_or_link_is_left_alone(text: str) -> None:
    assert found(text) == []


def test_nothing_is_found_inside_code() -> None:
    text = FormattedText("/start", [{"type": "code", "offset": 0, "length": 6}])
    assert [e["type"] for e in with_automatic(text).entities] == ["code"]
