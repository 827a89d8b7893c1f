"""What concerns lots that are yet to be put up, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.assistant_parts import AssistantParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.auctions.draft_pictures import DraftPictures
    from starbid.services.auctions.draft_publishing import DraftPublishing
    from starbid.services.auctions.drafts import Drafts
    from starbid.services.auctions.publishing import Publishing
    from starbid.services.pictures import LotPictures


class SellingParts(AssistantParts):
    """Drafts and their pictures. Each part is made when it is first asked for."""

    @property
    @abstractmethod
    def publishing(self) -> Publishing: ...

    @property
    @abstractmethod
    def lot_pictures(self) -> LotPictures: ...

    @cached_property
    def drafts(self) -> Drafts:
        from starbid.services.auctions.drafts import Drafts

        return Drafts(self.sell_drafts, self.store, self.publishing, self.limits)

    @cached_property
    def draft_publishing(self) -> DraftPublishing:
        from starbid.services.auctions.draft_publishing import DraftPublishing

        return DraftPublishing(
            self.drafts, self.publications, self.store, self.publishing, self.people, self.limits,
            self.settings.business,
        )  # fmt: skip

    @cached_property
    def draft_pictures(self) -> DraftPictures:
        from starbid.imaging.decoding import all_for_lots
        from starbid.services.auctions.draft_pictures import DraftPictures

        return DraftPictures(self.drafts, self.pictures, self.lot_pictures, self.limits, all_for_lots)
