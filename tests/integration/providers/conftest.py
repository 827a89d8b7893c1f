"""Both providers of bills, each with a server that plays it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace

import pytest

from starbid.billing.cryptopay import CryptoPayBills
from starbid.billing.qiwi import QiwiBills
from starbid.domain.bills import Bill, ProviderStatus, new_bill
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.services.ports import BillGateway
from tests.support.fake_clock import FakeClock
from tests.support.provider_server import CryptoPayServer, ProviderServer, QiwiServer

PERSON = 987_654_321
SECRET = "the secret of the provider"
READ_SECONDS = 0.8
"""For calls that meet a fault: long enough for a busy machine to answer all others in time."""
SERVERS = {Provider.QIWI: QiwiServer, Provider.CRYPTOPAY: CryptoPayServer}


@dataclass
class Place:
    """A gateway that talks to a server; `at` makes one for another address, `patient` is one that waits as ours do."""

    provider: Provider
    server: ProviderServer
    clock: FakeClock
    at: Callable[[str], BillGateway]
    patient: BillGateway

    @property
    def gateway(self) -> BillGateway:
        return self.at(self.server.url)

    def bill(self, number: int = 1, amount: int = 50_000) -> Bill:
        return new_bill(f"{number:032x}", self.provider, PERSON, Money(amount, "RUB"), self.clock.now, 300)

    def made(self, number: int = 1) -> Bill:
        """A bill that the provider has, with its id there."""
        bill = self.bill(number)
        return replace(bill, ref=self.patient.create(bill, "Top up").ref)


@pytest.fixture(params=SERVERS)
def place(request: pytest.FixtureRequest) -> Iterator[Place]:
    server, clock = SERVERS[request.param](SECRET), FakeClock()
    server.slow_seconds = 3 * READ_SECONDS
    waits = {"connect_seconds": 1.0, "read_seconds": READ_SECONDS}

    def gateway(url: str, **waits: float) -> BillGateway:
        if request.param is Provider.QIWI:
            return QiwiBills(lambda: SECRET, url, **waits)
        return CryptoPayBills(lambda: SECRET, url, lambda: clock.now, **waits)

    yield Place(request.param, server, clock, lambda url: gateway(url, **waits), gateway(server.url))
    server.stop()


@pytest.fixture
def crypto() -> Iterator[tuple[CryptoPayServer, CryptoPayBills, FakeClock]]:
    """Crypto Pay alone, for what only it has."""
    server, clock = CryptoPayServer(SECRET), FakeClock()
    yield server, CryptoPayBills(lambda: SECRET, server.url, lambda: clock.now), clock
    server.stop()


def status_of(gateway: BillGateway, bill: Bill) -> ProviderStatus | None:
    found = gateway.find(bill)
    return found.status if found else None
