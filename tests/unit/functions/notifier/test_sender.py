import json
import logging
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from notifier.sender import LONGEST_PAUSE, lambda_handler
from starbid.domain.auction import Bid
from starbid.domain.events import LotSold
from starbid.domain.showcases import Showcase
from starbid.services.notices import of_bid
from starbid.services.ports import Notice, ShownCard, TryLater, Unreachable
from starbid.services.showcases.pace import ChatPace
from starbid.services.stamping import stamp
from starbid.storage.event_rows import event_item
from tests.support.factories import ANNA, BORIS, CLARA, join, market
from tests.support.fakes import FakeApp
from tests.support.records import Context, batch, failures, message
from tests.support.street import Street

WAIT = 180
"""Seconds after which the queue shows a message again that nobody has deleted."""


def hand_in(*messages: dict[str, Any], left_ms: int = 30_000) -> dict[str, Any]:
    return lambda_handler(batch(*messages), Context(left_ms))


def notice_for(user_id: int, number: int = 1) -> Notice:
    return Notice(f"n{number}:{user_id}", user_id, "subscription_ended", None, {})


def test_a_notice_is_told_to_its_person(fake: FakeApp) -> None:
    join(fake, ANNA)

    assert failures(hand_in(message(notice_for(ANNA)))) == []

    assert fake.messenger.kinds_for(ANNA) == ["subscription_ended"]


def test_a_message_that_comes_twice_is_told_once(fake: FakeApp) -> None:
    join(fake, ANNA)
    copies = [message(notice_for(ANNA)) for _ in range(2)]

    hand_in(copies[0], copies[0], copies[1])
    fake.clock.forward(days=2)
    hand_in(copies[1])

    assert len(fake.messenger.told) == 1


def test_messages_out_of_order_are_all_told(fake: FakeApp) -> None:
    join(fake, ANNA)
    messages = [message(notice_for(ANNA, number)) for number in (1, 2, 3)]

    hand_in(messages[2], messages[0])
    hand_in(messages[1])

    assert len(fake.messenger.told) == 3


def test_a_429_is_waited_for_as_long_as_telegram_asks(fake: FakeApp) -> None:
    join(fake, ANNA)
    sent = message(notice_for(ANNA))
    fake.messenger.fail_next(TryLater(37))

    assert failures(hand_in(sent)) == [sent["messageId"]]
    assert fake.outgoing.postponed == {sent["receiptHandle"]: 37}

    fake.clock.forward(seconds=37)
    assert failures(hand_in(sent)) == []
    assert len(fake.messenger.told) == 1


def test_a_429_that_comes_again_and_again_is_waited_for_ever_longer(fake: FakeApp) -> None:
    join(fake, ANNA)
    fake.messenger.fail_next(TryLater(5), times=3)

    waits = []
    for receives in (1, 4, 5):
        sent = message(notice_for(ANNA), receives)
        hand_in(sent)
        waits.append(fake.outgoing.postponed[sent["receiptHandle"]])

    assert waits == [5, 16, 32]


@pytest.mark.parametrize("trouble", [RuntimeError("500"), TimeoutError()])
def test_an_outage_of_telegram_is_waited_out_ever_longer(fake: FakeApp, trouble: RuntimeError | TimeoutError) -> None:
    join(fake, ANNA)
    notice = notice_for(ANNA)
    fake.messenger.fail_next(trouble, times=4)

    waits = []
    for receives in (1, 2, 6, 19):
        sent = message(notice, receives)
        assert failures(hand_in(sent)) == [sent["messageId"]]
        waits.append(fake.outgoing.postponed[sent["receiptHandle"]])

    assert waits == [2, 4, 64, LONGEST_PAUSE]
    assert failures(hand_in(message(notice, 20))) == []
    assert len(fake.messenger.told) == 1


def test_a_person_who_blocked_the_bot_is_marked_and_not_tried_again(fake: FakeApp) -> None:
    join(fake, ANNA)
    fake.messenger.fail_next(Unreachable())

    assert failures(hand_in(message(notice_for(ANNA)))) == []
    assert failures(hand_in(message(notice_for(ANNA, 2)))) == []

    assert fake.store.tables.people[ANNA].unreachable
    assert fake.messenger.told == []


def test_one_message_in_trouble_does_not_stop_the_others(fake: FakeApp) -> None:
    for who in (ANNA, BORIS, CLARA):
        join(fake, who)
    fake.messenger.fail_next(TryLater(5))
    messages = [message(notice_for(who)) for who in (ANNA, BORIS, CLARA)]

    assert failures(hand_in(*messages)) == [messages[0]["messageId"]]
    assert [person.id for person, _, _ in fake.messenger.told] == [BORIS, CLARA]


@pytest.mark.parametrize(
    "body",
    [
        "",
        "not JSON",
        "[]",
        '"cards"',
        "7",
        "null",
        '{"id": "n1"}',
        '{"cards": "lot", "at": 1e99}',
        '{"event": 7}',
        '{"event": {"type": "PointsAwarded"}, "bidders_below": 3, "watchers_after": null}',
    ],
)
def test_a_poisoned_message_is_logged_and_forgotten(fake: FakeApp, caplog: pytest.LogCaptureFixture, body: str) -> None:
    join(fake, ANNA)

    with caplog.at_level(logging.ERROR):
        answer = hand_in(message(body), message(notice_for(ANNA)))

    assert failures(answer) == []
    assert len(fake.messenger.told) == 1
    assert "cannot be read" in caplog.text


