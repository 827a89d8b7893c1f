"""The list of movements: which are asked for, and the chips that lead to others."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, tzinfo

from starbid.domain.movements import Sort, begins
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.statements import Wanted
from web.kernel.http import path_with
from web.shared.choices import Option
from web.shared.names import currency_name

PERIODS = (30, 90)
"""Days. The first is that of the chart where none is asked for."""


@dataclass(frozen=True)
class Asked:
    """Movements in a currency: of one sort, or all; of the last `days`, or all. `is_only`: of this person there is no
    other currency.
    """

    currency: str
    is_only: bool
    sort: Sort | None = None
    days: int | None = None

    @property
    def is_filtered(self) -> bool:
        return self.sort is not None or self.days is not None

    def wanted(self, zone: tzinfo, now: datetime) -> Wanted:
        """The first day counts from its beginning in the reader's zone."""
        if self.days is None:
            return Wanted(self.sort)
        return Wanted(self.sort, begins(now.astimezone(zone).date() - timedelta(days=self.days - 1), zone))


def asked_for(query: Mapping[str, str], currency: str, *, is_only: bool) -> Asked:
    """What an address says; nothing that makes no sense is an error."""
    sort = next((each for each in Sort if each == query.get("sort")), None)
    return Asked(currency, is_only, sort, next((days for days in PERIODS if str(days) == query.get("days")), None))


def address(asked: Asked, cursor: str | None = None) -> str:
    days = str(asked.days) if asked.days else None
    currency = None if asked.is_only else asked.currency
    return path_with("/wallet", currency=currency, sort=asked.sort, days=days, cursor=cursor)


def tabs(wallets: Iterable[Wallet], asked: Asked, words: Language) -> tuple[Option, ...]:
    """A link for each currency to the activity in it; none where there is nothing to choose."""
    options = tuple(
        Option(
            address(Asked(each.currency, is_only=False)),
            currency_name(each.currency, words),
            each.currency == asked.currency,
        )
        for each in wallets
    )
    return options if len(options) > 1 else ()


def sorts(asked: Asked, words: Language) -> tuple[Option, ...]:
    _ = words._
    named = (
        (None, _("All")),
        (Sort.TOP_UPS, _("Top-ups")),
        (Sort.PURCHASES, _("Purchases")),
        (Sort.SALES, _("Sales")),
        (Sort.PAYOUTS, _("Payouts")),
        (Sort.OTHER, _("Other")),
    )
    return tuple(Option(address(replace(asked, sort=sort)), label, sort == asked.sort) for sort, label in named)


def periods(asked: Asked, words: Language) -> tuple[Option, ...]:
    named = ((None, words._("All time")), *((days, words.ngettext("{n} day", "{n} days", days)) for days in PERIODS))
    return tuple(Option(address(replace(asked, days=days)), label, days == asked.days) for days, label in named)
