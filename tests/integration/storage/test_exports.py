"""Exports over each of the stores: files in parts, workbooks, the job from end to end."""

from __future__ import annotations

import csv
import io
from contextlib import suppress
from datetime import UTC
from typing import Any
from urllib.request import urlopen

import moto.s3.models
import openpyxl
import pytest

from starbid.domain.audit_trail import Operator, decided
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.exports import LEASE, State
from starbid.domain.roles import Role
from starbid.services.exports import making, sources
from starbid.services.exports.records import GROUP, export_of
from starbid.services.ports import UploadGone
from starbid.storage.clients import client
from tests.support import factories, fake_exports
from tests.support.dynamo import DynamoApp, join, put_up
from tests.support.factories import ANNA, BORIS, SELLER
from tests.support.fakes import FakeApp, StagedApp
from tests.support.there import there

PART = b"x" * (5 * 1024 * 1024)
OWNER = Operator(900, Role.OWNER, "127.0.0.1")


def content(app: StagedApp, name: str) -> bytes:
    if isinstance(app, FakeApp):
        return app.export_files.files[name]
    return client("s3").get_object(Bucket=app.settings.exports_bucket, Key=name)["Body"].read()


def test_a_file_is_written_whole_or_by_parts_whose_numbers_go_up(any_app: StagedApp) -> None:
    files = any_app.export_files
    assert files.size("files/a.csv") is None
    files.write("files/a.csv", b"first")
    files.write("files/a.csv", b"again")
    assert (files.size("files/a.csv"), content(any_app, "files/a.csv")) == (5, b"again")
    upload = files.begin("files/b.csv")
    parts = tuple(files.add("files/b.csv", upload, number, data) for number, data in ((2, PART), (7, b"end")))
    files.add("files/b.csv", upload, 5, b"of one that lost its lease")
    files.finish("files/b.csv", upload, parts)
    assert content(any_app, "files/b.csv") == PART + b"end"
    with suppress(UploadGone):  # S3 takes it for the same call for a while
        files.finish("files/b.csv", upload, parts)
    assert files.size("files/b.csv") == len(PART) + 3


def test_a_workbook_is_made_of_rows(any_app: StagedApp) -> None:
    any_app.export_files.write("rows/a.jsonl", '["id","name"]\n[5,"=1+1"]\n[-7,"Анна 🦊"]\n'.encode())
    any_app.export_files.make_workbook("rows/a.jsonl", "files/a.xlsx")
    book = openpyxl.load_workbook(io.BytesIO(content(any_app, "files/a.xlsx")))
    rows = [[(cell.value, cell.data_type) for cell in row] for row in there(book.active).iter_rows()]
    assert rows == [[("id", "s"), ("name", "s")], [(5, "n"), ("=1+1", "s")], [(-7, "n"), ("Анна 🦊", "s")]]


def test_a_link_gives_the_file_with_its_name(emulated: DynamoApp) -> None:
    emulated.export_files.write("files/a.csv", b"user_id\r\n1\r\n")
    link = emulated.export_files.link("files/a.csv", "starbid-users.csv")
    assert "X-Amz-Expires=900" in link
    with urlopen(link) as answer:
        assert answer.read() == b"user_id\r\n1\r\n"


@pytest.mark.parametrize("what", ["users", "ledger", "payments", "lots", "log", "audit"])
def test_everything_can_be_exported(any_app: StagedApp, what: str) -> None:
    app = any_app
    join(app, SELLER, seller=True)
    for person_id, amount in ((ANNA, 300), (BORIS, 500)):
        join(app, person_id, stars=amount)
    lot = put_up(app, type="sealed")
    app.bidding.bid(lot.auction.id, ANNA, 254, app.now(), confirmed=True)
    app.event_log.keep(
        [LogEntry("e1", app.now(), LogKind.BID, "placed", ANNA, f"lot/{lot.auction.id}", {"by": "chat"})], app.now()
    )
    app.clock.forward(seconds=1)
    export_of_what(app, "lots", "k0")
    app.clock.forward(seconds=1)
    rows = export_of_what(app, what, "k1")
    match what:
        case "users":
            assert {row["user_id"]: row["XTR_held"] for row in rows} == {
                str(SELLER): "0",
                str(ANNA): "254",
                str(BORIS): "0",
            }
        case "ledger":
            assert [sum(int(row["change"]) for row in rows), len(rows)] == [0, 4]
        case "payments":
            assert {(row["user_id"], row["amount"], row["kind"]) for row in rows} == {
                (str(ANNA), "300", "charge"),
                (str(BORIS), "500", "charge"),
            }
        case "lots":
            (row,) = rows
            assert (row["lot_id"], row["status"], row["bids"]) == (lot.auction.id, "live", "1")
            assert "254" not in row.values()
        case "log":
            (row,) = rows
            assert (row["kind"], row["details"]) == ("bid", '{"by": "chat", "event": "placed"}')
        case "audit":
            (row,) = rows
            assert (row["action"], row["admin_id"]) == ("export", "900")


def export_of_what(app: StagedApp, what: str, key: str) -> list[dict[str, str]]:
    decision = decided(OWNER, "", key, app.now(), needs_reason=False)
    export_id = app.exports.ask(decision, {"what": what, "format": "csv"}, UTC)
    app.export_making.make(export_id, lambda: True)
    return list(csv.DictReader(io.StringIO(content(app, f"files/{export_id}.csv").decode(), newline=""), strict=True))


def test_a_large_one_goes_on_from_part_to_part(any_app: StagedApp, monkeypatch: pytest.MonkeyPatch) -> None:
    small: list[tuple[Any, str, int]] = [(making, "PART", 500), (sources, "PAGE", 3), (fake_exports, "LEAST_PART", 500)]
    for module, name, value in (*small, (moto.s3.models, "S3_UPLOAD_PART_MIN_SIZE", 500)):
        monkeypatch.setattr(module, name, value)
    if not isinstance(any_app, FakeApp) and client("s3").meta.endpoint_url.startswith("http://127"):
        monkeypatch.setattr(making, "PART", 5 * 1024 * 1024)  # the emulator takes no smaller parts
    for number in range(40):
        any_app.store.add_person(factories.person(100 + number, joined_at=any_app.now()))
    any_app.clock.forward(seconds=1)
    decision = decided(OWNER, "", "k1", any_app.now(), needs_reason=False)
    export_id = any_app.exports.ask(decision, {"what": "users", "format": "csv"}, UTC)
    for _ in range(50):
        any_app.export_making.make(export_id, lambda: False)
        any_app.clock.forward(seconds=int(LEASE.total_seconds()))
        row = there(any_app.desk.row(GROUP, export_id, any_app.now()))
        if export_of(row).state is State.DONE:
            break
    rows = list(csv.DictReader(io.StringIO(content(any_app, f"files/{export_id}.csv").decode(), newline="")))
    assert sorted(int(row["user_id"]) for row in rows) == [100 + number for number in range(40)]
