"""A day of the clerk, for its rights: exports of everything, asked for on the site; figures of the dashboard."""

from __future__ import annotations

import json

import boto3
import moto.s3.models
import pytest

import clerk.app
from starbid.services.desk.moderation import AFTER_BLOCK
from starbid.services.exports import making, sources
from tests.integration.market_crowd import busy
from tests.support.dynamo import join, put_up
from tests.support.fakes import ENVIRONMENT
from tests.support.moto_market import Market
from tests.support.records import Context, batch, message
from tests.support.web import Client

ADMIN = int(ENVIRONMENT["ADMIN_IDS"])
CONTENTS = ("users", "ledger", "payments", "lots", "log", "audit")


def exports(market: Market) -> None:
    """One of several parts by several turns of its worker, one that is cancelled, and one of each kind."""
    join(market.app, ADMIN)
    with pytest.MonkeyPatch.context() as patch:
        for module, name, value in ((making, "PART", 500), (sources, "PAGE", 2), (making, "TELLS_EVERY", 1)):
            patch.setattr(module, name, value)
        patch.setattr(moto.s3.models, "S3_UPLOAD_PART_MIN_SIZE", 300)
        for what in CONTENTS:
            for file_format in ("csv", "xlsx"):
                _export(market, what, file_format)
    with market.record.of("WebFunction"):
        browser = Client(market.app).log_in(ADMIN)
        path = _ask(browser, "users", "csv", "to-be-cancelled")
        for act in ("retry", "cancel"):
            assert browser.post_form(f"{path}/{act}", request_id=act).status == 303
        assert browser.get("/admin/exports").status == 200
        for query in ({}, {"user_id": ADMIN}, {"admin_id": ADMIN}, {"action": "export"}):
            assert browser.get("/admin/audit", **query).status == 200


def figures(market: Market) -> None:
    with market.record.of("ClerkFunction"):
        clerk.app.lambda_handler({"job": "figures"}, Context(100_000))


def blocked(market: Market) -> None:
    """What a blocked person has up is cancelled, in a crowd too."""
    seller = 7_700
    join(market.app, seller, seller=True)
    put_up(market.app, seller)
    with market.record.of("WebFunction"):
        browser = Client(market.app).log_in(ADMIN)
        assert browser.post_form(f"/admin/users/{seller}/block", reason="spam", request_id="b").status == 303
    with busy(2), market.record.of("ClerkFunction"):
        done = clerk.app.lambda_handler({"job": AFTER_BLOCK, "user_id": seller}, Context(100_000))
    assert done is None
    assert [lot.auction.ending.value for lot in market.app.store.lots_of_seller(seller).items] == ["cancelled"]


def _export(market: Market, what: str, file_format: str) -> None:
    with market.record.of("WebFunction"):
        browser = Client(market.app).log_in(ADMIN)
        path = _ask(browser, what, file_format, f"{what}-{file_format}")
    body = json.dumps({"job": "export", "id": path.rpartition("/")[2]})
    for _ in range(200):
        event = batch(message(body, queue="DeskQueue"))
        with market.record.of("ClerkFunction"):
            done = clerk.app.lambda_handler(event, Context(0))
        assert done == {"batchItemFailures": []}
        with market.record.of("WebFunction"):
            link = browser.get(f"{path}/file")
        if link.status == 303:
            break
    assert link.status == 303, (what, link.text)
    kept = boto3.client("s3").list_objects_v2(Bucket=market.app.settings.exports_bucket, Prefix="files/")["Contents"]
    assert any(path.rpartition("/")[2] in each["Key"] for each in kept)


def _ask(browser: Client, what: str, file_format: str, key: str) -> str:
    answer = browser.post_form("/admin/exports", what=what, format=file_format, request_id=key)
    assert answer.status == 303, answer.text
    return answer.headers["location"]
