"""What concerns the operator's side, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from abc import abstractmethod
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.money_parts import MoneyParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.auctions.closing import Closing
    from starbid.services.desk.carrying import Carrying
    from starbid.services.desk.pausing import Pausing
    from starbid.services.operators import Operators
    from starbid.services.pauses import PauseNews
    from starbid.services.watching import Watching


class DeskParts(MoneyParts):
    """Who is an operator, and what operators do. Each part is made when it is first asked for."""

    @property
    @abstractmethod
    def closing(self) -> Closing: ...

    @property
    @abstractmethod
    def watching(self) -> Watching: ...

    @cached_property
    def operators(self) -> Operators:
        from starbid.services.operators import Operators

        return Operators(self.store, self.settings.business)

    @cached_property
    def pause_news(self) -> PauseNews:
        from starbid.services.pauses import PauseNews

        return PauseNews(self.store)

    @cached_property
    def pausing(self) -> Pausing:
        from starbid.services.desk.pausing import Pausing

        return Pausing(self.store, self.pause_news, self.desk_work)

    @cached_property
    def carrying(self) -> Carrying:
        from starbid.services.desk.carrying import Carrying

        return Carrying(self.store, self.closing, self.watching, self.desk_work)
