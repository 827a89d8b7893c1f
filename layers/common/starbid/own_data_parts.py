"""A person's own data, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starbid.identity_parts import IdentityParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from datetime import datetime

    from starbid.domain.exports import Export
    from starbid.services.exports.sources import Source
    from starbid.services.leaving.asking import Departures
    from starbid.services.leaving.carrying_out import LeavingWork
    from starbid.services.leaving.obstacles import Obstacles
    from starbid.services.own_data.asking import OwnExports
    from starbid.services.own_data.kind import Kind


class OwnDataParts(IdentityParts):
    """What people take with them, and what goes when they leave. Each part is made when it is first asked for."""

    @cached_property
    def own_data(self) -> tuple[Kind, ...]:
        from starbid.services.own_data.registry import Reach, kinds

        return kinds(Reach(
            store=self.store, contacts=self.contacts, watches=self.watches, searches=self.searches,
            drafts=self.sell_drafts, achievements=self.achievements, questions=self.questions, talks=self.talks,
            addresses=self.addresses, desk=self.desk, log=self.event_log, browsers=self.browsers,
            emails=self.email_addresses, sessions=self.sessions, tokens=self.tokens, connecting=self.connecting,
            asking=self.asking, refunds=self.refund_requests,
        ))  # fmt: skip

    def own_document(self, export: Export, now: datetime) -> Source:
        from starbid.services.own_data.document import document

        return document(self.own_data, export, now)

    @cached_property
    def own_exports(self) -> OwnExports:
        from starbid.services.own_data.asking import OwnExports

        return OwnExports(self.desk, self.desk_work, self.export_files, self.limits)

    @cached_property
    def obstacles(self) -> Obstacles:
        from starbid.services.leaving.obstacles import Obstacles

        return Obstacles(self.store, self.refund_requests, self.operators)

    @cached_property
    def departures(self) -> Departures:
        from starbid.services.leaving.asking import Departures

        return Departures(self.store, self.desk, self.obstacles, self.limits)

    @cached_property
    def leaving_work(self) -> LeavingWork:
        from starbid.services.leaving.carrying_out import LeavingWork

        return LeavingWork(self.store, self.desk, self.obstacles, self.own_data, self.desk_work, self.now)
