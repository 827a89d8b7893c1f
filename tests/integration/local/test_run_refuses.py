"""What cannot be right is told in a line when the run starts, by its name, and nothing is written over."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.support.stack import ROOT, Stack


def _start(data_dir: Path, **settings: str) -> str:
    """What a run that does not start says."""
    ended = subprocess.run(
        [sys.executable, "-m", "local"],
        check=False,
        cwd=ROOT,
        env={**os.environ, "PORT": "0", "DEMO": "0", "DATA_DIR": str(data_dir), **settings},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.returncode == 1
    assert ended.stderr.startswith("Cannot start: ")
    assert "Traceback" not in ended.stderr
    return ended.stderr


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TELEGRAM_WEBHOOK_SECRET", "a b"),
        ("TELEGRAM_BOT_USERNAME", "star bid"),
        ("TELEGRAM_BOT_TOKEN", "nonsense"),
        ("TELEGRAM_BOT_TOKEN", " 1:a bc "),
        ("BASE_URL", "http://127.0.0.1:8000/shop"),
        ("BASE_URL", "http://127.0.0.1:08000"),
        ("TELEGRAM_API_BASE_URL", "http://[1]"),
        ("DEMO", "banana"),
        ("AWS_ENDPOINT_URL", "banana"),
        ("AWS_ENDPOINT_URL", "http://127.0.0.1:9"),
    ],
)
def test_a_setting_that_would_fail_later_stops_the_start(tmp_path: Path, name: str, value: str) -> None:
    words = _start(tmp_path, **{name: value})
    assert name in words
    if name != "AWS_ENDPOINT_URL":
        assert value not in words


def test_a_server_that_is_not_aws_is_told_by_the_setting_that_names_it(tmp_path: Path, used: Stack) -> None:
    keys = {"AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": "a"}
    assert "AWS_ENDPOINT_URL" in _start(tmp_path, AWS_ENDPOINT_URL=used.url, **keys)


def test_a_data_directory_that_is_a_file_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("")
    assert f"DATA_DIR {tmp_path / 'data'}" in _start(tmp_path / "data")


@pytest.fixture(scope="module")
def used(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A run whose data is copied."""
    running = Stack(tmp_path_factory.mktemp("used"))
    yield running
    running.stop()


@pytest.fixture
def data(used: Stack, tmp_path: Path) -> Path:
    """Data as a sudden death of all processes would leave it at this moment."""
    subprocess.run(["cp", "-r", str(used.data_dir), str(tmp_path / "data")], check=True)
    return tmp_path / "data"


def _content(data: Path) -> dict[str, bytes | None]:
    """Everything that is stored, without `-shm` (how a database is shared): SQLite makes that again."""
    kept = (path for path in data.rglob("*") if not path.name.endswith("-shm"))
    return {str(path): path.read_bytes() if path.is_file() else None for path in kept}


def _noise(path: Path) -> None:
    path.write_bytes(b"garbage" * 1000)


def _nothing(path: Path) -> None:
    path.write_bytes(b"")


def _half(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _gone(path: Path) -> None:
    path.unlink()


def _folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


@pytest.mark.parametrize(
    ("name", "damage"),
    [
        ("local.sqlite3", _noise),
        ("local.sqlite3", _nothing),
        ("telegram/telegram.sqlite3", _noise),
        ("aws/state/dynamodb.json", _half),
        ("aws/state/dynamodb.json", _gone),
        ("aws/state/dynamodb.json", _folder),
        ("aws/state/s3.json", _nothing),
    ],
)
def test_a_damaged_part_of_the_data_is_named_and_left_alone(
    data: Path, name: str, damage: Callable[[Path], None]
) -> None:
    path = data / name
    damage(path)
    before = _content(data)
    assert str(path) in _start(data)
    assert _content(data) == before


@pytest.mark.parametrize(("folder", "named"), [("aws", "dynamodb.json"), ("telegram", "telegram.sqlite3")])
def test_data_that_was_taken_away_is_missed(data: Path, folder: str, named: str) -> None:
    (data / folder).rename(data / "elsewhere")
    assert named in _start(data)
    assert not (data / folder).exists() or not list((data / folder).rglob("*.json*"))


def test_nobody_else_may_read_the_data_not_even_what_older_runs_left(data: Path) -> None:
    for path in data.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)
    running = Stack(data)
    try:
        shown = [path for path in data.rglob("*") if path.stat().st_mode & 0o077]
        assert shown == [running.log_path]
    finally:
        running.stop()
