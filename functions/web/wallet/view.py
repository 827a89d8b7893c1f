"""The wallet in words: what is there, what is held for which lot, what has moved."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from starbid import deal_words, ledger_words
from starbid.domain.auction import Status
from starbid.domain.deals import DealTimes
from starbid.domain.money import DEFAULT_CURRENCY, Money
from starbid.domain.sentences import Sentence
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.auctions.browsing import MyBid
from starbid.services.settings import Business
from starbid.services.statements import Movement, Statement
from web.kernel.http import path_with
from web.shared import amounts
from web.shared.names import currency_name
from web.shared.steps import top_up_page


@dataclass(frozen=True)
class Hold:
    auction_id: str
    title: str
    amount: Money


@dataclass(frozen=True)
class Line:
    """A movement. `auction_id` where it belongs to a lot, `sum` where its amount is a price without a fee."""

    text: str
    sum: str
    at: datetime
    change: Money
    auction_id: str | None


@dataclass(frozen=True)
class OnItsWay:
    """An open deal: what it waits for, and what follows. `amount`: what reaches the seller, or what the buyer paid."""

    auction_id: str
    title: str
    waits: Sentence
    then: Sentence | None
    amount: Money
    sum: str


@dataclass(frozen=True)
class Balance:
    """A wallet, and beside it what is on its way in its currency."""

    wallet: Wallet
    to_come: Money
    in_escrow: Money


@dataclass(frozen=True)
class WayIn:
    """The button that tops up the wallet of a currency; `name` is the currency's."""

    currency: str
    name: str
    label: str
    url: str


def offset_of(before: Iterable[Wallet], after: Iterable[Wallet]) -> tuple[Money, ...]:
    """What has just gone to a debt, wallet by wallet."""
    return tuple(old.owed - new.owed for old, new in zip(before, after, strict=True) if new.owed < old.owed)


def holds(mine: Iterable[MyBid]) -> tuple[Hold, ...]:
    """What backs the lots that the person leads."""
    leading = (bid.view for bid in mine if bid.view.you_lead and bid.view.status in (Status.LIVE, Status.CLOSING))
    return tuple(
        Hold(view.lot.auction.id, view.lot.card.title, view.your_maximum) for view in leading if view.your_maximum
    )


def balances(wallets: Sequence[Wallet], statement: Statement, user_id: int) -> tuple[Balance, ...]:
    """Every wallet, and what is on its way."""
    return tuple(
        Balance(wallet, statement.to_come(wallet.currency), statement.in_escrow(wallet.currency))
        for wallet in statement.wallets(wallets, user_id)
    )


def main_currency(used: Iterable[Wallet]) -> str:
    """The currency shown first under "Activity": Stars, except where the person has only had other money."""
    codes = sorted(wallet.currency for wallet in used)
    return DEFAULT_CURRENCY if DEFAULT_CURRENCY in codes or not codes else codes[0]


def with_offered(wallets: Iterable[Wallet], business: Business, user_id: int) -> tuple[Wallet, ...]:
    """The wallets, and an empty one in the currency that bills bring in here."""
    there, offered = tuple(wallets), business.bills.currency
    if not business.offers_bills or offered in {wallet.currency for wallet in there}:
        return there
    return (*there, Wallet.empty(user_id, offered))


def ways_in(wallets: Iterable[Wallet], business: Business, words: Language) -> tuple[WayIn, ...]:
    """How each wallet is topped up, where it can be; first of all by what is owed in it."""
    return tuple(_way_in(wallet, words) for wallet in wallets if business.purchase_of(Money(1, wallet.currency)))


def _way_in(wallet: Wallet, words: Language) -> WayIn:
    page, name = top_up_page(wallet.currency), currency_name(wallet.currency, words)
    if not wallet.owed:
        return WayIn(wallet.currency, name, words._("Top up"), page)
    label = words._("Settle {amount}", amount=words.money(wallet.owed))
    return WayIn(wallet.currency, name, label, path_with(page, amount=amounts.typed(wallet.owed), next="/wallet"))


def coming(statement: Statement, times: DealTimes, words: Language) -> tuple[OnItsWay, ...]:
    """What the person has sold."""
    return tuple(
        OnItsWay(
            deal.auction_id, each.title, deal_words.waits(deal, each.stands, is_buyer=False),
            deal_words.arrives(deal, each.stands, times), deal.payout,
            ledger_words.price_and_fee(deal.price, deal.fee, words),
        )
        for each in statement.coming for deal in (each.deal,)
    )  # fmt: skip


def spent(statement: Statement) -> tuple[OnItsWay, ...]:
    """What the person has bought."""
    return tuple(
        OnItsWay(
            deal.auction_id, each.title, deal_words.waits(deal, each.stands, is_buyer=True),
            deal_words.then(deal, each.stands, is_buyer=True), deal.price, "",
        )
        for each in statement.spent for deal in (each.deal,)
    )  # fmt: skip


def line(moved: Movement, words: Language) -> Line:
    """A line of the list of movements."""
    transfer = moved.transfer
    return Line(
        text=ledger_words.movement_about(transfer.kind, moved.title, words),
        sum=ledger_words.price_and_fee(transfer.change + moved.fee, moved.fee, words),
        at=transfer.at,
        change=transfer.change,
        auction_id=moved.auction_id,
    )
