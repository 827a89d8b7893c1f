"""A day of an operator, in a browser, from the first page of the panel; and what the others see of it.

Each of the first seven stories counts the clicks that it takes from there: more of them would be a change for the
worse.
"""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.client import Person
from tests.e2e.town import Town, bid, error_of
from tests.support.browser import WAIT_MS, another_document

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]
OPERATOR = 14
DAY = 86_400


@pytest.fixture(scope="module")
def town(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Town]:
    running = Town(tmp_path_factory.mktemp("town"), ADMIN_IDS=str(OPERATOR))
    yield running
    running.stop()


class Desk:
    """The operator's browser. Every click is counted, typing is not."""

    def __init__(self, browser: Any, town: Town, operator: Person) -> None:
        self.clicks, self.errors = 0, list[str]()
        self._url = town.stack.url
        self._context = browser.new_context(viewport={"width": 1280, "height": 900}, locale="en", timezone_id="UTC")
        self._context.set_default_timeout(WAIT_MS)
        for cookie in operator.web.cookies.jar:
            self._context.add_cookies([{"name": cookie.name, "value": cookie.value or "", "url": self._url}])
        self.page = self._context.new_page()
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))

    def begins(self) -> None:
        self.page.goto(f"{self._url}/admin")
        self.clicks = 0

    def finds(self, text: str) -> None:
        """By the search of the panel: one click, and Enter."""
        self.clicks += 1
        search = self.page.locator("[data-search]")
        search.click()
        search.fill(text)
        with another_document(self.page):
            search.press("Enter")

    def follows(self, name: str, within: str = ".desk") -> None:
        self.clicks += 1
        with another_document(self.page):
            self.page.locator(f"{within} a", has_text=name).first.click()

    def decides(self, label: str, reason: str = "", **fields: str) -> None:
        """Unfolds an act, fills it in, and carries it out: two clicks."""
        self.clicks += 2
        act = self.page.locator(".desk-act", has=self.page.locator("summary", has_text=label)).first
        act.locator("summary").click()
        for name, value in (fields | ({"reason": reason} if reason else {})).items():
            act.locator(f"[name={name}]").fill(value)
        with another_document(self.page):
            act.locator("button[type=submit]").click()

    def sends(self, button: str) -> None:
        self.clicks += 1
        with another_document(self.page):
            self.page.get_by_role("button", name=button, exact=True).click()

    def reads(self) -> str:
        return str(self.page.locator(".desk-main").inner_text())

    def close(self) -> None:
        self._context.close()


@pytest.fixture(scope="module")
def desk(browser: Any, town: Town) -> Iterator[Desk]:
    operator = Person(town.stack, town.bot, OPERATOR, "Olga")
    operator.says("/start")
    operator.logs_in()
    opened = Desk(browser, town, operator)
    yield opened
    assert opened.errors == []
    opened.close()


@pytest.fixture(scope="module")
def victor(town: Town) -> Person:
    """Somebody who has paid in twice."""
    person = Person(town.stack, town.bot, 16, "Victor Ostrovsky")
    person.says("/start")
    person.buys_stars(300, "charge-first")
    person.buys_stars(500, "charge-last")
    person.logs_in()
    town.stack.advance(0)
    return person


@pytest.fixture(scope="module")
def disputed(town: Town) -> str:
    """A lot that Anna has bought for 400 Stars, and does not want."""
    lot = town.publish(title="A broken lamp")
    assert bid(town.boris, lot, 390).status_code == 201
    assert bid(town.anna, lot, 500).status_code == 201
    town.stack.advance(610)
    assert town.seller.posts(f"/auction/{lot}/deliver", {"text": "The code is 42"}).status_code == 303
    assert town.anna.posts(f"/auction/{lot}/dispute", {"text": "It does not shine"}).status_code == 303
    town.stack.advance(0)
    return lot


def test_a_person_is_found_by_half_a_name(desk: Desk, victor: Person) -> None:
    desk.begins()
    desk.finds("ostrov")
    desk.follows(victor.name)
    assert str(victor.id) in desk.reads()
    assert desk.clicks == 2


def test_their_last_payment_is_refunded(desk: Desk, town: Town, victor: Person) -> None:
    desk.begins()
    desk.finds("victor")
    desk.follows(victor.name)
    desk.follows("Payments", within=".desk-tabs")
    desk.follows("", within="tr[data-row]")
    desk.decides("Refund", reason="Paid by mistake")
    town.stack.advance(0)
    refunds = [fields for method, fields in town.bot.calls if method == "refundStarPayment"]
    assert [fields["telegram_payment_charge_id"] for fields in refunds] == ["charge-last"]
    assert victor.wallet() == {"available": 300, "held": 0}
    assert desk.clicks == 6


def test_they_are_blocked(desk: Desk, town: Town, victor: Person) -> None:
    lot = town.publish()
    desk.begins()
    desk.finds("victor")
    desk.follows(victor.name)
    desk.decides("Block", reason="Sells what is not theirs")
    assert "blocked" in desk.reads()
    victor.web.cookies.clear()
    victor.says(f"/bid {lot} 200")
    assert town.seller.lot(lot)["bids_count"] == 0
    assert desk.clicks == 4


