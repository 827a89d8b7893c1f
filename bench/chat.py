"""What each command of the bot costs: round trips, units, calls of Telegram, and CPU of a warm process.

The one who asks is busy: more than a page of lots, of bids and of movements. CPU is a lower quartile, without the
database's server and without the network to Telegram.
"""

from __future__ import annotations

import statistics
import time
from dataclasses import asdict, dataclass
from typing import Any

from bench.events import command
from bench.market import Market
from bench.meter import Meter
from bench.visits import Scene, scene
from bench.warm import Unsent
from starbid import bootstrap
from starbid.telegram.bot_api import BotApi

ROUNDS, WARM_UP = 24, 4
_OTHER = {"admin": "operator"}
"""Who may give the command, where that is not everybody."""


@dataclass(frozen=True)
class Spent:
    """Units as DynamoDB bills them, writes with their indexes; `sent` are calls of Telegram, `ms` is CPU."""

    round_trips: int
    read_units: float
    write_units: float
    sent: int
    ms: float


class _Counting(Unsent):
    """Accepts every call, and counts them."""

    def __init__(self) -> None:
        self.calls = 0

    def request(self, method: str, url: str, *, fields: dict[str, Any], encode_multipart: bool, **_: Any) -> Any:
        self.calls += 1
        return super().request(method, url, fields=fields, encode_multipart=encode_multipart)


def measure(market: Market) -> dict[str, Any]:
    """By command, with a plain word that finds something and one that finds nothing."""
    import webhook.screens  # noqa: F401 - fills the registry
    from webhook.registry import screens

    with scene(market) as here:
        pool = _Counting()
        bot = BotApi("1:bench", "https://api.telegram.org", test=False)
        bot._request._pool = pool  # type: ignore[assignment]
        market.__dict__ |= {"bot": bot}
        meter = Meter(market.store.client)
        said = [f"/{name}" for name in sorted(screens.commands)] + [f"/auction_{here.busy}", "lamp", "zzz"]
        return {text: asdict(_spent(here, text, meter, pool)) for text in said}


def _spent(here: Scene, text: str, meter: Meter, pool: _Counting) -> Spent:
    who = getattr(here, _OTHER.get(text[1:], "viewer"))
    _say(here.market, text, who)  # what a first time makes is not what the command costs
    calls = pool.calls
    with meter.measure() as reading:
        _say(here.market, text, who)
    sent = pool.calls - calls
    times = [_say(here.market, text, who) for _ in range(WARM_UP + ROUNDS)][WARM_UP:]
    writes = reading.write_units + reading.index_write_units
    return Spent(reading.round_trips, reading.read_units, writes, sent, statistics.quantiles(times)[0])


def _say(market: Market, text: str, who: int) -> float:
    """Milliseconds of CPU of this thread."""
    from webhook.app import lambda_handler

    event, begun = command(market, text, who), time.thread_time()
    status = lambda_handler(event, None)["statusCode"]
    spent = (time.thread_time() - begun) * 1000
    assert status == 200, text
    assert bootstrap._app is market
    return spent
