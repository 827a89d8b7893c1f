"""The page of the push service: what came, and how it is to answer."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from local import sheet
from local.push.service import ANSWERS, PushedMessage
from local.sheet import choices, page

_NAME = "Push service, local"
_HEAD = f'<header><h1>{_NAME}</h1><a href="/_local/">Local run</a></header>'


def index(messages: Sequence[PushedMessage], expected: str, lasts: bool) -> str:
    """All messages, newest first. Only the browser can read what they say."""
    spans = {"next": "For the next message", "changed": "Until it is changed here"}
    listed = "".join(map(_message, messages)) or '<p class="card quiet">Nothing has come yet.</p>'
    return page(
        _NAME,
        f'{_HEAD}<p class="quiet">Messages to browsers that are subscribed here. They are encrypted for the browser: '
        "this page knows no more of them than a push service does. What it shows ends with the run.</p>"
        f"{listed}<details><summary>For engineers: let it misbehave</summary>"
        f'<form method="post" action="/_local/push/">{choices("The next answer", "what", ANSWERS, expected)}'
        f"{choices('For how long', 'until', spans, 'changed' if lasts else 'next')}"
        "<button>Let it</button></form></details>",
    )


def sorry(words: str) -> str:
    return sheet.sorry(_NAME, _HEAD, words, '<a class="back" href="/_local/push/">Back</a>')


def _message(message: PushedMessage) -> str:
    facts = {
        "To": f"…{message.token[-8:]}",
        "Came": f"{message.at:%d %B, %H:%M:%S} UTC",
        "Kept for": f"{message.headers.get('ttl', '')} s",
        "Urgency": message.headers.get("urgency", "normal"),
        "Topic": message.headers.get("topic", "none"),
        "Size": f"{len(message.body)} bytes",
    }
    rows = "".join(f"<dt>{name}</dt><dd>{escape(value)}</dd>" for name, value in facts.items())
    return f"<details open><summary>Message {message.number}</summary><dl>{rows}</dl></details>"
