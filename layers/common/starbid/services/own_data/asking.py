"""A person's own file: asked for, looked at, fetched. One is made at a time, for its person alone."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.exports import Export, ExportGone, ExportNotReady, FileFormat, NoSuchExport, State, What, Wish
from starbid.domain.limits import Deed
from starbid.services.exports.names import file_of, saved_as
from starbid.services.exports.records import GROUP, export_of, own_id, row_of
from starbid.services.limits import Limits
from starbid.services.ports import Desk, DeskWork, ExportFiles


class OwnExports:
    """There is one record a person: asking again replaces what is over, and shows what is being made."""

    def __init__(self, desk: Desk, work: DeskWork, files: ExportFiles, limits: Limits) -> None:
        self._desk, self._work, self._files, self._limits = desk, work, files, limits

    def ask(self, user_id: int, now: datetime) -> Export:
        """The file that is being made from now on, or already. Raises TooOften."""
        known = self.find(user_id, now)
        if known is None or known.is_over:
            self._limits.require(Deed.OWN_EXPORT, user_id, now)
            wish = Wish(What.OWN_DATA, FileFormat.JSON, None, now)
            fresh = Export(own_id(user_id), user_id, wish, now, version=known.version + 1 if known else 1)
            if not self._desk.save(row_of(fresh)):  # asked for twice at once: the other one is as good
                return self.one(user_id, now)
            known = fresh
        self._work.ask("export", {"id": known.id})
        return known

    def find(self, user_id: int, now: datetime) -> Export | None:
        """The last one that was asked for, for 30 days."""
        row = self._desk.row(GROUP, own_id(user_id), now)
        return export_of(row) if row else None

    def one(self, user_id: int, now: datetime) -> Export:
        """Raises NoSuchExport."""
        found = self.find(user_id, now)
        if found is None:
            raise NoSuchExport
        return found

    def link(self, user_id: int, now: datetime) -> str:
        """To the file, for fifteen minutes. Raises NoSuchExport, ExportNotReady, ExportGone."""
        export = self.one(user_id, now)
        if export.is_deleted(now):
            raise ExportGone
        if export.state is not State.DONE:
            raise ExportNotReady
        return self._files.link(file_of(export), saved_as(export))
