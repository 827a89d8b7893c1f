"""What several tests of pages and the API need."""

from __future__ import annotations

import pytest


@pytest.fixture
def undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    """No picture may be decoded, nor opened to that end."""

    def decode(*_: object) -> None:
        raise AssertionError("decoded")

    monkeypatch.setattr("web.pictures._resized", decode)
    monkeypatch.setattr("PIL.Image.open", decode)
