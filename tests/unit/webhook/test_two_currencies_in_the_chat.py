"""The wallet and the lots of somebody who has Stars and roubles, in the chat."""

from __future__ import annotations

import pytest

from starbid.domain.refund_requests import mark_of
from tests.support.factories import ANNA, BORIS, join, put_up
from tests.support.fakes import FakeApp
from tests.support.fiat import RUB, owe, rub, top_up

from .chatting import Chat, FakeTelegram


def for_roubles(app: FakeApp, **fields: object) -> str:
    terms = {"start_price": 10_050, "goods": "physical", "currency": RUB, "duration_seconds": 7200} | fields
    return put_up(app, **terms).auction.id  # type: ignore[arg-type]


@pytest.fixture
def rich(anna: Chat) -> Chat:
    anna.join(stars=700)
    top_up(anna.app, ANNA, rub(100_000))
    return anna


def plain(chat: Chat) -> str:
    return chat.words.replace("\u202f", " ")


def test_the_balance_has_a_section_for_each_currency_with_its_activity(rich: Chat) -> None:
    rich.say("/balance")
    stars, roubles = plain(rich).split("\n\n<b>Available ₽")
    assert "Available ⭐ 700, frozen ⭐ 0." in stars
    assert "+⭐ 700 · Stars bought" in stars
    assert roubles.startswith("1,000.00, frozen ₽0.00.")
    assert "+₽1,000.00 · Top-up" in roubles


def test_stars_shows_the_wallet_of_stars_alone(rich: Chat) -> None:
    rich.say("/stars")
    assert "Available ⭐ 700, frozen ⭐ 0." in plain(rich)
    assert "₽" not in rich.words


def test_the_account_names_all_wallets(rich: Chat) -> None:
    rich.say("/status")
    assert "<pre>Available  ⭐ 700\nFrozen     ⭐ 0</pre>" in plain(rich)
    assert "<pre>Available  ₽1,000.00\nFrozen     ₽0.00</pre>" in plain(rich)


def test_money_on_its_way_stands_with_its_currency(app: FakeApp, telegram: FakeTelegram) -> None:
    """A seller who never had roubles has some coming."""
    join(app, BORIS)
    top_up(app, BORIS, rub(100_000))
    seller = Chat(app, telegram, 100).join(seller=True, stars=50)
    lot = for_roubles(app, buy_now_price=20_019)
    app.bidding.buy(lot, BORIS, 20_019, app.now())
    seller.say("/balance")
    stars, roubles = plain(seller).split("\n\n<b>Available ₽")
    assert "On its way" not in stars
    assert "On its way to you: ₽190.19." in roubles
    assert "No activity yet" not in roubles.split("On its way")[0]
    seller.say("/stars")
    assert "₽" not in seller.words


@pytest.mark.parametrize(
    ("language", "owed"),
    [
        ("en", "Debt from a refunded payment: ₽500.00."),
        ("ru", "Долг после возврата платежа: 500,00 ₽."),
    ],
)
def test_a_debt_stands_in_its_section_and_no_invoice_in_stars_is_offered_for_it(
    rich: Chat, language: str, owed: str
) -> None:
    rich.app.people.set_language(ANNA, language)
    owe(rich.app, ANNA, rub(50_000), for_roubles(rich.app))
    rich.say("/balance")
    assert owed in plain(rich)
    assert "settles it" in rich.words or "погасит" in rich.words
    assert not [data for data in rich.buttons().values() if data.startswith("buy:")]


def test_two_currencies_in_russian(rich: Chat) -> None:
    rich.app.people.set_language(ANNA, "ru")
    rich.say("/balance")
    assert "Доступно ⭐ 700, заморожено ⭐ 0." in plain(rich)
    assert "Доступно 1 000,00 ₽, заморожено 0,00 ₽." in plain(rich)
    assert "+1 000,00 ₽ · Пополнение" in plain(rich)


def test_a_card_of_a_lot_for_roubles_has_its_amounts_in_roubles(rich: Chat) -> None:
    lot = for_roubles(rich.app)
    rich.say(f"/auction_{lot}")
    labels = [label.replace("\u202f", " ") for label in rich.buttons()]
    assert "₽100.50" in " ".join(labels)
    assert "⭐" not in " ".join(labels)


def test_an_old_refund_button_for_a_bill_refunds_nothing(rich: Chat) -> None:
    charge = next(each for each in rich.app.store.charges_of(ANNA) if each.amount.currency == RUB)

    rich.say("/paysupport")
    assert not [label for label in rich.buttons() if "₽" in label]
    rich.press_data(f"rf:{mark_of(charge.id)}", None)
    assert "cannot be refunded" in rich.toasts()[-1]
    assert rich.app.store.wallet(ANNA, RUB, consistent=True).available == rub(100_000)
