"""The story of a lamp: roubles in, an auction, an address, a parcel, roubles out. By the chat and the site alone."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from tests.e2e.test_browser import Somebody
from tests.support.browser import another_document
from tests.support.selling_steps import fills_in
from tests.support.stack import Stack

OPERATOR = 500_000_004
"""The fourth person who joins a run."""
DAY = 86_400
HOLD_DAYS = 21
ADDRESS = ("Liam Reed", "Sadovaya 7, flat 12, 191023 Saint Petersburg", "+7 921 000-00-00")
CARD = "Card 2200 0000 0000 0000, V. Ivanova"


@dataclass
class Town:
    stack: Stack
    seller: Somebody
    first: Somebody
    winner: Somebody
    operator: Somebody

    @property
    def people(self) -> tuple[Somebody, ...]:
        return self.seller, self.first, self.winner, self.operator


@pytest.fixture(scope="module")
def town(browser: Any, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    stack = Stack(tmp_path_factory.mktemp("lamp"), {"ADMIN_IDS": str(OPERATOR), "PAYOUT_HOLD_DAYS": str(HOLD_DAYS)})
    running = Town(stack, *(Somebody(browser, stack, name) for name in ("Vera", "Oskar", "Liam", "Olga")))
    assert running.operator.id == OPERATOR
    yield running
    for person in running.people:
        person.context.close()
    stack.stop()


def roubles(person: Somebody) -> dict[str, int]:
    """Of the wallet, in kopecks; empty before the first ones came."""
    wallets: dict[str, dict[str, int]] = person.context.request.get(f"{person.stack.url}/api/v1/me/wallet").json()
    return wallets.get("RUB", {})


def pays(person: Somebody, amount: str) -> None:
    """The link of the bill leads to the provider, whose page has a button that pays."""
    with person.context.expect_page() as opened:
        person.looks_at(person.chat).get_by_role("link", name=f"Pay {amount}").last.click()
    provider = opened.value
    provider.get_by_role("button", name=re.compile("^Pay ")).first.click()
    provider.get_by_text("Paid", exact=True).wait_for()
    provider.close()


def presses_in_page(page: Any, name: str) -> None:
    with another_document(page):
        page.get_by_role("button", name=name, exact=True).click()


def tops_up_in_four_taps(person: Somebody) -> None:
    for name in (re.compile("^Top up$"), "₽500.00", "QIWI", "Top up ₽500.00"):
        person.presses(name)
    pays(person, "₽500.00")
    person.told("₽500.00 was added to your wallet")
    person.told("Available ₽500.00")
    assert roubles(person) == {"available": 50_000, "held": 0}


def puts_up_a_lamp(seller: Somebody) -> str:
    seller.buys_stars(100)
    presses_in_page(seller.goes_to("/subscribe"), "Subscribe for ⭐\u202f100")
    page = seller.goes_to("/new_auction")
    page.get_by_text("A thing to send", exact=True).click()
    fills_in(page, "Lamp of the sea", "400")
    page.get_by_role("button", name="Publish", exact=True).click()
    page.wait_for_url(re.compile(r"/auction/[a-z0-9]+$"))
    page.get_by_text("₽400.00").first.wait_for()
    return str(page.url.rsplit("/", 1)[1])


def outbids_with_money_that_is_missing(person: Somebody, lot: str) -> None:
    """The money step is one way: the bill is paid, and one press places the bid."""
    person.says(f"/auction_{lot}")
    for name in ("₽405.00", "Top up ₽405.00 and bid", "Crypto Pay"):
        person.presses(name)
    person.told("Top up ₽405.00 with Crypto Pay?")
    person.presses("Top up ₽405.00 and bid")
    pays(person, "₽405.00")
    person.presses("Bid ₽405.00")
    person.told("You lead")
    assert roubles(person) == {"available": 0, "held": 40_500}


def gives_the_address(winner: Somebody) -> None:
    winner.presses("Give the address")
    winner.told("Who gets “Lamp of the sea”?")
    winner.says("\n".join(ADDRESS))
    winner.told("Only the seller sees the address")
    winner.presses("Yes, send it there")
    winner.told("The seller has the address now")


def asks_the_money_out(seller: Somebody, amount: str) -> None:
    page = seller.goes_to("/wallet/payout?currency=RUB")
    page.get_by_label("Amount").fill(amount)
    page.get_by_label("Payment details").fill(CARD)
    presses_in_page(page, "Continue")
    presses_in_page(page, f"Ask for ₽{amount}")
    page.locator("#payouts").get_by_text(CARD).wait_for()


def test_roubles_come_in_buy_a_lamp_and_go_out(town: Town) -> None:
    seller, first, winner, operator = town.people

    tops_up_in_four_taps(first)
    lot = puts_up_a_lamp(seller)
    first.says(f"/auction_{lot}")
    first.presses("₽400.00")
    first.told("You lead")
    outbids_with_money_that_is_missing(winner, lot)
    first.told("outbid")
    assert roubles(first) == {"available": 50_000, "held": 0}

    town.stack.advance(3 * DAY + 60)
    winner.told("You won")
    gives_the_address(winner)
    town.stack.advance(0)
    seller.told("gave the delivery address")
    page = seller.goes_to(f"/auction/{lot}")
    assert page.locator("#address").get_by_text(ADDRESS[1]).is_visible()
    assert ADDRESS[1] not in first.goes_to(f"/auction/{lot}").content()

    seller.presses("Send the tracking number")
    seller.told("carrier and the tracking number")
    seller.says("Post of Russia, RA123456785RU")
    seller.presses("Send to the buyer")
    town.stack.advance(0)
    winner.told("RA123456785RU")
    winner.presses("Confirm")
    winner.presses("Yes, confirm")
    winner.told("Confirmed: the seller is paid")
    town.stack.advance(0)
    seller.told("₽384.75 is in your wallet (fee ₽20.25)")
    assert roubles(seller) == {"available": 38_475, "held": 0}
    assert roubles(winner) == {"available": 0, "held": 0}

    page = seller.goes_to("/wallet/payout?currency=RUB")
    assert page.get_by_label("Payment details").count() == 0, "the buyer's payment can still be taken back"
    town.stack.advance(HOLD_DAYS * DAY)
    asks_the_money_out(seller, "384.75")
    assert roubles(seller) == {"available": 0, "held": 0}

    town.stack.advance(0)
    operator.told("384.75")
    operator.says("/admin")
    for name in (
        "Payouts to review", "₽384.75", "Approve ₽384.75", "Yes, approve", "I am paying it now",
        "I have paid ₽384.75", "Yes, it is paid",
    ):  # fmt: skip
        operator.presses(name)
    operator.told("State: paid")
    town.stack.advance(0)
    seller.told("has been paid")
    moved = seller.context.request.get(f"{town.stack.url}/api/v1/me/ledger?currency=RUB").json()["items"]
    assert [line["amount"] for line in moved if line["amount"]] == [-38_475, 38_475]
    assert roubles(seller) == {"available": 0, "held": 0}
    assert [person.errors for person in town.people] == [[], [], [], []]
