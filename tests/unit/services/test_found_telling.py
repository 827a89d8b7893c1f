"""What saved searches find is told at most once a minute, and together."""

from typing import Any

import pytest

from starbid.domain.criteria import Criteria
from starbid.domain.switches import Switch
from starbid.services import found_telling
from starbid.services.ports import TryLater
from tests.support.factories import ANNA, BORIS, SELLER, join, put_up
from tests.support.fakes import Death, FakeApp, make_app


@pytest.fixture
def app() -> FakeApp:
    made = make_app()
    for who in (ANNA, BORIS):
        join(made, who)
        made.saved_searches.save(who, Criteria("lamp"), made.now())
    join(made, SELLER, seller=True)
    return made


def put_up_lamps(app: FakeApp, count: int, seller_id: int = SELLER) -> list[str]:
    lots = [put_up(app, seller_id, title=f"Lamp {number}", duration_seconds=7200) for number in range(count)]
    return [lot.auction.id for lot in lots]


def lots_told(app: FakeApp, who: int = ANNA) -> list[list[str]]:
    """The lots of each message, in order."""
    told: list[list[str]] = []
    for person, notice, _ in app.messenger.told:
        if (person.id, notice.kind) == (who, "found"):
            groups: dict[str, Any] = notice.facts["searches"]
            told.append([lot[0] for group in groups.values() for lot in group["lots"]])
    return told


def last_told(app: FakeApp) -> dict[str, Any]:
    """Of ANNA's last message, what was found by each search."""
    told = [notice for person, notice, _ in app.messenger.told if (person.id, notice.kind) == (ANNA, "found")]
    groups: dict[str, Any] = told[-1].facts["searches"]
    return groups


def run_for(app: FakeApp, seconds: int) -> None:
    for _ in range(seconds // 5):
        app.run_streams()
        app.clock.forward(seconds=5)


def test_what_comes_within_a_minute_is_told_together(app: FakeApp) -> None:
    first, *rest = put_up_lamps(app, 6)
    app.run_streams()
    assert lots_told(app) == [[first]]
    run_for(app, 55)
    assert len(lots_told(app)) == 1
    run_for(app, 15)
    assert [sorted(lots) for lots in lots_told(app)] == [[first], sorted(rest)]
    assert lots_told(app, BORIS) == lots_told(app)
    run_for(app, 300)
    assert app.outgoing.notices == []
    assert len(lots_told(app)) == 2


def test_however_many_come_there_is_a_message_a_minute(app: FakeApp) -> None:
    lots = []
    for number in range(60):
        lots += put_up_lamps(app, 1, 900 + number // 20)
        run_for(app, 5)
    run_for(app, 120)
    assert len(lots_told(app)) == 6
    assert sorted(lot for each in lots_told(app) for lot in each) == sorted(lots)


def test_more_than_fit_into_a_message_are_passed_over_and_the_rest_is_told(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(found_telling, "MOST", 4)
    put_up_lamps(app, 9)
    run_for(app, 180)
    assert [len(lots) for lots in lots_told(app)] == [1, 4]
    assert app.outgoing.notices == []


def test_a_message_that_telegram_did_not_take_is_told_later_with_all_that_waits(app: FakeApp) -> None:
    app.messenger.fail_next(TryLater(3))
    lots = put_up_lamps(app, 3)
    run_for(app, 200)
    assert sorted(lot for each in lots_told(app) for lot in each) == sorted(lots)


def test_who_dies_while_telling_leaves_nothing_untold(app: FakeApp) -> None:
    lots = put_up_lamps(app, 2)
    app.messenger.fail_next(Death())
    with pytest.raises(Death):
        app.run_streams()
    for lot in lots:
        app.announcing.announce(app.store.lot(lot), app.now())
    run_for(app, 240)
    assert {lot for each in lots_told(app) for lot in each} == set(lots)


def test_who_is_not_to_be_told_costs_the_others_no_minute(app: FakeApp) -> None:
    app.store.block(ANNA)
    put_up_lamps(app, 1)
    app.run_streams()
    app.store.block(ANNA, blocked=False)
    later = put_up_lamps(app, 1)
    app.run_streams()
    assert lots_told(app) == [later]


def test_who_has_switched_it_off_hears_nothing_and_the_others_do(app: FakeApp) -> None:
    app.people.switch(ANNA, {Switch.SEARCH: False})
    put_up_lamps(app, 1)
    app.run_streams()
    assert lots_told(app) == []
    app.people.switch(ANNA, {Switch.SEARCH: True})
    run_for(app, 60)
    assert lots_told(app) == [], "what was passed over does not come up later"


def test_what_waited_for_one_who_then_switched_it_off_does_not_come_up_later(app: FakeApp) -> None:
    put_up_lamps(app, 3)
    app.run_streams()
    app.people.switch(ANNA, {Switch.SEARCH: False})
    run_for(app, 120)
    app.clock.forward(minutes=30)
    app.people.switch(ANNA, {Switch.SEARCH: True})
    later = put_up_lamps(app, 1)
    app.run_streams()
    assert lots_told(app)[1:] == [later]


def test_a_lot_whose_search_is_deleted_while_it_waits_is_told_for_another_that_it_fits(app: FakeApp) -> None:
    other = app.saved_searches.save(ANNA, Criteria("old"), app.now())
    put_up_lamps(app, 1)
    app.run_streams()
    lot = put_up(app, title="Old lamp", duration_seconds=7200).auction.id
    plain = put_up_lamps(app, 1)
    app.run_streams()
    for search in app.saved_searches.of(ANNA):
        if search.id != other.id:
            app.saved_searches.drop(ANNA, search.id)
    run_for(app, 120)
    assert [lot] in lots_told(app)
    assert plain not in lots_told(app), "what only the deleted one found is not told"
    assert list(last_told(app)) == [other.id]


def test_a_price_that_falls_is_told_as_it_is_then(app: FakeApp) -> None:
    put_up_lamps(app, 1)
    app.run_streams()
    falling: dict[str, Any] = {
        "type": "dutch",
        "start_price": 1000,
        "floor_price": 100,
        "drop_amount": 100,
        "drop_seconds": 10,
    }
    lots = [put_up(app, title=f"Lamp {number}", duration_seconds=7200, **falling) for number in range(2)]
    run_for(app, 90)
    (group,) = last_told(app).values()
    told = {lot[0]: lot[2] for lot in group["lots"]}
    assert set(told) == {lot.auction.id for lot in lots}
    assert all(100 <= price < 1000 for price in told.values())


def test_lots_that_are_told_together_say_when_they_begin(app: FakeApp) -> None:
    put_up_lamps(app, 1)
    app.run_streams()
    live = put_up(app, title="Lamp", duration_seconds=7200).auction
    later = put_up(app, title="Lamp", starts_at="2026-05-02T12:00").auction
    run_for(app, 120)
    (group,) = last_told(app).values()
    assert {lot[0]: lot[4] for lot in group["lots"]} == {live.id: "", later.id: later.starts_at.isoformat()}
