"""Notices by further channels: each once, apart from the chat, and only what the person wants there."""

from __future__ import annotations

from dataclasses import replace

import pytest

from starbid.domain.audit_trail import Decision, Operator, decided
from starbid.domain.channels import FURTHER, WANTED_AT_FIRST, Channel
from starbid.domain.criteria import Criteria
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.domain.roles import Role
from starbid.domain.switches import Switch
from starbid.services.further_telling import BEATS
from starbid.services.notices import KINDS
from starbid.services.notices.switches import ONLY_IN_CHAT, SWITCHED, SWITCHES_OF_FURTHER
from starbid.services.ports import Notice, Rejected, TryLater, Unreachable
from tests.support.factories import ANNA, BORIS, SELLER, join, put_up
from tests.support.fakes import FakeApp, make_app
from tests.support.there import there


class Letters:
    """A further channel that keeps what it is told, or fails."""

    def __init__(self) -> None:
        self.told: list[tuple[int, str, int | None]] = []
        self.trouble: Exception | None = None

    def tell(self, person: Person, notice: Notice, lot: Lot | None) -> None:
        if self.trouble:
            raise self.trouble
        self.told.append((person.id, notice.kind, lot.auction.bids_count if lot else None))


@pytest.fixture
def letters() -> Letters:
    return Letters()


@pytest.fixture
def app(letters: Letters) -> FakeApp:
    return make_app(further_channels={Channel.EMAIL: lambda: letters})


def lot_of(app: FakeApp) -> str:
    for who in (ANNA, BORIS):
        join(app, who, stars=10_000)
    lot = put_up(app)
    app.run_streams()
    app.messenger.told.clear()
    return lot.auction.id


def sold(lot_id: str, number: int = 1) -> Notice:
    return Notice(f"sold:{number}", SELLER, "sold", lot_id, {"price": [1, "XTR"]})


def tell(app: FakeApp, notice: Notice) -> None:
    app.outgoing.notices.append(notice)
    app.run_streams()


def test_only_a_channel_that_is_set_up_and_on_offer_hears_a_notice(app: FakeApp, letters: Letters) -> None:
    lot_id = lot_of(app)
    tell(app, sold(lot_id, 1))
    assert letters.told == []
    app.hearing.set_up(SELLER, Channel.EMAIL)
    app.hearing.set_up(SELLER, Channel.PUSH)
    tell(app, sold(lot_id, 2))
    assert letters.told == [(SELLER, "sold", 0)]
    assert app.messenger.kinds_for(SELLER) == ["sold", "sold"]
    app.hearing.take_down(SELLER, Channel.EMAIL)
    tell(app, sold(lot_id, 3))
    assert len(letters.told) == 1


def test_a_channel_is_switched_by_kind_and_apart_from_the_chat(app: FakeApp, letters: Letters) -> None:
    lot_id = lot_of(app)
    app.hearing.set_up(SELLER, Channel.EMAIL)
    app.people.switch(SELLER, {Switch.SOLD: False})
    tell(app, sold(lot_id, 1))
    assert (letters.told, app.messenger.told) == ([(SELLER, "sold", 0)], [])
    app.people.switch(SELLER, {Switch.SOLD: True})
    app.hearing.listen(SELLER, Channel.EMAIL, {Switch.SOLD: False})
    tell(app, sold(lot_id, 2))
    assert (len(letters.told), app.messenger.kinds_for(SELLER)) == (1, ["sold"])


def test_who_blocked_the_bot_is_reached_all_the_same_and_who_is_blocked_is_not(app: FakeApp, letters: Letters) -> None:
    lot_id = lot_of(app)
    app.hearing.set_up(SELLER, Channel.EMAIL)
    app.people.mark_unreachable(SELLER)
    tell(app, sold(lot_id, 1))
    assert (letters.told, app.messenger.told) == ([(SELLER, "sold", 0)], [])
    person = there(app.store.person(SELLER))
    app.store.tables.people[SELLER] = replace(person, blocked=True, version=person.version + 1)
    tell(app, sold(lot_id, 2))
    assert len(letters.told) == 1


def test_a_notice_that_comes_again_is_told_once_by_each_channel(app: FakeApp, letters: Letters) -> None:
    lot_id = lot_of(app)
    app.hearing.set_up(SELLER, Channel.EMAIL)
    for _ in range(3):
        tell(app, sold(lot_id))
    app.further_telling.tell(sold(lot_id), Channel.EMAIL, app.now())
    assert letters.told == [(SELLER, "sold", 0)]