def test_a_notice_that_another_process_is_just_telling_comes_again(fake: FakeApp) -> None:
    join(fake, ANNA)
    sent = message(notice_for(ANNA))
    fake.scratch.claim(f"notice#{notice_for(ANNA).id}", 60, fake.now())

    assert failures(hand_in(sent)) == [sent["messageId"]]
    assert 0 < fake.outgoing.postponed[sent["receiptHandle"]] <= 60


def test_a_message_that_cannot_be_postponed_comes_when_the_queue_shows_it(fake: FakeApp) -> None:
    join(fake, ANNA)
    sent = message(notice_for(ANNA))
    fake.messenger.fail_next(TryLater(5))
    fake.outgoing.fail_next(ConnectionError())

    assert failures(hand_in(sent)) == [sent["messageId"]]
    fake.clock.forward(seconds=WAIT)
    assert failures(hand_in(sent)) == []


def test_with_little_time_left_nothing_is_begun(fake: FakeApp) -> None:
    join(fake, ANNA)
    sent = message(notice_for(ANNA))

    assert failures(hand_in(sent, left_ms=3000)) == [sent["messageId"]]
    assert fake.messenger.told == []
    assert failures(hand_in(sent)) == []


def outbid_twice(app: FakeApp, lot: str) -> list[Notice]:
    """The notices to ANNA, in order."""
    for who, amount in ((ANNA, 200), (BORIS, 300), (ANNA, 400), (BORIS, 500)):
        app.bidding.bid(lot, who, amount, app.now())
    rows = [row for row in app.store.take_stream() if isinstance(row, Bid)]
    return [notice for row in rows for notice in of_bid(row) if (notice.kind, notice.user_id) == ("outbid", ANNA)]


def test_of_messages_about_one_thing_the_newest_alone_is_told_or_comes_again(
    put_in_place: Callable[[FakeApp], FakeApp],
) -> None:
    app, lot = market()
    put_in_place(app)
    older, newer = (message(notice) for notice in outbid_twice(app, lot.auction.id))
    app.messenger.fail_next(TryLater(7))

    assert failures(hand_in(newer, older)) == [newer["messageId"]]
    assert app.messenger.told == []
    assert failures(hand_in(newer)) == []
    assert [notice.id for _, notice, _ in app.messenger.told] == [json.loads(newer["body"])["id"]]


