"""Makes the files of exports, a step at a time: any size, in the memory of one part.

A worker reads rows page by page and hands them in by parts. After each part it writes into the export's record how far
it came, so the one who goes on, after a death or with little time left, begins there: nothing is in the file twice and
nothing is left out. The record is a lease as well: of several workers one writes it, and the others leave it alone. A
part is numbered by the version of the record that names it, so who lost the lease meanwhile cannot overwrite a part of
their successor.
"""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import replace
from datetime import datetime
from typing import Any

from starbid.domain.cells import BOM, csv_line, safe
from starbid.domain.exports import LEASE, Export, FileFormat, State, Written
from starbid.services.exports.names import file_of, written_file_of
from starbid.services.exports.records import GROUP, export_of, row_of
from starbid.services.exports.sources import Row, Source
from starbid.services.ports import Desk, DeskWork, ExportFiles, UploadGone

PART = 5 * 1024 * 1024
TELLS_EVERY = 10
"""Pages between two reports of how far it has read."""

HasTime = Callable[[], bool]
SourceOf = Callable[[Export, datetime], Source]
"""What goes into an export, as it is then."""


class Superseded(Exception):
    """Somebody else changed the record: it was cancelled, or another worker has it."""


class ExportMaking:
    """The job `export` of the clerk."""

    def __init__(
        self, desk: Desk, files: ExportFiles, source_of: SourceOf, work: DeskWork, clock: Callable[[], datetime]
    ) -> None:
        self._desk, self._files, self._source_of, self._work, self._now = desk, files, source_of, work, clock

    def make(self, export_id: str, has_time: HasTime) -> None:
        """Go on with it until it is done, or there is no time for another part: then it asks to be called again.

        Nothing is done where it is over, or somebody else is at it. What fails is raised, after it was put on record.
        """
        row = self._desk.row(GROUP, export_id, self._now())
        export = export_of(row) if row else None
        if export is None or export.is_over or export.is_held(self._now()):
            return
        record = _Record(self._desk, export, self._now)
        with suppress(Superseded):
            record.save(state=State.RUNNING)
            try:
                self._go_on(record, has_time)
            except UploadGone:  # given up by the store after a day: what was handed in is lost
                record.save(written=Written(), lines=0, things=0)
                self._go_on_later(record)
            except Superseded:
                raise
            except Exception:
                with suppress(Exception):
                    record.let_go(state=State.FAILED)
                raise

    def _go_on(self, record: _Record, has_time: HasTime) -> None:
        writing = _Writing(self._files, record, self._source_of(record.export, self._now()))
        while not record.export.written.is_whole:
            writing.write_a_part()
            if not has_time():
                self._go_on_later(record)
                return
        writing.put_together()
        size = self._files.size(file_of(record.export)) or 0
        record.let_go(state=State.DONE, ended_at=self._now(), size=size)

    def _go_on_later(self, record: _Record) -> None:
        record.let_go()
        self._work.ask("export", {"id": record.export.id})


class _Record:
    """The export as it stands in its record, which this worker holds."""

    def __init__(self, desk: Desk, export: Export, clock: Callable[[], datetime]) -> None:
        self._desk, self._now, self._holder = desk, clock, secrets.token_hex(8)
        self.export = export

    def save(self, **changes: Any) -> None:
        """Hold it for some time more. Raises Superseded."""
        self._write({"held_until": self._now() + LEASE, "holder": self._holder, **changes})

    def let_go(self, **changes: Any) -> None:
        """Others may have it. Raises Superseded."""
        self._write({"held_until": None, "holder": self._holder, **changes})

    def _write(self, changes: dict[str, Any]) -> None:
        after = replace(self.export, version=self.export.version + 1, **changes)
        if not self._desk.save(row_of(after)) and not self._is_there(after):
            raise Superseded
        self.export = after

    def _is_there(self, after: Export) -> bool:
        """A write whose answer was lost is repeated below us, and then refused: ours is there already."""
        row = self._desk.row(GROUP, after.id, self._now())
        return row is not None and export_of(row) == after


class _Writing:
    """Writes the rows of one export."""

    def __init__(self, files: ExportFiles, record: _Record, source: Source) -> None:
        self._files, self._record, self._source = files, record, source
        self._name = written_file_of(record.export)
        self._line = LINES[record.export.wish.file_format]

    def write_a_part(self) -> None:
        """Of PART bytes or somewhat more; less where the rows end."""
        before = self._record.export.written
        cursor, lines, things, pages = before.cursor, before.lines, before.things, 0
        content = bytearray(b"" if before.parts else self._head())
        while True:
            piece = self._source.read(cursor or None)
            for row in piece.rows:
                content += self._line(row)
            cursor, lines, things, pages = piece.cursor, lines + len(piece.rows), things + piece.things, pages + 1
            if not cursor or len(content) >= PART:
                break
            if pages % TELLS_EVERY == 0:
                self._record.save(lines=lines, things=things)
        done = replace(before, cursor=cursor, lines=lines, things=things, is_whole=not cursor)
        self._record.save(written=self._handed_in(done, bytes(content)), lines=lines, things=things)

    def _handed_in(self, done: Written, content: bytes) -> Written:
        """A small file goes at once, without parts."""
        if done.is_whole and not done.upload:
            self._files.write(self._name, content)
            return done
        upload = done.upload or self._files.begin(self._name)
        part = self._files.add(self._name, upload, self._record.export.version + 1, content)
        return replace(done, upload=upload, parts=(*done.parts, part))

    def put_together(self) -> None:
        """Safe to repeat. Raises UploadGone."""
        export = self._record.export
        written = export.written
        if written.upload:
            try:
                self._files.finish(self._name, written.upload, written.parts)
            except UploadGone:
                if self._files.size(self._name) is None:
                    raise
        if export.wish.file_format is FileFormat.XLSX:
            self._files.make_workbook(self._name, file_of(export))

    def _head(self) -> bytes:
        """The names of the columns."""
        mark = BOM if self._record.export.wish.bom else ""
        line = self._line(self._source.columns)
        return mark.encode() + line if self._line is _csv_line else line


def _csv_line(row: Row) -> bytes:
    return csv_line(row).encode()


def _json_line(row: Row) -> bytes:
    """What a row of a workbook is made of: the same texts as in CSV."""
    cells = [cell if isinstance(cell, int) else safe(cell) for cell in row]
    return json.dumps(cells, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def _as_it_is(row: Row) -> bytes:
    """A part of a document that its source puts together by itself."""
    return "".join(map(str, row)).encode()


LINES: Mapping[FileFormat, Callable[[Row], bytes]] = {
    FileFormat.CSV: _csv_line,
    FileFormat.XLSX: _json_line,
    FileFormat.JSON: _as_it_is,
}
