"""The nine invariants of money (spec, section 2), checked on a dump of all items of any store.

A tenth is about people: their reputation is what their deals gave. An eleventh is about the logs of bids, a twelfth
about bought money that may be refunded, a thirteenth about what a payment bought and took with it, a fourteenth about
payouts, a fifteenth about the answers of the AI helper.

assert_invariants(dump_of(app.store))                       # the in-memory store
assert_invariants(Dump(wallets=[...], auctions=[...], ...)) # items read from a real one
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import fields

from starbid.domain.auction import BidKind, Ending
from starbid.domain.deal_ratings import may_count
from starbid.domain.deals import DealState
from starbid.domain.ledger import ESCROW, REVENUE, receivable_account, user_account
from starbid.domain.payments import ChargeState, Provider
from starbid.domain.people import Reputation

from .books import Books, Dump, is_sold
from .bought import what_was_bought_is_known
from .credited import answers_are_what_was_paid_for
from .holds import held_is_what_backs_bids, logs_are_sound, rows_tell_of_holds
from .memory_store import FakeStore
from .paid_out import payouts_have_their_money
from .undone import what_was_bought_goes_with_its_payment

__all__ = ["Dump", "assert_invariants", "dump_of", "violations"]

CREDITS = tuple(Provider)
"""What the ids of credits begin with."""
ENDINGS = ("sold", "unsold", "cancelled")


def dump_of(store: FakeStore) -> Dump:
    """Everything the in-memory store holds."""
    tables = store.tables.snapshot()
    return Dump(**{table.name: list(getattr(tables, table.name).values()) for table in fields(Dump)})


def assert_invariants(dump: Dump, *, in_order: bool = True) -> None:
    """Fails and names every violation. `in_order`: the dump's transfers are in the order of booking."""
    found = violations(dump, in_order=in_order)
    assert not found, "\n".join(found)


def violations(dump: Dump, *, in_order: bool = True) -> list[str]:
    """The violations, one sentence each; empty if there are none."""
    books = Books(dump, in_order=in_order)
    checks = (
        _accounts_add_up,
        _nothing_is_negative,
        held_is_what_backs_bids,
        rows_tell_of_holds,
        _charges_count_once,
        _deals_add_up,
        _ledger_rebuilds_wallets,
        what_was_bought_is_known,
        what_was_bought_goes_with_its_payment,
        _endings_have_their_money,
        _counters_are_what_deals_say,
        logs_are_sound,
        payouts_have_their_money,
        answers_are_what_was_paid_for,
    )
    return [violation for check in checks for violation in check(books)]


def _accounts_add_up(books: Books) -> Iterator[str]:
    """1: the sum over all accounts of a currency is 0."""
    totals: Counter[str] = Counter()
    for (_, currency), balance in books.balances.items():
        totals[currency] += balance
    yield from (f"1: the accounts in {currency} sum up to {total}" for currency, total in totals.items() if total)


def _nothing_is_negative(books: Books) -> Iterator[str]:
    """2: available >= 0, held >= 0, owed >= 0."""
    for wallet in books.wallets:
        for name, amount in (("available", wallet.available), ("held", wallet.held), ("owed", wallet.owed)):
            if amount.amount < 0:
                yield f"2: {name} of {wallet.user_id} is {amount.amount} {amount.currency}"


def _charges_count_once(books: Books) -> Iterator[str]:
    """5: each charge is credited exactly once and refunded at most once."""
    kinds: Counter[tuple[str, str]] = Counter()
    for transfer_id in books.transfers:
        kind, _, rest = transfer_id.partition(":")
        kinds[kind, rest if kind in CREDITS else rest.rpartition(":")[0]] += 1
    known = {charge.id for charge in books.charges}
    for kind, charge_id in kinds:
        if kind in (*CREDITS, "refund", "refund-undone") and charge_id not in known:
            yield f"5: {kind} of {charge_id}, which nobody paid"
    for charge in books.charges:
        credited = kinds[charge.provider.value, charge.id]
        refunded = kinds["refund", charge.id] - kinds["refund-undone", charge.id]
        if credited != 1:
            yield f"5: {charge.id} was credited {credited} times"
        if refunded != (charge.state is not ChargeState.CREDITED):
            yield f"5: {charge.id} is {charge.state} and was refunded {refunded} times"


