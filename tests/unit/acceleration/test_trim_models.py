"""The trimmed models that the layer carries: all that the code asks for is in them, and they mean the same."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from botocore.loaders import Loader
from botocore.session import get_session

from starbid.acceleration import models as accelerated
from starbid.acceleration.build.trim_models import OPERATIONS, main
from starbid.storage import clients
from tests.support.dynamo import CREDENTIALS

STORAGE = Path(clients.__file__).parent
_CALL = re.compile(r'client(?:\("(\w+)"\))?\.([a-z_]+)\(')
ITEM = {"id": {"S": "a"}, "number": {"N": "1"}, "list": {"L": [{"BOOL": True}, {"M": {"x": {"NULL": True}}}]}}


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("models")
    main(folder)
    return folder


@pytest.fixture
def trimmed(models: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[str], Any]]:
    """Makes clients from these models; a way back to botocore's own is a failure."""
    monkeypatch.setattr(accelerated, "MODELS", models)
    monkeypatch.setattr(accelerated.TrimmedClient, "_go_back", lambda _: pytest.fail("botocore's own models are used"))
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    clients.forget_clients()
    yield clients.any_client
    clients.forget_clients()


def test_every_call_of_the_adapters_is_in_the_models(trimmed: Callable[[str], Any]) -> None:
    adapters = set(STORAGE.glob("*.py")) - {STORAGE / "clients.py"}
    calls = {call for path in adapters for call in _CALL.findall(path.read_text("utf-8"))}
    assert len(calls) > 8
    for service, method in calls:
        assert hasattr(trimmed(service or "dynamodb"), method), (service, method)


@pytest.mark.parametrize("service", sorted(OPERATIONS))
def test_a_trimmed_client_finds_the_same_endpoint(trimmed: Callable[[str], Any], service: str) -> None:
    own = get_session().create_client(service, region_name="eu-central-1")
    assert trimmed(service).meta.endpoint_url == own.meta.endpoint_url


def test_an_item_comes_and_goes_as_dynamodb_writes_it(trimmed: Callable[[str], Any]) -> None:
    client = trimmed("dynamodb")
    sent: list[dict[str, Any]] = []

    def answer(request: Any, **_: Any) -> Any:
        sent.append(json.loads(request.body))
        return SimpleNamespace(status_code=200, headers={}, content=json.dumps({"Item": ITEM}).encode())

    client.meta.events.register("before-send.dynamodb", answer)
    assert client.get_item(TableName="t", Key={"id": {"S": "a"}})["Item"] == ITEM
    client.put_item(TableName="t", Item=ITEM)
    assert sent[0]["Key"] == {"id": {"S": "a"}}
    assert sent[1]["Item"] == ITEM


def test_nothing_but_our_services_is_there(models: Path) -> None:
    loader = Loader(extra_search_paths=[str(models)], include_default_search_paths=False)
    assert set(loader.list_available_services("service-2")) == set(OPERATIONS)
