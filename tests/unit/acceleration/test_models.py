"""The way back from the trimmed models to botocore's own, whatever of them does not suit the botocore that is there."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Barrier, Event
from types import SimpleNamespace
from typing import Any, cast

import botocore
import pytest
from botocore.awsrequest import AWSResponse
from botocore.compat import HTTPHeaders
from botocore.exceptions import ClientError, EndpointConnectionError, EndpointResolutionError, ReadTimeoutError
from botocore.parsers import ResponseParserError

from starbid.acceleration import models
from starbid.acceleration.build import trim_models
from starbid.acceleration.models import TrimmedClient
from starbid.services.ports import IdempotencyRecord
from starbid.storage import clients
from starbid.storage.unit import DynamoUnit
from tests.support.dynamo import CREDENTIALS
from tests.support.wire import FOUND, KEY, Raw, Wire

SERVICES = sorted(trim_models.OPERATIONS)
HOSTS = {"sesv2": "email"}
"""Of services whose host has another name."""
NOTICE = "botocore {}: the trimmed models of {} do not suit it; its own are used"
Change = Callable[[Any], None]
Broken = Callable[[str, str, Change], None]


@pytest.fixture
def told(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What was told to the log."""
    lines: list[str] = []
    log = SimpleNamespace(exception=lambda words, *values: lines.append(words % values))
    monkeypatch.setattr("starbid.observability.logger", lambda _: log)
    return lines


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cut")
    trim_models.main(folder)
    return folder


@pytest.fixture
def broken(cut: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Broken]:
    """Clients are made of models of which one file is changed: `broken(service, kind, change)`."""
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    for path in cut.rglob("*.json"):
        copy = tmp_path / path.relative_to(cut)
        copy.parent.mkdir(parents=True, exist_ok=True)
        copy.write_bytes(path.read_bytes())
    monkeypatch.setattr(models, "MODELS", tmp_path)

    def change_file(service: str, kind: str, change: Change) -> None:
        (path,) = (tmp_path / service).glob(f"*/{kind}.json")
        data = json.loads(path.read_text())
        change(data)
        path.write_text(json.dumps(data))

    clients.forget_clients()
    yield change_file
    clients.forget_clients()


def unknown_parameter(rules: Any) -> None:
    """As the rules of a newer DynamoDB look to botocore 1.34."""
    rules["parameters"]["ResourceArnList"] = {"type": "no such type", "documentation": "-", "required": False}


@pytest.mark.parametrize("service", SERVICES)
@pytest.mark.parametrize(("kind", "change"), [
    ("endpoint-rule-set-1", unknown_parameter),
    ("endpoint-rule-set-1", lambda rules: rules.clear()),
    ("service-2", lambda model: model.pop("metadata")),
    ("service-2", lambda model: model["metadata"].update(protocol="none", protocols=["none"], auth=["none"])),
])  # fmt: skip
def test_a_client_that_cannot_be_made_of_them_is_made_of_botocores_own(
    broken: Broken, told: list[str], service: str, kind: str, change: Change
) -> None:
    broken(service, kind, change)
    client = clients.any_client(service)
    assert f"{HOSTS.get(service, service)}.eu-central-1.amazonaws.com" in client.meta.endpoint_url
    assert len(client.meta.service_model.operation_names) > len(trim_models.OPERATIONS[service])
    assert told == [NOTICE.format(botocore.__version__, service)]


@pytest.mark.parametrize("service", SERVICES)
def test_models_that_are_not_there_at_all_are_not_missed(
    broken: Broken, told: list[str], service: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "empty").mkdir()
    monkeypatch.setattr(models, "MODELS", tmp_path / "empty")
    assert f"{HOSTS.get(service, service)}.eu-central-1.amazonaws.com" in clients.any_client(service).meta.endpoint_url
    assert len(told) == 1


def test_another_service_keeps_its_trimmed_models(broken: Broken, told: list[str]) -> None:
    broken("dynamodb", "endpoint-rule-set-1", unknown_parameter)
    clients.client("dynamodb")
    assert set(clients.client("sqs").meta.service_model.operation_names) == trim_models.OPERATIONS["sqs"]


def test_an_operation_that_is_not_there_is_called_all_the_same(broken: Broken, told: list[str]) -> None:
    broken("dynamodb", "service-2", lambda model: model["operations"].pop("GetItem"))
    client = clients.any_client("dynamodb")
    assert told == []
    method = client.get_item
    client.meta.events.register("before-send.dynamodb", Wire(FOUND, FOUND))
    for _ in range(2):
        assert method(TableName="things", Key=KEY)["Item"] == KEY
    assert told == [NOTICE.format(botocore.__version__, "dynamodb")]


def test_an_operation_that_botocore_looks_up_by_itself_is_found(broken: Broken, told: list[str]) -> None:
    """A form for an upload asks for CreateBucket, which nobody here calls."""
    broken("s3", "service-2", lambda model: model["operations"].pop("CreateBucket", None))
    form = clients.client("s3").generate_presigned_post("bucket", "key")
    assert form["url"] == "https://s3.eu-central-1.amazonaws.com/bucket"
    assert len(told) == 1


