"""The issuer as a WSGI application: discovery, the page that asks, tokens for codes (RFC 6749, 7636), and its keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
import secrets
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import unquote_plus, urlencode

from werkzeug import Request, Response
from werkzeug.routing import Map, Rule

from local.oidc import pages
from local.oidc.tokens import SPOILS, TokenMaker
from local.sheet import HEADERS
from local.stand_in import Refusal, StandIn, as_html, as_json, whole
from local.telegram.people import Person
from local.troubles import MOST_CALLS, NONE, Troubles

PREFIX = "/_local/oidc"
SILENCE_SECONDS = 20.0
"""Longer than the product waits."""
CODE_SECONDS, TOKEN_SECONDS = 60, 3600
OF_KEYS = ("slow", "empty")
TROUBLES = (NONE, *SPOILS, "code", "down", *OF_KEYS)


@dataclass(frozen=True, slots=True)
class Given:
    """A code, and what it is good for."""

    person: Person
    redirect_uri: str
    nonce: str
    challenge: str
    until: datetime


class LocalIssuer(StandIn):
    """`wsgi` is to be mounted under PREFIX of `own_url`; `people` are who one may be; `site_url` is the client's.

    `wait` is for tests.
    """

    urls = Map(
        [
            Rule("/", endpoint="page", methods=["GET"]),
            Rule("/trouble", endpoint="trouble", methods=["POST"]),
            Rule("/rotate", endpoint="rotate", methods=["POST"]),
            Rule("/.well-known/openid-configuration", endpoint="configuration", methods=["GET"]),
            Rule("/.well-known/jwks.json", endpoint="keys", methods=["GET"]),
            Rule("/auth", endpoint="ask", methods=["GET"]),
            Rule("/auth", endpoint="confirm", methods=["POST"]),
            Rule("/token", endpoint="token", methods=["POST"]),
        ]
    )

    def __init__(
        self, people: Callable[[], Sequence[Person]], now: Callable[[], datetime], *, client_id: str, secret: str,
        own_url: str, site_url: str, wait: Callable[[float], object] = time.sleep,
    ) -> None:  # fmt: skip
        self.tokens, self.troubles = TokenMaker(), Troubles(TROUBLES)
        self._people, self._now, self._wait = people, now, wait
        self._client_id, self._secret = client_id, secret
        self._issuer, self._site = f"{own_url}{PREFIX}", site_url
        self._codes: dict[str, Given] = {}
        self._lock = threading.Lock()

    def _refused(self, _request: Request, why: str, /) -> Response:
        return as_html(pages.sorry(why), 409)

    def _page(self, _request: Request) -> Response:
        return as_html(pages.index(self.tokens.key_id(), self.troubles))

    def _trouble(self, request: Request) -> Response:
        self.troubles.let(request.form.get("what", ""), whole(request, "calls", 1, MOST_CALLS))
        return Response(status=303, headers={"Location": f"{PREFIX}/"})

    def _rotate(self, _request: Request) -> Response:
        self.tokens.rotate()
        return Response(status=303, headers={"Location": f"{PREFIX}/"})

    def _configuration(self, _request: Request) -> Response:
        return as_json(
            {
                "issuer": self._issuer,
                "authorization_endpoint": f"{self._issuer}/auth",
                "token_endpoint": f"{self._issuer}/token",
                "jwks_uri": f"{self._issuer}/.well-known/jwks.json",
                "response_types_supported": ["code"],
                "subject_types_supported": ["pairwise"],
                "id_token_signing_alg_values_supported": ["RS256"],
                "scopes_supported": ["openid", "profile"],
                "token_endpoint_auth_methods_supported": ["client_secret_basic"],
                "code_challenge_methods_supported": ["S256"],
            }
        )

    def _keys(self, _request: Request) -> Response:
        trouble = self._taken("down", *OF_KEYS)
        if trouble == "down":
            return Response(status=503)
        if trouble == "slow":
            self._wait(SILENCE_SECONDS)
        return as_json({"keys": []} if trouble == "empty" else self.tokens.key_set())

    def _ask(self, request: Request) -> Response:
        """Who one is. The client is checked first: nobody is sent to where no client of ours is."""
        asked = self._asked(request.args)
        page = pages.ask(self._people(), {name: asked[name] for name in sorted(asked)})
        policy = HEADERS["Content-Security-Policy"].replace("form-action 'self'", f"form-action 'self' {self._site}")
        return Response(page, mimetype="text/html", headers={**HEADERS, "Content-Security-Policy": policy})

    def _confirm(self, request: Request) -> Response:
        """`person`: who confirms; none: one who declines."""
        asked, chosen = self._asked(request.form), request.form.get("person", "")
        answer = {"state": asked["state"]}
        if not chosen:
            answer |= {"error": "access_denied"}
        else:
            answer |= {"code": self._code(chosen, asked)}
        return Response(status=303, headers={"Location": f"{asked['redirect_uri']}?{urlencode(answer)}"})

    def _code(self, chosen: str, asked: dict[str, str]) -> str:
        person = next((person for person in self._people() if str(person.id) == chosen), None)
        if person is None:
            raise Refusal("There is no such person.")
        code, now = secrets.token_urlsafe(24), self._now()
        with self._lock:
            self._codes = {each: given for each, given in self._codes.items() if given.until > now}
            until = datetime.fromtimestamp(now.timestamp() + CODE_SECONDS, now.tzinfo)
            self._codes[code] = Given(person, asked["redirect_uri"], asked["nonce"], asked["code_challenge"], until)
        return code

    def _asked(self, told: Any) -> dict[str, str]:
        """Raises Refusal."""
        names = ("client_id", "redirect_uri", "response_type", "code_challenge_method", "state", "nonce",
                 "code_challenge", "scope")  # fmt: skip
        asked = {name: str(told.get(name, "")) for name in names}
        wanted = {
            "client_id": self._client_id,
            "redirect_uri": f"{self._site}/login/oidc/callback",
            "response_type": "code",
            "code_challenge_method": "S256",
        }
        for name, value in wanted.items():
            if asked[name] != value:
                raise Refusal(f"`{name}` is not {value}.")
        if len(asked["code_challenge"]) != 43 or not asked["state"] or "openid" not in asked["scope"].split():
            raise Refusal("`state`, `code_challenge` or `scope` is not as it should be.")
        return asked

    def _token(self, request: Request) -> Response:
        trouble = self._taken("down", "code", *SPOILS)
        if trouble == "down":
            return Response(status=503)
        told = request.authorization
        given_by = told and tuple(unquote_plus(part or "") for part in (told.username, told.password))
        if given_by != (self._client_id, self._secret):  # written as a form writes them (RFC 6749, 2.3.1)
            return as_json({"error": "invalid_client"}, 401)
        given = self._redeemed(request)
        if given is None or trouble == "code":
            return as_json({"error": "invalid_grant"}, 400)
        token = self.tokens.token(self._claims(given), "" if trouble == NONE else trouble)
        return as_json({"access_token": secrets.token_urlsafe(16), "token_type": "Bearer", "id_token": token})

    def _redeemed(self, request: Request) -> Given | None:
        """What a code is good for; once, and for who began alone."""
        form = request.form
        with self._lock:
            given = self._codes.pop(form.get("code", ""), None)
        digest = hashlib.sha256(form.get("code_verifier", "").encode()).digest()
        challenge = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
        fits = (
            given is not None
            and form.get("grant_type") == "authorization_code"
            and form.get("redirect_uri") == given.redirect_uri
            and hmac.compare_digest(challenge, given.challenge)
            and given.until > self._now()
        )
        return given if fits else None

    def _claims(self, given: Given) -> dict[str, Any]:
        """As Telegram has them: `sub` is no id of Telegram's, `id` is."""
        person, now = given.person, int(self._now().timestamp())
        claims = {
            "iss": self._issuer,
            "aud": self._client_id,
            "sub": hashlib.sha256(f"{self._client_id}:{person.id}".encode()).hexdigest()[:20],
            "iat": now,
            "exp": now + TOKEN_SECONDS,
            "nonce": given.nonce,
            "id": person.id,
            "name": person.first_name,
            "preferred_username": person.username,
        }
        return {name: value for name, value in claims.items() if value not in ("", None)}

    def _taken(self, *mine: str) -> str:
        """What is to become of this call, of what can become of it."""
        return self.troubles.take() if self.troubles.expected()[0] in mine else NONE
