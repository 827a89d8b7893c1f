"""API tokens: made once, told once, listed and deleted."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.support.factories import ANNA, BORIS, join, market
from tests.support.fakes import Death, FakeApp, make_app
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


def test_a_token_makes_no_tokens_and_is_told_where_they_are_made(app: FakeApp, anna: Client) -> None:
    robot = Client(app, token=anna.post("/api/v1/tokens", {"name": "robot"}).json["token"])
    for body in ({"name": "another"}, {"name": ""}, b"no JSON"):
        answer = robot.post("/api/v1/tokens", body, headers={"idempotency-key": "k"})
        assert_error(answer, 403, "session_required")
    assert "/settings" in robot.post("/api/v1/tokens", {"name": "x"}).json["error"]["message"]
    both = Client(app, token=robot.token).log_in(ANNA)
    assert_error(both.post("/api/v1/tokens", {"name": "x"}), 403, "session_required")
    assert [token["name"] for token in robot.get("/api/v1/tokens").json["items"]] == ["robot"]


def test_a_token_does_not_get_the_secret_of_a_request_that_its_owner_made(app: FakeApp, anna: Client) -> None:
    key = {"idempotency-key": "token-1"}
    secret = anna.post("/api/v1/tokens", {"name": "bot"}, headers=key).json["token"]
    assert secret not in Client(app, token=secret).post("/api/v1/tokens", {"name": "bot"}, headers=key).text


def test_of_thirty_two_at_once_twenty_are_made(app: FakeApp, anna: Client) -> None:
    with ThreadPoolExecutor(32) as crowd:
        answers = list(crowd.map(lambda n: anna.post("/api/v1/tokens", {"name": f"t{n}"}).status, range(32)))
    assert (answers.count(201), answers.count(409)) == (20, 12)
    assert len(anna.get("/api/v1/tokens").json["items"]) == 20


def test_a_deleted_token_makes_room_for_one_once(anna: Client) -> None:
    made = [anna.post("/api/v1/tokens", {"name": "x"}).json["id"] for _ in range(20)]
    assert anna.delete(f"/api/v1/tokens/{made[0]}").status == 204
    assert anna.delete(f"/api/v1/tokens/{made[0]}").status == 404
    assert anna.post("/api/v1/tokens", {"name": "x"}).status == 201
    assert_error(anna.post("/api/v1/tokens", {"name": "x"}), 409, "too_many_tokens")


def test_the_page_and_the_api_count_together(app: FakeApp, anna: Client) -> None:
    for _ in range(19):
        anna.post("/api/v1/tokens", {"name": "x"})
    assert anna.post_form("/settings/tokens", name="x").status == 201
    page = anna.post_form("/settings/tokens", name="x")
    assert page.status == 409
    assert "Delete one you no longer use" in page.text


def test_two_that_delete_the_same_token_at_once_count_it_once(app: FakeApp, anna: Client) -> None:
    token = anna.post("/api/v1/tokens", {"name": "x"}).json["id"]
    anna.post("/api/v1/tokens", {"name": "y"})
    app.store.meanwhile(lambda: anna.delete(f"/api/v1/tokens/{token}"))
    assert anna.delete(f"/api/v1/tokens/{token}").status == 404
    assert app.store.tables.people[ANNA].tokens == 1


@pytest.mark.parametrize("after", [False, True])
def test_a_request_whose_process_died_makes_one_token_on_the_next_try(app: FakeApp, anna: Client, after: bool) -> None:
    key = {"idempotency-key": "token-1"}
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        anna.post("/api/v1/tokens", {"name": "bot"}, headers=key)
    made = anna.post("/api/v1/tokens", {"name": "bot"}, headers=key)
    assert made.status == 201
    assert len(anna.get("/api/v1/tokens").json["items"]) == 1
    assert Client(app, token=made.json["token"]).get("/api/v1/me").status == 200


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
