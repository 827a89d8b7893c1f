"""The page of the stand-in: how it is to behave."""

from __future__ import annotations

from html import escape

from local.openai.manners import GOOD, MOST_PAUSE, TROUBLES, Manner
from local.sheet import page

_NAME = "Language model, local"
_HEAD = f'<header><h1>{_NAME}</h1><a href="/_local/">Local run</a></header>'


def index(manner: Manner) -> str:
    """What it does now, and a form to change it."""
    choices = "".join(
        f'<label class="choice"><input type="radio" name="what" value="{name}"'
        f"{' checked' if name == manner.trouble else ''}><span>{escape(words)}</span></label>"
        for name, words in TROUBLES.items()
    )
    spans = "".join(
        f'<label class="choice"><input type="radio" name="until" value="{name}"'
        f"{' checked' if (name == 'changed') is manner.lasts else ''}><span>{words}</span></label>"
        for name, words in (("next", "For the next answer"), ("changed", "Until it is changed here"))
    )
    return page(
        _NAME,
        f'{_HEAD}<p class="card">{_now(manner)}</p>'
        '<p class="quiet">It stands in for a model while neither OPENAI_BASE_URL nor OPENAI_API_KEY is set, and says '
        "so in every answer. What it is told here ends with the run.</p>"
        '<form method="post" action="/_local/openai/">'
        f"<fieldset><legend>What becomes of an answer</legend>{choices}</fieldset>"
        f"<fieldset><legend>How long</legend>{spans}</fieldset>"
        f'<label>Milliseconds between two words<input name="pause" type="number" min="0" max="{MOST_PAUSE}" '
        f'value="{manner.pause}" required></label>'
        '<button type="submit" class="main">Behave so</button></form>',
    )


def sorry(words: str) -> str:
    return page(_NAME, f'{_HEAD}<p class="card">{escape(words)}</p><a class="back" href="/_local/openai/">Back</a>')


def _now(manner: Manner) -> str:
    if manner.trouble == GOOD:
        return "It answers every question."
    return f"{'Every answer' if manner.lasts else 'The next answer'}: {escape(TROUBLES[manner.trouble])}."
