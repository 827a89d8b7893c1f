"""Exports in tests: asked for, made to the end, read by readers that are not ours."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable

import openpyxl

from starbid.domain.audit_trail import Decision, Operator, decided
from starbid.domain.exports import Export, State
from starbid.domain.roles import Role
from starbid.services.exports.records import GROUP, export_of
from tests.support.fakes import FakeApp
from tests.support.there import there

OWNER = Operator(900, Role.OWNER, "127.0.0.1")
Fields = dict[str, str]


def decision(app: FakeApp, key: str = "k1", by: Operator = OWNER) -> Decision:
    return decided(by, "", key, app.now(), needs_reason=False)


def ask(app: FakeApp, what: str, key: str = "k1", by: Operator = OWNER, **fields: str) -> str:
    from zoneinfo import ZoneInfo

    wished = {"what": what, "format": "csv"} | {name.strip("_"): value for name, value in fields.items()}
    return app.exports.ask(decision(app, key, by), wished, ZoneInfo("UTC"))


def record(app: FakeApp, export_id: str) -> Export:
    return export_of(there(app.desk.row(GROUP, export_id, app.now())))


def make(app: FakeApp, export_id: str, has_time: Callable[[], bool] = lambda: True) -> Export:
    """Delivers its messages until none is left."""
    app.export_making.make(export_id, has_time)
    for _ in range(100):
        waiting = [asked for asked in app.desk_work.asked if asked[0] == "export"]
        app.desk_work.asked.clear()
        if record(app, export_id).state is State.DONE or not waiting:
            break
        app.export_making.make(export_id, has_time)
    return record(app, export_id)


def content(app: FakeApp, export_id: str) -> bytes:
    (name,) = (name for name in app.export_files.files if name.startswith(f"files/{export_id}."))
    return app.export_files.files[name]


def table(app: FakeApp, export_id: str) -> list[list[str]]:
    """The rows of a CSV, the names of its columns first."""
    return list(csv.reader(io.StringIO(content(app, export_id).decode(), newline=""), strict=True))


def sheet(app: FakeApp, export_id: str) -> list[list[object]]:
    """The rows of a workbook."""
    book = openpyxl.load_workbook(io.BytesIO(content(app, export_id)))
    assert not [cell for row in book.active.iter_rows() for cell in row if cell.data_type == "f" or cell.hyperlink]
    return [[cell.value for cell in row] for row in book.active.iter_rows()]
