"""Help says what is so: its numbers are those of the settings, and each page is found where its question arises."""

from __future__ import annotations

import re

import pytest

from tests.support.factories import ANNA, join, market
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, text

PAGES = ("/help", "/help/buying", "/help/selling", "/help/fees", "/help/safety")
OTHER = {
    "FEE_PERCENT": "8", "SUBSCRIPTION_PRICE": "77", "DEAL_RELEASE_DAYS": "3", "DEAL_DELIVERY_DAYS": "11",
    "PAYOUT_HOLD_DAYS": "31", "MIN_AUCTION_SECONDS": "7200",
}  # fmt: skip
"""Settings that are none of the usual ones."""


@pytest.mark.parametrize("language", ["en", "ru"])
@pytest.mark.parametrize("path", PAGES)
def test_a_page_of_help_leads_to_all_others_and_to_a_person(app: FakeApp, path: str, language: str) -> None:
    page = Client(app).get(path, headers={"accept-language": language})
    assert page.status == 200
    main = page.text.partition("<main")[2].partition("</main>")[0]
    assert {*PAGES[1:], "/support"} <= set(re.findall(r'href="([^"#]+)', main))
    assert not re.search(r"[{}]", main)


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("/help/buying", ("3 days after sending something digital", "21 days after sending goods", "within 14 days")),
        ("/help/selling", ("⭐ 77 for 30 days", "After 11 days without them", "The shortest time is 2 hours")),
        ("/help/fees", ("8 %", "You sell for ⭐ 200, you get ⭐ 184", "31 days after the buyer paid")),
        ("/help/safety", ("After 11 days you may take the money back", "after 30 days at the latest")),
    ],
)
def test_the_numbers_of_help_are_those_of_the_settings(path: str, words: tuple[str, ...]) -> None:
    shown = text(Client(make_app(OTHER)).get(path)).replace("\N{NARROW NO-BREAK SPACE}", " ")
    assert [part for part in words if part not in shown] == []


@pytest.mark.parametrize(("days", "said"), [("1", "через 1 день"), ("3", "через 3 дня"), ("11", "через 11 дней")])
def test_numbers_of_days_are_declined_in_russian(days: str, said: str) -> None:
    app = make_app({"DEAL_RELEASE_DAYS": days})
    shown = text(Client(app).get("/help/selling", headers={"accept-language": "ru"}))
    assert f"за цифровой товар {said} после отправки" in shown


def test_earnings_that_need_not_wait_are_not_said_to_wait() -> None:
    assert "after the buyer paid" not in text(Client(make_app({"PAYOUT_HOLD_DAYS": "0"})).get("/help/fees"))


@pytest.mark.parametrize(
    ("path", "leads"),
    [("/", "/help"), ("/auction/{lot}", "/help/buying"), ("/wallet", "/help/fees"), ("/new_auction", "/help/selling")],
)
def test_help_is_linked_where_the_question_arises(path: str, leads: str) -> None:
    app, lot = market(ANNA)
    join(app, ANNA, stars=500)
    page = Client(app).log_in(ANNA).get(path.format(lot=lot.auction.id)).text
    assert f'href="{leads}"' in page
