"""What reads promise, the same for every store."""

import json
import unicodedata
from datetime import datetime, timedelta
from typing import Any

import pytest

from starbid.domain.errors import Invalid, NotFound
from starbid.services.auctions.browsing import listing_of
from starbid.services.ports import Heard, Search
from tests.support import factories
from tests.support.dynamo import join, put_up
from tests.support.factories import ANNA, BORIS, SELLER, xtr
from tests.support.fakes import StagedApp


@pytest.fixture
def market(any_app: StagedApp) -> StagedApp:
    join(any_app, SELLER, seller=True)
    join(any_app, ANNA, stars=100_000)
    join(any_app, BORIS, stars=100_000)
    return any_app


def show(app: StagedApp, **changes: Any) -> str:
    lot = put_up(app, **changes)
    app.catalogue.put(listing_of(lot, app.now()), lot.card.description)
    return lot.auction.id


def found(app: StagedApp, **search: Any) -> list[str]:
    ids, cursor = [], None
    while True:
        page = app.browsing.live(Search(**search, cursor=cursor), app.now())
        ids += [listing.auction_id for listing in page.items]
        cursor = page.cursor
        if cursor is None:
            return ids


def test_what_is_not_there_is_not_found(any_app: StagedApp) -> None:
    for read in (any_app.store.auction, any_app.store.lot, any_app.store.deal):
        with pytest.raises(NotFound):
            read("nothing")
    assert any_app.store.person(1) is None
    assert any_app.store.charge("c") is None
    assert any_app.store.order_state("o", ANNA) is None
    assert any_app.store.idempotency_record("m") is None
    assert any_app.store.token("t") is None
    assert any_app.store.wallet(ANNA, "XTR").available == xtr(0)
    assert any_app.store.lots([]) == {}


def test_bids_come_newest_first_page_by_page(market: StagedApp) -> None:
    lot = put_up(market)
    for number in range(5):
        market.clock.forward(seconds=1)
        market.bidding.bid(lot.auction.id, (ANNA, BORIS)[number % 2], 200 + 100 * number, market.now(), confirmed=True)
    first = market.store.bids(lot.auction.id, limit=3)
    rest = market.store.bids(lot.auction.id, limit=3, cursor=first.cursor)
    assert [bid.number for bid in (*first.items, *rest.items)] == [5, 4, 3, 2, 1]
    assert rest.cursor is None
    assert [bid.number for bid in market.store.bids_of(ANNA).items] == [5, 3, 1]


def test_a_cursor_that_we_did_not_make_is_refused(market: StagedApp) -> None:
    lot = put_up(market)
    for cursor in ("garbage", "e30", "W10"):
        with pytest.raises(Invalid):
            market.store.bids(lot.auction.id, cursor=cursor)
    with pytest.raises(Invalid):
        market.catalogue.find(Search(cursor="garbage"))


def test_a_sellers_lots_come_newest_first(market: StagedApp) -> None:
    ids = []
    for _ in range(3):
        market.clock.forward(seconds=1)
        ids.append(put_up(market).auction.id)
    first = market.store.lots_of_seller(SELLER, limit=2)
    rest = market.store.lots_of_seller(SELLER, limit=2, cursor=first.cursor)
    assert [lot.auction.id for lot in (*first.items, *rest.items)] == ids[::-1]


def test_what_is_due_is_found_until_it_is_settled(market: StagedApp) -> None:
    lot = put_up(market, duration_seconds=60, extend_seconds=0)
    put_up(market, duration_seconds=3600)
    market.bidding.bid(lot.auction.id, ANNA, 200, market.now(), confirmed=True)
    assert market.store.due_auctions(market.now() + timedelta(seconds=59), 10) == []
    later = market.clock.forward(seconds=62)
    assert market.store.due_auctions(later, 10) == [lot.auction.id]
    market.closing.sweep(later)
    assert market.store.due_auctions(later, 10) == []
    reminds = later + timedelta(days=5)  # the seller, two days before the buyer may take the money back
    assert market.store.due_deals(reminds - timedelta(milliseconds=1), 10) == []
    assert market.store.due_deals(reminds, 10) == [lot.auction.id]
    market.dealing.advance(lot.auction.id, reminds)
    assert market.store.due_deals(later + timedelta(days=13), 10) == []
    assert market.store.due_deals(later + timedelta(days=14), 10) == [lot.auction.id]


