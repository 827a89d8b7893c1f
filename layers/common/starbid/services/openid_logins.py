"""Logging in at Telegram by OpenID Connect: the authorization code flow with PKCE (spec, section 5)."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from datetime import datetime

from starbid.domain.openid import LoginRequest, TelegramIdentity, identity_of
from starbid.services.ports import OpenIdIssuer

CALLBACK = "/login/oidc/callback"


class OpenIdLogins:
    """`issuer` and `client_id` are what a token must name; `base_url` is where people come back to."""

    def __init__(self, gate: OpenIdIssuer, *, issuer: str, client_id: str, base_url: str) -> None:
        self._gate, self._issuer, self._client_id = gate, issuer, client_id
        self._redirect_uri = f"{base_url}{CALLBACK}"

    def begin(self) -> tuple[LoginRequest, str]:
        """A request, to be kept by the browser that asks, and the address to send it to. Raises LoginUnavailable."""
        request = LoginRequest(secrets.token_urlsafe(18), secrets.token_urlsafe(18), secrets.token_urlsafe(32))
        return request, self._gate.address(request, self._redirect_uri)

    def finish(self, code: str, request: LoginRequest, moments: Sequence[datetime]) -> TelegramIdentity:
        """Who confirmed. `moments` as for `identity_of`. Raises IdTokenRefused, LoginUnavailable."""
        claims = self._gate.claims(code, request, self._redirect_uri)
        return identity_of(claims, issuer=self._issuer, client_id=self._client_id, nonce=request.nonce, moments=moments)
