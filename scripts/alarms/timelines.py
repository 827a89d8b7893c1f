"""Metrics as AWS reports them for what happens, minute by minute.

Sources, where nothing else is said: AWS's guides of Lambda ("Types of metrics for Lambda functions", "How Lambda
handles errors and retries with asynchronous invocation", "Handling errors for an SQS event source"), of SQS ("Available
CloudWatch metrics", "Monitoring queues using CloudWatch") and of EventBridge Scheduler.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable

from scripts.alarms.evaluation import Metric
from scripts.alarms.template import Template
from starbid.observability import FAILURES, NAMESPACE, PASSED_OVER, SERVICE, STACK

MINUTE = 60
ASYNC_PAUSES = (0, 60, 180)
"""Seconds from an event for which nobody waits to its tries: the second comes a minute after the first, the third two
minutes after that."""
STREAM_PAUSE = 60
"""Seconds between two tries of a failing batch of a stream. AWS does not say; it is believed to be less."""
QUEUE_SLEEPS = (0, 900)
"""A queue that nobody touched for six hours is inactive. Its metrics begin up to fifteen minutes after it is used
again, so a dead letter is seen at once or that late; the queue stays active while it holds a message."""
AGE_COUNTS = 3
"""A message that was taken so often is left out of ApproximateAgeOfOldestMessage."""

Failing = Callable[[float, int], None]
"""What a try says to the metrics: its moment (seconds) and its number, from 1."""


class Timeline:
    """What metrics say. Times are seconds since a fault began; `until` is when we stop looking, in minutes."""

    def __init__(self, template: Template, until: int) -> None:
        self.template, self.until = template, until
        self.samples: dict[Metric, dict[int, list[float]]] = defaultdict(lambda: defaultdict(list))

    def add(self, metric: Metric, at: float, value: float = 1) -> None:
        self.samples[metric][int(at // MINUTE)].append(value)

    def each(self, seconds: float, begin: float = 0) -> Iterable[float]:
        """Moments from `begin` to the end, so many seconds apart."""
        at = begin
        while at < self.until * MINUTE:
            yield at
            at += seconds

    def invoked(self, function: str, at: float, *, error: bool = False) -> None:
        """An invocation. What it answers, failures of a batch too, is a success to Lambda."""
        self.add(of_function("Errors", function), at, float(error))

    def failed(self, service: str, at: float) -> None:
        self.add(own(FAILURES, service), at)

    def refused(self, at: float) -> None:
        """A request that is answered with 5xx."""
        self.add(API_ERRORS, at)

    def read_by(self, function: str, at: float, since: float) -> None:
        """A batch of a stream is handed to a function. IteratorAge is the age of its last record in ms."""
        self.add(of_function("IteratorAge", function), at, (at - since) * 1000)

    def oldest(self, queue: str, at: float, age: float) -> None:
        self.add(of_queue("ApproximateAgeOfOldestMessage", queue), at, age)

    def dead_letter(self, queue: str, at: float, sleeps: float) -> None:
        """A message that lies in a queue which nobody reads, from then on."""
        for moment in self.each(MINUTE, at + sleeps):
            self.add(of_queue("ApproximateNumberOfMessagesVisible", queue), moment)

    def raised(self, function: str, begin: float) -> float:
        """An event for which nobody waits fails each time that it is tried. Answers when the last try was."""
        moments = [begin + pause for pause in ASYNC_PAUSES[: self.template.attempts(function)]]
        for at in moments:
            self.invoked(function, at, error=True)
        return moments[-1]

    def put_back(
        self, queue: str, begin: float, pause: Callable[[int], float], sleeps: float, failing: Failing
    ) -> None:
        """A message of a queue fails each time until it is a dead letter. `pause`: seconds after the n-th receive."""
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
        """Every function succeeds each minute besides, all is answered, and queues and streams are otherwise empty."""
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
NEVER_STARTED: Metric = ("AWS/Scheduler", "InvocationDroppedCount", (("ScheduleGroup", "ScheduleGroup"),))
ALL_THROTTLES: Metric = ("AWS/Lambda", "Throttles", ())
"""Without a dimension Lambda reports all functions of the account and region together."""
