"""What can break. Where a fault needs visitors to show, its story says how many: as few as possible."""

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
    PROVIDERS_FAIL,
    UNREADABLE,
    Timeline,
    of_function,
    own,
)
from starbid.observability import HELPER_SPENDING

POLL_SECONDS = 5
"""An open page of a live lot polls at least this often."""
RESEND_SECONDS = (0, 0, 2, 6, 14, 30, 62, 126)
"""When Telegram repeats an update that got no 2xx: at once, then after waits that double, later every one to two
minutes (Bot API server, `WebhookActor::on_update_error`)."""
LAST_RESENDS = 120
SLOW_SECONDS = 8
"""An answer just before the sender stops waiting."""

FLOOD_SECONDS = 30
ASKED_AGAIN = 5 * MINUTE
ASKED_A_MINUTE, LONGEST_ANSWER = 10, 45

WEBHOOK, WEB, CLOSER, PAYMENTS = "WebhookFunction", "WebFunction", "AuctionCloserFunction", "PaymentsFunction"
NOTIFIER, PROJECTOR, RECORDER = "NotifierFunction", "ProjectorFunction", "RecorderFunction"
ACHIEVER, REPORTS = "AchieverFunction", "MailReportsFunction"
SENDER, KEEPER, CLERK, ASSISTANT = "SenderFunction", "LogKeeperFunction", "ClerkFunction", "AssistantFunction"
CLOSING, RIPE_AFTER, CALLING = f"{CLOSER}.Sweep", f"{PAYMENTS}.Sweep", f"{ASSISTANT}.Sweep"


def _telegram_is_slow(line: Timeline, begin: float, _: float) -> None:
    """A notice a second. The sender takes as many as its processes can, the others wait."""
    taken = line.template.at_once(f"{SENDER}.Notices") / SLOW_SECONDS
    for at in line.each(MINUTE, begin):
        line.oldest("NoticeQueue", at, (at - begin) * (1 - taken))


def _flood_lasts(line: Timeline, begin: float, sleeps: float) -> None:
    """One notice, told to wait half a minute each time. The sender counts it once this lasts."""

    def failing(at: float, receive: int) -> None:
        line.invoked(SENDER, at)
        if receive >= LASTING:
            line.failed("sender", at)

    line.put_back("NoticeQueue", begin, lambda receive: max(FLOOD_SECONDS, pause_after(receive)), sleeps, failing)


def _model_is_away(line: Timeline, begin: float, _: float) -> None:
    """Somebody asks, and asks again after some minutes; each question fails for good."""
    for at in line.each(ASKED_AGAIN, begin):
        line.invoked(ASSISTANT, at)
        line.failed("assistant", at)


def _more_is_asked_than_answered(line: Timeline, begin: float, _: float) -> None:
    """Ten questions a minute, each of which takes all the time that there is."""
    answered = line.template.at_once(f"{ASSISTANT}.Asked") * MINUTE / LONGEST_ANSWER
    for at in line.each(MINUTE, begin):
        line.oldest("AssistantQueue", at, (at - begin) * (1 - answered / ASKED_A_MINUTE))


def _tokens_run_out(line: Timeline, begin: float, _: float) -> None:
    """One answer, after which no more than a fifth of the day's tokens is left."""
    line.invoked(ASSISTANT, begin)
    line.add(own(HELPER_SPENDING, "assistant"), begin)


def _secrets_come_late(line: Timeline, begin: float, sleeps: float) -> None:
    for source, service in ((RIPE_AFTER, "payments"), (CALLING, "assistant")):
        sweep_fails(source, service, HOUR)(line, begin, sleeps)


def _unreadable(line: Timeline, begin: float, _: float) -> None:
    line.add(UNREADABLE, begin)


def _differences(line: Timeline, begin: float, _: float) -> None:
    line.invoked(PAYMENTS, begin)
    line.add(own("ReconciliationDifferences", "payments"), begin)


