"""A login at Telegram by OpenID Connect, while the day of the market is recorded."""

from __future__ import annotations

import pytest

from starbid.domain.openid import LoginRequest, LoginUnavailable
from tests.support.moto_market import Market

ISSUER = {"TELEGRAM_OIDC_SECRET": "of-the-client", "TELEGRAM_OIDC_ISSUER": "http://127.0.0.1:1"}


def logins(market: Market) -> None:
    """Nobody is at the issuer's address: what it is told with is asked for before."""
    with market.record.of("WebFunction"), pytest.raises(LoginUnavailable):
        market.app.openid_issuer.claims("code", LoginRequest("s", "n", "v"), "")
