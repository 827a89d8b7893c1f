"""A lot that is put up and edited in the chat, for a day of the market (test_permissions)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from starbid.services.auctions.drafts import mark_of
from starbid.services.ports import SellDraft
from tests.support.factories import SELLER
from tests.support.moto_market import Market
from tests.support.web import Client, png


def selling_in_the_chat(market: Market) -> None:
    """With a photo of the chat and one that a browser has sent; then without any, and another one like it."""
    app = market.app
    market.update(SELLER, message={"text": "/sell"})
    market.press(SELLER, "sl:new")
    market.update(SELLER, message=_photo(market))
    draft = _draft(market)
    assert len(draft.pictures) == 1
    for data in (f"sl:k:{draft.id}", f"sl:l:{draft.id}", f"sl:o:{draft.id}"):
        market.press(SELLER, data)
    for text in ("A lamp of the chat", "It shines."):
        market.update(SELLER, message={"text": text})
    for value in ("ca:home", "go:digital", "ki:english", "sp:100XTR", "du:3600"):
        market.press(SELLER, f"sl:s:{draft.id}:{value}")
    key = app.pictures.keep_upload(SELLER, png((44, 44)), app.now())
    app.drafts.change(SELLER, draft.id, lambda kept: _with_upload(kept, key), app.now())
    market.press(SELLER, f"sl:o:{draft.id}")
    draft = _draft(market)
    assert (len(draft.pictures), draft.uploads) == (2, ())
    market.press(SELLER, f"sl:p:{draft.id}:{mark_of(draft)[:8]}")
    lot = app.drafts.put_up(SELLER, draft.request_id)
    assert lot
    assert len(lot.card.pictures) == 2
    market.press(SELLER, f"sl:e:{lot.auction.id}")
    market.press(SELLER, f"sl:s:e.{lot.auction.id}:ph:-")
    edited = app.drafts.opened(SELLER, f"e.{lot.auction.id}", app.now())
    market.press(SELLER, f"sl:p:{edited.id}:{mark_of(edited)[:8]}")
    assert app.store.lot(lot.auction.id, consistent=True).card.pictures == ()
    market.press(SELLER, f"sl:a:{lot.auction.id}")
    market.press(SELLER, f"sl:X:{_draft(market).id}")
    assert app.drafts.all(SELLER, app.now()) == ()


def drafts_on_the_site(market: Market) -> None:
    with market.record.of("WebFunction"):
        seller = Client(market.app).log_in(SELLER)
        for request_id in ("one", "two"):
            assert (
                seller.post_form("/new_auction/draft", quiet="1", request_id=request_id, title="A lamp").status == 204
            )
        assert seller.get("/new_auction", draft="one").status == 200
        for request_id in ("one", "two"):
            assert seller.post_form("/new_auction/draft/discard", draft=request_id).status == 303


def _draft(market: Market) -> SellDraft:
    newest: SellDraft = market.app.sell_drafts.all(SELLER, market.app.now())[0]
    return newest


def _with_upload(draft: SellDraft, key: str) -> SellDraft:
    return replace(draft, uploads=(key,))


def _photo(market: Market) -> dict[str, Any]:
    market.telegram.files["sold"] = png((33, 33))
    return {"photo": [{"file_id": "sold", "file_unique_id": "sold", "width": 90, "height": 67}]}
