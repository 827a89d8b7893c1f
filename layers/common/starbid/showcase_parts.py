"""Lots in groups and channels, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starbid.hearing_parts import HearingParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.ports import Poster, Venues
    from starbid.services.showcases.connecting import Connecting
    from starbid.services.showcases.posting import Posting


class ShowcaseParts(HearingParts):
    """Who connects groups and channels, and what stands there. Each part is made when it is first asked for."""

    @cached_property
    def venues(self) -> Venues:
        from starbid.telegram.venues import TelegramVenues

        return TelegramVenues(lambda: self.bot)

    @cached_property
    def poster(self) -> Poster:
        from starbid.telegram.paced_poster import PacedPoster
        from starbid.telegram.poster import TelegramPoster

        return PacedPoster(
            TelegramPoster(lambda: self.bot, self.settings, self.pictures, self.file_ids), self.call_pace
        )

    @cached_property
    def connecting(self) -> Connecting:
        from starbid.services.showcases.connecting import Connecting

        return Connecting(self.showcase_rows, self.venues, self.outgoing)

    @cached_property
    def posting(self) -> Posting:
        from starbid.services.showcases.pace import ChatPace
        from starbid.services.showcases.posting import Posting

        return Posting(
            self.store, self.showcase_rows, self.connecting, self.shown_posts, self.poster, self.outgoing, self.claims,
            ChatPace(self.counters),
        )  # fmt: skip
