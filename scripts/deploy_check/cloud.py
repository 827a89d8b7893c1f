"""The emulator with all its services and IAM enforced. Unlike the local run's it also runs the functions."""

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import Any

import boto3
from botocore.config import Config

from local.emulator import EmulatorError

REGION = "eu-central-1"
ADMINISTRATOR = {"aws_access_key_id": "test", "aws_secret_access_key": "test", "region_name": REGION}
"""The emulator takes this key for the account's root."""
START_SECONDS = 20.0

# It ends with its standard input, so that no death of ours leaves it behind.
_PROGRAM = """
import os, runpy, signal, sys, threading
def wait():
    sys.stdin.read()
    os.kill(os.getpid(), signal.SIGTERM)
threading.Thread(target=wait, daemon=True).start()
runpy.run_module("ministack", run_name="__main__")
"""


class Cloud:
    """A running emulator; its files and those of the functions are in `directory`."""

    def __init__(self, python: Path, directory: Path) -> None:
        self.endpoint = f"http://127.0.0.1:{(port := _free_port())}"
        self._log = directory / "emulator.log"
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                [str(python), "-c", _PROGRAM],
                stdin=subprocess.PIPE,
                stdout=log,
                stderr=log,
                cwd=directory,
                env=_environment(directory, port),
                start_new_session=True,
            )
        try:
            self._wait_for_health()
        except BaseException:
            self.stop()
            raise

    def client(self, service: str) -> Any:
        """A boto3 client with the administrator's rights."""
        config = Config(read_timeout=60, connect_timeout=5, retries={"total_max_attempts": 1})
        make: Any = boto3.client
        return make(service, endpoint_url=self.endpoint, config=config, **ADMINISTRATOR)

    def environment(self) -> dict[str, str]:
        """The environment that lets another program use this cloud as its AWS."""
        return {
            "AWS_ACCESS_KEY_ID": ADMINISTRATOR["aws_access_key_id"],
            "AWS_SECRET_ACCESS_KEY": ADMINISTRATOR["aws_secret_access_key"],
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def log_tail(self) -> str:
        """The end of the emulator's log, for an error report."""
        return self._log.read_text("utf-8", "replace")[-4000:]

    def stop(self) -> None:
        """Stop it and the functions that it runs."""
        for number, seconds in ((signal.SIGTERM, 5.0), (signal.SIGKILL, 5.0)):
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self._process.pid, number)
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(seconds)
        if self._process.stdin:
            self._process.stdin.close()

    def _wait_for_health(self) -> None:
        until = time.monotonic() + START_SECONDS
        while time.monotonic() < until and self._process.poll() is None:
            connection = http.client.HTTPConnection(self.endpoint.removeprefix("http://"), timeout=5)
            with contextlib.suppress(OSError, http.client.HTTPException):
                connection.request("GET", "/_ministack/health")
                if connection.getresponse().status == 200:
                    return
            connection.close()
            time.sleep(0.1)
        raise EmulatorError(f"the AWS emulator did not start:\n{self.log_tail()}")


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


def _environment(directory: Path, port: int) -> dict[str, str]:
    scratch = directory / "tmp"
    scratch.mkdir()
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(directory),
        "TMPDIR": str(scratch),
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "MINISTACK_REGION": REGION,
        "AUTH": "true",
        "PERSIST_STATE": "0",
        "S3_PERSIST": "0",
        "IOT_MTLS_ENABLED": "0",
        "SFTP_ENABLED": "0",
        "LOG_LEVEL": "WARNING",
        "DOCKER_HOST": "unix:///nonexistent",
    }
