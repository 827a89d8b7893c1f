"""The local provider of bills, as the product's own adapters see it, and as a person at its pages does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path

import pytest
from werkzeug.test import Client, TestResponse

from local.pay.app import PREFIX, LocalProvider
from local.server import Server
from local.site import PAY, Site
from local.state import State
from starbid.billing.cryptopay import CryptoPayBills
from starbid.billing.qiwi import QiwiBills
from starbid.domain.bills import Bill, ProviderStatus, Reported, new_bill
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.services.ports import BillGateway, ProviderTrouble
from tests.support.fake_clock import FakeClock

PERSON = 987_654_321
SECRETS = {"qiwi": "one secret", "cryptopay": "another secret"}
BOTH = pytest.mark.parametrize("provider", [Provider.QIWI, Provider.CRYPTOPAY])
JSON = {"Accept": "application/json"}


class Controls:
    def __init__(self, clock: FakeClock) -> None:
        self._clock = clock

    def now(self) -> object:
        return self._clock.now

    def advance(self, seconds: float) -> int:
        raise AssertionError


@dataclass
class Place:
    """The provider behind the site of a local run; `sent` are the callbacks, each answered with `status`."""

    clock: FakeClock
    gateways: Mapping[Provider, BillGateway]
    pages: Client
    sent: list[tuple[str, dict[str, str], bytes]] = field(default_factory=list)
    status: int | OSError = 200

    def bill(self, provider: Provider, number: int = 1) -> Bill:
        return new_bill(f"{number:032x}", provider, PERSON, Money(50_000, "RUB"), self.clock.now, 300)

    def made(self, provider: Provider, number: int = 1) -> tuple[Bill, str]:
        """A bill, and the path of its page."""
        bill = self.bill(provider, number)
        reported = self.gateways[provider].create(bill, "Top up <Starbid>")
        return replace(bill, ref=reported.ref), f"/{reported.pay_url.split('/', 3)[3]}"

    def press(self, page: str, action: str, **form: str) -> TestResponse:
        return self.pages.post(f"{page}/{action}", data=form)

    def reported(self) -> list[Reported]:
        """What the callbacks tell those who check them."""
        return [
            self.gateways[Provider(url.rpartition("/")[2])].read_callback(
                {name.lower(): value for name, value in headers.items()}, body
            )
            for url, headers, body in self.sent
        ]

    def status_of(self, bill: Bill) -> ProviderStatus | None:
        found = self.gateways[bill.provider].find(bill)
        return found.status if found else None


@pytest.fixture
def state(tmp_path: Path) -> Iterator[State]:
    made = State(tmp_path / "local.sqlite3")
    yield made
    made.close()


@pytest.fixture
def place(state: State) -> Iterator[Place]:
    clock, server = FakeClock(), Server(0, tell=False)

    def send(url: str, body: bytes, headers: Mapping[str, str]) -> int:
        made.sent.append((url, dict(headers), body))
        if isinstance(made.status, OSError):
            raise made.status
        return made.status

    provider = LocalProvider(
        state,
        lambda: clock.now,
        SECRETS,
        site_url=server.url,
        callbacks="http://shop/payments/callback/",
        send=send,
        slow_seconds=1.5,
    )
    site = Site(lambda *_: [], Controls(clock), {PAY: provider.wsgi})  # type: ignore[arg-type]
    server.serve(site)
    gateways: dict[Provider, BillGateway] = {
        Provider.QIWI: QiwiBills(lambda: SECRETS["qiwi"], f"{server.url}{PREFIX}/qiwi", read_seconds=0.5),
        Provider.CRYPTOPAY: CryptoPayBills(
            lambda: SECRETS["cryptopay"], f"{server.url}{PREFIX}/cryptopay", lambda: clock.now, read_seconds=0.5
        ),
    }
    made = Place(clock, gateways, Client(site))
    yield made
    server.close()


@BOTH
def test_a_bill_is_made_shown_and_found(place: Place, provider: Provider) -> None:
    bill, page = place.made(provider)
    assert place.status_of(bill) is ProviderStatus.WAITING
    assert place.status_of(replace(bill, ref="")) is ProviderStatus.WAITING
    assert place.gateways[provider].find(place.bill(provider, 2)) is None
    shown = place.pages.get(page)
    assert shown.status_code == 200
    assert "500.00\N{NO-BREAK SPACE}₽" in shown.text
    assert "Top up &lt;Starbid&gt;" in shown.text
    assert bill.id in shown.text
    assert bill.id in place.pages.get(f"{PREFIX}/bills").text
    assert page.rpartition("/")[2] in place.pages.get(f"{PREFIX}/").text


@BOTH
def test_who_presses_pay_has_paid_and_the_shop_is_told(place: Place, provider: Provider) -> None:
    bill, page = place.made(provider)
    answer = place.press(page, "pay")
    assert (answer.status_code, answer.headers["Location"]) == (303, page)
    assert place.status_of(bill) is ProviderStatus.PAID
    (reported,) = place.reported()
    assert place.sent[0][0] == f"http://shop/payments/callback/{provider}"
    assert reported.status is ProviderStatus.PAID
    assert bill.matches(reported)
    assert "paid: 200" in place.pages.get(page).text
    assert place.press(page, "pay").status_code == 409
    assert len(place.sent) == 1


@BOTH
def test_a_bill_is_rejected_or_left_to_expire(place: Place, provider: Provider) -> None:
    (first, page), (second, other) = place.made(provider, 1), place.made(provider, 2)
    place.press(page, "reject")
    place.press(other, "expire")
    if provider is Provider.QIWI:
        assert place.status_of(first) is ProviderStatus.REJECTED
        assert [each.status for each in place.reported()] == [ProviderStatus.REJECTED, ProviderStatus.EXPIRED]
    else:
        assert place.status_of(first) is None, "it is deleted: Crypto Pay knows no rejection"
        assert place.sent == [], "it reports paid invoices only"
    assert place.status_of(second) is ProviderStatus.EXPIRED
    for gone in (page, other):
        assert place.press(gone, "pay").status_code == 409


@BOTH
def test_a_bill_expires_by_the_clock_of_the_run(place: Place, provider: Provider) -> None:
    bill, page = place.made(provider)
    place.clock.forward(seconds=299)
    assert place.status_of(bill) is ProviderStatus.WAITING
    place.clock.forward(seconds=1)
    assert place.status_of(bill) is ProviderStatus.EXPIRED
    assert place.press(page, "pay").status_code == 409


@BOTH
def test_the_shop_cancels_what_is_not_paid(place: Place, provider: Provider) -> None:
    bill, page = place.made(provider)
    place.gateways[provider].cancel(bill)
    assert place.status_of(bill) in (None, ProviderStatus.REJECTED)
    paid, page = place.made(provider, 2)
    place.press(page, "pay")
    place.gateways[provider].cancel(paid)
    assert place.status_of(paid) is ProviderStatus.PAID


@BOTH
def test_a_paid_bill_can_be_refunded_and_nobody_is_told(place: Place, provider: Provider) -> None:
    bill, page = place.made(provider)
    assert place.press(page, "refund").status_code == 409
    place.press(page, "pay")
    place.press(page, "refund")
    assert "Refunded" in place.pages.get(page).text
    assert place.status_of(bill) is ProviderStatus.PAID
    assert len(place.sent) == 1


@BOTH
def test_engineers_let_it_say_anything(place: Place, provider: Provider) -> None:
    bill, page = place.made(provider)
    place.press(page, "say", amount="499.99", status="paid", callbacks="2")
    assert [each.value for each in place.reported()] == [Decimal("499.99")] * 2
    assert "Asked for: 500.00 RUB" in place.pages.get(page).text
    place.press(page, "say", currency="USD")
    assert place.reported()[-1].currency == "USD"
    place.press(page, "say", status="ON_HOLD", callbacks="0")
    found = place.gateways[provider].find(bill)
    assert found is not None
    assert (found.status, found.said) == (ProviderStatus.UNKNOWN, "ON_HOLD")
    before = len(place.sent)
    place.press(page, "say", status="paid", callbacks="0")
    place.press(page, "callback", callbacks="2")
    assert len(place.sent) == before + 2


NO_BILLS = [
    *({"amount": amount} for amount in ("x", "0", "-1", "1.234", "1e3", "1000000000")),
    *({"currency": "rub"}, {"status": "<b>"}, {"callbacks": "6"}, {"callbacks": "x"}),
]


@pytest.mark.parametrize("form", NO_BILLS, ids=str)
def test_what_is_no_bill_is_refused_with_words(place: Place, form: dict[str, str]) -> None:
    _, page = place.made(Provider.QIWI)
    answer = place.press(page, "say", **form)
    assert answer.status_code == 409
    assert 'class="card"' in answer.text
    assert place.sent == []


def test_what_is_not_there_is_told(place: Place) -> None:
    assert place.pages.get(f"{PREFIX}/bills/77").status_code == 404
    assert place.pages.get(f"{PREFIX}/nothing").status_code == 404
    for action in ("pay", "refund", "say", "reject", "callback"):
        assert place.press(f"{PREFIX}/bills/77", action).status_code == 409
    assert place.press(f"{PREFIX}/bills/77", "dance").status_code == 409
    assert place.pages.get(PREFIX).headers["Location"] == f"{PREFIX}/"


def test_a_program_gets_json(place: Place) -> None:
    bill, page = place.made(Provider.QIWI)
    answer = place.pages.post(f"{page}/pay", headers=JSON)
    assert answer.json is not None
    assert (answer.json["bill_id"], answer.json["status"]) == (bill.id, "paid")
    refused = place.pages.post(f"{page}/pay", headers=JSON)
    assert (refused.status_code, refused.json) == (409, {"message": "This bill is paid."})
    assert place.pages.post(f"{PREFIX}/trouble", data={"what": "slow", "calls": "3"}, headers=JSON).json == {
        "what": "slow",
        "calls": 3,
    }


@pytest.mark.parametrize("status", [503, OSError("nobody there")])
def test_a_callback_that_does_not_arrive_is_not_repeated(place: Place, status: int | OSError) -> None:
    place.status = status
    bill, page = place.made(Provider.QIWI)
    assert place.press(page, "pay").status_code == 303
    assert place.status_of(bill) is ProviderStatus.PAID
    assert len(place.sent) == 1
    assert ("503" if status == 503 else "OSError") in place.pages.get(page).text


@BOTH
@pytest.mark.parametrize(("what", "is_done"), [("refuse", False), ("slow", True), ("broken", True)])
def test_it_fails_when_it_is_told_to(place: Place, provider: Provider, what: str, is_done: bool) -> None:
    assert place.pages.post(f"{PREFIX}/trouble", data={"what": what, "calls": "1"}).status_code == 303
    gateway, bill = place.gateways[provider], place.bill(provider)
    with pytest.raises(ProviderTrouble) as trouble:
        gateway.create(bill, "x")
    assert trouble.value.is_open is is_done
    assert (gateway.find(bill) is not None) is is_done, "one call only"


@pytest.mark.parametrize(
    "form", [{}, {"what": "dance"}, {"what": "slow", "calls": "-1"}, {"what": "slow", "calls": "1001"}]
)
def test_it_cannot_be_told_to_fail_otherwise(place: Place, form: dict[str, str]) -> None:
    assert place.pages.post(f"{PREFIX}/trouble", data=form).status_code == 409
    place.made(Provider.QIWI)


@BOTH
def test_a_stranger_is_turned_away(place: Place, provider: Provider) -> None:
    path = "qiwi/partner/bill/v1/bills/x" if provider is Provider.QIWI else "cryptopay/api/getInvoices"
    assert place.pages.get(f"{PREFIX}/{path}").status_code == 401


def test_a_page_of_another_site_pays_nothing(place: Place) -> None:
    bill, page = place.made(Provider.QIWI)
    for headers in ({"Origin": "https://evil.example"}, {"Sec-Fetch-Site": "cross-site"}, {"Host": "evil.example"}):
        assert place.pages.post(f"{page}/pay", headers=headers).status_code == 403
    assert place.status_of(bill) is ProviderStatus.WAITING
    opened = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Dest": "document"}
    assert place.pages.get(page, headers=opened).status_code == 200, "a link from the chat opens it"


def test_bills_survive_a_restart(place: Place, state: State) -> None:
    bill, page = place.made(Provider.QIWI)
    place.press(page, "pay")
    again = LocalProvider(state, lambda: place.clock.now, SECRETS, site_url="http://x", callbacks="http://x/")
    kept = again.bills.named("qiwi", bill.id)
    assert kept is not None
    assert kept.status == "paid"