def test_a_dispute_is_settled(desk: Desk, town: Town, disputed: str) -> None:
    before = town.anna.wallet()["available"]
    desk.begins()
    desk.follows("Disputes", within=".desk-needs")
    desk.follows("A broken lamp")
    desk.decides("to the buyer", reason="The lamp is dark")
    assert "The lamp is dark" in desk.reads()
    assert town.anna.wallet()["available"] == before + 400
    assert any("The lamp is dark" in text for text in town.told(town.seller, "A broken lamp"))
    assert desk.clicks == 4


def test_a_ticket_is_answered(desk: Desk, town: Town) -> None:
    town.boris.says("/support")
    town.boris.says("Where are my Stars?")
    town.stack.advance(0)
    desk.begins()
    desk.follows("Tickets", within=".desk-needs")
    desk.follows("Where are my Stars?")
    desk.page.locator("textarea[name=text]").fill("In your wallet, all of them.")
    desk.sends("Send the answer")
    assert len(town.told(town.boris, "In your wallet, all of them.")) == 1
    ticket = desk.page.url.rsplit("/", 1)[1]
    assert "In your wallet, all of them." in town.boris.web.get(f"/support/{ticket}").text
    assert desk.clicks == 3


def test_the_ledger_of_a_month_is_exported(desk: Desk, town: Town) -> None:
    today = datetime.fromtimestamp(town.seller.now(), UTC).date()
    desk.begins()
    desk.follows("Exports", within=".desk-places")
    desk.page.locator("select[name=what]").select_option("ledger")
    desk.page.locator("input[name=from]").fill(today.replace(day=1).isoformat())
    desk.page.locator("input[name=to]").fill(today.isoformat())
    desk.sends("Export")
    with desk.page.expect_download() as download:
        desk.page.get_by_role("link", name="Download").click()
    with Path(download.value.path()).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert sum(int(row["change"]) for row in rows) == 0
    paid_in = [row for row in rows if row["user_id"] == str(town.anna.id) and row["change"] == "20000"]
    assert len(paid_in) == 1
    assert desk.clicks == 2


def test_the_turnover_of_yesterday_is_read(desk: Desk, town: Town, disputed: str) -> None:
    town.stack.advance(DAY)
    desk.begins()
    desk.follows("Yesterday", within=".board-periods")
    card = desk.page.locator(".board-card", has=desk.page.get_by_role("heading", name="Turnover", exact=True))
    assert "400" in card.locator(".board-figure strong").inner_text()
    assert desk.clicks == 1


def test_a_pause_keeps_the_time_of_a_lot(desk: Desk, town: Town) -> None:
    lot = town.publish(title="A lamp that waits")
    ends_at = datetime.fromisoformat(town.seller.lot(lot)["ends_at"])
    desk.begins()
    desk.decides("Pause all lots", reason="Telegram has trouble")
    begun = town.seller.now()
    town.stack.advance(3)  # by then everybody knows
    assert error_of(bid(town.anna, lot, 200)) == (409, "paused")
    town.stack.advance(3600)
    assert town.seller.lot(lot)["status"] == "live"
    desk.begins()
    desk.decides("Resume")
    stood_still = town.seller.now() - begun
    town.stack.advance(3)
    moved = datetime.fromisoformat(town.seller.lot(lot)["ends_at"]) - ends_at
    assert abs(moved.total_seconds() - stood_still) < 30
    assert bid(town.anna, lot, 200).status_code == 201
    town.stack.advance(610)
    assert town.seller.lot(lot)["status"] == "sold"


def test_a_broadcast_reaches_everybody_once(desk: Desk, town: Town) -> None:
    text = "Tonight the market of lamps opens."
    desk.begins()
    desk.follows("Broadcasts", within=".desk-places")
    desk.page.locator("summary", has_text="New broadcast").click()
    desk.page.locator("textarea[name=text]").fill(text)
    desk.page.locator("details.card [name=reason]").fill("It opens")
    desk.sends("Save the draft")
    town.stack.advance(0)
    desk.page.reload()
    desk.decides("Send…", reason="It opens")
    town.stack.advance(60)
    for person in (town.seller, town.anna, town.boris):
        assert len(town.told(person, text)) == 1, person.name


def test_a_report_is_decided_and_who_made_it_is_told(desk: Desk, town: Town) -> None:
    lot = town.publish(title="A lamp under suspicion")
    report = {"reason": "fraud", "text": "I have seen it elsewhere"}
    assert town.boris.posts(f"/auction/{lot}/report", report).status_code == 303
    town.stack.advance(0)
    desk.begins()
    desk.follows("Reported lots", within=".desk-needs")
    desk.follows("A lamp under suspicion")
    assert "I have seen it elsewhere" in desk.reads()
    told_before = len(town.told(town.boris, "A lamp under suspicion"))
    desk.decides("Nothing is wrong", reason="It is theirs")
    assert len(town.told(town.boris, "A lamp under suspicion")) == told_before + 1
    desk.begins()
    assert "Reported lots" not in desk.reads()
