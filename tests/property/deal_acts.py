"""What people do after a sale, at random: deliver, confirm, dispute, resolve, rate, offer, relist."""

from __future__ import annotations

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from starbid.domain.addresses import Address
from starbid.domain.auction import Auction
from starbid.domain.deals import UNDELIVERED, DealState
from tests.property.market import PEOPLE, SELLERS, OpenMarket, faults, picks
from tests.support.desk import deciding


class DealActs(OpenMarket):
    """Acts on a deal are mostly by the person whose turn it is."""

    @precondition(lambda self: self._deals())
    @rule(pick=picks, fault=faults)
    def deliver(self, pick: int, fault: str) -> None:
        deal = self._deal(pick, DealState.AWAITING_DELIVERY)
        with self._act(fault):
            self.app.dealing.deliver(deal.seller_id, deal.auction_id, "the key", self.app.now())

    @precondition(lambda self: self._deals())
    @rule(pick=picks, street=st.sampled_from("ABC"), fault=faults)
    def give_or_correct_the_address(self, pick: int, street: str, fault: str) -> None:
        deal = self._deal(pick, DealState.AWAITING_ADDRESS, DealState.AWAITING_DELIVERY)
        with self._act(fault):
            to = Address("Anna", f"Street {street}, 5", "12345")
            self.app.addressing.give(deal.buyer_id, deal.auction_id, to, self.app.now())

    @precondition(lambda self: self._deals())
    @rule(pick=picks, take_back=st.booleans(), fault=faults)
    def confirm_or_take_back(self, pick: int, take_back: bool, fault: str) -> None:
        deal = self._deal(pick, DealState.AWAITING_DELIVERY if take_back else DealState.DELIVERED)
        step = self.app.dealing.take_back if take_back else self.app.dealing.confirm
        with self._act(fault):
            step(deal.buyer_id, deal.auction_id, self.app.now())

    @precondition(lambda self: self._deals())
    @rule(pick=picks, who=st.sampled_from([None, None, None, *PEOPLE]), fault=faults)
    def dispute(self, pick: int, who: int | None, fault: str) -> None:
        deal = self._deal(pick, *UNDELIVERED, DealState.DELIVERED)
        with self._act(fault, changes_nothing_if_refused=True):
            self.app.dealing.dispute(who or deal.buyer_id, deal.auction_id, "no", self.app.now())

    @precondition(lambda self: self._deals())
    @rule(pick=picks, who=st.sampled_from([None, None, None, *PEOPLE]), fault=faults)
    def answer_a_dispute(self, pick: int, who: int | None, fault: str) -> None:
        deal = self._deal(pick, DealState.DISPUTED)
        with self._act(fault, changes_nothing_if_refused=True):
            self.app.dealing.answer(who or deal.seller_id, deal.auction_id, "it fits", self.app.now())

    @precondition(lambda self: self._deals())
    @rule(pick=picks, who=st.sampled_from([None, None, None, *PEOPLE]), fault=faults)
    def withdraw_a_dispute(self, pick: int, who: int | None, fault: str) -> None:
        deal = self._deal(pick, DealState.DISPUTED)
        with self._act(fault):
            self.app.dealing.withdraw(who or deal.buyer_id, deal.auction_id, self.app.now())

    @precondition(lambda self: self._deals())
    @rule(pick=picks, release=st.booleans(), fault=faults)
    def resolve(self, pick: int, release: bool, fault: str) -> None:
        lot = self._deal(pick, DealState.DISPUTED).auction_id
        with self._act(fault, changes_nothing_if_refused=True):
            self.app.dealing.resolve(deciding("so be it", self.app.now()), lot, release)

    @precondition(lambda self: self._deals())
    @rule(pick=picks, by_seller=st.booleans(), stars=st.sampled_from([0, 1, 2, 3, 4, 5, 5, 6]), fault=faults)
    def rate(self, pick: int, by_seller: bool, stars: int, fault: str) -> None:
        deal = self._deal(pick, DealState.COMPLETED)
        who = deal.seller_id if by_seller else deal.buyer_id
        with self._act(fault, changes_nothing_if_refused=True):
            self.app.dealing.rate(who, deal.auction_id, stars, "<b>", self.app.now())

    @precondition(lambda self: self._deals())
    @rule(pick=picks, fault=faults)
    def offer_a_second_chance(self, pick: int, fault: str) -> None:
        deal = self._deal(pick, DealState.REFUNDED)
        with self._act(fault, changes_nothing_if_refused=True):
            self.app.second_chance.offer(deal.seller_id, deal.auction_id, self.app.now())

    @precondition(lambda self: self._offered())
    @rule(
        pick=picks,
        who=st.sampled_from([None, None, None, *PEOPLE]),
        accept=st.sampled_from([True, True, False]),
        fault=faults,
    )
    def answer_an_offer(self, pick: int, who: int | None, accept: bool, fault: str) -> None:
        offered = self._offered()
        lot = offered[pick % len(offered)]
        assert lot.offer is not None
        answer = self.app.second_chance.accept if accept else self.app.second_chance.decline
        with self._act(fault, changes_nothing_if_refused=True):
            answer(who or lot.offer.to_id, lot.id, self.app.now())

    @precondition(lambda self: self._lots())
    @rule(pick=picks, seller=st.sampled_from([None, *SELLERS]), fault=faults)
    def put_up_again(self, pick: int, seller: int | None, fault: str) -> None:
        lot = self._pick(pick * 5)
        with self._act(fault):
            self.app.publishing.relist(seller or lot.seller_id, lot.id, self.app.now())

    def _offered(self) -> list[Auction]:
        return [lot for lot in self._lots() if lot.offer]
