"""The issuer over HTTP: discovery, the address to send people to, the code for an ID token, the key set."""

from __future__ import annotations

import base64
import hashlib
import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urlencode

import urllib3

from starbid.config_openid import OpenIdSettings
from starbid.connections import AnswerTooLong, KeptConnections, read_whole
from starbid.domain.base64url import to_text
from starbid.domain.openid import IdTokenRefused, LoginRequest, LoginUnavailable
from starbid.openid.id_token import read_token
from starbid.openid.keys import REST_SECONDS, IssuerKeys
from starbid.openid.signatures import UnusableKey, is_signed

CONNECT_SECONDS, READ_SECONDS = 2.0, 4.0
"""For each of at most three questions of a login: together they stay below the time that a page has."""
DISCOVERED_SECONDS = 3600
MOST_ANSWER = 256 * 1024
SCOPE = "openid profile"
DISCOVERY = "/.well-known/openid-configuration"


class OpenIdProvider:
    """Implements `ports.OpenIdIssuer`. Threads may share it; what it learned stays with the process."""

    def __init__(
        self, settings: OpenIdSettings, secret: Callable[[], str], *, now: Callable[[], float] = time.time,
        read_seconds: float = READ_SECONDS,
    ) -> None:  # fmt: skip
        """`secret`: of the client; asked for at each use. `now` in seconds."""
        self._settings, self._secret, self._now = settings, secret, now
        self._patience = read_seconds
        self._pool = KeptConnections(size=2, connect_seconds=CONNECT_SECONDS, read_seconds=read_seconds)
        self._keys = IssuerKeys(lambda: self._get(self._endpoint("jwks_uri")), now)
        self._discovered: tuple[float, Mapping[str, Any]] | None = None
        self._lock = threading.Lock()

    def address(self, request: LoginRequest, redirect_uri: str) -> str:
        asked = {
            "response_type": "code",
            "client_id": self._settings.client_id,
            "redirect_uri": redirect_uri,
            "scope": SCOPE,
            "state": request.state,
            "nonce": request.nonce,
            "code_challenge": challenge_of(request.verifier),
            "code_challenge_method": "S256",
        }
        endpoint = self._endpoint("authorization_endpoint")
        return f"{endpoint}{'&' if '?' in endpoint else '?'}{urlencode(asked)}"

    def claims(self, code: str, request: LoginRequest, redirect_uri: str) -> Mapping[str, Any]:
        token = read_token(self._redeemed(code, request, redirect_uri).get("id_token"))
        if token.algorithm not in self._settings.algorithms:
            raise IdTokenRefused("algorithm")
        try:
            holds = is_signed(token.algorithm, self._keys.named(token.key_id), token.signed, token.signature)
        except UnusableKey:
            raise IdTokenRefused("key") from None
        if not holds:
            raise IdTokenRefused("signature")
        return token.claims

    def _redeemed(self, code: str, request: LoginRequest, redirect_uri: str) -> dict[str, Any]:
        """Raises IdTokenRefused for a code that is none, or was used before."""
        fields = {
            "grant_type": "authorization_code",
            "code": code,
            "redirect_uri": redirect_uri,
            "client_id": self._settings.client_id,
            "code_verifier": request.verifier,
        }
        known_by = f"{quote(self._settings.client_id, safe='')}:{quote(self._secret(), safe='')}"
        headers = {
            "Authorization": f"Basic {base64.b64encode(known_by.encode()).decode()}",
            "Content-Type": "application/x-www-form-urlencoded",
        }
        status, told = self._ask("POST", self._endpoint("token_endpoint"), urlencode(fields).encode(), headers)
        if status == 400 and told.get("error") == "invalid_grant":
            raise IdTokenRefused("code")
        if status != 200:
            raise LoginUnavailable(f"the token endpoint answers HTTP {status}")
        return told

    def _endpoint(self, name: str) -> str:
        """As the issuer's configuration has it; never one without TLS, but on the issuer's own machine."""
        address = self._configuration().get(name)
        own = self._settings.issuer
        if not isinstance(address, str) or not (address.startswith(("https://", f"{own}/")) and address.isprintable()):
            raise LoginUnavailable(f"a configuration without a {name} that can be used")
        return address

    def _configuration(self) -> Mapping[str, Any]:
        """Asked for once an hour. An older one serves on while the issuer does not answer: it is asked again after a
        minute then.
        """
        with self._lock:
            known = self._discovered
            if known and self._now() - known[0] < DISCOVERED_SECONDS:
                return known[1]
            try:
                found = self._get(f"{self._settings.issuer}{DISCOVERY}")
                if found.get("issuer") != self._settings.issuer:
                    raise LoginUnavailable("the configuration of another issuer")
            except LoginUnavailable:
                if known is None:
                    raise
                self._discovered = self._now() - DISCOVERED_SECONDS + REST_SECONDS, known[1]
                return known[1]
            self._discovered = self._now(), found
            return found

    def _get(self, address: str) -> dict[str, Any]:
        status, told = self._ask("GET", address, None, {})
        if status != 200:
            raise LoginUnavailable(f"HTTP {status}")
        return told

    def _ask(
        self, method: str, address: str, body: bytes | None, headers: Mapping[str, str]
    ) -> tuple[int, dict[str, Any]]:
        """The status, and the object that came with it: an empty one where an error says nothing readable."""
        until = time.monotonic() + self._patience
        headers = {"Accept": "application/json", **headers}
        try:
            answer = self._pool.urlopen(
                method, address, body=body, headers=headers, redirect=False, preload_content=False
            )
            raw = read_whole(answer, MOST_ANSWER, until)
        except (urllib3.exceptions.HTTPError, TimeoutError, AnswerTooLong, OSError) as error:
            raise LoginUnavailable(f"no answer ({type(error).__name__})") from error
        try:
            told = json.loads(raw)
        except (ValueError, RecursionError):
            told = None
        if not isinstance(told, dict):
            if answer.status == 200:
                raise LoginUnavailable("an answer that is no JSON object")
            told = {}
        return answer.status, told


def challenge_of(verifier: str) -> str:
    """S256 of RFC 7636."""
    return to_text(hashlib.sha256(verifier.encode()).digest())
