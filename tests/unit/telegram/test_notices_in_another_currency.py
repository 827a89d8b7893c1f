"""A notice about money tells the wallet of that money."""

import json
from typing import Any

import pytest

from starbid.domain.lots import Lot
from starbid.domain.money import Money
from starbid.domain.wallet import Wallet
from starbid.services.ports import Notice
from starbid.telegram.messenger import BotMessenger
from tests.support.bot_pool import FakeTelegram, bot
from tests.support.factories import ANNA, auction, card, person, terms
from tests.support.fakes import START

from .pieces import EN, SETTINGS


def told(telegram: FakeTelegram, kind: str, facts: dict[str, Any], lot: Lot | None = None) -> str:
    def read(user_id: int, currency: str) -> Wallet:
        nothing = Money.zero(currency)
        return Wallet(user_id, Money(1_250, currency), nothing, Money(2_000, currency), nothing)

    messenger = BotMessenger(bot(telegram), SETTINGS, lambda: START, read)
    messenger.tell(person(ANNA), Notice("n", ANNA, kind, "lot1" if lot else None, facts), lot)
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
