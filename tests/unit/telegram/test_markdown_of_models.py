"""Answers as models write them, in Telegram's HTML."""

import pytest

from starbid.domain.assistant.formatted import Formatted, Look, Mark
from starbid.telegram.formatted import formatted_html
from starbid.telegram.markdown import TelegramMarkdown


def html(markdown: str) -> str:
    return formatted_html(TelegramMarkdown().format(markdown))


def test_headings_lists_and_emphasis() -> None:
    answer = """\
## Как поднять цену

**Коротко:** сделайте *хорошие* фото.

1. **Фото** — 3–5 штук
2. **Описание**
   - состояние
   - размеры: 10×15 см
     - без упаковки
3. Цена — начните с 100 ⭐

##### Итог
Не ставьте резерв выше ~~1 000~~ 500 ⭐."""
    shown = """\
<b>Как поднять цену</b>

<b>Коротко:</b> сделайте <i>хорошие</i> фото.

1. <b>Фото</b> — 3–5 штук
2. <b>Описание</b>
  • состояние
  • размеры: 10×15 см
    • без упаковки
3. Цена — начните с 100 ⭐

<b>Итог</b>
Не ставьте резерв выше <s>1 000</s> 500 ⭐."""
    assert html(answer) == shown


def test_code_with_its_language() -> None:
    answer = """\
Here is how:

```python title="x.py"
def total(bids: list[int]) -> int:
    return sum(b for b in bids if b < 10 && b > 1)
```

Then run `total([1, 2])`, see [the docs](https://docs.example/library/functions.html#sum)."""
    shown = """\
Here is how:

<pre><code class="language-python">def total(bids: list[int]) -&gt; int:
    return sum(b for b in bids if b &lt; 10 &amp;&amp; b &gt; 1)</code></pre>

Then run <code>total([1, 2])</code>, see <a href="https://docs.example/library/functions.html#sum">the docs</a>."""
    assert html(answer) == shown


def test_a_narrow_table_is_set_in_monospace() -> None:
    answer = """\
| Тип | Шаг | Срок |
|:----|----:|:----:|
| Английский | 10 | 7 дней |
| Голландский | **5** | 1 день |

_Цены примерные._"""
    shown = """\
<pre>Тип         | Шаг | Срок\x20\x20
------------+-----+-------
Английский  | 10  | 7 дней
Голландский | 5   | 1 день</pre>

<i>Цены примерные.</i>"""
    assert html(answer) == shown


def test_a_table_too_wide_for_a_telephone_has_a_paragraph_a_row() -> None:
    answer = """\
| Marketplace | What it is good for | Fee |
|---|---|---|
| **Starbid** | Small things that are paid for in Stars at once | 5% |
| [Flea](https://flea.example) | Everything, with `cash`<br>and cards | |
| | Nothing | $x^2$ |"""
    shown = """\
<b>Starbid</b>
What it is good for: Small things that are paid for in Stars at once
Fee: 5%

<a href="https://flea.example"><b>Flea</b></a>
What it is good for: Everything, with <code>cash</code>
and cards

<b>Nothing</b>
Fee: <code>x²</code>"""
    assert html(answer) == shown


def test_a_narrow_table_with_links_keeps_them() -> None:
    answer = "| a | b |\n|---|---|\n| 1 | [x](https://x.example) |"
    assert html(answer) == '<b>1</b>\nb: <a href="https://x.example">x</a>'


def test_a_wide_head_without_rows_is_a_paragraph() -> None:
    assert html(f"| {'a' * 30} | {'b' * 30} |\n|---|---|") == f"<b>{'a' * 30}</b>\n{'b' * 30}"


@pytest.mark.parametrize(
    "prices",
    [
        "It costs $5 and $6.",
        "$5-$6, $5/$6, $5–$20, ($5)-($6)",
        "5$/6$, 5$-10$",
        "$10-20$",
        "$TSLA,$AAPL",
        "US$9/€8 or CA$.",
        "~$10 (~9 €)",
    ],
)
def test_prices_in_dollars_are_no_formulas(prices: str) -> None:
    assert html(prices) == prices


def test_formulas_are_readable() -> None:
    answer = r"""The roots are \( x = \frac{-b \pm \sqrt{D}}{2a} \), where

\[ D = b^2 -
   4ac \]

For $a \neq 0$ there are $n$ of $n-1$: $$\sum_{i=1}^n x_i = -\frac{b}{a}$$ and `\(x^2\)`, \[not this\], \(nor this\)."""
    shown = """\
The roots are <code>x = (-b ± √D̅)/2a</code>, where

<code>D = b² -
4ac</code>

For <code>a ≠ 0</code> there are <code>n</code> of <code>n-1</code>: \
<code>∑ᵢ₌₁ⁿ xᵢ = -b/a</code> and <code>\\(x^2\\)</code>, [not this], \
(nor this)."""
    assert html(answer) == shown


