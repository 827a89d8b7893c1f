"""What the terms promise, and that privacy and terms are found where Telegram asks for them."""

from __future__ import annotations

import pytest

from tests.support.factories import ANNA, join
from tests.support.fakes import FakeApp
from tests.support.web import Client, text


@pytest.mark.parametrize(
    ("language", "words"),
    [
        (
            "en",
            ("What you earn can be bid.", "once an operator has looked at it", "less than ⭐ 1 000 cannot be paid out"),
        ),
        (
            "ru",
            (
                "Заработанное можно ставить",
                "когда заявку рассмотрит оператор",
                "меньше ⭐ 1 000 вывести нельзя",
            ),
        ),
    ],
)
def test_the_terms_say_how_earnings_are_paid_out_and_that_few_stars_are_not(
    app: FakeApp, language: str, words: tuple[str, ...]
) -> None:
    shown = text(Client(app).get("/terms", headers={"accept-language": language}))
    assert all(part in shown for part in words), shown


def test_the_terms_call_stars_prepaid_credit_and_no_account(app: FakeApp) -> None:
    shown = text(Client(app).get("/terms"))
    assert "prepaid credit, refundable as bought; the wallet is not an account with a bank" in shown


@pytest.mark.parametrize(
    ("language", "words"),
    [("en", ("for 90 days after the deal", "within 180 days of")), ("ru", ("читать 90 дней", "через 180 дней после"))],
)
def test_privacy_says_for_how_long_messages_are_read_and_when_they_are_erased(
    app: FakeApp, language: str, words: tuple[str, ...]
) -> None:
    shown = text(Client(app).get("/privacy", headers={"accept-language": language}))
    assert all(part in shown for part in words), shown


def test_the_settings_lead_to_privacy_and_terms_as_telegram_asks_of_mini_apps(app: FakeApp) -> None:
    join(app, ANNA)
    main = Client(app).log_in(ANNA).get("/settings").text.split("<main")[1].split("</main>")[0]
    assert 'href="/privacy"' in main
    assert 'href="/terms"' in main
