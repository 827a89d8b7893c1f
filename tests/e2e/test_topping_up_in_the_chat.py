"""Roubles in the chat: four presses to the provider's page, and what is told on the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.e2e.test_browser import Somebody
from tests.support.stack import Stack


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    running = Stack(tmp_path_factory.mktemp("roubles-in-the-chat"))
    yield running
    running.stop()


@pytest.fixture(scope="module")
def olga(browser: Any, stack: Stack) -> Iterator[Somebody]:
    somebody = Somebody(browser, stack, "Ольга", "ru")
    yield somebody
    assert not somebody.errors
    somebody.context.close()


def pays(person: Somebody) -> None:
    """The page of the provider opens beside the chat, and its first button pays."""
    with person.context.expect_page() as opened:
        person.looks_at(person.chat).locator("a, button").filter(has_text=re.compile("^Оплатить ")).last.click()
    provider = opened.value
    provider.get_by_role("button").first.click()
    provider.wait_for_load_state()
    provider.close()


def test_500_roubles_are_topped_up_in_four_presses(olga: Somebody) -> None:
    olga.says("/topup")
    for button in ("500,00\u202f₽", "QIWI", "Пополнить на 500,00\u202f₽"):
        olga.presses(button)
    olga.told("Срок оплаты")
    pays(olga)
    olga.told("500,00\u202f₽ поступили в ваш кошелёк")
    olga.presses("Проверить оплату")
    olga.told("Счёт на 500,00\u202f₽ оплачен.")
    wallets = olga.context.request.get(f"{olga.stack.url}/api/v1/me/wallet").json()
    assert wallets["RUB"] == {"available": 50_000, "held": 0}


def test_wrong_amounts_are_told_and_a_cancel_leads_to_the_start(olga: Somebody) -> None:
    olga.says("/topup пятьсот")
    olga.told("Это не сумма.")
    olga.says("500 000 000")
    olga.told("Максимальная сумма пополнения")
    olga.presses("Отмена")
    olga.told("Отменено. Ничего не изменилось.")
