"""Starts and stops the AWS emulator: DynamoDB with streams, and S3, on a free port of this machine."""

from __future__ import annotations

import contextlib
import http.client
import os
import select
import subprocess
import time
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from local.stream_news import StreamNews

ROOT = Path(__file__).resolve().parent.parent
START_SECONDS = 60.0
"""A run before this one may still be saving."""
STOP_SECONDS = 20.0


class EmulatorError(Exception):
    """The emulator is missing or did not start; the message says what to do."""


class Emulator:
    """A running emulator. With a `data_dir` its state survives; without, it stores nothing.

    It ends with this process, even after a crash. With a `data_dir` it also tells which streams grow (`news`). Pages of
    `origins` may upload pictures and read the target of a signed link, and other pages nothing; without `origins`,
    there is no guard. Raises EmulatorError.
    """

    def __init__(self, data_dir: Path | None, origins: Iterable[str] = ()) -> None:
        self._log_path = data_dir / "emulator.log" if data_dir else None
        directory = str(data_dir.resolve() / "aws") if data_dir else "-"
        log = _open_log(self._log_path) if self._log_path else subprocess.DEVNULL
        self._process = subprocess.Popen(  # noqa: S603 - our own program
            [str(_python()), "-m", "local.emulator_process", directory, *origins],
            cwd=ROOT,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=log,
            start_new_session=True,
            env=_environment(),
            bufsize=0,
        )
        assert self._process.stdin
        assert self._process.stdout
        self._input, self._output = self._process.stdin, self._process.stdout
        self._news: StreamNews | None = None
        if not isinstance(log, int):
            log.close()
        try:
            self.port = self._wait_for_port()
            self._news = StreamNews(self._output)
            self._wait_for_health()
        except BaseException:
            self.stop()
            raise
        self.endpoint = f"http://127.0.0.1:{self.port}"

    def stop(self) -> None:
        """Let it save and end. May be called again."""
        self._input.close()
        try:
            self._process.wait(STOP_SECONDS)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._news:
            self._news.join()
        self._output.close()

    @property
    def news(self) -> StreamNews:
        assert self._news
        return self._news

    def is_alive(self) -> bool:
        return self._process.poll() is None

    def _wait_for_port(self) -> int:
        ready, _, _ = select.select([self._output], [], [], START_SECONDS)
        line = self._output.readline().decode() if ready else ""
        if line.startswith("refused "):
            raise EmulatorError(line.removeprefix("refused ").strip())
        if not line.startswith("port "):
            raise EmulatorError(f"the AWS emulator did not start{self._log_hint()}")
        return int(line.split()[1])

    def _wait_for_health(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.is_alive():
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection.request("GET", "/_ministack/health")
                if connection.getresponse().status == 200:
                    return
            connection.close()
            time.sleep(0.02)
        raise EmulatorError(f"the AWS emulator does not answer{self._log_hint()}")

    def _log_hint(self) -> str:
        return f"; see {self._log_path}" if self._log_path else ""


def _open_log(path: Path) -> IO[bytes]:
    try:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        return os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb")
    except OSError as error:
        raise EmulatorError(f"{path} cannot be written ({error.strerror})") from error


def _python() -> Path:
    """The Python of the emulator's environment; `STARBID_EMULATOR` names another environment's `bin`."""
    directory = Path(os.environ.get("STARBID_EMULATOR") or ROOT / ".venv-emulator" / "bin")
    python = directory / "python"
    if not python.exists():
        raise EmulatorError(f"the AWS emulator is not installed in {directory}: run `make .venv-emulator`")
    return python


def _environment() -> dict[str, str]:
    """Our environment without the variables that would change the emulator: its own, Python's and AWS's."""
    dropped = ("AWS_", "MINISTACK_", "LOCALSTACK_", "PYTHON", "COVERAGE_", "COV_")
    return {key: value for key, value in os.environ.items() if not key.startswith(dropped)}
