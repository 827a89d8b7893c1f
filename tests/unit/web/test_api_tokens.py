"""API tokens: made once, told once, listed and deleted."""

from __future__ import annotations

import pytest

from tests.support.factories import ANNA, BORIS, join, market
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Answer, Client


def assert_error(answer: Answer, status: int, code: str) -> None:
    assert (answer.status, answer.code) == (status, code), answer.text


@pytest.fixture
def app() -> FakeApp:
    app, _ = market(start_price=100)
    return app


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def test_a_token_is_told_once_and_only_its_hash_is_kept(app: FakeApp, anna: Client) -> None:
    made = anna.post("/api/v1/tokens", {"name": " My  bot "})
    assert made.status == 201
    secret = made.json["token"]
    assert len(secret) == 35
    assert secret.startswith("sb_")
    assert made.json["name"] == "My bot"
    assert secret not in anna.get("/api/v1/tokens").text
    assert secret not in repr(app.store.tables)
    assert Client(app, token=secret).get("/api/v1/me").json["id"] == ANNA


def test_tokens_are_listed_and_deleted(app: FakeApp, anna: Client) -> None:
    made = [anna.post("/api/v1/tokens", {"name": name}).json for name in ("one", "two")]
    assert {token["name"] for token in anna.get("/api/v1/tokens").json["items"]} == {"one", "two"}
    assert anna.delete(f"/api/v1/tokens/{made[0]['id']}").status == 204
    assert [token["id"] for token in anna.get("/api/v1/tokens").json["items"]] == [made[1]["id"]]
    assert_error(Client(app, token=made[0]["token"]).get("/api/v1/me"), 401, "unauthenticated")
    assert_error(anna.delete(f"/api/v1/tokens/{made[0]['id']}"), 404, "not_found")


def test_nobody_deletes_the_token_of_another(app: FakeApp, anna: Client) -> None:
    token = anna.post("/api/v1/tokens", {"name": "mine"}).json
    boris = Client(app).log_in(BORIS)
    assert_error(boris.delete(f"/api/v1/tokens/{token['id']}"), 404, "not_found")
    assert Client(app, token=token["token"]).get("/api/v1/me").status == 200
    assert boris.get("/api/v1/tokens").json == {"items": []}


@pytest.mark.parametrize("name", [None, "", " ", "x" * 65, 5, ["a"], "a\x00b"])
def test_a_token_needs_a_name(anna: Client, name: object) -> None:
    answer = anna.post("/api/v1/tokens", {"name": name})
    assert_error(answer, 422, "invalid")
    assert answer.json["error"]["details"]["field"] == "name"


def test_twenty_tokens_are_enough(anna: Client) -> None:
    assert [anna.post("/api/v1/tokens", {"name": "one more"}).status for _ in range(20)] == [201] * 20
    assert_error(anna.post("/api/v1/tokens", {"name": "one too many"}), 409, "too_many_tokens")


def test_a_repeated_request_gets_the_same_secret_which_is_kept_nowhere(app: FakeApp, anna: Client) -> None:
    key = {"idempotency-key": "token-1"}
    first = anna.post("/api/v1/tokens", {"name": "bot"}, headers=key)
    app.clock.forward(minutes=1)
    again = anna.post("/api/v1/tokens", {"name": "bot"}, headers=key)
    assert (again.status, again.json) == (201, first.json)
    assert len(anna.get("/api/v1/tokens").json["items"]) == 1
    assert first.json["token"] not in repr(app.store.tables)
    assert_error(anna.post("/api/v1/tokens", {"name": "other"}, headers=key), 422, "idempotency_key_reused")


def test_a_deleted_token_does_not_come_back_with_a_repeat(app: FakeApp, anna: Client) -> None:
    key = {"idempotency-key": "token-1"}
    first = anna.post("/api/v1/tokens", {"name": "bot"}, headers=key).json
    anna.delete(f"/api/v1/tokens/{first['id']}")
    assert anna.post("/api/v1/tokens", {"name": "bot"}, headers=key).json == first
    assert_error(Client(app, token=first["token"]).get("/api/v1/me"), 401, "unauthenticated")


def test_of_two_requests_at_the_same_time_one_token_stays(app: FakeApp, anna: Client) -> None:
    key, others = {"idempotency-key": "token-1"}, []
    app.store.meanwhile(lambda: others.append(anna.post("/api/v1/tokens", {"name": "bot"}, headers=key)))
    mine = anna.post("/api/v1/tokens", {"name": "bot"}, headers=key)
    assert mine.json == others[0].json
    assert len(anna.get("/api/v1/tokens").json["items"]) == 1
    assert Client(app, token=mine.json["token"]).get("/api/v1/me").status == 200


def test_a_refused_token_request_is_remembered_as_refused(anna: Client) -> None:
    key = {"idempotency-key": "token-1"}
    answers = [anna.post("/api/v1/tokens", {"name": ""}, headers=key) for _ in range(2)]
    assert [(answer.status, answer.code) for answer in answers] == [(422, "invalid")] * 2


def test_a_session_whose_person_is_gone_is_401_where_the_person_is_asked_for() -> None:
    app = make_app()
    join(app, ANNA)
    assert_error(Client(app).log_in(99).get("/api/v1/me"), 401, "unauthenticated")
