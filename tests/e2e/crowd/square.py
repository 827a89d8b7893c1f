"""A run of the product with a crowd in front of it: people with money, and the processes in which their clients run.

AWS is an emulator of the test's own, which keeps its tables on disk as that of a run does: the crowd is put into it by
use cases, and everything that it holds can be looked at.
"""

from __future__ import annotations

import json
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from local.emulator import Emulator
from starbid.domain.wallet import Wallet
from tests.e2e.client import ENVIRONMENT, Person, web_client
from tests.support.bot_server import BotServer
from tests.support.dynamo import CREDENTIALS, DynamoApp, app_beside_a_run, check, join
from tests.support.memory_tables import Tables
from tests.support.stack import ROOT, Stack
from web.identity.tokens import new_nonce, new_token

PEOPLE, PROCESSES = 64, 4
STARS = 20_000
SELLER = 11
FORM_EVERY = 4
"""Every fourth bids with the form of the lot's page."""
HANDS = 8
"""Threads that bring the people in."""
Wallets = dict[int, Wallet]
_FIRST = 1001


@dataclass(frozen=True)
class Order:
    """A request that a client sends."""

    path: str
    headers: dict[str, str]
    body: str


@dataclass(frozen=True)
class Answer:
    """What one request of one client came to. `sent`: seconds since 1970; status 0: no answer."""

    status: int
    body: str
    sent: float
    seconds: float

    @property
    def told(self) -> Any:
        """The JSON of the answer; None where it has none."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def is_accepted(self) -> bool:
        """201 of the API; a form leads back to the lot."""
        return self.status in (201, 303)

    @property
    def code(self) -> str:
        """`accepted`, or the code of the refusal, or the bare status."""
        if self.is_accepted:
            return "accepted"
        try:
            return str(self.told["error"]["code"])
        except (KeyError, TypeError):
            return str(self.status)


class Square:
    """People with STARS each, by id; `tokens` of the API are everybody's, `browsers` those of who uses the form."""

    def __init__(self, directory: Path, people: int = PEOPLE) -> None:
        with ExitStack() as ending:
            self._clients = [_process_of_clients(ending) for _ in range(PROCESSES)]
            self.bot = BotServer()
            ending.callback(self.bot.stop)
            self._emulator = Emulator(directory / "aws")
            ending.callback(self._emulator.stop)
            aws = {"AWS_ENDPOINT_URL": self._emulator.endpoint} | CREDENTIALS
            self.stack = Stack(directory / "run", ENVIRONMENT | {"TELEGRAM_API_BASE_URL": self.bot.url} | aws)
            ending.callback(self.stack.stop)
            self.people = range(_FIRST, _FIRST + people)
            self.tokens = self._move_in()
            self.browsers = {who: self._browser(who) for who in self.people[::FORM_EVERY]}
            self.web = web_client(self.stack.url)
            self._ending = ending.pop_all()

    def get(self, path: str, who: int | None = None) -> Any:
        """The JSON of an address of the API, as somebody sees it or as nobody does."""
        headers = {"Authorization": f"Bearer {self.tokens[who]}"} if who else {}
        answer = self.web.get(f"/api/v1{path}", headers=headers, follow_redirects=True)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def publish(self, **fields: Any) -> dict[str, Any]:
        """A new lot of the seller's, as the API tells it."""
        answer = self.web.post(
            "/api/v1/auctions", json=fields, headers={"Authorization": f"Bearer {self.tokens[SELLER]}"}
        )
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    def moment_before_end(self, lot: dict[str, Any], seconds: float, *, lead: float = 0.7) -> float:
        """Bring the run's clock near that moment, which is returned in seconds of this machine since 1970."""
        moment = datetime.fromisoformat(lot["ends_at"]).timestamp() - seconds
        self.stack.advance(max(0.0, moment - lead - self._now()))
        return time.time() + moment - self._now()

    def volley(self, orders: list[Order], at: float) -> list[Answer]:
        """Send all at once, split over the processes; the answers in the same order."""
        port = urlsplit(self.stack.url).port
        for number, process in enumerate(self._clients):
            assert process.stdin
            requests = [vars(order) for order in orders[number::PROCESSES]]
            process.stdin.write(json.dumps({"port": port, "at": at, "requests": requests}) + "\n")
            process.stdin.flush()
        answers: dict[int, Answer] = {}
        for number, process in enumerate(self._clients):
            assert process.stdout
            found = json.loads(process.stdout.readline())
            answers |= {number + PROCESSES * place: Answer(**one) for place, one in enumerate(found)}
        return [answers[number] for number in range(len(orders))]

    def books(self) -> Tables:
        """Everything that is stored. Raises AssertionError if an invariant of money is broken."""
        with app_beside_a_run(self._emulator.endpoint) as app:
            return check(app.store)

    def wallets(self) -> Wallets:
        """Everybody's, by person. Raises AssertionError if an invariant of money is broken."""
        books = self.books()
        return {who: books.wallets[who, "XTR"] for who in self.people}

    def stop(self) -> None:
        self._ending.close()

    def _now(self) -> float:
        """The run's clock, seconds since 1970."""
        return datetime.fromisoformat(self.stack.request("GET", "/_local/clock")[1]["now"]).timestamp()

    def _move_in(self) -> dict[int, str]:
        """Everybody's token."""
        with app_beside_a_run(self._emulator.endpoint) as app, ThreadPoolExecutor(HANDS) as pool:
            app.clock.now = datetime.fromtimestamp(int(self._now()), UTC)
            join(app, SELLER, seller=True)
            list(pool.map(lambda who: join(app, who, stars=STARS), self.people))
            everybody = [SELLER, *self.people]
            return dict(zip(everybody, pool.map(lambda who: _token(app, who), everybody), strict=True))

    def _browser(self, who: int) -> Person:
        person = Person(self.stack, self.bot, who, f"P{who}")
        person.logs_in()
        assert person.token
        return person


def _process_of_clients(ending: ExitStack) -> subprocess.Popen[str]:
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.e2e.crowd.clients"],
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    ending.enter_context(process)  # closes its pipes, at which it ends, and waits for it
    return process


def _token(app: DynamoApp, who: int) -> str:
    token, secret = new_token("any key", who, "crowd", new_nonce(), app.now())
    app.tokens.keep(token)
    return secret
