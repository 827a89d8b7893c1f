"""None is lost, and one is repeated only where the process dies between Telegram's answer and its record."""

import pytest

from starbid.domain.auction import Bid
from starbid.services.claiming import LEASE_SECONDS
from starbid.services.ports import Notice, TryLater, Unreachable
from tests.support.factories import ANNA, BORIS, SELLER, join, market
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.mortal import Fate, Mortal


def ready() -> tuple[FakeApp, Notice]:
    """An app, and a notice for ANNA."""
    app = make_app()
    join(app, ANNA)
    return app, Notice("e1:credited:1", ANNA, "credited", None, {})


def send(app: FakeApp, notice: Notice) -> None:
    app.sending.send(notice, app.now())


def times_told(app: FakeApp) -> int:
    return len(app.messenger.told)


def test_a_notice_is_told_once_however_often_it_comes() -> None:
    app, notice = ready()
    for _ in range(3):
        send(app, notice)
        app.clock.forward(days=1)
    assert times_told(app) == 1


def test_a_notice_about_a_lot_brings_the_lot_as_it_is_now() -> None:
    app, lot = market()
    app.store.lag = True
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    send(app, Notice("b1", SELLER, "new_bid", lot.auction.id, {"bids": 1}))
    ((_, _, shown),) = app.messenger.told
    assert shown is not None
    assert shown.auction.bids_count == 1


def test_what_telegram_cannot_take_now_is_told_later() -> None:
    app, notice = ready()
    app.messenger.fail_next(TryLater(7))
    with pytest.raises(TryLater) as wait:
        send(app, notice)
    assert wait.value.seconds == 7
    send(app, notice)
    send(app, notice)
    assert times_told(app) == 1


def test_an_error_of_telegrams_is_tried_again() -> None:
    app, notice = ready()
    app.messenger.fail_next(TimeoutError())
    with pytest.raises(TimeoutError):
        send(app, notice)
    send(app, notice)
    assert times_told(app) == 1


def test_only_a_lost_answer_repeats_it() -> None:
    app, notice = ready()
    app.messenger.fail_next(TimeoutError(), after=True)
    with pytest.raises(TimeoutError):
        send(app, notice)
    send(app, notice)
    send(app, notice)
    assert times_told(app) == 2


def test_two_senders_of_one_notice_tell_it_once() -> None:
    app, notice = ready()
    waits: list[int] = []

    def another() -> None:
        with pytest.raises(TryLater) as wait:
            send(app, notice)
        waits.append(wait.value.seconds)

    app.messenger.meanwhile(another)
    send(app, notice)
    send(app, notice)
    assert times_told(app) == 1
    assert waits


def moments_of_a_telling() -> int:
    app, notice = ready()
    fate = Fate()
    tell_under(app, notice, fate)
    return fate.moments


def tell_under(app: FakeApp, notice: Notice, fate: Fate) -> None:
    sending = app.sending
    sending._store, sending._claims, sending._messenger = (
        Mortal(app.store, fate),
        Mortal(app.scratch, fate),
        Mortal(app.messenger, fate),
    )
    send(app, notice)


@pytest.mark.parametrize("moment", range(moments_of_a_telling()))
def test_a_sender_that_dies_anywhere_loses_nothing(moment: int) -> None:
    app, notice = ready()
    fate = Fate(dies_at=moment)
    with pytest.raises(Death):
        tell_under(app, notice, fate)
    fate.revive()
    told_before_death = times_told(app)

    app.clock.forward(seconds=LEASE_SECONDS)
    send(app, notice)
    send(app, notice)

    between_answer_and_record = fate.last in (("tell", "after"), ("finish", "before"))
    assert told_before_death == (1 if between_answer_and_record or fate.last == ("finish", "after") else 0)
    assert times_told(app) == (2 if between_answer_and_record else 1)


def test_until_the_lease_of_a_dead_sender_is_over_the_notice_waits() -> None:
    app, notice = ready()
    app.scratch.claim(f"notice#{notice.id}", LEASE_SECONDS, app.now())
    app.clock.forward(seconds=LEASE_SECONDS - 1)
    with pytest.raises(TryLater):
        send(app, notice)
    app.clock.forward(seconds=1)
    send(app, notice)
    assert times_told(app) == 1


# --- people -----------------------------------------------------------------------------------------------------------


def test_who_blocked_the_bot_is_marked_and_left_alone_until_heard_from() -> None:
    app, notice = ready()
    app.messenger.fail_next(Unreachable())
    send(app, notice)
    assert app.store.tables.people[ANNA].unreachable

    send(app, Notice("e2", ANNA, "credited", None, {}))
    assert times_told(app) == 0

    app.people.greet(ANNA, "Anna", None, "en", app.now())
    send(app, Notice("e3", ANNA, "credited", None, {}))
    send(app, notice)
    assert [notice.id for _, notice, _ in app.messenger.told] == ["e3"]


def test_somebody_back_a_moment_ago_hears_everything() -> None:
    app, notice = ready()
    app.people.mark_unreachable(ANNA)
    app.store.lag = True
    app.people.greet(ANNA, "Person 1", None, "en", app.now())
    send(app, notice)
    assert times_told(app) == 1


def test_somebody_registered_a_moment_ago_is_told() -> None:
    app = make_app()
    app.store.lag = True
    join(app, ANNA, stars=5)
    app.run_streams()
    assert app.messenger.kinds_for(ANNA) == ["credited"]


def test_silence_for_who_is_blocked_and_who_is_unknown() -> None:
    app, notice = ready()
    app.store.block(ANNA)
    send(app, notice)
    send(app, Notice("e4", 404, "credited", None, {}))
    assert times_told(app) == 0


# --- from the streams -------------------------------------------------------------------------------------------------


def test_every_page_of_bidders_is_told_and_each_of_them_once() -> None:
    people = range(1, 12)
    app, lot = market(*people, stars=100_000, bid_step=10)
    for number in range(230):
        app.bidding.bid(lot.auction.id, 1 + number % 11, 100 + number * 60, app.now())
    app.run_streams()
    app.messenger.told.clear()
    app.clock.forward(hours=2, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    app.run_streams()
    told = sorted((person.id, notice.kind) for person, notice, _ in app.messenger.told)
    winner = app.store.deal(lot.auction.id).buyer_id
    assert told == sorted([(SELLER, "sold"), *((who, "won" if who == winner else "lost") for who in people)])


def test_the_last_bidder_of_a_lot_hears_of_its_end_too() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.clock.forward(minutes=59)
    app.store.lag = True
    app.bidding.bid(lot.auction.id, BORIS, 300, app.now())
    app.clock.forward(minutes=3, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    app.run_streams()
    assert "lost" in app.messenger.kinds_for(BORIS)


def test_a_stream_that_comes_twice_tells_once() -> None:
    app, lot = market()
    app.bidding.bid(lot.auction.id, ANNA, 500, app.now())
    app.bidding.bid(lot.auction.id, BORIS, 900, app.now())
    records = app.store.take_stream()
    for record in records + records:
        app.fan_out.bids([record]) if isinstance(record, Bid) else app.fan_out.event(record)
    for notice in app.outgoing.notices:
        send(app, notice)
    assert app.messenger.kinds_for(SELLER) == ["new_bid"], "of both bids"
    assert app.messenger.kinds_for(ANNA) == ["credited", "outbid"]
