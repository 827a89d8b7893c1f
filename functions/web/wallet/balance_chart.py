"""The balance day by day, as a chart and as a table."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from markupsafe import Markup

from starbid.domain.money import CURRENCIES, Money
from starbid.i18n import Language
from starbid.services.balance_days import BalanceDays
from web.shared import amounts
from web.shared.charts import Axis, Series, lines


@dataclass(frozen=True)
class BalanceCard:
    """`rows`: the days on which the balance changed, the latest first, with what was there at their end."""

    title: str
    chart: Markup
    rows: tuple[tuple[str, Money], ...]


def balance_card(history: BalanceDays, currency: str, words: Language) -> BalanceCard | None:
    """None where nothing has moved."""
    if not history.moved_on:
        return None

    def value(amount: int) -> str:
        return words.money(Money(amount, currency))

    names = [_day(day, words) for day in history.days]
    title = words.ngettext("Balance, the last {n} day", "Balance, the last {n} days", len(names))
    about = words._(
        "From {first} to {last}, frozen money included. The table has the days on which it changed.",
        first=names[0],
        last=names[-1],
    )
    axis = Axis(title, about, names, names, lambda amount: _mark(amount, currency, words), value)
    known = zip(history.days, names, history.values, strict=True)
    rows = tuple((name, Money(amount, currency)) for day, name, amount in known if day in history.moved_on)
    return BalanceCard(title, lines(axis, [Series(history.values)]), rows[::-1])


def _day(day: date, words: Language) -> str:
    """`30 Nov`."""
    return f"{day.day} {words.months[day.month - 1]}"


def _mark(amount: int, currency: str, words: Language) -> str:
    """An amount beside the chart, in whole units where it is whole."""
    whole, minor = divmod(amount, CURRENCIES[currency].minor_units)
    return words.decimal(amounts.typed(Money(amount, currency))) if minor else words.number(whole)
