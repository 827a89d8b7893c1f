"""Saved searches: what is saved, and who hears of a new lot."""

from typing import Any

import pytest

from starbid.domain.criteria import Criteria
from starbid.domain.errors import NotFound
from starbid.domain.saved_searches import MOST, SearchesFull, SearchTooWide
from starbid.services import searches
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, put_up
from tests.support.fakes import FakeApp, make_app


@pytest.fixture
def app() -> FakeApp:
    made = make_app()
    for who in (ANNA, BORIS, CLARA):
        join(made, who)
    return made


def save(app: FakeApp, who: int, text: str = "", **criteria: Any) -> str:
    return app.saved_searches.save(who, Criteria(text, **criteria), app.now()).id


def told(app: FakeApp) -> list[int]:
    """Who was told of new lots since the last call."""
    people = [person.id for person, notice, _ in app.messenger.told if notice.kind == "found"]
    app.messenger.told.clear()
    return people


def test_the_same_search_is_saved_once_in_whatever_form_its_words_are(app: FakeApp) -> None:
    assert save(app, ANNA, "red bikes") == save(app, ANNA, "Bike RED") == save(app, BORIS, "red bike")
    assert [search.criteria.text for search in app.saved_searches.of(ANNA)] == ["red bikes"]
    assert save(app, ANNA, "red bike", category="art") != save(app, ANNA, "red bike")


def test_one_more_than_fit_is_refused_and_one_that_is_there_is_not(app: FakeApp) -> None:
    for number in range(MOST):
        save(app, ANNA, f"bike {number}")
    with pytest.raises(SearchesFull):
        save(app, ANNA, "lamp")
    save(app, ANNA, "bike 3")
    save(app, BORIS, "lamp")
    assert len(app.saved_searches.of(ANNA)) == MOST


@pytest.mark.parametrize("text", ["", "???", "\N{ZERO WIDTH SPACE}"])
def test_what_looks_for_nothing_is_not_saved(app: FakeApp, text: str) -> None:
    with pytest.raises(SearchTooWide):
        save(app, ANNA, text)


def test_a_search_is_dropped_once(app: FakeApp) -> None:
    search = save(app, ANNA, "bike")
    save(app, BORIS, "bike")
    app.saved_searches.drop(ANNA, search)
    with pytest.raises(NotFound):
        app.saved_searches.drop(ANNA, search)
    assert app.saved_searches.of(BORIS)
    with pytest.raises(NotFound):
        app.saved_searches.one(ANNA, search)


@pytest.mark.parametrize(
    ("wanted", "lot", "hears"),
    [
        ({"text": "сумки"}, {"title": "Красная сумка"}, True),
        ({"text": "красных сумок"}, {"title": "Красная сумка"}, True),
        ({"text": "синяя сумка"}, {"title": "Красная сумка"}, False),
        ({"text": "кожа"}, {"title": "Сумка", "description": "Из кожи."}, True),
        ({"text": "lamp", "category": "home"}, {}, True),
        ({"text": "lamp", "category": "art"}, {}, False),
        ({"category": "home"}, {}, True),
        ({"kind": "english"}, {}, True),
        ({"kind": "dutch"}, {}, False),
        ({"currency": "XTR", "max_price": 100}, {}, True),
        ({"currency": "XTR", "max_price": 99}, {}, False),
        ({"currency": "XTR", "min_price": 101}, {}, False),
        ({"text": "lamp", "currency": "RUB"}, {}, False),
        ({"text": "ばいく"}, {"title": "あかいばいくです"}, True),
    ],
)
def test_who_looks_for_such_a_lot_hears_of_it(
    app: FakeApp, wanted: dict[str, Any], lot: dict[str, Any], hears: bool
) -> None:
    save(app, ANNA, **wanted)
    put_up(app, **lot)
    app.run_streams()
    assert told(app) == ([ANNA] if hears else [])


