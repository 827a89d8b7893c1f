"""What the run confirmed is there after a death of all its processes in the midst of it."""

from __future__ import annotations

import threading
from pathlib import Path

import httpx

from tests.e2e.client import Person
from tests.e2e.town import Town, bid
from tests.support.stack import Stack

WARM = 200
"""Ten bids have to be confirmed before all ends."""


class Burst:
    """Somebody who raises their own bid on a lot as fast as they can, and remembers what was confirmed."""

    def __init__(self, town: Town, person: Person) -> None:
        self.person = Person(town.stack, town.bot, person.id, person.name)
        self.person.web.cookies = httpx.Cookies(person.web.cookies)
        self.lot = town.publish()
        self.asked = self.confirmed = 0
        self.warm = threading.Event()
        self.thread = threading.Thread(target=self._run)

    def _run(self) -> None:
        for amount in range(100, 4000, 10):
            self.asked = amount
            try:
                answer = bid(self.person, self.lot, amount)
            except (httpx.TransportError, OSError):
                return
            assert answer.status_code == 201, answer.text
            self.confirmed = amount
            if amount >= WARM:
                self.warm.set()


def test_no_confirmed_bid_is_lost_when_everything_is_killed_in_a_burst_of_bids(tmp_path: Path) -> None:
    town = Town(tmp_path)
    bursts = [Burst(town, person) for person in (town.anna, town.boris) for _ in range(2)]
    for burst in bursts:
        burst.thread.start()
    for burst in bursts:
        assert burst.warm.wait(60)
    town.stack.kill_everything()
    for burst in bursts:
        burst.thread.join()
    restarted = Stack(town.stack.data_dir, town.environment)
    try:
        town.move_to(restarted)
        held = {person.id: 0 for person in (town.anna, town.boris)}
        for burst in bursts:
            burst.person.web = town.visitor()
            number = burst.person.lot(burst.lot)["bids_count"]
            amount = 90 + 10 * number
            assert amount in (burst.confirmed, burst.asked), "the one under way may count, or not"
            held[burst.person.id] += amount
        assert sum(burst.confirmed > 0 for burst in bursts) == len(bursts)
        for person in (town.anna, town.boris):
            assert person.wallet() == {"available": 20_000 - held[person.id], "held": held[person.id]}
        restarted.advance(3600)
        assert {town.anna.lot(burst.lot)["status"] for burst in bursts} == {"sold"}
    finally:
        town.stop()
