"""Who owes sells nothing: they settle the debt in its own currency first, and nothing is bought for the lot before."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from starbid import bootstrap
from starbid.domain.money import XTR, CurrencyMismatch, Money
from starbid.domain.restrictions import Limit, restrictions_of
from starbid.telegram import keyboards
from tests.support.factories import pay, put_up, xtr
from tests.support.fake_bills import FakeBills
from tests.support.fakes import Death, FakeApp
from tests.support.fiat import RUB, owe, rub, top_up
from tests.support.paused import decision

from .chatting import Chat, FakeTelegram, shop_app
from .selling_chat import chat_data, draft, lots, to_preview

OWED = rub(50_000)


@pytest.fixture
def bills() -> FakeBills:
    return FakeBills()


@pytest.fixture
def app(telegram: FakeTelegram, bills: FakeBills, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    """One where roubles are topped up as well."""
    made = shop_app(telegram, bills)
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


def comes_to_owe(chat: Chat, owed: Money = OWED) -> None:
    """A payment that stands behind a bid is taken back."""
    goods = "digital" if owed.currency == XTR else "physical"
    terms: dict[str, Any] = {"start_price": 100, "currency": owed.currency, "goods": goods, "duration_seconds": 86_400}
    elsewhere = put_up(chat.app, **terms).auction.id
    if owed.currency != XTR:
        owe(chat.app, chat.id, owed, elsewhere)
        return
    charge = pay(chat.app, chat.id, owed.amount)
    chat.app.bidding.bid(elsewhere, chat.id, owed.amount, chat.app.now(), confirmed=True)
    chat.app.refunding.taken_back(chat.id, charge.id, "", owed.amount, XTR, chat.app.now())


def own_lots(chat: Chat) -> int:
    return sum(lot.auction.seller_id == chat.id for lot in lots(chat.app))


def invoices(chat: Chat) -> list[dict[str, Any]]:
    return list(chat.telegram.called("sendInvoice"))


def stars_of(chat: Chat) -> int:
    return chat.app.store.wallet(chat.id, XTR, consistent=True).available.amount


def pays(chat: Chat) -> None:
    invoice = chat.telegram.called("sendInvoice")[-1]
    chat.paid(invoice["payload"], invoice["prices"][0]["amount"], "c1")


def test_a_debt_in_roubles_is_settled_in_roubles_and_the_lot_is_put_up_after_it(anna: Chat) -> None:
    anna.join(seller=True)
    to_preview(anna)
    preview = dict(anna.last)
    comes_to_owe(anna)
    anna.press("Publish")
    assert "₽500.00" in anna.words
    assert "The draft is kept." in anna.words
    assert anna.buttons()["Settle ₽500.00"] == "t:50000RUB"
    assert not [text for text in anna.buttons() if "and publish" in text]
    anna.press("Continue your draft")
    assert anna.words.startswith("<b>A lamp</b>")
    assert (own_lots(anna), invoices(anna)) == (0, [])
    fiat_back(anna)
    anna.press("Publish", preview)
    assert own_lots(anna) == 1


def fiat_back(chat: Chat) -> None:
    """A bill brings what is owed."""
    top_up(chat.app, chat.id, OWED)


def test_a_debt_in_stars_is_settled_first_too(app: FakeApp, anna: Chat) -> None:
    anna.join(seller=True)
    to_preview(anna)
    comes_to_owe(anna, xtr(500))
    anna.press("Publish")
    assert anna.buttons()["Settle ⭐\u202f500"] == "buy:500"
    assert not [text for text in anna.buttons() if "and publish" in text]


def test_a_debt_in_money_that_is_not_brought_in_here_is_told_without_a_button(
    telegram: FakeTelegram, bills: FakeBills, monkeypatch: pytest.MonkeyPatch, anna: Chat
) -> None:
    anna.join(seller=True)
    to_preview(anna)
    comes_to_owe(anna)
    monkeypatch.setattr(type(anna.app.settings.business), "offers_bills", False)
    anna.press("Publish")
    assert "₽500.00" in anna.words
    assert [text for text in anna.buttons() if "Settle" in text or "Top up" in text] == []
    assert "Continue your draft" in anna.buttons()


def test_an_edit_that_a_debt_is_in_the_way_of_offers_no_publication(app: FakeApp, anna: Chat) -> None:
    anna.join(seller=True)
    to_preview(anna)
    anna.press("Publish")
    (lot,) = lots(app)
    comes_to_owe(anna, xtr(500))
    anna.press_data(f"sl:e:{lot.auction.id}", None)
    anna.press_data(f"sl:s:e.{lot.auction.id}:du:604800", None)
    anna.press("Save")
    assert "Settle ⭐\u202f500" in anna.buttons()
    assert not [text for text in anna.buttons() if "and publish" in text]


def test_a_forged_button_asks_for_no_money_to_put_a_copy_of_a_lot_up(app: FakeApp, anna: Chat) -> None:
    anna.join(seller=True)
    to_preview(anna)
    anna.press("Publish")
    (lot,) = lots(app)
    people = app.store.tables.people
    people[anna.id] = replace(people[anna.id], subscribed_until=None)
    anna.press_data(f"sl:e:{lot.auction.id}", None)
    version = chat_data(anna, "sl:p:").rsplit(":", 1)[1]
    anna.press_data(f"sl:t:e.{lot.auction.id}:{version}:100XTR", None)
    assert invoices(anna) == []


def test_who_owes_pays_for_no_subscription_on_the_way_to_a_lot(anna: Chat) -> None:
    anna.join()
    to_preview(anna)
    comes_to_owe(anna)
    anna.press(chat_data(anna, "sl:t:"))
    assert invoices(anna) == []
    assert anna.buttons()["Settle ₽500.00"] == "t:50000RUB"
    assert "The draft is kept." in anna.words


def test_a_debt_that_comes_up_before_the_payment_leaves_the_stars_in_the_wallet_and_is_told(anna: Chat) -> None:
    anna.join()
    to_preview(anna)
    anna.press(chat_data(anna, "sl:t:"))
    comes_to_owe(anna)
    pays(anna)
    brought = stars_of(anna)
    assert brought == invoices(anna)[-1]["prices"][0]["amount"]
    assert not anna.app.store.person(anna.id).may_sell(anna.app.now())  # type: ignore[union-attr]
    assert "₽500.00" in anna.words
    assert "The lot is not published; what you topped up is in your wallet." in anna.words
    assert anna.buttons()["Settle ₽500.00"] == "t:50000RUB"
    assert own_lots(anna) == 0
    fiat_back(anna)
    anna.press("Continue your draft")
    anna.press("Subscribe for ⭐\u202f100 and publish")
    assert own_lots(anna) == 1


def test_a_restriction_that_comes_before_the_payment_leaves_the_stars_in_the_wallet(app: FakeApp, anna: Chat) -> None:
    anna.join()
    to_preview(anna)
    anna.press(chat_data(anna, "sl:t:"))
    app.moderation.restrict(anna.id, restrictions_of({Limit.LOTS}, None), decision(app))
    pays(anna)
    assert stars_of(anna) == invoices(anna)[-1]["prices"][0]["amount"]
    assert own_lots(anna) == 0


def test_a_process_that_dies_between_the_subscription_and_the_lot_pays_once(
    app: FakeApp, anna: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna.join()
    to_preview(anna)
    anna.press(chat_data(anna, "sl:t:"))
    invoice = anna.telegram.called("sendInvoice")[-1]

    def dies(*_: object, **__: object) -> None:
        raise Death

    with monkeypatch.context() as patched:
        patched.setattr(app.publishing, "publish", dies)
        with pytest.raises(Death):
            anna.paid(invoice["payload"], invoice["prices"][0]["amount"], "c1", update_id=7)
    app.clock.forward(seconds=31)
    anna.paid(invoice["payload"], invoice["prices"][0]["amount"], "c1", update_id=7)
    assert own_lots(anna) == 1
    assert stars_of(anna) == invoice["prices"][0]["amount"] - 100


def test_who_may_sell_by_now_is_asked_for_no_money(app: FakeApp, anna: Chat) -> None:
    anna.join()
    to_preview(anna)
    preview = dict(anna.last)
    join_as_seller(anna)
    anna.press(chat_data(anna, "sl:t:"), preview)
    assert invoices(anna) == []
    assert own_lots(anna) == 1


def join_as_seller(chat: Chat) -> None:
    """They have subscribed elsewhere meanwhile."""
    pay(chat.app, chat.id, 100)
    chat.app.people.subscribe(chat.id, "elsewhere", chat.app.now())


@pytest.mark.parametrize(
    "sum_", ["50000RUB", "50000", "500USD", "-1XTR", "1e3XTR", "XTR", "50000xtr", "99999999XTR", "0XTR"]
)
def test_a_button_to_publish_takes_stars_alone_and_of_an_older_one_nobody_knows_the_currency(
    app: FakeApp, anna: Chat, sum_: str
) -> None:
    anna.join()
    to_preview(anna)
    place = chat_data(anna, "sl:t:").rsplit(":", 1)[0]
    anna.press_data(f"{place}:{sum_}", None)
    assert invoices(anna) == []
    assert anna.toasts()[-1].startswith("This button is old.")


def test_other_money_is_never_written_as_stars() -> None:
    with pytest.raises(CurrencyMismatch):
        keyboards.stars("Pay", OWED)


def test_a_debt_larger_than_one_payment_is_told_with_what_one_brings(app: FakeApp, anna: Chat) -> None:
    most = app.settings.business.bills.most
    anna.join(seller=True)
    to_preview(anna)
    comes_to_owe(anna, most + most)
    anna.press("Publish")
    assert f"t:{most.amount}{RUB}" in anna.buttons().values()


def test_a_debt_in_stars_that_is_spent_is_settled_by_the_payment_and_the_rest_is_told(app: FakeApp, anna: Chat) -> None:
    """The payment goes to the debt that came up meanwhile, and nothing of it is left for the subscription."""
    anna.join()
    to_preview(anna)
    anna.press(chat_data(anna, "sl:t:"))
    comes_to_owe(anna, xtr(100))
    pays(anna)
    assert (own_lots(anna), stars_of(anna)) == (0, 0)
    assert draft(app, anna).fields["title"] == "A lamp"
