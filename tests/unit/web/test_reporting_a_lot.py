"""People report a lot on its page; operators find it in their queue."""

from __future__ import annotations

from typing import Any

import pytest

from starbid.domain import limits
from starbid.domain.limits import Deed, Limit
from starbid.domain.roles import Role
from tests.support.factories import ANNA, BORIS, SELLER, join, market, put_up
from tests.support.fakes import FakeApp
from tests.support.web import Client, text

ADMIN, VIEWER = 900, 800


@pytest.fixture
def app() -> FakeApp:
    app, _ = market()
    join(app, ADMIN)
    join(app, VIEWER, role=Role.VIEWER)
    return app


@pytest.fixture
def lot(app: FakeApp) -> str:
    return put_up(app, title="A rare watch").auction.id


@pytest.fixture
def anna(app: FakeApp) -> Client:
    return Client(app).log_in(ANNA)


def test_a_lot_is_reported_from_its_page(app: FakeApp, lot: str, anna: Client) -> None:
    assert f'action="/auction/{lot}/report"' in anna.get(f"/auction/{lot}").text
    answer = anna.post_form(f"/auction/{lot}/report", reason="fraud", text="A copy")
    assert (answer.status, answer.headers["location"]) == (303, f"/auction/{lot}")
    assert "An operator looks at the lot" in text(anna.get(f"/auction/{lot}"))
    known = app.reports.by(ANNA, lot, app.now())
    assert known
    assert (known.reason, known.text) == ("fraud", "A copy")


def test_a_reason_in_words_counts_as_another_one(app: FakeApp, lot: str, anna: Client) -> None:
    assert anna.post_form(f"/auction/{lot}/report", reason="This is my own photo").status == 303
    known = app.reports.by(ANNA, lot, app.now())
    assert known
    assert (known.reason, known.text) == ("other", "This is my own photo")


def test_the_same_form_twice_is_one_report_and_another_one_is_refused(app: FakeApp, lot: str, anna: Client) -> None:
    for _ in range(2):
        assert anna.post_form(f"/auction/{lot}/report", reason="fraud").status == 303
    again = anna.post_form(f"/auction/{lot}/report", reason="offensive", text="And it is <i>rude</i>")
    assert again.status == 409
    assert "You have already reported this lot." in text(again)
    assert "And it is &lt;i&gt;rude&lt;/i&gt;" in again.text
    assert app.reports.of(lot, app.now()).count == 1


@pytest.mark.parametrize(
    "fields", [{}, {"reason": ""}, {"reason": "  "}, {"reason": "x" * 501}, {"reason": "fraud", "text": "x" * 501}]
)
def test_a_report_that_says_nothing_or_too_much_stays_in_its_form(
    app: FakeApp, lot: str, anna: Client, fields: dict[str, Any]
) -> None:
    answer = anna.post_form(f"/auction/{lot}/report", **fields)
    assert answer.status == 422
    assert 'id="report-fault"' in answer.text
    assert not app.reports.of(lot, app.now()).is_open


def test_nobody_reports_their_own_lot(app: FakeApp, lot: str) -> None:
    seller = Client(app).log_in(SELLER)
    assert "/report" not in seller.get(f"/auction/{lot}").text
    assert seller.post_form(f"/auction/{lot}/report", reason="fraud").status == 409


def test_a_visitor_is_asked_to_log_in(app: FakeApp, lot: str) -> None:
    page = Client(app).get(f"/auction/{lot}")
    assert "Log in to report this lot" in page.text
    assert f'action="/auction/{lot}/report"' not in page.text


def test_a_blocked_person_and_another_site_report_nothing(app: FakeApp, lot: str, anna: Client) -> None:
    assert anna.post_form(f"/auction/{lot}/report", csrf=False, reason="fraud").status == 403
    join(app, 5, blocked=True)
    assert Client(app).log_in(5).post_form(f"/auction/{lot}/report", reason="fraud").status in (303, 401, 403)
    assert not app.reports.of(lot, app.now()).is_open


def test_too_many_reports_are_told_to_wait(
    app: FakeApp, lot: str, anna: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(limits.LIMITS, Deed.REPORT, Limit(0, 3600))
    answer = anna.post_form(f"/auction/{lot}/report", reason="fraud", text="A copy")
    assert answer.status == 429
    assert "retry-after" in answer.headers
    assert "A copy" in answer.text


def test_a_program_is_told_in_json(app: FakeApp, lot: str) -> None:
    client = Client(app).log_in(ANNA)
    answer = client.post_form(f"/auction/{lot}/report", headers={"accept": "application/json"}, reason="")
    assert (answer.status, answer.code) == (422, "invalid")


def test_a_hidden_lot_is_not_there_to_be_reported_by_strangers(app: FakeApp, lot: str, anna: Client) -> None:
    app.bidding.bid(lot, BORIS, 200, app.now())
    Client(app).log_in(ADMIN).post_form(f"/admin/lots/{lot}/hide", reason="A fake")
    assert anna.post_form(f"/auction/{lot}/report", reason="fraud").status == 404
    assert Client(app).log_in(BORIS).post_form(f"/auction/{lot}/report", reason="fraud").status == 303


# --- the queue --------------------------------------------------------------------------------------------------------


def test_the_queue_says_how_many_why_and_since_when(app: FakeApp, lot: str, anna: Client) -> None:
    admin = Client(app).log_in(ADMIN)
    assert "No report waits" in text(admin.get("/admin/reports"))
    anna.post_form(f"/auction/{lot}/report", reason="fraud", text="<script>alert(1)</script>")
    Client(app).log_in(BORIS).post_form(f"/auction/{lot}/report", reason="category")
    shown = text(admin.get("/admin/reports"))
    assert "A rare watch" in shown
    assert "looks like fraud 1, is in the wrong category 1" in shown
    assert "1 Reported lots the oldest:" in text(admin.get("/admin"))
    page = admin.get(f"/admin/lots/{lot}").text
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


def test_who_only_looks_sees_the_queue_and_decides_nothing(app: FakeApp, lot: str, anna: Client) -> None:
    anna.post_form(f"/auction/{lot}/report", reason="fraud")
    viewer = Client(app).log_in(VIEWER)
    page = viewer.get("/admin/reports")
    assert "A rare watch" in page.text
    assert "/dismiss" not in page.text
    assert viewer.post_form(f"/admin/lots/{lot}/dismiss", reason="x").status == 403
    assert app.reports.of(lot, app.now()).is_open


def test_a_report_is_dismissed_from_the_queue_and_the_second_operator_is_told(
    app: FakeApp, lot: str, anna: Client
) -> None:
    anna.post_form(f"/auction/{lot}/report", reason="fraud")
    admin = Client(app).log_in(ADMIN)
    form: dict[str, Any] = {"reason": "It is genuine", "request_id": "form-1", "back": "reports"}
    for _ in range(2):
        answer = admin.post_form(f"/admin/lots/{lot}/dismiss", **form)
        assert (answer.status, answer.headers["location"]) == (303, "/admin/reports")
    assert "No report waits" in text(admin.get("/admin/reports"))
    late = admin.post_form(f"/admin/lots/{lot}/dismiss", reason="I think so too")
    assert late.status == 409
    assert "Another operator has already decided about these reports." in text(late)
    assert "nothing wrong" in text(late)
