import io
from datetime import datetime, timedelta
from typing import Any

import pytest
from PIL import Image

from local.demo import fill, seeding
from local.demo.drawings import DRAWINGS
from local.demo.goods import GOODS
from local.demo.lot import DemoLot
from local.demo.lots import LOTS
from local.demo.people import IDS, PEOPLE
from starbid.domain.auction import Status
from starbid.domain.deals import DealState
from starbid.domain.errors import Conflict
from starbid.domain.kinds import kind_of
from starbid.domain.lots import CATEGORIES
from starbid.services.ports import Contended
from tests.support.fake_aws import FakePictures
from tests.support.fakes import FakeApp, make_app
from tests.support.invariants import assert_invariants, dump_of
from tests.support.there import there


@pytest.fixture(autouse=True)
def quick_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Drawings take their time; they are looked at in a test of their own."""

    def draw(lot: DemoLot, pictures: FakePictures, now: datetime) -> str:
        picture_id = lot.picture.replace("_", "")
        pictures.save_draft(IDS[lot.seller], picture_id, {"small": b"jpeg"}, now)
        return picture_id

    monkeypatch.setattr(seeding, "_draw", draw)


@pytest.fixture
def demo() -> FakeApp:
    app = make_app()
    fill(app)
    return app


def status(app: FakeApp, auction_id: str) -> Status:
    return app.store.tables.auctions[auction_id].status(app.now())


def test_there_are_live_scheduled_and_sold_lots_of_every_category(demo: FakeApp) -> None:
    statuses = [status(demo, lot_id) for lot_id in demo.store.tables.auctions]

    assert statuses.count(Status.LIVE) == 16
    assert statuses.count(Status.SCHEDULED) == 1
    assert statuses.count(Status.SOLD) == 1
    assert {card.category for card in demo.store.tables.cards.values()} == set(CATEGORIES)


def test_ends_are_spread_from_two_minutes_to_five_days(demo: FakeApp) -> None:
    ends = sorted(a.ends_at - demo.now() for a in demo.store.tables.auctions.values() if a.ends_at > demo.now())

    assert (ends[0], ends[-1]) == (timedelta(minutes=2), timedelta(days=5))


def test_one_reserve_is_met_and_one_is_not_and_one_lot_can_be_bought_at_once(demo: FakeApp) -> None:
    views = [demo.browsing.lot(lot_id, None, demo.now()) for lot_id in demo.store.tables.auctions]

    assert {view.reserve_met for view in views} == {None, True, False}
    assert any(view.buy_now_price and not view.lot.auction.bids_count for view in views)


def test_the_sold_one_has_been_delivered_and_waits_for_its_buyer(demo: FakeApp) -> None:
    (deal,) = demo.store.tables.deals.values()

    assert deal.state is DealState.DELIVERED
    assert deal.buyer_id == IDS["maxim"]


def test_money_is_where_it_belongs(demo: FakeApp) -> None:
    tables = demo.store.tables
    for wallet in tables.wallets.values():
        live = [a for a in tables.auctions.values() if a.ending == "open" and a.currency == wallet.currency]
        open_lots = [a for a in live if not kind_of(a).is_sealed]
        leading = sum(there(a.leader_maximum).amount for a in open_lots if a.leader_id == wallet.user_id)
        assert wallet.held.amount == leading + sum(stake.amount for stake in wallet.stakes.values())
        theirs = [t for t in tables.transfers.values() if t.user_id == wallet.user_id]
        booked = sum(t.change.amount for t in theirs if t.currency == wallet.currency)
        assert wallet.available.amount + wallet.held.amount == booked


def test_what_can_be_touched_is_sold_for_the_money_of_bills(demo: FakeApp) -> None:
    tables = demo.store.tables
    goods = [lot for lot in tables.auctions.values() if tables.cards[lot.id].goods == "physical"]
    assert {lot.currency for lot in goods} == {"RUB"}
    assert len(goods) == len(GOODS)
    assert any(lot.leader_id for lot in goods)
    assert_invariants(dump_of(demo.store))


def test_a_run_with_other_money_has_its_goods_for_it() -> None:
    app = make_app({"TOPUP_CURRENCY": "EUR"})
    fill(app)
    assert {lot.currency for lot in app.store.tables.auctions.values()} == {"XTR", "EUR"}


def test_nobody_is_told_of_the_past(demo: FakeApp) -> None:
    demo.run_streams()

    assert demo.messenger.told == []
    demo.people.greet(IDS["anna"], PEOPLE[0].name, PEOPLE[0].username, "ru", demo.now())
    assert not demo.store.tables.people[IDS["anna"]].unreachable


def test_twice_is_like_once(demo: FakeApp) -> None:
    before = demo.store.tables.snapshot()

    fill(demo)

    after = demo.store.tables
    assert (after.bids, after.transfers, after.wallets) == (before.bids, before.transfers, before.wallets)
    assert after.auctions == before.auctions


def test_what_stopped_half_way_can_be_begun_again() -> None:
    app = make_app()
    app.store.fail_next(Contended(), times=4)
    with pytest.raises(Conflict):
        fill(app)

    fill(app)

    assert len(app.store.tables.auctions) == len(LOTS) + len(GOODS)


def test_everybody_is_introduced_to_the_stand_in() -> None:
    class StandIn:
        def __init__(self) -> None:
            self.people: list[tuple[int | str, ...]] = []

        def add_person(self, *person: int | str) -> None:
            self.people.append(person)

    stand_in = StandIn()
    fill(make_app(), stand_in)

    assert [person[0] for person in stand_in.people] == list(IDS.values())
    assert {person[3] for person in stand_in.people} == {"ru", "en"}


def test_a_drawing_is_kept_as_any_sellers_picture(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.undo()
    monkeypatch.setattr(seeding, "LOTS", LOTS[:1])
    monkeypatch.setattr(seeding, "GOODS", ())
    app = make_app()

    fill(app)

    (card,) = app.store.tables.cards.values()
    assert set(app.pictures.saved[card.pictures[0]]) == {
        f"{size}{kind}" for size in ("small", "medium", "large") for kind in ("", ".webp")
    }


@pytest.mark.parametrize("lot", [*LOTS, *GOODS], ids=lambda lot: lot.picture)
def test_every_lot_has_a_drawing_of_its_own(lot: DemoLot) -> None:
    with Image.open(io.BytesIO(DRAWINGS[lot.picture]().jpeg())) as picture:
        assert picture.width * 3 == picture.height * 4
        colours: list[Any] = there(picture.resize((40, 30)).getcolors(1200))
        assert len(colours) > 100, "a drawing is more than a plain surface"
