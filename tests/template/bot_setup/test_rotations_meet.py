"""Two changes of the secret at once, and a deployment in between: no process refuses what Telegram sends."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from scripts.webhook.rotation import IN_FLIGHT_SECONDS, SPREAD_SECONDS, Outside, RotationStoppedError, rotate

WHOLE = SPREAD_SECONDS + 2 * IN_FLIGHT_SECONDS
Sleep = Callable[[float], None]


class Operator:
    """Somebody who begins an act at a second of the world; at each sleep it is the turn of the others."""

    def __init__(self, world: World, at: float, act: Callable[[Sleep], None]) -> None:
        self._world, self.at, self._act = world, at, act
        self.is_over, self.stopped = False, False
        self._go, self._idle = threading.Event(), threading.Event()
        threading.Thread(target=self._live, daemon=True).start()

    def turn(self) -> None:
        self._idle.clear()
        self._go.set()
        assert self._idle.wait(10)

    def _live(self) -> None:
        self._go.wait()
        try:
            self._act(self._sleep)
        except RotationStoppedError:
            self.stopped = True
        self.is_over = True
        self._idle.set()

    def _sleep(self, seconds: float) -> None:
        self.at = self._world.now + seconds
        self._go.clear()
        self._idle.set()
        self._go.wait()


class World:
    """What is stored, and what Telegram was told at each second."""

    def __init__(self, *stored: str) -> None:
        self.stored, self.told, self.now = stored, stored[0], 0
        self._sent: list[str] = []

    def read(self) -> tuple[str, ...]:
        return self.stored

    def write(self, kept: tuple[str, ...]) -> None:
        self.stored = kept

    def tell(self, secret: str) -> None:
        self.told = secret

    def rotation(self, at: int, name: str) -> Operator:
        def act(sleep: Sleep) -> None:
            outside = Outside(self.tell, lambda secret: secret in self.stored, sleep, lambda _: None)
            rotate(self, outside, lambda: f"new-of-{name}")

        return Operator(self, at, act)

    def deployment(self, at: int, seconds: int) -> Operator:
        """It reads what is stored, and so many seconds go by before Telegram has heard it."""

        def act(sleep: Sleep) -> None:
            read = self.stored[0]
            sleep(seconds)
            self.tell(read)

        return Operator(self, at, act)

    def live(self, *operators: Operator) -> None:
        """A fresh process takes what Telegram sends at each second, and what it has sent a while ago."""
        for self.now in range(4 * WHOLE):
            for one in operators:
                while not one.is_over and one.at <= self.now:
                    one.turn()
            self._sent.append(self.told)
            on_their_way = set(self._sent[-IN_FLIGHT_SECONDS:])
            assert on_their_way <= set(self.stored), f"refused at {self.now}: {on_their_way - set(self.stored)}"
        assert all(one.is_over for one in operators)


@pytest.mark.parametrize("stored", [("old",), ("old", "other")])
@pytest.mark.parametrize("later", [0, 1, SPREAD_SECONDS - 1, SPREAD_SECONDS, SPREAD_SECONDS + 1, 60, 90, 100, 119, 120,
                                   121, 150, 180, 209, 210, 211, WHOLE, WHOLE + 1])  # fmt: skip
def test_of_two_changes_at_once_at_least_one_ends_and_nothing_is_refused(stored: tuple[str, ...], later: int) -> None:
    world = World(*stored)
    both = [world.rotation(0, "anna"), world.rotation(later, "boris")]
    world.live(*both)
    assert [one.stopped for one in both].count(True) <= 1
    assert world.stored == (world.told,)


@pytest.mark.parametrize("lasts", [0, 5, 60])
@pytest.mark.parametrize("at", range(0, WHOLE + 10, 7))
def test_a_deployment_beside_a_change_leaves_telegram_with_a_secret_that_is_stored(at: int, lasts: int) -> None:
    world = World("old")
    world.live(world.rotation(0, "anna"), world.deployment(at, lasts))
    assert world.stored == (world.told,) == ("new-of-anna",)
