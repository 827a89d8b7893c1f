"""Schemathesis makes requests of the OpenAPI document, right ones and wrong ones: no answer is a 5xx or undescribed."""

from __future__ import annotations

import io
from functools import cache
from itertools import cycle
from typing import Any
from urllib.parse import unquote, urlsplit

import pytest
import requests
import schemathesis
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis import Case, GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from urllib3 import HTTPResponse

from starbid.domain.payments import Provider
from starbid.services.limits import Limits
from tests.support.desk import OWNER
from tests.support.factories import ANNA, BORIS, SELLER, join, put_up
from tests.support.fake_bills import FakeBills
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Client, program
from tests.support.worker import agree, give
from web.api import openapi, routes

BASE = "http://127.0.0.1:8000"
CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
]
MOST_CASES = 60
OPERATIONS = {
    f"{method.upper()} {path}": operation
    for path, methods in openapi.document(routes.routes, BASE)["paths"].items()
    for method, operation in methods.items()
}
TAKING_INPUT = sorted(name for name, each in OPERATIONS.items() if each["parameters"] or "requestBody" in each)
TOPUP = {"amount": 50_000, "currency": "RUB", "provider": "qiwi"}
NEVER_DONE = {"POST /assistant/complete_payment"}
"""Here: an order is completed by hand only where its payment failed half-way."""
GOOD: dict[str, dict[str, Any]] = {
    "POST /auctions": {"title": "Vase", "description": "Blue", "start_price": 100, "duration_seconds": 3600},
    "POST /auctions/{auction_id}/bids": {"amount": 5000},
    "POST /auctions/{auction_id}/buy": {"seen_price": 500},
    "POST /assistant/create_payment": {"pack": 50},
    "POST /assistant/update_credits": {"user_id": ANNA, "change": 1, "reason": "a gift"},
    "POST /me/topups": TOPUP,
}
"""What is seldom found by chance."""
PEOPLE = (ANNA, BORIS, SELLER, OWNER)


@cache
def cases(name: str, mode: GenerationMode) -> st.SearchStrategy[Case[Any]]:
    schema = schemathesis.openapi.from_dict(openapi.document(routes.routes, BASE))
    operation = schema.find_operation_by_label(name)
    assert operation
    return operation.as_strategy(generation_mode=mode)


@pytest.fixture(autouse=True)
def _without_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Limits, "require", lambda *_: None)


@pytest.mark.parametrize("name", sorted(OPERATIONS))
def test_what_the_document_allows_is_answered_as_it_says_and_some_of_it_is_done(name: str) -> None:
    app = shop()
    known = {variable: cycle(ids) for variable, ids in there(app).items()}
    is_real = cycle((True, False))
    done = []

    @given(cases(name, GenerationMode.POSITIVE), st.sampled_from(PEOPLE))
    @settings(suppress_health_check=list(HealthCheck), max_examples=MOST_CASES)
    def asked(case: Case[Any], user_id: int) -> None:
        if next(is_real):
            for variable in case.path_parameters or {}:
                case.path_parameters[variable] = next(known[variable])
            case.body = GOOD.get(name, case.body)
        app.clock.forward(seconds=10)  # a bill is looked at now and then
        answer = send(app, user_id, case)
        case.validate_response(answer, checks=CHECKS)
        done.append(answer.ok)

    asked()
    assert any(done) or name in NEVER_DONE, "refusals alone prove little"


@pytest.mark.parametrize("name", TAKING_INPUT)
def test_what_the_document_rules_out_is_answered_as_it_says(name: str) -> None:
    app = shop()

    @given(cases(name, GenerationMode.NEGATIVE), st.sampled_from((*PEOPLE, None)))
    @settings(suppress_health_check=list(HealthCheck), max_examples=MOST_CASES)
    def asked(case: Case[Any], user_id: int | None) -> None:
        case.validate_response(send(app, user_id, case), checks=CHECKS)

    asked()


def shop() -> FakeApp:
    """One where everything is offered and everybody has money."""
    app = make_app(
        {"ASSISTANT_ENABLED": "true", "TOPUP_QIWI_SECRET_KEY": "q", "TOPUP_CRYPTOPAY_TOKEN": "c"},
        bill_gateways={Provider.QIWI: FakeBills(), Provider.CRYPTOPAY: FakeBills()},
    )
    for user_id in (ANNA, BORIS, OWNER):
        join(app, user_id, stars=10_000)
        agree(app, user_id)
        give(app, user_id, 100)
    return app


def there(app: FakeApp) -> dict[str, list[str]]:
    """What its ids may be, by the name of a field."""
    ended = [put_up(app, duration_seconds=60).auction.id for _ in range(9)]
    app.clock.forward(seconds=62)
    for lot_id in ended:
        app.closing.close(lot_id, app.now())
    lots = [put_up(app, buy_now_price=500).auction.id for _ in range(30)]
    app.run_streams()
    known: dict[str, list[str]] = {"auction_id": [*ended, *lots], "token_id": [], "bill_id": [], "question_id": []}
    for user_id in PEOPLE:
        client = Client(app).log_in(user_id)
        known["token_id"] += [client.post("/api/v1/tokens", {"name": "one"}).json["id"] for _ in range(3)]
    for user_id in (ANNA, BORIS):
        person = program(app, user_id)
        known["bill_id"].append(person.post("/api/v1/me/topups", TOPUP).json["id"])
        known["question_id"].append(person.post("/api/v1/assistant/process_message", {"text": "Why?"}).json["id"])
    return known


NOT_SENT = {"accept-encoding", "authorization", "cookie"}
"""What is made up there would only prove nobody."""


def send(app: FakeApp, user_id: int | None, case: Case[Any]) -> requests.Response:
    """By a browser that is logged in, where there is a `user_id`."""
    asked = requests.Request(**case.as_transport_kwargs(base_url=f"{BASE}/api/v1")).prepare()
    assert asked.url
    assert asked.method
    url, body = urlsplit(asked.url), asked.body or b""
    body = body.encode() if isinstance(body, str) else body
    assert isinstance(body, bytes)
    headers = {name.lower(): str(value) for name, value in asked.headers.items() if name.lower() not in NOT_SENT}
    client = Client(app)
    if user_id:
        client.log_in(user_id)
        headers["x-csrf-token"] = client.csrf_token
    answer = client.send(asked.method, unquote(url.path), url.query, headers, body)
    raw = HTTPResponse(io.BytesIO(answer.body), answer.headers, answer.status, preload_content=False)
    return requests.adapters.HTTPAdapter().build_response(asked, raw)
