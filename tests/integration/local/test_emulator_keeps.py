"""What the emulator confirmed outlives its sudden death; what is damaged is refused by name and left alone."""

from __future__ import annotations

import contextlib
import re
import shutil
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError

from local.emulator import Emulator, EmulatorError
from tests.support.emulator import REGION, client
from tests.support.things import TABLE, check, fill


def test_a_sudden_death_of_the_emulator_itself_costs_nothing_that_it_confirmed(tmp_path: Path) -> None:
    first = Emulator(tmp_path)
    fill(first.endpoint)
    for _ in range(2):  # the second time from a save and no log
        first._process.kill()
        first.stop()
        first = Emulator(tmp_path)
    try:
        check(first.endpoint)
        settings = client("dynamodb", first.endpoint).describe_time_to_live(TableName="things")
        assert settings["TimeToLiveDescription"]["AttributeName"] == "gone_at"
    finally:
        first.stop()


def test_each_kind_of_write_is_there_after_a_sudden_death(tmp_path: Path) -> None:
    first = Emulator(tmp_path)
    _write_in_every_way(client("dynamodb", first.endpoint))
    first._process.kill()
    first.stop()
    again = Emulator(tmp_path)
    try:
        found = client("dynamodb", again.endpoint).scan(TableName="things")["Items"]
        assert {item["id"]["S"]: item.get("n", {}).get("N") for item in found} == {"put": "1", "sum": "3", "batch": "2"}
        names = client("dynamodb", again.endpoint).list_tables()["TableNames"]
        assert names == ["things"]
    finally:
        again.stop()


def _write_in_every_way(tables: Any) -> None:
    tables.create_table(**TABLE)
    tables.create_table(**TABLE | {"TableName": "gone"})
    tables.put_item(TableName="gone", Item={"id": {"S": "a"}})
    tables.delete_table(TableName="gone")
    tables.put_item(TableName="things", Item={"id": {"S": "put"}, "n": {"N": "1"}})
    for number in ("1", "2"):
        tables.update_item(
            TableName="things",
            Key={"id": {"S": "sum"}},
            UpdateExpression="ADD n :n",
            ExpressionAttributeValues={":n": {"N": number}},
        )
    tables.batch_write_item(
        RequestItems={
            "things": [{"PutRequest": {"Item": {"id": {"S": i}, "n": {"N": "2"}}}} for i in ("batch", "x", "y")]
        }
    )
    tables.delete_item(TableName="things", Key={"id": {"S": "x"}})
    delete = {"Delete": {"TableName": "things", "Key": {"id": {"S": "y"}}}}
    tables.transact_write_items(TransactItems=[delete])
    refused = {
        "Put": {"TableName": "things", "Item": {"id": {"S": "z"}}, "ConditionExpression": "attribute_exists(id)"}
    }
    with pytest.raises(tables.exceptions.TransactionCanceledException):
        tables.transact_write_items(TransactItems=[refused])


def test_many_writers_lose_nothing_of_what_was_confirmed(tmp_path: Path) -> None:
    first = Emulator(tmp_path)
    client("dynamodb", first.endpoint).create_table(**TABLE)
    confirmed = [0] * 8
    threads = [threading.Thread(target=_count_up, args=(first.endpoint, str(i), confirmed)) for i in range(8)]
    for thread in threads:
        thread.start()
    time.sleep(1.5)
    first._process.kill()
    for thread in threads:
        thread.join()
    first.stop()
    again = Emulator(tmp_path)
    try:
        items = client("dynamodb", again.endpoint).scan(TableName="things")["Items"]
        kept = {int(item["id"]["S"]): int(item["n"]["N"]) for item in items}
        assert all(count > 0 for count in confirmed)
        assert all(kept[i] in (count, count + 1) for i, count in enumerate(confirmed))
    finally:
        again.stop()


def _count_up(endpoint: str, name: str, confirmed: list[int]) -> None:
    settings = Config(retries={"total_max_attempts": 1})
    keys: dict[str, Any] = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}
    tables = boto3.client("dynamodb", endpoint_url=endpoint, config=settings, **keys)
    with contextlib.suppress(BotoCoreError, KeyError):  # it is dead, or has died within its answer
        while True:
            answer = tables.update_item(
                TableName="things",
                Key={"id": {"S": name}},
                UpdateExpression="ADD n :one",
                ExpressionAttributeValues={":one": {"N": "1"}},
                ReturnValues="ALL_NEW",
            )
            confirmed[int(name)] = int(answer["Attributes"]["n"]["N"])


def _damage_save(aws: Path) -> Path:
    path = aws / "state" / "dynamodb.json"
    path.write_bytes(path.read_bytes()[:-20])
    return path


def _damage_buckets(aws: Path) -> Path:
    path = aws / "state" / "s3.json"
    path.write_bytes(b"")
    return path


def _damage_picture(aws: Path) -> Path:
    path = next((aws / "s3").rglob("*.meta.json"))
    path.write_text('{"content_type": "ima')
    return path


def _put_a_file_in_the_place_of_the_folder(aws: Path) -> Path:
    shutil.rmtree(aws / "state")
    (aws / "state").write_text("")
    return aws / "state"


@pytest.mark.parametrize(
    "damage", [_damage_save, _damage_buckets, _damage_picture, _put_a_file_in_the_place_of_the_folder]
)
def test_a_damaged_store_is_refused_by_name_and_not_touched(tmp_path: Path, damage: Callable[[Path], Path]) -> None:
    first = Emulator(tmp_path)
    fill(first.endpoint)
    first.stop()
    named = damage(tmp_path / "aws")
    before = _contents(tmp_path / "aws")
    with pytest.raises(EmulatorError, match=re.escape(str(named))):
        Emulator(tmp_path)
    assert _contents(tmp_path / "aws") == before


def _contents(directory: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in directory.rglob("*") if path.is_file()}


def test_the_former_save_brings_everything_back(tmp_path: Path) -> None:
    first = Emulator(tmp_path)
    fill(first.endpoint)
    first.stop()
    save = _damage_save(tmp_path / "aws")
    shutil.copy(f"{save}.former", save)
    again = Emulator(tmp_path)
    try:
        check(again.endpoint)
    finally:
        again.stop()


def test_nobody_else_may_read_what_is_kept(tmp_path: Path) -> None:
    first = Emulator(tmp_path / "data")
    fill(first.endpoint)
    try:
        paths = [tmp_path / "data", *(tmp_path / "data").rglob("*")]
        assert len(paths) > 10
        assert [path for path in paths if path.stat().st_mode & 0o077] == []
    finally:
        first.stop()


def test_what_would_not_be_kept_is_refused(tmp_path: Path) -> None:
    running = Emulator(tmp_path)
    try:
        tables = client("dynamodb", running.endpoint)
        tables.create_table(**TABLE)
        with pytest.raises(tables.exceptions.ClientError, match="is not among what the local run keeps"):
            tables.execute_statement(Statement="DELETE FROM things WHERE id = 'a'")
    finally:
        running.stop()