def test_a_running_subscription_comes_due(market: StagedApp) -> None:
    """First to tell that it ends in three days, then that it has ended."""
    soon = market.now() + timedelta(days=27)
    assert market.store.due_subscriptions(soon - timedelta(milliseconds=1), 10) == []
    assert market.store.due_subscriptions(soon, 10) == [SELLER]
    market.people.end_subscriptions(soon)
    assert market.store.due_subscriptions(market.now() + timedelta(days=29), 10) == []
    assert market.store.due_subscriptions(market.now() + timedelta(days=30), 10) == [SELLER]


@pytest.mark.parametrize("limit", [1, 3, 24])
def test_every_sort_shows_every_live_lot_once_and_in_order(market: StagedApp, limit: int) -> None:
    lots = {}
    for number in range(12):
        market.clock.forward(seconds=1)
        price = 100 + (number * 7 % 12) * 10
        lots[show(market, start_price=price, duration_seconds=3600 + (number * 5 % 12) * 60)] = price
    for sort in ("ending", "newest", "price_asc", "price_desc", "bids"):
        ids = found(market, sort=sort, limit=limit)
        assert sorted(ids) == sorted(lots), sort
        if sort == "price_asc":
            assert [lots[i] for i in ids] == sorted(lots.values())
        if sort == "price_desc":
            assert [lots[i] for i in ids] == sorted(lots.values(), reverse=True)
        if sort == "newest":
            assert ids == list(lots)[::-1]


def test_filters_narrow_the_list(market: StagedApp) -> None:
    book = show(market, title="Старые книги", description="Три тома", category="books", start_price=50)
    lamp = show(market, title="Desk lamps", description="Bright", category="home", start_price=500)
    assert found(market, category="books") == [book]
    assert found(market, text="книга") == [book]
    assert found(market, text="lamp bright") == [lamp]
    assert found(market, text="lamp dark") == []
    assert found(market, min_price=100) == [lamp]
    assert found(market, max_price=100, sort="price_desc") == [book]
    assert found(market, min_price=50, max_price=500, sort="price_asc") == [book, lamp]
    assert found(market, currency="RUB") == []
    assert found(market, kind="english", currency="XTR", sort="newest", limit=1) in ([book, lamp], [lamp, book])


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("сумок", "Сумка"),
        ("дети", "Для ребёнка"),
        ("замо\u0301к", "Замки"),
        (unicodedata.normalize("NFD", "Чайник"), "Чайники"),
        ("c++", "C++"),
        ("手机", "新款手机"),
        ("running phones", "Phone to run"),
        ("💡", "Лампа💡"),
    ],
)
def test_a_lot_is_found_however_its_words_are_bent_and_written(market: StagedApp, query: str, title: str) -> None:
    wanted = show(market, title=title.ljust(3, "."), description="Новое")
    show(market, title="Котёл", description="Замша, C, 5 кг, 机手")
    assert found(market, text=query) == [wanted]


def test_a_text_without_a_word_finds_nothing_rather_than_everything(market: StagedApp) -> None:
    show(market)
    for text in ("!!!", "\u200b", "+"):
        assert found(market, text=text) == []


