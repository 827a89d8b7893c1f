"""How long an export of many people takes, and how much memory.

The rows are in a database of this machine, the file goes to its disk. The work is done in a process of its own, whose
largest size is what is told: `python -m bench.exports <endpoint> <format>`.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from bench import bulk
from bench.bulk import Rows
from bench.market import START, market_at, template_of_the_bench
from local.resources import create_tables
from starbid.domain.audit_trail import Operator, decided
from starbid.domain.people import Person
from starbid.domain.roles import Role
from starbid.services.exports.records import GROUP, export_of
from starbid.services.ports import FilePart
from starbid.storage.codec import encode
from starbid.storage.models import PersonRow, wire_of
from starbid.storage.workbook import write_workbook

PEOPLE = 100_000
"""As many as a workbook takes."""
FORMATS = ("csv", "xlsx")
FIRST = 8_000_000_000


class NoWork:
    """One process does all steps."""

    def ask(self, job: str, facts: Mapping[str, Any], seconds: int = 0) -> None:
        pass


class DiskFiles:
    """Files of a folder, in the place of a bucket."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def write(self, name: str, content: bytes) -> None:
        self._path(name).write_bytes(content)

    def begin(self, name: str) -> str:
        return name

    def add(self, name: str, upload: str, number: int, content: bytes) -> FilePart:  # noqa: ARG002
        with self._path(name).open("ab") as file:
            file.write(content)
        return {"PartNumber": number, "ETag": "e" * 32}

    def finish(self, name: str, upload: str, parts: tuple[FilePart, ...]) -> None:
        pass

    def size(self, name: str) -> int | None:
        return self._path(name).stat().st_size

    def make_workbook(self, rows: str, name: str) -> None:
        with self._path(rows).open("rb") as lines:
            write_workbook(lines, self._path(name))

    def link(self, name: str, saved_as: str) -> str:  # noqa: ARG002
        return name

    def _path(self, name: str) -> Path:
        path = self._folder / name
        path.parent.mkdir(exist_ok=True)
        return path


def measure(people: int = PEOPLE) -> dict[str, Any]:
    """By format: rows, seconds, bytes of the file, MB of the process before and at most."""
    if not bulk.is_there():
        print(f"No {bulk.PROGRAM.name} for this platform: no export is measured.", file=sys.stderr)
        return {}
    template = template_of_the_bench()
    tables = {name.removesuffix("_TABLE"): value for name, value in template.environment.items()}
    with TemporaryDirectory() as folder:
        rows = Rows(Path(folder))
        rows.write(tables["USERS"], _people(people))
        rows.write(tables["WALLETS"], _wallets(people))
        with bulk.database(template, rows) as endpoint:
            with market_at(endpoint, template) as market:
                create_tables(market.store.client, template)  # those that got no row
            return {each: _in_a_process(endpoint, each) for each in FORMATS}


def _people(people: int) -> Iterator[str]:
    """One joins every second."""
    for number in range(people):
        joined_at = START - timedelta(seconds=number + 1)
        person = Person(FIRST + number, f"Анна Новак {number}", f"anna_{number}", "ru", joined_at)
        yield json.dumps(wire_of(PersonRow.of(person)))


def _wallets(people: int) -> Iterator[str]:
    for number in range(people):
        wallet = {"user_id": FIRST + number, "currency": "XTR", "available": 1000 + number, "held": 50}
        yield json.dumps(encode(wallet))


def _in_a_process(endpoint: str, file_format: str) -> dict[str, float]:
    command = [sys.executable, "-m", "bench.exports", endpoint, file_format]
    run = subprocess.run(command, check=True, capture_output=True, text=True)
    told: dict[str, float] = json.loads(run.stdout)
    return told


def _export(endpoint: str, file_format: str) -> dict[str, float]:
    with TemporaryDirectory() as folder, market_at(endpoint, template_of_the_bench()) as market:
        market.__dict__ |= {"desk_work": NoWork(), "export_files": DiskFiles(Path(folder))}
        operator = Operator(1, Role.OWNER)
        decision = decided(operator, "", f"bench-{file_format}", market.now(), needs_reason=False)
        began, before = time.perf_counter(), _largest_size()
        export_id = market.exports.ask(decision, {"what": "users", "format": file_format}, UTC)
        asked = time.perf_counter()
        market.export_making.make(export_id, lambda: True)
        ended = time.perf_counter()
        row = market.desk.row(GROUP, export_id, market.now())
        assert row
        export = export_of(row)
        return {
            "rows": export.lines,
            "seconds_to_count": round(asked - began, 2),
            "seconds": round(ended - asked, 1),
            "cpu_seconds": round(time.process_time(), 1),
            "bytes": export.size,
            "mb_before": round(before),
            "mb_at_most": round(_largest_size()),
        }


def _largest_size() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    print(json.dumps(_export(sys.argv[1], sys.argv[2])))
