"""My account: all that a person has, in one look."""

from __future__ import annotations

import pytest

from starbid.services.statements import MOST_DEALS
from starbid.telegram.html import MAX_TEXT, units
from tests.support.debts import earn, fall_into_debt
from tests.support.factories import ANNA, BORIS, SELLER, join, put_up
from tests.support.fakes import FakeApp
from tests.support.fiat import rub, top_up
from tests.support.paying_out import ask, earned

from .chatting import Chat, FakeTelegram


@pytest.fixture
def anna(app: FakeApp, telegram: FakeTelegram) -> Chat:
    return Chat(app, telegram, ANNA).join(stars=1000)


def sold(app: FakeApp, buyer: int = ANNA, price: int = 100) -> str:
    """Bought at once for `price`."""
    lot = put_up(app, start_price=1, buy_now_price=price).auction.id
    app.bidding.buy(lot, buyer, price, app.now())
    return lot


def account(chat: Chat) -> str:
    chat.say("/status")
    return chat.words.replace("\u202f", " ")


def test_nothing_is_there_yet(anna: Chat) -> None:
    assert account(anna) == (
        "<b>My account</b>\n\n<pre>Available  ⭐ 1 000\nFrozen     ⭐ 0</pre>\n\n"
        "Subscription: none. You need one only to sell."
    )
    assert list(anna.buttons().values()) == [
        "go:balance", "go:buy_stars", "go:subscribe", "go:payout", "go:bids", "go:my",
        "go:profile", "go:achievements", "go:menu",
    ]  # fmt: skip


def test_one_block_says_what_is_available_frozen_and_paid(app: FakeApp, anna: Chat) -> None:
    sold(app)
    app.bidding.bid(put_up(app).auction.id, ANNA, 300, app.now(), confirmed=True)
    said = account(anna)
    assert "<pre>Available  ⭐ 600\nFrozen     ⭐ 300\nIn escrow  ⭐ 100</pre>" in said


def test_what_is_on_its_way_says_from_how_many_sales_and_the_nearest_date(
    app: FakeApp, anna: Chat, seller: Chat
) -> None:
    first, second, _ = sold(app), sold(app, price=200), sold(app, price=300)
    app.dealing.deliver(SELLER, second, "key", app.now())
    app.clock.forward(hours=1)
    app.dealing.deliver(SELLER, first, "key", app.now())
    said = account(seller)
    assert "On its way to you  ⭐ 570</pre>" in said
    assert "On its way from 3 sales. ⭐ 190 arrives by 8 May 2026, 12:00 UTC." in said
    assert seller.buttons()["Your action needed: 1"] == "go:my", "the third has to be sent"
    account(anna)
    assert anna.buttons()["Your action needed: 2"] == "go:my", "two wait to be confirmed"


def test_a_dispute_waits_for_the_seller_and_no_date_is_promised(app: FakeApp, anna: Chat, seller: Chat) -> None:
    lot = sold(app)
    app.dealing.deliver(SELLER, lot, "key", app.now())
    app.dealing.dispute(ANNA, lot, "broken", app.now())
    assert "On its way from 1 sale.\n" in account(seller)
    assert "Your action needed: 1" in seller.buttons()


def test_a_debt_in_one_currency_stands_beside_money_in_another(app: FakeApp, anna: Chat) -> None:
    join(app, BORIS)
    fall_into_debt(app, BORIS, 100)
    top_up(app, BORIS, rub(100_000))
    boris = Chat(app, anna.telegram, BORIS)
    said = account(boris)
    assert "<pre>Available  ⭐ 0\nFrozen     ⭐ 0\nOwed       ⭐ 100</pre>\nWhatever comes into this wallet" in said
    assert "<pre>Available  ₽1,000.00\nFrozen     ₽0.00</pre>" in said
    assert boris.buttons()["Settle ⭐\u202f100"] == "buy:100"
    assert said.count("Whatever comes") == 1


def test_money_that_came_settles_the_debt_before_it_is_shown(app: FakeApp, telegram: FakeTelegram) -> None:
    join(app, BORIS)
    fall_into_debt(app, BORIS, 100)
    earn(app, 130, BORIS)
    boris = Chat(app, telegram, BORIS)
    assert "<pre>Available  ⭐ 30\nFrozen     ⭐ 0</pre>" in account(boris)
    assert not [text for text in boris.buttons() if text.startswith("Settle")]


