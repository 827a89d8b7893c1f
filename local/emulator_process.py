"""The AWS emulator's process: run by `local.emulator` with the emulator's own Python, so it imports nothing of ours.

It lives exactly as long as its standard input is open: when the owner ends, however it ends, the pipe closes, and
the emulator saves its state and goes. Usage: `python emulator_process.py DIRECTORY`, or `-` to keep nothing.
Prints `port <n>` once it listens. Beyond what the emulator does by itself it
* keeps the records of DynamoDB streams with the state (it would forget those that nobody has read yet),
* saves every few seconds, so that even its own sudden death costs little,
* holds a lock on the directory until it has saved; a second process waits for it.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import importlib
import os
import shutil
import signal
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

SAVE_EVERY_SECONDS = 3.0
SAVE_SHARE = 20
"""Saving may take one part in so many of the time."""

_READS = ("Get", "Query", "Scan", "BatchGet", "Describe", "List", "TransactGet")


def main() -> None:
    directory = None if sys.argv[1] == "-" else Path(sys.argv[1]).resolve()
    lock = _lock(directory) if directory else None
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="starbid-emulator-") as scratch:
        _configure(directory, Path(scratch), port)
        asyncio.run(_serve(listener, port, keep=directory is not None))
    if lock:
        lock.close()


def _lock(directory: Path) -> TextIO:
    directory.mkdir(parents=True, exist_ok=True)
    lock = (directory / "lock").open("w")
    fcntl.flock(lock, fcntl.LOCK_EX)
    return lock


def _configure(directory: Path | None, scratch: Path, port: int) -> None:
    """The emulator reads its settings from the environment when it is imported."""
    os.environ.update(
        GATEWAY_PORT=str(port),
        BIND_HOST="127.0.0.1",
        MINISTACK_REGION="eu-central-1",
        SERVICES="dynamodb,dynamodbstreams,s3",
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
        LOG_LEVEL="WARNING",
        DOCKER_HOST="unix:///nonexistent",
    )
    os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
    if directory:
        shutil.rmtree(directory / "tmp", ignore_errors=True)
        os.environ.update(
            PERSIST_STATE="1", STATE_DIR=str(directory / "state"), S3_PERSIST="1", S3_DATA_DIR=str(directory / "s3")
        )
    else:
        os.environ.update(PERSIST_STATE="0", S3_PERSIST="0")


async def _serve(listener: socket.socket, port: int, *, keep: bool) -> None:
    application = importlib.import_module("ministack.app")
    serve = importlib.import_module("hypercorn.asyncio").serve
    config = importlib.import_module("hypercorn.config").Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.keep_alive_timeout = 600
    config.graceful_timeout = 0.5
    config.loglevel = "WARNING"
    stop = asyncio.Event()
    _stop_with_owner(stop)
    saver = _Saver(application) if keep else None
    task = asyncio.create_task(saver.run()) if saver else None

    async def stopped() -> None:
        await stop.wait()
        if saver and task:
            task.cancel()
            await saver.finish()

    print(f"port {port}", flush=True)
    await serve(application.app, config, shutdown_trigger=stopped)


def _stop_with_owner(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)

    def watch() -> None:
        while os.read(0, 1024):
            pass
        with contextlib.suppress(RuntimeError):  # the loop has ended for another reason
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, daemon=True, name="owner").start()


class _Saver:
    """Keeps stream records with the tables, and saves while running. All of it happens on the event loop."""

    def __init__(self, application: Any) -> None:
        self._application = application
        self._persistence = importlib.import_module("ministack.core.persistence")
        self._changed = False
        self._writing: asyncio.Future[None] | None = None
        self._teach(importlib.import_module("ministack.services.dynamodb"))

    def _teach(self, dynamodb: Any) -> None:
        save: Callable[[], dict[str, Any]] = dynamodb.get_state
        restore: Callable[[dict[str, Any]], None] = dynamodb.load_persisted_state
        handle = dynamodb.handle_request

        def save_with_streams() -> dict[str, Any]:
            # Records never change once written; only the lists of them do.
            records = dynamodb.AccountRegionScopedDict()
            for account, region, table, kept in _scoped(dynamodb._stream_records):
                records.set_scoped(account, region, table, list(kept))
            return {**save(), "stream_records": records}

        def restore_with_streams(state: dict[str, Any]) -> None:
            restore(state)
            dynamodb._stream_records.update(state.get("stream_records", {}))

        async def handle_and_note(method: str, path: str, headers: dict[str, str], body: bytes, query: Any) -> Any:
            action = headers.get("x-amz-target", "").rpartition(".")[2]
            if not action.startswith(_READS):
                self._changed = True
            return await handle(method, path, headers, body, query)

        dynamodb.get_state = save_with_streams
        dynamodb.load_persisted_state = restore_with_streams
        dynamodb.handle_request = handle_and_note

    async def run(self) -> None:
        pause = SAVE_EVERY_SECONDS
        while True:
            await asyncio.sleep(pause)
            if self._changed:
                started = time.monotonic()
                await self._save()
                pause = max(SAVE_EVERY_SECONDS, SAVE_SHARE * (time.monotonic() - started))

    async def _save(self) -> None:
        self._changed = False
        states = {name: get() for name, get in self._application._build_persistence_save_dict().items()}
        self._writing = asyncio.get_running_loop().run_in_executor(None, self._write, states)
        await asyncio.shield(self._writing)

    def _write(self, states: dict[str, Any]) -> None:
        for name, state in states.items():
            if state is not None:
                self._persistence.save_state(name, state)

    async def finish(self) -> None:
        """Wait for a save that is under way; the emulator itself saves once more when it ends."""
        if self._writing is not None:
            with contextlib.suppress(Exception):
                await self._writing


def _scoped(store: Any) -> list[tuple[str, str, str, list[Any]]]:
    return [(*key, value) for key, value in store.all_items()]


if __name__ == "__main__":
    main()
