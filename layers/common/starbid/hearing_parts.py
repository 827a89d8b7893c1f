"""How people are told things besides the chat, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.domain.channels import Channel
from starbid.push_parts import PushParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from collections.abc import Callable, Mapping

    from starbid.services.further_telling import FurtherTelling
    from starbid.services.hearing import Hearing
    from starbid.services.people import People
    from starbid.services.ports import FurtherChannel
    from starbid.services.quiet import Quiet
    from starbid.services.waiting_telling import WaitingTelling


class HearingParts(PushParts):
    """Further channels and quiet hours. Each part is made when it is first asked for."""

    @property
    @abstractmethod
    def people(self) -> People: ...

    @cached_property
    def hearing(self) -> Hearing:
        from starbid.services.hearing import Hearing

        return Hearing(self.people)

    @cached_property
    def quiet(self) -> Quiet:
        from starbid.services.quiet import Quiet

        return Quiet(self.store, self.people, self.waiting_notices, self.scheduler, self.claims, self.outgoing)

    @cached_property
    def waiting_telling(self) -> WaitingTelling:
        from starbid.services.waiting_telling import WaitingTelling

        return WaitingTelling(self.quiet, self.store, self.claims, self.messenger, self.outgoing)

    @cached_property
    def further_channels(self) -> Mapping[Channel, Callable[[], FurtherChannel]]:
        """Those on offer here, each made when it is first used."""
        offered: dict[Channel, Callable[[], FurtherChannel]] = {}
        if self.settings.email_sender:
            offered[Channel.EMAIL] = lambda: self.email_channel
        if self.settings.push.is_offered:
            offered[Channel.PUSH] = lambda: self.push_channel
        return offered

    @cached_property
    def further_telling(self) -> FurtherTelling:
        from starbid.services.further_telling import FurtherTelling

        return FurtherTelling(
            self.store, self.claims, self.living_messages, self.mutes, self.hearing, self.quiet, self.outgoing,
            self.further_channels, self.talks, self.found_telling,
        )  # fmt: skip