def test_a_channel_that_fails_comes_again_without_the_chat(app: FakeApp, letters: Letters) -> None:
    lot_id = lot_of(app)
    app.hearing.set_up(SELLER, Channel.EMAIL)
    letters.trouble = TryLater(30)
    tell(app, sold(lot_id))
    assert app.outgoing.further == [(sold(lot_id), Channel.EMAIL)]
    letters.trouble = None
    app.run_streams()
    assert (letters.told, app.messenger.kinds_for(SELLER)) == ([(SELLER, "sold", 0)], ["sold"])


def test_where_nobody_is_any_more_the_channel_is_taken_down(app: FakeApp, letters: Letters) -> None:
    lot_id = lot_of(app)
    app.hearing.set_up(SELLER, Channel.EMAIL)
    letters.trouble = Unreachable()
    tell(app, sold(lot_id))
    assert there(app.store.person(SELLER)).heard_by == {}


def test_what_is_refused_for_good_is_not_tried_again(app: FakeApp, letters: Letters) -> None:
    lot_id = lot_of(app)
    app.hearing.set_up(SELLER, Channel.EMAIL)
    letters.trouble = Rejected("too large")
    tell(app, sold(lot_id))
    letters.trouble = None
    tell(app, sold(lot_id))
    assert (letters.told, app.outgoing.further) == ([], [])


def test_of_many_bids_a_channel_tells_the_first_and_then_how_it_stands_at_its_own_pace(
    app: FakeApp, letters: Letters
) -> None:
    lot_id = lot_of(app)
    app.hearing.set_up(SELLER, Channel.EMAIL)
    app.hearing.listen(SELLER, Channel.EMAIL, {Switch.NEW_BIDS: True})
    for number in range(6):
        app.bidding.bid(lot_id, (ANNA, BORIS)[number % 2], 200 + 100 * number, app.now())
        app.clock.forward(seconds=20)
        app.run_streams()
    assert letters.told == [(SELLER, "new_bid", 1)]
    app.clock.forward(seconds=BEATS[Channel.EMAIL].seconds)
    app.run_streams()
    assert letters.told == [(SELLER, "new_bid", 1), (SELLER, "new_bid", 6)]
    app.clock.forward(seconds=BEATS[Channel.EMAIL].seconds)
    app.run_streams()
    assert (len(letters.told), app.outgoing.further) == (2, [])


def test_a_muted_lot_is_quiet_on_each_channel(app: FakeApp, letters: Letters) -> None:
    lot_id = lot_of(app)
    app.hearing.set_up(ANNA, Channel.EMAIL)
    app.hearing.listen(ANNA, Channel.EMAIL, {Switch.OUTBID: True})
    app.muting.mute(ANNA, lot_id, app.now())
    app.bidding.bid(lot_id, ANNA, 200, app.now())
    app.bidding.bid(lot_id, BORIS, 300, app.now())
    app.run_streams()
    assert "outbid" not in [kind for _, kind, _ in letters.told]


def test_what_nobody_may_miss_is_told_by_each_channel_whatever_is_switched_off(app: FakeApp, letters: Letters) -> None:
    lot_of(app)
    app.hearing.set_up(ANNA, Channel.EMAIL)
    app.hearing.listen(ANNA, Channel.EMAIL, dict.fromkeys(Switch, False))
    tell(app, Notice("p:1", ANNA, "payout_refused", None, {"amount": [1, "XTR"], "reason": "x"}))
    assert [kind for _, kind, _ in letters.told] == ["payout_refused"]


def test_to_set_a_channel_up_again_keeps_what_was_chosen(app: FakeApp) -> None:
    lot_of(app)
    assert app.hearing.listen(ANNA, Channel.PUSH, {Switch.OUTBID: True}).heard_by == {}
    assert app.hearing.set_up(ANNA, Channel.PUSH).heard_by == {Channel.PUSH: WANTED_AT_FIRST[Channel.PUSH]}
    app.hearing.listen(ANNA, Channel.PUSH, dict.fromkeys(Switch, False))
    version = app.hearing.set_up(ANNA, Channel.PUSH).version
    assert app.hearing.set_up(ANNA, Channel.PUSH).heard_by == {Channel.PUSH: frozenset()}
    assert there(app.store.person(ANNA)).version == version


def sold_lot(app: FakeApp) -> str:
    """To ANNA."""
    lot_of(app)
    lot_id = put_up(app, buy_now_price=500).auction.id
    app.bidding.buy(lot_id, ANNA, 500, app.now())
    app.run_streams()
    app.hearing.set_up(SELLER, Channel.EMAIL)
    return lot_id


