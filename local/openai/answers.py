"""What the stand-in says: that it is one, in the language of the question, with everything that can be formatted.

Two requests are recognised by their system text. A line `Answer with one JSON object` asks for a draft of a lot. A
block between the lines `<lot>` and `</lot>` is the text of a lot, and a line of it is quoted.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

ASKS_FOR_JSON = "Answer with one JSON object"
_MOST_QUOTED = 200
_TITLE = 80
_PRICE = 100
_LOT = re.compile(r"^<lot>[^\S\n]*\n(.*?)^</lot>[^\S\n]*$", re.MULTILINE | re.DOTALL)
_TAG = re.compile(r"^</?\w+>[^\S\n]*$", re.MULTILINE)
_CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)
_CLAUSE = re.compile(r"[.!?;,](?:\s|$)")
_WORD = re.compile(r"\w{3,}")

_CANNED = {
    "en": """## The stand-in answers

**I am the stand-in model of the local run.** I think nothing up: every question gets this answer. Yours was “{words}”.

What you can do:

- read this answer while it *grows*, and stop it
- make me misbehave on [my page]({page})
- ask a real model: set `OPENAI_BASE_URL`, and `OPENAI_API_KEY` where it wants one

```python
print("Hello from the stand-in")
```

That is all I can say.
""",
    "ru": """## Отвечает заглушка

**Я модель-заглушка локального запуска.** Я ничего не придумываю: на любой вопрос ответ один. Вы спросили: «{words}».

Что можно сделать:

- читать ответ, пока он *растёт*, и остановить его
- заставить меня сбоить на [моей странице]({page})
- спросить настоящую модель: задайте `OPENAI_BASE_URL` и, если ей нужен ключ, `OPENAI_API_KEY`

```python
print("Привет от заглушки")
```

Больше мне сказать нечего.
""",
}
_QUOTED = {
    "en": "> {line}\n\nSo says the lot's text. I am the **stand-in model** of the local run: I quote, no more.\n",
    "ru": "> {line}\n\nТак сказано в описании лота. Я **модель-заглушка** локального запуска: цитирую, и только.\n",
}
_DRAFTED = {
    "en": "{words}\n\nDrafted by the stand-in model of the local run: read it, and change it.",
    "ru": "{words}\n\nЧерновик модели-заглушки локального запуска: прочитайте и исправьте.",
}


def answer_to(messages: Sequence[Mapping[str, Any]], page: str) -> str:
    """The whole answer to a conversation as the API has it. `page` is the address of the stand-in's page."""
    system = "\n".join(text_of(message) for message in messages if message.get("role") in ("system", "developer"))
    asked = next((text_of(message) for message in reversed(messages) if message.get("role") == "user"), "")
    words = " ".join(_TAG.sub("", asked).split())
    language = "ru" if _CYRILLIC.search(words) else "en"
    if any(ASKS_FOR_JSON in line for line in system.splitlines()):
        return _draft(words, language)
    if lines := _lot_lines(system):
        return _QUOTED[language].format(line=_nearest(lines, words))
    return _CANNED[language].format(words=_shortened(words, _MOST_QUOTED), page=page)


def _draft(words: str, language: str) -> str:
    """A lot out of what somebody wrote: its first words as the title, its last number as the price."""
    title = _shortened(_CLAUSE.split(words)[0] or words, _TITLE)
    numbers = re.findall(r"(?<![\w.])[1-9][0-9]{0,6}(?![\w.]*[0-9])", words)
    draft = {
        "title": title[:1].upper() + title[1:],
        "description": _DRAFTED[language].format(words=words),
        "category": "other",
        "start_price": int(numbers[-1]) if numbers else _PRICE,
    }
    return json.dumps(draft, ensure_ascii=False)


def _lot_lines(system: str) -> list[str]:
    found = _LOT.search(system)
    return [line.strip() for line in found[1].splitlines() if line.strip()] if found else []


def _nearest(lines: Sequence[str], words: str) -> str:
    """The line that shares most words with the question; the first one where none does."""
    asked = {word.casefold() for word in _WORD.findall(words)}
    return max(lines, key=lambda line: len(asked & {word.casefold() for word in _WORD.findall(line)}))


def text_of(message: Mapping[str, Any]) -> str:
    """The content of a message: text, or parts of which some are text. What UTF-8 cannot carry becomes `?`."""
    content = message.get("content")
    if isinstance(content, list):
        content = "\n".join(str(part.get("text", "")) for part in content if isinstance(part, dict))
    return content.encode(errors="replace").decode() if isinstance(content, str) else ""


def _shortened(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip()}…"
