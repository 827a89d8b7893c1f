"""Cards of money. Each currency is by itself: nothing is converted."""

from __future__ import annotations

from collections.abc import Iterator

from starbid.domain.analytics import metrics
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY
from web.admin.board.card import BAD, GOOD, PLAIN, Card, Reader, bar_card, line_card
from web.admin.board.names import provider_name
from web.shared.charts import Series

TONES = 4


def money_cards(reader: Reader) -> list[Card]:
    _ = reader._
    told = (
        (metrics.TURNOVER, _("Turnover"), _("Prices of what was sold, when it was sold."), GOOD),
        (metrics.FEES, _("Fee income"), _("What Starbid kept of prices when sellers were paid."), GOOD),
    )
    cards = [card for name, title, about, more in told for card in _by_currency(reader, name, title, about, more)]
    cards += _top_ups(reader)
    told = (
        (metrics.REFUNDS, _("Refunds"), _("Payments that went back to where they came from."), BAD),
        (metrics.PAYOUTS, _("Payouts"), _("Money that left for the people it belongs to."), PLAIN),
    )
    cards += [card for name, title, about, more in told for card in _by_currency(reader, name, title, about, more)]
    return [*cards, *_liability(reader)]


def _by_currency(reader: Reader, name: str, title: str, about: str, more: str) -> Iterator[Card]:
    """A card for each currency that there is something of; one of Stars where there is nothing at all."""
    codes = [code for (code,) in reader.view.names(name)] or [DEFAULT_CURRENCY]
    for code in _ordered(codes):
        metric, value = metrics.of(name, code), reader.money(code)
        total, before = reader.view.total.get(metric, 0), reader.view.before.get(metric, 0)
        yield bar_card(
            reader,
            _titled(title, code, codes),
            [Series(reader.view.series(metric))],
            value,
            reader.mark(code),
            figure=value(total),
            about=about,
            change=reader.change(total, before, value, more=more),
        )


def _top_ups(reader: Reader) -> Iterator[Card]:
    """The providers of a currency upon each other."""
    found = reader.view.names(metrics.TOP_UPS) or [("stars", DEFAULT_CURRENCY)]
    codes = sorted({code for _, code in found})
    for code in _ordered(codes):
        providers = [provider for provider, each in found if each == code]
        named = [metrics.of(metrics.TOP_UPS, provider, code) for provider in providers]
        value = reader.money(code)
        total = sum(reader.view.total.get(metric, 0) for metric in named)
        before = sum(reader.view.before.get(metric, 0) for metric in named)
        yield bar_card(
            reader,
            _titled(reader._("Top-ups"), code, codes),
            [
                Series(reader.view.series(metric), provider_name(provider, reader.words), 1 + place % TONES)
                for place, (provider, metric) in enumerate(zip(providers, named, strict=True))
            ],
            value,
            reader.mark(code),
            figure=value(total),
            about=reader._("Money that came in, by who took it for us."),
            change=reader.change(total, before, value),
        )


def _liability(reader: Reader) -> Iterator[Card]:
    """What people have with us; of Stars, against what the bot has."""
    view, _ = reader.view, reader._
    kept = {
        metrics.split(name)[1]
        for name in (*view.gauges[-1], *view.gauges_before)
        if metrics.split(name)[0] == metrics.WALLETS
    }
    for code in _ordered(sorted(kept | {DEFAULT_CURRENCY})):
        metric, value = metrics.of(metrics.WALLETS, code), reader.money(code)
        levels = view.levels(metric)
        series = [Series(levels, _("In wallets"))]
        about = _("What people have with us, available and frozen.")
        if code == DEFAULT_CURRENCY:
            series.append(Series(view.balances, _("Bot's own Stars"), 2))
            about = _covered(reader, levels[-1], view.balances[-1], code)
        card = line_card(
            reader,
            _titled(_("In wallets"), code, sorted(kept | {DEFAULT_CURRENCY})),
            series,
            value,
            reader.mark(code),
            figure=value(levels[-1]),
            about=about,
            change=reader.change(levels[-1], view.gauges_before.get(metric, 0), value, more=PLAIN),
        )
        yield card


def _covered(reader: Reader, owed: int, has: int | None, code: str) -> str:
    """Whether the bot has what people have with us."""
    value = reader.money(code)
    if has is None:
        return reader._(
            "What people have with us, available and frozen. The bot's own balance has not been looked at yet."
        )
    if has >= owed:
        return reader._(
            "The bot has {has}: all wallets are covered, and {rest} is left.", has=value(has), rest=value(has - owed)
        )
    return reader._("The bot has {has}: {missing} less than is in wallets.", has=value(has), missing=value(owed - has))


def _ordered(codes: list[str]) -> list[str]:
    return [code for code in CURRENCIES if code in codes]


def _titled(title: str, code: str, codes: list[str]) -> str:
    return f"{title}, {code}" if len(codes) > 1 else title