def write(app: FakeApp, lot_id: str, *texts: str, who: int = ANNA) -> None:
    for text in texts:
        app.talking.write(who, lot_id, text, (), text, app.now())
    app.run_streams()


def test_who_blocked_the_bot_and_has_mail_hears_that_somebody_wrote_in_a_deal(app: FakeApp, letters: Letters) -> None:
    lot_id = sold_lot(app)
    app.people.mark_unreachable(SELLER)
    write(app, lot_id, "a secret")
    assert [(who, kind) for who, kind, _ in letters.told] == [(SELLER, "talk_wrote")]


def test_of_many_messages_in_a_deal_a_channel_tells_the_first_and_at_its_own_pace_of_all_others_together(
    app: FakeApp, letters: Letters
) -> None:
    lot_id = sold_lot(app)
    for number in range(8):
        write(app, lot_id, f"message {number}")
        app.clock.forward(seconds=10)
    assert [kind for _, kind, _ in letters.told] == ["talk_wrote"]
    for _ in range(3):
        app.clock.forward(seconds=BEATS[Channel.EMAIL].seconds)
        app.run_streams()
    assert [kind for _, kind, _ in letters.told] == ["talk_wrote"] * 2
    assert app.outgoing.further == []


def test_the_next_buyers_messages_are_no_old_news(app: FakeApp, letters: Letters) -> None:
    """They begin at number 1 again."""
    lot_id = sold_lot(app)
    write(app, lot_id, "one", "two")
    app.clock.forward(seconds=2 * BEATS[Channel.EMAIL].seconds)
    app.run_streams()
    letters.told.clear()
    app.store.tables.deals[lot_id] = replace(app.store.deal(lot_id), buyer_id=BORIS)
    write(app, lot_id, "three", who=BORIS)
    assert [kind for _, kind, _ in letters.told] == ["talk_wrote"]


def operator(app: FakeApp, key: str) -> Decision:
    return decided(Operator(900, Role.SUPPORT, "127.0.0.1"), "", key, app.now(), needs_reason=False)


def test_who_blocked_the_bot_and_has_mail_hears_of_supports_answer_and_of_the_end_of_the_ticket(
    app: FakeApp, letters: Letters
) -> None:
    lot_of(app)
    app.hearing.set_up(ANNA, Channel.EMAIL)
    app.people.mark_unreachable(ANNA)
    ticket = app.tickets.write(ANNA, "It is broken", (), "k", app.now()).ticket
    app.ticket_desk.answer(operator(app, "one"), ticket.id, "a secret")
    app.run_streams()
    app.ticket_desk.close(operator(app, "two"), ticket.id)
    app.run_streams()
    assert [(who, kind) for who, kind, _ in letters.told] == [(ANNA, "ticket_answered"), (ANNA, "ticket_closed")]


def test_found_lots_come_by_a_channel_where_they_were_asked_for_and_together(app: FakeApp, letters: Letters) -> None:
    lot_of(app)
    for who, is_asked in ((ANNA, True), (BORIS, False)):
        app.saved_searches.save(who, Criteria("lamp"), app.now())
        app.hearing.set_up(who, Channel.EMAIL)
        app.hearing.listen(who, Channel.EMAIL, {Switch.SEARCH: is_asked})
    app.people.mark_unreachable(ANNA)
    for number in range(4):
        put_up(app, title=f"Lamp {number}", duration_seconds=7200)
    app.run_streams()
    assert [(who, kind) for who, kind, _ in letters.told] == [(ANNA, "found")]
    app.clock.forward(seconds=BEATS[Channel.EMAIL].seconds)
    app.run_streams()
    assert [(who, kind) for who, kind, _ in letters.told] == [(ANNA, "found")] * 2
    assert app.outgoing.further == []


def test_messages_and_found_lots_are_switched_on_each_channel() -> None:
    assert {Switch.MESSAGES, Switch.SEARCH} <= set(SWITCHES_OF_FURTHER)
    for channel in FURTHER:
        assert Switch.MESSAGES in WANTED_AT_FIRST[channel]
        assert Switch.SEARCH not in WANTED_AT_FIRST[channel], "each search tells as much as its shop puts up"


def test_each_switch_of_a_further_channel_tells_something_there() -> None:
    assert all(set(WANTED_AT_FIRST[channel]) <= set(SWITCHES_OF_FURTHER) for channel in FURTHER)
    silent = set(SWITCHED) - set(SWITCHES_OF_FURTHER)
    assert silent == {Switch.NEWS}
    assert set(KINDS) >= ONLY_IN_CHAT
