"""Metrics of a fault as AWS reports them, minute by minute.

Sources, unless stated otherwise: AWS's guides of Lambda ("Types of metrics for Lambda functions", "How Lambda
handles errors and retries with asynchronous invocation", "Handling errors for an SQS event source"), of SQS ("Available
CloudWatch metrics", "Monitoring queues using CloudWatch") and of EventBridge Scheduler.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from scripts.alarms.evaluation import Metric
from scripts.alarms.template import Template
from starbid.observability import FAILURES, NAMESPACE, PASSED_OVER, PROVIDER_ERRORS, SERVICE, STACK

MINUTE = 60
ASYNC_PAUSES = (0, 60, 180)
"""Seconds from an asynchronous event to its tries: the second comes a minute after the first, the third two minutes
after that."""
STREAM_PAUSE = 60
"""Seconds between two tries of a failing batch of a stream. AWS does not say; it is probably less."""
QUEUE_SLEEPS = (0, 900)
"""A queue unused for six hours is inactive. Its metrics resume up to fifteen minutes after it is used again, so a dead
letter is seen at once or that late. The queue stays active while it holds a message."""
AGE_COUNTS = 3
"""A message received this often is left out of ApproximateAgeOfOldestMessage."""

Failing = Callable[[float, int], None]
"""Called for each try with its time (seconds) and its number, from 1."""


class Timeline:
    """Values of metrics. Times are seconds since the start of a fault; `until` is when we stop looking, in minutes."""

    def __init__(self, template: Template, until: int) -> None:
        self.template, self.until = template, until
        self.samples: dict[Metric, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))

    def add(self, metric: Metric, at: float, value: float = 1) -> None:
        self.samples[metric][int(at // MINUTE)].append(value)

    def each(self, seconds: float, begin: float = 0) -> Iterable[float]:
        """Times from `begin` to the end, this many seconds apart."""
        at = begin
        while at < self.until * MINUTE:
            yield at
            at += seconds

    def invoked(self, function: str, at: float, *, error: bool = False) -> None:
        """An invocation. Any answer, failures of a batch included, is a success to Lambda."""
        self.add(of_function("Errors", function), at, float(error))

    def failed(self, service: str, at: float) -> None:
        self.add(own(FAILURES, service), at)

    def refused(self, at: float) -> None:
        """A request that is answered with 5xx."""
        self.add(API_ERRORS, at)

    def read_by(self, function: str, at: float, since: float) -> None:
        """A batch of a stream is passed to a function. IteratorAge is the age of its last record in ms."""
        self.add(of_function("IteratorAge", function), at, (at - since) * 1000)

    def oldest(self, queue: str, at: float, age: float) -> None:
        self.add(of_queue("ApproximateAgeOfOldestMessage", queue), at, age)

    def dead_letter(self, queue: str, at: float, sleeps: float) -> None:
        """A message in a queue without a reader, from then on."""
        for moment in self.each(MINUTE, at + sleeps):
            self.add(of_queue("ApproximateNumberOfMessagesVisible", queue), moment)

    def raised(self, function: str, begin: float) -> float:
        """An asynchronous event fails on every try. Returns the time of the last try."""
        moments = [begin + pause for pause in ASYNC_PAUSES[: self.template.attempts(function)]]
        for at in moments:
            self.invoked(function, at, error=True)
        return moments[-1]

    def put_back(
        self, queue: str, begin: float, pause: Callable[[int], float], sleeps: float, failing: Failing
    ) -> None:
        """A message fails every time until it is a dead letter. `pause`: seconds after the n-th receive."""
        at = begin
        for receive in range(1, self.template.receives(queue) + 1):
            if at >= self.until * MINUTE:
                return
            failing(at, receive)
            if receive < AGE_COUNTS:
                for moment in range(int(at), int(at + pause(receive)), MINUTE):
                    self.oldest(queue, moment, moment - begin)
            at += pause(receive)
        self.dead_letter(self.template.dead_letters_of(queue), at, sleeps)

    def stuck(self, function: str, begin: float, failing: Failing) -> None:
        """The first batch of a stream fails again and again."""
        for number, at in enumerate(self.each(STREAM_PAUSE, begin), 1):
            self.read_by(function, at, begin)
            failing(at, number)

    def busy(self) -> None:
        """Besides the fault every function succeeds each minute, and queues and streams are empty."""
        quiet = [
            API_ERRORS,
            *(of_function(name, each) for each in self.template.functions for name in ("Errors", "IteratorAge")),
            *(of_queue("ApproximateAgeOfOldestMessage", queue) for queue in self.template.of("SQS::Queue")),
        ]
        for metric in quiet:
            samples = self.samples[metric]
            for minute in range(self.until):
                samples[minute].append(0)


def of_function(name: str, function: str) -> Metric:
    return "AWS/Lambda", name, (("FunctionName", function),)


def of_queue(name: str, queue: str) -> Metric:
    return "AWS/SQS", name, (("QueueName", queue),)


def own(name: str, service: str) -> Metric:
    """What `starbid.observability` counts."""
    return NAMESPACE, name, ((SERVICE, service), (STACK, "AWS::StackName"))


API_ERRORS: Metric = ("AWS/ApiGateway", "5xx", (("ApiId", "HttpApi"),))
UNREADABLE: Metric = (NAMESPACE, PASSED_OVER, ((STACK, "AWS::StackName"),))
PROVIDERS_FAIL: Metric = (NAMESPACE, PROVIDER_ERRORS, ((STACK, "AWS::StackName"),))
NEVER_STARTED: Metric = ("AWS/Scheduler", "InvocationDroppedCount", (("ScheduleGroup", "ScheduleGroup"),))
ALL_THROTTLES: Metric = ("AWS/Lambda", "Throttles", ())
"""Without a dimension Lambda reports the sum of all functions of the account and region."""
