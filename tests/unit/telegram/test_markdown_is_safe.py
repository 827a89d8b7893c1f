"""Whatever a model writes is shown, soon, and harms nobody."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from local.telegram.markup import parse_html
from starbid.domain.assistant.links import safe_address
from starbid.domain.assistant.showing import shown
from starbid.domain.assistant.splitting import units
from starbid.telegram.formatted import formatted_html
from starbid.telegram.markdown import TelegramMarkdown
from tests.support.bot_contract import check_call
from tests.support.formatted import flaws

# fmt: off
PIECES = (
    "*", "**", "_", "__", "`", "```", "~~", "~", "\n", "\n\n", "  ", "    ", "- ", "1. ", "> ", "# ", "## ", "|",
    "|-|-|\n", "|a|b|\n", "$", "$$", "\\(", "\\)", "\\[", "\\]", "\\", "[", "]", "(", ")", "](http://a.example/c)",
    "](javascript:x)", "![", "<b>", "</b>", "<br>", "<div>\n", "<!--", "-->", "<tg-spoiler>", "||", "&amp;", "&#x202e;",
    "&#0;", "a", "b c", "Привет", "👨‍👩‍👧", "🇷🇺", "e\u0301", "\u202e", "\u200b", "\u200d", "\r", "\t", "\0", "\ud83d",
    "[^1]", "[^1]: ", "[a]: http://a.example\n", "http://x.example/z", "<http://x.example>", "@all", "---\n", "===\n",
    "- [ ] ", "- [x] ", "\\frac{a}{b}", "\\sqrt{", "x^2", "5", "!", "{", "}", "^", "+++", "...", "<", ">", '"', "'",
)
# fmt: on
markdown = st.lists(st.sampled_from(PIECES), max_size=60).map("".join) | st.text()
LENGTH = 50_000
SECONDS = 8
"""What is linear takes some tenths; a square would take minutes."""


def html(answer: str) -> str:
    return formatted_html(TelegramMarkdown().format(answer))


@given(markdown)
def test_anything_can_be_sent(answer: str) -> None:
    formatted = TelegramMarkdown().format(answer)
    assert not list(flaws(formatted))
    assert shown(formatted.text) == formatted.text
    assert all(safe_address(mark.url) == mark.url for mark in formatted.marks if mark.url)
    assert parse_html(formatted_html(formatted)).text == formatted.text


@given(markdown, st.integers(40, 100))
def test_anything_can_be_sent_in_parts(answer: str, longest: int) -> None:
    whole = TelegramMarkdown().format(answer)
    parts = TelegramMarkdown().parts(answer, longest)
    assert "".join("".join(part.text.split()) for part in parts) == "".join(whole.text.split())
    assert all(units(part.text) <= longest and part.text.strip() and not list(flaws(part)) for part in parts)


@pytest.mark.parametrize(
    ("answer", "sent"),
    [
        ('Use a <div> & "it"', 'Use a &lt;div&gt; &amp; "it"'),
        ("<b>bold</b><script>alert(1)</script>", "&lt;b&gt;bold&lt;/b&gt;&lt;script&gt;alert(1)&lt;/script&gt;"),
        ("<div>\n  **x**\n</div>\n\ny", "&lt;div&gt;\n  **x**\n&lt;/div&gt;\n\ny"),
        ("<img src=x onerror=alert(1)>", "&lt;img src=x onerror=alert(1)&gt;"),
        ("a <!-- hidden --> b", "a &lt;!-- hidden --&gt; b"),
        ('<a href="//evil.example">x</a>', '&lt;a href="//evil.example"&gt;x&lt;/a&gt;'),
        ("<tg-spoiler>x</tg-spoiler> ||y||", "&lt;tg-spoiler&gt;x&lt;/tg-spoiler&gt; ||y||"),
        ("- <p>\n- x", "• &lt;p&gt;\n• x"),
        ("&lt;b&gt; &amp;lt;", "&lt;b&gt; &amp;lt;"),
        ("```\n</code></pre><b>\n```", "<pre>&lt;/code&gt;&lt;/pre&gt;&lt;b&gt;</pre>"),
        ('```"><script>\nx\n```', "<pre>x</pre>"),
    ],
)
def test_html_is_words(answer: str, sent: str) -> None:
    assert html(answer) == sent


@pytest.mark.parametrize(
    "address",
    [
        "javascript:alert(1)",
        "JAVASCRIPT:alert(1)",
        "java&#x73;cript:alert(1)",
        "&#1;javascript:alert(1)",
        "data:text/html;base64,PHNjcmlwdD4=",
        "file:///etc/passwd",
        "vbscript:x",
        "//evil.example",
        "/admin",
        "tg://user?id=1",
        "tg://emoji?id=5368324170671202286",
        "https://bank.example@evil.example",
    ],
)
@pytest.mark.parametrize("shape", ["[words]({0})", "[words](<{0}>)", "![words]({0})", "[words][1]\n\n[1]: {0}"])
def test_what_leads_elsewhere_than_to_the_web_is_words(shape: str, address: str) -> None:
    assert html(shape.format(address)) in ("words", '<a href="tg://emoji?id=5368324170671202286">words</a>')


def test_a_scheme_in_angle_brackets_is_words() -> None:
    assert html("<javascript:alert(1)> <data:x,y>") == "javascript:alert(1) data:x,y"


def test_words_that_name_another_address_do_not_lead_to_theirs_unseen() -> None:
    assert html("Log in: [bank.example](https://evil.example/x)!") == (
        'Log in: bank.example (<a href="https://evil.example/x">https://evil.example/x</a>)!'
    )
    assert html("[**@good_bot**](https://t.me/evil_bot)") == (
        '<b>@good_bot</b> (<a href="https://t.me/evil_bot">https://t.me/evil_bot</a>)'
    )
    assert html("[bank.example](https://b\u0430nk.example)").endswith(">https://xn--bnk-6cd.example</a>)")
    assert html("[b\u202eank.example](https://bank.example)") == '<a href="https://bank.example">bank.example</a>'


def test_a_picture_in_a_link_is_one_link() -> None:
    assert (
        html("[![logo](https://a.example/1.png) site](https://b.example)")
        == '<a href="https://b.example">logo site</a>'
    )


def test_names_and_chats_stay_words() -> None:
    answer = "@everyone @all @name t.me/name https://t.me/+secret /start"
    assert TelegramMarkdown().format(answer).marks == ()
    assert html(answer) == answer


@pytest.mark.parametrize(
    "hidden", ["\u202e", "\u2066", "\u200f", "\u200b", "\u2060", "\ufeff", "\0", "\x1b", "\u00ad"], ids=ascii
)
@pytest.mark.parametrize(
    "shape", ["pay{0}ment", "`pay{0}ment`", "```\npay{0}ment\n```", "[pay{0}ment](http://a.example)"]
)
def test_what_cannot_be_seen_is_gone_everywhere(shape: str, hidden: str) -> None:
    assert TelegramMarkdown().format(shape.format(hidden)).text == "payment"
    reference = f"&#{ord(hidden)};" if hidden not in "\0\x1b" else ""
    assert TelegramMarkdown().format(f"pay{reference}ment").text == "payment"


def test_thirty_levels_of_lists_are_five() -> None:
    answer = "\n".join("  " * level + f"- {level}" for level in range(30))
    lines = TelegramMarkdown().format(answer).text.split("\n")
    assert [line.split("•")[1].strip() for line in lines] == [str(level) for level in range(30)]
    assert max(line.index("•") for line in lines) == 8


def test_quotes_in_quotes_are_one() -> None:
    assert html(">" * 300 + " deep") == "<blockquote>deep</blockquote>"


def test_a_formula_cannot_grow_without_end() -> None:
    for root in (r"\sqrt{", r"\overline{", r"\underline{", r"\cancel{", r"\sqrt"):
        formula = root * 60 + "x" + "}" * 60 * root.endswith("{")
        assert len(TelegramMarkdown().format(f"${formula}$").text) < 2_000


PATHOLOGICAL = {
    "asterisks": "*" * LENGTH,
    "bold never closed": "**a " * (LENGTH // 4),
    "mixed emphasis": "*_" * (LENGTH // 2),
    "emphasis in emphasis": "**a *b " * (LENGTH // 14) + "c* d** " * (LENGTH // 14),
    "brackets": "[" * LENGTH,
    "pictures": "![" * (LENGTH // 2),
    "links": "[a](" * (LENGTH // 4),
    "a link of dots": "[" + "a." * (LENGTH // 2) + "](https://x.example)",
    "a link of one word": "[" + "a" * LENGTH + "](https://x.example)",
    "quotes": ">" * LENGTH,
    "lists": "- " * (LENGTH // 2) + "x",
    "backticks": " ".join("`" * (number % 200) for number in range(LENGTH // 100)),
    "fences": "```\na\n" * (LENGTH // 6),
    "a fence never closed": "```\n" + "a b\n" * (LENGTH // 4),
    "tags": "<a " * (LENGTH // 3),
    "comments": "<!--" * (LENGTH // 4),
    "a table of many columns": "|" + "a|" * 2_500 + "\n|" + "-|" * 2_500 + "\n" + "|a\n" * (LENGTH // 6),
    "a table with a long cell": "|" + "a" * (LENGTH // 2) + "|b|\n|-|-|\n" + "|a|b|\n" * (LENGTH // 14),
    "dollars": "$a^" * (LENGTH // 3),
    "formulas": ("$" + "\\sqrt" * 4 + "x$ ") * (LENGTH // 24),
    "brackets of formulas": "\\[" * (LENGTH // 2),
    "braces": "$" + "{" * 590 + "$",
    "addresses": "http://a(" * (LENGTH // 9),
    "one word": "a" * LENGTH,
    "marks on a letter": "a" + "\u0301" * LENGTH,
    "flags": "\U0001f1e6" * LENGTH,
    "joiners": "\u200d" * LENGTH,
    "tags of flags": "\U0001f3f4" + "\U000e0061" * LENGTH,
    "halves of pairs": "\ud83d" * LENGTH,
    "footnotes": "[^1] " * (LENGTH // 10) + "\n\n" + "[^1]: a\n\n" * (LENGTH // 20),
}


@pytest.mark.parametrize("name", PATHOLOGICAL)
def test_what_is_written_to_take_long_does_not(name: str) -> None:
    began = time.process_time()
    parts = TelegramMarkdown().parts(PATHOLOGICAL[name], 4096)
    assert time.process_time() - began < SECONDS
    assert len(parts) < 100


def test_an_answer_of_a_hundred_thousand_bytes_can_be_sent() -> None:
    piece = "## Глава\n\n**Слова** <b> [ссылка](https://example.org)\n\n```py\nx = '<&>'\n```\n\n> цитата 😀\n\n"
    for part in TelegramMarkdown().parts(piece * (100_000 // len(piece.encode())), 4096):
        check_call("sendMessage", {"chat_id": "1", "text": formatted_html(part), "parse_mode": "HTML"})