def rules_fail(rules: Any) -> None:
    """They hold when a client is made, and not for a call about a bucket."""
    rules["rules"].insert(0, {
        "conditions": [{"fn": "isSet", "argv": [{"ref": "Bucket"}]}],
        "error": "no such endpoint", "type": "error",
    })  # fmt: skip


def test_an_endpoint_that_a_call_cannot_find_is_found_by_botocores_own_rules(broken: Broken, told: list[str]) -> None:
    broken("s3", "endpoint-rule-set-1", rules_fail)
    client = clients.any_client("s3")
    assert told == []
    with pytest.raises(EndpointResolutionError):
        client._trimmed.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    link = client.generate_presigned_url("get_object", Params={"Bucket": "b", "Key": "k"})
    assert link.startswith("https://s3.eu-central-1.amazonaws.com/b/k?")
    assert len(told) == 1


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch, told: list[str]) -> Callable[..., TrimmedClient]:
    """A client of two stand-ins: what the trimmed one raises, and what botocore's own answers."""
    monkeypatch.setattr(models, "trimmed_session", lambda: "trimmed")

    def make(trouble: Exception | None, own: Exception | str = "own") -> TrimmedClient:
        def call(session: str, **_: Any) -> str:
            found = trouble if session == "trimmed" else own
            if isinstance(found, Exception):
                raise found
            return found or session

        def client_of(session: Any) -> Any:
            return SimpleNamespace(call=lambda **a: call(session, **a))

        def own_session() -> Any:
            return "own"

        return TrimmedClient("dynamodb", client_of, own_session)

    return make


@pytest.mark.parametrize("trouble", [
    EndpointResolutionError(msg="-"), ResponseParserError("-"), KeyError("shape"), AttributeError("-"), TypeError("-"),
    RecursionError("-"), ValueError("-"),
])  # fmt: skip
def test_whatever_goes_wrong_in_a_call_is_tried_with_botocores_own(made: Any, told: list[str], trouble: Any) -> None:
    client = made(trouble)
    assert [client.call(), client.call()] == ["own", "own"]
    assert len(told) == 1


@pytest.mark.parametrize("trouble", [
    ClientError({"Error": {"Code": "ConditionalCheckFailedException", "Message": "-"}}, "PutItem"),
    ReadTimeoutError(endpoint_url="-"), EndpointConnectionError(endpoint_url="-"),
])  # fmt: skip
def test_a_refusal_or_a_lost_connection_is_no_fault_of_the_models(made: Any, told: list[str], trouble: Any) -> None:
    client = made(trouble)
    for _ in range(2):
        with pytest.raises(type(trouble)):
            client.call()
    assert told == []


def test_what_botocores_own_models_cannot_do_either_is_raised(made: Any, told: list[str]) -> None:
    client = made(TypeError("trimmed"), KeyError("own"))
    for _ in range(2):
        with pytest.raises(KeyError, match="own"):
            client.call()
    assert len(told) == 1


def test_a_call_that_is_under_way_while_another_goes_back_is_made_by_the_other_client_too(
    told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(models, "trimmed_session", lambda: "trimmed")
    both, first_done, own_made = Barrier(2, timeout=5), Event(), []

    def fail(*, waits: bool) -> None:
        both.wait()
        if waits:
            assert first_done.wait(5)
        raise KeyError("shape")

    def make(session: object) -> Any:
        if session == "trimmed":
            return SimpleNamespace(call=fail)
        own_made.append(1)
        return SimpleNamespace(call=lambda **_: "own")

    client = TrimmedClient("dynamodb", make, cast("Any", lambda: "own"))
    with ThreadPoolExecutor(2) as threads:
        last = threads.submit(client.call, waits=True)
        first = threads.submit(client.call, waits=False)
        assert first.result(5) == "own"
        first_done.set()
        assert last.result(5) == "own"
    assert (len(told), len(own_made), client.is_trimmed) == (1, 1, False)


def test_a_transaction_that_is_made_by_the_other_client_keeps_its_token(
    broken: Broken, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It may have been done: the answer was what could not be read."""
    sent: list[dict[str, Any]] = []

    def answer(request: Any, **_: Any) -> Any:
        sent.append(json.loads(request.body))
        return AWSResponse(request.url, 200, HTTPHeaders(), Raw(b"{}"))

    def once(*_: Any, **__: Any) -> None:
        if len(sent) == 1:
            raise KeyError("of an answer")

    def listened(service: str, session: Any, **changes: Any) -> Any:
        made = plain(service, session, **changes)
        made.meta.events.register("before-send.dynamodb", answer)
        made.meta.events.register("after-call.dynamodb", once)
        return made

    plain = clients.plain
    monkeypatch.setattr(clients, "plain", listened)
    unit = DynamoUnit(clients.client("dynamodb"), {"scratch": "scratch"})
    unit.record(IdempotencyRecord("key", "hash", {}))
    unit.commit()
    first, second = sent
    assert first["ClientRequestToken"] == second["ClientRequestToken"]
    assert len(told) == 1
