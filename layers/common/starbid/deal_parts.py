"""What follows a sale, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starbid.search_parts import SearchParts

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.services.deals.addressing import Addressing
    from starbid.services.deals.dealing import Dealing
    from starbid.services.deals.evidence import Evidence
    from starbid.services.deals.file_delivery import FileDelivery
    from starbid.services.deals.freezing import Freezing
    from starbid.services.deals.reviews import Reviews
    from starbid.services.deals.second_chance import SecondChance


class DealParts(SearchParts):
    """Steps, files and addresses of deals, disputes, second chances. Each is made when it is first asked for."""

    @cached_property
    def dealing(self) -> Dealing:
        from starbid.services.deals.dealing import Dealing

        return Dealing(self.store, self.scheduler, self.settings.business)

    @cached_property
    def evidence(self) -> Evidence:
        from starbid.imaging.decoding import all_resized
        from starbid.services.deals.evidence import Evidence

        return Evidence(self.dealing, self.pictures, self.photos_aside, self.limits, self.operators, all_resized)

    @cached_property
    def file_delivery(self) -> FileDelivery:
        from starbid.services.deals.file_delivery import FileDelivery

        def fetch(file_id: str, most: int) -> bytes | None:
            return self.bot.download(file_id, most)

        return FileDelivery(
            self.store,
            self.dealing,
            self.deal_files,
            self.parts_aside,
            self.file_copies,
            self.limits,
            self.operators,
            fetch,
        )

    @cached_property
    def addressing(self) -> Addressing:
        from starbid.services.deals.addressing import Addressing

        return Addressing(self.store, self.addresses, self.scheduler, self.settings.business)

    @cached_property
    def reviews(self) -> Reviews:
        from starbid.services.deals.reviews import Reviews

        return Reviews(self.store)

    @cached_property
    def second_chance(self) -> SecondChance:
        from starbid.services.deals.second_chance import SecondChance

        return SecondChance(self.store, self.scheduler, self.settings.business)

    @cached_property
    def freezing(self) -> Freezing:
        from starbid.services.deals.freezing import Freezing

        return Freezing(self.store, self.scheduler, self.settings.business)
