"""What the line of a lot promises, the same for every store."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from functools import partial
from itertools import count

import pytest

from bench.meter import Meter, size_of
from starbid.domain.errors import AuctionClosed, BidTooLow
from starbid.domain.intents import Intent, Memory, Outcome, Placed, Refused, Repeated, Wish
from starbid.domain.money import MAX_AMOUNT
from starbid.services.ports import ConditionFailed, IdempotencyRecord, Line, Unavailable
from starbid.storage import intent_rows
from starbid.storage.codec import encode
from tests.support.dynamo import DynamoApp, hammer
from tests.support.factories import ANNA, BORIS, xtr
from tests.support.fakes import START, StagedApp

MS, SECOND = timedelta(milliseconds=1), timedelta(seconds=1)
LOT = "lamp"
_numbers = count(1)


def intent(at: datetime = START, lot: str = LOT, name: str = "", **changes: object) -> Intent:
    made = Intent(name or f"{next(_numbers):032x}", lot, ANNA, Wish.BID, xtr(200), at)
    return replace(made, **changes)  # type: ignore[arg-type]


def decide(app: StagedApp, decided: Iterable[Intent], outcome: Outcome = Placed(1)) -> None:  # noqa: B008 - frozen
    unit = app.store.unit()
    for each in decided:
        unit.decide_intent(each, outcome)
    unit.commit()


def blamed(app: StagedApp, decided: Intent) -> ConditionFailed:
    with pytest.raises(ConditionFailed) as refused:
        decide(app, [decided], Placed(7))
    assert refused.value.blames("intent")
    return refused.value


def lined_up(app: StagedApp, intents: list[Intent]) -> None:
    hammer([partial(app.intents.add, each) for each in intents], threads=8)


# --- the lease --------------------------------------------------------------------------------------------------------


def test_of_two_who_want_the_lease_one_has_it_until_it_lapses(any_app: StagedApp) -> None:
    line, until = any_app.intents, START + SECOND
    assert line.take_lease(LOT, "first", until, START)
    assert not line.take_lease(LOT, "second", START + 3 * SECOND, until - MS)
    assert line.take_lease("clock", "second", until, START), "each lot has its own"
    assert line.take_lease(LOT, "second", until + SECOND, until)
    assert not line.take_lease(LOT, "first", until + SECOND, until)


def test_who_has_the_lease_may_take_it_for_longer(any_app: StagedApp) -> None:
    line = any_app.intents
    assert line.take_lease(LOT, "first", START + SECOND, START)
    assert line.take_lease(LOT, "first", START + 2 * SECOND, START)
    assert line_of(any_app) == Line(START + 2 * SECOND)


def test_a_lease_that_is_given_back_is_free_and_another_one_is_not(any_app: StagedApp) -> None:
    line, until = any_app.intents, START + SECOND
    line.give_back_lease(LOT, "first", START)
    assert line_of(any_app) is None, "what nobody took is not given back"
    line.take_lease(LOT, "first", until, START)
    line.give_back_lease(LOT, "second", START)
    assert line_of(any_app) == Line(until)
    line.give_back_lease(LOT, "first", START + MS)
    assert line_of(any_app) == Line(START + MS)
    assert line.take_lease(LOT, "second", until, START + MS)


def test_of_many_who_want_the_lease_at_once_one_has_it(emulated: DynamoApp) -> None:
    takes = [
        partial(emulated.intents.take_lease, LOT, f"holder {number}", START + SECOND, START) for number in range(16)
    ]
    assert sorted(hammer(takes)) == [False] * 15 + [True]


def line_of(app: StagedApp, lot: str = LOT) -> Line | None:
    batch = app.store.batch()
    found = batch.line(lot)
    batch.fetch()
    return found.value


# --- waiting ----------------------------------------------------------------------------------------------------------


def test_what_waits_is_read_as_it_was_stored(any_app: StagedApp) -> None:
    plain = intent(START)
    keyed = intent(START + MS, memory=Memory("api:7:a key", "f" * 64), confirmed=True, card_version=3)
    buying = intent(START + 2 * MS, person_id=BORIS, wish=Wish.BUY, amount=xtr(MAX_AMOUNT))
    for each in (buying, plain, keyed, intent(lot="clock")):
        any_app.intents.add(each)
    assert any_app.intents.waiting(LOT, 10) == [plain, keyed, buying]
    assert any_app.intents.ask_waiting(LOT, 2)() == [plain, keyed]
    assert any_app.intents.waiting("nothing", 10) == []
    assert any_app.intents.outcome_and_line(plain) == (None, None)


def test_those_who_wait_stand_in_the_order_of_their_arrival_wherever_they_are_kept(any_app: StagedApp) -> None:
    arrivals = [intent(START + number % 7 * MS) for number in range(40)]
    assert len({intent_rows.intent_key(each)["place"] for each in arrivals}) == intent_rows.PLACES
    for each in arrivals:
        any_app.intents.add(each)
    in_order = sorted(arrivals, key=lambda each: (each.arrived_at, each.id))
    assert any_app.intents.waiting(LOT, 100) == in_order
    assert any_app.intents.waiting(LOT, 5)[:5] == in_order[:5]


def test_the_first_of_the_line_are_found_though_all_stand_in_one_place(any_app: StagedApp) -> None:
    names = (f"{number:032x}" for number in count())
    place = f"{LOT}#0"
    same = [each for name, _ in zip(names, range(80), strict=False) if at(each := intent(name=name)) == place]
    other = intent(START + SECOND, name=next(name for name in names if at(intent(name=name)) != place))
    for each in (other, *same):
        any_app.intents.add(each)
    assert any_app.intents.waiting(LOT, len(same)) == sorted(same, key=lambda each: each.id)


def at(placed: Intent) -> str:
    return str(intent_rows.intent_key(placed)["place"])


def test_an_intent_that_is_added_twice_waits_once_and_stays_decided(any_app: StagedApp) -> None:
    added = intent()
    for _ in range(2):
        any_app.intents.add(added)
    assert any_app.intents.waiting(LOT, 10) == [added]
    decide(any_app, [added])
    any_app.intents.add(added)
    assert any_app.intents.waiting(LOT, 10) == []
    assert any_app.intents.outcome_and_line(added)[0] == Placed(1)


def test_those_who_wait_are_found_behind_200_that_were_decided(any_app: StagedApp) -> None:
    decided = [intent(START + number * MS) for number in range(220)]
    later = [intent(START + SECOND + number * MS) for number in range(9)]
    for each in (*decided, *later):
        any_app.intents.add(each)
    for first in range(0, len(decided), 80):
        decide(any_app, decided[first : first + 80])
    assert any_app.intents.waiting(LOT, 3)[:3] == later[:3]
    assert any_app.intents.waiting(LOT, 100) == later


def test_2000_who_wait_are_read_in_order_from_the_first(emulated: DynamoApp) -> None:
    crowd = [intent(START + number * 13 % 500 * MS) for number in range(2_000)]
    lined_up(emulated, crowd)
    crowd.sort(key=lambda each: each.order)
    assert emulated.intents.waiting(LOT, 45)[:45] == crowd[:45]
    assert emulated.intents.waiting(LOT, 3_000) == crowd


# --- outcomes ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("outcome", [Placed(10**6), Repeated(), Refused(BidTooLow(xtr(321)))])
def test_an_intent_is_decided_once(any_app: StagedApp, outcome: Outcome) -> None:
    waits = intent()
    any_app.intents.add(waits)
    any_app.intents.take_lease(LOT, "first", START + SECOND, START)
    decide(any_app, [waits], outcome)
    assert told(any_app.intents.outcome_and_line(waits)[0]) == told(outcome)
    found, line = any_app.intents.outcome_and_line(waits)
    assert (told(found), line) == (told(outcome), Line(START + SECOND))
    assert told(blamed(any_app, waits).current("intent")) == told(outcome)
    assert any_app.intents.waiting(LOT, 10) == []


def told(outcome: Outcome | None) -> object:
    """Refusals are equal that say the same."""
    return (type(outcome.error), outcome.error.details) if isinstance(outcome, Refused) else outcome


def test_a_batch_is_decided_as_a_whole(any_app: StagedApp) -> None:
    first, second = intent(), intent()
    for each in (first, second):
        any_app.intents.add(each)
    decide(any_app, [first])
    unit = any_app.store.unit()
    unit.decide_intent(second, Placed(2))
    unit.decide_intent(first, Placed(3))
    with pytest.raises(ConditionFailed) as refused:
        unit.commit()
    assert [refusal.key for refusal in refused.value.refusals] == [first.id]
    assert any_app.intents.outcome_and_line(second)[0] is None


def test_what_was_never_added_is_not_decided(any_app: StagedApp) -> None:
    assert blamed(any_app, intent()).current("intent") is None


def test_a_decided_intent_that_is_dropped_is_gone(any_app: StagedApp) -> None:
    waits = intent()
    any_app.intents.add(waits)
    decide(any_app, [waits])
    for _ in range(2):
        any_app.intents.drop(waits)
    assert any_app.intents.outcome_and_line(waits)[0] is None
    blamed(any_app, waits)


# --- withdrawing ------------------------------------------------------------------------------------------------------


def test_an_intent_that_is_withdrawn_never_counts(any_app: StagedApp) -> None:
    waits, other = intent(), intent()
    for each in (waits, other):
        any_app.intents.add(each)
    assert any_app.intents.withdraw(waits) is None
    assert any_app.intents.waiting(LOT, 10) == [other]
    assert blamed(any_app, waits).current("intent") is None


def test_an_intent_that_was_decided_first_is_not_withdrawn(any_app: StagedApp) -> None:
    waits = intent()
    any_app.intents.add(waits)
    decide(any_app, [waits], Refused(AuctionClosed()))
    assert told(any_app.intents.withdraw(waits)) == (AuctionClosed, {})
    assert told(any_app.intents.outcome_and_line(waits)[0]) == (AuctionClosed, {})


def test_nobody_is_told_that_something_was_withdrawn_which_was_decided_and_dropped(any_app: StagedApp) -> None:
    waits = intent()
    any_app.intents.add(waits)
    decide(any_app, [waits])
    any_app.intents.drop(waits)
    with pytest.raises(Unavailable):
        any_app.intents.withdraw(waits)


def test_an_intent_is_either_decided_or_withdrawn_however_they_meet(emulated: DynamoApp) -> None:
    crowd = [intent(START + number * MS) for number in range(24)]
    lined_up(emulated, crowd)
    decides = [partial(decide, emulated, [each], Placed(number)) for number, each in enumerate(crowd)]
    withdraws = [partial(emulated.intents.withdraw, each) for each in crowd]
    mixed = [call for pair in zip(decides, withdraws, strict=True) for call in pair]
    answers = hammer(mixed)
    for number, (decided, withdrawn) in enumerate(zip(answers[::2], answers[1::2], strict=True)):
        if decided is None:
            assert withdrawn == Placed(number) or isinstance(withdrawn, Exception), withdrawn
            assert emulated.intents.outcome_and_line(crowd[number])[0] == Placed(number)
        elif withdrawn is None:
            assert emulated.intents.outcome_and_line(crowd[number])[0] is None


# --- batches and costs ------------------------------------------------------------------------------------------------


def test_the_line_and_a_record_are_read_along_with_the_lot(any_app: StagedApp) -> None:
    record = IdempotencyRecord("api:7:key", "f" * 64, {"status": 201})
    unit = any_app.store.unit()
    unit.record(record)
    unit.commit()
    any_app.intents.take_lease(LOT, "first", START + SECOND, START)
    batch = any_app.store.batch()
    line, known, unknown = batch.line(LOT), batch.record(record.key), batch.record("api:7:another")
    muted, other = batch.is_muted(ANNA, LOT, START), batch.line("clock")
    batch.fetch()
    assert (line.value, known.value, unknown.value) == (Line(START + SECOND), record, None)
    assert (muted.value, other.value) == (False, None)


def test_to_wait_in_a_crowd_costs_four_units(emulated: DynamoApp) -> None:
    waits, client = intent(memory=Memory(f"api:{10**12}:{'k' * 255}", "f" * 64)), emulated.store.client
    meter = Meter(client)
    with meter.measure() as waiting:
        emulated.intents.add(waits)
        emulated.intents.outcome_and_line(waits)
        decide(emulated, [waits])
        emulated.intents.outcome_and_line(waits)
        emulated.intents.drop(waits)
    assert waiting.calls == ["PutItem", "BatchGetItem", "TransactWriteItems", "BatchGetItem", "DeleteItem"]
    assert waiting.write_units == 4


def test_no_row_of_a_line_is_larger_than_a_unit() -> None:
    longest = intent(
        lot="a" * 13,
        person_id=10**15 - 1,
        amount=xtr(MAX_AMOUNT),
        card_version=10**6,
        confirmed=True,
        memory=Memory(f"api:{10**15 - 1}:{'k' * 255}", "f" * 64),
    )
    outcome = intent_rows.outcome_item(Refused(BidTooLow(xtr(MAX_AMOUNT))))
    assert size_of(encode(intent_rows.intent_item(longest) | {"outcome": outcome})) < 800