@pytest.mark.parametrize("sort", ["ending", "newest", "price_asc", "price_desc", "bids"])
def test_what_is_found_comes_once_and_in_order_over_all_pages(market: StagedApp, sort: str) -> None:
    wanted = []
    for number in range(14):
        market.clock.forward(seconds=1)
        title = ("Сумка", "Лампа")[number % 2]
        shown = show(market, title=title, start_price=100 + number, duration_seconds=3600 + number)
        wanted += [shown] if title == "Сумка" else []
    for limit in (1, 2, 3, 7, 24):
        ids = found(market, text="сумки", sort=sort, limit=limit)
        assert sorted(ids) == sorted(wanted)
        if sort != "bids":  # all have none
            assert ids == (wanted[::-1] if sort in ("newest", "price_desc") else wanted)


def test_an_older_projection_does_not_bring_an_ended_lot_back(market: StagedApp) -> None:
    lot = put_up(market)
    before = listing_of(lot, market.now())
    market.publishing.cancel(SELLER, lot.auction.id, market.now())
    market.catalogue.put(listing_of(market.store.lot(lot.auction.id, consistent=True), market.now()), "")
    market.catalogue.put(before, "")
    assert found(market) == []


def test_charges_come_newest_first_and_orders_are_settled_by_their_charge(any_app: StagedApp) -> None:
    join(any_app, ANNA)
    order, payload = any_app.paying.order_stars(ANNA, 10, any_app.now())
    assert any_app.store.order_state(order.id, ANNA) == "open"
    assert any_app.store.order(order.id) == order
    assert any_app.store.order("another") is None
    assert any_app.store.order_state(order.id, BORIS) is None
    any_app.paying.credit(ANNA, "c1", payload, 10, "XTR", any_app.now())
    any_app.clock.forward(seconds=1)
    factories.pay(any_app, ANNA, 20, "c2")
    assert any_app.store.order_state(order.id, ANNA) == "credited"
    any_app.paying.credit(ANNA, "c3", payload, 10, "XTR", any_app.now() - timedelta(days=1))
    assert any_app.store.first_charge(order.id) == "c1"
    assert any_app.store.first_charge("another") is None
    assert [charge.id for charge in any_app.store.charges_of(ANNA)] == ["c2", "c1", "c3"]


def test_what_was_paid_and_what_moved_is_listed_up_to_a_moment_and_in_pages(any_app: StagedApp) -> None:
    join(any_app, ANNA)
    paid = []
    for number in range(5):
        any_app.clock.forward(seconds=1)
        paid.append(factories.pay(any_app, ANNA, 10, f"c{number}").paid_at)
    store = any_app.store
    assert [one.id for one in store.payments_of(ANNA, until=paid[2]).items] == ["c2", "c1", "c0"]
    first = store.payments_of(ANNA, limit=3)
    rest = store.payments_of(ANNA, limit=3, cursor=first.cursor)
    assert [one.id for one in (*first.items, *rest.items)] == ["c4", "c3", "c2", "c1", "c0"]
    assert store.payments_of(ANNA, until=paid[0] - timedelta(seconds=1)).items == ()
    assert [one.at for one in store.transfers(ANNA, "XTR", until=paid[2]).items] == [paid[2], paid[1], paid[0]]
    assert store.transfers(ANNA, "XTR", until=paid[0] - timedelta(milliseconds=1)).items == ()
    assert [one.at for one in store.transfers(ANNA, "XTR", since=paid[3]).items] == [paid[4], paid[3]]
    assert store.transfers(ANNA, "XTR", since=paid[4] + timedelta(milliseconds=1)).items == ()
    assert [one.at for one in store.transfers(ANNA, "XTR", since=paid[1], until=paid[1]).items] == [paid[1]]
    latest = store.transfers(ANNA, "XTR", since=paid[1], limit=3)
    others = store.transfers(ANNA, "XTR", since=paid[1], limit=3, cursor=latest.cursor)
    assert [one.at for one in (*latest.items, *others.items)] == paid[:0:-1]
    for cursor in ("x", "e30"):
        with pytest.raises(Invalid):
            store.payments_of(ANNA, cursor=cursor)


