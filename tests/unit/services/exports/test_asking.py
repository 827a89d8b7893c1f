from datetime import timedelta

import pytest

from starbid.domain.audit_trail import Operator
from starbid.domain.errors import Invalid
from starbid.domain.exports import ExportGone, ExportNotReady, ExportOver, NoSuchExport, State
from starbid.domain.roles import NotAllowed, Role
from starbid.services.exports import asking
from starbid.services.ports import Contended, Unavailable
from tests.support import factories
from tests.support.dynamo import join
from tests.support.fakes import FakeApp, make_app
from tests.unit.services.exports.exporting import OWNER, ask, decision, make, record

FINANCE, SUPPORT, VIEWER = Operator(901, Role.FINANCE), Operator(902, Role.SUPPORT), Operator(903, Role.VIEWER)


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    for number in range(5):
        join(app, 100 + number)
        app.clock.forward(seconds=1)
    return app


def test_who_exported_what_stands_in_the_audit_log(app: FakeApp) -> None:
    export_id = ask(app, "users", from_="2026-01-01")
    (entry,) = app.store.tables.audit.values()
    assert (entry.admin_id, entry.action, entry.subject) == (900, "export", f"export/{export_id}")
    assert entry.after.startswith("users csv from 2026-01-01T00:00:00.000Z until ")
    assert app.desk_work.asked == [("export", {"id": export_id}, 0)]
    assert record(app, export_id).total == 5


def test_a_form_that_comes_twice_is_one_export(app: FakeApp) -> None:
    first = ask(app, "users")
    app.clock.forward(seconds=5)
    assert ask(app, "users") == first
    assert len(app.store.tables.audit) == len(app.store.tables.desk) == 1
    assert ask(app, "users", key="k2") != first
    assert ask(app, "users", by=FINANCE) != first


def test_an_export_whose_message_was_lost_is_asked_for_again_by_the_same_form(app: FakeApp) -> None:
    app.desk_work.fail_next(Unavailable("sqs"))
    with pytest.raises(Unavailable):
        ask(app, "users")
    assert make(app, ask(app, "users")).state is State.DONE


@pytest.mark.parametrize("error", [Contended(), Unavailable("dynamodb")])
def test_an_export_that_could_not_be_written_down_is_none(app: FakeApp, error: Exception) -> None:
    app.store.fail_next(error)
    with pytest.raises(type(error)):
        ask(app, "users")
    assert app.desk_work.asked == []


@pytest.mark.parametrize(
    ("by", "may"),
    [
        (VIEWER, set()),
        (SUPPORT, {"lots", "log"}),
        (FINANCE, {"users", "ledger", "payments", "lots", "log"}),
        (OWNER, {"users", "ledger", "payments", "lots", "log", "audit"}),
    ],
)
def test_each_takes_the_right_that_its_contents_take(app: FakeApp, by: Operator, may: set[str]) -> None:
    for what in ("users", "ledger", "payments", "lots", "log", "audit"):
        if what in may:
            ask(app, what, key=what, by=by)
        else:
            with pytest.raises(NotAllowed):
                ask(app, what, key=what, by=by)
    assert len(app.store.tables.desk) == len(may)


