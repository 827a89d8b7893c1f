"""Ways to run the built functions: `sam local` in containers, or the runtime interface emulator without any."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import threading
import time
import urllib.request
from abc import ABC, abstractmethod
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from werkzeug.serving import WSGIRequestHandler, make_server

from local.http_api import HttpApi
from local.template import Template, load
from starbid.bootstrap import utc_now

ROOT = Path(__file__).resolve().parents[2]
REGION = "eu-central-1"
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_DEFAULT_REGION": REGION}
INVOKE_SECONDS = 120
START_SECONDS = 60
STOP_SECONDS = 15


class InvokeFailed(Exception):
    """The function, or its runner, failed; the message is its output."""


class Way(ABC):
    """`gateway` is where the gateway has to listen, `host` how a function calls that address."""

    gateway = "127.0.0.1"
    host = "127.0.0.1"

    def __init__(self, build: Path, scratch: Path) -> None:
        self.build, self.scratch = build, scratch

    @abstractmethod
    def invoke(self, function: str, event: Any, environment: Mapping[str, str]) -> Any:
        """The answer of one cold function, by its id in the template. Raises InvokeFailed."""

    @abstractmethod
    def api(self, environment: Mapping[str, str]) -> Any:
        """Within the context the HTTP API answers at the returned address."""

    @abstractmethod
    def lambdas(self, function: str, environment: Mapping[str, str]) -> Any:
        """Within the context Lambda answers: returns its endpoint and the function's name there."""


class SamLocal(Way):
    """`sam local`, in containers."""

    def __init__(self, build: Path, scratch: Path, gateway: str, host: str, options: list[str]) -> None:
        super().__init__(build, scratch)
        self.gateway, self.host, self._options = gateway, host, options

    def invoke(self, function: str, event: Any, environment: Mapping[str, str]) -> Any:
        command = self._command("invoke", environment, function, "--event", "-")
        text = json.dumps(event).encode()
        done = subprocess.run(
            command, input=text, capture_output=True, timeout=INVOKE_SECONDS, check=False, **self._place()
        )
        lines = done.stdout.decode().strip().splitlines()
        if done.returncode or not lines:
            raise InvokeFailed(done.stderr.decode())
        return checked(json.loads(lines[-1]), done.stderr)

    @contextmanager
    def api(self, environment: Mapping[str, str]) -> Iterator[str]:
        with self._serving("start-api", environment) as url:
            yield url

    @contextmanager
    def lambdas(self, function: str, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        with self._serving("start-lambda", environment) as url:
            yield url, function

    @contextmanager
    def _serving(self, what: str, environment: Mapping[str, str]) -> Iterator[str]:
        port = free_port()
        command = self._command(
            what, environment, "--host", "127.0.0.1", "--port", str(port), "--warm-containers", "LAZY"
        )
        with running(command, self.scratch / f"{what}.log", **self._place()) as process:
            wait_for_port(port, process, self.scratch / f"{what}.log")
            yield f"http://127.0.0.1:{port}"

    def _command(self, what: str, environment: Mapping[str, str], *arguments: str) -> list[str]:
        variables = self.scratch / "variables.json"
        variables.write_text(json.dumps({"Parameters": dict(environment)}))
        sam = [str(ROOT / ".venv-sam/bin/python"), "-m", "samcli", "local", what, *arguments]
        return [*sam, "--template", str(self.build / "template.yaml"), "--env-vars", str(variables), *self._options]

    def _place(self) -> dict[str, Any]:
        # One attempt: otherwise it asks AWS for layers that are local, and waits.
        quiet = {"SAM_CLI_TELEMETRY": "0", "AWS_MAX_ATTEMPTS": "1", "AWS_EC2_METADATA_DISABLED": "true"}
        kept = {key: value for key, value in os.environ.items() if not key.startswith(("AWS_", "COV"))}
        return {"cwd": ROOT, "env": {**kept, **CREDENTIALS, **quiet}}


class Emulated(Way):
    """AWS's runtime interface emulator starts the built function as a process of this machine; no container."""

    def invoke(self, function: str, event: Any, environment: Mapping[str, str]) -> Any:
        with self._running(function, environment) as url:
            return _post(url, event)

    @contextmanager
    def api(self, environment: Mapping[str, str]) -> Iterator[str]:
        functions = _Warm(self, environment)
        template = load(settings={})
        app = HttpApi(template.routes, functions, utc_now)  # type: ignore[arg-type] # it only asks for `invoke`
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=_Quiet)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.port}"
        finally:
            server.shutdown()
            server.server_close()
            functions.stop()

    @contextmanager
    def lambdas(self, function: str, environment: Mapping[str, str]) -> Iterator[tuple[str, str]]:
        with self._running(function, environment) as url:
            yield url, "function"

    @contextmanager
    def _running(self, function: str, environment: Mapping[str, str]) -> Iterator[str]:
        template: Template = load(settings={})
        port, log = free_port(), self.scratch / f"{function}.log"
        code = self.build / function
        layers = [self.build / layer / "python" for layer in template.functions[function].layers]
        rie = next((ROOT / ".venv-sam/lib").glob("python3*/site-packages/samcli/local/rapid/aws-lambda-rie-x86_64"))
        addresses = ["--runtime-interface-emulator-address", f"127.0.0.1:{port}"]
        addresses += ["--runtime-api-address", f"127.0.0.1:{free_port()}"]
        runtime = [str(ROOT / ".venv-lambda/bin/python"), "-m", "awslambdaric", template.functions[function].handler]
        variables = {
            **environment,
            **CREDENTIALS,
            "AWS_REGION": REGION,
            "PATH": os.environ["PATH"],
            "PYTHONPATH": ":".join(map(str, (code, *layers))),
            "LAMBDA_TASK_ROOT": str(code),
            "AWS_LAMBDA_FUNCTION_NAME": template.functions[function].name,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(template.functions[function].memory),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(template.functions[function].timeout),
        }
        with running([str(rie), *addresses, *runtime], log, cwd=code, env=variables) as process:
            wait_for_port(port, process, log)
            yield f"http://127.0.0.1:{port}"


