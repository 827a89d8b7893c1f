"""The table of costs in the documentation is what the script prints, from the template and the benchmark."""

import json
import re
from pathlib import Path
from typing import Any

import pytest

from scripts.cost import (
    LINES,
    SCALES,
    alarms_in,
    billed_ms,
    dollars,
    price_list,
    read_inputs,
    table,
    table_of_questions,
    times,
    units,
    units_of_questions,
)
from starbid.observability import NAMESPACE
from tests.template.conftest import Document


@pytest.fixture(scope="module")
def inputs() -> tuple[dict[str, Any], dict[str, Any]]:
    return read_inputs()


def test_a_bid_costs_its_measured_units_at_the_price_of_a_unit() -> None:
    model = {
        "work": [{"name": "bid", "times": 2, "case": "bid", "function": "web", "ms": 100, "http": 1, "out_kb": 0}],
        "memory_mb": {"web": 512},
        "cold": {"share": 0.25, "ms": {"web": 400}, "secrets": {"web": 3}},
        "month": {"sweeps": [], "queue_requests": 0, "fifo_requests": 0, "metrics": 0, "dashboards": 0},
        "logs": {"kb_per_invocation": 0, "kb_per_http": 0},
        "storage": {"kb_per_bid": 0, "kb_recoverable_per_bid": 0},
    }
    cases = {"bid": {"write_units": 8.0, "index_write_units": 1.0, "read_units": 0.5}}
    used = units(model, cases, 1_000, alarms=0)
    assert used["write_unit"] == 18_000
    assert used["read_unit"] == 1_000
    assert used["gb_second"] == pytest.approx(100)
    assert used["http_request"] == used["invocation"] == 2_000
    assert used["init_gb_second"] == pytest.approx(500 * 0.4 / 2), "a quarter of them in new processes"
    assert used["kms_request"] == 1_500


def test_a_request_is_billed_for_its_share_of_a_cpu_and_for_waiting() -> None:
    model = {"lambda": {"mb_per_cpu": 1769, "slower": 2, "trip_ms": 5}, "memory_mb": {"web": 884.5, "large": 3538}}
    assert billed_ms(model, "web", cpu_ms=10, round_trips=3) == 10 * 2 * 2 + 15
    assert billed_ms(model, "large", cpu_ms=10, round_trips=0) == 10 * 2  # one thread cannot use a second CPU


