"""Telegram's main button on the page of a lot: it does the next thing to do, and nothing final by itself."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.client import Person
from tests.e2e.miniapp import OPEN, MiniApp, Town, telegram_open
from tests.e2e.test_browser_miniapp import LOT, POST
from tests.e2e.test_contract_kinds import DUTCH
from tests.support.browser import until

SELLER = 8
MAIN = "calls.filter((call) => call[0].startsWith('MainButton.')).map((call) => [call[0].slice(11), call[1]])"
SHOWN = f"""wanted => {{
    const told = {MAIN}, texts = told.filter(([name]) => name === "setText"), last = told.at(-1);
    const text = last && last[0] !== "hide" && texts.length ? texts.at(-1)[1] : "";
    return wanted ? text.includes(wanted) : text === "";
}}"""


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("miniapp-main"))
    seller = Person(running.stack, running.bot, SELLER, "Sava")
    seller.says("/start")
    seller.buys_stars(1000, "charge-8")
    yield running
    running.stop()


@pytest.fixture
def seller(playwright: Any, town: Town) -> Iterator[MiniApp]:
    with telegram_open(playwright, town, OPEN) as app:
        app.opens("/subscribe", who=SELLER)
        if not app.frame.get_by_text("You can sell").count():
            app.presses("MainButton")
            app.frame.get_by_text("Your subscription is paid").wait_for()
        yield app
        assert app.errors == []


@pytest.fixture
def buyer(playwright: Any, town: Town) -> Iterator[MiniApp]:
    with telegram_open(playwright, town, OPEN) as app:
        yield app
        assert app.errors == []


def put_up(seller: MiniApp, **terms: Any) -> str:
    answer = seller.frame.evaluate(POST, ["/auctions", {**LOT, **terms}])
    assert "id" in answer, answer
    return str(answer["id"])


def offers(app: MiniApp, text: str) -> None:
    """What the main button says; nothing where it is hidden."""
    until(app.page, SHOWN, text)


def test_a_bid_is_made_by_it_and_it_goes_once_somebody_leads(seller: MiniApp, buyer: MiniApp) -> None:
    buyer.opens(f"/auction/{put_up(seller)}")
    offers(buyer, "Bid ⭐")
    buyer.taps("MainButton")
    buyer.frame.locator("#box").get_by_text("You lead").wait_for()
    offers(buyer, "")


def test_who_is_short_tops_up_by_it_as_far_as_telegrams_invoice(seller: MiniApp, buyer: MiniApp) -> None:
    buyer.opens(f"/auction/{put_up(seller, start_price=5000)}")
    offers(buyer, "and bid")
    buyer.presses("MainButton")
    offers(buyer, "Pay ")
    buyer.taps("MainButton")
    (link,) = buyer.calls("openInvoice", least=1)
    assert link.startswith("https://t.me/")


def test_it_unfolds_what_is_final_and_the_page_itself_is_asked_for_the_yes(seller: MiniApp, buyer: MiniApp) -> None:
    buyer.opens(f"/auction/{put_up(seller, **DUTCH)}")
    offers(buyer, "Buy the lot for")
    buyer.taps("MainButton")
    buyer.frame.locator("#sure-buy[open]").wait_for()
    offers(buyer, "")
    buyer.taps("MainButton")
    assert buyer.frame.get_by_role("button", name="Buy", exact=True).is_visible()
    buyer.frame.locator("#sure-buy > summary").click()
    offers(buyer, "Buy the lot for")


def test_a_sealed_bid_is_made_by_it_once_its_amount_was_in_view(seller: MiniApp, buyer: MiniApp) -> None:
    buyer.opens(f"/auction/{put_up(seller, type='sealed')}")
    buyer.frame.evaluate("scrollTo(0, document.body.scrollHeight)")
    buyer.frame.evaluate("document.getElementById('place').style.marginBottom = '200vh'")
    buyer.frame.evaluate("scrollTo(0, document.body.scrollHeight)")
    buyer.taps("MainButton")
    until(buyer.frame, "document.activeElement.id === 'amount'")
    assert buyer.frame.locator("#amount").bounding_box()["y"] < 844
    buyer.frame.locator("#amount").fill("150")
    buyer.taps("MainButton")
    buyer.frame.locator("#box").get_by_text("150").first.wait_for()


def test_seller_and_buyer_settle_their_deal_by_it(town: Town, seller: MiniApp, buyer: MiniApp) -> None:
    lot = put_up(seller)
    buyer.opens(f"/auction/{lot}")
    buyer.taps("MainButton")
    buyer.frame.locator("#box").get_by_text("You lead").wait_for()
    town.stack.advance(700)

    seller.opens(f"/auction/{lot}", who=SELLER)
    offers(seller, "Send to the buyer")
    seller.frame.evaluate("scrollTo(0, document.body.scrollHeight)")
    seller.taps("MainButton")
    until(seller.frame, "document.activeElement.id === 'delivery'")
    seller.frame.locator("#delivery").fill("The code is 42.")
    seller.presses("MainButton")
    seller.frame.locator("#deal").get_by_text("The code is 42.").wait_for()

    buyer.opens(f"/auction/{lot}")
    offers(buyer, "Confirm the delivery")
    buyer.taps("MainButton")
    sure = buyer.frame.get_by_role("button", name="Confirm and pay the seller")
    sure.wait_for()
    offers(buyer, "")
    sure.click()
    buyer.frame.locator("#deal").get_by_text("paid", exact=False).first.wait_for()
