import logging
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from notifier.app import lambda_handler
from starbid.domain.auction import Bid
from starbid.domain.events import EVENTS, AnyEvent, LotDelivered, LotUnsold, SubscriptionEnded
from starbid.storage.codec import encode
from starbid.storage.event_rows import event_item
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, auction, bid, market, terms
from tests.support.fakes import START, FakeApp
from tests.support.records import Context, batch, bid_record, event_record, failures, record_of, stream_record


def hand_in(*records: dict[str, Any]) -> dict[str, Any]:
    return lambda_handler(batch(*records), Context())


def told(app: FakeApp) -> list[tuple[str, int]]:
    return [(notice.kind, notice.user_id) for notice in app.outgoing.notices]


def a_change_of_leader() -> Bid:
    first = bid(auction(terms(100)), ANNA, 300)
    return bid(first.auction, BORIS, 500).bid


def test_a_new_bid_is_told_to_the_seller_and_to_the_one_who_was_outbid(fake: FakeApp) -> None:
    answer = hand_in(bid_record(a_change_of_leader()))

    assert failures(answer) == []
    assert told(fake) == [("new_bid", SELLER), ("outbid", ANNA)]


def test_many_bids_of_a_batch_are_one_message_to_each_person_and_none_to_who_leads(
    put_in_place: Callable[[FakeApp], FakeApp],
) -> None:
    app, lot = market(stars=100_000)
    put_in_place(app)
    app.store.take_stream()
    for number in range(60):
        app.bidding.bid(lot.auction.id, (ANNA, BORIS, CLARA)[number % 3], 200 + 100 * number, app.now())
    records = [record_of(what) for what in app.store.take_stream()]

    assert failures(hand_in(*reversed(records))) == []

    assert sorted(told(app)) == [("new_bid", SELLER), ("outbid", ANNA), ("outbid", BORIS)]


def test_bids_that_could_not_be_queued_come_again_together(fake: FakeApp) -> None:
    records = [bid_record(a_change_of_leader()) for _ in range(3)]
    fake.outgoing.fail_next(ConnectionError())

    assert failures(hand_in(*records)) == [records[0]["dynamodb"]["SequenceNumber"]]
    assert told(fake) == []


def test_a_sale_is_told_to_winner_seller_and_every_loser_once(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, lot = market()
    put_in_place(app)
    for bidder_id, amount in ((ANNA, 200), (BORIS, 300), (ANNA, 400), (CLARA, 900)):
        app.bidding.bid(lot.auction.id, bidder_id, amount, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())

    hand_in(*(record_of(what) for what in app.store.take_stream()))

    ends = [(kind, who) for kind, who in told(app) if kind in ("won", "sold", "lost")]
    assert sorted(ends) == [("lost", ANNA), ("lost", BORIS), ("sold", SELLER), ("won", CLARA)]


def test_a_bid_of_the_last_moment_is_not_overlooked_on_an_old_read(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, lot = market()
    put_in_place(app)
    app.store.lag = True
    app.bidding.bid(lot.auction.id, BORIS, 200, app.now())
    app.bidding.bid(lot.auction.id, ANNA, 300, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())

    hand_in(*(record_of(what) for what in app.store.take_stream()))

    assert ("lost", BORIS) in told(app)


def test_only_what_is_new_is_told(fake: FakeApp) -> None:
    bid_row = bid_record(a_change_of_leader())
    event = event_record(SubscriptionEnded("e1", START, ANNA))
    expired = {**event, "eventName": "REMOVE", "dynamodb": {**event["dynamodb"], "NewImage": {}}}

    assert failures(hand_in({**bid_row, "eventName": "MODIFY"}, expired)) == []
    assert told(fake) == []


def test_an_event_that_this_version_does_not_know_is_logged_and_passed_over(
    fake: FakeApp, caplog: pytest.LogCaptureFixture
) -> None:
    known = event_record(SubscriptionEnded("e2", START, ANNA))
    unknown = event_record(SubscriptionEnded("e1", START, BORIS))
    unknown["dynamodb"]["NewImage"]["type"] = {"S": "PointsAwarded"}

    answer = hand_in(unknown, known)

    assert failures(answer) == []
    assert told(fake) == [("subscription_ended", ANNA)]
    assert "knows no such event" in caplog.text


def test_a_poisoned_row_is_logged_and_does_not_block_the_shard(fake: FakeApp, caplog: pytest.LogCaptureFixture) -> None:
    good = [event_record(SubscriptionEnded(f"e{who}", START, who)) for who in (ANNA, BORIS)]
    poisoned = event_record(LotDelivered("e3", START, "lot1", SELLER, CLARA))
    poisoned["dynamodb"]["NewImage"]["facts"] = {"M": {"colour": {"S": "vermilion"}}}

    with caplog.at_level(logging.ERROR):
        answer = hand_in(good[0], poisoned, good[1])

    assert failures(answer) == []
    assert [who for _, who in told(fake)] == [ANNA, BORIS]
    assert "cannot be read" in caplog.text
    assert "vermilion" not in caplog.text, "a row may hold what nobody is to see"


def test_where_the_queue_fails_the_batch_comes_again_from_there(fake: FakeApp) -> None:
    records = [event_record(SubscriptionEnded(f"e{who}", START, who)) for who in (ANNA, BORIS, CLARA)]
    fake.outgoing.meanwhile(lambda: None)
    hand_in(records[0])
    fake.outgoing.fail_next(ConnectionError())

    answer = hand_in(*records[1:])

    assert failures(answer) == [records[1]["dynamodb"]["SequenceNumber"]]
    assert [who for _, who in told(fake)] == [ANNA], "the later one waits for its turn"


def test_a_batch_that_comes_twice_makes_the_same_notices(fake: FakeApp) -> None:
    record = bid_record(a_change_of_leader())

    hand_in(record)
    hand_in(record)

    ids = [notice.id for notice in fake.outgoing.notices]
    assert ids[:2] == ids[2:], "the sender knows by the id that it has told them"


def test_a_table_of_another_shape_is_passed_over(fake: FakeApp) -> None:
    row = stream_record("OtherTable", ("pk",), {"pk": "a"})

    assert failures(hand_in(row)) == []
    assert told(fake) == []


QUIET = (
    *(
        "LotCancelled",
        "LotBegan",
        "LotEndingSoon",
        "LotPublished",
        "RatingsShown",
        "LoggedIn",
        "RequestFailed",
        "TicketReopened",
        "LeavingTakenBack",
    ),
    *("QuestionAnswered", "QuestionFailed", "TrialStarted", "TrialPaid", "ConsentChanged"),
    "TalkReported",
)


@pytest.mark.parametrize("kind", EVENTS.values())
def test_every_kind_of_event_survives_its_row_and_has_notices(
    fake: FakeApp, kind: type[AnyEvent], some_event: Callable[[type[AnyEvent]], AnyEvent]
) -> None:
    event = some_event(kind)

    assert failures(hand_in(event_record(event))) == []

    assert fake.outgoing.notices or kind.__name__ in QUIET
    assert all(notice.id.startswith(f"{event.id}:") for notice in fake.outgoing.notices)


def test_a_field_that_is_none_survives_its_row(fake: FakeApp, some_event: Callable[[type[AnyEvent]], AnyEvent]) -> None:
    full = some_event(LotUnsold)
    assert isinstance(full, LotUnsold)
    event = replace(full, best_bid=None, leader_id=None)
    record = event_record(event)
    assert record["dynamodb"]["NewImage"] == encode(event_item(event))

    hand_in(record)

    assert told(fake) == [("unsold", SELLER)]
