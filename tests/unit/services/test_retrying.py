import pytest

from starbid.domain.errors import Conflict
from starbid.services.ports import Contended
from starbid.services.retrying import Stale, with_retries
from starbid.services.sweeping import each


@pytest.mark.parametrize("error", [Stale, Contended])
def test_one_try_and_three_retries_with_growing_waits_and_then_a_conflict(error: type[Exception]) -> None:
    tries: list[int] = []
    waits: list[float] = []

    def work(attempt: int) -> None:
        tries.append(attempt)
        raise error

    with pytest.raises(Conflict):
        with_retries(work, waits.append)
    assert tries == [0, 1, 2, 3]
    assert len(waits) == 3


def test_what_succeeds_is_not_repeated() -> None:
    assert with_retries(lambda attempt: attempt, lambda _: pytest.fail("no reason to wait")) == 0


def test_any_other_error_is_not_tried_again() -> None:
    tries: list[int] = []

    def work(attempt: int) -> None:
        tries.append(attempt)
        raise KeyError

    with pytest.raises(KeyError):
        with_retries(work)
    assert tries == [0]


def test_each_thing_gets_its_turn_and_failures_are_named_at_the_end() -> None:
    done: list[int] = []

    def work(thing: int) -> int:
        if thing % 2:
            raise ValueError(thing)
        done.append(thing)
        return thing

    with pytest.raises(ExceptionGroup) as failures:
        each("odd ones", [1, 2, 3, 4], work)
    assert done == [2, 4]
    assert [failure.__notes__ for failure in failures.value.exceptions] == [["while at 1"], ["while at 3"]]
    assert each("even ones", [2, 4], work) == [2, 4]
