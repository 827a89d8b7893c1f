"""The adapter for Telegram's login against the issuer of the local run, on real sockets, with all that can go wrong."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from datetime import datetime
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server
from werkzeug.wrappers import Request, Response

from local.oidc.app import PREFIX, LocalIssuer
from local.telegram.people import Person
from starbid.config_openid import OpenIdSettings
from starbid.domain.openid import IdTokenRefused, LoginRequest, LoginUnavailable, TelegramIdentity
from starbid.openid.issuer import OpenIdProvider
from starbid.openid.keys import REST_SECONDS
from starbid.services.openid_logins import CALLBACK, OpenIdLogins
from tests.support.fake_clock import START

VERA = Person(7, "Vera", "vera", "en", 0, blocked=False, started=True, reachable=True, seq=1)
SITE = "https://starbid.example"


class Town:
    """The issuer, and the site's way to it. `now` is the clock of both."""

    def __init__(self) -> None:
        self.now: datetime = START
        self.seconds = START.timestamp()
        self.let_go = threading.Event()
        self.server = make_server("127.0.0.1", 0, Response("none", status=404), threaded=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        self.issuer = LocalIssuer(
            lambda: [VERA], lambda: self.now, client_id="1000001", secret="s e:cret", own_url=self.url, site_url=SITE,
            wait=self.let_go.wait,
        )  # fmt: skip
        self.server.app = DispatcherMiddleware(Response("none", status=404), {PREFIX: self.issuer.wsgi})
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()
        self.logins = self.client()

    def client(self, **changes: Any) -> OpenIdLogins:
        issuer = f"{self.url}{PREFIX}"
        told = {"client_id": "1000001", "issuer": issuer, "algorithms": ("RS256", "ES256", "EdDSA")} | changes
        secret, patience = told.pop("secret", "s e:cret"), told.pop("read_seconds", 60.0)
        settings = OpenIdSettings(**told)
        provider = OpenIdProvider(settings, lambda: secret, now=lambda: self.seconds, read_seconds=patience)
        return OpenIdLogins(provider, issuer=issuer, client_id="1000001", base_url=SITE)

    def begin(self, person: str = "7", logins: OpenIdLogins | None = None) -> tuple[LoginRequest, dict[str, str]]:
        """A login as far as the address that the issuer sends the browser back to: what stands in its query."""
        asked, address = (logins or self.logins).begin()
        page = httpx.get(address)
        assert page.status_code == 200, page.text
        fields = dict(re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', page.text))
        answer = httpx.post(address.partition("?")[0], data=fields | {"person": person})
        place = urlsplit(answer.headers["location"])
        assert f"{place.scheme}://{place.netloc}{place.path}" == f"{SITE}{CALLBACK}"
        query = {name: values[0] for name, values in parse_qs(place.query).items()}
        assert query["state"] == asked.state
        return asked, query

    def log_in(self, logins: OpenIdLogins | None = None) -> TelegramIdentity:
        logins = logins or self.logins
        asked, query = self.begin(logins=logins)
        return logins.finish(query["code"], asked, [self.now])


@pytest.fixture
def town() -> Iterator[Town]:
    made = Town()
    yield made
    made.let_go.set()
    made.server.shutdown()


def test_who_confirms_is_who_logs_in(town: Town) -> None:
    assert town.log_in() == TelegramIdentity(7, "Vera", "vera")


def test_who_declines_does_not(town: Town) -> None:
    assert town.begin(person="")[1]["error"] == "access_denied"


@pytest.mark.parametrize(
    ("what", "reason"),
    [
        ("issuer", "issuer"), ("audience", "audience"), ("nonce", "nonce"), ("expired", "time"), ("early", "time"),
        ("signature", "signature"), ("key", "signature"), ("unsigned", "algorithm"), ("hs256", "algorithm"),
        ("code", "code"),
    ],
)  # fmt: skip
def test_a_token_that_is_wrong_in_one_thing_logs_nobody_in(town: Town, what: str, reason: str) -> None:
    asked, query = town.begin()
    town.issuer.troubles.let(what, 1)
    with pytest.raises(IdTokenRefused) as refused:
        town.logins.finish(query["code"], asked, [town.now])
    assert refused.value.reason == reason
    assert town.log_in().user_id == 7, "and the next one is fine"


def test_a_code_is_good_once_and_for_who_began_alone(town: Town) -> None:
    asked, query = town.begin()
    stranger, _ = town.begin()
    with pytest.raises(IdTokenRefused, match="code"):
        town.logins.finish(query["code"], stranger, [town.now])
    asked, query = town.begin()
    assert town.logins.finish(query["code"], asked, [town.now]).user_id == 7
    with pytest.raises(IdTokenRefused, match="code"):
        town.logins.finish(query["code"], asked, [town.now])


def test_new_keys_are_found_by_the_next_login(town: Town) -> None:
    assert town.log_in().user_id == 7
    town.issuer.tokens.rotate()
    with pytest.raises(IdTokenRefused, match="key"):
        town.log_in()  # within a minute of the last question
    town.seconds += REST_SECONDS
    assert town.log_in().user_id == 7


@pytest.mark.parametrize("what", ["slow", "empty", "down"])
def test_a_key_set_that_does_not_come_is_told_as_the_issuers_trouble(town: Town, what: str) -> None:
    asked, query = town.begin()
    troubles, logins = town.issuer.troubles, town.client(read_seconds=0.5)
    troubles.let(what, 2 if what == "down" else 1)
    with pytest.raises(LoginUnavailable):
        logins.finish(query["code"], asked, [town.now])
    troubles.let("none", 0)
    assert town.log_in().user_id == 7


def test_known_keys_serve_while_the_key_set_does_not_come(town: Town) -> None:
    town.log_in()
    town.seconds += 3600
    asked, query = town.begin()
    town.issuer.troubles.let("empty", 1)
    assert town.logins.finish(query["code"], asked, [town.now]).user_id == 7


def test_a_known_configuration_serves_while_the_issuer_is_away_and_is_asked_for_once_a_minute(town: Town) -> None:
    town.log_in()
    asked = list[str]()

    def away(_request: Request) -> Response:
        asked.append("again")
        return Response(status=503)

    town.issuer._configuration = away  # type: ignore[method-assign]
    town.seconds += 3600
    assert town.log_in().user_id == 7
    town.seconds += REST_SECONDS - 1
    assert town.log_in().user_id == 7
    assert len(asked) == 1
    town.seconds += 1
    assert town.log_in().user_id == 7
    assert len(asked) == 2


def test_algorithms_that_are_not_accepted_are_refused_before_any_key_is_asked_for(town: Town) -> None:
    logins = town.client(algorithms=("ES256",))
    with pytest.raises(IdTokenRefused, match="algorithm"):
        town.log_in(logins)


def test_a_wrong_secret_is_our_own_trouble_and_not_the_persons(town: Town) -> None:
    with pytest.raises(LoginUnavailable, match="HTTP 401"):
        town.log_in(town.client(secret="wrong"))


def test_the_configuration_of_another_issuer_is_not_believed(town: Town) -> None:
    with pytest.raises(LoginUnavailable, match="another issuer"):
        town.client(issuer=f"{town.url}{PREFIX}/").begin()


def test_nobody_at_the_address_is_told_at_once(town: Town) -> None:
    with pytest.raises(LoginUnavailable, match="no answer"):
        town.client(issuer="http://127.0.0.1:1").begin()


def test_a_public_issuer_is_asked_with_its_own_certificate_or_not_at_all(town: Town) -> None:
    configuration = {"issuer": f"{town.url}{PREFIX}", "authorization_endpoint": "http://elsewhere.example/auth"}
    town.issuer._configuration = lambda _request: Response(  # type: ignore[method-assign]
        json.dumps(configuration), content_type="application/json"
    )
    with pytest.raises(LoginUnavailable, match="authorization_endpoint"):
        town.client().begin()


@pytest.mark.parametrize(
    ("changes", "named"),
    [
        ({"redirect_uri": "https://evil.example"}, "redirect_uri"),
        ({"client_id": "2"}, "client_id"),
        ({"code_challenge_method": "plain"}, "code_challenge_method"),
        ({"code_challenge": ""}, "code_challenge"),
    ],
)
def test_the_issuer_asks_nobody_for_a_stranger(town: Town, changes: dict[str, str], named: str) -> None:
    _, address = town.logins.begin()
    asked = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()} | changes
    answer = httpx.get(address.partition("?")[0], params=asked)
    assert answer.status_code == 409
    assert named in answer.text
