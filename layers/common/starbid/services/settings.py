"""The numbers of the business that use cases need (spec, section 10)."""

from __future__ import annotations

from dataclasses import dataclass, field

from starbid.domain.assistant.terms import AssistantTerms
from starbid.domain.bills import BillTerms
from starbid.domain.deals import DealTimes
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY, Money, TopUp, stars
from starbid.domain.top_ups import top_ups


@dataclass(frozen=True, slots=True)
class Business:
    """Prices in Stars, times in seconds or days as named."""

    fee_percent: int = 5
    subscription_price: int = 100
    max_stars_purchase: int = 100_000
    min_auction_seconds: int = 60
    deal_times: DealTimes = field(default_factory=DealTimes)
    admin_ids: frozenset[int] = frozenset()
    bills: BillTerms = field(default_factory=BillTerms)
    payout_hold_days: int = 21
    assistant: AssistantTerms = field(default_factory=AssistantTerms)

    @property
    def currencies(self) -> tuple[str, ...]:
        """Those that lots are sold in here: the ones that people can bring in."""
        return (DEFAULT_CURRENCY, self.bills.currency)

    @property
    def operators(self) -> tuple[int, ...]:
        """All of them, in the same order each time."""
        return tuple(sorted(self.admin_ids))

    @property
    def subscription(self) -> Money:
        return stars(self.subscription_price)

    @property
    def largest_purchase(self) -> Money:
        """The most that one invoice may bring."""
        return stars(self.max_stars_purchase)

    @property
    def offers_bills(self) -> bool:
        """Whether fiat money can be brought in here."""
        return bool(self.bills.providers)

    def payment_bounds(self, currency: str) -> tuple[Money, Money] | None:
        """The least and the most that one payment brings of a currency: an invoice in Stars, or a bill. None where
        money of it is not brought in here.
        """
        if CURRENCIES[currency].top_up is TopUp.STARS:
            return stars(1), self.largest_purchase
        if currency == self.bills.currency and self.offers_bills:
            return self.bills.least(), self.bills.most
        return None

    def top_ups_for(self, missing: Money) -> tuple[Money, ...]:
        """What one who lacks `missing` is offered to top up by; nothing where money of that currency is not brought in
        here.
        """
        bounds = self.payment_bounds(missing.currency)
        return top_ups(missing, *bounds) if bounds else ()

    def purchase_of(self, missing: Money) -> Money | None:
        """The one payment that brings it, or as much as one may, or as little; None where money of that currency is not
        brought in here.
        """
        bounds = self.payment_bounds(missing.currency)
        if bounds is None:
            return None
        least, most = bounds
        return min(max(missing, least), most) if missing else missing
