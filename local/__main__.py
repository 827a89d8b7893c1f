"""`python -m local`: serve the whole product on this machine until stopped."""

from __future__ import annotations

import logging
import os
import signal
import sys
import threading
import time
from pathlib import Path

from local.cloudformation import TemplateError
from local.configuration import Configuration, ConfigurationError, TelegramMode, read_configuration
from local.data_dir import DataDirError
from local.database import DamagedDatabase
from local.emulator import EmulatorError
from local.host import Host, HostError
from local.server import PortInUse

_REASONS = (
    *(ConfigurationError, DamagedDatabase, DataDirError, EmulatorError),
    *(HostError, OSError, PortInUse, TemplateError),
)
"""Reasons why a run may not start; each has a message."""

log = logging.getLogger("local")


def main() -> int:
    """The exit status: 0 after a normal end, 1 if it cannot start or continue."""
    began = time.monotonic()
    os.umask(0o077)  # payments and messages are private
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(name)s: %(message)s")
    for noisy in ("botocore", "boto3", "urllib3", "httpx", "pymorphy3", "pynamodb", "werkzeug"):
        logging.getLogger(noisy).setLevel(logging.WARNING)
    ending = threading.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda _number, _frame: ending.set())
    try:
        configuration = read_configuration(os.environ, Path(".env"))
        host = Host(configuration)
    except ConfigurationError as error:
        print(f"Cannot start: {error}", file=sys.stderr)
        return 1
    try:
        return _run(host, ending, began)
    except _REASONS as error:
        print(f"Cannot start: {error}", file=sys.stderr)
        return 1
    finally:
        host.stop()


def _run(host: Host, ending: threading.Event, began: float) -> int:
    print("Starting AWS on this machine, and the functions", flush=True)
    host.start()
    if not ending.is_set():
        host.seed_demo()
        host.introduce_bot()
    host.ready()
    print(banner(host.configuration, host.base_url, time.monotonic() - began), flush=True)
    while not ending.wait(1.0):
        if not host.is_alive():
            print("The AWS emulator has ended unexpectedly; see emulator.log", file=sys.stderr)
            return 1
    return 0


def banner(configuration: Configuration, base_url: str, seconds: float) -> str:
    """The message once everything runs."""
    telegram = {
        TelegramMode.STAND_IN: f"{base_url}/_local/telegram/",
        TelegramMode.OTHER_SERVER: "updates are awaited at /telegram/webhook",
        TelegramMode.POLLING: "your bot, polled",
    }
    lines = (
        f"Starbid is up ({seconds:.1f} s). Ctrl-C ends it.",
        f"  site      {base_url}/",
        f"  Telegram  {telegram[configuration.telegram]}",
        f"  clock     {base_url}/_local/",
        f"  data      {configuration.data_dir}",
    )
    return "\n".join(lines)


if __name__ == "__main__":
    sys.exit(main())
