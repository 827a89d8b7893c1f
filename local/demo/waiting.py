"""What waits for an operator in the demo: tickets, a report, a payout, a bill that was paid short."""

from __future__ import annotations

from datetime import timedelta

from local.demo.billing import pay_bill
from local.demo.lot import HOUR
from local.demo.past.books import Books
from local.demo.people import IDS
from starbid.bootstrap import App
from starbid.domain.payments import Purpose
from starbid.domain.payouts import read_wish

TICKETS = (
    ("noah", 6, "Hello, I paid 500 Stars an hour ago and my wallet is still empty. What can I do?"),
    ("maxim", 4, "Купил набор стикеров, архив не открывается: пишет, что пароль неверный. Продавец молчит."),
    ("sofia", 1, "Can I sell a course of six lessons as one lot, and hand them over one by one?"),
)
"""Who wrote to support, how many hours ago, and what."""


def leave_work(market: App, past: Books) -> None:
    """Safe to repeat."""
    now = market.now()
    pay_bill(market, IDS["timur"], 1_500, now - 3 * HOUR, paid=1_400)
    old = now - timedelta(days=market.settings.business.payout_hold_days + 1)
    paid_in = next(
        charge for charge in past.charges if charge.purpose is Purpose.TOP_UP and charge.paid_at < old
    )  # fmt: skip
    wish = read_wish(paid_in.amount.currency, paid_in.amount.amount, "", "Карта 2200 0000 0000 0000")
    market.payouts.request(paid_in.user_id, wish, "demo", now - 5 * HOUR)
    for who, hours, text in TICKETS:
        market.tickets.write(IDS[who], text, (), "demo", now - hours * HOUR)
    (lot, *_) = market.store.lots_of_seller(IDS["emma"], limit=1).items
    market.reports.report(IDS["noah"], lot.auction.id, "category", now - 2 * HOUR)