def test_with_little_time_left_the_newest_of_many_is_kept_too(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, lot = market()
    put_in_place(app)
    older, newer = (message(notice) for notice in outbid_twice(app, lot.auction.id))

    assert failures(hand_in(older, newer, left_ms=3000)) == [newer["messageId"]]


def test_a_kind_that_this_version_does_not_know_comes_again(fake: FakeApp) -> None:
    """It may be that of a newer version, which is being put in place."""
    join(fake, ANNA)
    sent = message(Notice("n1", ANNA, "points_awarded", "lot1", {}))
    assert failures(hand_in(sent)) == [sent["messageId"]]


def a_lot_with_cards(*chats: int) -> tuple[FakeApp, dict[str, Any]]:
    app, lot = market()
    for chat_id in chats:
        app.shown_cards.put(ShownCard(lot.auction.id, chat_id, message_id=70 + chat_id, version=1), app.now())
    app.bidding.bid(lot.auction.id, ANNA, 200, app.now())
    return app, {"cards": lot.auction.id, "version": 2}


def test_cards_of_a_lot_are_redrawn_once_per_version(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, refresh = a_lot_with_cards(ANNA, BORIS)
    put_in_place(app)

    assert failures(hand_in(message(refresh), message(refresh))) == []

    drawn = [(person.id, lot.auction.version, card.message_id) for person, lot, card in app.messenger.redrawn]
    assert drawn == [(ANNA, 2, 71), (BORIS, 2, 72)]


def test_a_card_follows_the_price_of_a_dutch_lot_and_the_next_fall_is_provided_for(
    put_in_place: Callable[[FakeApp], FakeApp],
) -> None:
    street = Street()
    put_in_place(street.app)
    street.opens(ANNA)
    due = street.next_message()
    sent = message({"cards": street.id, "at": stamp(due)})

    street.app.clock.forward(seconds=-2)
    assert failures(hand_in(sent)) == [sent["messageId"]]
    assert street.app.outgoing.postponed == {sent["receiptHandle"]: 2}

    street.app.clock.forward(seconds=2)
    assert failures(hand_in(sent, sent)) == []
    assert street.take_edits() == [(60, ANNA, 900)]
    assert street.app.outgoing.wakes == [(street.id, due + timedelta(seconds=60), 60)]


def test_a_card_in_trouble_does_not_stop_the_others_and_comes_again(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, refresh = a_lot_with_cards(ANNA, BORIS, CLARA)
    put_in_place(app)
    sent = message(refresh)
    app.messenger.fail_next(TryLater(9))
    app.messenger.fail_next(RuntimeError("500"))

    assert failures(hand_in(sent)) == [sent["messageId"]]
    assert app.outgoing.postponed == {sent["receiptHandle"]: 9}
    assert [person.id for person, _, _ in app.messenger.redrawn] == [CLARA]

    app.clock.forward(seconds=9)
    assert failures(hand_in(sent)) == []
    assert sorted(person.id for person, _, _ in app.messenger.redrawn) == [ANNA, BORIS, CLARA]


def test_a_card_of_somebody_unreachable_is_left_as_it_is(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, refresh = a_lot_with_cards(ANNA, BORIS)
    put_in_place(app)
    app.messenger.fail_next(Unreachable())

    assert failures(hand_in(message(refresh))) == []
    assert [person.id for person, _, _ in app.messenger.redrawn] == [BORIS]
    assert app.store.tables.people[ANNA].unreachable


def test_the_rest_of_those_whom_an_end_concerns_is_told_by_messages(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, lot = market()
    put_in_place(app)
    for bidder_id, amount in ((ANNA, 200), (BORIS, 300), (CLARA, 900)):
        app.bidding.bid(lot.auction.id, bidder_id, amount, app.now())
    app.clock.forward(hours=2)
    app.closing.close(lot.auction.id, app.now())
    event = next(e for e in app.store.take_stream() if isinstance(e, LotSold))
    body = {"event": event_item(event), "bidders_below": 3, "watchers_after": None}

    assert failures(hand_in(message(json.loads(json.dumps(body))))) == []
    assert [(notice.kind, notice.user_id) for notice in app.outgoing.notices] == [("lost", BORIS), ("lost", ANNA)]


@pytest.mark.parametrize(
    ("kind", "hours", "is_told"),
    [
        *(("new_bid", 11.9, True), ("new_bid", 12.1, False), ("extended", 12.1, False), ("new_bid", 300, False)),
        *(("outbid", 300, True), ("credited", 300, True), ("won", 300, True)),
    ],
)
def test_what_is_no_news_any_more_is_given_up_and_what_needs_somebody_is_told_however_late(
    fake: FakeApp,
    monkeypatch: pytest.MonkeyPatch,
    kind: str,
    hours: float,
    is_told: bool,
) -> None:
    sent: list[Notice] = []
    monkeypatch.setattr(fake.sending, "send", lambda notice, _: sent.append(notice))
    record = message(Notice("e1", ANNA, kind, "lot1", {"bids": 1, "number": 1, "ends_at": 1, "extensions": 1}))
    record["attributes"]["SentTimestamp"] = str(round((time.time() - hours * 3600) * 1000))
    assert failures(lambda_handler(batch(record), Context())) == []
    assert bool(sent) is is_told


# --- groups and channels ----------------------------------------------------------------------------------------------


def connected(app: FakeApp, chat_id: int = -1001) -> None:
    made = Showcase(chat_id, "Lamps", True, True, "en", None, app.now(), (ANNA,)).showing("all", ANNA)
    app.showcase_rows.put(None, made)


def test_a_new_lot_is_looked_up_posted_and_redrawn_by_messages(put_in_place: Callable[[FakeApp], FakeApp]) -> None:
    app, lot = market()
    put_in_place(app)
    connected(app)
    auction_id = lot.auction.id
    assert failures(hand_in(message({"show": auction_id, "place": "all", "after": ""}, queue="CardQueue"))) == []
    assert app.outgoing.posts == [(auction_id, -1001)]
    assert failures(hand_in(message({"post": auction_id, "chat": -1001}, queue="CardQueue"))) == []
    app.clock.forward(seconds=20)
    app.bidding.bid(auction_id, ANNA, 200, app.now())
    changes = [message({"posts": auction_id, "version": version}, queue="CardQueue") for version in (2, 1)]
    assert failures(hand_in(*changes, message({"posts": auction_id}, queue="CardQueue"))) == []
    assert [what for what, _, _ in app.poster.calls] == ["post", "redraw"]


def test_a_post_that_finds_its_chat_crowded_comes_again_and_nobody_is_alarmed(
    put_in_place: Callable[[FakeApp], FakeApp], caplog: pytest.LogCaptureFixture
) -> None:
    app, lot = market()
    put_in_place(app)
    connected(app)
    while not ChatPace(app.counters).wait(-1001, app.now()):
        pass
    sent = message({"post": lot.auction.id, "chat": -1001}, 9, queue="CardQueue")
    with caplog.at_level(logging.WARNING):
        assert failures(hand_in(sent)) == [sent["messageId"]]
    assert app.outgoing.postponed[sent["receiptHandle"]] >= 1
    assert caplog.records == []


@pytest.mark.parametrize(
    "body", [{"post": "x"}, {"post": "x", "chat": "y"}, {"show": "x"}, {"posts": "x", "version": None}]
)
def test_a_message_about_posts_that_cannot_be_read_is_forgotten(fake: FakeApp, body: dict[str, Any]) -> None:
    assert failures(hand_in(message(body, queue="CardQueue"))) == []