def test_prices_that_are_not_from_aws_say_so(inputs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    entries = re.split(r"^\* ", price_list(inputs[0]["prices"]), flags=re.MULTILINE)[1:]
    assert len(entries) == len(inputs[0]["prices"])
    assert all((", AWS: " in entry) != (", second-hand: " in entry) for entry in entries)
    assert all((", AWS: " in entry) == ("aws.amazon.com" in entry) for entry in entries)


def test_every_price_has_a_source_and_every_row_its_prices(inputs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    prices = inputs[0]["prices"]
    assert all(price["source"] and price["dollars"] > 0 for price in prices.values())
    assert {name for names in LINES.values() for name in names} == set(prices)


def test_ten_times_the_bids_cost_no_more_than_ten_times_as_much(inputs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    model, cases = inputs
    small, large = (sum(dollars(units(model, cases, bids, 20), model["prices"]).values()) for bids in (10**5, 10**6))
    assert small < large < 10 * small


def test_functions_are_as_large_as_the_template_makes_them(
    inputs: tuple[dict[str, Any], dict[str, Any]], template: Document
) -> None:
    sizes = {p["FunctionName"]["Fn::Sub"].split("}-")[1]: p["MemorySize"] for p in template.functions.values()}
    assert inputs[0]["memory_mb"] == sizes


def test_every_metric_of_our_own_that_an_alarm_watches_or_the_dashboard_shows_is_paid_for(
    inputs: tuple[dict[str, Any], dict[str, Any]], template: Document
) -> None:
    watched = [alarm for alarm in template.of("CloudWatch::Alarm").values() if alarm["Namespace"] == NAMESPACE]
    told = {
        (alarm["MetricName"], *sorted(each["Name"] for each in alarm["Dimensions"]), _of(alarm)) for alarm in watched
    }
    assert len(told) == len(watched)
    body = template.of("CloudWatch::Dashboard")["Dashboard"]["DashboardBody"]["Fn::Sub"]
    for widget in json.loads(body)["widgets"]:
        for namespace, name, *dimensions in widget["properties"]["metrics"]:
            if namespace == NAMESPACE:
                service = dimensions[3] if "service" in dimensions else ""
                told.add((name, *sorted(dimensions[::2]), service))
    assert inputs[0]["month"]["metrics"] == len(told)


def _of(alarm: dict[str, Any]) -> str:
    """The service that an alarm is about."""
    return next((str(each["Value"]) for each in alarm["Dimensions"] if each["Name"] == "service"), "")


def test_secrets_are_counted_that_the_template_gives(
    inputs: tuple[dict[str, Any], dict[str, Any]], template: Document
) -> None:
    given = {
        properties["FunctionName"]["Fn::Sub"].split("}-")[1]: len(secrets.split(","))
        for function, properties in template.functions.items()
        if (secrets := template.environment(function)["GIVEN_SECRETS"])
    }
    assert inputs[0]["cold"]["secrets"] == given


def test_a_question_costs_little_but_the_time_in_which_the_function_waits(
    inputs: tuple[dict[str, Any], dict[str, Any]], template: Document
) -> None:
    model = inputs[0]
    asked = units_of_questions(model, 1_000)
    assert asked["fifo_request"] == 3_000, "sent, received, deleted"
    cost = dollars(asked, model["prices"])
    assert cost["Lambda"] > sum(cost.values()) / 2
    billed = {work["function"]: work["ms"] for work in model["question"]}["assistant"]
    assert billed < 1000 * template.functions["AssistantFunction"]["Timeout"]


def test_every_function_that_works_has_a_measured_start(inputs: tuple[dict[str, Any], dict[str, Any]]) -> None:
    model = inputs[0]
    working = {work["function"] for work in (*model["work"], *model["question"], *model["month"]["sweeps"])}
    assert working <= set(model["cold"]["ms"])
    assert all(100 < model["cold"]["ms"][function] < 2_000 for function in working)


def test_the_documentation_shows_every_price_and_about_the_present_totals(
    inputs: tuple[dict[str, Any], dict[str, Any]], root: Path
) -> None:
    """Measured again, units change a little; if they change much, copy the output of `python -m scripts.cost`."""
    shown = (root / "docs" / "operations.md").read_text("utf-8")
    assert price_list(inputs[0]["prices"]) in shown
    assert [line.split("|")[1] for line in times(inputs[0]).splitlines()] == [
        line.split("|")[1]
        for line in re.findall(
            r"^\|(?: work \||---\|---\|---:\|---\||.*(?:computed|assumed) \|).*$", shown, re.MULTILINE
        )
    ]
    thousand = re.search(r"1 000 questions to the AI helper.*?\*\*in all\*\* \| \*\*([0-9.]+)", shown, re.DOTALL)
    assert thousand
    assert f"**{thousand[1]}**" in table_of_questions(inputs[0])
    totals = re.search(r"^\| \*\*in all\*\*.*$", shown, re.MULTILINE)
    printed = re.search(r"^\| \*\*in all\*\*.*$", table(*inputs, alarms_in()), re.MULTILINE)
    assert totals
    assert printed
    assert _numbers(totals[0]) == pytest.approx(_numbers(printed[0]), rel=0.2)
    assert len(_numbers(totals[0])) == len(SCALES)


def _numbers(row: str) -> list[float]:
    return [float(number) for number in re.findall(r"\d+\.\d+", row)]
