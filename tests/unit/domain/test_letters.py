"""What may be told of a dead letter, and what can be decided about it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.letters import (
    Job,
    Letter,
    LetterDecided,
    LetterQueue,
    LetterState,
    NotSendable,
    dropped,
    job_of,
    read_letter,
    sending,
    sent,
)
from tests.support.fakes import START

SECRET = "do not show me"


def letter(body: Any, queue: LetterQueue = LetterQueue.NOTICES, **attributes: str) -> Letter:
    return read_letter("m1", queue, body if isinstance(body, str) else json.dumps(body), attributes, START, START)


def test_of_a_notice_its_kind_and_ids_are_told_and_no_word_of_it() -> None:
    told = letter({"id": "n1", "user_id": 7, "kind": "outbid", "auction_id": "lot1", "facts": {"text": SECRET}})
    assert (told.kind, told.about) == ("outbid", "auction_id lot1, user_id 7")
    assert SECRET not in repr(told)


def test_of_a_question_to_the_helper_its_person_and_its_id_are_told() -> None:
    told = letter({"user_id": 7, "question_id": "0momv1xc0xxt6vqx8"}, LetterQueue.QUESTIONS)
    assert (told.kind, told.about) == ("questions", "user_id 7, question_id 0momv1xc0xxt6vqx8")
    assert sending(told).state is LetterState.SENDING


def test_of_a_call_that_failed_the_name_of_the_error_and_the_number_of_tries_are_told() -> None:
    record = {
        "requestContext": {"functionArn": "arn:x", "condition": "RetriesExhausted", "approximateInvokeCount": 3},
        "requestPayload": {"job": "deal", "auction_id": "lot1"},
        "responsePayload": {"errorType": "KeyError", "errorMessage": SECRET},
    }
    told = letter(record, LetterQueue.JOBS)
    assert (told.kind, told.about, told.error, told.attempts) == ("deal", "auction_id lot1", "KeyError", 3)
    assert json.loads(told.body) == {"job": "deal", "auction_id": "lot1"}


def test_of_a_schedule_its_attributes_tell() -> None:
    told = letter({"sweep": True}, LetterQueue.JOBS, ERROR_CODE="ResourceNotFound", ERROR_MESSAGE=SECRET)
    assert (told.kind, told.error) == ("sweep", "ResourceNotFound")


@pytest.mark.parametrize(
    "body",
    [
        "",
        "no JSON " + SECRET,
        "[1]",
        "null",
        '{"kind": {"x": 1}, "auction_id": ["do not show me"], "user_id": null}',
        json.dumps({"kind": SECRET, "auction_id": SECRET, "job": SECRET}),
        json.dumps({"requestPayload": SECRET, "requestContext": 3, "responsePayload": [SECRET]}),
    ],
)
def test_what_cannot_be_read_tells_nothing(body: str) -> None:
    told = letter(body, LetterQueue.CLOSER)
    assert (told.kind, told.about, told.error) == ("closer", "", "")


@pytest.mark.parametrize(
    ("body", "job"),
    [
        ({"job": "deal", "auction_id": "a"}, Job.PAYMENTS),
        ({"job": "bill", "bill": "b"}, Job.PAYMENTS),
        ({"job": "reconcile"}, Job.PAYMENTS),
        ({"auction_id": "a"}, Job.CLOSER),
        ({"job": "remind", "auction_id": "a"}, Job.CLOSER),
        ({"sweep": True}, Job.CLOSER),
        ({"job": "unknown"}, None),
        ({}, None),
    ],
)
def test_a_job_is_known_by_what_it_says(body: dict[str, Any], job: Job | None) -> None:
    assert job_of(letter(body, LetterQueue.JOBS)) is job


def test_a_job_of_nobody_is_not_sent_and_can_be_dropped() -> None:
    told = letter({"job": "unknown"}, LetterQueue.JOBS)
    with pytest.raises(NotSendable):
        sending(told)
    assert dropped(told).state is LetterState.DROPPED


@pytest.mark.parametrize("state", [LetterState.SENT, LetterState.DROPPED])
def test_what_is_decided_stays_so_and_its_body_is_gone(state: LetterState) -> None:
    decided = replace(letter({"kind": "outbid"}), state=state)
    for step in (sending, dropped):
        with pytest.raises(LetterDecided) as refused:
            step(decided)
        assert refused.value.state is state
    assert sent(sending(letter({"kind": "outbid"}))).body == dropped(letter({"kind": "outbid"})).body == ""


def test_one_that_may_have_left_is_sent_again_and_not_dropped() -> None:
    leaving = sending(letter({"kind": "outbid"}))
    assert sending(leaving) is leaving
    with pytest.raises(LetterDecided):
        dropped(leaving)
