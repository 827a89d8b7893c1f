"""Looking at the form of a lot and at its pictures."""

from __future__ import annotations

import re

from starbid.domain.lots import Lot
from tests.support.fakes import FakeApp
from tests.support.web import Answer, Client


def lots(app: FakeApp) -> list[Lot]:
    return [app.store.lot(lot_id) for lot_id in app.store.tables.auctions]


def pictures(app: FakeApp) -> tuple[str, ...]:
    """Of the one lot that there is."""
    (lot,) = lots(app)
    return lot.card.pictures


def named(answer: Answer, field: str) -> list[str]:
    """What the form carries along in hidden fields of this name."""
    return re.findall(f'type="hidden" name="{field}" value="([^"]*)"', answer.text)


def uploaded(app: FakeApp, client: Client, data: bytes) -> str:
    """As a browser does: ask where to, and put a picture there; answers its key."""
    key = str(client.post_form("/new_auction/uploads").json["key"])
    app.pictures.uploads[key] = data
    return key
