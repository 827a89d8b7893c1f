"""`make sam-test` runs these, with SAM_TEST_* saying how; in `make test` they are not collected."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from xdist.scheduler.loadscope import LoadScopeScheduling  # type: ignore[import-untyped]

from local.emulator import Emulator
from starbid.storage.clients import forget_clients
from tests.support.bot_server import BotServer

from .gateway import Gateway
from .market import Market, open_market
from .ways import CREDENTIALS, Emulated, SamLocal, Way

WAY = os.environ.get("SAM_TEST_WAY", "")
OUTCOME = pytest.StashKey[str]()
if not WAY:
    collect_ignore_glob = ["test_*.py"]


def pytest_configure() -> None:
    """When stopped, end in order, together with everything that the fixtures started."""
    if WAY:
        signal.signal(signal.SIGTERM, signal.default_int_handler)


class OneByOne(LoadScopeScheduling):  # type: ignore[misc] # it has no types
    """Each sample goes to a free process; the tests of the site stay together, because they share its server."""

    def _split_scope(self, nodeid: str) -> str:
        file = nodeid.partition("::")[0]
        return file if file.endswith("test_site.py") else nodeid


@pytest.hookimpl
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> OneByOne:
    return OneByOne(config, log)


@pytest.fixture(scope="session")
def way(tmp_path_factory: pytest.TempPathFactory) -> Way:
    build, scratch = Path(os.environ["SAM_TEST_BUILD"]), tmp_path_factory.mktemp("sam")
    if WAY == "emulator":
        return Emulated(build, scratch)
    gateway, host = os.environ["SAM_TEST_GATEWAY"], os.environ["SAM_TEST_HOST"]
    return SamLocal(build, scratch, gateway, host, os.environ.get("SAM_TEST_OPTIONS", "").split())


@pytest.fixture(scope="session")
def bot() -> Iterator[BotServer]:
    server = BotServer()
    yield server
    server.stop()


@pytest.fixture(scope="session")
def gateway(way: Way, bot: BotServer) -> Iterator[Gateway]:
    """AWS and Telegram for all; the test process itself reaches them through it too."""
    emulator = Emulator(None)
    listening = Gateway(way.gateway, emulator.endpoint, bot.url)
    saved = dict(os.environ)
    for name in [name for name in os.environ if name.startswith("AWS_")]:
        del os.environ[name]
    os.environ.update(CREDENTIALS, AWS_ENDPOINT_URL=f"http://{way.gateway}:{listening.port}")
    forget_clients()
    yield listening
    os.environ.clear()
    os.environ.update(saved)
    listening.close()
    emulator.stop()


@pytest.fixture
def market(way: Way, gateway: Gateway, bot: BotServer) -> Iterator[Market]:
    """A market of this test's own."""
    with open_market(gateway, bot, f"http://{way.host}:{gateway.port}") as opened:
        yield opened


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    count = {name: len(terminalreporter.stats.get(name, [])) for name in ("passed", "failed", "error")}
    config.stash[OUTCOME] = f"{count['passed']} passed, {count['failed'] + count['error']} failed"


def pytest_unconfigure(config: pytest.Config) -> None:
    if WAY and OUTCOME in config.stash:
        print(f"sam-test ({WAY}): {config.stash[OUTCOME]}")
