"""The page of the stand-in: how it is to behave."""

from __future__ import annotations

from html import escape

from local import sheet
from local.openai.manners import GOOD, MOST_PAUSE, TROUBLES, Manner
from local.sheet import choices, page

_NAME = "Language model, local"
_HEAD = f'<header><h1>{_NAME}</h1><a href="/_local/">Local run</a></header>'


def index(manner: Manner) -> str:
    """What it does now, and a form to change it."""
    spans = {"next": "For the next answer", "changed": "Until it is changed here"}
    return page(
        _NAME,
        f'{_HEAD}<p class="card">{_now(manner)}</p>'
        '<p class="quiet">It stands in for a model while neither OPENAI_BASE_URL nor OPENAI_API_KEY is set, and says '
        "so in every answer. What it is told here ends with the run.</p>"
        '<form method="post" action="/_local/openai/">'
        f"{choices('What becomes of an answer', 'what', TROUBLES, manner.trouble)}"
        f"{choices('How long', 'until', spans, 'changed' if manner.lasts else 'next')}"
        f'<label>Milliseconds between two words<input name="pause" type="number" min="0" max="{MOST_PAUSE}" '
        f'value="{manner.pause}" required></label>'
        '<button type="submit" class="main">Behave so</button></form>',
    )


def sorry(words: str) -> str:
    return sheet.sorry(_NAME, _HEAD, words, '<a class="back" href="/_local/openai/">Back</a>')


def _now(manner: Manner) -> str:
    if manner.trouble == GOOD:
        return "It answers every question."
    return f"{'Every answer' if manner.lasts else 'The next answer'}: {escape(TROUBLES[manner.trouble])}."