def _comparison_stands_still(line: Timeline, begin: float, _: float) -> None:
    """Nothing is compared any more; just before, everything was. Each sweep reports the age."""
    for at in line.each(line.template.rate(RIPE_AFTER) * MINUTE, begin):
        line.invoked(PAYMENTS, at)
        line.add(own("ReconciliationAge", "payments"), at, at - begin)


def _provider_fails(line: Timeline, begin: float, _: float) -> None:
    """One bill is open, and its schedule asks every minute."""
    for at in line.each(MINUTE, begin):
        line.invoked(PAYMENTS, at)
        line.add(PROVIDERS_FAIL, at)


def _bill_differs(line: Timeline, begin: float, _: float) -> None:
    """Nobody decides about it. Each sweep reports how many wait."""
    for at in line.each(line.template.rate(RIPE_AFTER) * MINUTE, begin):
        line.invoked(PAYMENTS, at)
        line.add(own("DifferingBills", "payments"), at, 1)


def _bill_stays_open(line: Timeline, begin: float, _: float) -> None:
    """Each sweep reports for how long its life has been over."""
    for at in line.each(line.template.rate(RIPE_AFTER) * MINUTE, begin):
        line.invoked(PAYMENTS, at)
        line.add(own("OpenBillAge", "payments"), at, at - begin)


def _schedules_start_nothing(line: Timeline, begin: float, _: float) -> None:
    for at in line.each(line.template.rate(CLOSING) * MINUTE, begin):
        line.add(NEVER_STARTED, at)


def _concurrency_is_used_up(line: Timeline, begin: float, _: float) -> None:
    """Nothing is invoked, one notice waits, and nobody visits the site."""
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
    """One update that Telegram keeps repeating."""
    yield from (begin + wait for wait in RESEND_SECONDS)
    yield from line.each(LAST_RESENDS, begin + RESEND_SECONDS[-1] + LAST_RESENDS)


def _payment_is_not_booked(line: Timeline, begin: float, _: float) -> None:
    """An update with a payment is never given up."""
    for at in _resends(line, begin):
        line.invoked(WEBHOOK, at)
        line.failed("webhook", at)
        line.refused(at)


def _secret_differs(line: Timeline, begin: float, _: float) -> None:
    """403 is no 5xx, and is lost among the 4xx of a busy market."""
    for at in _resends(line, begin):
        line.invoked(WEBHOOK, at)
        line.failed("webhook", at)


def _webhook_breaks(line: Timeline, begin: float, _: float) -> None:
    for at in _resends(line, begin):
        line.invoked(WEBHOOK, at, error=True)
        line.refused(at)


BY_DEGREES = "a message may be on the queue ten minutes before it is due, so only a longer wait is a fault"
ONCE_A_DAY = "it runs once a day, and a day's transactions may take the sweeps of half a day more"
TOLD_ALREADY = "admins were told in the bot at once; the alarm only reminds"
ONLY_LATE = "a bill that ended within the hour is being looked at"
ONE_WAITS = "a question that failed once waits nine minutes for its next try, so only a longer wait is a fault"
NO_NOTICE = "No notice can be sent"
BROKEN = "times out or cannot start"

