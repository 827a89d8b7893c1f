"""A bill that is cancelled at its provider: the contract for all of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from starbid.domain.bills import ProviderStatus
from starbid.services.ports import ProviderTrouble
from tests.integration.providers.conftest import Place, status_of
from tests.support.provider_faults import OPEN, Fault


def test_a_cancelled_bill_waits_no_more(place: Place) -> None:
    bill = place.made()
    place.gateway.cancel(bill)
    found = place.gateway.find(bill)
    assert found is None or found.status is ProviderStatus.REJECTED
    place.gateway.cancel(bill)


def test_a_bill_whose_id_there_is_not_known_is_cancelled_too(place: Place) -> None:
    bill = replace(place.made(), ref="")
    place.gateway.cancel(bill)
    found = place.gateway.find(bill)
    assert found is None or found.status is ProviderStatus.REJECTED


def test_what_is_paid_ended_or_unknown_is_left_as_it_is(place: Place) -> None:
    paid, ended = place.made(1), place.made(2)
    place.server.pay(paid.id)
    place.server.expire(ended.id)
    for bill in (paid, ended, place.bill(3), replace(place.bill(4), ref="77")):
        place.gateway.cancel(bill)
    assert status_of(place.gateway, paid) is ProviderStatus.PAID
    assert status_of(place.gateway, ended) is ProviderStatus.EXPIRED


@pytest.mark.parametrize(
    "fault", [*(fault for fault in OPEN if fault is not Fault.OTHER_SHAPE), Fault.S401, Fault.S403, Fault.S429]
)
def test_a_cancel_that_fails_is_told(place: Place, fault: Fault) -> None:
    bill = place.made()
    place.server.fail(fault, done=False)
    with pytest.raises(ProviderTrouble):
        place.gateway.cancel(bill)