def test_a_workbook_takes_so_many_rows_and_not_one_more(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(asking, "MOST_SHEET_ROWS", 5)
    ask(app, "users", format="xlsx")
    join(app, 200)
    app.clock.forward(seconds=1)
    with pytest.raises(Invalid) as refused:
        ask(app, "users", key="k2", format="xlsx")
    assert (refused.value.field, refused.value.facts) == ("format", {"most": 5})
    export_id = ask(app, "users", key="k3", format="csv")
    assert record(app, export_id).total is None
    assert len(app.store.tables.audit) == 2


def test_a_transfer_takes_two_rows_of_a_workbook(app: FakeApp, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        factories.pay(app, 100 + number, 10)
    app.clock.forward(seconds=1)
    monkeypatch.setattr(asking, "MOST_SHEET_ROWS", 6)
    ask(app, "ledger", format="xlsx")
    monkeypatch.setattr(asking, "MOST_SHEET_ROWS", 5)
    with pytest.raises(Invalid):
        ask(app, "ledger", key="k2", format="xlsx")


def test_others_exports_are_for_owners_alone(app: FakeApp) -> None:
    lots, users = ask(app, "lots", key="k1", by=SUPPORT), ask(app, "users", key="k2", by=FINANCE)
    assert app.exports.find(OWNER, lots, app.now()).by == SUPPORT.id
    for by, export_id in ((FINANCE, lots), (SUPPORT, users)):
        with pytest.raises(NoSuchExport):
            app.exports.find(by, export_id, app.now())
        with pytest.raises(NoSuchExport):
            app.exports.link(by, export_id, app.now())
        with pytest.raises(NoSuchExport):
            app.exports.cancel(decision(app, by=by), export_id)
    assert {each.id for each in app.exports.page(OWNER, app.now()).items} == {lots, users}
    assert [each.id for each in app.exports.page(SUPPORT, app.now()).items] == [lots]


def test_who_has_a_smaller_role_by_now_has_their_export_no_more(app: FakeApp) -> None:
    export_id = ask(app, "ledger", by=FINANCE)
    make(app, export_id)
    with pytest.raises(NotAllowed):
        app.exports.link(Operator(FINANCE.id, Role.SUPPORT), export_id, app.now())


def test_a_file_is_had_by_a_link_once_it_is_done_and_for_a_day(app: FakeApp) -> None:
    export_id = ask(app, "users")
    with pytest.raises(ExportNotReady):
        app.exports.link(OWNER, export_id, app.now())
    make(app, export_id)
    assert "saved_as=starbid-users-2026-05-01.csv" in app.exports.link(OWNER, export_id, app.now())
    app.clock.forward(days=1)
    with pytest.raises(ExportGone):
        app.exports.link(OWNER, export_id, app.now())
    assert app.exports.find(OWNER, export_id, app.now()).is_deleted(app.now())
    app.clock.forward(days=30)
    with pytest.raises(NoSuchExport):
        app.exports.find(OWNER, export_id, app.now())


def test_what_is_cancelled_is_not_made(app: FakeApp) -> None:
    export_id = ask(app, "users")
    app.exports.cancel(decision(app, "c1"), export_id)
    assert make(app, export_id).state is State.CANCELLED
    assert app.export_files.files == {}
    with pytest.raises(ExportGone):
        app.exports.link(OWNER, export_id, app.now())
    assert [entry.action for entry in app.store.tables.audit.values()] == ["export", "cancel-export"]
    for act in (app.exports.cancel, app.exports.try_again):
        with pytest.raises(ExportOver):
            act(decision(app, "c2"), export_id)


def test_what_is_done_is_not_cancelled(app: FakeApp) -> None:
    export_id = ask(app, "users")
    make(app, export_id)
    with pytest.raises(ExportOver):
        app.exports.cancel(decision(app, "c1"), export_id)


def test_two_who_cancel_at_once_cancel_it_once(app: FakeApp) -> None:
    export_id = ask(app, "users")
    app.store.meanwhile(lambda: app.exports.cancel(decision(app, "c2", Operator(905, Role.OWNER)), export_id))
    with pytest.raises(ExportOver):
        app.exports.cancel(decision(app, "c1"), export_id)
    assert len(app.store.tables.audit) == 2


def test_one_that_stands_still_is_tried_again_by_whom_it_belongs_to(app: FakeApp) -> None:
    export_id = ask(app, "users")
    app.desk_work.asked.clear()
    app.clock.now += timedelta(minutes=5)
    app.exports.try_again(decision(app, "r1"), export_id)
    assert app.desk_work.asked == [("export", {"id": export_id}, 0)]
    assert make(app, export_id).state is State.DONE
