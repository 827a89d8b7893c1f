"""Helpers for the form of a lot and its pictures."""

from __future__ import annotations

import re

from starbid.domain.lots import Lot
from tests.support.fakes import FakeApp
from tests.support.web import Answer, Client


def lots(app: FakeApp) -> list[Lot]:
    return [app.store.lot(lot_id) for lot_id in app.store.tables.auctions]


def pictures(app: FakeApp) -> tuple[str, ...]:
    """Of the only lot."""
    (lot,) = lots(app)
    return lot.card.pictures


def named(answer: Answer, field: str) -> list[str]:
    """The form's hidden fields of this name."""
    return re.findall(f'type="hidden" name="{field}" value="([^"]*)"', answer.text)


def uploaded(app: FakeApp, client: Client, data: bytes) -> str:
    """Like a browser: ask for an upload form, and upload a picture; returns its key."""
    key = str(client.post_form("/new_auction/uploads").json["key"])
    app.pictures.uploads[key] = data
    return key
