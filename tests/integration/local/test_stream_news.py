"""The emulator tells which streams have grown, so that nobody asks those that have not."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import pytest

from local.emulator import Emulator
from local.streams import Record
from tests.support.emulator import client
from tests.support.things import TABLE, reader_of


@pytest.fixture
def running(tmp_path: Path) -> Iterator[Emulator]:
    made = Emulator(tmp_path)
    yield made
    made.stop()


def _put(tables: Any, name: str) -> None:
    tables.put_item(TableName="things", Item={"id": {"S": name}})


def _names(found: tuple[str, list[Record]] | None) -> list[str]:
    return [record["dynamodb"]["Keys"]["id"]["S"] for record in found[1]] if found else []


def test_a_write_is_told_before_it_is_answered(running: Emulator) -> None:
    tables = client("dynamodb", running.endpoint)
    tables.create_table(**TABLE)

    def put(name: str) -> bool:
        before = running.news.count("things")
        _put(tables, name)
        return running.news.count("things") > before

    with ThreadPoolExecutor(4) as pool:
        assert all(pool.map(put, map(str, range(200))))
    assert running.news.count("other things") == 0


def test_a_stream_that_did_not_grow_is_not_asked(running: Emulator) -> None:
    tables = client("dynamodb", running.endpoint)
    tables.create_table(**TABLE)
    reader = reader_of(running.endpoint, grown=lambda: running.news.count("things"))
    asked: list[str] = []
    reader._client.meta.events.register("before-call", lambda model, **_: asked.append(model.name))
    assert reader.read(10) is None
    asked.clear()
    assert reader.read(10) is None
    assert asked == []
    for name in ("a", "b"):
        _put(tables, name)
    assert [_names(reader.read(1)) for _ in range(3)] == [["a"], ["b"], []]
    _put(tables, "b")  # changes nothing, so no record is written
    asked.clear()
    assert reader.read(10) is None
    assert asked == []


def test_who_waits_is_woken(running: Emulator) -> None:
    woken = SimpleQueue[str]()
    running.news.woken = woken.put
    tables = client("dynamodb", running.endpoint)
    tables.create_table(**TABLE)
    _put(tables, "a")
    assert woken.get(timeout=60) == "things"


def test_what_came_before_a_sudden_end_is_read_by_the_next_run_though_nobody_tells(tmp_path: Path) -> None:
    first = Emulator(tmp_path)
    tables = client("dynamodb", first.endpoint)
    tables.create_table(**TABLE)
    _put(tables, "a")
    first._process.kill()
    first.stop()
    again = Emulator(tmp_path)
    try:
        reader = reader_of(again.endpoint, grown=lambda: again.news.count("things"))
        assert again.news.count("things") == 0
        assert reader.read(10) is not None
    finally:
        again.stop()
