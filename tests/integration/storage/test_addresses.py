"""Addresses of deals on every store: kept with the deal, over at a moment, erased."""

from __future__ import annotations

from dataclasses import astuple, replace
from datetime import timedelta

import pytest

from bench.meter import Meter
from starbid.domain.addresses import Address
from starbid.domain.deals import DealState
from starbid.domain.errors import StarbidError
from starbid.services.ports import ConditionFailed
from tests.support.dynamo import DynamoApp, check, hammer, join, put_up
from tests.support.factories import ANNA, SELLER
from tests.support.fakes import StagedApp
from tests.support.physical import HOME, OTHER, earn_roubles, physical

DAY = timedelta(days=1)
ODD = Address("<b>Анна</b> 😀", "улица Мира, 5\nкв. 12", "+7 (900) 123-45-67")


def keep(app: StagedApp, lot: str, address: Address) -> None:
    unit = app.store.unit()
    unit.keep_address(lot, address)
    unit.commit()


def sold(app: StagedApp) -> str:
    """A physical lot that ANNA won."""
    join(app, SELLER, seller=True)
    join(app, ANNA)
    earn_roubles(app, ANNA, 100_000)
    lot = put_up(app, **physical()).auction
    app.bidding.bid(lot.id, ANNA, 50_000, app.now())
    app.clock.now = lot.due_at
    app.closing.close(lot.id, app.now())
    return lot.id


def test_an_address_is_kept_as_it_is_and_the_last_one_counts(any_app: StagedApp) -> None:
    addresses = any_app.addresses
    assert addresses.address("lamp", any_app.now()) is None
    for address in (HOME, ODD):
        keep(any_app, "lamp", address)
        assert addresses.address("lamp", any_app.now() + 999 * DAY) == address
    assert addresses.address("clock", any_app.now()) is None
    assert addresses.due(any_app.now() + 999 * DAY, 9) == []


def test_of_an_ended_deal_it_is_over_at_a_moment_and_erased_then(any_app: StagedApp) -> None:
    addresses, over = any_app.addresses, any_app.now() + 30 * DAY
    keep(any_app, "lamp", HOME)
    unit = any_app.store.unit()
    unit.expire_address("lamp", over)
    unit.commit()
    before = over - timedelta(milliseconds=1)
    assert (addresses.address("lamp", before), addresses.due(before, 9)) == (HOME, [])
    addresses.erase("lamp", before)
    assert addresses.address("lamp", before) == HOME
    assert (addresses.address("lamp", over), addresses.due(over, 9)) == (None, ["lamp"])
    for _ in range(2):
        addresses.erase("lamp", over)
    assert addresses.due(over, 9) == []
    assert addresses.address("lamp", before) is None


def test_where_none_is_kept_an_end_leaves_nothing_to_read(any_app: StagedApp) -> None:
    """As after a restored table: there is no backup of addresses, and a deal has to end all the same."""
    unit = any_app.store.unit()
    unit.expire_address("lamp", any_app.now() + DAY)
    unit.commit()
    assert any_app.addresses.address("lamp", any_app.now()) is None


def test_what_is_typed_is_kept_for_a_day_apart_from_what_counts(any_app: StagedApp) -> None:
    addresses, now = any_app.addresses, any_app.now()
    keep(any_app, "lamp", HOME)
    addresses.put_typed("lamp", {"name": "Anna"}, now)
    addresses.put_typed("lamp", {"name": "Anna", "phone": "12345"}, now)
    assert addresses.typed("lamp", now) == {"name": "Anna", "phone": "12345"}
    assert addresses.address("lamp", now) == HOME
    assert addresses.typed("lamp", now + DAY) == {}
    assert len(addresses.due(now + DAY, 9)) == 1
    for _ in range(2):
        addresses.drop_typed("lamp")
    assert (addresses.typed("lamp", now), addresses.due(now + DAY, 9)) == ({}, [])


def test_a_draft_that_is_typed_on_is_not_erased_for_its_past(any_app: StagedApp) -> None:
    addresses, now = any_app.addresses, any_app.now()
    addresses.put_typed("lamp", {"name": "Anna"}, now)
    (name,) = addresses.due(now + DAY, 9)
    addresses.put_typed("lamp", {"name": "Boris"}, now + DAY)
    addresses.erase(name, now + DAY)
    assert addresses.typed("lamp", now + DAY) == {"name": "Boris"}


def test_with_a_deal_that_has_moved_on_no_address_is_kept(any_app: StagedApp) -> None:
    lot = sold(any_app)
    deal = any_app.addressing.give(ANNA, lot, HOME, any_app.now())
    unit = any_app.store.unit()
    unit.save_deal(deal, replace(deal, version=9))
    unit.commit()
    late = any_app.store.unit()
    late.save_deal(deal, replace(deal, version=deal.version + 1))
    late.keep_address(lot, OTHER)
    with pytest.raises(ConditionFailed) as refused:
        late.commit()
    assert refused.value.blames("deal")
    assert any_app.addresses.address(lot, any_app.now()) == HOME


def test_a_deal_comes_back_as_it_was_kept_with_its_reminder_and_without(any_app: StagedApp) -> None:
    lot, times = sold(any_app), any_app.settings.business.deal_times
    began = any_app.now()
    deal = any_app.store.deal(lot)
    assert (deal.state, deal.remind_at, deal.due_at) == (DealState.AWAITING_ADDRESS, began + 3 * DAY, began + 14 * DAY)
    assert [each.auction_id for each in any_app.store.undelivered_of(ANNA)] == [lot]
    assert any_app.store.open_deals_of(ANNA, 9)[1] == [lot]
    assert any_app.store.due_deals(began + 3 * DAY, 9) == [lot]
    for days in (3, 10):
        any_app.clock.now = began + days * DAY
        assert any_app.dealing.sweep(any_app.now()) == 1
    deal = any_app.store.deal(lot)
    assert (deal.remind_at, deal.due_at) == (None, began + 14 * DAY)
    assert any_app.store.due_deals(began + 14 * DAY - timedelta(milliseconds=1), 9) == []
    given = any_app.addressing.give(ANNA, lot, HOME, any_app.now())
    assert any_app.store.deal(lot) == given
    assert given.remind_at == any_app.now() + timedelta(days=times.delivery_days - 2)


def test_of_addresses_given_at_once_the_last_deal_and_the_kept_one_are_of_the_same_hand(emulated: DynamoApp) -> None:
    lot = sold(emulated)
    streets = [Address("Anna", f"Street {number}, 5", "12345") for number in range(8)]
    done = hammer([lambda to=to: emulated.addressing.give(ANNA, lot, to, emulated.now()) for to in streets])  # type: ignore[misc]
    won = [to for to, deal in zip(streets, done, strict=True) if not isinstance(deal, Exception)]
    assert all(isinstance(deal, StarbidError) for deal in done if isinstance(deal, Exception)), done
    last = max((deal.version, astuple(to)) for to, deal in zip(streets, done, strict=True) if to in won)[1]
    assert emulated.addresses.address(lot, emulated.now()) == Address(*last)
    check(emulated.store)


def test_giving_an_address_takes_two_round_trips(emulated: DynamoApp) -> None:
    lot = sold(emulated)
    with Meter(emulated.store.client).measure() as found:
        emulated.addressing.give(ANNA, lot, HOME, emulated.now())
    assert (found.round_trips, found.write_units) == (2, 6)
    with Meter(emulated.store.client).measure() as found:
        emulated.addressing.give(ANNA, lot, OTHER, emulated.now())
    assert (found.round_trips, found.write_units) == (3, 6)
