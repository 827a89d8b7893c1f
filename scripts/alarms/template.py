"""The alarms of template.yaml, and the numbers that determine the metrics of a fault."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from local.cloudformation import read_yaml
from scripts.alarms.evaluation import Alarm, Metric

ROOT = Path(__file__).resolve().parents[2]
LONGEST_DAY = 86_400
"""Maximum of EvaluationPeriods times Period, in seconds (CloudWatch User Guide, "Common features")."""


class Template:
    """Resources are named by their logical ids, in metrics too. Parameters have their defaults."""

    def __init__(self, resources: Mapping[str, Mapping[str, Any]], parameters: Mapping[str, Any]) -> None:
        self._parameters = parameters
        self._by_kind: dict[str, dict[str, Mapping[str, Any]]] = {}
        for name, resource in resources.items():
            self._by_kind.setdefault(resource["Type"], {})[name] = resource.get("Properties", {})

    def of(self, kind: str) -> Mapping[str, Mapping[str, Any]]:
        """Properties of the resources of a type, by logical id."""
        return self._by_kind.get(f"AWS::{kind}", {})

    @property
    def alarms(self) -> list[Alarm]:
        """Raises ValueError for an alarm that is not supported here."""
        return [alarm_of(name, properties) for name, properties in self.of("CloudWatch::Alarm").items()]

    @property
    def functions(self) -> list[str]:
        return list(self.of("Serverless::Function"))

    def timeout(self, function: str) -> int:
        """Seconds after which an invocation is ended."""
        return int(self.of("Serverless::Function")[function]["Timeout"])

    def attempts(self, function: str) -> int:
        """How often an asynchronous event is tried: the first try and its retries."""
        return 1 + int(self.of("Serverless::Function")[function]["EventInvokeConfig"]["MaximumRetryAttempts"])

    def rate(self, source: str) -> int:
        """Minutes between two starts by the schedule `<function>.<event>`."""
        function, event = source.split(".")
        schedule = self.of("Serverless::Function")[function]["Events"][event]["Properties"]["ScheduleExpression"]
        found = re.fullmatch(r"rate\((\d+) minutes?\)", schedule)
        if not found:
            raise ValueError(f"{source} has no rate in minutes: {schedule}")
        return int(found[1])

    def at_once(self, source: str) -> int:
        """How many messages of the queue of `<function>.<event>` are worked on at the same time."""
        function, event = source.split(".")
        told = self.of("Serverless::Function")[function]["Events"][event]["Properties"]["ScalingConfig"]
        match told["MaximumConcurrency"]:
            case {"Ref": parameter}:
                return int(self._parameters[parameter]["Default"])
            case number:
                return int(number)

    def visibility(self, queue: str) -> int:
        """Seconds after which a received message that was not deleted becomes visible again."""
        return int(self.of("SQS::Queue")[queue]["VisibilityTimeout"])

    def receives(self, queue: str) -> int:
        """How often a message is received before it becomes a dead letter."""
        return int(self.of("SQS::Queue")[queue]["RedrivePolicy"]["maxReceiveCount"])

    def dead_letters_of(self, queue: str) -> str:
        target: list[str] = self.of("SQS::Queue")[queue]["RedrivePolicy"]["deadLetterTargetArn"]["Fn::GetAtt"]
        return target[0]


def read_template(path: Path = ROOT / "template.yaml") -> Template:
    document = read_yaml(path)
    return Template(document["Resources"], document["Parameters"])


def alarm_of(name: str, properties: Mapping[str, Any]) -> Alarm:
    """An alarm of the template. Raises ValueError for what is not supported here."""
    if "MetricName" not in properties:
        raise ValueError(f"{name} has no single metric")
    seconds, periods = int(properties["Period"]), int(properties["EvaluationPeriods"])
    if seconds % 60 or seconds * periods > LONGEST_DAY:
        raise ValueError(f"{name} has periods of {seconds} s, {periods} of them")
    dimensions = sorted((each["Name"], _named(each["Value"])) for each in properties.get("Dimensions", ()))
    metric: Metric = (properties["Namespace"], properties["MetricName"], tuple(dimensions))
    return Alarm(
        name,
        metric,
        properties["Statistic"],
        seconds // 60,
        periods,
        int(properties.get("DatapointsToAlarm", periods)),
        properties["ComparisonOperator"],
        float(properties["Threshold"]),
        properties.get("TreatMissingData", "missing"),
    )


def _named(value: Any) -> str:
    """The logical id that a value refers to, or the value itself."""
    match value:
        case {"Ref": str(name)} | {"Fn::GetAtt": [str(name), *_]}:
            return name
        case str():
            return value
    raise ValueError(f"no dimension that is understood here: {value!r}")
