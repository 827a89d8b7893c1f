"""The webhook's secret is changed while updates come in, by processes that live for hours: none is refused wrongly."""

import itertools
from collections.abc import Callable

import pytest

from starbid import bootstrap
from starbid.services.ports import Unavailable
from starbid.telegram.webhook_secrets import LIFE_SECONDS, LOOK_SECONDS, WebhookSecrets
from tests.support.fakes import FakeApp

from .chatting import FakeTelegram, chatting_app, post

OLD, NEW = "the-old-secret", "the-new-secret"
STEPS = {
    "before": ((OLD,), OLD),
    "the new one is stored": ((OLD, NEW), OLD),
    "Telegram was told": ((OLD, NEW), NEW),
    "the new one is first": ((NEW, OLD), NEW),
    "the old one is dropped": ((NEW,), NEW),
}
"""What is stored after each step, and what Telegram sends."""


class Stored:
    """What is in the store, and how often it was read."""

    def __init__(self, *secrets: str) -> None:
        self.secrets, self.reads, self.is_broken = secrets, 0, False

    def __call__(self) -> tuple[str, ...]:
        self.reads += 1
        if self.is_broken:
            raise Unavailable
        return self.secrets


class Ticks:
    def __init__(self) -> None:
        self.now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def stored() -> Stored:
    return Stored(OLD)


@pytest.fixture
def ticks() -> Ticks:
    return Ticks()


@pytest.fixture
def start(app: FakeApp, stored: Stored, ticks: Ticks) -> Callable[[], None]:
    """Another process takes the place of the present one. It reads what is stored."""

    def begin() -> None:
        app.__dict__["webhook_secrets"] = WebhookSecrets(stored.secrets, stored, ticks)

    begin()
    return begin


def sent(secret: str | None) -> int:
    return post({}, secret)


@pytest.mark.parametrize("began", STEPS)
def test_at_each_step_a_process_of_any_age_takes_what_telegram_sends(
    start: Callable[[], None], stored: Stored, ticks: Ticks, began: str
) -> None:
    first = list(STEPS).index(began)
    stored.secrets = STEPS[began][0]
    start()
    for kept, told in itertools.islice(STEPS.values(), first, None):
        stored.secrets = kept
        ticks.now += LOOK_SECONDS  # the rotation waits for longer than that before it tells Telegram
        assert sent(told) == 200
        assert sent("a-strangers-secret") == 403
        assert sent(told) == 200


def test_what_is_still_on_its_way_with_the_old_secret_is_taken_until_that_is_dropped(
    start: Callable[[], None], stored: Stored, ticks: Ticks
) -> None:
    for kept in ((OLD, NEW), (NEW, OLD)):
        stored.secrets = kept
        ticks.now += LOOK_SECONDS
        assert (sent(NEW), sent(OLD)) == (200, 200)
    stored.secrets = (NEW,)
    ticks.now += LOOK_SECONDS
    assert (sent(OLD), sent(NEW)) == (403, 200)


def test_a_process_that_heard_nothing_all_the_while_takes_the_new_one_at_once(
    start: Callable[[], None], stored: Stored
) -> None:
    stored.secrets = (NEW,)
    assert sent(NEW) == 200
    assert stored.reads == 1


def test_a_process_that_only_hears_the_leaked_secret_forgets_it_within_the_hour(
    start: Callable[[], None], stored: Stored, ticks: Ticks
) -> None:
    stored.secrets = (NEW,)
    ticks.now += LIFE_SECONDS - 1
    assert (sent(OLD), stored.reads) == (200, 0)
    ticks.now += 1
    assert (sent(OLD), stored.reads) == (403, 1)


def test_the_usual_update_costs_no_look(start: Callable[[], None], stored: Stored, ticks: Ticks) -> None:
    for _ in range(10):
        ticks.now += 60
        assert sent(OLD) == 200
    assert stored.reads == 0


def test_a_stranger_makes_a_process_look_once_in_ten_seconds_and_no_more(
    start: Callable[[], None], stored: Stored, ticks: Ticks
) -> None:
    for _ in range(200):
        assert sent("a-strangers-secret") == 403
        ticks.now += 0.1
    assert stored.reads == 2


@pytest.mark.parametrize("header", [None, "", " ", f"{OLD},{NEW}", "ключ", "x" * 257, OLD + "\n"])
def test_what_can_be_no_secret_is_refused_without_a_look(
    start: Callable[[], None], stored: Stored, header: str | None
) -> None:
    stored.secrets = (OLD, NEW)
    assert sent(header) == 403
    assert stored.reads == 0


def test_while_the_store_cannot_be_read_what_is_known_is_taken_and_the_rest_comes_again(
    start: Callable[[], None], stored: Stored, ticks: Ticks, telegram: FakeTelegram
) -> None:
    stored.secrets, stored.is_broken = (NEW,), True
    assert (sent(OLD), sent(NEW), sent(NEW)) == (200, 503, 503)
    assert stored.reads == 1
    ticks.now += LIFE_SECONDS
    assert sent(OLD) == 200, "an hour old, but nobody knows better"
    stored.is_broken = False
    ticks.now += LOOK_SECONDS
    assert (sent(NEW), sent(OLD)) == (200, 403)
    assert telegram.calls == []


@pytest.fixture
def from_the_environment(monkeypatch: pytest.MonkeyPatch, telegram: FakeTelegram) -> FakeApp:
    made = chatting_app(telegram, TELEGRAM_WEBHOOK_SECRET=f"{NEW},{OLD}")
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


def test_two_secrets_of_the_environment_are_both_taken_and_the_first_is_told(from_the_environment: FakeApp) -> None:
    assert (sent(NEW), sent(OLD), sent(f"{NEW},{OLD}"), sent("another")) == (200, 200, 403, 403)
    assert from_the_environment.settings.webhook_secret == NEW
