"""The rule of the pause against its meaning: time stands still for every lot that had not ended when it began."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from starbid.domain.auction import Auction, Status, Terms
from starbid.domain.deals import DealTimes
from starbid.domain.errors import StarbidError
from starbid.domain.intents import Intent, Wish
from starbid.domain.kinds import kind_of
from starbid.domain.pause import Pause
from starbid.domain.pausing import under
from starbid.domain.placing import place_bid, place_purchase
from tests.support.factories import ANNA, auction, terms, wallet, xtr
from tests.support.fakes import START
from tests.support.there import there

FALLING = Terms("dutch", xtr(1_000), floor_price=xtr(100), drop_amount=xtr(50), drop_seconds=7, extend_seconds=0)
RISING = terms(extend_seconds=20, max_extension_seconds=45)
LONGEST = 200


def second(number: int) -> datetime:
    return START + timedelta(seconds=number)


@st.composite
def pauses_that_ended(draw: st.DrawFn) -> tuple[Pause, ...]:
    marks = sorted(draw(st.lists(st.integers(0, LONGEST), min_size=2, max_size=6)))
    pairs = zip(marks[::2], marks[1::2], strict=False)
    return tuple(Pause(number, second(a), second(b)) for number, (a, b) in enumerate(pairs, 1))


@st.composite
def lots(draw: st.DrawFn) -> Auction:
    """That begin and end within the time of the pauses, before it or after it."""
    fixed = draw(st.sampled_from([RISING, FALLING]))
    start = draw(st.integers(-50, LONGEST))
    lot = auction(fixed, lasts=timedelta(seconds=draw(st.integers(1, 150))), price=fixed.start_price)
    shift = second(start) - lot.starts_at
    return replace(lot, starts_at=second(start), ends_at=lot.ends_at + shift, scheduled_end=lot.scheduled_end + shift)


def lived(lot: Auction, pauses: tuple[Pause, ...], now: datetime) -> int:
    """The seconds of its own that a lot has had by `now`, counted one by one."""
    whole = int((now - lot.starts_at).total_seconds())
    moments = (lot.starts_at + timedelta(seconds=number) for number in range(max(0, whole)))
    return sum(not any(pause.holds(moment) for pause in pauses) for moment in moments)


def end_of(lot: Auction, pauses: tuple[Pause, ...]) -> datetime:
    """The first second at which all of its time is over."""
    left, moment = int((lot.ends_at - lot.starts_at).total_seconds()), lot.starts_at
    while left:
        left -= not any(pause.holds(moment) for pause in pauses)
        moment += timedelta(seconds=1)
    return moment


@given(lots(), pauses_that_ended())
def test_a_lot_ends_when_all_its_own_time_is_over(lot: Auction, pauses: tuple[Pause, ...]) -> None:
    after, lasts = under(lot, pauses), lot.duration
    assert after.ends_at == end_of(lot, pauses) == after.scheduled_end
    assert after.duration == lasts, "relisted, it lasts as long as it was meant to"


@given(lots(), pauses_that_ended(), st.integers(0, 6), st.integers(0, 6))
def test_it_does_not_matter_when_its_row_is_moved_nor_how_often(
    lot: Auction, pauses: tuple[Pause, ...], first: int, then: int
) -> None:
    whole = under(lot, pauses)
    by_steps = under(under(under(lot, pauses[:first]), pauses[: first + then]), pauses)
    assert by_steps == whole == under(whole, pauses)
    kept = pauses[1:] if whole.carried else pauses
    assert replace(under(whole, kept), pauses=()) == replace(whole, pauses=())


@given(lots(), pauses_that_ended(), st.integers(-60, 2 * LONGEST))
def test_its_price_falls_by_its_own_time(lot: Auction, pauses: tuple[Pause, ...], at: int) -> None:
    """Before, during and after a pause, whether the end of the pause is known by then or not."""
    if not lot.falls:
        return
    now = second(at)
    known = tuple(
        replace(pause, ended=pause.ended if pause.ended <= now else None)
        for pause in pauses
        if pause.ended and pause.began <= now
    )
    for told in (known, tuple(pause for pause in pauses if pause.began <= now)):
        stands = under(lot, told)
        if now >= end_of(lot, pauses):
            continue
        expected = there(kind_of(lot).descent(lot.terms)).price_after(timedelta(seconds=lived(lot, pauses, now)))
        assert kind_of(lot).view(stands, now).price == expected


@given(lots(), pauses_that_ended(), st.integers(-60, 2 * LONGEST))
def test_it_is_live_as_long_as_it_has_time_of_its_own(lot: Auction, pauses: tuple[Pause, ...], at: int) -> None:
    now, stands = second(at), under(lot, pauses)
    is_over = stands.status(now) is Status.CLOSING
    assert is_over == (now >= end_of(lot, pauses))
    assert not (stands.stands_still(now) and stands.is_due(now))


@given(lots(), pauses_that_ended(), st.integers(-60, 2 * LONGEST))
def test_what_arrived_before_a_pause_and_is_decided_after_it_is_decided_as_it_would_have_been(
    lot: Auction, pauses: tuple[Pause, ...], at: int
) -> None:
    """The same outcome, the same entry in the log; and the end that it leaves is moved as any other."""
    arrived = second(at)
    in_time = under(lot, [pause for pause in pauses if pause.began <= arrived])
    late = under(lot, pauses)
    then, now = _outcome(in_time, arrived), _outcome(late, arrived)
    if isinstance(then, Auction):
        assert isinstance(now, Auction)
        assert replace(now, pauses=()) == replace(under(then, pauses), pauses=())
        assert now.head == then.head
    else:
        assert now == then


def _outcome(lot: Auction, arrived: datetime) -> Auction | str:
    price = kind_of(lot).view(lot, arrived).price if lot.falls else xtr(500)
    wish = Wish.BUY if lot.falls else Wish.BID
    wished = Intent("one", lot.id, ANNA, wish, max(price, xtr(1_000)), arrived, confirmed=True)
    try:
        if lot.falls:
            return place_purchase(lot, wished, wallet(available=5_000), 5, DealTimes()).auction
        return place_bid(lot, wished, wallet(available=5_000)).auction
    except StarbidError as refused:
        return refused.code
