"""Records that may vanish, each use with a port of its own over the generic ones of `scratch`: a part of `adapters`."""

from __future__ import annotations

from abc import ABC, abstractmethod
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.config import Settings

if TYPE_CHECKING:  # each function imports the adapters that it asks for
    from starbid.services.ports import (
        Albums,
        Allowances,
        BotRest,
        BrowsedLists,
        Claims,
        Counters,
        EmailAsks,
        FileIds,
        KnownSessions,
        LiveAnswers,
        LivingMessages,
        LoginAttempts,
        Mutes,
        PartsAside,
        PayoutWishes,
        PhotosAside,
        Publications,
        Receipts,
        ReconciledPlaces,
        Records,
        SellDrafts,
        ShownCards,
        ShownPosts,
        WaitingNotices,
    )


class ScratchAdapters(ABC):
    """What every adapter is made from, and those over `scratch`."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings

    @abstractmethod
    def now(self) -> datetime:
        """The present moment: aware, UTC."""

    @cached_property
    def scratch(self) -> Records:
        from starbid.storage.scratch import DynamoScratch

        return DynamoScratch(self.settings.tables)

    @property
    def claims(self) -> Claims:
        return self.scratch

    @property
    def receipts(self) -> Receipts:
        return self.scratch

    @property
    def counters(self) -> Counters:
        return self.scratch

    @property
    def allowances(self) -> Allowances:
        return self.scratch

    @cached_property
    def login_attempts(self) -> LoginAttempts:
        from starbid.storage.recorded import RecordedLogins

        return RecordedLogins(self.scratch)

    @cached_property
    def known_sessions(self) -> KnownSessions:
        from starbid.storage.known_sessions import RecordedSessions

        return RecordedSessions(self.scratch)

    @cached_property
    def reconciled_places(self) -> ReconciledPlaces:
        from starbid.storage.recorded import RecordedPlaces

        return RecordedPlaces(self.scratch)

    @cached_property
    def bot_rest(self) -> BotRest:
        from starbid.storage.recorded import RecordedRest

        return RecordedRest(self.scratch)

    @cached_property
    def file_ids(self) -> FileIds:
        from starbid.storage.recorded import RecordedFileIds

        return RecordedFileIds(self.scratch)

    @cached_property
    def browsed_lists(self) -> BrowsedLists:
        from starbid.storage.recorded import RecordedLists

        return RecordedLists(self.scratch)

    @cached_property
    def sell_drafts(self) -> SellDrafts:
        from starbid.storage.sell_drafts import RecordedDrafts

        return RecordedDrafts(self.scratch)

    @cached_property
    def waiting_notices(self) -> WaitingNotices:
        from starbid.storage.waiting_notices import RecordedWaiting

        return RecordedWaiting(self.scratch)

    @cached_property
    def publications(self) -> Publications:
        from starbid.storage.recorded import RecordedPublications

        return RecordedPublications(self.scratch)

    @cached_property
    def photos_aside(self) -> PhotosAside:
        from starbid.storage.recorded import RecordedPhotos

        return RecordedPhotos(self.scratch)

    @cached_property
    def parts_aside(self) -> PartsAside:
        from starbid.storage.parts_aside import RecordedParts

        return RecordedParts(self.scratch)

    @cached_property
    def albums(self) -> Albums:
        from starbid.storage.recorded import RecordedAlbums

        return RecordedAlbums(self.scratch)

    @cached_property
    def email_asks(self) -> EmailAsks:
        from starbid.storage.email_asks import RecordedEmailAsks

        return RecordedEmailAsks(self.scratch)

    @cached_property
    def payout_wishes(self) -> PayoutWishes:
        from starbid.storage.recorded import RecordedWishes

        return RecordedWishes(self.scratch)

    @cached_property
    def mutes(self) -> Mutes:
        from starbid.storage.recorded import RecordedMutes

        return RecordedMutes(self.scratch)

    @cached_property
    def shown_cards(self) -> ShownCards:
        from starbid.storage.chats import RecordedCards

        return RecordedCards(self.scratch)

    @cached_property
    def shown_posts(self) -> ShownPosts:
        from starbid.storage.chats import RecordedPosts

        return RecordedPosts(self.scratch)

    @cached_property
    def living_messages(self) -> LivingMessages:
        from starbid.storage.chats import RecordedMessages

        return RecordedMessages(self.scratch)

    @cached_property
    def live_answers(self) -> LiveAnswers:
        from starbid.storage.recorded import RecordedLiveAnswers

        return RecordedLiveAnswers(self.scratch)
