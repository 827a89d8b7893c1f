"""What `template.yaml` declares, typed: the one source of tables, routes, schedules and wiring."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.cloudformation import Resolver, TemplateError, read_yaml

ROOT = Path(__file__).resolve().parent.parent
TEMPLATE = ROOT / "template.yaml"

_PER_FUNCTION = frozenset({"GIVEN_SECRETS"})
"""Variables that differ from function to function, so that a process that hosts all of them has none: `local.given`."""
_TABLE_KEYS = ("AttributeDefinitions", "KeySchema", "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "BillingMode")


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function. `layers` are their ids; `timeout` in seconds, `memory` in MB."""

    id: str
    name: str
    arn: str
    handler: str
    layers: tuple[str, ...]
    timeout: int
    memory: int
    environment: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Route:
    """A route of the HTTP API: method `ANY` and path `$default` take what nothing else takes."""

    method: str
    path: str
    function: str


@dataclass(frozen=True, slots=True)
class StreamMapping:
    """A table's stream feeding a function. `retries` -1 is without end."""

    id: str
    function: str
    table: str
    batch_size: int
    retries: int
    bisect: bool
    reports_failures: bool
    filters: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class QueueMapping:
    """A queue feeding a function; `workers` batches at the same time."""

    id: str
    function: str
    queue: str
    batch_size: int
    reports_failures: bool
    workers: int
    filters: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class TopicMapping:
    """A topic of SNS, by its address, that calls a function."""

    function: str
    topic: str


@dataclass(frozen=True, slots=True)
class Recurring:
    """A schedule of the template: `rate(...)` or `cron(...)`; `input` is the event, as JSON."""

    id: str
    function: str
    expression: str
    timezone: str
    input: str


@dataclass(frozen=True, slots=True)
class Table:
    """`create` are the arguments of CreateTable; `ttl` names the TTL attribute."""

    id: str
    name: str
    create: Mapping[str, Any]
    ttl: str | None


@dataclass(frozen=True, slots=True)
class Queue:
    """`delay` and `visibility` in seconds; after `max_receives` receives a message goes to `dead_letters`. One that is
    `fifo` is in order, by group.
    """

    id: str
    name: str
    arn: str
    fifo: bool
    delay: int
    visibility: int
    max_receives: int | None
    dead_letters: str | None


@dataclass(frozen=True, slots=True)
class Bucket:
    id: str
    name: str
    cors: tuple[Mapping[str, Any], ...]


@dataclass(frozen=True, slots=True)
class Template:
    """Everything that the local run and the tests need of the template. Dictionaries are keyed by name."""

    functions: Mapping[str, Function]
    routes: tuple[Route, ...]
    streams: tuple[StreamMapping, ...]
    queue_mappings: tuple[QueueMapping, ...]
    topics: tuple[TopicMapping, ...]
    schedules: tuple[Recurring, ...]
    tables: Mapping[str, Table]
    queues: Mapping[str, Queue]
    buckets: Mapping[str, Bucket]

    @property
    def environment(self) -> dict[str, str]:
        """All functions' variables in one, except _PER_FUNCTION. Raises TemplateError if functions disagree."""
        merged: dict[str, str] = {}
        for function in self.functions.values():
            for key, value in function.environment.items():
                if key not in _PER_FUNCTION and merged.setdefault(key, value) != value:
                    raise TemplateError(f"functions disagree about {key}: {merged[key]!r} and {value!r}")
        return merged

    def function_of_arn(self, arn: str) -> str | None:
        """The id of the function at this address (a qualifier after the name is ignored)."""
        return next((f.id for f in self.functions.values() if arn == f.arn or arn.startswith(f"{f.arn}:")), None)


