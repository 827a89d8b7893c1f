"""The template's own alarms: every fault triggers one in time, every alarm can ring, no alarm rings for nothing."""

import importlib
import re
from collections import Counter
from pathlib import Path

import pytest

from notifier.sender import pause_after
from scripts.alarms.calm import CALM
from scripts.alarms.evaluation import first_rings, is_red_at_the_end
from scripts.alarms.faults import FAULTS, SECRETS_COME_LATE
from scripts.alarms.hearing import Hearing, all_hearings, table
from scripts.alarms.stories import BOUND, Story
from scripts.alarms.template import Template, read_template
from scripts.alarms.timelines import of_queue
from starbid.observability import FAILURES, NAMESPACE, SERVICE
from starbid.services.cards.falling import LONGEST_DELAY
from tests.template.conftest import Document


@pytest.fixture(scope="module")
def plan() -> Template:
    return read_template()


@pytest.fixture(scope="module")
def hearings(plan: Template) -> dict[str, Hearing]:
    return {hearing.story.name: hearing for hearing in all_hearings(plan)}


@pytest.mark.parametrize("story", FAULTS, ids=lambda story: story.name)
def test_somebody_hears_of_every_fault_in_time(hearings: dict[str, Hearing], story: Story) -> None:
    latest = hearings[story.name].latest
    assert latest is not None
    assert latest <= story.bound
    assert story.bound <= BOUND or story.reason


@pytest.mark.parametrize("story", CALM, ids=lambda story: story.name)
def test_nobody_is_woken_for_what_any_day_brings(hearings: dict[str, Hearing], story: Story) -> None:
    assert hearings[story.name].heard == ()


def test_every_alarm_can_ring(hearings: dict[str, Hearing], plan: Template) -> None:
    """Some fault always triggers it. If one only may, the phase of a schedule would decide."""
    heard = [each for hearing in hearings.values() for each in hearing.heard]
    assert {each.alarm for each in heard if each.latest is not None} == {alarm.name for alarm in plan.alarms}
    assert [str(each) for each in heard if each.latest is None] == []


def test_the_operator_reads_what_the_script_prints(hearings: dict[str, Hearing], root: Path) -> None:
    shown = (root / "docs" / "operations.md").read_text("utf-8")
    assert table(hearings.values()) in shown, "run `make alarms` and put its table there"


def test_stories_have_names_of_their_own() -> None:
    assert [name for name, times in Counter(story.name for story in (*FAULTS, *CALM)).items() if times > 1] == []


def test_secrets_that_come_late_leave_no_dead_letter_and_no_red_alarm(
    plan: Template, hearings: dict[str, Hearing]
) -> None:
    """Sweeps start with the deployment. An alarm rings, and nothing has to be cleaned up once the secrets are there."""
    ringing = {each.alarm for each in hearings[SECRETS_COME_LATE.name].heard}
    assert ringing == {"PaymentsFailuresAlarm", "AssistantFailuresAlarm"}
    for line in SECRETS_COME_LATE.timelines(plan):
        red = [
            alarm.name
            for alarm in plan.alarms
            if is_red_at_the_end(alarm, line.samples.get(alarm.metric, {}), line.until)
        ]
        assert red == []


def test_a_dead_letter_keeps_its_alarm_red_until_somebody_looks(plan: Template) -> None:
    alarm = next(alarm for alarm in plan.alarms if alarm.metric == of_queue(*_visible("JobDeadLetterQueue")))
    samples = {minute: [1.0] for minute in range(5, 120)}
    assert set(first_rings(alarm, samples, 120)) == {6}
    assert is_red_at_the_end(alarm, samples, 120)


def test_a_notice_becomes_a_dead_letter_after_hours_which_is_too_late_to_hear_of_it(plan: Template) -> None:
    tries = plan.receives("NoticeQueue")
    assert sum(map(pause_after, range(1, tries))) / 3600 == pytest.approx(2.8, abs=0.05)


def test_no_message_waits_on_purpose_for_as_long_as_late_notices_are_allowed(plan: Template) -> None:
    late = next(alarm for alarm in plan.alarms if alarm.name == "LateNoticesAlarm")
    assert LONGEST_DELAY.total_seconds() < late.threshold
    assert late.threshold < 3 * plan.visibility("NoticeQueue"), "a message that is taken a third time is not counted"


def test_every_service_that_puts_work_back_has_an_alarm_and_a_place_on_the_dashboard(
    plan: Template, template: Document, root: Path
) -> None:
    functions = root / "functions"
    counting = [path for path in functions.rglob("*.py") if "observability.failed(" in path.read_text("utf-8")]
    names = [".".join(path.relative_to(functions).with_suffix("").parts) for path in counting]
    services = {importlib.import_module(name).SERVICE for name in names}
    assert len(services) == 11
    watched = {dict(alarm.metric[2])[SERVICE] for alarm in plan.alarms if alarm.metric[:2] == (NAMESPACE, FAILURES)}
    assert watched == services
    body = template.of("CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::Sub"]
    assert set(re.findall(rf'"{FAILURES}","stack","[^"]+","service","(\w+)"', body)) == services


def _visible(queue: str) -> tuple[str, str]:
    return "ApproximateNumberOfMessagesVisible", queue
