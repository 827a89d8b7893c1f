"""What a person may ask the helper, as a two-phase transfer: a credit is reserved with the question, and used or given
back with what becomes of it (spec, section 8).

At most one question of a person is open, so at most one credit is reserved. Limits are looked at when it is reserved:
what follows cannot break them.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum

from starbid.domain.assistant.errors import Busy, ConsentNeeded, NoCredits, TrialUsed
from starbid.domain.assistant.terms import AssistantTerms
from starbid.domain.errors import TooOften
from starbid.domain.paid_days import PaidDays

MINUTE = timedelta(minutes=1)
MOST_PACKS = 50
"""Packs that are not used up: they are part of one record."""


MOST_UNPAID = 40_000
"""Tokens that questions of one person may take in a day (UTC) without an answer that is paid for. A model can be asked
for what is no answer: without a limit one person could use up the day of all others for nothing.
"""


class Source(StrEnum):
    """What an answer is paid with, in the order of use."""

    TRIAL = "trial"
    QUOTA = "quota"
    CREDIT = "credit"


class Phase(StrEnum):
    """How far an open question is. Its credit is reserved until it is TELLING: the answer is stored and has yet to
    reach the person.
    """

    QUEUED = "queued"
    ANSWERING = "answering"
    TELLING = "telling"


@dataclass(frozen=True, slots=True)
class Trial:
    """So many answers `granted` until a moment, and how many of them are used or reserved."""

    until: datetime
    granted: int
    used: int = 0

    def left(self, now: datetime) -> int:
        return self.granted - self.used if now < self.until else 0


@dataclass(frozen=True, slots=True)
class Pack:
    """Credits that came together, the oldest are used first. `id` is the transfer that paid for them or, with a price
    of 0, what an operator did. `order_id`: of the invoice, where Telegram's payment bought it directly.
    """

    id: str
    credits: int
    price: int
    bought_at: datetime
    used: int = 0
    order_id: str = ""

    @property
    def left(self) -> int:
        return self.credits - self.used

    @property
    def cost_of_used(self) -> int:
        """Stars for the part that was used, rounded up (spec, section 2)."""
        return -(-self.price * self.used // self.credits)


@dataclass(frozen=True, slots=True)
class Open:
    """The question that is open. `of` is the pack, or the paid days, whose part is reserved.

    `due_at`: from then on nobody is at work on it, and a sweep calls the next. `tries`: how often it was taken up.
    `told`: how many parts of the answer have been told, `message_id` the message that grows where drafts do not.
    """

    id: str
    source: Source
    of: str
    due_at: datetime
    phase: Phase = Phase.QUEUED
    tries: int = 0
    stop: bool = False
    told: int = 0
    message_id: int = 0

    @property
    def is_reserved(self) -> bool:
        return self.phase is not Phase.TELLING


@dataclass(frozen=True, slots=True)
class Account:
    """`version` is 0 before it is first stored. `quota_used` counts by the transfer that paid for the days.

    `granted` credits = `spent` + `withdrawn` + those left in `packs`, the reserved one among them. `recent`: when the
    last questions were asked. `cleared_at`: what was asked before is history that the person has cleared, which is
    deleted until `clearing_due` is None. `has_paid`: it has been told that one who tried it pays now. `unpaid`: what
    failed questions took of tokens on the day `unpaid_on` (2026-11-30, UTC).
    """

    user_id: int
    version: int = 0
    consent_at: datetime | None = None
    trial: Trial | None = None
    quota_used: Mapping[str, int] = field(default_factory=dict)
    packs: tuple[Pack, ...] = ()
    granted: int = 0
    spent: int = 0
    withdrawn: int = 0
    open: Open | None = None
    recent: tuple[datetime, ...] = ()
    cleared_at: datetime | None = None
    clearing_due: datetime | None = None
    has_paid: bool = False
    unpaid: int = 0
    unpaid_on: str = ""

    @property
    def credits(self) -> int:
        """Those that another question could take."""
        return sum(pack.left for pack in self.packs) - self._reserved(Source.CREDIT)

    def trial_left(self, now: datetime) -> int:
        return max(0, self.trial.left(now) - self._reserved(Source.TRIAL)) if self.trial else 0

    def quota_left(self, days: PaidDays, quota: int, now: datetime) -> int:
        """Of 30 paid days, before they end."""
        if now >= days.ends:
            return 0
        reserved = self._reserved(Source.QUOTA) if self.open and self.open.of == days.source else 0
        return max(0, quota - self.quota_used.get(days.source, 0) - reserved)

    @property
    def due_at(self) -> datetime | None:
        """When a sweep has to look at it."""
        moments = [self.open.due_at] if self.open else []
        moments += [self.clearing_due] if self.clearing_due else []
        return min(moments, default=None)

    def _reserved(self, source: Source) -> int:
        return int(self.open is not None and self.open.is_reserved and self.open.source is source)


def changed(account: Account, **changes: object) -> Account:
    """The next version."""
    return replace(account, version=account.version + 1, **changes)  # type: ignore[arg-type]


def consented(account: Account, now: datetime | None) -> Account:
    """Agreed at `now`, or no longer (None): then what is being written stops. The same account where it is so already:
    the first moment stays.
    """
    if (account.consent_at is None) == (now is None):
        return account
    open_ = replace(account.open, stop=True) if account.open and now is None else account.open
    return changed(account, consent_at=now, open=open_)


def trial_started(account: Account, terms: AssistantTerms, until: datetime) -> Account:
    """Raises TrialUsed: there is one for each person."""
    if account.trial:
        raise TrialUsed
    return changed(account, trial=Trial(until, terms.trial_messages))


def require_free(account: Account, terms: AssistantTerms, now: datetime) -> None:
    """Whether a question may be asked at all, whatever pays for it. Raises ConsentNeeded, Busy, TooOften."""
    if account.consent_at is None:
        raise ConsentNeeded
    if account.open:
        raise Busy(account.open.id)
    lately = [moment for moment in account.recent if moment > now - MINUTE]
    if len(lately) >= terms.per_minute:
        wait = lately[-terms.per_minute] + MINUTE - now
        raise TooOften(max(1, -(-wait // timedelta(seconds=1))))
    if account.unpaid >= MOST_UNPAID and account.unpaid_on == _day(now):
        today = now.astimezone(UTC)
        raise TooOften(int((timedelta(days=1) - timedelta(hours=today.hour, minutes=today.minute)).total_seconds()))


def reserved(
    account: Account, days: Iterable[PaidDays], terms: AssistantTerms, question_id: str, now: datetime, due_at: datetime
) -> Account:
    """With the question open, and what pays for it set aside: trial, quota, credits, in that order.

    Raises ConsentNeeded, Busy, TooOften, NoCredits.
    """
    require_free(account, terms, now)
    days = tuple(days)
    source, of = _payer(account, days, terms, now)
    running = {each.source for each in days if now < each.ends}
    lately = tuple(moment for moment in account.recent if moment > now - MINUTE)
    return changed(
        account,
        open=Open(question_id, source, of, due_at),
        recent=(*lately, now),
        quota_used={paid: used for paid, used in account.quota_used.items() if paid in running},
    )


def _payer(account: Account, days: tuple[PaidDays, ...], terms: AssistantTerms, now: datetime) -> tuple[Source, str]:
    if account.trial_left(now):
        return Source.TRIAL, ""
    for paid in sorted(days, key=lambda each: each.ends):
        if account.quota_left(paid, terms.quota, now):
            return Source.QUOTA, paid.source
    for pack in account.packs:
        if pack.left:
            return Source.CREDIT, pack.id
    raise NoCredits(may_try=account.trial is None and terms.trial_messages > 0)


def taken_up(account: Account, due_at: datetime) -> Account:
    """Somebody is at work on the open question until `due_at`."""
    assert account.open
    phase = Phase.ANSWERING if account.open.phase is Phase.QUEUED else account.open.phase
    return changed(account, open=replace(account.open, phase=phase, tries=account.open.tries + 1, due_at=due_at))


def _day(now: datetime) -> str:
    return f"{now.astimezone(UTC):%Y-%m-%d}"


def stopping(account: Account) -> Account:
    """The person wants no more of the answer. The same account where nothing is being written, or it was said."""
    if account.open is None or account.open.stop or not account.open.is_reserved:
        return account
    return changed(account, open=replace(account.open, stop=True))


def used(account: Account) -> tuple[Account, Pack | None]:
    """What was reserved is used; the answer is yet to be told. Also the pack that is used up by it, which leaves the
    account and is kept by itself.
    """
    assert account.open
    assert account.open.is_reserved
    telling = replace(account.open, phase=Phase.TELLING)
    match account.open.source:
        case Source.TRIAL:
            assert account.trial
            return changed(account, open=telling, trial=replace(account.trial, used=account.trial.used + 1)), None
        case Source.QUOTA:
            counts = {**account.quota_used, account.open.of: account.quota_used.get(account.open.of, 0) + 1}
            return changed(account, open=telling, quota_used=counts), None
        case Source.CREDIT:
            packs, over = spend(account.packs, 1, of=account.open.of)
            return changed(account, open=telling, packs=packs, spent=account.spent + 1), over[0] if over else None


def given_back(account: Account, tokens: int, now: datetime) -> Account:
    """Nothing was answered, so nothing is used; that is yet to be told. `tokens`: what it took all the same."""
    assert account.open
    assert account.open.is_reserved
    unpaid = tokens + (account.unpaid if account.unpaid_on == _day(now) else 0)
    telling = replace(account.open, phase=Phase.TELLING)
    return changed(account, open=telling, unpaid=unpaid, unpaid_on=_day(now) if unpaid else "")


def told(account: Account, parts: int, due_at: datetime) -> Account:
    """So many parts of the answer have reached the person."""
    assert account.open
    return changed(account, open=replace(account.open, told=parts, due_at=due_at))


def closed(account: Account) -> Account:
    """The person has it all: the next question may come."""
    assert account.open
    assert not account.open.is_reserved
    return changed(account, open=None)


def spend(
    packs: tuple[Pack, ...], number: int, *, of: str = "", aside: str = ""
) -> tuple[tuple[Pack, ...], tuple[Pack, ...]]:
    """Packs after `number` credits of pack `of` are used, or of the oldest ones; and those that this used up. There are
    as many, besides the one that is set `aside` in a pack.
    """
    after: list[Pack] = []
    for pack in packs:
        part = min(number, pack.left - (pack.id == aside)) if of in ("", pack.id) else 0
        number -= part
        after.append(replace(pack, used=pack.used + part))
    assert number == 0, "no more is used than is there"
    return tuple(pack for pack in after if pack.left), tuple(pack for pack in after if not pack.left)
