"""The list of bids on a lot's page: true lines, numbered bidders, oneself marked."""

from __future__ import annotations

import html
import re
from typing import Any

import pytest

from tests.support.factories import ANNA, BORIS, CLARA, SELLER, market
from tests.support.fakes import FakeApp
from tests.support.web import Client
from tests.unit.web.test_pages_lot import lot_at

HOUR = 3600


@pytest.fixture
def app() -> FakeApp:
    app, _ = market()
    return app


def place(app: FakeApp, lot_id: str, *bids: tuple[int, int]) -> None:
    for person, amount in bids:
        app.bidding.bid(lot_id, person, amount, app.now(), confirmed=True)
        app.clock.forward(seconds=1)


def lines(app: FakeApp, lot_id: str, viewer: int | None = None, code: str = "en") -> list[str]:
    """Each line without its time: who, the badge, and what the bid did."""
    client = Client(app)
    if viewer:
        client.log_in(viewer)
    page = client.get(f"/auction/{lot_id}", headers={"accept-language": code}).text
    part = page.split('id="bids"')[1].split("</ul>")[0]
    rows = (re.sub(r"<small.*?</small>", "", row, flags=re.DOTALL) for row in part.split("<li>")[1:])
    return [" ".join(html.unescape(re.sub(r"<[^>]*>", " ", row)).replace("\u202f", " ").split()) for row in rows]


def test_each_line_is_true_by_itself(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100, bid_step=5)
    place(app, lot_id, (ANNA, 245), (BORIS, 400), (CLARA, 300))
    assert lines(app, lot_id) == [
        "Bidder 3 price up to ⭐ 305, did not take the lead",
        "Bidder 2 leads now took the lead at ⭐ 250",
        "Bidder 1 took the lead at ⭐ 100",
    ]
    place(app, lot_id, (BORIS, 500))
    assert lines(app, lot_id)[:3] == [
        "Bidder 2 maximum raised, price ⭐ 305",
        "Bidder 3 price up to ⭐ 305, did not take the lead",
        "Bidder 2 leads now took the lead at ⭐ 250",
    ]


def test_one_leads_now_in_one_line_at_most_whatever_was_bid(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100, bid_step=5)
    for person, amount in ((ANNA, 100), (BORIS, 200), (ANNA, 300), (ANNA, 400), (CLARA, 350), (BORIS, 500)):
        place(app, lot_id, (person, amount))
        leading = [line for line in lines(app, lot_id) if "leads now" in line]
        leader = app.store.tables.auctions[lot_id].leader_id
        assert len(leading) == 1
        assert leading[0].startswith({ANNA: "Bidder 1 ", BORIS: "Bidder 2 ", CLARA: "Bidder 3 "}[leader or 0])


def test_oneself_is_marked_and_keeps_the_number_that_others_see(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100, bid_step=5)
    place(app, lot_id, (ANNA, 100), (BORIS, 200))
    assert [line.split(" took")[0] for line in lines(app, lot_id, ANNA)] == ["Bidder 2 leads now", "You (Bidder 1)"]
    assert [line.split(" took")[0] for line in lines(app, lot_id, BORIS)] == ["You (Bidder 2) leads now", "Bidder 1"]


@pytest.mark.parametrize("terms", [{}, {"type": "sealed"}, {"type": "vickrey"}])
def test_no_pseudonym_of_the_log_is_where_people_read(app: FakeApp, terms: dict[str, Any]) -> None:
    lot_id = lot_at(app, start_price=100, duration_seconds=HOUR, **terms)
    place(app, lot_id, (ANNA, 150), (BORIS, 200), (CLARA, 300))
    for hours in (0, 2):
        app.clock.forward(hours=hours)
        for viewer in (None, ANNA, SELLER):
            client = Client(app)
            if viewer:
                client.log_in(viewer)
            for path in (f"/auction/{lot_id}", f"/auction/{lot_id}/live"):
                assert not re.search(r"#[0-9a-f]{8}\b", client.get(path).text.replace("&#34;", ""))


def test_the_api_keeps_the_pseudonyms_of_the_log(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100)
    place(app, lot_id, (ANNA, 150))
    pseudonym = app.store.tables.auctions[lot_id].pseudonym(ANNA)
    assert Client(app).get(f"/api/v1/auctions/{lot_id}").json["leader"] == pseudonym
    assert Client(app).get(f"/api/v1/auctions/{lot_id}/bids").json["items"][0]["bidder"] == pseudonym


@pytest.mark.parametrize(("kind", "winners"), [("sealed", "bid ⭐ 400"), ("vickrey", "the amount stays hidden")])
def test_sealed_results_are_read_from_the_winner_down(app: FakeApp, kind: str, winners: str) -> None:
    lot_id = lot_at(app, start_price=100, duration_seconds=HOUR, type=kind)
    place(app, lot_id, (ANNA, 150), (BORIS, 400), (CLARA, 120), (ANNA, 300))
    app.clock.forward(hours=2)
    assert lines(app, lot_id) == [
        f"Bidder 2 won {winners}",
        "Bidder 1 bid ⭐ 300",
        "Bidder 3 bid ⭐ 120",
    ]
    assert lines(app, lot_id, BORIS)[0] == "You (Bidder 2) won bid ⭐ 400"
    assert lines(app, lot_id, CLARA)[2] == "You (Bidder 3) bid ⭐ 120"


def test_a_purchase_is_told_as_one(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100, buy_now_price=900)
    app.bidding.buy(lot_id, BORIS, 900, app.now())
    assert lines(app, lot_id) == ["Bidder 1 bought at once for ⭐ 900"]


def test_a_lot_below_its_reserve_was_led_and_won_by_nobody(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100, reserve_price=900, duration_seconds=HOUR)
    place(app, lot_id, (ANNA, 150))
    app.clock.forward(hours=2)
    assert lines(app, lot_id) == ["Bidder 1 took the lead at ⭐ 100"]


def test_the_lines_are_russian_for_who_reads_russian(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100, bid_step=5)
    place(app, lot_id, (ANNA, 200), (BORIS, 150))
    assert lines(app, lot_id, code="ru") == [
        "Участник 2 цена поднялась до ⭐ 155, лидер прежний",
        "Участник 1 лидирует новый лидер, цена ⭐ 100",
    ]


def test_a_bid_of_long_ago_is_counted_and_its_bidder_keeps_the_number(app: FakeApp) -> None:
    lot_id = lot_at(app, start_price=100, bid_step=1)
    place(app, lot_id, (CLARA, 100), *((BORIS if n % 2 else ANNA, 101 + n) for n in range(40)))
    shown = lines(app, lot_id)
    assert len(shown) == 30
    assert {line.split(" took")[0].removesuffix(" leads now") for line in shown} == {"Bidder 2", "Bidder 3"}
