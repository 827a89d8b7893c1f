"""Mail that is sent, in a list."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

from starbid.services.ports import Letter


class FakeMails:
    """Implements `ports.Mails`. `trouble` is raised instead, as long as it is set."""

    def __init__(self) -> None:
        self.sent: list[Letter] = []
        self.trouble: Exception | None = None

    def send(self, letter: Letter) -> None:
        if self.trouble:
            raise self.trouble
        self.sent.append(letter)


def token_in(text: str, path: str) -> str:
    """The token of the first link to a path in a mail's text."""
    found = re.search(rf"https?://[^\s/]+{re.escape(path)}\?\S+", text)
    assert found, text
    return parse_qs(urlsplit(found[0]).query)["t"][0]
