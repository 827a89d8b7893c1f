"""CPU of a warm process for one request, without the database's server: Starbid's handlers and the yardstick.

The handlers run in this process against the emulator in another, and only the CPU of the calling thread counts, so
signing, sending and reading for DynamoDB are in, DynamoDB itself is not.
"""

from __future__ import annotations

import gc
import json
import statistics
import subprocess
import time
from collections.abc import Callable
from itertools import count
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

from urllib3 import encode_multipart_formdata

from bench.cases import logged_in
from bench.cold import BUILD
from bench.events import api_headers, callback, command, http_event
from bench.market import Market
from starbid import bootstrap
from starbid.acceleration.prepared import YOUNG_OBJECTS
from web.shared import rendering

ROOT = Path(__file__).resolve().parent.parent
SHOP = ROOT / "bench" / "yardstick" / "shop.py"
PYTHON = ROOT / ".venv-bench" / "bin" / "python"
ROUNDS, WARM_UP, TURNS = 100, 20, 3
AIMS = {
    "list page": 1.1,
    "lot page": 1.1,
    "304 poll": 0.9,
    "accepted bid": 0.8,
    "refused bid": 0.8,
    "webhook command": 1.0,
    "callback bid": 1.0,
}
"""At most this share of the yardstick's CPU. A busy machine gives worse ratios, so the report only marks misses."""
MESSAGE = {"message_id": 1, "date": 1, "chat": {"id": 1, "type": "private"}, "text": "-"}
Warm = dict[str, dict[str, float]]
"""By case: `ms` of CPU, a lower quartile, and `bytes` of the body that came out."""
Make = Callable[[], dict[str, Any]]
Handler = Callable[[dict[str, Any]], dict[str, Any]]


class Unsent:
    """Replaces the pool below python-telegram-bot: a call is encoded and answered here.

    Neither side's network to Telegram counts. The yardstick does the same.
    """

    def request(self, method: str, url: str, *, fields: dict[str, Any], encode_multipart: bool) -> Any:
        del method
        _ = encode_multipart_formdata(fields) if encode_multipart else urlencode(fields)
        answer = {"ok": True, "result": MESSAGE if url.rpartition("/")[2].startswith(("send", "edit")) else True}
        return SimpleNamespace(status=200, data=json.dumps(answer).encode())

    def clear(self) -> None:
        pass


def compare(market: Market) -> dict[str, Warm]:
    """Both in turns, the best turn of each case: other load on the machine only adds time."""
    turns = [(_as_built(market), yardstick()) for _ in range(TURNS)]
    return {"starbid": _best([ours for ours, _ in turns]), "yardstick": _best([theirs for _, theirs in turns])}


def _as_built(market: Market) -> Warm:
    """With the built templates, and the garbage collector's threshold of the built layer."""
    usual, plain = gc.get_threshold(), rendering.COMPILED
    gc.set_threshold(YOUNG_OBJECTS, *usual[1:])
    rendering.COMPILED = BUILD / "WebFunction" / "web" / "compiled"
    rendering.environment.cache_clear()
    try:
        return measure(market)
    finally:
        gc.set_threshold(*usual)
        rendering.COMPILED = plain
        rendering.environment.cache_clear()


def _best(turns: list[Warm]) -> Warm:
    return {name: min((turn[name] for turn in turns), key=lambda case: case["ms"]) for name in turns[0]}


def yardstick() -> Warm:
    """The yardstick's requests by case."""
    told = subprocess.run([PYTHON, SHOP], check=True, capture_output=True, text=True)
    return dict(json.loads(told.stdout))


def measure(market: Market) -> Warm:
    """Starbid's requests by case."""
    from web.app import handle
    from webhook import app as webhook

    market.bot._request._pool = Unsent()  # type: ignore[assignment]
    bootstrap._app = market
    on_web: Handler = lambda event: handle(event, market)  # noqa: E731
    on_chat: Handler = lambda event: webhook.lambda_handler(event, None)  # noqa: E731
    cases: dict[str, tuple[Handler, Make, int]] = {
        "list page": (on_web, _list_page(market), 200),
        "lot page": (on_web, _lot_page(market, ""), 200),
        "304 poll": (on_web, _poll(market, on_web), 304),
        "accepted bid": (on_web, _accepted(market), 201),
        "refused bid": (on_web, _refused(market), 409),
        "webhook command": (on_chat, _command(market), 200),
        "callback bid": (on_chat, _press(market), 200),
    }
    return {name: _measured(name, *case) for name, case in cases.items()}


def _measured(name: str, handler: Handler, make: Make, expected: int) -> dict[str, float]:
    times, size = [], 0
    for _ in range(ROUNDS):
        event = make()
        before = time.thread_time()
        answer = handler(event)
        times.append((time.thread_time() - before) * 1000)
        if answer["statusCode"] != expected:
            raise AssertionError(f"{name}: {answer['statusCode']} {answer['body'][:300]}")
        size = len(answer["body"].encode())
    return {"ms": statistics.quantiles(times[WARM_UP:])[0], "bytes": size}


def _list_page(market: Market) -> Make:
    for _ in range(30):
        market.lot()
    headers = logged_in(market, market.person())

    def make() -> dict[str, Any]:
        market.later(seconds=1)  # cards cached between lists say how much time is left
        return http_event("GET", "/", headers)

    return make


def _lot_page(market: Market, suffix: str, **headers: str) -> Make:
    lot_id = _busy_lot(market)
    known = logged_in(market, market.person()) | headers
    return lambda: http_event("GET", f"/auction/{lot_id}{suffix}", known)


def _poll(market: Market, handler: Handler) -> Make:
    poll = _lot_page(market, "/live")()
    poll["headers"]["if-none-match"] = handler(poll)["headers"]["etag"]
    return lambda: poll


def _accepted(market: Market) -> Make:
    lot_id, amounts = market.lot().auction.id, count(2000, 1000)
    people = [_token(market), _token(market)]
    return lambda: _bid(lot_id, next(amounts), people)


def _refused(market: Market) -> Make:
    lot_id, people = _busy_lot(market), [_token(market)]
    return lambda: _bid(lot_id, 1001, people)


def _command(market: Market) -> Make:
    user_id = market.person()
    return lambda: command(market, "/balance", user_id)


def _press(market: Market) -> Make:
    lot_id, people = market.lot().auction.id, [market.person(), market.person()]

    def make() -> dict[str, Any]:
        auction = market.store.auction(lot_id, consistent=True)
        people.reverse()
        least = auction.price.amount + (1000 if auction.bids_count else 0)
        return callback(market, f"b:{lot_id}:{least}:{auction.version}", people[0])

    return make


def _busy_lot(market: Market) -> str:
    lot_id, people = market.lot().auction.id, [market.person(), market.person()]
    for number in range(20):
        market.bidding.bid(lot_id, people[number % 2], 2000 + 100 * number, market.now(), confirmed=True)
    return lot_id


def _token(market: Market) -> dict[str, str]:
    """The headers of somebody new: the session's cookie and the token that proves a form."""
    return api_headers(market, market.person())


def _bid(lot_id: str, amount: int, people: list[dict[str, str]]) -> dict[str, Any]:
    people.reverse()
    body = json.dumps({"amount": amount})
    return http_event("POST", f"/api/v1/auctions/{lot_id}/bids", people[0], body)
