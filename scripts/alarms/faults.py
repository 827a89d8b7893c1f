"""What can break. Where people have to come for a fault to show, its story says how many: as few as can be."""

from __future__ import annotations

from collections.abc import Iterable

from notifier.sender import LASTING, pause_after
from scripts.alarms.stories import (
    HOUR,
    Story,
    job_fails,
    queue_breaks,
    queue_puts_back,
    stream_breaks,
    stream_puts_back,
    sweep_breaks,
    sweep_fails,
)
from scripts.alarms.timelines import (
    AGE_COUNTS,
    ALL_THROTTLES,
    MINUTE,
    NEVER_STARTED,
    UNREADABLE,
    Timeline,
    of_function,
    own,
)

POLL_SECONDS = 5
"""An open page of a live lot asks again that often, or more often."""
RESEND_SECONDS = (0, 0, 2, 6, 14, 30, 62, 126)
"""When Telegram brings an update that it got no 2xx for: again at once, then after waits that double, later every one
to two minutes (Bot API server, `WebhookActor::on_update_error`)."""
LAST_RESENDS = 120
SLOW_SECONDS = 8
"""An answer that comes just before the sender stops waiting."""

FLOOD_SECONDS = 30

WEBHOOK, WEB, CLOSER, PAYMENTS = "WebhookFunction", "WebFunction", "AuctionCloserFunction", "PaymentsFunction"
NOTIFIER, PROJECTOR, SENDER, KEEPER = "NotifierFunction", "ProjectorFunction", "SenderFunction", "LogKeeperFunction"
CLOSING, RIPE_AFTER = f"{CLOSER}.Sweep", f"{PAYMENTS}.Sweep"


def _telegram_is_slow(line: Timeline, begin: float, _: float) -> None:
    """A notice a second. The sender takes what its processes manage, and the others wait."""
    source = line.template.of("Serverless::Function")[SENDER]["Events"]["Notices"]["Properties"]
    taken = source["ScalingConfig"]["MaximumConcurrency"] / SLOW_SECONDS
    for at in line.each(MINUTE, begin):
        line.oldest("NoticeQueue", at, (at - begin) * (1 - taken))


def _flood_lasts(line: Timeline, begin: float, sleeps: float) -> None:
    """One notice, told to wait for half a minute each time. The sender counts it once that lasts."""

    def failing(at: float, receive: int) -> None:
        line.invoked(SENDER, at)
        if receive >= LASTING:
            line.failed("sender", at)

    line.put_back("NoticeQueue", begin, lambda receive: max(FLOOD_SECONDS, pause_after(receive)), sleeps, failing)


def _unreadable(line: Timeline, begin: float, _: float) -> None:
    line.add(UNREADABLE, begin)


def _differences(line: Timeline, begin: float, _: float) -> None:
    line.invoked(PAYMENTS, begin)
    line.add(own("ReconciliationDifferences", "payments"), begin)


def _comparison_stands_still(line: Timeline, begin: float, _: float) -> None:
    """Nothing is compared any more; just before, all was. Each sweep tells the age."""
    for at in line.each(line.template.rate(RIPE_AFTER) * MINUTE, begin):
        line.invoked(PAYMENTS, at)
        line.add(own("ReconciliationAge", "payments"), at, at - begin)


def _schedules_start_nothing(line: Timeline, begin: float, _: float) -> None:
    for at in line.each(line.template.rate(CLOSING) * MINUTE, begin):
        line.add(NEVER_STARTED, at)


def _concurrency_is_used_up(line: Timeline, begin: float, _: float) -> None:
    """Nothing is invoked, one notice waits, and nobody looks at the site."""
    uncounted = begin + AGE_COUNTS * line.template.visibility("NoticeQueue")
    for at in line.each(MINUTE, begin):
        line.add(ALL_THROTTLES, at)
        for function in line.template.functions:
            line.add(of_function("Throttles", function), at)
        if at < uncounted:
            line.oldest("NoticeQueue", at, at - begin)


def _tables_are_throttled(line: Timeline, begin: float, sleeps: float) -> None:
    sweep_fails(CLOSING, "closer")(line, begin, sleeps)
    _page_fails(line, begin, sleeps)


def _page_fails(line: Timeline, begin: float, _: float) -> None:
    for at in line.each(POLL_SECONDS, begin):
        line.invoked(WEB, at)
        line.refused(at)


def _page_breaks(line: Timeline, begin: float, _: float) -> None:
    for at in line.each(POLL_SECONDS, begin):
        line.invoked(WEB, at, error=True)
        line.refused(at)