def test_a_refund_half_way_comes_due(any_app: StagedApp) -> None:
    join(any_app, ANNA)
    charge = factories.pay(any_app, ANNA, 10, "c1")
    any_app.stars.fail_next(TimeoutError())
    with pytest.raises(TimeoutError):
        any_app.refunding.refund(ANNA, charge.id, any_app.now())
    assert any_app.store.due_refunds(any_app.now(), 10) == ["c1"]
    any_app.refunding.finish_refunds(any_app.now())
    assert any_app.store.due_refunds(any_app.now(), 10) == []
    assert any_app.stars.refunded == ["c1"]


def test_a_person_is_registered_once(any_app: StagedApp) -> None:
    first = any_app.store.add_person(factories.person(ANNA, name="Anna"))
    assert any_app.store.add_person(factories.person(ANNA, name="Other")) == first
    assert any_app.store.people([ANNA, 999]) == {ANNA: first}


def test_what_is_taken_is_its_first_owners_until_it_lapses(any_app: StagedApp) -> None:
    scratch, now = any_app.scratch, any_app.now()
    last, over = now + timedelta(seconds=29), now + timedelta(seconds=30)
    assert [scratch.take("k", owner, 30, now) for owner in ("one", "two", "one")] == [True, False, True]
    assert not scratch.take("k", "two", 30, last)
    assert scratch.take("k", "two", 30, over)
    assert not scratch.take("k", "one", 30, over)


def test_a_claim_is_for_one_until_it_lapses(any_app: StagedApp) -> None:
    scratch, now = any_app.scratch, any_app.now()
    assert scratch.claim("k", 30, now)
    assert not scratch.claim("k", 30, now + timedelta(seconds=29))
    assert scratch.claim("k", 30, now + timedelta(seconds=30))
    scratch.forget("k")
    assert scratch.claim("k", 30, now)
    scratch.finish("k", 86_400, now)
    assert scratch.finished("k")
    assert not scratch.claim("k", 30, now + timedelta(hours=23))


def test_what_is_received_again_is_known_by_its_first_receipt(any_app: StagedApp) -> None:
    scratch, now = any_app.scratch, any_app.now()
    first = now - timedelta(milliseconds=1234)

    def receive(seconds: int) -> datetime | None:
        later = now + timedelta(seconds=seconds)
        return scratch.receive("k", 30, 86_400, first if seconds == 0 else later, later)

    assert receive(0) == first
    assert receive(29) is None
    assert not scratch.claim("k", 30, now + timedelta(seconds=29))
    assert receive(30) == first, "its process died"
    scratch.give_back("k", now + timedelta(seconds=31))
    assert not scratch.finished("k")
    assert receive(31) == first, "it was given back"
    scratch.finish("k", 86_400, now + timedelta(seconds=32))
    assert scratch.finished("k")
    assert receive(86_400) is None
    assert receive(32 + 86_400) == now + timedelta(seconds=32 + 86_400)


def test_what_was_heard_is_finished_like_anything_else(any_app: StagedApp) -> None:
    scratch, now = any_app.scratch, any_app.now()
    assert scratch.receive("k", 30, 86_400, now, now) == now
    scratch.finish_heard("k", 86_400, now, Heard(ANNA, "command", "balance"), now)
    assert scratch.finished("k")
    assert scratch.receive("k", 30, 86_400, now, now) is None


def test_what_was_never_received_or_is_forgotten_cannot_be_given_back(any_app: StagedApp) -> None:
    scratch, now = any_app.scratch, any_app.now()
    scratch.give_back("k", now)
    assert scratch.receive("k", 30, 86_400, now, now) == now
    scratch.forget("k")
    scratch.give_back("k", now)
    later = now + timedelta(seconds=1)
    assert scratch.receive("k", 30, 86_400, later, later) == later


