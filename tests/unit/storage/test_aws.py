"""Our client of AWS: signs as botocore does, repeats what may be repeated, tells failures as botocore does."""

from __future__ import annotations

import json
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError, ConnectionClosedError, ReadTimeoutError

from starbid.storage import aws
from starbid.storage.aws import JsonClient, endpoint_of
from starbid.storage.signing import Signer

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "AKIDEXAMPLE",
    "AWS_SECRET_ACCESS_KEY": "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
    "AWS_SESSION_TOKEN": "session/token==",
    "AWS_REGION": "eu-central-1",
}


class Line:
    """Stands in for the connection: gives the planned answers in turn, keeps what was sent."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.sent = list(answers), []
        self.host = "dynamodb.eu-central-1.amazonaws.com"

    def exchange(self, method: str, path: str, headers: dict[str, str], body: bytes) -> Any:
        self.sent.append((method, path, headers, json.loads(body)))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        status, document = answer
        return status, {}, json.dumps(document).encode()


@pytest.fixture(autouse=True)
def naps(monkeypatch):
    taken: list[float] = []
    monkeypatch.setattr(aws.time, "sleep", taken.append)
    return taken


def client_of(service: str, *answers: Any) -> tuple[JsonClient, Line]:
    client = JsonClient(service, ENVIRONMENT)
    line = Line(*answers)
    client._wire = line
    return client, line


def error(code: str) -> dict[str, str]:
    return {"__type": f"com.amazonaws.dynamodb.v20120810#{code}", "message": "no"}


@pytest.mark.parametrize("path", ["/", "/schedules/close-abc", "/schedules/a%20b"])
def test_the_signature_is_botocores(path):
    signer = Signer("dynamodb", "eu-central-1", ENVIRONMENT)
    headers = {"content-type": "application/x-amz-json-1.0", "x-amz-target": "DynamoDB_20120810.GetItem"}
    request = AWSRequest("POST", f"https://dynamodb.eu-central-1.amazonaws.com{path}", dict(headers), b'{"a":1}')
    keys = (ENVIRONMENT[f"AWS_{name}"] for name in ("ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN"))
    SigV4Auth(Credentials(*keys), "dynamodb", "eu-central-1").add_auth(request)

    signed = signer.sign(
        "POST", "dynamodb.eu-central-1.amazonaws.com", path, headers, b'{"a":1}', request.headers["X-Amz-Date"]
    )

    assert signed["authorization"] == request.headers["Authorization"]
    assert signed["x-amz-security-token"] == ENVIRONMENT["AWS_SESSION_TOKEN"]


def test_a_throttled_call_is_repeated_and_answers():
    client, line = client_of("dynamodb", (400, error("ThrottlingException")), (500, {}), (200, {"Item": {}}))
    assert client.get_item(TableName="t", Key={})["Item"] == {}
    assert len(line.sent) == 3


def test_a_lost_write_is_repeated_with_its_first_token(naps):
    client, line = client_of("dynamodb", ConnectionClosedError(endpoint_url="x"), (200, {}))
    client.transact_write_items(TransactItems=[])
    first, second = (body["ClientRequestToken"] for *_, body in line.sent)
    assert first == second
    assert len(naps) == 1


def test_after_three_attempts_the_failure_is_told():
    client, line = client_of("dynamodb", *[ReadTimeoutError(endpoint_url="x")] * 4)
    with pytest.raises(ReadTimeoutError):
        client.get_item(TableName="t", Key={})
    assert len(line.sent) == 3


def test_a_failed_condition_is_told_at_once_with_its_code_and_reasons():
    document = error("TransactionCanceledException") | {"CancellationReasons": [{"Code": "None"}]}
    client, line = client_of("dynamodb", (400, document))
    with pytest.raises(ClientError) as caught:
        client.transact_write_items(TransactItems=[])
    assert caught.value.response["Error"]["Code"] == "TransactionCanceledException"
    assert caught.value.response["CancellationReasons"] == [{"Code": "None"}]
    assert caught.value.response["ResponseMetadata"]["HTTPStatusCode"] == 400
    assert len(line.sent) == 1


def test_an_answer_that_is_no_json_is_told_by_its_status():
    client, line = client_of("dynamodb")
    line.exchange = lambda *_: (403, {}, b"<html>")  # type: ignore[method-assign]
    with pytest.raises(ClientError) as caught:
        client.get_item(TableName="t", Key={})
    assert caught.value.response["Error"]["Code"] == "403"


def test_a_schedule_is_named_by_its_path_and_moved_by_put():
    client, line = client_of("scheduler", (200, {}), (200, {}))
    client.create_schedule(Name="close-a b", GroupName="g")
    client.update_schedule(Name="close-a b", GroupName="g")
    assert [sent[:2] for sent in line.sent] == [("POST", "/schedules/close-a%20b"), ("PUT", "/schedules/close-a%20b")]
    assert line.sent[0][3] == {"GroupName": "g"}


def test_an_endpoint_of_one_service_goes_before_that_of_all():
    named = {"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_SQS": "http://sqs"}
    assert endpoint_of("sqs", "eu-central-1", named) == "http://sqs"
    assert endpoint_of("dynamodb", "eu-central-1", named) == "http://all"
    assert endpoint_of("dynamodb", "cn-north-1", {}) == "https://dynamodb.cn-north-1.amazonaws.com.cn"
