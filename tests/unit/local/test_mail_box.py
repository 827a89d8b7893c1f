"""The mail box of the local run: what it takes as SES would, what it shows, and what it reports."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from werkzeug.test import Client

from local.aws_errors import AwsError
from local.mail.app import LocalMailbox
from local.mail.box import TROUBLES
from local.mail.ses import SEND, SesApi
from local.template import TopicMapping, load
from starbid.domain.events import WhyStopped
from starbid.services.ports import Letter
from starbid.storage.mail_reports import report_from
from starbid.storage.mails import written
from tests.unit.local.world import START, World

EVIL = "</pre><script>alert(1)</script>"
LETTER = Letter(5, "anna@example.org", "Привет <b>", f"A text {EVIL}", "<html><head></head><p>Привет</p></html>")


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(load(settings={}), tmp_path)


@pytest.fixture
def ses(world: World) -> SesApi:
    return SesApi(world.mails)


def call(letter: Letter = LETTER, **changes: Any) -> dict[str, Any]:
    raw = base64.b64encode(written(letter, "notices@starbid.example")).decode()
    tags = [{"Name": "person", "Value": str(letter.person_id)}]
    destination = {"ToAddresses": [letter.to]}
    return {"Destination": destination, "Content": {"Raw": {"Data": raw}}, "EmailTags": tags} | changes


def raw(text: bytes) -> dict[str, Any]:
    return {"Content": {"Raw": {"Data": base64.b64encode(text).decode()}}}


def box(world: World, calls: list[Any] | None = None) -> Client:
    heard = calls if calls is not None else []
    topics = (TopicMapping("MailReportsFunction", "arn:aws:sns:x:1:reports"),)
    return Client(LocalMailbox(world.mails, topics, lambda name, event: heard.append((name, event))).wsgi)


def test_a_mail_is_kept_as_it_was_sent_and_shown(world: World, ses: SesApi) -> None:
    assert ses.answer("POST", SEND, call())["MessageId"]
    (mail,) = world.mails.newest(10)
    assert (mail.to, mail.person, mail.subject, mail.sent_at) == ("anna@example.org", "5", "Привет <b>", START)
    pages = box(world)
    assert "Привет &lt;b&gt;" in pages.get("/").text
    page = pages.get("/1").text
    assert EVIL not in page
    assert 'sandbox="allow-popups' in page
    framed = pages.get("/1/html")
    assert "<p>Привет</p>" in framed.text
    assert "sandbox" in framed.headers["Content-Security-Policy"]
    assert "script-src" not in framed.headers["Content-Security-Policy"]


@pytest.mark.parametrize(
    "body",
    [
        {}, {"Content": None}, {"Content": {"Raw": {"Data": "not base64!"}}}, {"Content": {"Simple": {}}},
        raw(b"From: a@b\r\n\r\nx"), raw(b"From: a@b\r\nTo: c@d\r\nTo: e@f\r\nSubject: x\r\n\r\nx"),
        raw("From: a@b\r\nTo: ж@d\r\nSubject: x\r\n\r\nx".encode()),
        raw(b"From: a@b\r\nTo: c@d\r\nSubject: x\r\n\r\n" + b"x" * 2_000),
        {"Destination": {"ToAddresses": []}}, {"Destination": {"ToAddresses": ["a@b", "c@d"]}}, {"Destination": None},
    ],
)  # fmt: skip
def test_what_ses_would_not_take_is_refused(world: World, ses: SesApi, body: dict[str, Any]) -> None:
    whole = call() | body if body else {}
    with pytest.raises(AwsError) as refused:
        ses.answer("POST", SEND, whole)
    assert refused.value.code == "BadRequestException"
    assert world.mails.newest(10) == []


def test_another_call_is_not_understood(ses: SesApi) -> None:
    with pytest.raises(AwsError):
        ses.answer("GET", SEND, {})
    with pytest.raises(AwsError):
        ses.answer("POST", "/ses/v2/email/templates", {})


@pytest.mark.parametrize("what", [each for each in TROUBLES if each != "none"])
def test_it_fails_as_often_as_it_was_told_to(world: World, ses: SesApi, what: str) -> None:
    assert box(world).post("/trouble", data={"what": what, "calls": "2"}).status_code == 303
    for _ in range(2):
        with pytest.raises(AwsError) as failed:
            ses.answer("POST", SEND, call())
        assert (failed.value.code, failed.value.status) == TROUBLES[what]
    ses.answer("POST", SEND, call())
    assert len(world.mails.newest(10)) == 1


def test_what_is_no_trouble_is_refused(world: World) -> None:
    pages = box(world)
    for data in ({}, {"what": "x"}, {"what": "busy", "calls": "-1"}, {"what": "busy", "calls": "9" * 9}):
        assert pages.post("/trouble", data=data).status_code == 409
    assert world.mails.troubles.expected() == ("none", 0)


@pytest.mark.parametrize(
    ("what", "why"), [("bounce", WhyStopped.BOUNCED), ("complaint", WhyStopped.COMPLAINED), ("transient", None)]
)
def test_a_report_is_one_that_the_product_understands(
    world: World, ses: SesApi, what: str, why: WhyStopped | None
) -> None:
    ses.answer("POST", SEND, call())
    calls: list[Any] = []
    pages = box(world, calls)
    assert pages.post("/1/report", data={"what": what}).status_code == 303
    ((name, event),) = calls
    assert name == "MailReportsFunction"
    report = report_from(event["Records"][0]["Sns"]["Message"])
    assert (report.why if report else None) == why
    if report:
        assert (report.person_id, report.addresses, report.sent_at) == (5, ("anna@example.org",), START)
    assert "MailReportsFunction took it" in pages.get("/1").text


def test_a_function_that_fails_is_shown(world: World, ses: SesApi) -> None:
    def fail(*_: object) -> None:
        raise OSError

    ses.answer("POST", SEND, call())
    pages = Client(LocalMailbox(world.mails, (TopicMapping("F", "t"),), fail).wsgi)
    pages.post("/1/report", data={"what": "bounce"})
    assert "F failed (OSError)" in pages.get("/1").text


def test_what_is_not_there_is_told(world: World) -> None:
    pages = box(world)
    assert [pages.get(path).status_code for path in ("/9", "/9/html", "/x")] == [409, 409, 404]
    assert pages.post("/9/report", data={"what": "bounce"}).status_code == 409


def test_a_report_of_nothing_known_is_refused(world: World, ses: SesApi) -> None:
    ses.answer("POST", SEND, call())
    assert box(world).post("/1/report", data={"what": "party"}).status_code == 409


def test_the_template_says_which_function_hears_of_mail() -> None:
    (topic,) = load(settings={}).topics
    assert topic.function == "MailReportsFunction"
    assert topic.topic.startswith("arn:aws:sns:")


def test_mails_are_listed_for_programs(world: World, ses: SesApi) -> None:
    ses.answer("POST", SEND, call())
    (mail,) = json.loads(box(world).get("/mails.json").text)
    assert mail["headers"]["auto-submitted"] == "auto-generated"
