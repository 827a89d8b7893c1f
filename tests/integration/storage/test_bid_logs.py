"""Bid logs over each of the stores: rows in their order, files in parts, the writer from end to end."""

from __future__ import annotations

import json
from typing import Any
from urllib.request import Request, urlopen

import pytest

from starbid.domain import audit
from starbid.domain.audit_rows import opened_of
from starbid.services import bid_logs
from starbid.services.ports import LogProgress, UploadGone
from tests.support.dynamo import DynamoApp, join, put_up
from tests.support.factories import ANNA, BORIS, SELLER
from tests.support.fakes import ENVIRONMENT, StagedApp
from tests.support.there import there

PART = b"x" * (5 * 1024 * 1024)


def sold(app: StagedApp, bids: int, **changes: Any) -> str:
    join(app, SELLER, seller=True)
    for who in (ANNA, BORIS):
        join(app, who, stars=100_000)
    lot = put_up(app, duration_seconds=60, **changes).auction.id
    for number in range(bids):
        app.bidding.bid(lot, (ANNA, BORIS)[number % 2], 100 + 50 * number, app.now(), confirmed=True)
        app.clock.forward(seconds=1)
    app.clock.forward(hours=3)
    app.closing.close(lot, app.now())
    return str(lot)


def test_rows_come_in_their_order_behind_a_number(any_app: StagedApp) -> None:
    lot = sold(any_app, 7)
    assert [row.number for row in any_app.store.bids_after(lot, 0, 3)] == [1, 2, 3]
    assert [row.number for row in any_app.store.bids_after(lot, 3, 100)] == [4, 5, 6, 7]
    assert any_app.store.bids_after(lot, 7, 100) == ()


def test_a_persons_last_bid_is_found_among_those_of_others_and_on_other_lots(any_app: StagedApp) -> None:
    lot = sold(any_app, 7)
    other = put_up(any_app).auction.id
    any_app.bidding.bid(other, BORIS, 5_000, any_app.now(), confirmed=True)
    auction = any_app.store.auction(lot)
    assert [there(any_app.store.last_bid(auction, who)).number for who in (ANNA, BORIS)] == [7, 6]
    assert any_app.store.last_bid(auction, SELLER) is None


def test_a_file_is_there_once_and_is_the_first_ones(any_app: StagedApp) -> None:
    files = any_app.log_files
    assert (files.exists("lot1"), files.find("lot1", 9)) == (False, None)
    for content in (b"first", b"second"):
        files.write("lot1", content)
    assert files.exists("lot1")
    assert (there(files.find("lot1", 5)).content, there(files.find("lot1", 5)).link) == (b"first", "")
    assert there(files.find("lot1", 4)).content == b""
    assert "lot1.json" in there(files.find("lot1", 4)).link


def test_parts_are_put_together_in_their_order_and_may_be_handed_in_twice(any_app: StagedApp) -> None:
    files = any_app.log_files
    upload = files.begin("lot2")
    tail = files.add("lot2", upload, 2, b"tail")
    parts = [files.add("lot2", upload, 1, PART) for _ in range(2)]
    files.finish("lot2", upload, (parts[1], tail))
    assert there(files.find("lot2", 10**8)).content == PART + b"tail"


def test_a_second_writer_leaves_the_file_of_the_first(any_app: StagedApp) -> None:
    files = any_app.log_files
    first, second = files.begin("lot3"), files.begin("lot3")
    parts = [files.add("lot3", upload, 1, content) for upload, content in ((first, b"1"), (second, b"2"))]
    files.finish("lot3", first, (parts[0],))
    files.finish("lot3", second, (parts[1],))
    assert there(files.find("lot3", 9)).content == b"1"


def test_parts_of_a_file_that_nobody_knows_are_refused(emulated: DynamoApp) -> None:
    files = emulated.log_files
    with pytest.raises(UploadGone):
        files.add("lot4", "11111111-2222-3333-4444-555555555555", 1, b"x")


def test_progress_is_kept_with_its_rows(any_app: StagedApp) -> None:
    lot = sold(any_app, 3, type="sealed")
    rows = any_app.store.bids_after(lot, 0, 10)
    progress = LogProgress("upload-1", ({"ETag": "a"}, {"ETag": "b", "ChecksumCRC32": "c"}), 3, "f" * 64, rows)
    name = any_app.log_files.save_progress(lot, progress)
    assert any_app.log_files.progress(lot, name) == progress
    assert any_app.log_files.progress(lot, "another") is None


def test_a_log_of_several_parts_is_written_in_turns(any_app: StagedApp, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each entry is blown up, so that a few bids fill parts of S3's least size."""
    lot = sold(any_app, 12, type="sealed")
    plain = bid_logs.as_json
    monkeypatch.setattr(bid_logs, "as_json", lambda value: plain(value) + b" " * 1_500_000)
    monkeypatch.setattr(bid_logs, "PAGE", 3)
    turns, waiting = 0, [(lot, "")]
    while waiting:
        any_app.log_writing.write(*waiting.pop(), lambda: False)
        waiting, any_app.log_requests.asked = any_app.log_requests.asked, []
        turns += 1
    assert turns > 2
    auction, rows = any_app.store.auction(lot), any_app.store.bids_after(lot, 0, 100)
    written = json.loads(there(any_app.log_files.find(lot, 10**9)).content)
    assert written == audit.log_of(auction, rows, opened_of(auction, rows))


def test_a_link_gives_the_file_under_its_name_and_lets_our_pages_read_it(emulated: DynamoApp) -> None:
    emulated.log_files.write("lot5", b"{}")
    link = there(emulated.log_files.find("lot5", 1)).link
    with urlopen(Request(link, headers={"Origin": ENVIRONMENT["BASE_URL"]}), timeout=10) as answer:
        headers = {name.lower(): value for name, value in answer.headers.items()}
        assert answer.read() == b"{}"
    assert headers["content-disposition"] == 'attachment; filename="starbid-lot5.json"'
    assert headers["content-type"] == "application/json"
    assert "access-control-allow-origin" in headers
