"""The log of changes and the saves: whole after any death, and never taken for empty."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.emulator_store import ChangeLog, DamagedStore, Store, log_path, read_log


def _save(store: Store, number: int, **tables: Any) -> ChangeLog:
    log = ChangeLog(store.path.parent, number)
    store.save(number, json.dumps({"tables": tables}))
    return log


def _filled(directory: Path) -> None:
    """Save 1 with two changes after it, save 2 with two more."""
    store = Store(directory)
    assert store.load().payload is None
    log = _save(store, 1, a=1)
    log.write(['{"n":1}'])
    log.write(['{"n":2}'])
    log.close()
    log = _save(store, 2, a=2)
    log.write(['{"n":3}', '{"n":4}'])
    log.close()


def _numbers(directory: Path) -> tuple[int, list[int]]:
    """What the save says, and what changed after it."""
    kept = Store(directory).load()
    return kept.payload["tables"]["a"], [change["n"] for change in kept.changes]


def test_what_was_written_is_read_in_its_order(tmp_path: Path) -> None:
    _filled(tmp_path)
    assert _numbers(tmp_path) == (2, [3, 4])
    assert Store(tmp_path).load().number == 2


def test_a_fresh_directory_is_empty_and_so_is_one_that_died_before_its_first_save(tmp_path: Path) -> None:
    for _ in range(2):
        kept = Store(tmp_path / "new").load()
        (tmp_path / "new").mkdir(exist_ok=True)
        assert (kept.payload, kept.changes, kept.is_bare) == (None, [], False)
        ChangeLog(tmp_path / "new", kept.number + 1).close()


def test_a_save_without_changes_is_told_from_one_with_some(tmp_path: Path) -> None:
    log = _save(Store(tmp_path), 1, a=1)
    assert Store(tmp_path).load().is_bare
    log.write(['{"n":1}'])
    assert not Store(tmp_path).load().is_bare


def test_the_former_save_and_its_log_lead_to_the_same_end(tmp_path: Path) -> None:
    _filled(tmp_path)
    shutil.copy(tmp_path / "dynamodb.json.former", tmp_path / "dynamodb.json")
    assert _numbers(tmp_path) == (1, [1, 2, 3, 4])


def test_one_former_save_is_kept_with_its_log_and_no_more(tmp_path: Path) -> None:
    store = Store(tmp_path)
    store.load()
    for number in range(1, 5):
        _save(store, number, a=number).close()
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["changes-3.log", "changes-4.log", "dynamodb.json", "dynamodb.json.former"]
    assert {path.stat().st_mode & 0o777 for path in tmp_path.iterdir()} == {0o600}


def test_a_death_between_a_new_log_and_its_save_loses_nothing(tmp_path: Path) -> None:
    _filled(tmp_path)
    log = ChangeLog(tmp_path, 3)
    log.write(['{"n":5}'])
    log.close()
    assert _numbers(tmp_path) == (2, [3, 4, 5])
    assert Store(tmp_path).load().number == 3


@pytest.mark.parametrize("end", range(1, 25))
def test_an_unfinished_last_line_was_never_confirmed(tmp_path: Path, end: int) -> None:
    log = ChangeLog(tmp_path, 1)
    log.write(['{"n":1}'])
    whole = log.path.stat().st_size
    log.write(['{"n":2}'])
    log.close()
    with log.path.open("r+b") as file:
        file.truncate(min(whole + end, log.path.stat().st_size - 1))
    log_read = read_log(tmp_path, 1)
    assert ([change["n"] for change in log_read.changes], log_read.is_whole) == ([1], False)


@pytest.mark.parametrize("rest", [b"\0" * 4096, b"0a1b2c3d [", b"0a1b2c3d [1, 2\0\0", b"0a1"])
def test_what_a_power_cut_left_at_the_end_is_left_out(tmp_path: Path, rest: bytes) -> None:
    log = ChangeLog(tmp_path, 1)
    log.write(['{"n":1}'])
    log.close()
    with log.path.open("ab") as file:
        file.write(rest)
    assert [change["n"] for change in read_log(tmp_path, 1).changes] == [1]


@pytest.mark.parametrize("rest", [b"garbage", b"0a1b2c3d [1]\n", b"\xff", b"\0\0a", b"[1]"])
def test_what_no_death_leaves_at_the_end_is_refused(tmp_path: Path, rest: bytes) -> None:
    _filled(tmp_path)
    with log_path(tmp_path, 2).open("ab") as file:
        file.write(rest)
    with pytest.raises(DamagedStore, match=r"changes-2\.log is damaged in line 3"):
        Store(tmp_path).load()


@pytest.mark.parametrize("content", [b"", b"garbage", b"\n", b"\0" * 100])
def test_a_log_that_lost_its_content_is_refused(tmp_path: Path, content: bytes) -> None:
    _filled(tmp_path)
    log_path(tmp_path, 2).write_bytes(content)
    with pytest.raises(DamagedStore, match=r"changes-2\.log is damaged in line 1"):
        Store(tmp_path).load()


def test_a_log_in_the_place_of_another_is_refused(tmp_path: Path) -> None:
    _filled(tmp_path)
    shutil.copy(log_path(tmp_path, 1), log_path(tmp_path, 2))
    with pytest.raises(DamagedStore, match=r"changes-2\.log is damaged in line 1"):
        Store(tmp_path).load()


@pytest.mark.parametrize("content", [b"", b"0a1b"])
def test_a_death_while_a_new_log_is_begun_is_none_of_its_content(tmp_path: Path, content: bytes) -> None:
    _filled(tmp_path)
    log_path(tmp_path, 3).write_bytes(content)
    assert _numbers(tmp_path) == (2, [3, 4])
    store = Store(tmp_path)
    store.load()
    _save(store, 4, a=4).close()
    shutil.copy(tmp_path / "dynamodb.json.former", tmp_path / "dynamodb.json")
    assert _numbers(tmp_path) == (2, [3, 4])


def test_damage_within_a_log_is_refused_with_its_line(tmp_path: Path) -> None:
    _filled(tmp_path)
    log = ChangeLog(tmp_path, 2)
    log.write(['{"n":5}'])
    log.write(['{"n":6}'])
    log.close()
    log.path.write_bytes(log.path.read_bytes().replace(b'"n":5', b'"n":7'))
    with pytest.raises(DamagedStore, match=r"changes-2\.log is damaged in line 3"):
        Store(tmp_path).load()


def _truncated(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-5])


def _emptied(path: Path) -> None:
    path.write_bytes(b"")


def _filled_with_noise(path: Path) -> None:
    path.write_bytes(bytes(range(256)))


def _other_json(path: Path) -> None:
    path.write_text("[]")


def _without_tables(path: Path) -> None:
    path.write_text('{"number": 2, "payload": {}}')


def _altered(path: Path) -> None:
    path.write_text(path.read_text().replace('{"a": 2}', '{"a": 3}'))


def _made_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def _nested_deeply(path: Path) -> None:
    path.write_text("[" * 200_000)


def _removed(path: Path) -> None:
    path.unlink()


@pytest.mark.parametrize(
    "damage",
    [
        *(_truncated, _emptied, _filled_with_noise, _other_json, _without_tables),
        *(_altered, _made_a_folder, _nested_deeply, _removed),
    ],
)
def test_a_damaged_save_is_refused_by_name_and_nothing_is_touched(
    tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    _filled(tmp_path)
    damage(tmp_path / "dynamodb.json")
    before = {path.name: path.is_file() and path.read_bytes() for path in tmp_path.iterdir()}
    with pytest.raises(DamagedStore) as refused:
        Store(tmp_path).load()
    words = str(refused.value)
    assert str(tmp_path / "dynamodb.json") in words
    assert f"copy {tmp_path / 'dynamodb.json.former'} to {tmp_path / 'dynamodb.json'}" in words
    assert {path.name: path.is_file() and path.read_bytes() for path in tmp_path.iterdir()} == before


def test_a_missing_log_is_refused(tmp_path: Path) -> None:
    _filled(tmp_path)
    log_path(tmp_path, 2).unlink()
    with pytest.raises(DamagedStore, match=r"changes-2\.log is missing"):
        Store(tmp_path).load()


@pytest.mark.parametrize(
    "text",
    [
        '{"__ministack_format__": 2, "payload": {"tables": {}}}',
        '{"__ministack_format__": 2, "number": 2, "crc32": 1886057615, "payload": {"tables": {}}}',
        '{"__ministack_format__": 3, "number": 2, "payload": {"tables": {}}}',
    ],
)
def test_a_save_without_the_checksum_of_today_is_refused_with_a_way_on(tmp_path: Path, text: str) -> None:
    _filled(tmp_path)
    (tmp_path / "dynamodb.json").write_text(text)
    with pytest.raises(DamagedStore, match=r"damaged, or of a version before the first release.*copy .*DATA_DIR"):
        Store(tmp_path).load()


def test_no_bit_of_a_save_can_flip_unseen(tmp_path: Path) -> None:
    _filled(tmp_path)
    path = tmp_path / "dynamodb.json"
    whole = path.read_bytes()
    for bit in range(8 * len(whole)):
        changed = bytearray(whole)
        changed[bit // 8] ^= 1 << bit % 8
        path.write_bytes(changed)
        with pytest.raises(DamagedStore):
            Store(tmp_path).load()
    path.write_bytes(whole)
    assert _numbers(tmp_path) == (2, [3, 4])


def test_a_save_is_not_taken_for_one_of_another_number(tmp_path: Path) -> None:
    _filled(tmp_path)
    path = tmp_path / "dynamodb.json"
    path.write_bytes(path.read_bytes().replace(b'"number": 2', b'"number": 1'))
    with pytest.raises(DamagedStore, match="checksum"):
        Store(tmp_path).load()
