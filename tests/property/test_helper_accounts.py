"""Random lives of a helper's account, against a model that keeps each credit by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from fractions import Fraction
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from starbid.domain.assistant.account import (
    MOST_PACKS,
    Account,
    Pack,
    Phase,
    closed,
    consented,
    given_back,
    reserved,
    stopping,
    taken_up,
    told,
    trial_started,
    used,
)
from starbid.domain.assistant.errors import Busy, ConsentNeeded, NoCredits, TooFewCredits, TooManyPacks, TrialUsed
from starbid.domain.assistant.packs import require_room, with_pack, withdrawn, without_credits
from starbid.domain.assistant.terms import AssistantTerms
from starbid.domain.errors import StarbidError, TooOften
from starbid.domain.paid_days import PaidDays
from starbid.domain.people import SUBSCRIPTION
from tests.property.credit_model import ASIDE, LEFT, SPENT, WITHDRAWN, Model
from tests.support.fakes import START

TERMS = AssistantTerms(is_offered=True, trial_messages=3, quota=4, per_minute=3)
LEASE = timedelta(seconds=100)
MINUTE = timedelta(minutes=1)
picks = st.integers(0, 10**6)


class Accounts(RuleBasedStateMachine):
    """One person's account."""

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.account = Account(1)
        self.model = Model()
        self.numbers = 0
        self.taken_back: set[str] = set()

    def become(self, after: Account) -> None:
        if after is not self.account:
            assert after.version == self.account.version + 1
        self.account = after

    def name(self, kind: str) -> str:
        self.numbers += 1
        return f"{kind}-{self.numbers}"

    @initialize(packs=st.lists(st.integers(1, 4), max_size=4), subscriptions=st.sampled_from([0, 0, 0, 1, 3]))
    def begin(self, packs: list[int], subscriptions: int) -> None:
        """Somebody who may ask at once."""
        self.consent(True)
        for number in packs:
            self.buy_a_pack(number, 7)
        for _ in range(subscriptions):
            self.subscribe()

    # --- the person ---------------------------------------------------------------------------------------------------

    @rule(seconds=st.sampled_from([1, 19, 20, 59, 60, 3_600, 86_400, 7 * 86_400, 30 * 86_400]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    @rule(pick=picks)
    def something_ends(self, pick: int) -> None:
        """It is the very moment at which a trial, or paid days, are over."""
        ends = [each.ends for each in self.model.days] + [self.model.trial_until or self.now]
        self.now = max(self.now, ends[pick % len(ends)])

    @rule(is_given=st.sampled_from([True] * 6 + [False]))
    def consent(self, is_given: bool) -> None:
        self.become(consented(self.account, self.now if is_given else None))
        self.model.agreed = is_given

    @rule()
    def start_trial(self) -> None:
        until = self.now + timedelta(days=2)
        if self.model.trial_until:
            with pytest.raises(TrialUsed):
                trial_started(self.account, TERMS, until)
            return
        self.become(trial_started(self.account, TERMS, until))
        self.model.trial_until, self.model.trial_left = until, TERMS.trial_messages

    @precondition(lambda self: self.numbers % 4 == 0)
    @rule()
    def subscribe(self) -> None:
        """Seldom: as long as there is a quota, no credit is used."""
        begins = max([self.now, *(each.ends for each in self.model.days)])
        days = PaidDays(self.name("days"), begins, begins + SUBSCRIPTION)
        self.model.days.append(days)
        self.model.quota[days.source] = TERMS.quota

    @rule(number=st.integers(1, 5), price=st.integers(0, 9))
    def buy_a_pack(self, number: int, price: int) -> None:
        if len(self.account.packs) >= MOST_PACKS:
            with pytest.raises(TooManyPacks):
                require_room(self.account)
            return
        require_room(self.account)
        pack = Pack(self.name("pack"), number, price, self.now)
        self.become(with_pack(self.account, pack))
        self.model.credits += [[pack.id, LEFT] for _ in range(number)]
        self.model.prices[pack.id] = price

    @rule()
    def ask(self) -> None:
        expected = self.expected()
        days = sorted(self.model.days, key=lambda each: each.source, reverse=True)
        question_id = self.name("question")
        if isinstance(expected, type):
            with pytest.raises(expected):
                reserved(self.account, days, TERMS, question_id, self.now, self.now + MINUTE)
            return
        after = reserved(self.account, days, TERMS, question_id, self.now, self.now + MINUTE)
        assert after.open
        assert (after.open.source.value, after.open.of) == expected
        self.become(after)
        self.model.set_aside(expected)
        self.model.asked.append(self.now)

    def expected(self) -> type[StarbidError] | tuple[str, str]:
        """Why a question is refused now, or what pays for it."""
        if not self.model.agreed:
            return ConsentNeeded
        if self.account.open:
            return Busy
        if sum(moment > self.now - MINUTE for moment in self.model.asked) >= TERMS.per_minute:
            return TooOften
        return self.model.payer(self.now) or NoCredits

    @rule()
    def stop(self) -> None:
        self.become(stopping(self.account))

    # --- the worker ---------------------------------------------------------------------------------------------------

    @precondition(lambda self: self.account.open)
    @rule()
    def take_up(self) -> None:
        assert self.account.open
        tries = self.account.open.tries
        after = taken_up(self.account, self.now + LEASE)
        assert after.open
        assert after.open.tries == tries + 1
        self.become(after)

    @precondition(lambda self: self.account.open and self.account.open.is_reserved)
    @rule()
    def answer(self) -> None:
        before = self.account
        after, over = used(before)
        self.become(after)
        self.model.use()
        if over:
            assert over.left == 0
            assert over.id in {pack.id for pack in before.packs} - {pack.id for pack in after.packs}

    @precondition(lambda self: self.account.open and self.account.open.is_reserved)
    @rule()
    def fail(self) -> None:
        self.become(given_back(self.account, 10, self.now))
        self.model.give_back()

    @precondition(lambda self: self.account.open and not self.account.open.is_reserved)
    @rule(parts=st.none() | st.integers(1, 8))
    def tell(self, parts: int | None) -> None:
        self.become(closed(self.account) if parts is None else told(self.account, parts, self.now + LEASE))

    # --- operators, and Telegram --------------------------------------------------------------------------------------

    @precondition(lambda self: self.model.credits)
    @rule(pick=picks)
    def debit(self, pick: int) -> None:
        """One to one more than there are."""
        number = 1 + pick % (self.model.number(LEFT) + 1)
        if number > self.model.number(LEFT):
            with pytest.raises(TooFewCredits) as refused:
                without_credits(self.account, number)
            assert refused.value.left == self.model.number(LEFT)
            return
        after, over = without_credits(self.account, number)
        self.become(after)
        self.model.move(LEFT, SPENT, number)
        assert all(pack.left == 0 for pack in over)

    @precondition(lambda self: self.account.packs)
    @rule(pick=picks)
    def take_back(self, pick: int) -> None:
        """The payment of a pack, once."""
        packs, open_ = self.account.packs, self.account.open
        pack = next((each for each in packs if open_ and each.id == open_.of), packs[pick % len(packs)])
        if pack.id in self.taken_back:
            return
        self.taken_back.add(pack.id)
        gone = withdrawn(self.account, pack)
        self.become(gone.account)
        model = self.model
        model.move(LEFT, WITHDRAWN, model.number(LEFT, pack.id), pack.id)
        counted, price = model.number(SPENT, pack.id) + model.number(ASIDE, pack.id), model.prices[pack.id]
        assert gone.cost == ceil(Fraction(price * counted, pack.credits))
        assert 0 <= gone.cost <= price

    # --- what holds always --------------------------------------------------------------------------------------------

    @invariant()
    def every_credit_is_accounted_for(self) -> None:
        account, model = self.account, self.model
        assert account.credits == model.number(LEFT)
        assert account.granted == len(model.credits)
        assert account.spent == model.number(SPENT)
        assert account.withdrawn == model.number(WITHDRAWN)
        assert account.granted == account.spent + account.withdrawn + sum(pack.left for pack in account.packs)
        for pack in account.packs:
            assert pack.left == model.number(LEFT, pack.id) + model.number(ASIDE, pack.id)
            assert 0 <= pack.used < pack.credits, "one that is used up is kept elsewhere"
        assert len(account.packs) <= MOST_PACKS

    @invariant()
    def what_is_reserved_is_the_open_question(self) -> None:
        account, model = self.account, self.model
        is_reserved = account.open is not None and account.open.is_reserved
        assert is_reserved == (model.open is not None)
        assert model.number(ASIDE) == int(model.open is not None and model.open[0] == "credit")
        assert sum(pack.left for pack in account.packs) - account.credits == model.number(ASIDE)
        if account.open:
            assert account.open.is_reserved == (account.open.phase is not Phase.TELLING)

    @invariant()
    def trial_and_quota_are_as_written_down(self) -> None:
        account, model = self.account, self.model
        is_on = model.trial_until is not None and self.now < model.trial_until
        assert account.trial_left(self.now) == (model.trial_left if is_on else 0)
        if account.trial:
            assert 0 <= account.trial.used <= account.trial.granted
        for days in model.days:
            left = model.quota[days.source] if self.now < days.ends else 0
            assert account.quota_left(days, TERMS.quota, self.now) == left
            assert 0 <= account.quota_used.get(days.source, 0) <= TERMS.quota

    @invariant()
    def nothing_grows_without_end(self) -> None:
        assert len(self.account.recent) <= TERMS.per_minute
        assert len(self.account.quota_used) <= len(self.model.days)


TestAccounts = Accounts.TestCase


@given(price=st.integers(0, 10_000), number=st.integers(1, 300), share=st.fractions(0, 1))
def test_what_was_used_of_a_pack_costs_its_share_rounded_up(price: int, number: int, share: Fraction) -> None:
    used_up = int(number * share)
    cost = Pack("p", number, price, START, used_up).cost_of_used
    assert cost == ceil(Fraction(price * used_up, number))
    assert cost <= price
    assert (cost == 0) == (used_up == 0 or price == 0)


@given(seconds=st.lists(st.integers(0, 90_000), min_size=1, max_size=12).map(sorted))
def test_who_waits_as_long_as_told_is_let_in_and_not_before(seconds: list[int]) -> None:
    """Moments in milliseconds at which somebody asks and is answered at once."""
    account = consented(with_pack(Account(1), Pack("p", 100, 0, START)), START)
    for number, at in enumerate(seconds):
        now = START + timedelta(milliseconds=at)
        try:
            account = closed(used(reserved(account, (), TERMS, f"q{number}", now, now))[0])
        except TooOften as refused:
            whole = timedelta(seconds=refused.seconds)
            assert reserved(account, (), TERMS, "later", now + whole, now).open
            with pytest.raises(TooOften):
                reserved(account, (), TERMS, "sooner", now + whole - timedelta(seconds=1), now)
        assert account.open is None


def test_the_pack_whose_credit_is_reserved_pays_though_an_older_one_has_come_back() -> None:
    """As it does where Telegram did not refund it after all."""
    old, new = Pack("old", 2, 0, START), Pack("new", 2, 0, START + MINUTE)
    asked = reserved(consented(with_pack(Account(1), new), START), (), TERMS, "q", START, START)
    after, over = used(replace(asked, packs=(old, new)))
    assert [(pack.id, pack.used) for pack in after.packs] == [("old", 0), ("new", 1)]
    assert over is None
