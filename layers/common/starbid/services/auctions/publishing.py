"""Putting lots up, editing and cancelling them."""

from __future__ import annotations

import secrets
from contextlib import suppress
from dataclasses import replace
from datetime import datetime

from starbid.domain import closing, editing, relisting
from starbid.domain.auction import Auction, Ending, Terms
from starbid.domain.audit_trail import AuditEntry, Decision
from starbid.domain.changing import require_changeable
from starbid.domain.closing import Closed
from starbid.domain.errors import Blocked, Conflict, EditedMeanwhile, NotFound, SubscriptionRequired
from starbid.domain.lots import Draft, Lot
from starbid.domain.pause import Paused
from starbid.domain.people import Person
from starbid.domain.reports import Outcome
from starbid.domain.restrictions import Limit
from starbid.domain.roles import Right, Role
from starbid.services.auctions.closing import Closing
from starbid.services.auctions.combining import Combining
from starbid.services.auctions.new_lots import lot_id_after, lot_id_of, new_lot, of_form
from starbid.services.debts import Debts
from starbid.services.idempotency import MakeRecord, require_unknown
from starbid.services.pictures import LotPictures
from starbid.services.ports import ConditionFailed, Store
from starbid.services.reports import Reports
from starbid.services.retrying import Stale, with_retries
from starbid.services.settings import Business
from starbid.services.watching import Watching
from starbid.services.writing import write_close, write_publication

NO_REASON = "—"
"""Of an admin who gave none, as a program may."""


