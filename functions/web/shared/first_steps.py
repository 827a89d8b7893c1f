"""The way of a newcomer to the first bid: log in, top up, bid. Known from what a page has read anyway."""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from starbid.domain.people import Person
from starbid.domain.wallet import Wallet
from web.kernel.http import Request, Response

DONE_COOKIE = "starbid_first_steps"
"""Of a browser in which somebody has bid, or has put the way out of sight."""
NEW_FOR = timedelta(days=30)
_YEAR = 365 * 86_400


class FirstStep(StrEnum):
    LOG_IN = "log_in"
    TOP_UP = "top_up"
    BID = "bid"


def first_step(person: Person | None, wallet: Wallet | None, now: datetime) -> FirstStep | None:
    """The step that comes next. `wallet`: of Stars.

    None for one who has bid, as far as that shows: money is frozen, or a deal is complete. No page reads whether
    somebody has bid before, so after 30 days nobody is a newcomer; nor is one who sells, or may not bid.
    """
    if person is None or wallet is None:
        return FirstStep.LOG_IN
    if person.blocked or wallet.blocked or wallet.held or person.reputation or person.subscribed_until:
        return None
    if now - person.joined_at >= NEW_FOR:
        return None
    return FirstStep.BID if wallet.available else FirstStep.TOP_UP


def step_of(request: Request, person: Person | None, wallet: Wallet | None, now: datetime) -> FirstStep | None:
    """The same in this browser."""
    return None if DONE_COOKIE in request.cookies else first_step(person, wallet, now)


def walked(request: Request, response: Response) -> Response:
    """Remembers that the way is behind this browser's person."""
    if DONE_COOKIE in request.cookies:
        return response
    return response.with_cookies(f"{DONE_COOKIE}=1; Path=/; Max-Age={_YEAR}; HttpOnly; SameSite=Lax")
