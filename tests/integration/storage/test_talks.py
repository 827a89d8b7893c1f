"""Conversations about deals: in order, each message once, however many write at the same time."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from functools import partial

import pytest

from bench.meter import Meter
from starbid.domain.errors import TooOften
from starbid.domain.talks import Message, Talk, require_room, talk_id, talk_of, whole, written
from starbid.services.ports import ConditionFailed, Told
from starbid.storage.talks import talk_from, talk_item
from tests.support.dynamo import DynamoApp, hammer, join, put_up
from tests.support.factories import ANNA, SELLER
from tests.support.fakes import START, StagedApp


@pytest.fixture
def talk(any_app: StagedApp) -> Talk:
    return Talk("lamp", SELLER, ANNA)


def message(app: StagedApp, talk: Talk, text: str = "hello") -> tuple[Talk, Message]:
    return written(talk, ANNA, text, ("p1",), "a1", app.now(), app.now() + timedelta(days=90))


def write(app: StagedApp, talk: Talk, text: str = "hello") -> Talk:
    after, new = message(app, talk, text)
    unit = app.store.unit()
    unit.save_talk(after)
    unit.save_talk_message(talk.id, new)
    unit.keep_talk_key(talk.id, f"k{new.number}", new.number, None, new.kept_until)
    unit.commit()
    return after


def sold(app: StagedApp) -> str:
    join(app, SELLER, seller=True)
    join(app, ANNA, stars=1000)
    lot = put_up(app, buy_now_price=500).auction.id
    app.bidding.buy(lot, ANNA, 500, app.now())
    return lot


def test_what_is_written_is_read_as_it_was(any_app: StagedApp, talk: Talk) -> None:
    assert any_app.talks.talk(talk) == talk
    after, new = message(any_app, talk)
    write(any_app, talk)
    until = new.kept_until.replace(microsecond=0)
    assert any_app.talks.talk(talk) == replace(after, kept_until=until)
    assert any_app.talks.message(talk.id, 1, any_app.now()) == replace(new, kept_until=until)
    assert any_app.talks.number_of(talk.id, "k1") == 1
    assert any_app.talks.number_of(talk.id, "k2") is None
    assert any_app.talks.message(talk.id, 2, any_app.now()) is None


def test_messages_come_in_the_order_of_their_numbers_from_both_ends(any_app: StagedApp, talk: Talk) -> None:
    after = talk
    for number in range(12):
        after = write(any_app, after, f"{number}")
    now = any_app.now()
    assert [each.number for each in any_app.talks.before(talk.id, 13, 3, now)] == [12, 11, 10]
    assert [each.number for each in any_app.talks.before(talk.id, 3, 9, now)] == [2, 1]
    assert any_app.talks.before(talk.id, 1, 9, now) == ()
    assert [each.number for each in any_app.talks.after(talk.id, 9, 2, now)] == [10, 11]
    assert any_app.talks.after(talk.id, 12, 9, now) == ()
    assert any_app.talks.after(talk_id("lamp", ANNA + 1), 0, 9, now) == ()


def test_a_conversation_that_moved_on_refuses_all_of_a_unit(any_app: StagedApp, talk: Talk) -> None:
    write(any_app, talk)
    with pytest.raises(ConditionFailed) as refused:
        write(any_app, talk, "again")
    assert refused.value.blames("talk")
    assert any_app.talks.talk(talk).count == 1
    stored = any_app.talks.message(talk.id, 1, any_app.now())
    assert stored
    assert stored.text == "hello"


def test_a_key_counts_once_and_is_moved_by_who_knows_it(any_app: StagedApp, talk: Talk) -> None:
    until = any_app.now() + timedelta(days=1)

    def keep(number: int, before: int | None) -> None:
        unit = any_app.store.unit()
        unit.keep_talk_key(talk.id, "album", number, before, until)
        unit.commit()

    keep(1, None)
    for before in (None, 5):
        with pytest.raises(ConditionFailed) as refused:
            keep(2, before)
        assert refused.value.blames("talk_key")
    keep(3, 1)
    assert any_app.talks.number_of(talk.id, "album") == 3


def test_a_message_changes_from_the_version_that_was_read(any_app: StagedApp, talk: Talk) -> None:
    write(any_app, talk)
    first = any_app.talks.message(talk.id, 1, any_app.now())
    assert first
    assert any_app.talks.keep(talk.id, whole(first))
    assert not any_app.talks.keep(talk.id, whole(first))
    changed = any_app.talks.message(talk.id, 1, any_app.now())
    assert changed == whole(first)


def test_how_far_a_side_was_told_is_kept_by_side(any_app: StagedApp, talk: Talk) -> None:
    assert any_app.talks.told(talk.id, SELLER) == Told()
    told = Told(3, 2, 1)
    any_app.talks.keep_told(talk.id, SELLER, told, any_app.now())
    assert any_app.talks.told(talk.id, SELLER) == told
    assert any_app.talks.told(talk.id, ANNA) == Told()


def test_what_is_over_is_told_to_nobody_before_it_is_erased(any_app: StagedApp, talk: Talk) -> None:
    write(any_app, talk)
    later = any_app.now() + timedelta(days=90)
    assert any_app.talks.message(talk.id, 1, later) is None
    assert any_app.talks.before(talk.id, 9, 9, later) == ()
    assert any_app.talks.after(talk.id, 0, 9, later) == ()


def test_two_who_write_at_the_same_time_lose_nothing(emulated: DynamoApp) -> None:
    lot, app = sold(emulated), emulated
    for _ in range(4):
        calls = [
            partial(app.talking.write, who, lot, f"{who} {number}", (), f"{who} {number}", app.now())
            for who in (ANNA, SELLER)
            for number in range(2)
        ]
        hammer(calls, 4)
        answers = hammer(calls, 4)  # each of them once more
        assert [answer for answer in answers if isinstance(answer, Exception)] == []
    found = app.talks.after(talk_of(app.store.deal(lot)).id, 0, 99, app.now())
    assert [each.number for each in found] == [1, 2, 3, 4]
    assert {each.text for each in found} == {f"{who} {number}" for who in (ANNA, SELLER) for number in range(2)}


def test_the_limit_holds_however_many_are_sent_at_once(emulated: DynamoApp) -> None:
    lot, app = sold(emulated), emulated
    for number in range(19):
        app.talking.write(ANNA, lot, f"{number}", (), f"k{number}", app.now())
    calls = [partial(app.talking.write, ANNA, lot, f"late {n}", (), f"late {n}", app.now()) for n in range(3)]
    answers = hammer(calls, 3)
    assert sum(isinstance(answer, TooOften) for answer in answers) == 2
    assert app.talks.talk(talk_of(app.store.deal(lot))).count == 20


def test_writing_costs_a_few_reads_and_one_transaction(emulated: DynamoApp) -> None:
    lot = sold(emulated)
    with Meter(emulated.store.client).measure() as found:
        emulated.talking.write(ANNA, lot, "hello", (), "k", emulated.now())
    assert found.calls == ["GetItem", "BatchGetItem"] + ["GetItem"] * 3 + ["TransactWriteItems"]


def test_photos_are_kept_by_lot_and_name_and_nothing_else_is_found(any_app: StagedApp) -> None:
    pictures, name = any_app.pictures, "0123456789abcdef"
    pictures.save_talk_photo("lamp", name, {"small": b"s", "large": b"l"})
    assert pictures.load_talk_photo("lamp", name, "small") == b"s"
    assert pictures.load_talk_photo("lamp", name, "large") == b"l"
    assert pictures.load_talk_photo("clock", name, "large") is None
    assert pictures.load_talk_photo("lamp", "fedcba9876543210", "large") is None
    assert pictures.load_talk_photo("lamp", "../" + name, "large") is None
    assert pictures.load_evidence("lamp", name, "large") is None


def test_rows_are_read_by_the_version_before_and_from_it() -> None:
    """It kept the number of an hour and the messages in it."""
    now, talk, hour = START, Talk("lamp", SELLER, ANNA, kept_until=START), int(START.timestamp()) // 3600
    full = talk_from(talk_item(talk) | {"buyers_hour": [hour, 20]})
    after = replace(talk, buyers_full_at=require_room(full, ANNA, now))
    assert talk_from(talk_item(after)) == after
    known, _count = talk_item(after)["buyers_hour"]
    assert known != hour