class Publishing:
    """What sellers do with their lots before anybody has bid."""

    def __init__(
        self, store: Store, closing: Closing, combining: Combining, watching: Watching, pictures: LotPictures,
        reports: Reports, business: Business,
    ) -> None:  # fmt: skip
        self._store, self._closing, self._combining, self._watching = store, closing, combining, watching
        self._pictures, self._debts, self._business = pictures, Debts(store), business
        self._reports = reports

    def require_seller(self, person_id: int, now: datetime, *, subscribing: bool = False) -> None:
        """Raises Blocked, Restricted, InDebt or SubscriptionRequired for one who may not sell at `now`; a debt is
        settled first from what is available.

        `subscribing`: one without a subscription need only be able to pay for it. Raises InsufficientFunds.
        """
        person = self._require_unbarred(person_id, now)
        stars = self._debts.require_seller(person_id, now)
        if person and person.may_sell(now):
            return
        if person is None or not subscribing:
            raise SubscriptionRequired(self._business.subscription)
        stars.require(self._business.subscription)

    def needs_subscription(self, person_id: int, now: datetime) -> bool:
        """Whether a subscription is all that is missing. Raises Blocked, Restricted, InDebt like `require_seller`."""
        try:
            self.require_seller(person_id, now)
        except SubscriptionRequired:
            return True
        return False

    def require_running(self, now: datetime) -> None:
        """Before anything is paid for a lot that could not be put up. Raises Paused."""
        self._store.pauses(consistent=True).require_none(now)

    def require_editor(self, person_id: int, auction_id: str, now: datetime) -> Lot:
        """The lot, for whom may change it at `now`. Raises NotFound, Blocked, NotYours, AuctionClosed, HasBids."""
        lot = self._store.lot(auction_id, consistent=True)
        self._require_unblocked(person_id)
        require_changeable(lot.auction, person_id, now)
        return lot

    def published(self, seller_id: int, request_id: str, form: str) -> Lot | None:
        """The lot that this request has put up already. Raises FormReused where another `form` did."""
        seller = self._store.person(seller_id, consistent=True)
        return self._published(seller, request_id, form) if seller else None

    def _published(self, seller: Person, request_id: str, form: str) -> Lot | None:
        try:
            return of_form(self._store.lot(lot_id_of(seller, request_id), consistent=True), form)
        except NotFound:
            return None

    def _seller(self, person_id: int, now: datetime) -> Person:
        person = self._require_unbarred(person_id, now)
        self._debts.require_seller(person_id, now)
        if person is None or not person.may_sell(now):
            raise SubscriptionRequired(self._business.subscription)
        return person

    def _require_unblocked(self, person_id: int) -> Person | None:
        person = self._store.person(person_id, consistent=True)
        if person and person.blocked:
            raise Blocked
        return person

    def _require_unbarred(self, person_id: int, now: datetime) -> Person | None:
        person = self._require_unblocked(person_id)
        if person:
            person.restrictions.require(Limit.LOTS, now)
        return person

    def publish(
        self,
        seller_id: int,
        draft: Draft,
        pictures: tuple[str, ...],
        request_id: str,
        now: datetime,
        make_record: MakeRecord[Lot] | None = None,
        *,
        form: str = "",
    ) -> Lot:
        """Put a lot up. The same `request_id` of the same seller gives the same lot, however often it comes.

        `pictures` are drafts of the seller; `form` is a mark of all that was typed. Raises Blocked, Restricted, InDebt,
        SubscriptionRequired, Paused, Invalid, Conflict; FormReused where another form of this `request_id` was faster.
        """

        def attempt(_: int) -> Lot:
            seller = self._seller(seller_id, now)
            pauses = self._store.pauses(consistent=True)
            if pictures or pauses.holds(now):
                if known := self._published(seller, request_id, form):  # whose drafts may have expired since
                    return known
                pauses.require_none(now)
                self._pictures.link(seller_id, pictures, (), now)
            fresh = new_lot(seller, draft, pictures, request_id, now, form)
            return self._put_up(fresh, seller, now, make_record)

        lot = with_retries(attempt)
        self._closing.watch(lot.auction, now)
        return lot

    def relist(self, seller_id: int, auction_id: str, now: datetime, make_record: MakeRecord[Lot] | None = None) -> Lot:
        """Put an unsold, cancelled or refunded lot up again at once, as it was; a second click gives the same new lot.

        Raises NotFound, NotYours, NotRelistable, Blocked, Restricted, InDebt, SubscriptionRequired, Paused,
        Conflict.
        """
        salt = secrets.token_hex(16)

        def attempt(_: int) -> Lot:
            old = self._store.lot(auction_id, consistent=True)
            self._require_unbarred(seller_id, now)
            new_id = lot_id_after(old, "relist")
            if old.auction.relisted and seller_id == old.auction.seller_id:
                return self._store.lot(new_id, consistent=True)
            fresh, noted = relisting.relist(old, self._terms_of(old), seller_id, new_id, salt, now)
            seller = self._seller(seller_id, now)
            if old.auction.is_paused(now):
                raise Paused
            return self._put_up(fresh, seller, now, make_record, (old.auction, noted))

        self._closing.close_if_due(self._store.auction(auction_id, consistent=True), now)
        lot = with_retries(attempt)
        self._closing.watch(lot.auction, now)
        return lot

    def _terms_of(self, lot: Lot) -> Terms:
        """What the seller fixed: a second chance has the terms of its offer, and the lot it followed theirs."""
        first = lot.deal.second_of if lot.deal else ""
        return (self._store.auction(first) if first else lot.auction).terms

    def _put_up(
        self,
        fresh: Lot,
        seller: Person,
        now: datetime,
        make_record: MakeRecord[Lot] | None,
        old: tuple[Auction, Auction] | None = None,
    ) -> Lot:
        """One attempt to write a lot, with the `old` one (before, after) that it follows; answers what is there."""
        fresh = replace(fresh, card=replace(fresh.card, seller_public_id=seller.public_id))
        unit = self._store.unit()
        write_publication(unit, fresh, now, again=old is not None)
        unit.require_seller(seller.id, now)
        if old:
            unit.save_auction(*old)
        if make_record:
            unit.record(make_record(fresh))
        try:
            unit.commit()
        except ConditionFailed as refused:
            require_unknown(refused)
            if any(refusal.key == fresh.auction.id for refusal in refused.refusals if refusal.what == "auction"):
                return of_form(self._store.lot(fresh.auction.id, consistent=True), fresh.card.form)
            raise Stale from refused
        return fresh

    def edit(
        self,
        seller_id: int,
        auction_id: str,
        draft: Draft,
        pictures: tuple[str, ...],
        now: datetime,
        card_version: int | None = None,
    ) -> Lot:
        """Change a lot without bids, all but its type and currency. `pictures` are its own and drafts of the seller.

        `card_version`: of the words that the edit began with, None for any. Raises what `require_editor` does, Invalid,
        InvalidFields, Conflict; EditedMeanwhile where there are other words by now; InDebt and SubscriptionRequired
        where the lot would be up for longer, at either end.
        One that has begun goes on where the draft has its duration and no start; else it begins again.
        """

        before: tuple[str, ...] = ()

        def attempt(_: int) -> Lot:
            nonlocal before
            lot = self.require_editor(seller_id, auction_id, now)
            before = lot.card.pictures
            after = editing.edit(lot, draft, pictures, now)
            if after is lot:
                return lot
            if card_version not in (None, lot.card.version):
                raise EditedMeanwhile(lot.card.version)
            is_longer = editing.is_longer(lot, after)
            if is_longer:
                self._seller(seller_id, now)
            self._pictures.link(seller_id, pictures, lot.card.pictures, now)
            unit = self._store.unit()
            unit.save_auction(lot.auction, after.auction)
            unit.save_card(lot.card, after.card)
            if is_longer:
                unit.require_seller(seller_id, now)
            try:
                unit.commit()
            except ConditionFailed as refused:
                raise Stale from refused
            return after

        lot = with_retries(attempt)
        self._closing.watch(lot.auction, now)
        self._watching.follow(lot.auction, now)
        self._pictures.drop(auction_id, seller_id, before, now)
        return lot

    def may_take_down(self, role: Role | None, auction: Auction, now: datetime) -> bool:
        """Whether an operator of this role may cancel a lot of others, and with bids: while it is open."""
        return role is not None and role.has(Right.SUPPORT) and auction.status(now).is_open

    def cancel(
        self,
        person_id: int,
        auction_id: str,
        now: datetime,
        *,
        decision: Decision | None = None,
        make_record: MakeRecord[Closed] | None = None,
    ) -> Closed:
        """The seller without bids; an operator always, by a `decision` whose reason all are told.

        Without a reason an operator's own lot is cancelled as any seller's is. With it ends what waits of the lot's
        reports. Raises NotAllowed, NotYours, Invalid, HasBids, AuctionClosed, NotFound.
        """
        if decision:
            decision.require(Right.SUPPORT)

        def attempt(_: int) -> Closed:
            auction = self._store.auction(auction_id, consistent=True)
            by = decision if decision and (decision.reason or person_id != auction.seller_id) else None
            closed = closing.cancel(auction, person_id, by is not None, (by and by.reason) or NO_REASON, now)
            unit = self._store.unit()
            write_close(unit, auction, closed)
            if by:
                unit.audit(_taken_down(by, auction, now))
                self._reports.settle(unit, auction, Outcome.CANCELLED, by)
            if make_record:
                unit.record(make_record(closed))
            try:
                unit.commit()
            except ConditionFailed as refused:
                require_unknown(refused)
                raise Stale from refused
            return closed

        closed = self._combining.insist(auction_id, attempt)
        if closed.auction.ending is Ending.CLOSING:
            with suppress(Conflict):  # the sweep finds it too
                return replace(closed, auction=self._closing.close(auction_id, now))
        return closed


def _taken_down(by: Decision, auction: Auction, now: datetime) -> AuditEntry:
    subject, before = f"lot/{auction.id}", auction.status(now).value
    return by.entry("cancel-lot", user_id=auction.seller_id, subject=subject, before=before, after="cancelled")
