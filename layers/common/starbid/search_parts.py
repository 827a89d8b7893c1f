"""What concerns finding lots, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starbid.assistant_parts import AssistantParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.auctions.paging import Paging


class SearchParts(AssistantParts):
    """Lists in the chat and saved searches. Each part is made when it is first asked for."""

    @cached_property
    def paging(self) -> Paging:
        from starbid.services.auctions.paging import Paging

        return Paging(self.browsing, self.browsed_lists)
