"""What an operator sets about the helper (spec, sections 8 and 10)."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.money import Money, stars


@dataclass(frozen=True, slots=True)
class PackOffer:
    """So many credits for so many Stars."""

    credits: int
    stars: int

    @property
    def price(self) -> Money:
        return stars(self.stars)


PACKS = (PackOffer(10, 20), PackOffer(50, 80), PackOffer(200, 250))


@dataclass(frozen=True, slots=True)
class AssistantTerms:
    """`quota` answers come with each 30 days of the subscription; `daily_tokens` of a UTC day are for all people
    together, 0 for no limit. `is_offered`: there is an AI service to ask.
    """

    is_offered: bool = False
    trial_messages: int = 10
    trial_days: int = 7
    quota: int = 100
    per_minute: int = 6
    packs: tuple[PackOffer, ...] = PACKS
    daily_tokens: int = 2_000_000

    def pack_of(self, number: int) -> PackOffer | None:
        return next((pack for pack in self.packs if pack.credits == number), None)
