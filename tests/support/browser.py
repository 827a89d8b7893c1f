"""Headless Chromium for end-to-end tests: one browser a test process, a context for each person."""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

WAIT_MS = 60_000
"""How long a browser waits for what must come: long, since only a failure takes all of it."""
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def chromium() -> str | None:
    """The browser's path: CHROMIUM, or an installed one."""
    named = os.environ.get("CHROMIUM") or None
    return named or next((path for name in ("chromium", "google-chrome") if (path := shutil.which(name))), None)


def shell() -> str | None:
    """The same without a window, bars and profiles, where it is installed: a context takes a quarter of the time."""
    return shutil.which("chromium-headless-shell") or chromium()


@pytest.fixture(scope="session")
def playwright() -> Iterator[Any]:
    """Starts browsers. Skips without one on a developer's machine, fails without one in CI."""
    if chromium() is None:
        if os.environ.get("CI"):
            pytest.fail("no Chromium: scripts/ensure-chromium should have found or installed one")
        pytest.skip("NO BROWSER: install Chromium, or set CHROMIUM, to run the stories in the browser")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def browser(playwright: Any) -> Iterator[Any]:
    """One Chromium for all tests without their own settings."""
    running = playwright.chromium.launch(executable_path=shell(), args=FLAGS)
    yield running
    running.close()


@contextmanager
def another_document(frame: Any) -> Iterator[None]:
    """What is done in here leads a page or a frame to another document, or to the same one once more. Waits until that
    is complete, with the handlers of its scripts; a change of the address alone does not count.

    A locator waits, and not `wait_for_function`: that one evaluates text in the page each time but the first, which the
    site's policy forbids.
    """
    frame.evaluate("document.documentElement.dataset.left = ''")
    yield
    frame.locator("html:not([data-left])").wait_for(state="attached")
    frame.wait_for_load_state()


def go(page: Any, url: str) -> None:
    """Open an address; once more where the page was just about to load itself again, as a lot's does when it ends."""
    from playwright.sync_api import Error

    for _ in range(3):
        try:
            page.goto(url)
        except Error as error:
            if not any(why in error.message for why in ("interrupted by another navigation", "net::ERR_ABORTED")):
                raise
        else:
            return
    raise AssertionError(f"{url} never came to rest")


def until(frame: Any, script: str, argument: Any = None) -> Any:
    """What the script answers in a page or a frame, once it is something, in whichever document that is then.

    Not by `wait_for_function`: see `another_document`.
    """
    from playwright.sync_api import Error

    over = time.monotonic() + WAIT_MS / 1000
    while time.monotonic() < over:
        try:
            if found := frame.evaluate(script, argument):
                return found
        except Error as error:
            if "Execution context was destroyed" not in error.message:
                raise
        frame.wait_for_timeout(20)
    raise AssertionError(f"never so: {script}")
