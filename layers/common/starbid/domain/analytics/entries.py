"""What one entry of the event log says to the figures, by its kind and name."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from starbid.domain.analytics import metrics
from starbid.domain.analytics.known import Step
from starbid.domain.assistant.question import Failure
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.ledger import TransferKind

ACTIVITY = frozenset({LogKind.LOGIN, LogKind.MESSAGE, LogKind.BID, LogKind.ASSISTANT, LogKind.TICKET, LogKind.REPORT})
"""What people do themselves. Who only looks at pages leaves no entry and is not counted as active."""
MONEY = frozenset({LogKind.TOPUP, LogKind.PAYMENT})
"""Movements of the ledger; what else is of these kinds has names of its own."""
_PAID = frozenset({TransferKind.STARS, TransferKind.TOP_UP, TransferKind.NATIVE_SUBSCRIPTION, TransferKind.NATIVE_PACK})
_WANTED = frozenset({Failure.STOPPED, Failure.CONSENT, Failure.BARRED})
"""Why a question has no answer, where that is what somebody decided."""


@dataclass(frozen=True, slots=True)
class Seen:
    """What is added to the figures of the entry's quarter, the step of the funnel that its person is at, and for how
    much they sold (currency, minor units).
    """

    figures: Mapping[str, int] = field(default_factory=dict)
    step: Step | None = None
    is_activity: bool = False
    sold: tuple[str, int] | None = None

    @property
    def is_of_person(self) -> bool:
        return self.is_activity or self.step is not None


_NOTHING = Seen()


def seen_in(entry: LogEntry) -> Seen:
    """Entries that the figures do not know say nothing."""
    if entry.kind in MONEY and entry.name in _MOVEMENTS:
        return _movement(entry)
    reader = _READERS.get((entry.kind, entry.name)) or _READERS.get((entry.kind, ""))
    if reader:
        return reader(entry)
    return Seen(is_activity=True) if entry.kind in ACTIVITY else _NOTHING


def _bid(_entry: LogEntry) -> Seen:
    return Seen({metrics.BIDS: 1}, Step.BID, is_activity=True)


def _published(_entry: LogEntry) -> Seen:
    return Seen({metrics.LOTS: 1, metrics.LIVE: 1})


def _sold(entry: LogEntry) -> Seen:
    both = {metric: 1 for name in (metrics.ENDED, metrics.SOLD) for metric in _by_lot(name, entry)}
    return Seen(both | {metrics.LIVE: -1}, sold=(_text(entry, "currency"), _amount(entry, "price")))


def _unsold(entry: LogEntry) -> Seen:
    return Seen(dict.fromkeys(_by_lot(metrics.ENDED, entry), 1) | {metrics.LIVE: -1})


def _by_lot(name: str, entry: LogEntry) -> tuple[str, ...]:
    """The figure of all lots, of its kind and of its category; an entry may not say them."""
    kind, category = _text(entry, "kind"), _text(entry, "category")
    return (
        name,
        *((metrics.of(name, "kind", kind),) if kind else ()),
        *((metrics.of(name, "category", category),) if category else ()),
    )


def _answered(entry: LogEntry) -> Seen:
    return Seen({metrics.ANSWERS: 1} | _tokens(entry), is_activity=True)


def _failed(entry: LogEntry) -> Seen:
    """Who asked was there, whatever became of it."""
    figures = _tokens(entry)
    if _text(entry, "why") not in _WANTED:
        figures[metrics.FAILURES] = 1
    return Seen(figures, is_activity=True)


def _tokens(entry: LogEntry) -> dict[str, int]:
    tokens = _amount(entry, "tokens")
    return {metrics.TOKENS: tokens} if tokens else {}


def _movement(entry: LogEntry) -> Seen:
    """A transfer: what it did to people's money is the liability, whatever it is of; the rest by its kind."""
    name, account = _MOVEMENTS[TransferKind(entry.name)]
    currency, provider = _text(entry, "currency"), _text(entry, "provider") or "other"
    figures = {metrics.of(metrics.WALLETS, currency): _amount(entry, "user")}
    if name:
        parts = (provider, currency) if name == metrics.TOP_UPS else (currency,)
        figures[metrics.of(name, *parts)] = abs(_amount(entry, account)) * (-1 if entry.name in _UNDONE else 1)
    step = Step.PAID if entry.name in _PAID else None
    return Seen({metric: change for metric, change in figures.items() if change}, step)


_MOVEMENTS: Mapping[TransferKind, tuple[str, str]] = dict.fromkeys(TransferKind, ("", "")) | {
    TransferKind.SALE: (metrics.TURNOVER, "escrow"),
    TransferKind.RELEASE: (metrics.FEES, "revenue"),
    TransferKind.STARS: (metrics.TOP_UPS, "source"),
    TransferKind.TOP_UP: (metrics.TOP_UPS, "source"),
    TransferKind.REFUND: (metrics.REFUNDS, "source"),
    TransferKind.REFUND_UNDONE: (metrics.REFUNDS, "source"),
    TransferKind.PAYOUT_SENT: (metrics.PAYOUTS, "source"),
}
"""The figure of a kind of transfer, and the account that says how much."""
_UNDONE = frozenset({TransferKind.REFUND_UNDONE})
_READERS: Mapping[tuple[LogKind, str], Callable[[LogEntry], Seen]] = {
    (LogKind.BID, ""): _bid,
    (LogKind.LOT, "published"): _published,
    (LogKind.LOT, "sold"): _sold,
    (LogKind.LOT, "won"): lambda _: Seen(step=Step.WON),
    (LogKind.LOT, "unsold"): _unsold,
    (LogKind.LOT, "cancelled"): lambda _: Seen({metrics.LIVE: -1}),
    (LogKind.PERSON, "registered"): lambda _: Seen({metrics.NEW: 1}, Step.NEW),
    (LogKind.ASSISTANT, "answer"): _answered,
    (LogKind.ASSISTANT, "failed"): _failed,
    (LogKind.ASSISTANT, "trial"): lambda _: Seen({metrics.TRIALS: 1}, is_activity=True),
    (LogKind.ASSISTANT, "trial_paid"): lambda _: Seen({metrics.TRIALS_PAID: 1}),
    (LogKind.ASSISTANT, "changed"): lambda _: _NOTHING,
    (LogKind.ASSISTANT, "withdrawn"): lambda _: _NOTHING,
}
"""An empty name is all others of the kind."""


def _amount(entry: LogEntry, name: str) -> int:
    return int(entry.details.get(name, 0))


def _text(entry: LogEntry, name: str) -> str:
    return str(entry.details.get(name, ""))
