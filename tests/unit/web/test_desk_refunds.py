"""Refunds that people ask for, in the panel: read, and decided once."""

from __future__ import annotations

import pytest

from starbid.domain.refund_requests import mark_of
from starbid.domain.roles import Role
from starbid.services.ports import TryLater
from tests.support.factories import ANNA, join, pay
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Answer, Client, text

OWNER, FINANCE, SUPPORT = 900, 801, 802
MARK = mark_of("c1")
PAGE = f"/admin/refunds/{ANNA}/{MARK}"


@pytest.fixture
def app() -> FakeApp:
    """ANNA asks for her payment of 250 back."""
    app = make_app()
    for user_id, role in ((ANNA, None), (OWNER, None), (FINANCE, Role.FINANCE), (SUPPORT, Role.SUPPORT)):
        join(app, user_id, role=role)
    app.refund_requests.ask(pay(app, ANNA, 250, "c1"), "it was <late>", app.now())
    return app


def desk(app: FakeApp, user_id: int = FINANCE) -> Client:
    return Client(app).log_in(user_id)


def act(client: Client, verb: str, reason: str = "reviewed") -> Answer:
    return client.post_form(f"{PAGE}/{verb}", reason=reason, request_id=f"{verb}-{id(client)}")


def state(app: FakeApp) -> str:
    return app.refund_requests.of_person(ANNA, app.now())[MARK].state.value


def test_it_waits_on_the_first_page_and_in_its_list_until_it_is_decided(app: FakeApp) -> None:
    client = desk(app)
    assert "1 Refunds the oldest:" in text(client.get("/admin"))
    assert PAGE in client.get("/admin/refunds").text
    assert "it was &lt;late&gt;" in client.get(PAGE).text
    assert act(client, "approve").status == 303
    assert (state(app), app.stars.refunded) == ("approved", ["c1"])
    assert PAGE not in client.get("/admin/refunds").text
    assert PAGE in client.get("/admin/refunds", state="approved").text
    assert "refunded" in text(client.get(PAGE))


def test_of_two_operators_the_second_finds_it_done(app: FakeApp) -> None:
    one, two = desk(app), desk(app, OWNER)
    assert [act(client, "approve").status for client in (one, two)] == [303, 303]
    assert app.stars.refunded == ["c1"]
    assert len(app.store.tables.audit) == 1
    refused = act(two, "refuse")
    assert refused.status == 409
    assert "Somebody has already decided about this refund." in text(refused)
    assert state(app) == "approved"


def test_a_form_sent_twice_is_one_refusal_that_the_person_reads(app: FakeApp) -> None:
    client = desk(app)
    assert [act(client, "refuse", "not today").status for _ in range(2)] == [303, 303]
    assert [entry.action for entry in app.store.tables.audit.values()] == ["refuse-refund"]
    assert [notice.kind for notice in app.run_streams() if notice.user_id == ANNA][-1] == "refund_refused"


def test_what_cannot_go_back_now_has_no_button_and_a_forged_form_is_409(app: FakeApp) -> None:
    app.people.subscribe(ANNA, "r1", app.now())
    page = desk(app).get(PAGE).text
    assert f"{PAGE}/approve" not in page
    assert f"{PAGE}/refuse" in page
    refused = act(desk(app), "approve")
    assert refused.status == 409
    assert state(app) == "open"


def test_an_answer_of_telegrams_that_does_not_come_is_told(app: FakeApp) -> None:
    app.stars.fail_next(TryLater(30))
    client = desk(app)
    assert act(client, "approve").status == 303
    assert "Telegram has not confirmed it yet" in text(client.get(PAGE))
    assert state(app) == "approved"


def test_support_reads_it_and_decides_nothing(app: FakeApp) -> None:
    client = desk(app, SUPPORT)
    assert f"{PAGE}/approve" not in client.get(PAGE).text
    assert act(client, "approve").status == 403
    assert state(app) == "open"


@pytest.mark.parametrize(
    "path", [f"/admin/refunds/{ANNA}/0000", f"/admin/refunds/x/{MARK}", f"/admin/refunds/2/{MARK}"]
)
def test_what_nobody_asked_for_is_not_there(app: FakeApp, path: str) -> None:
    assert desk(app).get(path).status == 404
    assert desk(app).post_form(f"{path}/approve", reason="x").status == 404