def test_one_who_looks_for_it_twice_hears_once_and_once_when_the_stream_comes_again(app: FakeApp) -> None:
    for text in ("lamp", "a lamp", "light"):
        save(app, ANNA, text)
    save(app, ANNA, category="home")
    lot = put_up(app)
    app.run_streams()
    assert told(app) == [ANNA]
    for _ in range(2):
        app.clock.forward(hours=2 / 60)
        app.announcing.announce(lot, app.now())
        app.run_streams()
    assert told(app) == []


def test_a_bid_or_another_text_is_no_new_lot(app: FakeApp) -> None:
    join(app, CLARA, stars=1000)
    lot = put_up(app)
    app.run_streams()
    save(app, ANNA, "lamp")
    app.bidding.bid(lot.auction.id, CLARA, 200, app.now())
    app.run_streams()
    assert told(app) == []


def test_a_lot_that_is_put_up_again_is_a_new_one(app: FakeApp) -> None:
    lot = put_up(app)
    app.run_streams()
    save(app, ANNA, "lamp")
    app.clock.forward(hours=2)
    app.publishing.relist(SELLER, lot.auction.id, app.now())
    app.run_streams()
    assert told(app) == [ANNA]


def test_a_lot_that_begins_later_is_told_when_it_is_put_up(app: FakeApp) -> None:
    save(app, ANNA, "lamp")
    put_up(app, starts_at="2026-05-02T12:00")
    app.run_streams()
    assert told(app) == [ANNA]


def test_neither_the_seller_nor_who_is_blocked_or_out_of_reach_hears(app: FakeApp) -> None:
    join(app, SELLER, seller=True)
    for who in (SELLER, ANNA, BORIS, CLARA):
        save(app, who, "lamp")
    app.store.block(ANNA)
    app.people.mark_unreachable(BORIS)
    put_up(app)
    app.run_streams()
    assert told(app) == [CLARA]


def test_a_lot_that_is_hidden_or_over_by_then_is_not_told(app: FakeApp) -> None:
    save(app, ANNA, "lamp")
    hidden = put_up(app)
    app.store.project(app.now())
    app.announcing.announce(hidden, app.now())
    app.lot_acts.hide(deciding("A fake", app.now()), hidden.auction.id)
    app.announcing.announce(app.store.lot(hidden.auction.id), app.now())
    over = put_up(app)
    app.store.project(app.now())
    app.announcing.announce(over, app.now())
    app.clock.forward(hours=2)
    app.run_streams()
    assert told(app) == []


def test_a_search_that_was_dropped_meanwhile_tells_nothing(app: FakeApp) -> None:
    search = save(app, ANNA, "lamp")
    put_up(app)
    app.run_streams()
    assert told(app) == [ANNA]
    put_up(app)
    app.run_streams()
    app.saved_searches.drop(ANNA, search)
    app.clock.forward(minutes=2)
    app.run_streams()
    assert told(app) == []
    assert app.outgoing.notices == []


def test_thousands_are_told_in_steps_of_a_bounded_size(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searches, "STEP", 10)
    people = range(1000, 1045)
    for who in people:
        join(app, who)
        save(app, who, "lamp")
    lot = put_up(app)
    app.store.project(app.now())
    app.announcing.announce(lot, app.now())
    sizes = []
    while app.outgoing.finders:
        before = len(app.outgoing.notices)
        app.announcing.step(*app.outgoing.finders.pop(0), app.now())
        sizes.append(len(app.outgoing.notices) - before)
    assert sizes == [10, 10, 10, 10, 5]
    assert [notice.user_id for notice in app.outgoing.notices] == list(people)


def test_what_a_lot_costs_does_not_grow_with_searches_for_other_things(app: FakeApp) -> None:
    for number in range(300):
        save(app, 2000 + number, f"thing{number}")
        save(app, 2000 + number, f"red thing{number}")
    save(app, ANNA, "lamp red")
    app.searches.reads.clear()
    put_up(app, title="A red lamp")
    app.run_streams()
    assert app.searches.reads == ["word#lamp"]
    assert told(app) == [ANNA]