class _Warm:
    """Functions that stay up between requests; each takes one at a time, as an instance in AWS does."""

    def __init__(self, way: Emulated, environment: Mapping[str, str]) -> None:
        self._way, self._environment = way, environment
        self._started: dict[str, Any] = {}
        self._urls: dict[str, str] = {}
        self._lock = threading.Lock()

    def invoke(self, function: str, event: Any) -> Any:
        with self._lock:
            if function not in self._urls:
                self._started[function] = self._way._running(function, self._environment)
                self._urls[function] = self._started[function].__enter__()
            return _post(self._urls[function], event)

    def stop(self) -> None:
        for context in self._started.values():
            context.__exit__(None, None, None)


class _Quiet(WSGIRequestHandler):
    def log(self, type: str, message: str, *args: Any) -> None:  # noqa: A002 - the name is werkzeug's
        """Nothing."""


def checked(answer: Any, log: bytes = b"") -> Any:
    """Lambda's runtimes report an exception in the answer itself."""
    if isinstance(answer, dict) and "errorType" in answer:
        raise InvokeFailed(json.dumps(answer, indent=1) + log.decode(errors="replace"))
    return answer


def _post(url: str, event: Any) -> Any:
    address = f"{url}/2015-03-31/functions/function/invocations"
    with urllib.request.urlopen(address, json.dumps(event).encode(), timeout=INVOKE_SECONDS) as response:
        return checked(json.loads(response.read()))


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def running(command: list[str], log: Path, **options: Any) -> Iterator[subprocess.Popen[bytes]]:
    """A process in its own group, which ends with the context: by SIGTERM, then by SIGKILL."""
    with log.open("ab") as out:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=out, stderr=out, start_new_session=True, **options
        )
    # For scripts/sam-test, which ends the children of a killed test process.
    note = Path(os.environ["SAM_TEST_RUNNING"], str(process.pid))
    note.touch()
    try:
        yield process
    finally:
        _signal(process, signal.SIGTERM)
        with suppress(subprocess.TimeoutExpired):
            process.wait(STOP_SECONDS)
        _signal(process, signal.SIGKILL)  # its leftover children
        process.wait()
        note.unlink()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    with suppress(ProcessLookupError):
        os.killpg(process.pid, number)


def wait_for_port(port: int, process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        with socket.socket() as probe:
            probe.settimeout(1)
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.03)
    raise InvokeFailed(log.read_text(errors="replace"))
