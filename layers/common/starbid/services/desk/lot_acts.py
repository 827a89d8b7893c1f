"""What operators do with a lot: hide it and show it again, move it to another category, cancel it.

Each act ends what waits of the lot's reports, in its own transaction. What is so already is done: of two operators who
want the same the second one changes nothing, and finds it in the lot's log.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

from starbid.domain.audit_trail import AuditEntry, Decision
from starbid.domain.closing import Closed
from starbid.domain.errors import Invalid, StarbidError
from starbid.domain.events import LotHidden, LotMoved, LotShown
from starbid.domain.lots import CATEGORIES, Lot
from starbid.domain.reports import Outcome
from starbid.domain.roles import Right
from starbid.services.auctions.combining import Combining
from starbid.services.auctions.publishing import Publishing
from starbid.services.ports import ConditionFailed, Contended, Store, Unit
from starbid.services.reports import Reports
from starbid.services.retrying import Stale

Act = Callable[[Decision, str], object]
MOST_AT_ONCE = 50
"""Lots of one form."""


@dataclass(frozen=True, slots=True)
class Refused:
    """A lot of several with which it did not work, and why."""

    auction_id: str
    error: Exception


class LotActs:
    """Every method raises NotAllowed for a role that is too small, NotFound, Conflict."""

    def __init__(self, store: Store, reports: Reports, publishing: Publishing, combining: Combining) -> None:
        self._store, self._reports, self._publishing, self._combining = store, reports, publishing, combining

    def hide(self, decision: Decision, auction_id: str) -> Lot:
        """Out of all lists, and gone for everybody who has no part in it, who can bid on it no more either; the seller
        is told why. Those who have bid may go on: their money stands in it, and what ends a sale is cancelling, which
        gives it back.
        """

        def tell(unit: Unit, lot: Lot) -> None:
            id_ = f"hidden:{auction_id}:{lot.auction.version}"
            unit.emit(LotHidden(id_, decision.at, auction_id, lot.card.seller_id, decision.reason))
            unit.audit(_entry(decision, "hide-lot", lot, before="listed", after="hidden"))

        return self._change(decision, auction_id, Outcome.HIDDEN, lambda lot: _marked(lot, hidden=True), tell)

    def show(self, decision: Decision, auction_id: str) -> Lot:
        """Back into the lists; the seller is told."""

        def tell(unit: Unit, lot: Lot) -> None:
            id_ = f"shown:{auction_id}:{lot.auction.version}"
            unit.emit(LotShown(id_, decision.at, auction_id, lot.card.seller_id, decision.reason))
            unit.audit(_entry(decision, "show-lot", lot, before="hidden", after="listed"))

        return self._change(decision, auction_id, None, lambda lot: _marked(lot, hidden=False), tell)

    def move(self, decision: Decision, auction_id: str, category: str) -> Lot:
        """To another category, whatever the seller says; the seller is told. Raises Invalid."""
        if category not in CATEGORIES:
            raise Invalid("category", "choice")
        was = ""

        def change(lot: Lot) -> Lot:
            nonlocal was
            card, was = lot.card, lot.card.listed_in
            if was == category:
                return lot
            return replace(lot, card=replace(card, moved_to=category, version=card.version + 1))

        def tell(unit: Unit, lot: Lot) -> None:
            id_ = f"moved:{auction_id}:{lot.card.version}"
            unit.emit(LotMoved(id_, decision.at, auction_id, lot.card.seller_id, category, decision.reason))
            unit.audit(_entry(decision, "move-lot", lot, before=was, after=category))

        return self._change(decision, auction_id, Outcome.MOVED, change, tell)

    def cancel(self, decision: Decision, auction_id: str) -> Closed:
        """With bids or without, as `Publishing.cancel`. Raises Invalid, AuctionClosed."""
        return self._publishing.cancel(decision.by.id, auction_id, decision.at, decision=decision)

    def each(self, act: Act, decision: Decision, auction_ids: Iterable[str]) -> list[Refused]:
        """The same with several lots, each in a transaction of its own: sent again, it goes on with what is left.

        Answers those with which it did not work. Raises NotAllowed, and Invalid for more than MOST_AT_ONCE.
        """
        decision.require(Right.SUPPORT)
        chosen = list(dict.fromkeys(auction_ids))
        if len(chosen) > MOST_AT_ONCE:
            raise Invalid("lots", "too_many", most=MOST_AT_ONCE)
        refused = []
        for auction_id in chosen:
            try:
                act(decision, auction_id)
            except (StarbidError, Contended) as error:
                refused.append(Refused(auction_id, error))
        return refused

    def _change(
        self,
        decision: Decision,
        auction_id: str,
        outcome: Outcome | None,
        change: Callable[[Lot], Lot],
        tell: Callable[[Unit, Lot], None],
    ) -> Lot:
        """`outcome` is what it means for reports of the lot that wait. A crowd of bids does not keep it from coming."""
        decision.require(Right.SUPPORT)

        def attempt(_: int) -> Lot:
            lot = self._store.lot(auction_id, consistent=True)
            after, unit = change(lot), self._store.unit()
            settles = outcome is not None and self._reports.settle(unit, lot.auction, outcome, decision)
            if after is lot and not settles:
                return lot
            if after.auction is not lot.auction:
                unit.save_auction(lot.auction, after.auction)
            if after.card is not lot.card:
                unit.save_card(lot.card, after.card)
            if after is not lot:
                tell(unit, after)
            else:
                unit.audit(_entry(decision, "settle-reports", lot, after=str(outcome)))
            try:
                unit.commit()
            except ConditionFailed as refused:
                if refused.blames("audit"):  # done by this decision, whatever came after it
                    return self._store.lot(auction_id, consistent=True)
                raise Stale from refused
            return after

        return self._combining.insist(auction_id, attempt)


def _marked(lot: Lot, *, hidden: bool) -> Lot:
    auction = lot.auction
    if auction.hidden is hidden:
        return lot
    return replace(lot, auction=replace(auction, hidden=hidden, version=auction.version + 1))


def _entry(decision: Decision, action: str, lot: Lot, *, before: str = "", after: str = "") -> AuditEntry:
    seller_id, subject = lot.card.seller_id, f"lot/{lot.card.auction_id}"
    return decision.entry(action, user_id=seller_id, subject=subject, before=before, after=after)
