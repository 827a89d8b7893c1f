"""What tests of several use cases set up alike."""

import pytest

from starbid.services.auctions import closing


@pytest.fixture
def small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """The holds of eleven bids are released in four transactions."""
    monkeypatch.setattr(closing, "CHUNK", 3)
