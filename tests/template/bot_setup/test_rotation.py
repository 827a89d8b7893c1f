"""`make webhook ARGS=--rotate`: whatever fails between its steps, no update of Telegram's is refused."""

from collections.abc import Callable
from contextlib import suppress
from itertools import count

import pytest

from scripts.webhook.rotation import IN_FLIGHT_SECONDS, SPREAD_SECONDS, Outside, RotationStoppedError, rotate
from starbid.telegram.webhook_secrets import LOOK_SECONDS, WebhookSecrets

STRANGER = "a-strangers-secret"
STEPS = ["write", "wait", "try", "tell", "write", "wait", "tell", "wait", "write"]
OPERATIONS = len(STEPS)


class Fault(Exception):
    """The command dies, or the other side does."""


class World:
    """A store, Telegram, and processes of the webhook: some hear every update, one hears strangers only until the end.

    Updates that were sent before a change of the secret are still on their way for IN_FLIGHT_SECONDS.
    """

    def __init__(self, *stored: str, told: str) -> None:
        self.stored, self.told, self.now = stored, told, 5_000.0
        self.on_their_way: list[tuple[float, str]] = []
        self.processes = [self._process() for _ in range(3)]
        self.quiet = self._process()
        self.steps: list[str] = []
        self._fault_at, self._after = 0, False
        self._made = count(1)

    def _process(self) -> WebhookSecrets:
        return WebhookSecrets(self.stored, lambda: self.stored, lambda: self.now)

    def fail_at(self, step: int, *, after: bool) -> None:
        """The step (from 1) fails: before it has an effect, or after it."""
        self._fault_at, self._after = step, after

    def read(self) -> tuple[str, ...]:
        return self.stored

    def write(self, kept: tuple[str, ...]) -> None:
        self._step("write", lambda: setattr(self, "stored", kept))

    def tell(self, secret: str) -> None:
        def told() -> None:
            self.on_their_way.append((self.now + IN_FLIGHT_SECONDS, self.told))
            self.told = secret

        self._step("tell", told)

    def accepts(self, secret: str) -> bool:
        self._step("try", lambda: None)
        return self.processes[0].accepts(secret)

    def sleep(self, seconds: float) -> None:
        def wait() -> None:
            for _ in range(int(seconds)):
                self.now += 1
                self.deliver()

        self._step("wait", wait)

    def _step(self, name: str, act: Callable[[], None]) -> None:
        self.steps.append(name)
        fails = len(self.steps) == self._fault_at
        if fails and not self._after:
            raise Fault
        act()
        self.deliver()
        if fails:
            raise Fault

    def deliver(self) -> None:
        """Updates with every secret that Telegram may use now reach every process; strangers knock between them."""
        under_way = {secret for until, secret in self.on_their_way if until > self.now}
        for process in [*self.processes, self._process()]:
            for secret in sorted({self.told, *under_way}):
                assert process.accepts(secret), f"{secret} is refused after {self.steps}, {self.stored} are stored"
            assert not process.accepts(STRANGER)
        assert not self.quiet.accepts(STRANGER)

    def outside(self) -> Outside:
        return Outside(self.tell, self.accepts, self.sleep, lambda _: None)

    def rotate(self) -> None:
        rotate(self, self.outside(), lambda: f"new-{next(self._made)}")


def test_the_new_secret_is_told_and_the_old_one_is_dropped() -> None:
    world = World("old", told="old")
    world.rotate()
    assert (world.stored, world.told) == (("new-1",), "new-1")
    assert world.steps == STEPS
    world.now += LOOK_SECONDS
    assert not world.processes[0].accepts("old")
    assert world.quiet.accepts("new-1")


@pytest.mark.parametrize("after", [False, True])
@pytest.mark.parametrize("step", range(1, OPERATIONS + 1))
def test_a_run_that_dies_at_any_step_refuses_nothing_and_the_next_one_ends_it(step: int, after: bool) -> None:
    world = World("old", told="old")
    world.fail_at(step, after=after)
    with pytest.raises(Fault):
        world.rotate()
    for _ in range(300):  # nobody looks for a while
        world.now += 1
        world.deliver()
    world.rotate()
    assert world.stored == (world.told,)
    assert world.told not in ("old", "new-1")


@pytest.mark.parametrize("step", range(1, OPERATIONS + 1))
def test_so_does_one_that_dies_twice(step: int) -> None:
    for second in range(1, OPERATIONS + 4):
        world = World("old", told="old")
        world.fail_at(step, after=True)
        with pytest.raises(Fault):
            world.rotate()
        world.steps.clear()
        world.fail_at(second, after=False)
        with suppress(Fault):  # it may be over before
            world.rotate()
        world.fail_at(0, after=False)
        world.rotate()
        assert world.stored == (world.told,)


@pytest.mark.parametrize("told", ["first", "second"])
def test_what_an_earlier_run_left_is_ended_whichever_telegram_sends(told: str) -> None:
    world = World("first", "second", told=told)
    world.rotate()
    assert (world.stored, world.told) == (("new-1",), "new-1")


def test_telegram_is_not_told_before_the_webhook_takes_the_new_one() -> None:
    world = World("old", told="old")
    deaf = Outside(world.tell, lambda _: False, world.sleep, lambda _: None)
    with pytest.raises(RotationStoppedError, match="goes on with the old one"):
        rotate(world, deaf, lambda: "new-1")
    assert (world.told, world.stored) == ("old", ("old", "new-1"))
    assert "tell" not in world.steps


def test_it_waits_for_longer_than_a_process_may_go_without_a_look() -> None:
    assert SPREAD_SECONDS > LOOK_SECONDS


def test_without_the_wait_a_process_that_just_looked_would_refuse() -> None:
    """What the wait is for: a stranger's update came a moment before the new secret was stored."""
    world = World("old", told="old")
    process = world.processes[0]
    assert not process.accepts(STRANGER)
    world.stored = ("old", "new")
    assert not process.accepts("new")
    world.now += LOOK_SECONDS
    assert process.accepts("new")


def test_a_new_secret_is_long_and_made_of_what_telegram_takes() -> None:
    world = World("old", told="old")
    rotate(world, world.outside())
    assert len(world.told) >= 40
    assert WebhookSecrets((world.told,)).accepts(world.told)
