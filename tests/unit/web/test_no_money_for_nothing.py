"""The money step asks for no money that nothing would be done with."""

from __future__ import annotations

import re

import pytest

from starbid.domain.money import XTR
from tests.support.factories import ANNA, BORIS, SELLER, draft

from .test_pages_money_step import Visit


@pytest.mark.parametrize("over", ["ended", "changed", "bought", "done"])
def test_no_money_is_asked_for_what_is_done_or_cannot_be_done_as_it_was_seen(over: str) -> None:
    visit = Visit()
    app, lot = visit.app, visit.lot.auction.id
    form = visit.anna.post_form(f"{visit.path}/bid", amount=150).text.split('class="top-up"')[1].split("</form>")[0]
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    match over:
        case "ended":
            app.clock.forward(days=8)
            app.closing.close(lot, app.now())
        case "changed":
            app.publishing.edit(SELLER, lot, draft(title="Another lamp"), (), app.now())
        case "bought":
            app.bidding.buy(lot, BORIS, 900, app.now())
        case "done":
            _, payload = app.paying.order_stars(ANNA, 500, app.now())
            app.paying.credit(ANNA, "other", payload, 500, XTR, app.now())
            app.bidding.bid(lot, ANNA, 150, app.now())
    invoices = len(app.stars.links)
    answer = visit.anna.post_form("/buy_stars", **fields, amount=200)
    assert (answer.status, answer.headers["location"]) == (303, visit.path)
    assert len(app.stars.links) == invoices


def test_no_money_is_asked_for_a_lot_that_is_not_there() -> None:
    visit = Visit()
    form = visit.anna.post_form(f"{visit.path}/bid", amount=150).text.split('class="top-up"')[1].split("</form>")[0]
    fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', form))
    swapped = {name: value.replace(visit.lot.auction.id, "nosuchlot") for name, value in fields.items()}
    assert visit.anna.post_form("/buy_stars", **swapped, amount=200).status == 404
    assert visit.app.stars.links == []