def _deals_add_up(books: Books) -> Iterator[str]:
    """7: the buyer's debit = the seller's credit + the fee; the prices of running deals are in escrow."""
    escrow: Counter[str] = Counter()
    for deal in books.deals.values():
        price, lot = deal.price.amount, deal.auction_id
        paid = books.moved(f"release:{lot}", user_account(deal.seller_id))
        fee = books.moved(f"release:{lot}", REVENUE)
        back = books.moved(f"return:{lot}", user_account(deal.buyer_id))
        if books.moved(f"sale:{lot}", user_account(deal.buyer_id)) != -price:
            yield f"7: the buyer of {lot} was not debited {price}"
        if deal.state is DealState.COMPLETED:
            if (paid, fee, back) != (price - deal.fee.amount, deal.fee.amount, None):
                yield f"7: {lot} was sold for {price}, the seller got {paid}, the fee was {fee}, back went {back}"
        elif deal.state is DealState.REFUNDED:
            if (paid, fee, back) != (None, None, price):
                yield f"7: {lot} was returned for {price}, the seller got {paid}, the fee was {fee}, back went {back}"
        else:
            escrow[deal.price.currency] += price
            if (paid, back) != (None, None):
                yield f"7: {lot} is under way, the seller got {paid}, back went {back}"
    for currency in {currency for _, currency in books.balances}:
        if books.balances[ESCROW, currency] != escrow[currency]:
            yield f"7: escrow holds {books.balances[ESCROW, currency]} {currency}, the deals say {escrow[currency]}"


def _ledger_rebuilds_wallets(books: Books) -> Iterator[str]:
    """8: balances rebuilt from the ledger equal the stored ones."""
    stored: Counter[tuple[str, str]] = Counter()
    for wallet in books.wallets:
        own = wallet.available.amount + wallet.held.amount
        stored[user_account(wallet.user_id), wallet.currency] = own
        stored[receivable_account(wallet.user_id), wallet.currency] = -wallet.owed.amount
    rebuilt = {key: sum_ for key, sum_ in books.balances.items() if key[0].startswith(("user:", "receivable:"))}
    for key in stored.keys() | rebuilt.keys():
        if stored[key] != rebuilt.get(key, 0):
            yield f"8: {key} is stored as {stored[key]}, the ledger says {rebuilt.get(key, 0)}"
    for wallet in books.wallets:
        name = f"offset-debt:{wallet.user_id}:{wallet.currency}:"
        numbers = {int(key.removeprefix(name)) for key in books.transfers if key.startswith(name)}
        if numbers != set(range(1, wallet.offsets + 1)):
            yield f"8: {wallet.user_id} counts {wallet.offsets} offsets, the ledger has {sorted(numbers)}"


def _endings_have_their_money(books: Books) -> Iterator[str]:
    """9: money and the lot's state change together: sold lots have a deal and their price in escrow, others neither."""
    for auction in books.auctions:
        sold = is_sold(auction)
        deal = books.deals.get(auction.id)
        captured = books.moved(f"sale:{auction.id}", ESCROW)
        if (deal is not None, captured is not None) != (sold, sold):
            yield f"9: {auction.id} is {auction.ending}, its deal is {deal}, captured {captured}"
        elif deal and (deal.buyer_id, deal.price, captured) != (auction.leader_id, auction.price, deal.price.amount):
            yield f"9: {auction.id} was sold to {auction.leader_id} at {auction.price}, its deal is {deal}"
        rows = books.bids[auction.id]
        if any(row.kind is BidKind.BUY for row in rows[:-1]) or (not sold and rows and rows[-1].kind is BidKind.BUY):
            yield f"9: {auction.id} was bought and went on"
        told = {name for name in ENDINGS if books.events is not None and f"{name}:{auction.id}" in books.events}
        if books.events is not None and told != ({auction.ending.value} if auction.is_final else set()):
            yield f"9: {auction.id} is {auction.ending}, and told is {told}"
        if (auction.ending is Ending.CLOSING) != (auction.outcome is not None and auction.released_from is not None):
            yield f"9: {auction.id} is {auction.ending}, its outcome is {auction.outcome}"


def _counters_are_what_deals_say(books: Books) -> Iterator[str]:
    """10: a person's counters are what their deals gave, each once, without hidden ratings; nothing of who left.

    One deal counts for each pair of people, and none below 20 whole units.
    """
    given: Counter[tuple[int, str]] = Counter()
    counted = Counter(frozenset((deal.seller_id, deal.buyer_id)) for deal in books.deals.values() if deal.counts)
    yield from (f"10: {number} deals of {sorted(pair)} count" for pair, number in counted.items() if number > 1)
    for deal in books.deals.values():
        if deal.state is not DealState.COMPLETED:
            if deal.counts:
                yield f"10: {deal.auction_id} counts, and is {deal.state}"
            continue
        if deal.counts and not may_count(deal):
            yield f"10: {deal.auction_id} counts at {deal.price}"
        if not deal.counts:
            continue
        given.update([(deal.seller_id, "sold"), (deal.buyer_id, "bought")])
        if deal.due_at is not None and len(deal.ratings) != 1:
            yield f"10: {deal.auction_id} hides {len(deal.ratings)} ratings"
        for rating in deal.ratings if deal.due_at is None else ():
            whom, side = (deal.buyer_id, "buyer") if rating.by_seller else (deal.seller_id, "seller")
            given.update({(whom, f"{side}_stars"): rating.stars, (whom, f"{side}_ratings"): 1})
    for person in books.people:
        counters = {name: given[person.id, name] for name in Reputation().counters()}
        expected = Reputation() if person.left_at else Reputation(**counters)
        if person.reputation != expected:
            yield f"10: {person.id} has {person.reputation}, the deals say {expected}"
