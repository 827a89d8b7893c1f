"""A notice about money speaks of that money alone, in words and buttons, and tells its wallet."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.closing import close
from starbid.domain.lots import Lot
from starbid.domain.money import Money
from starbid.domain.wallet import Wallet
from starbid.services.ports import Notice
from starbid.services.settings import Business
from starbid.telegram.messenger import BotMessenger
from tests.support.bot_pool import FakeTelegram, bot
from tests.support.factories import ANNA, BORIS, SELLER, auction, bids, card, person, terms
from tests.support.fakes import START

from .pieces import EN, SETTINGS
from .test_notices_in_words import FACTS


def told(
    telegram: FakeTelegram, kind: str, facts: dict[str, Any], lot: Lot | None = None, who: int = ANNA, code: str = "en"
) -> str:
    def read(user_id: int, currency: str) -> Wallet:
        nothing = Money.zero(currency)
        return Wallet(user_id, Money(1_250, currency), nothing, Money(2_000, currency), nothing)

    messenger = BotMessenger(bot(telegram), SETTINGS, lambda: START, read)
    messenger.tell(person(who, language=code), Notice("n", who, kind, "lot1" if lot else None, facts), lot)
    return json.dumps(telegram.called("sendMessage")[-1], ensure_ascii=False)


@pytest.mark.parametrize("currency", ["XTR", "RUB"])
def test_what_arrived_is_told_with_the_balance_of_its_wallet(telegram: FakeTelegram, currency: str) -> None:
    text = told(telegram, "credited", {"amount": [250, currency]})
    assert f"Available {EN.money(Money(1_250, currency))}" in text


@pytest.mark.parametrize(("currency", "is_sold"), [("XTR", True), ("RUB", False)])
def test_a_frozen_deal_offers_stars_for_a_debt_in_stars_only(
    telegram: FakeTelegram, currency: str, is_sold: bool
) -> None:
    lot = Lot(auction(terms(100, currency=currency)), card())
    assert ("buy:2000" in told(telegram, "frozen", {"until": START.isoformat()}, lot)) is is_sold


def in_roubles(fact: Any) -> Any:
    return [fact[0] * 100 + 5, "RUB"] if isinstance(fact, list) and fact[1:] == ["XTR"] else fact


def lots() -> dict[str, Lot]:
    live = bids(auction(terms(10_005, currency="RUB")), (ANNA, 50_005), (BORIS, 70_009))
    wallet = replace(Wallet.empty(BORIS, "RUB"), held=Money(70_009, "RUB"))
    done = close(live, wallet, 5, Business().deal_times, live.ends_at + timedelta(seconds=2))
    goods = card(goods="physical")
    return {"live": Lot(live, goods), "sold": Lot(done.auction, goods, done.deal)}


OF_STARS = ("subscri", "renewal", "payout_returned")
"""A subscription is paid in Stars, and what Telegram refused is a gift for Stars."""


@pytest.mark.parametrize("code", ["en", "ru"])
@pytest.mark.parametrize("who", [ANNA, BORIS, SELLER])
@pytest.mark.parametrize("state", ["live", "sold"])
@pytest.mark.parametrize("kind", [kind for kind in FACTS if not kind.startswith(OF_STARS)])
def test_no_notice_about_roubles_speaks_of_stars(
    telegram: FakeTelegram, kind: str, state: str, who: int, code: str
) -> None:
    facts = {name: in_roubles(fact) for name, fact in FACTS[kind].items()}
    text = told(telegram, kind, facts, lots()[state], who, code)
    for word in ("⭐", "Star ", "Stars", "звёзд", "звезд"):
        assert word not in text, text


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("en", "Your payment of ₽500.05 was taken back by the payment service."),
        ("ru", "Платёжная система отозвала ваш платёж на 500,05 ₽."),
    ],
)
def test_a_chargeback_is_told_with_the_wallet_of_its_currency(telegram: FakeTelegram, code: str, said: str) -> None:
    text = told(telegram, "refunded", {"amount": [50_005, "RUB"], "owed": [0, "RUB"]}, code=code)
    assert said in text.replace("\u202f", " ")
    owed = told(telegram, "refunded", {"amount": [50_005, "RUB"], "owed": [20_000, "RUB"]}, code=code)
    assert ("in this currency" if code == "en" else "в этой валюте") in owed


def test_a_refund_of_stars_says_where_they_went(telegram: FakeTelegram) -> None:
    assert "in Telegram Stars" in told(telegram, "refunded", {"amount": [5, "XTR"], "owed": [0, "XTR"]})


@pytest.mark.parametrize("who", [BORIS, SELLER])
def test_a_price_that_returns_for_want_of_an_address_is_not_the_sellers_delay(telegram: FakeTelegram, who: int) -> None:
    text = told(
        telegram, "returned", {name: in_roubles(fact) for name, fact in FACTS["returned"].items()}, lots()["sold"], who
    )
    assert "No delivery address was given" in text
    assert "not sent" not in text


def test_a_seller_whose_buyer_has_settled_the_debt_waits_for_the_address_first(telegram: FakeTelegram) -> None:
    text = told(telegram, "thawed", {}, lots()["sold"], SELLER)
    assert "has settled the debt" in text
    assert "Waiting for the buyer to say where to send it" in text


def test_a_payment_in_roubles_is_not_taken_back_by_telegram(telegram: FakeTelegram) -> None:
    text = told(telegram, "frozen", {"until": START.isoformat()}, lots()["sold"], SELLER)
    assert "a payment of the buyer was taken back" in text
