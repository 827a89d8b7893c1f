"""The yardstick of crowds: one process that has the lot in one SQLite file, and decides bids one after the other.

The rule and the rows are ours. A bid is a transaction of the lot's state, the bid's row and the wallets, and it is on
the disk (WAL, synchronous=FULL) before it is answered. Threads offer bids; a lock keeps them in line, because SQLite's
own waiting for its lock is slower. No network, no Lambda, and it ends with its machine.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator, Mapping
from contextlib import closing
from datetime import datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from threading import Lock, Thread
from time import monotonic

from bench.crowd.crowds import Crowd
from bench.crowd.market import FIRST_PERSON, MONEY, CrowdMarket
from starbid.domain.auction import Auction
from starbid.domain.errors import InsufficientFunds, StarbidError
from starbid.domain.kinds import kind_of
from starbid.domain.kinds.base import Accepted
from starbid.domain.money import XTR, Money
from starbid.storage.rows import auction_from, auction_item, bid_item

SECONDS, THREADS, PEOPLE = 5.0, 16, 20_000
"""How long bids are offered, by how many at the same time, one of each person."""
_SCHEMA = """
CREATE TABLE auctions (auction_id TEXT PRIMARY KEY, state TEXT) WITHOUT ROWID;
CREATE TABLE bids (auction_id TEXT, number INTEGER, bid TEXT, PRIMARY KEY (auction_id, number)) WITHOUT ROWID;
CREATE TABLE wallets (user_id INTEGER PRIMARY KEY, available INTEGER, held INTEGER, stake INTEGER);
"""


def accepted_a_second(kind: str, seconds: float = SECONDS) -> float:
    """Bids that one process accepts on one lot, in real time."""
    market = CrowdMarket(kind, 1, left=seconds + 10, seed=1)
    wishes = Crowd(kind, PEOPLE).wishes(1)
    with TemporaryDirectory(dir=Path(__file__).parent) as folder:  # not in /tmp, which may be in memory
        file = Path(folder) / "bids.sqlite"
        _prepare(file, market.lot, PEOPLE)
        offers = iter([(FIRST_PERSON + number, wish.amount) for number, wish in enumerate(wishes)])
        desk = Desk(file, market.lot.id, market.now())
        began = monotonic()
        clerks = [Thread(target=desk.serve, args=(offers, began + seconds)) for _ in range(THREADS)]
        for clerk in clerks:
            clerk.start()
        for clerk in clerks:
            clerk.join()
        return desk.accepted / (monotonic() - began)


class Desk:
    """Takes bids on one lot, one after the other."""

    def __init__(self, file: Path, lot_id: str, now: datetime) -> None:
        self._file, self._lot_id, self._now, self._turn = file, lot_id, now, Lock()
        self.accepted = 0

    def serve(self, offers: Iterator[tuple[int, int]], until: float) -> None:
        """A thread's work: pass on offers (person, amount)."""
        with closing(_connection(self._file)) as connection:
            while monotonic() < until:
                with self._turn:
                    offer = next(offers, None)
                    if offer is None:
                        break
                    self._bid(connection, *offer)

    def _bid(self, connection: sqlite3.Connection, person: int, amount: int) -> None:
        connection.execute("BEGIN IMMEDIATE")
        try:
            accepted = self._decide(connection, person, Money(amount, XTR))
        except StarbidError:
            connection.execute("ROLLBACK")
            return
        self._write(connection, accepted)
        connection.execute("COMMIT")
        self.accepted += 1

    def _decide(self, connection: sqlite3.Connection, person: int, maximum: Money) -> Accepted:
        (state,) = connection.execute("SELECT state FROM auctions WHERE auction_id = ?", (self._lot_id,)).fetchone()
        wallet = connection.execute("SELECT available, stake FROM wallets WHERE user_id = ?", (person,)).fetchone()
        lot, (available, stake) = auction_from(json.loads(state)), wallet
        accepted = kind_of(lot).bid(lot, person, maximum, self._now, Money(stake, XTR) if stake else None)
        if accepted.needed.amount > available:
            raise InsufficientFunds(Money(available, XTR), accepted.needed)
        return accepted

    def _write(self, connection: sqlite3.Connection, accepted: Accepted) -> None:
        bid, state = accepted.bid, _json(auction_item(accepted.auction))
        connection.execute("UPDATE auctions SET state = ? WHERE auction_id = ?", (state, self._lot_id))
        connection.execute("INSERT INTO bids VALUES (?, ?, ?)", (bid.auction_id, bid.number, _json(bid_item(bid))))
        for change in accepted.wallets:
            stake = change.stake.after.amount if change.stake and change.stake.after else None
            connection.execute(
                "UPDATE wallets SET available = available + ?, held = held + ?, stake = ? WHERE user_id = ?",
                (change.available.amount, change.held.amount, stake, change.user_id),
            )


def _connection(file: Path) -> sqlite3.Connection:
    connection = sqlite3.connect(file, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = FULL")
    return connection


def _prepare(file: Path, lot: Auction, people: int) -> None:
    with closing(_connection(file)) as connection:
        connection.executescript(_SCHEMA)
        connection.execute("INSERT INTO auctions VALUES (?, ?)", (lot.id, _json(auction_item(lot))))
        wallets = ((FIRST_PERSON + number, MONEY) for number in range(people))
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO wallets VALUES (?, ?, 0, NULL)", wallets)
        connection.execute("COMMIT")


def _json(item: Mapping[str, object]) -> str:
    return json.dumps({name: value for name, value in item.items() if value is not None})
