"""Operators and bills in the chat: what differs, what was charged back, and nobody else."""

from __future__ import annotations

from decimal import Decimal

import pytest

from starbid import bootstrap
from starbid.domain.bills import Bill, BillState, ProviderStatus
from tests.support.billed import open_bill, roubles, rub
from tests.support.fake_bills import OPEN, FakeBills
from tests.support.fakes import FakeApp
from tests.support.there import there

from .chatting import Chat, FakeTelegram, shop_app


@pytest.fixture
def bills() -> FakeBills:
    return FakeBills()


@pytest.fixture
def app(telegram: FakeTelegram, bills: FakeBills, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = shop_app(telegram, bills)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


@pytest.fixture
def bill(app: FakeApp, anna: Chat) -> Bill:
    """Anna's, over 500 roubles."""
    anna.join()
    return open_bill(app, 500, anna.id)


@pytest.fixture
def differing(app: FakeApp, bills: FakeBills, bill: Bill) -> Bill:
    """499 roubles were paid on it."""
    bills.say(bill.id, ProviderStatus.PAID, value=Decimal("499.00"))
    return there(app.settling.look(bill.id, app.now()))


@pytest.fixture
def paid(app: FakeApp, bills: FakeBills, bill: Bill) -> Bill:
    bills.say(bill.id, ProviderStatus.PAID)
    return there(app.settling.look(bill.id, app.now()))


def state(app: FakeApp, bill: Bill) -> BillState:
    return there(app.store.bill(bill.id)).state


def test_the_menu_of_operators_counts_what_waits_for_them(admin: Chat, differing: Bill) -> None:
    admin.say("/admin")
    assert "<b>For operators</b>\nBills that differ from what was paid: 1.\n" in admin.words
    assert admin.words.endswith("\nNo open disputes.")
    admin.press("Bills")
    assert "• QIWI: ₽500.00 asked for, 499.00 RUB paid" in admin.words
    admin.press("QIWI · 499.00 RUB")
    assert "Person: Anna, 1" in admin.words
    assert "Paid 499.00 RUB in place of it; nobody is credited." in admin.words
    assert differing.id in admin.words


def test_what_was_paid_is_credited_after_it_was_asked_back_and_once(app: FakeApp, admin: Chat, differing: Bill) -> None:
    admin.press_data(f"bl:look:{differing.id}", None)
    admin.press("Credit ₽499.00")
    assert "Credit ₽499.00 to Anna? They asked for ₽500.00. This cannot be undone." in admin.words
    assert roubles(app) == 0
    message = dict(admin.last)
    for _ in range(2):
        admin.press("Credit ₽499.00", message)
        assert "Paid and credited." in admin.words
    assert roubles(app) == 49_900
    assert "decided already" in admin.toasts()[-1]


def test_what_was_paid_is_marked_as_returned_and_cannot_be_credited_any_more(
    app: FakeApp, admin: Chat, differing: Bill
) -> None:
    admin.press_data(f"bl:return:{differing.id}", None)
    assert "Has ₽499.00 been returned to Anna at QIWI?" in admin.words
    admin.press("Yes, it is returned")
    assert state(app, differing) is BillState.RETURNED
    admin.press_data(f"bl:CREDIT:{differing.id}", None)
    assert "Paid 499.00 RUB in place of it; returned." in admin.words
    assert roubles(app) == 0
    app.run_streams()
    assert "bill_returned" in app.messenger.kinds_for(1)


def test_money_that_no_wallet_holds_can_only_be_returned(
    app: FakeApp, admin: Chat, bills: FakeBills, bill: Bill
) -> None:
    bills.say(bill.id, ProviderStatus.PAID, currency="<b>KZT</b>")
    app.settling.look(bill.id, app.now())
    admin.press_data(f"bl:look:{bill.id}", None)
    assert "Mark as returned" in admin.buttons()
    assert not [text for text in admin.buttons() if text.startswith("Credit")]
    admin.press_data(f"bl:CREDIT:{bill.id}", None)
    assert state(app, bill) is BillState.DIFFERENT


def test_a_charge_that_was_taken_back_is_booked_once_as_a_debt(app: FakeApp, admin: Chat, paid: Bill) -> None:
    admin.press_data(f"bl:look:{paid.id}", None)
    admin.press("It was charged back")
    assert "Did QIWI take ₽500.00 back?" in admin.words
    message = dict(admin.last)
    for _ in range(2):
        admin.press("Yes, it was charged back", message)
        assert "Charged back." in admin.words
    assert "It was charged back" not in admin.buttons()
    admin.press_data(f"bl:back:{paid.id}", None)
    assert "Charged back." in admin.words
    assert roubles(app) == 0


def test_the_provider_is_asked_again(app: FakeApp, admin: Chat, bills: FakeBills, bill: Bill) -> None:
    admin.press_data(f"bl:look:{bill.id}", None)
    bills.trouble["find"] = [OPEN]
    admin.press("Ask the provider again")
    assert admin.toasts()[-1] == "QIWI gave no answer; the log says why."
    bills.say(bill.id, ProviderStatus.PAID)
    admin.press("Ask the provider again")
    assert "Paid and credited." in admin.words
    assert roubles(app) == 50_000


def test_a_bill_is_found_by_its_id(admin: Chat, bill: Bill) -> None:
    admin.press_data("bl:find", None)
    for wrong in ("x", "0" * 32, "<b>"):
        admin.say(wrong)
        assert "There is no bill with this id." in admin.words
    admin.say(f" {bill.id.upper()} ")
    assert "Open until" in admin.words


def test_a_name_with_html_in_it_is_only_a_name(app: FakeApp, telegram: FakeTelegram, admin: Chat) -> None:
    mallory = Chat(app, telegram, 9, name="<b>Mal</b> & Co").join()
    bill = app.top_ups.open(mallory.id, rub(500), app.top_ups.offered[0], app.now()).bill
    admin.press_data(f"bl:look:{bill.id}", None)
    assert "&lt;b&gt;Mal&lt;/b&gt; &amp; Co" in admin.words


def test_to_others_there_is_no_desk_and_an_answer_of_theirs_finds_nothing(
    app: FakeApp, anna: Chat, differing: Bill
) -> None:
    anna.say("/admin")
    assert "did not understand" in anna.words
    for data in ("bl:list", "bl:find", f"bl:look:{differing.id}", f"bl:CREDIT:{differing.id}", "a:list"):
        anna.press_data(data, None)
        assert "This button is old" in anna.toasts()[-1]
    assert state(app, differing) is BillState.DIFFERENT
