"""What a person has switched off is not told; what nobody may miss is, whatever they switched off."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.switches import Switch, known_switches
from starbid.services.notices import KINDS
from starbid.services.notices.switches import ALWAYS, SWITCHED
from starbid.services.ports import Notice
from tests.support.factories import ANNA, BORIS, SELLER, join, market
from tests.support.fakes import FakeApp, make_app
from tests.support.happenings import MADE_WHEN_TOLD, all_notices
from tests.support.there import there

CALM: dict[str, dict[str, Any]] = {
    "lost": {"owed": False},
    "unsold": {"owed": False},
    "cancelled": {"reason": ""},
    "released": {"by": "buyer"},
    "returned": {"by": "time"},
    "credited": {"price": None},
    "refunded": {"owed": [0, "XTR"]},
}
"""The facts with which a notice of a kind tells nothing that somebody must hear."""
SWITCH_OF = {kind.name: switch for switch, kinds in SWITCHED.items() for kind in kinds}
READ_WHEN_TOLD = {
    *("broadcast", "dispute_opened", "found", "talk_wrote", "talk_undelivered", "talk_barred"),
    *("ticket_answered", "ticket_closed", "ticket_news", "waited"),
}
TOLD_BY_THE_SENDER = sorted(set(KINDS) - READ_WHEN_TOLD)


def samples() -> dict[str, Notice]:
    """A notice of each kind, of those that events make."""
    found = {notice.kind: notice for notice in all_notices()}
    made = {name: Notice(f"n:{name}", ANNA, name, None, facts) for name, facts in MADE_WHEN_TOLD.items()}
    return made | found


def calm(kind: str) -> Notice:
    notice = samples()[kind]
    return replace(notice, facts={**notice.facts, **CALM.get(kind, {})})


def told(app: FakeApp, notice: Notice) -> list[str]:
    app.sending.send(notice, app.now())
    return [one.kind for _, one, _ in app.messenger.told]


def ready(notice: Notice, off: Iterable[Switch]) -> tuple[FakeApp, Notice]:
    """An app with a lot, and the notice about it, to somebody who has switched these off."""
    app, lot = market(ANNA, BORIS, stars=10_000)
    about = replace(notice, auction_id=notice.auction_id and lot.auction.id)
    if notice.kind == "outbid":
        app.bidding.bid(lot.auction.id, next(who for who in (ANNA, BORIS) if who != notice.user_id), 500, app.now())
    if notice.kind == "extended":
        app.bidding.bid(lot.auction.id, notice.user_id, 500, app.now())
    if notice.user_id not in app.store.tables.people:
        join(app, notice.user_id)
    app.people.switch(notice.user_id, dict.fromkeys(off, False))
    return app, about if notice.kind != "reminded" else replace(about, auction_id=None)


def test_each_kind_is_switched_by_one_switch_or_told_always() -> None:
    """A new kind has to be placed in services.notices.switches."""
    placed = Counter(kind.name for kinds in (*SWITCHED.values(), ALWAYS) for kind in kinds)
    assert placed == Counter(list(KINDS))


def test_there_is_a_notice_of_each_kind_to_try() -> None:
    assert set(samples()) == set(KINDS)


@pytest.mark.parametrize("kind", TOLD_BY_THE_SENDER)
def test_a_kind_is_told_while_all_other_switches_are_off(kind: str) -> None:
    app, notice = ready(calm(kind), (switch for switch in Switch if switch is not SWITCH_OF.get(kind)))
    assert told(app, notice) == [kind]


@pytest.mark.parametrize("kind", TOLD_BY_THE_SENDER)
def test_with_all_switched_off_only_what_is_always_told_is_heard(kind: str) -> None:
    app, notice = ready(calm(kind), Switch)
    assert told(app, notice) == ([] if kind in SWITCH_OF else [kind])


@pytest.mark.parametrize("kind", sorted(CALM))
def test_what_nobody_may_miss_is_heard_with_all_switched_off(kind: str) -> None:
    urgent: dict[str, dict[str, Any]] = {
        "lost": {"owed": True}, "unsold": {"owed": True}, "cancelled": {"reason": "stolen"},
        "released": {"by": "admin"}, "returned": {"by": "admin"}, "credited": {"price": [500, "RUB"]},
        "refunded": {"owed": [5, "XTR"]},
    }  # fmt: skip
    notice = samples()[kind]
    app, notice = ready(replace(notice, facts={**notice.facts, **urgent[kind]}), Switch)
    assert told(app, notice) == [kind]


def test_a_switch_counts_for_a_notice_that_waits_on_the_queue_and_its_claim_is_finished() -> None:
    app, lot = market(ANNA, BORIS, stars=10_000)
    notice = Notice("sold:1", SELLER, "sold", lot.auction.id, {"price": [1, "XTR"]})
    app.people.switch(SELLER, {Switch.SOLD: False})
    assert told(app, notice) == []
    app.people.switch(SELLER, {Switch.SOLD: True})
    assert told(app, notice) == [], "it is done: it does not come up later"
    assert told(app, replace(notice, id="sold:2")) == ["sold"]


def test_a_living_message_stops_where_it_is_and_goes_on_with_the_next_bid() -> None:
    app, lot = market(ANNA, BORIS, stars=10_000)
    app.run_streams()
    app.messenger.told.clear()
    bid(app, lot.auction.id, ANNA, 200)
    assert app.messenger.kinds_for(SELLER) == ["new_bid"]
    app.people.switch(SELLER, {Switch.NEW_BIDS: False})
    bid(app, lot.auction.id, BORIS, 400)
    assert app.messenger.kinds_for(ANNA) == ["outbid"], "others hear as before"
    assert (app.messenger.kinds_for(SELLER), app.messenger.edited) == (["new_bid"], [])
    assert not app.outgoing.notices
    app.people.switch(SELLER, {Switch.NEW_BIDS: True})
    bid(app, lot.auction.id, ANNA, 600)
    assert [
        there(shown).auction.bids_count for _, notice, shown, _ in app.messenger.edited if notice.kind == "new_bid"
    ] == [3]


def bid(app: FakeApp, lot: str, who: int, amount: int) -> None:
    app.bidding.bid(lot, who, amount, app.now(), confirmed=True)
    app.run_streams()
    app.clock.forward(seconds=60)


def test_a_switch_costs_no_read() -> None:
    trips = []
    for off in ((), Switch):
        app, notice = ready(calm("rated"), off)
        app.store.trips.clear()
        told(app, notice)
        trips.append(list(app.store.trips))
    assert trips[0][: len(trips[1])] == trips[1]


def test_switching_what_is_so_already_writes_nothing() -> None:
    app = make_app()
    join(app, ANNA)
    first = app.people.switch(ANNA, {Switch.WON: False})
    assert app.people.switch(ANNA, {Switch.WON: False}).version == first.version
    assert app.people.switch(ANNA, {}).version == first.version


def test_switches_of_two_devices_do_not_undo_each_other() -> None:
    """Each names what it changes: one that lost the race decides again."""
    app = make_app()
    join(app, ANNA)
    app.store.meanwhile(lambda: app.people.switch(ANNA, {Switch.LOST: False}))
    assert app.people.switch(ANNA, {Switch.WON: False}).switched_off == {Switch.WON, Switch.LOST}


def test_who_was_never_here_switches_nothing() -> None:
    with pytest.raises(LookupError):
        make_app().people.switch(ANNA, {Switch.WON: False})


def test_switches_of_another_version_are_passed_over() -> None:
    assert known_switches(["won", "holograms", ""]) == {Switch.WON}
