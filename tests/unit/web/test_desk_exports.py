"""Exports in the panel: asked for by a form, made by the clerk, fetched by a link."""

from __future__ import annotations

import csv
import io
from datetime import timedelta
from typing import Any

import pytest

from starbid.domain.people import Person
from starbid.domain.roles import Role
from starbid.services.exports import asking, making
from tests.support import factories
from tests.support.dynamo import join
from tests.support.fakes import FakeApp, make_app
from tests.support.web import Answer, Client

OWNER = 900
JSON = {"accept": "application/json"}


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    join(app, OWNER)
    for person_id in (101, 102):
        join(app, person_id, stars=50)
    app.clock.forward(seconds=5)
    return app


def operator(app: FakeApp, role: Role, person_id: int = 700) -> Client:
    person: Person = factories.person(person_id, joined_at=app.now() - timedelta(days=900), role=role)
    app.store.add_person(person)
    return Client(app).log_in(person_id)


def owner(app: FakeApp) -> Client:
    return Client(app).log_in(OWNER)


def ask(browser: Client, **fields: Any) -> Answer:
    return browser.post_form("/admin/exports", **({"what": "users", "format": "csv", "request_id": "r1"} | fields))


def run(app: FakeApp) -> None:
    while app.desk_work.asked:
        job, facts, _ = app.desk_work.asked.pop(0)
        assert job == "export"
        app.export_making.make(facts["id"], lambda: True)


def test_a_form_leads_to_its_export_and_from_there_to_the_file(app: FakeApp) -> None:
    browser = owner(app)
    answer = ask(browser)
    assert (answer.status, answer.headers["location"][:15]) == (303, "/admin/exports/")
    page = browser.get(answer.headers["location"])
    assert "hx-get" in page.text
    assert "<progress" in page.text
    assert 'http-equiv="refresh"' in page.text
    run(app)
    done = browser.get(answer.headers["location"])
    assert "hx-get" not in done.text
    fetched = browser.get(f"{answer.headers['location']}/file")
    assert fetched.status == 303
    assert fetched.headers["location"].startswith("https://exports.example/files/")
    (content,) = app.export_files.files.values()
    rows = list(csv.DictReader(io.StringIO(content.decode(), newline="")))
    assert [row["user_id"] for row in rows] == ["900", "102", "101"] or len(rows) == 3
    assert {row["user_id"]: row["XTR_available"] for row in rows} == {"900": "0", "101": "50", "102": "50"}


def test_the_columns_of_people_are_those_of_the_contract(app: FakeApp) -> None:
    ask(owner(app))
    run(app)
    (content,) = app.export_files.files.values()
    assert content.split(b"\r\n")[0].decode() == (
        "user_id,username,name,language,created_at,blocked,role,subscription_until,"
        "XTR_available,XTR_held,XTR_owed,RUB_available,RUB_held,RUB_owed,"
        "USD_available,USD_held,USD_owed,EUR_available,EUR_held,EUR_owed"
    )


@pytest.mark.parametrize(
    ("what", "columns"),
    [
        ("log", "time,kind,user_id,subject,details"),
        ("audit", "time,admin_id,action,user_id,subject,before,after,reason,address"),
    ],
)
def test_the_columns_of_logs_are_those_of_the_contract(app: FakeApp, what: str, columns: str) -> None:
    ask(owner(app), what=what)
    run(app)
    (content,) = app.export_files.files.values()
    assert content.split(b"\r\n")[0].decode() == columns


def test_an_audit_export_holds_what_came_before_it(app: FakeApp) -> None:
    browser = owner(app)
    ask(browser, request_id="r1")
    app.clock.forward(seconds=5)
    app.desk_work.asked.clear()
    ask(browser, what="audit", request_id="r2")
    run(app)
    (content,) = app.export_files.files.values()
    (row,) = csv.DictReader(io.StringIO(content.decode(), newline=""))
    assert (row["admin_id"], row["action"], row["address"]) == ("900", "export", "127.0.0.1")


def test_a_form_that_is_sent_twice_is_one_export(app: FakeApp) -> None:
    browser = owner(app)
    assert ask(browser).headers["location"] == ask(browser).headers["location"]
    assert len(app.store.tables.audit) == 1


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"what": "secrets"}, "what"),
        ({"what": ""}, "what"),
        ({"format": "pdf"}, "format"),
        ({"from": "2026-13-01"}, "from"),
        ({"to": "x" * 10_000}, "to"),
        ({"from": "2026-05-02", "to": "2026-05-01"}, "to"),
    ],
)
def test_a_wrong_field_is_told_of_beside_what_was_typed(app: FakeApp, wrong: dict[str, str], field: str) -> None:
    browser = owner(app)
    answer = ask(browser, **{"bom": "1", "from": "2026-04-30"} | wrong)
    assert answer.status == 422
    assert f'id="fault-{field}"' in answer.text
    assert 'name="bom" value="1" checked' in answer.text
    told = ask(browser, headers=JSON, **wrong)
    assert (told.status, told.code) == (422, "invalid")
    assert app.store.tables.desk == {}


