"""From an accepted bid to the people: wherever a process dies, everybody is told, and told once.

Twice is possible only where it dies between Telegram's answer and the record of it.
"""

from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

import notifier.app
import notifier.projection
import notifier.sender
from starbid.services.fan_out import FanOut
from starbid.services.ports import Search
from starbid.services.telling import Sending
from starbid.storage.chats import RecordedMessages
from starbid.storage.recorded import RecordedMutes
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, market, xtr
from tests.support.fakes import Death, FakeApp
from tests.support.mortal import Fate, Mortal
from tests.support.records import Context, auction_record, batch, failures, message, record_of

HIDDEN_SECONDS = 180
MAY_REPEAT = {("tell", "after"), ("finish", "before"), ("put", "before")}


def a_lot(*, sold: bool) -> tuple[FakeApp, list[dict[str, Any]]]:
    """Three bid, and where it is sold one wins; answers the records of the streams."""
    app, lot = market()
    for bidder_id, amount in ((ANNA, 200), (BORIS, 300), (CLARA, 900)):
        app.bidding.bid(lot.auction.id, bidder_id, amount, app.now())
    if sold:
        app.clock.forward(hours=1, seconds=2)
        app.closing.close(lot.auction.id, app.now())
    return app, [record_of(what) for what in app.store.take_stream()]


OF_BIDS = Counter(
    {
        **{("credited", who): 1 for who in (ANNA, BORIS, CLARA)},
        ("new_bid", SELLER): 1,  # of all three
        ("outbid", ANNA): 1,
        ("outbid", BORIS): 1,
    }
)
OF_A_SALE = Counter(
    {
        **{("credited", who): 1 for who in (ANNA, BORIS, CLARA)},
        ("new_bid", SELLER): 1,
        ("won", CLARA): 1,
        ("sold", SELLER): 1,
        ("lost", ANNA): 1,  # and not of having been outbid: it has ended
        ("lost", BORIS): 1,
    }
)


def make_mortal(app: FakeApp, fate: Fate) -> None:
    """Put the parts that the functions use under a fate; what they keep is outside of it."""
    store, outgoing, scratch, tell = (Mortal(p, fate) for p in (app.store, app.outgoing, app.scratch, app.messenger))
    app.__dict__ |= {
        "fan_out": FanOut(store, outgoing, lambda *_: ((), None)),
        "sending": Sending(store, scratch, RecordedMessages(scratch), RecordedMutes(scratch), app.people, tell),
    }


def read_streams(
    app: FakeApp, fate: Fate, handler: Callable[[dict[str, Any], object], dict[str, Any]], records: list[dict[str, Any]]
) -> None:
    """A stream brings a batch again, from the first that failed, until it has been read."""
    while records:
        try:
            failed = failures(handler(batch(*records), Context()))
        except Death:
            fate.revive()
            continue
        numbers = [record["dynamodb"]["SequenceNumber"] for record in records]
        records = records[numbers.index(failed[0]) :] if failed else []


def empty_queue(app: FakeApp, fate: Fate) -> None:
    """A queue brings what was not deleted again after a while."""
    waiting = [message(notice) for notice in app.outgoing.notices]
    while waiting:
        taken, waiting = waiting[:10], waiting[10:]
        try:
            failed = failures(notifier.sender.lambda_handler(batch(*taken), Context()))
        except Death:
            fate.revive()
            failed = [sent["messageId"] for sent in taken]
        waiting += [sent for sent in taken if sent["messageId"] in failed]
        app.clock.forward(seconds=HIDDEN_SECONDS)


@pytest.mark.parametrize(("sold", "expected"), [(False, OF_BIDS), (True, OF_A_SALE)])
def test_wherever_notifier_or_sender_dies_everybody_is_told_once(
    put_in_place: Callable[[FakeApp], FakeApp], sold: bool, expected: Counter[tuple[str, int]]
) -> None:
    moment = 0
    while True:
        app, records = a_lot(sold=sold)
        fate = Fate(moment)
        make_mortal(app, fate)
        put_in_place(app)

        read_streams(app, fate, notifier.app.lambda_handler, records)
        empty_queue(app, fate)

        told = Counter((notice.kind, person.id) for person, notice, _ in app.messenger.told)
        repeated = told - expected
        assert not expected - told, f"not told where the process died at {fate.last}"
        assert repeated.total() <= (1 if fate.last in MAY_REPEAT else 0), f"died at {fate.last}"
        if not fate.was_met:
            break
        moment += 1
    assert moment > 50


def test_wherever_the_projector_dies_the_lists_are_right_in_the_end(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    moment = 0
    while True:
        app, lot = market()
        app.bidding.bid(lot.auction.id, ANNA, 200, app.now())
        after = app.store.auction(lot.auction.id)
        fate = Fate(moment)
        real = app.catalogue, app.outgoing
        mortal = {name: Mortal(getattr(app, name), fate) for name in ("store", "catalogue", "outgoing")}
        app.__dict__ |= mortal
        put_in_place(app)

        records = [auction_record(lot.auction), auction_record(after, lot.auction)]
        read_streams(app, fate, notifier.projection.lambda_handler, records)

        catalogue, outgoing = real
        (listing,) = catalogue.find(Search()).items
        assert (listing.price, listing.bids_count) == (xtr(100), 1)
        assert (lot.auction.id, 2) in outgoing.refreshed
        assert {place for _, place, _ in outgoing.shows} >= {"all"}
        if not fate.was_met:
            break
        moment += 1
    assert moment == 10