SECRETS_COME_LATE = Story(
    "Secrets are written an hour after the deployment", _secrets_come_late, minutes=2 * HOUR, source=RIPE_AFTER
)
FAULTS = (
    Story(NO_NOTICE, queue_puts_back("NoticeQueue", SENDER, "sender", pause_after), minutes=4 * HOUR),
    Story("No notice can be sent or postponed", queue_puts_back("NoticeQueue", SENDER, "sender"), minutes=3 * HOUR),
    Story(
        "No card or post can be drawn", queue_puts_back("CardQueue", SENDER, "sender", pause_after), minutes=4 * HOUR
    ),
    Story(f"The sender {BROKEN}", queue_breaks("NoticeQueue", SENDER), minutes=3 * HOUR),
    Story("Telegram asks to wait 30 s each time", _flood_lasts),
    Story("Telegram takes 8 s for each of 60 notices a minute", _telegram_is_slow, 25, BY_DEGREES),
    Story("The notifier puts a row back", stream_puts_back(NOTIFIER, "notifier")),
    Story(f"The notifier {BROKEN}", stream_breaks(NOTIFIER)),
    Story("The projector puts a lot back", stream_puts_back(PROJECTOR, "projector")),
    Story(f"The projector {BROKEN}", stream_breaks(PROJECTOR)),
    Story("The recorder puts a row back", stream_puts_back(RECORDER, "recorder")),
    Story(f"The recorder {BROKEN}", stream_breaks(RECORDER)),
    Story("The achiever puts an entry back", stream_puts_back(ACHIEVER, "achiever")),
    Story(f"The achiever {BROKEN}", stream_breaks(ACHIEVER)),
    Story("A debt cannot be processed", stream_puts_back(PAYMENTS, "payments")),
    Story("A row or message cannot be read", _unreadable),
    Story("The closer's sweep fails, always or at one lot", sweep_fails(CLOSING, "closer"), source=CLOSING),
    Story("A message to close a lot fails", queue_puts_back("CloserQueue", CLOSER, "closer")),
    Story("A schedule to close or to remind fails for good", job_fails(CLOSER)),
    Story(f"The closer {BROKEN}", sweep_breaks(CLOSING), source=CLOSING),
    Story("The sweep of payments fails, always or at one deal", sweep_fails(RIPE_AFTER, "payments"), source=RIPE_AFTER),
    Story("A deal's schedule, or reconciliation, fails for good", job_fails(PAYMENTS)),
    Story(f"The payments function {BROKEN}", sweep_breaks(RIPE_AFTER), source=RIPE_AFTER),
    Story("Reconciliation finds a difference", _differences),
    Story("Reconciliation stands still", _comparison_stands_still, 37 * HOUR, ONCE_A_DAY, 38 * HOUR, RIPE_AFTER),
    Story("A provider of bills fails", _provider_fails),
    Story("A bill was paid otherwise than asked for", _bill_differs, 30, TOLD_ALREADY, source=RIPE_AFTER),
    Story("A bill stays open after its end", _bill_stays_open, 100, ONLY_LATE, 2 * HOUR, RIPE_AFTER),
    Story("A report of mail cannot be taken in", job_fails(REPORTS)),
    Story("A bid log cannot be written", queue_puts_back("LogQueue", KEEPER, "log_keeper"), minutes=2 * HOUR),
    Story(f"The log keeper {BROKEN}", queue_breaks("LogQueue", KEEPER), minutes=2 * HOUR),
    Story("Work of the operators fails", queue_puts_back("DeskQueue", CLERK, "clerk"), minutes=2 * HOUR),
    Story(f"The clerk {BROKEN}", queue_breaks("DeskQueue", CLERK), minutes=2 * HOUR),
    Story("Answers fail", queue_puts_back("AssistantQueue", ASSISTANT, "assistant"), minutes=2 * HOUR),
    Story("The AI helper's sweep fails", sweep_fails(CALLING, "assistant"), source=CALLING),
    Story(f"The AI helper {BROKEN}", sweep_breaks(CALLING), source=CALLING),
    Story("The language model does not answer", _model_is_away),
    Story("Ten questions a minute, and each answer takes 45 s", _more_is_asked_than_answered, 20, ONE_WAITS, 40),
    Story("The AI helper's tokens of the day run out", _tokens_run_out),
    Story("Schedules cannot start their functions", _schedules_start_nothing),
    Story("The account's concurrency is used up", _concurrency_is_used_up),
    Story("DynamoDB throttles all tables", _tables_are_throttled, source=CLOSING),
    Story("The site answers 5xx to one open page", _page_fails),
    Story(f"The site {BROKEN}", _page_breaks),
    Story("A payment's update fails", _payment_is_not_booked),
    Story("Telegram sends updates with another secret", _secret_differs),
    Story(f"The webhook {BROKEN}", _webhook_breaks),
    SECRETS_COME_LATE,
)
