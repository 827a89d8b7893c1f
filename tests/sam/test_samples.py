"""No function, source, route or sample is left out: they are read from the template and `events/`."""

from __future__ import annotations

import json
from typing import Any

from local.template import Route, Template, load

from .samples import NAMES, function_of, sample
from .test_events import CASES

ONE_OFF = "a schedule made at run time"
BY_HAND = "an operator (docs/operations.md)"
_CALLED_BY_HAND = {"AchieverFunction": "catch-up"}
"""Jobs that nothing in the template calls, by their functions."""


def test_every_source_of_every_function_has_a_sample_and_every_sample_its_source() -> None:
    template = load(settings={}, stack="starbid")
    assert {(function_of(name), source_of(sample(name), template)) for name in NAMES} == set(sources(template))


def test_every_sample_has_its_case() -> None:
    assert set(CASES) == set(NAMES)


def test_no_route_is_there_that_the_tests_of_the_site_do_not_ask() -> None:
    asked = {
        Route("POST", "/telegram/webhook", "WebhookFunction"),
        Route("ANY", "$default", "WebFunction"),
        Route("POST", "/payments/callback/{provider}", "PaymentsFunction"),
    }
    assert set(load(settings={}).routes) == asked


def sources(template: Template) -> list[tuple[str, str]]:
    """Function and source. A function whose address others get is called by schedules that they make."""
    found = [(route.function, _route_key(route)) for route in template.routes]
    found += [(stream.function, stream.table) for stream in template.streams]
    found += [(mapping.function, mapping.queue.removesuffix(".fifo")) for mapping in template.queue_mappings]
    found += [(mapping.function, mapping.topic.rpartition(":")[2]) for mapping in template.topics]
    found += [(schedule.function, schedule.input) for schedule in template.schedules]
    told = [template.function_of_arn(arn) for arn in template.environment.values()]
    found += [(function, ONE_OFF) for function in told if function]
    return found + [(function, BY_HAND) for function in _CALLED_BY_HAND]


def source_of(event: dict[str, Any], template: Template) -> str:
    if "routeKey" in event:
        return str(event["routeKey"])
    if "Records" in event and "Sns" in event["Records"][0]:
        return str(event["Records"][0]["Sns"]["TopicArn"].rpartition(":")[2].rpartition("-")[0])
    if "Records" in event:
        # AWS appends characters to the name: table/starbid-BidsTable-1ABC/stream/...
        (arn,) = {record["eventSourceARN"] for record in event["Records"]}
        name = arn.split(":")[5].removeprefix("table/").partition("/")[0]
        return str(name.rpartition("-")[0])
    if event.get("job") in _CALLED_BY_HAND.values():
        return BY_HAND
    inputs = [schedule.input for schedule in template.schedules]
    return next((text for text in inputs if json.loads(text) == event), ONE_OFF)


def _route_key(route: Route) -> str:
    return route.path if route.path == "$default" else f"{route.method} {route.path}"
