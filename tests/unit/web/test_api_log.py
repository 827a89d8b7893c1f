"""The bid log by the API: a file for everybody once the lot has ended, answered at once or by a link."""

from __future__ import annotations

import logging

import pytest

from starbid.domain.audit_check import problems
from starbid.services import bid_logs
from starbid.services.auctions import browsing
from tests.support.factories import ANNA, BORIS, market
from tests.support.fakes import FakeApp
from tests.support.web import Client


def over() -> tuple[FakeApp, str]:
    """A lot on which two bid, and which has ended; answers the address of its log."""
    app, lot = market(duration_seconds=3600)
    for bidder, amount in ((ANNA, 500), (BORIS, 700)):
        app.bidding.bid(lot.auction.id, bidder, amount, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(lot.auction.id, app.now())
    return app, lot.auction.id


def path_of(lot: str) -> str:
    return f"/api/v1/auctions/{lot}/log"


def test_it_is_secret_while_the_lot_runs() -> None:
    app, lot = market()
    early = Client(app).get(path_of(lot.auction.id))
    assert (early.status, early.code) == (409, "not_closed")


@pytest.mark.parametrize("written", [False, True])
def test_it_is_a_file_for_everybody_once_the_lot_has_ended(written: bool) -> None:
    app, lot = over()
    if written:
        app.log_writing.write(lot, "", lambda: True)
    answer = Client(app).get(path_of(lot))
    assert (answer.status, problems(answer.json)) == (200, [])
    assert answer.headers["content-disposition"] == f'attachment; filename="starbid-{lot}.json"'
    assert answer.headers["content-type"] == "application/json"
    assert [entry["number"] for entry in answer.json["entries"]] == [1, 2]


def test_it_may_be_kept_and_is_not_sent_again() -> None:
    app, lot = over()
    first = Client(app).get(path_of(lot))
    assert first.headers["cache-control"] == "public, max-age=86400"
    app.log_writing.write(lot, "", lambda: True)
    again = Client(app).get(path_of(lot), headers={"if-none-match": first.headers["etag"]})
    assert (again.status, again.body) == (304, b"")


def test_a_large_one_is_had_by_a_link_that_nobody_keeps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bid_logs, "SMALL", 100)
    app, lot = over()
    app.log_writing.write(lot, "", lambda: True)
    answer = Client(app).get(path_of(lot))
    assert (answer.status, answer.headers["location"]) == (303, f"https://logs.example/{lot}.json")
    assert answer.headers["cache-control"] == "no-store"


def test_one_that_is_being_written_is_asked_for_again_in_a_few_seconds(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(browsing, "FEW_BIDS", 1)
    app, lot = over()
    with caplog.at_level(logging.ERROR):
        answer = Client(app).get(path_of(lot), headers={"accept-language": "ru"})
    assert (answer.status, answer.code) == (503, "log_not_ready")
    assert answer.headers["retry-after"] == "5"
    assert "через несколько секунд" in answer.json["error"]["message"]
    assert caplog.records == [], "that is in order, and nobody is to be woken"
