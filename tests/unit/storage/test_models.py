"""Rows of people and payments: what the models write is what is read."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from starbid.domain.channels import Channel
from starbid.domain.money import Money
from starbid.domain.paid_days import PaidDays
from starbid.domain.payments import Charge, ChargeState, Order, Provider, Purpose
from starbid.domain.people import Person, Reputation
from starbid.domain.quiet import QuietHours
from starbid.domain.renewals import Renewal, RenewalState
from starbid.domain.restrictions import Limit, Restrictions
from starbid.domain.roles import Role
from starbid.domain.sessions import EndedSessions
from starbid.domain.star_view import StarView
from starbid.domain.switches import Switch
from starbid.domain.unfinished import ACTS as ACTS_BY_NAME
from starbid.domain.unfinished import Act, BidAct, BuyAct, PublishAct, SubscribeAct, TakeAct, Unfinished
from starbid.storage.codec import decode
from starbid.storage.models import PaymentRow, PersonRow, person_from, wire_of
from tests.support.factories import ANNA, xtr

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)
BARE = Person(ANNA, "Anna", None, "en", NOW)
FULL = Person(
    id=ANNA + 1,
    name="Боря",
    username="boris",
    language="ru",
    joined_at=NOW - timedelta(days=400),
    subscribed_until=NOW + timedelta(days=60),
    ending_told=NOW + timedelta(days=60),
    paid_days=(PaidDays("c1", NOW, NOW + timedelta(days=30)), PaidDays("c2", NOW, NOW + timedelta(days=60))),
    renewals=(Renewal("o1", RenewalState.ACTIVE, 7, NOW), Renewal("o2", RenewalState.CANCELED, 8, NOW, by_bot=True)),
    star_view=StarView("b1", 9, NOW),
    blocked=True,
    unreachable=True,
    reputation=Reputation(sold=1, bought=2, seller_stars=9, seller_ratings=2, buyer_stars=5, buyer_ratings=1),
    version=12,
    public_id="qwnnn2sefessv",
    ended_sessions=EndedSessions(NOW, {"nonce": NOW - timedelta(days=1)}),
    tokens=3,
    zone="Asia/Kathmandu",
    role=Role.SUPPORT,
    restrictions=Restrictions((Limit.BIDS, Limit.ASSISTANT), NOW),
    switched_off=frozenset({Switch.NEWS, Switch.OUTBID, Switch.RATINGS}),
    heard_by={Channel.EMAIL: frozenset({Switch.WON, Switch.OUTBID}), Channel.PUSH: frozenset()},
    quiet=QuietHours(22 * 60, 7 * 60),
    calendar_at=NOW - timedelta(days=2),
    leaves_at=NOW + timedelta(days=3),
    left_at=NOW - timedelta(days=4),
)


def test_the_full_person_lacks_no_field() -> None:
    assert [each.name for each in fields(Person) if getattr(FULL, each.name) == getattr(BARE, each.name)] == []


@pytest.mark.parametrize("person", [BARE, FULL, replace(BARE, ended_sessions=EndedSessions(None, {"n": NOW}))])
def test_a_person_is_read_as_the_model_wrote_them(person: Person) -> None:
    assert person_from(decode(wire_of(PersonRow.of(person)))) == person


def test_the_codec_reads_a_person_as_the_model_would() -> None:
    wire = wire_of(PersonRow.of(FULL))
    assert wire_of(PersonRow.from_raw_data(wire)) == wire


def test_a_row_from_before_the_switches_has_all_on_but_the_news_that_its_person_did_not_want() -> None:
    row = decode(wire_of(PersonRow.of(BARE)))
    assert person_from(row).switched_off == frozenset()
    assert person_from(row | {"no_news": True}).switched_off == {Switch.NEWS}


def test_a_switch_of_another_version_is_passed_over() -> None:
    row = decode(wire_of(PersonRow.of(FULL)))
    assert person_from(row | {"heard_by": '{"email": ["won", "holograms"], "fax": []}'}).heard_by == {
        Channel.EMAIL: {Switch.WON}
    }
    assert person_from(row | {"switched_off": ["won", "holograms"]}).switched_off == {Switch.NEWS, Switch.WON}


def test_what_is_empty_of_a_person_takes_no_room_in_their_row() -> None:
    kept = {"user_id", "name", "language", "joined_at", "blocked", "unreachable", "version", "month", "order"}
    kept |= {"person_shard"}
    assert set(wire_of(PersonRow.of(BARE))) == kept


@pytest.mark.parametrize("state", ChargeState)
def test_a_charge_is_read_as_the_model_wrote_it_and_comes_due_only_half_way_through_a_refund(
    state: ChargeState,
) -> None:
    charge = Charge("c1", Provider.STARS, ANNA, xtr(70), Purpose.SUBSCRIPTION, "o1", NOW, state, 3)
    wire = wire_of(PaymentRow.of_charge(charge))
    assert PaymentRow.from_raw_data(wire).charge() == charge
    assert ("due_at" in wire) == (state is ChargeState.REFUNDING)


def test_an_order_is_read_as_the_model_wrote_it() -> None:
    order = Order("o1", Provider.STARS, Purpose.STARS, ANNA, xtr(50))
    assert PaymentRow.from_raw_data(wire_of(PaymentRow.of_order(order, 0))).order() == order


ACTS: tuple[Act, ...] = (
    BidAct("lamp", Money(105, "XTR"), 2),
    BidAct("lamp", Money(10**12, "RUB"), 2, version=7, confirmed=True),
    BuyAct("lamp", Money(900, "XTR"), 1),
    TakeAct("lamp", Money(900, "XTR")),
    SubscribeAct("r", extends=True),
    PublishAct("r"),
)


@pytest.mark.parametrize("act", ACTS)
def test_an_act_that_waits_is_read_with_its_order_as_it_was_written(act: Act) -> None:
    waiting = Unfinished.at(act, NOW)
    order = Order("0123456789abcdef", Provider.STARS, Purpose.STARS, 1, Money(150, "XTR"), waiting)
    assert PaymentRow.from_raw_data(wire_of(PaymentRow.of_order(order, 0))).order().unfinished == waiting


def test_every_kind_of_act_is_among_those_that_are_stored() -> None:
    assert {act.name for act in ACTS} == set(ACTS_BY_NAME)


@pytest.mark.parametrize(
    "stored",
    ['{"what": "gift", "until": 1, "act": {}}', '{"what": "publish", "until": 1, "act": {"request_id": 5}}',
     '{"what": "publish", "until": 1, "act": {"request_id": "r", "more": 1}}'],
)  # fmt: skip
def test_an_act_of_another_version_is_none_and_its_order_still_counts(stored: str) -> None:
    order = Order("0123456789abcdef", Provider.STARS, Purpose.STARS, 1, Money(150, "XTR"))
    row = PaymentRow.of_order(order, 0)
    row.unfinished = stored
    read = PaymentRow.from_raw_data(wire_of(row)).order()
    assert (read, read.unfinished) == (order, None)
