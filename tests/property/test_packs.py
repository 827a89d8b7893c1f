"""Random people with the helper: no answer and no Star is lost or made, whatever is bought, asked, answered, refunded,
taken back or changed, in whatever order, and wherever processes die.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator
from contextlib import contextmanager

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from starbid.domain.errors import StarbidError
from starbid.domain.events import CreditsChanged, QuestionAnswered
from starbid.domain.payments import Charge, ChargeState, Purpose, credit_id
from starbid.services.ports import Ailment, Contended, ModelTrouble
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, pay
from tests.support.failing import Failing
from tests.support.fakes import Death
from tests.support.invariants import assert_invariants, dump_of
from tests.support.packs import account, answer_all, ask, ordered, with_helper, worker
from tests.support.there import there

PEOPLE = (ANNA, BORIS)
EXPECTED = (StarbidError, Contended, Death, TimeoutError, ExceptionGroup)
"""What an act may end with; anything else is a bug."""
people = st.sampled_from(PEOPLE)
picks = st.integers(0, 1_000)
packs = st.sampled_from([10, 50, 200])
faults = st.sampled_from(["none"] * 5 + ["contended", "death before", "death after"])
PLANTED: dict[str, dict[str, object]] = {
    "contended": {"error": Contended()},
    "death before": {"error": Death()},
    "death after": {"error": Death(), "after": True},
}


class Helper(RuleBasedStateMachine):
    """Acts choose by a number, so that a sequence stays short when it is shrunk."""

    @initialize(quota=st.sampled_from(["0", "1", "5"]), trial=st.booleans())
    def begin(self, quota: str, trial: bool) -> None:
        self.app = with_helper(*PEOPLE, stars=300, ASSISTANT_QUOTA=quota, TRIAL_MESSAGES="2")
        self.orders: list[tuple[int, str, str, int]] = []
        self.decisions: list[str] = []
        if trial:
            self.app.asking.start_trial(there(self.app.store.person(ANNA)), self.app.now())

    # --- buying -------------------------------------------------------------------------------------------------------

    @rule(who=people, stars=st.integers(1, 100))
    def pay_in(self, who: int, stars: int) -> None:
        pay(self.app, who, stars)

    @rule(who=people, number=packs, request=st.integers(0, 4), fault=faults)
    def buy(self, who: int, number: int, request: int, fault: str) -> None:
        with self._under(fault):
            self.app.buying.buy(who, number, f"r{request}", self.app.now())

    @rule(who=people, number=packs, told=st.sampled_from(["", "", "", "never", "overtaken"]), fault=faults)
    def pay_for_a_pack(self, who: int, number: int, told: str, fault: str) -> None:
        """If `overtaken`, the report of its refund comes first."""
        try:
            order_id, payload, price = ordered(self.app, number, who)
        except StarbidError:
            return
        self.orders.append((who, order_id, payload, price))
        if told != "never":
            self._report(self.orders[-1], "a", told == "overtaken", fault)

    @rule(pick=picks, charge=st.sampled_from(["a", "b"]), taken_back=st.booleans(), fault=faults)
    def report_again(self, pick: int, charge: str, taken_back: bool, fault: str) -> None:
        """The same charge, or another one of the same invoice."""
        if self.orders:
            self._report(self.orders[pick % len(self.orders)], charge, taken_back, fault)

    @rule(pick=picks, again=st.booleans(), fault=faults)
    def complete(self, pick: int, again: bool, fault: str) -> None:
        if self.orders:
            with self._under(fault):
                decided = deciding("it was paid", self.app.now(), key=self._key(again))
                self.app.buying.complete(self.orders[pick % len(self.orders)][1], decided)

    @rule(who=people, change=st.integers(-30, 30), again=st.booleans(), fault=faults)
    def change(self, who: int, change: int, again: bool, fault: str) -> None:
        with self._under(fault):
            self.app.buying.change(who, change, deciding("so be it", self.app.now(), key=self._key(again)))

    @rule(who=people, number=st.integers(0, 3), fault=faults)
    def subscribe(self, who: int, number: int, fault: str) -> None:
        _, payload = self.app.paying.order_subscription(who, self.app.now())
        with self._under(fault):
            self.app.paying.credit(who, f"days-{who}-{number}", payload, 100, "XTR", self.app.now())

    # --- back again ---------------------------------------------------------------------------------------------------

    @rule(pick=picks, telegram=st.sampled_from(["answers", "refuses", "is deaf", "is mute"]), fault=faults)
    def refund(self, pick: int, telegram: str, fault: str) -> None:
        """Mostly of a pack that is wholly unused."""
        unused = {pack.id for who in PEOPLE for pack in account(self.app, who).packs if not pack.used}
        charge, stars = self._charge(pick, unused), self.app.stars
        if telegram == "refuses" and charge.id not in stars.refunded:
            stars.refusing.add(charge.id)
        if telegram in ("is deaf", "is mute"):
            stars.fail_next(TimeoutError(), after=telegram == "is mute")
        with self._under(fault):
            self.app.refunding.refund(charge.user_id, charge.id, self.app.now())
        stars.heal()
        stars.refusing.clear()

    @rule(fault=faults)
    def finish_refunds(self, fault: str) -> None:
        with self._under(fault):
            self.app.refunding.finish_refunds(self.app.now())

    @rule(pick=picks, fault=faults)
    def take_back(self, pick: int, fault: str) -> None:
        charge = self._charge(pick)
        with self._under(fault):
            amount = charge.amount.amount
            self.app.refunding.taken_back(charge.user_id, charge.id, "", amount, "XTR", self.app.now())

    # --- asking -------------------------------------------------------------------------------------------------------

    @rule(who=people, fault=faults)
    def ask(self, who: int, fault: str) -> None:
        with self._under(fault):
            ask(self.app, who)

    @rule(
        says=st.sampled_from(["An answer.", "An answer.", "", Ailment.REFUSED]),
        stopped=st.booleans(),
        fault=faults,
        of=st.sampled_from(["store", "questions"]),
    )
    def answer(self, says: str, stopped: bool, fault: str, of: str) -> None:
        """Whatever waits; what died is called again by the sweep."""
        self.app.language_model.says(ModelTrouble(Ailment.REFUSED, "no") if says is Ailment.REFUSED else says)
        if stopped:
            for who in PEOPLE:
                self.app.asking.stop(who)
        with self._under(fault, self.app.store if of == "store" else self.app.questions):
            answer_all(self.app)
        self.app.clock.forward(minutes=5)
        worker(self.app).sweep(self.app.now())

    # --- what holds ---------------------------------------------------------------------------------------------------

    @invariant()
    def the_books_add_up(self) -> None:
        assert_invariants(dump_of(self.app.store))

    @invariant()
    def nobody_gets_money_back_twice(self) -> None:
        refunded = self.app.stars.refunded
        assert len(refunded) == len(set(refunded))
        charges = self.app.store.tables.charges
        assert all(charges[charge].state is not ChargeState.CREDITED for charge in refunded)

    @invariant()
    def each_answer_is_paid_once(self) -> None:
        """What was used of trial and credits is what was answered out of them, and what operators took."""
        for who in PEOPLE:
            mine, events = account(self.app, who), self.app.store.tables.events.values()
            answered = [each for each in events if isinstance(each, QuestionAnswered) and each.user_id == who]
            sources = Counter(each.source for each in answered)
            changes = [each.change for each in events if isinstance(each, CreditsChanged) and each.user_id == who]
            assert mine.spent == sources["credit"] - sum(change for change in changes if change < 0)
            assert (mine.trial.used if mine.trial else 0) == sources["trial"]
            assert len({each.question_id for each in answered}) == len(answered)

    def teardown(self) -> None:
        """In the end every question is over, and nothing is reserved."""
        if not hasattr(self, "app"):
            return
        for fake in (self.app.store, self.app.questions, self.app.stars):
            fake.heal()
        for _ in range(6):
            self.app.clock.forward(minutes=5)
            worker(self.app).sweep(self.app.now())
            answer_all(self.app)
        self.app.refunding.finish_refunds(self.app.now())
        assert all(account(self.app, who).open is None for who in PEOPLE)
        assert_invariants(dump_of(self.app.store))

    # --- for the acts -------------------------------------------------------------------------------------------------

    def _report(self, order: tuple[int, str, str, int], charge: str, taken_back: bool, fault: str) -> None:
        who, order_id, payload, price = order
        report = self.app.refunding.taken_back if taken_back else self.app.paying.credit
        with self._under(fault):
            report(who, f"{charge}-{order_id}", payload, price, "XTR", self.app.now())

    def _charge(self, pick: int, of: Collection[str] | None = None) -> Charge:
        """Mostly one of a pack, of these packs if there are any."""
        charges = list(self.app.store.tables.charges.values())
        bought = [charge for charge in charges if charge.purpose is Purpose.PACK]
        first = [charge for charge in bought if of is None or credit_id(charge) in of]
        wanted = charges if pick % 8 == 7 else first or bought or charges
        return wanted[pick % len(wanted)]

    def _key(self, again: bool) -> str:
        """Of a decision of its own, or of one before."""
        if again and self.decisions:
            return self.decisions[-1]
        self.decisions.append(f"k{len(self.decisions)}")
        return self.decisions[-1]

    @contextmanager
    def _under(self, fault: str, where: Failing | None = None) -> Iterator[None]:
        failing = where or self.app.store
        if fault in PLANTED:
            failing.fail_next(**PLANTED[fault])  # type: ignore[arg-type]
        try:
            yield
        except EXPECTED:
            pass
        finally:
            failing.heal()


TestHelper = Helper.TestCase
