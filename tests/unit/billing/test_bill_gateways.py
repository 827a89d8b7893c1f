"""Which providers of bills a process has (adapters.bill_gateways)."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from starbid.billing.cryptopay import CryptoPayBills
from starbid.billing.qiwi import QiwiBills
from starbid.billing.telegram_invoices import TelegramInvoices
from starbid.config import PROVIDER_SECRETS
from starbid.domain.payments import Provider
from tests.support.fakes import ENVIRONMENT, make_app

KINDS = {Provider.QIWI: QiwiBills, Provider.CRYPTOPAY: CryptoPayBills, Provider.TELEGRAM: TelegramInvoices}


@pytest.mark.parametrize("provider", PROVIDER_SECRETS)
def test_a_provider_is_there_where_its_secret_is(provider: Provider) -> None:
    gateways = make_app({PROVIDER_SECRETS[provider]: "a-secret"}).bill_gateways
    assert {name: type(gateway) for name, gateway in gateways.items()} == {provider: KINDS[provider]}


def test_without_secrets_there_is_none() -> None:
    assert make_app().bill_gateways == {}


def test_the_order_is_that_of_the_buttons() -> None:
    app = make_app(dict.fromkeys(reversed(PROVIDER_SECRETS.values()), "a-secret"))
    assert list(app.bill_gateways) == [Provider.QIWI, Provider.CRYPTOPAY, Provider.TELEGRAM]


def test_making_them_does_not_import_telegrams_library() -> None:
    """Its import takes as long as all else of a cold start."""
    given = ENVIRONMENT | dict.fromkeys(PROVIDER_SECRETS.values(), "a-secret")
    program = (
        "import sys; from starbid.bootstrap import App; from starbid.config import read_settings;"
        f"assert len(App(read_settings({given!r})).bill_gateways) == 3;"
        "sys.exit('telegram' in sys.modules)"
    )
    places = {"PYTHONPATH": os.pathsep.join(sys.path)}
    subprocess.run([sys.executable, "-c", program], check=True, env=os.environ | places)