def test_a_workbook_of_too_many_rows_is_refused_before_it_is_begun(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "MOST_SHEET_ROWS", 2)
    answer = ask(owner(app), format="xlsx")
    assert answer.status == 422
    assert 'id="fault-format"' in answer.text
    assert app.desk_work.asked == []


def test_who_has_no_role_finds_nothing_and_a_viewer_may_not(app: FakeApp) -> None:
    path = ask(owner(app)).headers["location"]
    person = Client(app).log_in(101)
    for browser, status in ((Client(app), 404), (person, 404), (operator(app, Role.VIEWER), 403)):
        assert ask(browser, request_id="r2").status == status
    for browser in (Client(app), person, operator(app, Role.VIEWER, 701), operator(app, Role.FINANCE, 702)):
        for of in ("", "/file", "/progress"):
            assert browser.get(path + of).status == 404
        for act in ("/cancel", "/retry"):
            assert browser.post_form(path + act).status in (403, 404)
    assert len(app.store.tables.audit) == 1


@pytest.mark.parametrize(
    ("role", "what", "status"),
    [
        (Role.SUPPORT, "ledger", 403),
        (Role.SUPPORT, "users", 403),
        (Role.SUPPORT, "lots", 303),
        (Role.FINANCE, "ledger", 303),
        (Role.FINANCE, "audit", 403),
        (Role.OWNER, "audit", 303),
    ],
)
def test_each_export_takes_its_right(app: FakeApp, role: Role, what: str, status: int) -> None:
    assert ask(operator(app, role), what=what).status == status


def test_a_form_without_its_token_does_nothing(app: FakeApp) -> None:
    browser = owner(app)
    assert browser.post_form("/admin/exports", csrf=False, what="users", format="csv").status == 403
    assert app.store.tables.desk == {}


def test_a_link_is_given_once_the_file_is_there_and_not_after_a_day(app: FakeApp) -> None:
    browser = owner(app)
    path = ask(browser).headers["location"]
    early = browser.get(f"{path}/file")
    assert (early.status, "not ready" in early.text) == (409, True)
    run(app)
    assert browser.get(f"{path}/file").status == 303
    app.clock.forward(days=1)
    browser = owner(app)
    late = browser.get(f"{path}/file")
    assert (late.status, "no longer kept" in late.text) == (410, True)
    assert "Export it again" in browser.get(path).text
    app.clock.forward(days=30)
    assert owner(app).get(path).status == 404


def test_a_failure_is_told_and_can_be_tried_again(app: FakeApp) -> None:
    browser = owner(app)
    path = ask(browser).headers["location"]
    app.export_files.fail_next(RuntimeError("a secret of ours"))
    with pytest.raises(RuntimeError):
        run(app)
    page = browser.get(path)
    assert "The last attempt failed" in page.text
    assert "a secret of ours" not in page.text
    assert browser.post_form(f"{path}/retry").status == 303
    run(app)
    assert browser.get(f"{path}/file").status == 303


def test_what_is_cancelled_stays_so(app: FakeApp) -> None:
    browser = owner(app)
    path = ask(browser).headers["location"]
    assert browser.post_form(f"{path}/cancel", request_id="c1").status == 303
    run(app)
    assert app.export_files.files == {}
    assert browser.get(f"{path}/file").status == 410
    assert browser.post_form(f"{path}/cancel", request_id="c2").status == 409
    assert browser.post_form(f"{path}/retry", request_id="c3").status == 409


def test_the_progress_is_a_part_that_asks_for_itself_until_it_is_done(
    app: FakeApp, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(making, "PART", 1)
    browser = owner(app)
    path = ask(browser).headers["location"]
    part = browser.get(f"{path}/progress")
    assert "<html" not in part.text
    assert f'hx-get="{path}/progress"' in part.text
    run(app)
    assert "hx-get" not in browser.get(f"{path}/progress").text


def test_the_list_is_ones_own_and_an_owner_sees_all(app: FakeApp) -> None:
    finance = operator(app, Role.FINANCE)
    mine, other = ask(finance).headers["location"], ask(owner(app), what="lots").headers["location"]
    assert mine in finance.get("/admin/exports").text
    assert other not in finance.get("/admin/exports").text
    listed = owner(app).get("/admin/exports").text
    assert mine in listed
    assert other in listed
    viewer = operator(app, Role.VIEWER, 703).get("/admin/exports")
    assert (viewer.status, "does not include exports" in viewer.text) == (200, True)


@pytest.mark.parametrize(
    "path", ["/admin/exports?cursor=nonsense", "/admin/exports/UPPER", "/admin/exports/" + "a" * 40]
)
def test_an_address_that_is_none_is_answered_calmly(app: FakeApp, path: str) -> None:
    path, _, query = path.partition("?")
    answer = owner(app).send("GET", path, query)
    assert answer.status in (404, 422)
