""" "Log in with Telegram" by OpenID Connect: an answer counts once, in the browser that asked for it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from starbid.domain.events import LoggedIn
from starbid.domain.openid import IdTokenRefused, LoginRequest, LoginUnavailable
from tests.support.factories import ANNA, join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Answer, Client, text
from web.identity.asked import COOKIE
from web.kernel.session import SESSION_COOKIE

VERA = 7_700_000_007
ISSUER = "https://oauth.telegram.org"
SECRET = {"TELEGRAM_OIDC_SECRET": "of-the-client"}
CALLBACK = "/login/oidc/callback"


class FakeIssuer:
    """Vouches for `user_id` by any code, once for each; `changes` are other claims, `fault` is raised next."""

    def __init__(self) -> None:
        self.app: FakeApp | None = None
        self.user_id, self.changes = VERA, dict[str, Any]()
        self.fault: Exception | None = None
        self.redeemed = list[tuple[str, str]]()

    def address(self, request: LoginRequest, redirect_uri: str) -> str:
        self._fail()
        return f"{ISSUER}/auth?state={request.state}&redirect_uri={redirect_uri}"

    def claims(self, code: str, request: LoginRequest, redirect_uri: str) -> Mapping[str, Any]:
        self._fail()
        assert redirect_uri.endswith(CALLBACK)
        if any(code == used for used, _ in self.redeemed):
            raise IdTokenRefused("code")
        self.redeemed.append((code, request.verifier))
        assert self.app is not None
        now = int(self.app.now().timestamp())
        told = {"iss": ISSUER, "aud": "1", "iat": now, "exp": now + 3600, "nonce": request.nonce}
        return told | {"id": self.user_id, "name": "Vera"} | self.changes

    def _fail(self) -> None:
        fault, self.fault = self.fault, None
        if fault:
            raise fault


@pytest.fixture
def issuer() -> FakeIssuer:
    return FakeIssuer()


@pytest.fixture
def app(issuer: FakeIssuer) -> FakeApp:
    app = issuer.app = make_app(SECRET, openid_issuer=issuer)
    join(app, ANNA, name="Anna")
    return app


@pytest.fixture
def browser(app: FakeApp) -> Client:
    return Client(app)


def begun(browser: Client, **query: object) -> str:
    """The state that the browser carries to the issuer."""
    answer = browser.get("/login/oidc", **query)
    assert answer.status == 303
    assert answer.headers["location"].startswith(f"{ISSUER}/auth?")
    return parse_qs(urlsplit(answer.headers["location"]).query)["state"][0]


def who(browser: Client) -> int | None:
    answer = browser.get("/api/v1/me")
    return int(answer.json["id"]) if answer.status == 200 else None


def refused(answer: Answer, status: int, said: str) -> bool:
    """With the other ways in on the page."""
    return answer.status == status and said in text(answer) and "/login/code/begin" in answer.text


def test_somebody_new_goes_there_and_back_and_on(app: FakeApp, browser: Client, issuer: FakeIssuer) -> None:
    state = begun(browser, next="/auction/lot1?page=2")
    answer = browser.get(CALLBACK, code="c", state=state)
    assert (answer.status, answer.headers["location"]) == (303, "/auction/lot1?page=2")
    assert who(browser) == VERA
    assert COOKIE not in browser.cookies
    (login,) = (event for event in app.store.tables.events.values() if isinstance(event, LoggedIn))
    assert (login.how, login.user_id) == ("oidc", VERA)
    assert len(issuer.redeemed[0][1]) >= 43, "as long as RFC 7636 wants a verifier"


def test_the_cookie_of_a_login_under_way_is_short_hidden_and_of_this_path(browser: Client) -> None:
    cookie = browser.get("/login/oidc").cookie(COOKIE)
    assert cookie is not None
    attributes = cookie.split("; ")[1:]
    assert attributes == ["Path=/login/oidc", "Max-Age=600", "HttpOnly", "SameSite=Lax"]
    https = make_app(SECRET | {"BASE_URL": "https://starbid.example", "SECRET_KEY": "k" * 16})
    https.__dict__["openid_issuer"] = FakeIssuer()
    assert "; Secure" in str(Client(https).get("/login/oidc").cookie(COOKIE))


def test_two_logins_share_neither_state_nor_verifier_nor_nonce(app: FakeApp) -> None:
    requests = [app.openid_logins.begin()[0] for _ in range(2)]
    values = [value for request in requests for value in (request.state, request.nonce, request.verifier)]
    assert len(set(values)) == 6


def test_the_state_of_another_browser_logs_nobody_in_and_asks_the_issuer_nothing(
    app: FakeApp, browser: Client, issuer: FakeIssuer
) -> None:
    foreign = begun(Client(app))
    assert refused(browser.get(CALLBACK, code="c", state=foreign), 403, "began in another browser")
    begun(browser)
    for state in (foreign, "", "ё", "x" * 5000):
        assert refused(browser.get(CALLBACK, code="c", state=state), 403, "began in another browser")
        begun(browser)
    assert who(browser) is None
    assert issuer.redeemed == []


def test_the_last_login_that_a_browser_began_is_the_one_that_counts(browser: Client, issuer: FakeIssuer) -> None:
    first, second = begun(browser), begun(browser)
    assert browser.get(CALLBACK, code="c", state=second).status == 303
    assert who(browser) == VERA
    answer = browser.get(CALLBACK, code="d", state=first)
    assert (answer.status, answer.headers["location"]) == (303, "/"), "as it is when it is loaded again"
    assert len(issuer.redeemed) == 1


def test_an_answer_counts_once_even_with_a_copy_of_the_cookie(
    app: FakeApp, browser: Client, issuer: FakeIssuer
) -> None:
    state, copy = begun(browser), Client(app)
    copy.cookies = dict(browser.cookies)
    assert browser.get(CALLBACK, code="c", state=state).status == 303
    assert refused(copy.get(CALLBACK, code="c", state=state), 403, "already been used")
    copy.cookies = {COOKIE: copy.cookies.get(COOKIE, "")}
    assert copy.get(CALLBACK, code="another", state=state).status == 403
    assert who(copy) is None
    assert len(issuer.redeemed) == 1


def test_it_has_to_come_back_within_ten_minutes(app: FakeApp, browser: Client) -> None:
    state = begun(browser)
    app.clock.forward(minutes=10, seconds=-1)
    assert browser.get(CALLBACK, code="c", state=state).status == 303
    late = Client(app)
    state = begun(late)
    app.clock.forward(minutes=10)
    assert refused(late.get(CALLBACK, code="d", state=state), 403, "too long ago")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://oauth.example.org"}, "issuer"),
        ({"aud": "2"}, "audience"),
        ({"nonce": "of another login"}, "nonce"),
        ({"exp": 1}, "time"),
        ({"id": None, "sub": str(VERA)}, "id"),
    ],
)
def test_a_token_that_does_not_hold_logs_nobody_in(
    app: FakeApp, browser: Client, issuer: FakeIssuer, changes: dict[str, Any], reason: str
) -> None:
    issuer.changes = changes
    answer = browser.get(CALLBACK, code="c", state=begun(browser))
    assert refused(answer, 403, "Telegram did not confirm this login"), reason
    assert SESSION_COOKIE not in browser.cookies
    assert VERA not in app.store.tables.people


@pytest.mark.parametrize("reason", ["signature", "key", "algorithm", "code", "form"])
def test_neither_does_one_whose_signature_does_not(browser: Client, issuer: FakeIssuer, reason: str) -> None:
    state = begun(browser)
    issuer.fault = IdTokenRefused(reason)
    assert refused(browser.get(CALLBACK, code="c", state=state), 403, "Telegram did not confirm this login")
    assert who(browser) is None


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ({"error": "access_denied"}, "You did not confirm"),
        ({"error": "server_error", "code": "c"}, "did not confirm this login"),
        ({}, "did not confirm this login"),
        ({"code": ""}, "did not confirm this login"),
        ({"code": "x" * 2049}, "did not confirm this login"),
    ],
)
def test_an_answer_without_a_code_is_told_as_what_it_is(
    browser: Client, issuer: FakeIssuer, query: dict[str, str], said: str
) -> None:
    assert refused(browser.get(CALLBACK, state=begun(browser), **query), 403, said)
    assert COOKIE not in browser.cookies
    assert issuer.redeemed == []


def test_an_issuer_that_is_away_is_told_with_the_other_ways_and_tried_again(
    browser: Client, issuer: FakeIssuer
) -> None:
    issuer.fault = LoginUnavailable("no answer")
    assert refused(browser.get("/login/oidc"), 503, "is not answering")
    state = begun(browser)
    issuer.fault = LoginUnavailable("no answer")
    assert refused(browser.get(CALLBACK, code="c", state=state), 503, "is not answering")
    assert browser.get(CALLBACK, code="c", state=state).status == 303, "the same answer, once it is back"


def test_programs_are_told_in_json(browser: Client, issuer: FakeIssuer) -> None:
    as_json = {"accept": "application/json"}
    issuer.fault = LoginUnavailable("no answer")
    assert browser.get("/login/oidc", headers=as_json).code == "login_unavailable"
    assert browser.get(CALLBACK, headers=as_json, code="c", state="s").code == "login_refused"


def test_a_look_ahead_uses_nothing_up(browser: Client, issuer: FakeIssuer) -> None:
    assert browser.send("HEAD", "/login/oidc").status == 204
    state = begun(browser)
    assert browser.send("HEAD", CALLBACK, f"code=c&state={state}").status == 204
    assert issuer.redeemed == []
    assert browser.get(CALLBACK, code="c", state=state).status == 303


@pytest.mark.parametrize("target", ["//evil.example", "https://evil.example", "/login", "/login/oidc", "x" * 999])
def test_nobody_is_sent_to_another_site_or_back_to_the_login(browser: Client, target: str) -> None:
    assert browser.get(CALLBACK, code="c", state=begun(browser, next=target)).headers["location"] == "/"


def test_a_login_as_somebody_else_asks_first_and_goes_on_by_a_press(app: FakeApp) -> None:
    anna = Client(app).log_in(ANNA)
    question = anna.get(CALLBACK, code="c", state=begun(anna, next="/wallet"))
    assert question.status == 200
    assert "You are logged in here as Anna. Log in as Vera instead?" in text(question)
    assert (who(anna), VERA in app.store.tables.people) == (ANNA, False)
    fields = fields_of(question)
    assert anna.post_form("/login/oidc", csrf=False, **(fields | {"csrf_token": "no"})).status == 403
    answer = anna.post_form("/login/oidc", csrf=False, **fields)
    assert (answer.status, answer.headers["location"]) == (303, "/wallet")
    assert who(anna) == VERA
    again = Client(app).log_in(ANNA)
    repeated = again.post_form("/login/oidc", proof=fields["proof"], next="/wallet")
    assert (repeated.status, who(again)) == (403, ANNA), "the press counts once"


@pytest.mark.parametrize("proof", ["", "x", "x" * 5000])
def test_a_made_up_answer_to_that_question_logs_nobody_in(app: FakeApp, proof: str) -> None:
    anna = Client(app).log_in(ANNA)
    begun(anna)
    for forged in (proof, anna.cookies[COOKIE], anna.cookies[SESSION_COOKIE]):
        assert anna.post_form("/login/oidc", proof=forged).status == 403
    assert who(anna) == ANNA


def test_the_answer_to_that_question_is_good_for_ten_minutes(app: FakeApp) -> None:
    anna = Client(app).log_in(ANNA)
    fields = fields_of(anna.get(CALLBACK, code="c", state=begun(anna)))
    app.clock.forward(minutes=10)
    assert anna.post_form("/login/oidc", csrf=False, **fields).status == 403
    assert who(anna) == ANNA


def test_the_same_person_just_gets_a_new_session(app: FakeApp, issuer: FakeIssuer) -> None:
    issuer.user_id = ANNA
    anna = Client(app).log_in(ANNA)
    before = anna.cookies[SESSION_COOKIE]
    assert anna.get(CALLBACK, code="c", state=begun(anna)).status == 303
    assert (who(anna), anna.cookies[SESSION_COOKIE] != before) == (ANNA, True)


def test_it_is_on_offer_only_where_its_secret_is_set(app: FakeApp, browser: Client) -> None:
    assert "/login/oidc?next=%2Fwallet" in browser.get("/login", next="/wallet").text
    without = Client(make_app())
    assert "/login/oidc" not in without.get("/login").text
    assert without.get("/login/oidc").status == without.get(CALLBACK).status == 404
    public = {"BASE_URL": "https://starbid.example", "SECRET_KEY": "k" * 16}
    assert "data-telegram-login" in Client(make_app(public)).get("/login").text
    assert "data-telegram-login" not in Client(make_app(public | SECRET)).get("/login").text


def test_it_says_why_in_russian_too(browser: Client) -> None:
    russian = {"accept-language": "ru"}
    answer = browser.get(CALLBACK, headers=russian, state=begun(browser), error="access_denied")
    assert "Вы не подтвердили вход в Telegram." in text(answer)


def fields_of(answer: Answer) -> dict[str, str]:
    form = answer.text.split("<main")[1].split("<form")[1].split("</form>")[0]
    return {name: value.replace("&amp;", "&") for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', form)}
