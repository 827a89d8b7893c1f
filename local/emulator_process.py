"""The AWS emulator's process: run by `local.emulator` with the emulator's own Python, which has no packages of ours.

It lives exactly as long as its standard input is open: when the owner ends, even by a crash, the pipe closes, and the
emulator saves its state and ends. Arguments: a DIRECTORY, or `-` to store nothing, and the origins of pages that may
upload pictures and read signed links (none: no guard, for tests). Prints `port <n>` once it listens, or
`refused <why>`; with a directory, afterwards `grown <tables>` whenever streams of tables have grown. In addition to the
emulator's own work it
* stores tables and records of streams, so that confirmed changes survive any crash (`emulator_keeper`),
* holds a lock on the directory until it has saved; a second process waits for it,
* answers only programs of this machine, and those pages (`emulator_guard`).
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
from collections.abc import Iterable
from pathlib import Path
from typing import TextIO

from local.emulator_guard import Guard
from local.emulator_keeper import Keeper
from local.emulator_memory import Memory
from local.emulator_store import DamagedStore
from local.stream_news import GROWN


def main() -> None:
    os.umask(0o077)
    directory = None if sys.argv[1] == "-" else Path(sys.argv[1])
    try:
        _run(directory, frozenset(sys.argv[2:]))
    except DamagedStore as error:
        print(f"refused {error}", flush=True)
    except OSError as error:
        print(f"refused {error.filename or directory} cannot be used ({error.strerror})", flush=True)
        raise


def _run(directory: Path | None, origins: frozenset[str]) -> None:
    lock = _lock(directory) if directory else None
    listener = socket.socket()
    listener.bind(("127.0.0.1", 0))
    listener.listen(128)
    port = listener.getsockname()[1]
    with tempfile.TemporaryDirectory(prefix="starbid-emulator-") as scratch:
        _configure(directory, Path(scratch), port)
        asyncio.run(_serve(listener, port, directory, origins))
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
        PERSIST_STATE="0",
    )
    os.environ["TMPDIR"] = tempfile.tempdir = str(scratch)
    if directory:
        shutil.rmtree(directory / "tmp", ignore_errors=True)
        os.environ.update(S3_PERSIST="1", S3_DATA_DIR=str(directory / "s3"))
    else:
        os.environ.update(S3_PERSIST="0")


async def _serve(listener: socket.socket, port: int, directory: Path | None, origins: frozenset[str]) -> None:
    """Raises DamagedStore."""
    application = importlib.import_module("ministack.app")
    serve = importlib.import_module("hypercorn.asyncio").serve
    config = importlib.import_module("hypercorn.config").Config()
    config.bind = [f"fd://{listener.detach()}"]
    config.keep_alive_timeout = 600
    config.graceful_timeout = 0.5
    config.loglevel = "WARNING"
    stop = asyncio.Event()
    _stop_with_owner(stop)
    keeper = Keeper(directory / "state", Memory(), _tell_grown) if directory else None
    if keeper:
        keeper.load()
    print(f"port {port}", flush=True)
    answering = Guard(application.app, port, origins) if origins else application.app
    await serve(answering, config, shutdown_trigger=stop.wait)
    if keeper:
        keeper.finish()


def _tell_grown(tables: Iterable[str]) -> None:
    with contextlib.suppress(OSError):  # the owner is gone, and this ends too
        print(GROWN, *tables, flush=True)


def _stop_with_owner(stop: asyncio.Event) -> None:
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        loop.add_signal_handler(number, stop.set)

    def watch() -> None:
        while os.read(0, 1024):
            pass
        with contextlib.suppress(RuntimeError):  # the loop ended for another reason
            loop.call_soon_threadsafe(stop.set)

    threading.Thread(target=watch, daemon=True, name="owner").start()


if __name__ == "__main__":
    main()
