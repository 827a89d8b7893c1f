"""The numbers of the business that use cases need (spec, section 10)."""

from __future__ import annotations

from dataclasses import dataclass, field

from starbid.domain.bills import BillTerms
from starbid.domain.deals import DealTimes
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY, Money, TopUp, stars
from starbid.domain.top_ups import bill_sums, top_ups


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

    @property
    def currencies(self) -> tuple[str, ...]:
        """Those that lots are sold in here: the ones that people can bring in."""
        return (DEFAULT_CURRENCY, self.bills.currency)

    def is_operator(self, person_id: int) -> bool:
        """Whether this person runs the market: resolves disputes, and takes lots down."""
        return person_id in self.admin_ids

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

    def top_ups_for(self, missing: Money) -> tuple[Money, ...]:
        """What one who lacks `missing` is offered to top up by, what is just enough last; nothing where no money of
        that currency can be brought in here.
        """
        if CURRENCIES[missing.currency].top_up is TopUp.STARS:
            return top_ups(missing, self.largest_purchase)
        enough = self.purchase_of(missing)
        return bill_sums(enough, self.bills.most) if enough else ()

    def purchase_of(self, missing: Money) -> Money | None:
        """What one invoice or bill brings of it, which for a bill may be more; None where no money of that currency can
        be brought in here.
        """
        if CURRENCIES[missing.currency].top_up is TopUp.STARS:
            return min(missing, self.largest_purchase)
        if not self.bills.providers or missing.currency != self.bills.currency:
            return None
        return min(max(missing, self.bills.least()), self.bills.most)