def test_a_small_record_is_exchanged_only_for_the_one_that_is_known(any_app: StagedApp) -> None:
    scratch, now = any_app.scratch, any_app.now()
    known = {"message_id": 1, "watching": None, "words": "лот", "until": 1_777_636_800_123}
    scratch.put_member("card#b", "7", known, 60, now)
    (read,) = scratch.members("card#b", now).values()
    assert scratch.exchange_member("card#b", "7", read, {"message_id": 2}, 60, now)
    assert not scratch.exchange_member("card#b", "7", read, {"message_id": 3}, 60, now)
    assert not scratch.exchange_member("card#b", "8", read, {"message_id": 3}, 60, now)
    assert scratch.members("card#b", now) == {"7": {"message_id": 2}}
    assert scratch.exchange_member("card#b", "7", {"message_id": 2}, {"message_id": 4}, 0, now)
    assert scratch.members("card#b", now) == {}


def test_a_small_record_that_an_earlier_version_has_escaped_is_exchanged_as_well(
    any_app: StagedApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    scratch, now, known = any_app.scratch, any_app.now(), {"words": "лот"}
    with monkeypatch.context() as earlier:
        earlier.setattr("starbid.storage.scratch._text", json.dumps)
        scratch.put_member("card#c", "7", known, 60, now)
    assert scratch.exchange_member("card#c", "7", known, {"words": "лоты"}, 60, now)
    assert scratch.members("card#c", now) == {"7": {"words": "лоты"}}


@pytest.mark.parametrize("text", ["Да, 😀", "a\x00b", "half: \ud83d, \ude00"])
def test_a_small_record_keeps_whatever_text_json_carries(any_app: StagedApp, text: str) -> None:
    any_app.scratch.put("conv#1", {"text": text}, 60, any_app.now())
    assert any_app.scratch.get("conv#1", any_app.now()) == {"text": text}


def test_small_records_live_their_time(any_app: StagedApp) -> None:
    scratch, now = any_app.scratch, any_app.now()
    scratch.put("conv#1", {"step": "amount", "n": None, "price": 1.5}, 60, now)
    assert scratch.get("conv#1", now + timedelta(seconds=59)) == {"step": "amount", "n": None, "price": 1.5}
    assert scratch.get("conv#1", now + timedelta(seconds=60)) is None
    scratch.put_member("card#a", "7", {"message_id": 1}, 60, now)
    scratch.put_member("card#a", "8", {"message_id": 2}, 30, now)
    assert scratch.members("card#a", now + timedelta(seconds=45)) == {"7": {"message_id": 1}}
    assert scratch.member("card#a", "7", now + timedelta(seconds=45)) == {"message_id": 1}
    assert scratch.member("card#a", "8", now + timedelta(seconds=45)) is None
    scratch.drop_member("card#a", "7")
    assert scratch.members("card#a", now) == {"8": {"message_id": 2}}


def test_lots_that_have_not_begun_make_no_page_short_and_are_found_from_their_start_on(market: StagedApp) -> None:
    start = market.now() + timedelta(hours=2)
    waiting = {show(market, starts_at=start.isoformat(), start_price=50) for _ in range(6)}
    running = {show(market, start_price=60 + number) for number in range(4)}
    for sort in ("ending", "newest", "price_asc", "price_desc", "bids"):
        page = market.browsing.live(Search(sort=sort, limit=4), market.now())
        assert {listing.auction_id for listing in page.items} == running, sort
    market.clock.forward(hours=2)
    assert set(found(market)) == waiting, "the others ended after an hour"


def test_many_charges_are_read_at_once_each_once_and_without_those_that_are_not_there(any_app: StagedApp) -> None:
    join(any_app, ANNA)
    paid = [factories.pay(any_app, ANNA, 10 + number, f"c{number}") for number in range(3)]
    wanted = [charge.id for charge in paid] + ["c1", "c2", ""] + [f"x{number}" for number in range(150)]
    assert any_app.store.charges(wanted) == {charge.id: charge for charge in paid}
    assert any_app.store.charges([]) == {}