def _resends(line: Timeline, begin: float) -> Iterable[float]:
    """One update that Telegram brings again and again."""
    yield from (begin + wait for wait in RESEND_SECONDS)
    yield from line.each(LAST_RESENDS, begin + RESEND_SECONDS[-1] + LAST_RESENDS)


def _payment_is_not_booked(line: Timeline, begin: float, _: float) -> None:
    """An update with a payment is never given up."""
    for at in _resends(line, begin):
        line.invoked(WEBHOOK, at)
        line.failed("webhook", at)
        line.refused(at)


def _secret_differs(line: Timeline, begin: float, _: float) -> None:
    """403 is no 5xx, and among the 4xx of a market it drowns."""
    for at in _resends(line, begin):
        line.invoked(WEBHOOK, at)
        line.failed("webhook", at)


def _webhook_breaks(line: Timeline, begin: float, _: float) -> None:
    for at in _resends(line, begin):
        line.invoked(WEBHOOK, at, error=True)
        line.refused(at)


BY_DEGREES = "a message may be put on the queue ten minutes before its time, so only a longer wait is a fault"
ONCE_A_DAY = "it comes once a day, and a day's transactions may take the sweeps of another half"
NO_NOTICE = "No notice can be sent: Telegram is away, the token revoked, or the code raises"
BROKEN = "runs out of time or cannot start"

SECRETS_COME_LATE = Story(
    "Secrets are written an hour after the deployment",
    sweep_fails(RIPE_AFTER, "payments", HOUR),
    minutes=2 * HOUR,
    source=RIPE_AFTER,
)
FAULTS = (
    Story(NO_NOTICE, queue_puts_back("NoticeQueue", SENDER, "sender", pause_after), minutes=4 * HOUR),
    Story("Nor can it be postponed", queue_puts_back("NoticeQueue", SENDER, "sender"), minutes=3 * HOUR),
    Story(f"The sender {BROKEN}", queue_breaks("NoticeQueue", SENDER), minutes=3 * HOUR),
    Story("Telegram asks for 30 s of patience each time", _flood_lasts),
    Story("Telegram takes 8 s for each of 60 notices a minute", _telegram_is_slow, 25, BY_DEGREES),
    Story("The notifier puts a row back", stream_puts_back(NOTIFIER, "notifier")),
    Story(f"The notifier {BROKEN}", stream_breaks(NOTIFIER)),
    Story("The projector puts a lot back", stream_puts_back(PROJECTOR, "projector")),
    Story(f"The projector {BROKEN}", stream_breaks(PROJECTOR)),
    Story("A debt cannot be followed", stream_puts_back(PAYMENTS, "payments")),
    Story("A row or message cannot be read", _unreadable),
    Story("The closer's sweep fails, always or at one lot", sweep_fails(CLOSING, "closer"), source=CLOSING),
    Story("A message to close a lot fails", queue_puts_back("CloserQueue", CLOSER, "closer")),
    Story("A schedule to close a lot or to remind fails to the end", job_fails(CLOSER)),
    Story(f"The closer {BROKEN}", sweep_breaks(CLOSING), source=CLOSING),
    Story("The sweep of payments fails, always or at one deal", sweep_fails(RIPE_AFTER, "payments"), source=RIPE_AFTER),
    Story("A deal's schedule, or the daily comparison, fails to the end", job_fails(PAYMENTS)),
    Story(f"The payments function {BROKEN}", sweep_breaks(RIPE_AFTER), source=RIPE_AFTER),
    Story("The daily comparison finds a difference", _differences),
    Story("The comparison stands still", _comparison_stands_still, 37 * HOUR, ONCE_A_DAY, 38 * HOUR, RIPE_AFTER),
    Story("A bid log cannot be written", queue_puts_back("LogQueue", KEEPER, "log_keeper"), minutes=2 * HOUR),
    Story(f"The keeper of logs {BROKEN}", queue_breaks("LogQueue", KEEPER), minutes=2 * HOUR),
    Story("Schedules cannot start their functions", _schedules_start_nothing),
    Story("The account's concurrency is used up", _concurrency_is_used_up),
    Story("DynamoDB throttles all tables", _tables_are_throttled, source=CLOSING),
    Story("The site answers 5xx to one open page", _page_fails),
    Story(f"The site {BROKEN}", _page_breaks),
    Story("A payment's update fails", _payment_is_not_booked),
    Story("Telegram brings updates with another secret", _secret_differs),
    Story(f"The webhook {BROKEN}", _webhook_breaks),
    SECRETS_COME_LATE,
)
