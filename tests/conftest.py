"""What all tests share: texts in both languages are compiled before anything reads them.

How long Hypothesis searches: seconds in `make test`, the same each time and whatever else is run; long with
HYPOTHESIS_PROFILE=soak.
"""

import gc
import os
import ssl
from functools import cache
from pathlib import Path

import botocore.session
from hypothesis import HealthCheck, settings

import local.template
from scripts.compile_catalogues import compile_all

pytest_plugins = ["tests.support.bot_watch", "tests.support.browser", "tests.support.emulator", "tests.support.stack"]

ROOT = Path(__file__).resolve().parents[1]

settings.register_profile(
    "short",
    max_examples=150,
    stateful_step_count=50,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.register_profile(
    "soak",
    max_examples=5_000,
    stateful_step_count=120,
    deadline=None,
    print_blob=True,
    suppress_health_check=[HealthCheck.too_slow],
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "short"))


def pytest_configure() -> None:
    compile_all(ROOT)
    # Every test has clients of its own, and some have tables. What AWS's services look like, whom the machine trusts,
    # and what the template says are read from disk once a test process.
    readers = ((botocore.session, "create_loader"), (ssl, "create_default_context"), (local.template, "read_yaml"))
    for module, name in readers:
        setattr(module, name, cache(getattr(module, name)))


def pytest_collection_finish() -> None:
    """Thousands of tests and their modules stay to the end: the garbage collector need not look at them each time."""
    gc.collect()
    gc.freeze()
