"""The evaluator follows the CloudWatch User Guide, and shows which faults the former alarms missed."""

from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from scripts.alarms.evaluation import Alarm, State, first_rings, is_red_at_the_end, state_of
from scripts.alarms.template import alarm_of
from scripts.alarms.timelines import of_function

OK, ALARM, NO_DATA = State
TREATMENTS = ("missing", "ignore", "breaching", "notBreaching")
KEPT = "what it was"

THREE_OF_THREE = {
    "0 - X - X": (OK, OK, OK, OK),
    "0 - - - -": (OK, OK, OK, OK),
    "- - - - -": (NO_DATA, KEPT, ALARM, OK),
    "0 X X - X": (ALARM, ALARM, ALARM, ALARM),
    "- - X - -": (ALARM, KEPT, ALARM, OK),
}
TWO_OF_THREE = {
    "0 - X - X": (ALARM, ALARM, ALARM, ALARM),
    "0 0 X 0 X": (ALARM, ALARM, ALARM, ALARM),
    "0 - X - -": (OK, OK, ALARM, OK),
    "- - - - 0": (OK, OK, ALARM, OK),
    "- - - X -": (ALARM, KEPT, ALARM, OK),
}
"""The guide's own tables, "How alarm state is evaluated when data is missing": columns as in TREATMENTS."""

POINTS = st.lists(st.sampled_from([0.0, 1.0, None]), min_size=3, max_size=9)


def an_alarm(**changes: Any) -> Alarm:
    metric = of_function("Errors", "PaymentsFunction")
    return replace(Alarm("A", metric, "Sum", 5, 3, 3, "GreaterThanThreshold", 0, "notBreaching"), **changes)


def points_of(row: str) -> list[float | None]:
    return [{"0": 0.0, "X": 1.0, "-": None}[sign] for sign in row.split()]


@pytest.mark.parametrize("before", State)
@pytest.mark.parametrize(
    ("needed", "row", "states"),
    [(3, *each) for each in THREE_OF_THREE.items()] + [(2, *each) for each in TWO_OF_THREE.items()],
)
def test_every_row_of_the_guide_s_tables(needed: int, row: str, states: tuple[State | str, ...], before: State) -> None:
    found = [state_of(an_alarm(needed=needed, missing=missing), points_of(row), before) for missing in TREATMENTS]
    assert found == [before if state is KEPT else state for state in states]


@given(POINTS, st.integers(1, 3), st.sampled_from(State))
def test_missing_data_that_breaches_rings_wherever_missing_data_that_does_not_breach_rings(
    points: list[float | None], needed: int, before: State
) -> None:
    good, bad = (
        state_of(an_alarm(needed=needed, missing=missing), points, before) for missing in ("notBreaching", "breaching")
    )
    assert good is not ALARM or bad is ALARM


@given(POINTS.filter(lambda points: None not in points), st.integers(1, 3), st.sampled_from(TREATMENTS))
def test_where_nothing_is_missing_the_newest_decide_and_no_treatment_matters(
    points: list[float], needed: int, missing: str
) -> None:
    state = state_of(an_alarm(needed=needed, missing=missing), points, OK)
    assert (state is ALARM) == (sum(points[-3:]) >= needed)


@given(POINTS, st.integers(1, 3), st.data())
def test_one_more_breach_never_silences_an_alarm(points: list[float | None], needed: int, data: st.DataObject) -> None:
    """In a place with a point: one more point may push an older one out of the window."""
    real = [index for index, point in enumerate(points) if point is not None]
    if real:
        worse = list(points)
        worse[data.draw(st.sampled_from(real))] = 1.0
        alarm = an_alarm(needed=needed)
        assert state_of(alarm, points, OK) is not ALARM or state_of(alarm, worse, OK) is ALARM


@pytest.mark.parametrize(("statistic", "threshold", "rings"), [("Sum", 4, 5), ("Sum", 5, None), ("Maximum", 2, 5)])
def test_a_period_is_one_point_by_its_statistic(statistic: str, threshold: int, rings: int | None) -> None:
    samples = {0: [1.0], 3: [3.0, 1.0], 9: [1.0]}
    alarm = an_alarm(statistic=statistic, threshold=threshold, periods=1, needed=1)
    assert first_rings(alarm, samples, 20)[0] == rings


def test_an_alarm_that_rang_is_red_only_as_long_as_it_breaches() -> None:
    alarm = an_alarm(period=1, periods=1, needed=1)
    samples = {2: [1.0]}
    assert set(first_rings(alarm, samples, 2)) == {None}
    assert set(first_rings(alarm, samples, 3)) == {3}
    assert is_red_at_the_end(alarm, samples, 3)
    assert not is_red_at_the_end(alarm, samples, 10)


def test_the_former_alarm_of_payments_never_rang_in_two_phases_of_five() -> None:
    """A sweep every ten minutes, raised, so tried at once, after one minute and after three; three periods of five
    minutes had to show an error. Where CloudWatch looked further back than three periods, it did ring.
    """
    tries = {begin + pause: [1.0] for begin in range(0, 600, 10) for pause in (0, 1, 3)}
    rings = first_rings(an_alarm(), tries, 600)
    near, far = rings[::2], rings[1::2]
    assert near.count(None) == 2
    assert None not in far


@pytest.mark.parametrize(
    "changes",
    [
        {"Period": 90},
        {"Period": 3600, "EvaluationPeriods": 25},
        {"Dimensions": [{"Name": "QueueName", "Value": {"Fn::Join": ["", []]}}]},
        {"MetricName": None},
    ],
)
def test_an_alarm_that_is_not_understood_is_an_error(changes: dict[str, Any]) -> None:
    properties = {
        "Namespace": "AWS/SQS",
        "MetricName": "NumberOfMessagesSent",
        "Statistic": "Sum",
        "Period": 60,
        "EvaluationPeriods": 1,
        "ComparisonOperator": "GreaterThanThreshold",
        "Threshold": 0,
    }
    assert alarm_of("A", properties).missing == "missing"
    with pytest.raises(ValueError, match=r"^A has|^no dimension"):
        alarm_of("A", {name: value for name, value in (properties | changes).items() if value is not None})
