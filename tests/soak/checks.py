"""What holds in a soak's market, at any moment and at its end."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from starbid.domain.auction import SETTLE_AFTER, Auction, Ending
from starbid.domain.bills import UNPAID_ENDS, BillState, ProviderStatus
from starbid.domain.events import LotHidden
from starbid.domain.ledger import PAYOUTS
from starbid.domain.money import CURRENCIES
from starbid.domain.pause import Pauses
from starbid.domain.pausing import under
from starbid.domain.payouts import PayoutState
from starbid.services import notices
from starbid.services.billing.gifts import PREMIUM
from starbid.services.notices.bids import OUTBID
from starbid.services.notices.deals import REMINDED
from starbid.services.notices.watching import BEGAN, ENDING_SOON
from starbid.services.ports import Notice
from tests.support.books import Books
from tests.support.fake_bills import FakeBills
from tests.support.fakes import (
    FakeApp,
    FakeMessenger,
    FakeStars,
)
from tests.support.invariants import assert_invariants, dump_of
from tests.support.memory_batch import pauses_of

from .answers import Answers
from .helper_checks import not_told, unfinished, wrong
from .old_enough import old_enough
from .parts import ADMIN, HOLD_DAYS, ROGUE, Hold, Tally, TornStore
from .stood_still import StoodStill
from .storm import Storm
from .telling import never_told


class Checks:
    """The part of a World that looks and changes nothing."""

    app: FakeApp
    store: TornStore
    messenger: FakeMessenger
    stars: FakeStars
    shop: FakeBills
    storm: Storm
    tally: Tally
    holds: dict[tuple[int, str], Hold]
    handed: Counter[str]
    """How often operators paid a payout by hand."""
    sent: dict[str, Notice]
    stood_still: StoodStill
    answers: Answers

    @property
    def now(self) -> datetime:
        return self.app.now()

    @property
    def pauses(self) -> Pauses:
        return pauses_of(self.store.tables)

    def lot(self, auction_id: str) -> Auction:
        return under(self.store.tables.auctions[auction_id], self.pauses.history)

    def lots(self) -> list[Auction]:
        """As everybody reads them: under the pauses."""
        return [self.lot(auction_id) for auction_id in self.store.tables.auctions]

    def adjusted(self) -> set[str]:
        """The corrections of balances that operators have made."""
        return {name for name in self.store.tables.transfers if name.startswith("adjustment:")}

    def check(self) -> None:
        """The invariants, at this moment."""
        assert_invariants(dump_of(self.store))
        found = list(wrong(self.store.tables, self.app.settings.business.assistant.quota))
        assert not found, "\n".join(found)
        self.tally.checks += 1
        self.stood_still.look(self.pauses.history, self.lots())
        percent = self.app.settings.business.fee_percent
        for deal in self.store.tables.deals.values():
            assert deal.fee.amount == deal.price.amount * percent // 100, f"7: the fee of {deal.auction_id}"
        for (who, lot), hold in self.holds.items():
            assert hold.endings <= 1, f"6: the hold of {who} on {lot} ended {hold.endings} times"
            if hold.endings:
                assert hold.captured + hold.released == hold.held, f"6: {who} on {lot}: {hold}"

    def check_moved(self) -> None:
        """In good weather the rows have caught up with the pauses."""
        rows = self.store.stored(self.store.tables.auctions)
        assert not any(each.is_behind for each in rows), "a row was never moved over a pause"
        assert all(pause.is_moved or not pause.ended for pause in self.pauses.history)

    def check_decisions(self) -> None:
        """Each correction of a balance stands in the audit trail, and nothing stands there that was not done."""
        entries = [entry for entry in self.store.tables.audit.values() if entry.action == "adjust-balance"]
        keys = {f"adjustment:{entry.user_id}:{entry.id.rpartition(':')[2]}" for entry in entries}
        assert keys == self.adjusted()
        done = Counter(entry.action for entry in self.store.tables.audit.values())
        assert done["pause"] == done["resume"] == len(self.stood_still.ended)

    def check_debts(self) -> None:
        """In good weather nobody has both a debt and money; only purchases of people with a debt are frozen."""
        wallets = self.store.tables.wallets
        assert not any(wallet.covered for wallet in wallets.values()), "a wallet has money and a debt"
        for deal in self.store.tables.deals.values():
            wallet = wallets.get((deal.buyer_id, deal.price.currency))
            if deal.is_undelivered and deal.due_at is not None and self.now < deal.due_at:
                assert bool(deal.frozen_at) is bool(wallet and wallet.owes), f"{deal.auction_id} is frozen or not"
        for payout in self.store.tables.payouts.values():
            owes = wallets[payout.user_id, payout.amount.currency].owes
            assert not (owes and payout.is_unsent), f"{payout} waits while its owner owes"

    def check_bills(self) -> None:
        """What was paid at a provider is credited or an operator has decided about it; nothing else is."""
        for bill in self.store.tables.bills.values():
            said = self.shop.bills.get(bill.id)
            assert not bill.is_open, f"{bill} never ended"
            if said and said.status is ProviderStatus.PAID:
                settled = {BillState.PAID} if bill.matches(said) else {BillState.PAID, BillState.RETURNED}
                assert bill.state in settled, f"{bill} was paid"
            else:
                assert bill.state in UNPAID_ENDS, f"{bill} was not paid"

    def check_payouts(self) -> None:
        """Each has ended. What left was given once, and old enough; of the rest nothing was given."""
        tables = self.store.tables
        assert not any(payout.is_open for payout in tables.payouts.values())
        books = Books(dump_of(self.store))
        assert not any(books.balances[PAYOUTS, currency] for currency in CURRENCIES)
        paid = [payout for payout in tables.payouts.values() if payout.state is PayoutState.PAID]
        gifts = [payout for payout in paid if payout.gift]
        assert Counter(self.stars.given) == Counter((each.user_id, each.gift.months) for each in gifts if each.gift)
        bought = [each.id for each in self.stars.listed if each.kind == PREMIUM]
        assert Counter(each.transaction_id for each in gifts) == Counter(bought), "whose gift is it?"
        assert self.handed == Counter(payout.id for payout in paid if not payout.gift)
        for payout in paid:
            assert payout.decided_at is not None
            could = old_enough(tables.transfers.values(), payout, timedelta(days=HOLD_DAYS), payout.decided_at)
            assert payout.amount.amount <= could, f"{payout} is more than {could}"

    def check_addresses(self) -> None:
        """What is known of where a lot went is erased 30 days after the end of its deal."""
        for name in self.store.tables.addresses:
            ended_at = self.store.tables.deals[name.partition("#")[0]].ended_at
            assert ended_at is not None, f"the deal of {name} never ended"
            assert self.now < ended_at + timedelta(days=30), f"{name} still says where somebody lives"

    def check_answers(self) -> None:
        """In good weather each question has been answered or has failed, and its chat has heard so."""
        told = not_told(self.store.tables, self.answers.told, self.answers.silent, self.storm.excused_answers)
        found = [*unfinished(self.store.tables), *told]
        assert not found, "\n".join(found)

    def check_line(self) -> None:
        """Nobody waits on a lot that was settled in its time. One that was bought or cancelled may leave bids of the
        dead behind, whose message to the closer failed too: they cannot count any more.
        """
        for each in self.store.tables.intents.values():
            lot = self.store.tables.auctions[each.intent.auction_id]
            at_once = lot.ending is Ending.CANCELLED or (lot.ended_at and lot.ended_at < lot.ends_at + SETTLE_AFTER)
            assert at_once or not each.is_undecided, f"{each.intent} waits for ever"

    def check_told(self) -> None:
        """Each notice was told once, plus once for each time that Telegram's answer or its record was lost.

        A notice of a living message counts as told if one of its kind shows that state or a newer one.
        """
        told = Counter(notice.id for _, notice, _ in self.messenger.told)
        for name, times in told.items():
            assert times - 1 <= self.storm.excused[name], f"{name} was told {times} times"
        waiting = {deal.auction_id for deal in self.store.open_disputes(1_000)}
        missing = never_told(self.sent | self.expected(), ROGUE, told, self.messenger, waiting, self._is_past)
        assert not missing, f"never told: {missing}"

    def _is_past(self, notice: Notice) -> bool:
        """Whether somebody who was outbid led again later, or the lot has ended; a deal that reminded has moved on; or
        nobody is told of a lot that operators have hidden.
        """
        if notice.kind in (BEGAN.name, ENDING_SOON.name):
            hidden = [event for event in self.store.tables.events.values() if isinstance(event, LotHidden)]
            was_hidden = any(event.auction_id == notice.auction_id for event in hidden)
            return was_hidden or self.store.tables.auctions[str(notice.auction_id)].hidden
        if notice.kind == REMINDED.name:
            version_then = int(notice.id.split(":")[2])
            return self.store.tables.deals[str(notice.auction_id)].version > version_then
        if notice.kind != OUTBID.name:
            return False
        if self.store.tables.auctions[str(notice.auction_id)].is_final:
            return True
        rows = (row for row in self.store.tables.bids.values() if row.auction_id == notice.auction_id)
        return any(row.leader_id == notice.user_id and row.number > notice.facts["bids"] for row in rows)

    def expected(self) -> dict[str, Notice]:
        """The notices of all bids and events; for watchers and admins, those that were sent."""
        rows = list(self.store.tables.bids.values())
        found = {notice.id: notice for row in rows for notice in notices.of_bid(row)}
        for event in self.store.tables.events.values():
            others: Iterable[int] = ()
            news = notices.of_event(event)
            if notices.Crowd.BIDDERS in news.crowds:
                others = dict.fromkeys(row.bidder_id for row in rows if row.auction_id == event.auction_id)  # type: ignore[union-attr]
            elif notices.Crowd.ADMINS in news.crowds:
                others = (ADMIN,)
            found |= {notice.id: notice for notice in (*news.notices, *news.to(others))}
        return found
