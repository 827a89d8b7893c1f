"""Who vouches for people by OpenID Connect."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from starbid.domain.openid import LoginRequest


class OpenIdIssuer(Protocol):
    """Telegram's login. Both methods raise LoginUnavailable."""

    def address(self, request: LoginRequest, redirect_uri: str) -> str:
        """Where a browser is sent to have the person confirm."""

    def claims(self, code: str, request: LoginRequest, redirect_uri: str) -> Mapping[str, Any]:
        """What the ID token says that is given for a code; its signature is the issuer's. The code is used up by it.

        Raises IdTokenRefused.
        """
