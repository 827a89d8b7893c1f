"""A crowd on one lot, two seconds before its end: what everybody wants, and what can be known afterwards."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from tests.e2e.crowd.square import Answer, Order, Square, Wallets

BEFORE_END = 2.0
"""Seconds."""
WINDOW = 120
"""Seconds of the soft close that a lot has by itself."""
LEAST, BEST, STEP = 100, 2_000, 10
_LOT = {"title": "What all want", "description": "One of a kind.", "duration_seconds": 60, "start_price": LEAST}
_FALLING = {"start_price": 900, "floor_price": 300, "drop_amount": 100, "drop_seconds": 5}


@dataclass(frozen=True)
class Scene:
    """`terms` of the lot. `twice`: half of the people, each sends the same request of the API two times at the same
    moment, with one key.
    """

    name: str
    terms: dict[str, Any]
    twice: bool = False

    @property
    def kind(self) -> str:
        return str(self.terms["type"])

    @property
    def is_extended(self) -> bool:
        """By the bids of its last seconds."""
        return self.kind == "english" and "extend_seconds" not in self.terms


SCENES = (
    Scene("English, soft close", {"type": "english", "bid_step": STEP}),
    Scene("English, fixed end", {"type": "english", "bid_step": STEP, "extend_seconds": 0}),
    Scene("sealed", {"type": "sealed"}),
    Scene("Dutch", {"type": "dutch"} | _FALLING),
    Scene("English, each twice", {"type": "english", "bid_step": STEP}, twice=True),
    Scene("sealed, each twice", {"type": "sealed"}, twice=True),
)


@dataclass(frozen=True)
class Try:
    """What somebody wanted, and the answers to it."""

    who: int
    amount: int
    answers: tuple[Answer, ...]


@dataclass(frozen=True)
class Crowd:
    """A scene as it was seen: the lot before and after, the answers, and everybody's wallet before and after."""

    scene: Scene
    before: dict[str, Any]
    tries: list[Try]
    ended: dict[str, Any]
    log: dict[str, Any]
    had: Wallets = field(repr=False)
    have: Wallets = field(repr=False)

    @property
    def lot(self) -> str:
        return str(self.before["id"])

    @property
    def answers(self) -> list[Answer]:
        return [answer for one in self.tries for answer in one.answers]


def play(square: Square, scene: Scene, had: Wallets) -> Crowd:
    """Everybody acts once, two seconds before the end; then the lot ends.

    Raises AssertionError where an invariant of money is broken, while a lot with a soft close still runs or after all.
    """
    before, copies = square.publish(**_LOT | scene.terms), 2 if scene.twice else 1
    wanted = amounts(scene, list(square.people[::copies]))
    orders = [_order(square, scene, before, *each) for each in wanted.items() for _ in range(copies)]
    answers = square.volley(orders, square.moment_before_end(before, BEFORE_END))
    tries = [
        Try(who, amount, tuple(answers[number * copies : (number + 1) * copies]))
        for number, (who, amount) in enumerate(wanted.items())
    ]
    if scene.is_extended:
        square.books()
    square.stack.advance(WINDOW + 3)
    ended, log = square.get(f"/auctions/{before['id']}"), square.get(f"/auctions/{before['id']}/log")
    return Crowd(scene, before, tries, ended, log, had, square.wallets())


def play_all(square: Square, scenes: Iterable[Scene]) -> Iterator[Crowd]:
    """One after the other."""
    had = square.wallets()
    for scene in scenes:
        crowd = play(square, scene, had)
        had = crowd.have
        yield crowd


def amounts(scene: Scene, people: list[int]) -> dict[int, int]:
    """What everybody offers, always the same; two offer the most. Of a falling price everybody saw the lowest."""
    if scene.kind == "dutch":
        return dict.fromkeys(people, _FALLING["floor_price"])
    dice = random.Random(scene.name)
    offered = {who: dice.randrange(LEAST, BEST, STEP) for who in people}
    return offered | dict.fromkeys(dice.sample(people, 2), BEST)


def _order(square: Square, scene: Scene, lot: dict[str, Any], who: int, amount: int) -> Order:
    is_purchase = scene.kind == "dutch"
    wanted = {"seen_price" if is_purchase else "amount": amount, "card_version": lot["card_version"]}
    browser = square.browsers.get(who)
    if browser and not scene.twice:
        cookie = f"starbid_session={browser.web.cookies['starbid_session']}"
        fields = wanted | {"csrf_token": browser.token, "confirmed": "1"}
        headers = {"Cookie": cookie, "Content-Type": "application/x-www-form-urlencoded", "Accept": "application/json"}
        return Order(f"/auction/{lot['id']}/{'buy' if is_purchase else 'bid'}", headers, urlencode(fields))
    headers = {"Authorization": f"Bearer {square.tokens[who]}", "Content-Type": "application/json"}
    if scene.twice:
        headers["Idempotency-Key"] = f"{lot['id']} {who}"
    return Order(f"/api/v1/auctions/{lot['id']}/{'buy' if is_purchase else 'bids'}", headers, json.dumps(wanted))
