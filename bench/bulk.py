"""A database that holds a hundred thousand lots within a minute: dynoxide, which npm installs on x86-64 Linux.

It reports the capacity of every call as DynamoDB does. The emulator of the local run does so for some calls only.
"""

from __future__ import annotations

import gzip
import json
import os
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from local.emulator import ROOT
from local.template import Template

PROGRAM = ROOT / "node_modules" / "@dynoxide" / "linux-x64" / "dynoxide"
START_SECONDS = 300.0
"""It listens when it has read all rows."""


def is_there() -> bool:
    """False on platforms without a build of it."""
    return os.access(PROGRAM, os.X_OK)


class Rows:
    """Files of rows by table, in the form that DynamoDB exports to S3."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def write(self, table: str, lines: Iterator[str]) -> None:
        """`lines` are items in DynamoDB's JSON, one in each."""
        target = self.folder / table / "data"
        target.mkdir(parents=True)
        with gzip.open(target / "rows.json.gz", "wt", compresslevel=1, encoding="utf-8") as file:
            for line in lines:
                file.write(f'{{"Item": {line}}}\n')


@contextmanager
def database(template: Template, rows: Rows | None = None) -> Iterator[str]:
    """The address of a database with the template's tables and these rows; it ends with the block."""
    with TemporaryDirectory() as folder:
        schema, port = Path(folder) / "schema.json", _free_port()
        schema.write_text(json.dumps(_descriptions(template)))
        source = ["import", "--serve", "--source", str(rows.folder)] if rows else ["serve"]
        command = [str(PROGRAM), *source, "--schema", str(schema), "--port", str(port)]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            _wait_for(process, port)
            yield f"http://127.0.0.1:{port}"
        finally:
            process.kill()
            process.wait()


def _descriptions(template: Template) -> list[dict[str, object]]:
    """The tables as DescribeTable returns them."""
    facts = {"TableStatus": "ACTIVE", "ItemCount": 0, "TableSizeBytes": 0}
    return [{"Table": {**table.create, **facts, "TableArn": table.name}} for table in template.tables.values()]


def _free_port() -> int:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return int(listener.getsockname()[1])


def _wait_for(process: subprocess.Popen[bytes], port: int) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1).close()
        except OSError:
            time.sleep(0.02)
        else:
            return
    raise RuntimeError("the database of the growth measurement did not start")
