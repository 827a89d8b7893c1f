"""All activity and the receipts of payments in the chat, in pages."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.support.factories import ANNA, SELLER, join, pay, put_up
from tests.support.fakes import FakeApp

from .chatting import Chat, price


@pytest.fixture
def payer(app: FakeApp, anna: Chat) -> Chat:
    """ANNA paid 1, 2, ... 25 Stars, three of them in the same millisecond, and none of it is told twice."""
    anna.join()
    for number in range(1, 26):
        if number not in (9, 10):
            app.clock.forward(minutes=1)
        pay(app, ANNA, number, f"c{number}")
    return anna


def shown(chat: Chat, read: Callable[[Chat], list[int]], first: str) -> list[int]:
    """What all pages show, one after the other."""
    chat.press_data(first, None)
    found = read(chat)
    for _ in range(9):
        if "Older ›" not in chat.buttons():
            return found
        chat.press("Older ›")
        assert "‹ Newest" in chat.buttons()
        found += read(chat)
    raise AssertionError("the pages never end")


def of_activity(chat: Chat) -> list[int]:
    return [int(line.split("\u202f")[1].split(" ")[0]) for line in chat.words.splitlines() if line.startswith("+")]


def of_receipts(chat: Chat) -> list[int]:
    return [int(text.split("\u202f")[1].split(" ")[0]) for text in chat.buttons() if text.startswith("⭐")]


@pytest.mark.parametrize(("first", "read"), [("mv:XTR", of_activity), ("rc:list", of_receipts)])
def test_the_pages_show_everything_once_newest_first(
    payer: Chat, first: str, read: Callable[[Chat], list[int]]
) -> None:
    found = shown(payer, read, first)
    assert sorted(found) == list(range(1, 26))
    assert found[:15] == list(range(25, 10, -1))


def test_what_comes_in_between_moves_no_page(app: FakeApp, payer: Chat) -> None:
    payer.press_data("mv:XTR", None)
    app.clock.forward(minutes=1)
    pay(app, ANNA, 99, "new")
    payer.press("Older ›")
    assert of_activity(payer)[0] == 15
    payer.press("‹ Newest")
    assert of_activity(payer)[0] == 99


def test_activity_names_the_lots(app: FakeApp, payer: Chat) -> None:
    join(app, SELLER, seller=True)
    lot = put_up(app, buy_now_price=90, start_price=10, title="A <lamp>").auction.id
    app.bidding.buy(lot, ANNA, 90, app.now())
    payer.press_data("mv:XTR", None)
    assert "Bought: “A &lt;lamp&gt;”" in payer.words


def test_the_wallet_leads_to_both(payer: Chat) -> None:
    for command in ("/stars", "/balance"):
        payer.say(command)
        assert {"mv:XTR", "rc:list"} <= set(payer.buttons().values())


def test_a_receipt_tells_what_when_which_charge_and_how_it_stands(app: FakeApp, payer: Chat) -> None:
    payer.press_data("rc:list", None)
    payer.press(next(text for text in payer.buttons() if text.startswith(price(25))))
    for told in (price(25), "Stars for the wallet", "Paid with Telegram Stars", "payment received", "<code>c25</code>"):
        assert told in payer.words
    look = payer.last
    app.refund_requests.ask(app.store.tables.charges["c25"], "why", app.now())
    payer.press_data("rc:list", look)
    payer.press(next(text for text in payer.buttons() if text.startswith(price(25))))
    assert "Refund: under review" in payer.words


def test_a_receipt_is_its_payers_alone(app: FakeApp, payer: Chat, boris: Chat) -> None:
    boris.join()
    payer.press_data("rc:list", None)
    data = next(data for data in payer.buttons().values() if data.startswith("rc:look:"))
    boris.press_data(data, None)
    assert "устарела" in boris.toasts()[-1]
    boris.press_data("mv:XTR", None)
    assert "c25" not in boris.words


def test_there_may_be_nothing_yet(anna: Chat) -> None:
    anna.join()
    anna.press_data("rc:list", None)
    assert "What you pay in will be here" in anna.words


@pytest.mark.parametrize("data", [
    "mv", "mv:BTC", "mv:XTR:1", "mv:XTR:x:1", f"mv:XTR:{'9' * 13}:1", f"mv:XTR:{'9' * 14}:1", "mv:XTR:1:9999999",
    "rc", "rc:look:1", "rc:look:1:../..", "rc:list:-1:0", f"rc:list:{'9' * 13}:0",
])  # fmt: skip
def test_forged_buttons_are_harmless(app: FakeApp, payer: Chat, data: str) -> None:
    before = app.store.tables.snapshot()
    assert payer.press_data(data, None) == 200
    assert app.store.tables == before
