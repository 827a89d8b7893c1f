"""What all tests share: texts in both languages are compiled before anything reads them."""

import gc
from functools import cache
from pathlib import Path

import botocore.session

from scripts.compile_catalogues import compile_all

pytest_plugins = ["tests.support.browser", "tests.support.emulator", "tests.support.stack"]

ROOT = Path(__file__).resolve().parents[1]


def pytest_configure() -> None:
    compile_all(ROOT)
    # Every test has clients of its own; what AWS's services look like is read from disk once a test process.
    botocore.session.create_loader = cache(botocore.session.create_loader)


def pytest_collection_finish() -> None:
    """Thousands of tests and their modules stay to the end: the garbage collector need not look at them each time."""
    gc.collect()
    gc.freeze()
