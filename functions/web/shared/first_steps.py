"""The way of a newcomer to the first bid: log in, top up, bid. Known from what a page has read anyway."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta
from enum import StrEnum

from starbid.domain.money import DEFAULT_CURRENCY
from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from web.kernel.http import Request, Response

COOKIE = "starbid_first_steps"
"""`1` in a browser in which somebody has bid, or has put the way out of sight; `money-<person>` where that person had
money of another currency than Stars when a page last looked.
"""
_DONE = "1"
NEW_FOR = timedelta(days=30)
_YEAR = 365 * 86_400


class FirstStep(StrEnum):
    LOG_IN = "log_in"
    TOP_UP = "top_up"
    BID = "bid"


def first_step(
    person: Person | None, wallets: Collection[Wallet], now: datetime, paid_in: str | None = None
) -> FirstStep | None:
    """The step that comes next. `wallets`: those that were read; `paid_in`: the only currency that pays for the lot
    of the page, None where any will do.

    None for one who has bid, as far as that shows: money is frozen, or a deal is complete. No page reads whether
    somebody has bid before, so after 30 days nobody is a newcomer; nor is one who sells, or may not bid.
    """
    if person is None:
        return FirstStep.LOG_IN
    if person.blocked or person.reputation or person.subscribed_until or now - person.joined_at >= NEW_FOR:
        return None
    if any(wallet.blocked or wallet.held for wallet in wallets):
        return None
    has_money = any(wallet.available for wallet in wallets if paid_in in (None, wallet.currency))
    return FirstStep.BID if has_money else FirstStep.TOP_UP


def step_of(
    request: Request, person: Person | None, wallets: Collection[Wallet], paid_in: str | None
) -> FirstStep | None:
    """The same in this browser, which knows of money that was not read for this page."""
    kept = request.cookies.get(COOKIE)
    step = None if kept == _DONE else first_step(person, wallets, request.now, paid_in)
    is_remembered = person is not None and kept == _money_of(person)
    if step is FirstStep.TOP_UP and paid_in is None and is_remembered and not _others(wallets):
        return FirstStep.BID
    return step


def remembering(request: Request, response: Response, person: Person | None, wallets: Collection[Wallet]) -> Response:
    """The answer, with what its page has seen: a bid in any currency, or other money than Stars."""
    if person is None:
        return response
    if any(wallet.held for wallet in wallets):
        return walked(request, response)
    kept, money, others = request.cookies.get(COOKIE), _money_of(person), _others(wallets)
    if kept == _DONE or not others:
        return response
    has_money = any(wallet.available for wallet in others)
    if has_money and kept != money:
        return _keeping(response, money, int(NEW_FOR.total_seconds()))
    return response if has_money or kept != money else _keeping(response, "", 0)


def walked(request: Request, response: Response) -> Response:
    """Remembers that the way is behind this browser's person."""
    return response if request.cookies.get(COOKIE) == _DONE else _keeping(response, _DONE, _YEAR)


def _keeping(response: Response, value: str, seconds: int) -> Response:
    return response.with_cookies(f"{COOKIE}={value}; Path=/; Max-Age={seconds}; HttpOnly; SameSite=Lax")


def _money_of(person: Person) -> str:
    return f"money-{person.id}"


def _others(wallets: Collection[Wallet]) -> list[Wallet]:
    return [wallet for wallet in wallets if wallet.currency != DEFAULT_CURRENCY]