def test_quotes_hashtags_names_and_emoji() -> None:
    answer = """\
> **Важно:** продавец отвечает за описание.
>
> - проверьте размер
> > и цвет

> [!NOTE]
> Это всё.

Спасибо! 😊 #аукцион #Starbid @everyone, пишите @seller_name или t.me/seller_name 🇷🇺"""
    shown = """\
<blockquote><b>Важно:</b> продавец отвечает за описание.

• проверьте размер
и цвет</blockquote>

<blockquote>Это всё.</blockquote>

Спасибо! 😊 #аукцион #Starbid @everyone, пишите @seller_name или t.me/seller_name 🇷🇺"""
    assert html(answer) == shown


def test_a_long_quote_is_not_folded() -> None:
    assert html("> " + "слово " * 90) == f"<blockquote>{('слово ' * 90).strip()}</blockquote>"


def test_tasks_rules_and_breaks() -> None:
    answer = """\
- [x] Take photos
- [ ] Set a price

---

Line one\x20\x20
line two<br>line three\\
line four"""
    assert html(answer) == "☑ Take photos\n☐ Set a price\n\n———\n\nLine one\nline two\nline three\nline four"


def test_blocks_within_a_list_stand_on_their_own_lines() -> None:
    answer = """\
1. Install it:
   ```bash
   pip install x
   ```
   and wait.
2. Run it:
   > carefully
3. ### Look
   at it
   ***
   | a | b |
   |---|---|
   | 1 | 2 |
4. Done"""
    shown = """\
1. Install it:
<pre><code class="language-bash">pip install x</code></pre>
and wait.
2. Run it:
<blockquote>carefully</blockquote>
3. <b>Look</b>
at it
———
<pre>a | b
--+--
1 | 2</pre>
4. Done"""
    assert html(answer) == shown


def test_links_pictures_addresses_and_notes() -> None:
    answer = """\
1. [Правила][rules]
2. <https://example.org/faq?a=1>
3. https://example.org/path_(x)_y, (см. https://example.org/z).
4. ![Фото лота](https://example.org/1.jpg) ![](https://example.org/2.jpg)
5. <a@example.org>, https://t.me/name

Это важно.[^1]

[^1]: Проверено.

[rules]: https://example.org/rules "Правила" """
    shown = """\
1. <a href="https://example.org/rules">Правила</a>
2. <a href="https://example.org/faq?a=1">https://example.org/faq?a=1</a>
3. <a href="https://example.org/path_(x)_y">https://example.org/path_(x)_y</a>, (см. \
<a href="https://example.org/z">https://example.org/z</a>).
4. <a href="https://example.org/1.jpg">Фото лота</a> \
<a href="https://example.org/2.jpg">https://example.org/2.jpg</a>
5. a@example.org, https://t.me/name

Это важно.[1]

[1] Проверено."""
    assert html(answer) == shown


def test_escapes_and_names_with_underscores() -> None:
    assert (
        html(r"Шаг 1\. \*Старт\*, snake_case_name, 2 * 3 * 4, a_b_c")
        == "Шаг 1. *Старт*, snake_case_name, 2 * 3 * 4, a_b_c"
    )


def test_a_style_that_code_interrupts_goes_on_behind_it() -> None:
    assert html("**a `b` c** and [`d`](https://d.example)") == (
        '<b>a</b> <code>b</code> <b>c</b> and <a href="https://d.example">d</a>'
    )


@pytest.mark.parametrize(
    ("grown", "shown"),
    [
        ("```py\nx = 1", '<pre><code class="language-py">x = 1</code></pre>'),
        ("- **bo", "• **bo"),
        ("a `co", "a `co"),
        ("| a | b |\n|--", "| a | b |\n|--"),
        ("see [the ru", "see [the ru"),
    ],
)
def test_an_answer_that_still_grows_is_shown_as_far_as_it_is(grown: str, shown: str) -> None:
    assert html(grown) == shown


def test_marks_are_counted_in_characters() -> None:
    assert TelegramMarkdown().format("😀 **👨‍👩‍👧** `x`") == Formatted(
        "😀 👨‍👩‍👧 x", (Mark(Look.BOLD, 2, 7), Mark(Look.CODE, 8, 9))
    )


def test_white_space_around_an_answer_is_gone_but_for_the_indent_of_code() -> None:
    assert TelegramMarkdown().format("\n\n \n text \n\n").text == "text"
    assert html("```\n    indented\n```\n\n") == "<pre>    indented</pre>"


@pytest.mark.parametrize("nothing", ["", " \n ", "\u200b", "> ", "```\n```", "[](javascript:x)", "&nbsp;", "&#x202e;"])
def test_what_shows_nothing_is_no_message(nothing: str) -> None:
    assert TelegramMarkdown().format(nothing) == Formatted("")
    assert TelegramMarkdown().parts(nothing, 4096) == ()


def test_an_answer_of_thirty_thousand_characters_is_some_messages() -> None:
    paragraph = "**Слово** и ещё `code`, [ссылка](https://example.org).\n\n"
    parts = TelegramMarkdown().parts(paragraph * (30_000 // len(paragraph)), 4096)
    assert all(part.text.endswith("ссылка.") for part in parts)
    assert 4 <= len(parts) <= 8
