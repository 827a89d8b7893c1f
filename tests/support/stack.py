"""The whole product as a user runs it: `python -m local` in a separate process, on a free port.

Everything between its bot and Telegram is judged when it ends.
"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from .bot_judge import judge_record
from .recorded_run import record_of

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = END_SECONDS = 60.0
_OURS = ("AWS_", "TELEGRAM_", "POWERTOOLS_", "DEMO", "PORT", "DATA_DIR", "BASE_URL", "SECRET_KEY", "SSM_PREFIX")


class Stack:
    """A running product. `environment` is added to ours; a `data_dir` may be used by one run after another."""

    def __init__(self, data_dir: Path, environment: Mapping[str, str] | None = None) -> None:
        self.data_dir = data_dir
        data_dir.mkdir(parents=True, exist_ok=True)
        self.log_path = data_dir / "output.log"
        clean = {key: value for key, value in os.environ.items() if not key.startswith(_OURS)}
        settings = {"PORT": "0", "DEMO": "0", "DATA_DIR": str(data_dir), **(environment or {})}
        with self.log_path.open("ab") as log:
            self._log_start = log.tell()
            self.process = subprocess.Popen(
                [sys.executable, "-m", "tests.support.recorded_run"],
                cwd=ROOT,
                env={**clean, **settings, "PYTHONUNBUFFERED": "1"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        try:
            self.url = self._wait_for_url()
        except BaseException:
            self.kill()
            raise

    def advance(self, seconds: float) -> dict[str, Any]:
        """Move the run's clock and wait until everything due is done."""
        status, answer = self.request("POST", "/_local/advance", form={"seconds": str(seconds)}, timeout=300)
        assert status == 200, answer
        return dict(answer)

    def request(
        self, method: str, path: str, form: Mapping[str, str] | None = None, timeout: float = 60
    ) -> tuple[int, Any]:
        """A plain request without cookies; the answer's status and its JSON, or its text."""
        data = urllib.parse.urlencode(form).encode() if form is not None else None
        request = urllib.request.Request(self.url + path, data, method=method)
        try:
            with urllib.request.urlopen(request, timeout=timeout) as response:
                return response.status, _content(response.read())
        except urllib.error.HTTPError as error:
            return error.code, _content(error.read())

    def output(self) -> str:
        """The output of this run so far."""
        with self.log_path.open("rb") as log:
            log.seek(self._log_start)
            return log.read().decode(errors="replace")

    def stop(self) -> int:
        """End it as Ctrl-C does; its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        status = self.process.wait(END_SECONDS)
        judge_record(record_of(self.data_dir))
        return status

    def kill(self) -> None:
        """End it without any warning, with all processes of its group."""
        if self.process.poll() is None:
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait(END_SECONDS)
        judge_record(record_of(self.data_dir))

    def kill_everything(self) -> None:
        """The same for the emulator, which has its own group and would save its state."""
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = (map(int, line.split()) for line in listed.splitlines())
        children = [pid for pid, parent in pairs if parent == self.process.pid]
        for pid in children:
            os.kill(pid, signal.SIGKILL)
        self.kill()

    def _wait_for_url(self) -> str:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self.process.poll() is None:
            sites = [line.split()[1] for line in self.output().splitlines() if line.startswith("  site ")]
            if sites:
                return sites[0].rstrip("/")
            time.sleep(0.05)
        raise AssertionError(f"the local run did not start:\n{self.output()}")


def _content(body: bytes) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body.decode(errors="replace")


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A run without demo data and with the Telegram stand-in, shared by the tests of a module."""
    running = Stack(tmp_path_factory.mktemp("stack"))
    yield running
    running.stop()
