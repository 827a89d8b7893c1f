"""Lots of every kind with random bids until their end, and their logs, made by the rules alone."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Any

from starbid.domain import audit, closing
from starbid.domain.auction import Auction, Bid, Ending
from starbid.domain.closing import Closed
from starbid.domain.deals import DealTimes
from starbid.domain.errors import StarbidError
from starbid.domain.kinds import KINDS, kind_of
from starbid.domain.money import CURRENCIES, XTR, Money
from starbid.domain.wallet import Wallet

from .factories import SELLER
from .fakes import START

HOUR = timedelta(hours=1)


def played(kind: str, seed: int, bids: int = 8, people: int = 4, currency: str = XTR) -> tuple[Auction, list[Bid]]:
    """A lot that has ended (it may still be releasing holds), and the rows of its bids."""
    dice = Random(f"{kind} {seed}")
    lot = fresh(kind, dice, currency)
    rows: list[Bid] = []
    staked: dict[int, Money] = {}
    now = START
    for _ in range(dice.randrange(bids + 1)):
        now += timedelta(milliseconds=dice.randrange(100_000))
        who = dice.randrange(1, people + 1)
        with suppress(StarbidError):
            if kind == "dutch" or dice.random() < 0.05:
                sold = _buy(lot, who, now)
                assert sold.bid is not None
                return replace(sold.auction, outcome=None), [*rows, sold.bid]
            amount = Money(_amount(lot, who, staked.get(who), dice), currency)
            accepted = kind_of(lot).bid(lot, who, amount, now, staked.get(who))
            lot, rows = accepted.auction, [*rows, accepted.bid]
            staked |= {who: amount} if kind_of(lot).is_sealed else {}
    if dice.random() < 0.05:
        closed = closing.cancel(lot, 900, True, "a reason", now)
    else:
        closed = closing.close(lot, _winner(lot), 5, DealTimes(), lot.ends_at)
    return ended(closed), rows


def ended(closed: Closed) -> Auction:
    """The lot once all holds are back."""
    lot = closed.auction
    return replace(lot, ending=lot.outcome, outcome=None, released_from=None) if lot.outcome else lot


def fresh(kind: str, dice: Random, currency: str = XTR) -> Auction:
    """A live lot of a kind, sometimes with a reserve, a buy-now price and its own step."""
    unit = CURRENCIES[currency].minor_units
    start = dice.choice([1, 100, 250])
    reserve = start + dice.randrange(200) if dice.random() < 0.4 and kind != "dutch" else None
    amounts = {"start_price": start, "reserve_price": reserve}
    if kind == "english":
        amounts |= {
            "bid_step": dice.choice([None, None, 7]),
            "buy_now_price": dice.choice([None, (reserve or start) + dice.randrange(300)]),
        }
    if kind == "dutch":
        amounts |= {"floor_price": dice.randrange(1, start + 1), "drop_amount": dice.randrange(1, 20) + start // 10}
    money = {name: Money(amount * unit, currency) for name, amount in amounts.items() if amount}
    seconds = {"duration_seconds": 3600, "extend_seconds": 120, "max_extension_seconds": 7200}
    terms = KINDS[kind].terms(money, seconds | {"drop_seconds": dice.randrange(1, 90)})
    salt = f"{dice.getrandbits(128):032x}"
    return Auction(
        "lot1", SELLER, terms, START, START + HOUR, START + HOUR, terms.start_price, salt, card_hash="c" * 64
    )


def log_of(lot: Auction, rows: list[Bid]) -> dict[str, Any]:
    """The log as anybody may download it."""
    opened = kind_of(lot).opened(lot, rows) if lot.ending is Ending.SOLD else frozenset()
    return audit.log_of(lot, rows, opened)


def rechained(log: dict[str, Any]) -> dict[str, Any]:
    """The log after forging: every hash computed again."""
    before = audit.digest(log["terms"])
    entries = []
    for number, entry in enumerate(log["entries"], start=1):
        line = {name: value for name, value in entry.items() if name != "hash"} | {"previous": before, "number": number}
        before = audit.digest(line)
        entries.append(line | {"hash": before})
    return log | {"entries": entries, "head": before}


def _winner(lot: Auction) -> Wallet | None:
    won = kind_of(lot).winner(lot)
    return Wallet.empty(won[0], lot.currency) if won else None


def _buy(lot: Auction, who: int, now: datetime) -> Closed:
    seen = kind_of(lot).view(lot, now).buy_now_price or lot.price
    return closing.buy_now(lot, Wallet.empty(who, lot.currency), seen, 5, DealTimes(), now)


def _amount(lot: Auction, who: int, staked: Money | None, dice: Random) -> int:
    least, unit = kind_of(lot).least_bid(lot, who, staked).amount, CURRENCIES[lot.currency].minor_units
    return max(1, least + dice.choice([0, 0, 1, dice.randrange(-5 * unit, 60 * unit), dice.randrange(300 * unit)]))
