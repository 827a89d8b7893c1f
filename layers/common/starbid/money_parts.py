"""What concerns money, wired: a part of `bootstrap.App`."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starbid.adapters import Adapters
from starbid.observability import provider_trouble

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from collections.abc import Mapping

    from starbid.domain.payments import Provider
    from starbid.services.balance_days import BalanceHistory
    from starbid.services.billing.bill_review import BillReview
    from starbid.services.billing.charge_review import ChargeReview
    from starbid.services.billing.difference_booking import DifferenceBooking
    from starbid.services.billing.differences import Differences
    from starbid.services.billing.gifts import Gifts
    from starbid.services.billing.pack_payments import PackPayments
    from starbid.services.billing.paying import Paying
    from starbid.services.billing.payout_review import PayoutReview
    from starbid.services.billing.payouts import Payouts
    from starbid.services.billing.proving import Proving
    from starbid.services.billing.reconciling import Reconciling
    from starbid.services.billing.refund_requests import RefundRequests
    from starbid.services.billing.refunding import Refunding
    from starbid.services.billing.renewing import Renewing
    from starbid.services.billing.settling import Settling
    from starbid.services.billing.telegram_top_ups import TelegramTopUps
    from starbid.services.billing.top_ups import TopUps
    from starbid.services.debts import Debts
    from starbid.services.limits import Limits
    from starbid.services.own_stars import OwnStars
    from starbid.services.ports import PaymentGateway
    from starbid.services.statements import Statements


class MoneyParts(Adapters):
    """Payments, bills, refunds, payouts, debts, statements. Each part is made when it is first asked for."""

    @cached_property
    def debts(self) -> Debts:
        from starbid.services.debts import Debts

        return Debts(self.store)

    @cached_property
    def statements(self) -> Statements:
        from starbid.services.statements import Statements

        return Statements(self.store, self.settings.business.deal_times)

    @cached_property
    def balance_history(self) -> BalanceHistory:
        from starbid.services.balance_days import BalanceHistory

        return BalanceHistory(self.store)

    @cached_property
    def gateways(self) -> Mapping[Provider, PaymentGateway]:
        from starbid.domain.payments import Provider

        return {Provider.STARS: self.stars}

    @cached_property
    def paying(self) -> Paying:
        from starbid.services.billing.paying import Paying

        return Paying(self.store, self.settings.business, self.pack_payments, lambda: self.settings.signing_key)

    @cached_property
    def pack_payments(self) -> PackPayments:
        from starbid.services.billing.pack_payments import PackPayments

        return PackPayments(self.questions, self.settings.business)

    @cached_property
    def refunding(self) -> Refunding:
        from starbid.services.billing.refunding import Refunding

        return Refunding(self.store, self.gateways, self.stars, self.paying, self.pack_payments)

    @cached_property
    def limits(self) -> Limits:
        from starbid.services.limits import Limits

        return Limits(self.allowances)

    @cached_property
    def refund_requests(self) -> RefundRequests:
        from starbid.services.billing.refund_requests import RefundRequests

        return RefundRequests(self.store, self.desk, self.refunding, self.limits)

    @cached_property
    def renewing(self) -> Renewing:
        from starbid.services.billing.renewing import Renewing

        return Renewing(self.store, self.stars)

    @cached_property
    def own_stars(self) -> OwnStars:
        from starbid.services.own_stars import OwnStars

        return OwnStars(self.store, self.stars)

    @cached_property
    def reconciling(self) -> Reconciling:
        from starbid.services.billing.reconciling import Reconciling

        places, claims = self.reconciled_places, self.claims
        return Reconciling(self.store, places, claims, self.stars, self.paying, self.refunding, self.gifts)

    @cached_property
    def payouts(self) -> Payouts:
        from starbid.services.billing.payouts import Payouts

        return Payouts(self.store, self.settings.business)

    @cached_property
    def payout_review(self) -> PayoutReview:
        from starbid.services.billing.payout_review import PayoutReview

        return PayoutReview(self.store)

    @cached_property
    def gifts(self) -> Gifts:
        from starbid.services.billing.gifts import Gifts

        return Gifts(self.store, self.stars, self.claims, self.payouts)

    @cached_property
    def settling(self) -> Settling:
        from starbid.services.billing.settling import Settling

        return Settling(self.store, self.bill_gateways, self.scheduler, provider_trouble)

    @cached_property
    def top_ups(self) -> TopUps:
        from starbid.services.billing.top_ups import TopUps

        business = self.settings.business
        return TopUps(self.store, self.bill_gateways, self.settling, self.claims, business)

    @cached_property
    def telegram_top_ups(self) -> TelegramTopUps:
        from starbid.services.billing.telegram_top_ups import TelegramTopUps

        return TelegramTopUps(self.store, self.settling)

    @cached_property
    def charge_review(self) -> ChargeReview:
        from starbid.services.billing.charge_review import ChargeReview

        return ChargeReview(self.store, self.refunding, self.gifts)

    @cached_property
    def differences(self) -> Differences:
        from starbid.services.billing.differences import Differences

        return Differences(self.store, self.desk, self.scheduler)

    @cached_property
    def difference_booking(self) -> DifferenceBooking:
        from starbid.services.billing.difference_booking import DifferenceBooking

        return DifferenceBooking(self.store, self.stars, self.differences, self.paying, self.refunding)

    @cached_property
    def proving(self) -> Proving:
        from starbid.services.billing.proving import Proving

        return Proving(self.store)

    @cached_property
    def bill_review(self) -> BillReview:
        from starbid.services.billing.bill_review import BillReview

        return BillReview(self.store, self.settling, self.refunding)