def test_what_can_be_paid_out_is_said_where_it_is_not_all(app: FakeApp, anna: Chat) -> None:
    earned(app, 1200)
    assert "Can be paid out from 22 May 2026, 12:00 UTC: ⭐ 1 200." in account(anna)
    app.clock.forward(days=21)
    assert "Can be paid out now: ⭐ 1 200." in account(anna)
    ask(app)
    said = account(anna)
    assert "Being paid out" in said
    app.payouts.cancel(ANNA, next(iter(app.store.tables.payouts)), app.now())
    assert "Being paid out" not in account(anna)


def test_sums_of_a_thousand_million_stand_below_each_other_in_both_languages(
    app: FakeApp, telegram: FakeTelegram
) -> None:
    for who, code in ((31, "en"), (32, "ru")):
        chat = Chat(app, telegram, who, code, name="😀" * 30).join()
        for currency in ("XTR", "RUB", "USD", "EUR"):
            earn(app, 10**9, who, currency)
        said = account(chat)
        assert said.count("<pre>") == 4
        for block in said.split("<pre>")[1:]:
            lines = block.split("</pre>")[0].split("\n")
            at = {len(line) - len(line[12:].lstrip()) for line in lines}
            assert len(at) == 1, lines
        assert units(chat.words) < MAX_TEXT


def test_more_deals_than_are_counted_are_marked(app: FakeApp, anna: Chat, seller: Chat) -> None:
    for _ in range(MOST_DEALS + 1):
        sold(app, price=10)
    assert f"On its way to you  ⭐ {10 * MOST_DEALS}+" in account(seller)


def test_the_reads_do_not_grow_with_what_is_there(app: FakeApp, anna: Chat) -> None:
    account(anna)
    trips = []
    for _ in range(2):
        for _ in range(5):
            sold(app, price=10)
        app.store.trips.clear()
        account(anna)
        trips.append(list(app.store.trips))
    assert trips[0] == trips[1] == ["person+question", "wallets", "deals", "lots", "payouts"]


def test_in_russian(app: FakeApp, telegram: FakeTelegram) -> None:
    boris = Chat(app, telegram, BORIS, "ru").join(stars=500)
    lot = sold(app, BORIS)
    app.dealing.deliver(SELLER, lot, "ключ", app.now())
    assert "<pre>Доступно    ⭐ 400\nЗаморожено  ⭐ 0\nВ сделках   ⭐ 100</pre>" in account(boris)
    assert "Нужно ваше действие: 1" in boris.buttons()
    app.people.set_language(SELLER, "ru")
    said = account(Chat(app, telegram, SELLER, "ru"))
    assert "В пути деньги за 1 продажу. ⭐ 95 придёт до 8 мая 2026, 12:00 UTC." in said


# --- the profile ------------------------------------------------------------------------------------------------------


def test_the_profile_shows_the_last_things_that_buyers_said(app: FakeApp, seller: Chat) -> None:
    for buyer in range(41, 45):
        join(app, buyer, stars=100)
        lot = sold(app, buyer)
        app.dealing.deliver(SELLER, lot, "key", app.now())
        app.dealing.confirm(buyer, lot, app.now())
        app.dealing.rate(buyer, lot, 5, f"<b>Fine & {buyer}</b> " + "😀" * 200, app.now())
        app.dealing.rate(SELLER, lot, 5, "", app.now())
        app.clock.forward(minutes=1)
    seller.say("/profile")
    assert "As a seller: ★ 5.0 · 4 ratings · 4 sales" in seller.words
    assert seller.words.count("★★★★★ <i>&lt;b&gt;Fine &amp; ") == 3
    assert "Fine &amp; 41" not in seller.words
    assert f"/u/{app.store.tables.people[SELLER].public_id}" in seller.buttons()["Your public page"]


def test_the_profile_of_who_never_sold_reads_no_lots_and_has_no_page_of_others(app: FakeApp, anna: Chat) -> None:
    anna.say("/menu")
    app.store.trips.clear()
    anna.say("/profile")
    assert app.store.trips == ["person+question", "achievements"]
    assert "Your public page" not in anna.buttons()
    assert anna.buttons()["My account"] == "go:status"


def test_a_rating_that_is_not_shown_yet_is_not_among_them(app: FakeApp, anna: Chat, seller: Chat) -> None:
    lot = sold(app, price=10)
    app.dealing.deliver(SELLER, lot, "key", app.now())
    app.dealing.confirm(ANNA, lot, app.now())
    app.dealing.rate(ANNA, lot, 1, "not yet", app.now())
    seller.say("/profile")
    assert "not yet" not in seller.words
