"""What all tests share: texts in both languages are compiled before anything reads them."""

from pathlib import Path

from scripts.compile_catalogues import compile_all

pytest_plugins = ["tests.support.browser", "tests.support.emulator", "tests.support.stack"]

ROOT = Path(__file__).resolve().parents[1]


def pytest_configure() -> None:
    compile_all(ROOT)
