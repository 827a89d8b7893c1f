"""The figures against the tables themselves: what is counted from the log is what there is."""

from __future__ import annotations

import random
from collections import Counter
from datetime import datetime

from starbid.domain.assistant.question import Failure
from starbid.domain.auction import Ending
from starbid.domain.ledger import REVENUE, TransferKind
from starbid.services.recording import Recorded, of_bid, of_registration, of_transfer

from .fakes import FakeApp
from .memory_tables import Tables

_SOURCE = "source:"


def record_all(app: FakeApp, now: datetime, seed: int = 1) -> None:
    """All that the streams would carry, out of order, some of it twice, in portions."""
    tables = app.store.tables
    told = [
        *(Recorded((of_bid(bid),)) for bid in tables.bids.values()),
        *(Recorded(event=event) for event in tables.events.values()),
        *(Recorded((of_transfer(transfer),)) for transfer in tables.transfers.values()),
        *(Recorded((of_registration(person),)) for person in tables.people.values()),
    ]
    chance = random.Random(seed)
    told += chance.choices(told, k=len(told) // 3) if told else []
    chance.shuffle(told)
    for first in range(0, len(told), 20):
        app.recording.record(told[first : first + 20], now)


def counted(app: FakeApp) -> dict[str, int]:
    """All figures from the beginning, without those of active people."""
    sums = Counter[str]()
    for figures in app.figures.quarters.values():
        sums.update({name: value for name, value in figures.items() if not name.startswith("seen")})
    return {name: value for name, value in sums.items() if value}


def there(app: FakeApp) -> dict[str, int]:
    """The same, looked up in the tables of bids, lots, people, wallets, transfers and the helper (whose history nobody
    has cleared, nor asked a failed question again: then it is in no table any more).
    """
    tables, sums = app.store.tables, Counter[str]()
    sums["bids"], sums["new"], sums["lots"] = len(tables.bids), len(tables.people), len(tables.auctions)
    for lot in tables.auctions.values():
        sums["live"] += lot.ending in (Ending.OPEN, Ending.CLOSING)
        card = tables.cards[lot.id]
        for name, is_so in (("ended", {Ending.SOLD, Ending.UNSOLD}), ("sold", {Ending.SOLD})):
            if lot.ending in is_so:
                sums.update([name, f"{name}:kind:{lot.terms.kind}", f"{name}:category:{card.category}"])
    for wallet in tables.wallets.values():
        sums[f"wallets:{wallet.currency}"] += (wallet.available + wallet.held).amount
    sums.update(_of_helper(tables))
    for transfer in tables.transfers.values():
        for entry in transfer.entries:
            change, currency = entry.change.amount, entry.change.currency
            provider = entry.account.removeprefix(_SOURCE)
            if transfer.kind is TransferKind.SALE and change > 0:
                sums[f"turnover:{currency}"] += change
            if transfer.kind is TransferKind.RELEASE and entry.account == REVENUE:
                sums[f"fees:{currency}"] += change
            if entry.account.startswith(_SOURCE):
                if transfer.kind in (TransferKind.STARS, TransferKind.TOP_UP):
                    sums[f"topups:{provider}:{currency}"] -= change
                if transfer.kind in (TransferKind.REFUND, TransferKind.REFUND_UNDONE):
                    sums[f"refunds:{currency}"] += change
                if transfer.kind is TransferKind.PAYOUT_SENT:
                    sums[f"payouts:{currency}"] += change
    return {name: value for name, value in sums.items() if value}


def _of_helper(tables: Tables) -> Counter[str]:
    sums = Counter[str]()
    for account in tables.accounts.values():
        sums["trials"] += account.trial is not None
        sums["trials_paid"] += account.has_paid
    for question in tables.questions.values():
        sums["tokens"] += question.tokens
        sums["answers"] += question.answered_at is not None and question.failure is None
        sums["failures"] += question.failure not in (None, Failure.STOPPED, Failure.CONSENT, Failure.BARRED)
    return sums


def assert_figures(app: FakeApp, now: datetime) -> None:
    record_all(app, now)
    assert counted(app) == there(app)
    gauges = {name: value for name, value in app.figures.gauges().items() if value}
    assert gauges == {name: value for name, value in there(app).items() if name.split(":")[0] in ("live", "wallets")}
