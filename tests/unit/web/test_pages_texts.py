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
            ("What you earn can be bid.", "only where Starbid offers payouts", "Less than ⭐ 1 000 cannot be paid"),
        ),
        (
            "ru",
            (
                "Заработанное можно ставить",
                "если Starbid предлагает выплаты",
                "Меньше ⭐ 1 000 выплатить нельзя",
            ),
        ),
    ],
)
def test_the_terms_promise_payouts_only_where_they_are_offered(
    app: FakeApp, language: str, words: tuple[str, ...]
) -> None:
    shown = text(Client(app).get("/terms", headers={"accept-language": language}))
    assert all(part in shown for part in words), shown


def test_the_terms_call_stars_prepaid_credit_and_no_account(app: FakeApp) -> None:
    shown = text(Client(app).get("/terms"))
    assert "prepaid credit, refundable as bought; the wallet is not an account with a bank" in shown


def test_the_settings_lead_to_privacy_and_terms_as_telegram_asks_of_mini_apps(app: FakeApp) -> None:
    join(app, ANNA)
    main = Client(app).log_in(ANNA).get("/settings").text.split("<main")[1].split("</main>")[0]
    assert 'href="/privacy"' in main
    assert 'href="/terms"' in main
