"""`python -m local`, recording everything between bot and Telegram: one JSON array a line."""

import json
import os
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from local.__main__ import main
from tests.support.bot_watch import watch


def record_of(data_dir: Path) -> Path:
    """Next to the data, which belongs to the run alone."""
    return data_dir.with_name(f"{data_dir.name}.telegram.jsonl")


def run() -> int:
    lock = threading.Lock()
    with record_of(Path(os.environ["DATA_DIR"])).open("a") as record, pytest.MonkeyPatch.context() as patch:

        def note(*what: Any) -> None:
            with lock:
                record.write(json.dumps(what) + "\n")
                record.flush()

        watch(patch, note)
        return main()


if __name__ == "__main__":
    sys.exit(run())
