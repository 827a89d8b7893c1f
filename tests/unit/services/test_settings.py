"""What one invoice in Stars can bring."""

import pytest

from starbid.domain.money import CURRENCIES, Money, TopUp
from starbid.services.settings import Business
from tests.support.factories import xtr

BUSINESS = Business(max_stars_purchase=500)


@pytest.mark.parametrize(("missing", "brought"), [(0, 0), (1, 1), (500, 500), (501, 500)])
def test_an_invoice_brings_what_is_missing_or_as_much_as_one_may(missing: int, brought: int) -> None:
    assert BUSINESS.purchase_of(xtr(missing)) == xtr(brought)


@pytest.mark.parametrize(
    "currency", [code for code, currency in CURRENCIES.items() if currency.top_up is not TopUp.STARS]
)
def test_no_invoice_brings_money_that_cannot_be_bought_for_stars(currency: str) -> None:
    assert BUSINESS.purchase_of(Money(1, currency)) is None