def load(
    path: Path = TEMPLATE,
    settings: Mapping[str, str] | None = None,
    *,
    stack: str = "starbid-local",
    queue_base: str = "http://127.0.0.1",
) -> Template:
    """Read a template. `settings` (the environment unless given) may override its parameters."""
    document = read_yaml(path)
    given = os.environ if settings is None else settings
    resolver = Resolver(document, given, stack=stack, queue_base=queue_base)
    return _Reader(resolver, document.get("Globals", {}).get("Function", {})).read()


class _Reader:
    def __init__(self, resolver: Resolver, function_defaults: Mapping[str, Any]) -> None:
        self._resolver = resolver
        self._defaults = function_defaults
        self._names = {resolver.arn(i): resolver.physical_name(i) for i, _ in self._all()}

    def read(self) -> Template:
        mappings = [(f, key, event) for f, _ in self._of("Serverless::Function") for key, event in self._events(f)]
        return Template(
            functions={i: self._function(i, p) for i, p in self._of("Serverless::Function")},
            routes=tuple(self._route(f, e) for f, _, e in mappings if e["Type"] == "HttpApi"),
            streams=tuple(self._stream(f, k, e) for f, k, e in mappings if e["Type"] == "DynamoDB"),
            queue_mappings=tuple(self._queue_mapping(f, k, e) for f, k, e in mappings if e["Type"] == "SQS"),
            topics=tuple(TopicMapping(f, self._get(e, "Topic")) for f, _, e in mappings if e["Type"] == "SNS"),
            schedules=(
                *(self._recurring(f, k, e) for f, k, e in mappings if e["Type"] in ("Schedule", "ScheduleV2")),
                *(self._schedule(i, p) for i, p in self._of("Scheduler::Schedule")),
            ),
            tables={t.name: t for t in (self._table(i, p) for i, p in self._of("DynamoDB::Table"))},
            queues={q.name: q for q in (self._queue(i, p) for i, p in self._of("SQS::Queue"))},
            buckets={b.name: b for b in (self._bucket(i, p) for i, p in self._of("S3::Bucket"))},
        )

    def _all(self) -> Iterator[tuple[str, dict[str, Any]]]:
        for logical_id, resource in self._resolver.resources.items():
            if self._resolver.is_present(logical_id):
                yield logical_id, resource

    def _of(self, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
        for logical_id, resource in self._all():
            if resource["Type"] == f"AWS::{kind}":
                yield logical_id, resource.get("Properties", {})

    def _get(self, properties: Mapping[str, Any], key: str, default: Any = None) -> Any:
        value = self._resolver.resolve(properties[key]) if key in properties else None
        return default if value is None else value

    def _function(self, logical_id: str, properties: Mapping[str, Any]) -> Function:
        merged = {**self._defaults, **properties}
        variables = {
            **self._defaults.get("Environment", {}).get("Variables", {}),
            **properties.get("Environment", {}).get("Variables", {}),
        }
        layers = [*self._defaults.get("Layers", ()), *properties.get("Layers", ())]
        return Function(
            id=logical_id,
            name=self._resolver.physical_name(logical_id),
            arn=self._resolver.arn(logical_id),
            handler=self._get(merged, "Handler"),
            layers=tuple(layer["Ref"] for layer in layers),
            timeout=int(self._get(merged, "Timeout", 3)),
            memory=int(self._get(merged, "MemorySize", 128)),
            environment={key: _as_text(value) for key, value in self._resolver.resolve(variables).items()},
        )

    def _events(self, logical_id: str) -> Iterator[tuple[str, dict[str, Any]]]:
        events = self._resolver.resources[logical_id].get("Properties", {}).get("Events", {})
        for name, event in events.items():
            yield f"{logical_id}.{name}", {"Type": event["Type"], **event.get("Properties", {})}

    def _route(self, function: str, event: Mapping[str, Any]) -> Route:
        path = self._get(event, "Path", "$default")
        method = str(self._get(event, "Method", "ANY")).upper()
        return Route("ANY" if method in ("ANY", "*") else method, path, function)

    def _stream(self, function: str, key: str, event: Mapping[str, Any]) -> StreamMapping:
        arn = self._get(event, "Stream")
        return StreamMapping(
            id=key,
            function=function,
            table=self._names[arn.split("/stream/")[0]],
            batch_size=int(self._get(event, "BatchSize", 100)),
            retries=int(self._get(event, "MaximumRetryAttempts", -1)),
            bisect=bool(self._get(event, "BisectBatchOnFunctionError", False)),
            reports_failures="ReportBatchItemFailures" in self._get(event, "FunctionResponseTypes", []),
            filters=self._filters(event),
        )

    def _queue_mapping(self, function: str, key: str, event: Mapping[str, Any]) -> QueueMapping:
        return QueueMapping(
            id=key,
            function=function,
            queue=self._names[self._get(event, "Queue")],
            batch_size=int(self._get(event, "BatchSize", 10)),
            reports_failures="ReportBatchItemFailures" in self._get(event, "FunctionResponseTypes", []),
            workers=min(int(self._get(event, "ScalingConfig", {}).get("MaximumConcurrency", 4)), 4),
            filters=self._filters(event),
        )

    def _filters(self, event: Mapping[str, Any]) -> tuple[Mapping[str, Any], ...]:
        criteria = self._get(event, "FilterCriteria", {})
        return tuple(json.loads(one["Pattern"]) for one in criteria.get("Filters", []))

    def _recurring(self, function: str, key: str, event: Mapping[str, Any]) -> Recurring:
        expression = self._get(event, "ScheduleExpression") or self._get(event, "Schedule")
        zone = self._get(event, "ScheduleExpressionTimezone", "UTC")
        return Recurring(key, function, expression, zone, _as_text(self._get(event, "Input", "{}")))

    def _schedule(self, logical_id: str, properties: Mapping[str, Any]) -> Recurring:
        target = self._get(properties, "Target")
        name = self._names[target["Arn"]]
        function = next(i for i, _ in self._of("Serverless::Function") if self._resolver.physical_name(i) == name)
        zone = self._get(properties, "ScheduleExpressionTimezone", "UTC")
        expression = self._get(properties, "ScheduleExpression")
        return Recurring(logical_id, function, expression, zone, _as_text(target.get("Input", "{}")))

    def _table(self, logical_id: str, properties: Mapping[str, Any]) -> Table:
        name = self._resolver.physical_name(logical_id)
        create = {key: self._get(properties, key) for key in _TABLE_KEYS if key in properties}
        create["TableName"] = name
        if "StreamSpecification" in properties:
            view = self._get(properties, "StreamSpecification")["StreamViewType"]
            create["StreamSpecification"] = {"StreamEnabled": True, "StreamViewType": view}
        ttl = self._get(properties, "TimeToLiveSpecification", {})
        return Table(logical_id, name, create, ttl.get("AttributeName") if ttl.get("Enabled") else None)

    def _queue(self, logical_id: str, properties: Mapping[str, Any]) -> Queue:
        redrive = self._get(properties, "RedrivePolicy", {})
        return Queue(
            id=logical_id,
            name=self._resolver.physical_name(logical_id),
            arn=self._resolver.arn(logical_id),
            fifo=bool(self._get(properties, "FifoQueue", False)),
            delay=int(self._get(properties, "DelaySeconds", 0)),
            visibility=int(self._get(properties, "VisibilityTimeout", 30)),
            max_receives=int(redrive["maxReceiveCount"]) if redrive else None,
            dead_letters=self._names[redrive["deadLetterTargetArn"]] if redrive else None,
        )

    def _bucket(self, logical_id: str, properties: Mapping[str, Any]) -> Bucket:
        rules = self._get(properties, "CorsConfiguration", {}).get("CorsRules", [])
        return Bucket(logical_id, self._resolver.physical_name(logical_id), tuple(rules))


def _as_text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return json.dumps(value) if isinstance(value, dict | list) else str(value)
