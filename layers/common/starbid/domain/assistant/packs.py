"""Credits in and out but by answers: bought, given or taken by an operator, withdrawn with their payment."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from starbid.domain.assistant.account import MOST_PACKS, Account, Pack, changed, spend
from starbid.domain.assistant.errors import TooFewCredits, TooManyPacks
from starbid.domain.assistant.terms import PackOffer
from starbid.domain.ledger import REVENUE, Transfer, TransferKind, move, user_account
from starbid.domain.wallet import Wallet

MOST_CHANGE = 100_000
"""Credits that an operator may give or take at once."""


def require_room(account: Account) -> None:
    """Raises TooManyPacks."""
    if len(account.packs) >= MOST_PACKS:
        raise TooManyPacks(MOST_PACKS)


def with_pack(account: Account, pack: Pack) -> Account:
    """With the credits that were bought or given."""
    return changed(account, packs=(*account.packs, pack), granted=account.granted + pack.credits)


def without_credits(account: Account, number: int) -> tuple[Account, tuple[Pack, ...]]:
    """An operator takes credits away, the oldest first; also the packs that this uses up. The reserved one stays.

    Raises TooFewCredits.
    """
    if number > account.credits:
        raise TooFewCredits(account.credits)
    packs, over = spend(
        account.packs, number, aside=account.open.of if account.open and account.open.is_reserved else ""
    )
    return changed(account, packs=packs, spent=account.spent + number), over


@dataclass(frozen=True, slots=True)
class Withdrawn:
    """What becomes of a pack whose payment is taken back: `cost` in Stars for what was used of it."""

    account: Account
    cost: int


def withdrawn(account: Account, pack: Pack) -> Withdrawn:
    """A pack of the account without what is unused of it. One that an open question has reserved counts as used: it is
    being answered.
    """
    reserved = account.open is not None and account.open.is_reserved and account.open.of == pack.id
    counted = replace(pack, used=pack.used + reserved)
    if reserved:
        packs = tuple(replace(each, credits=counted.used) if each.id == pack.id else each for each in account.packs)
    else:
        packs = tuple(each for each in account.packs if each.id != pack.id)
    return Withdrawn(changed(account, packs=packs, withdrawn=account.withdrawn + counted.left), counted.cost_of_used)


def pack_id(user_id: int, request_id: str) -> str:
    """The transfer that pays for a pack from the wallet, once for each request."""
    return f"pack:{user_id}:{request_id}"


def pack_from_wallet(wallet: Wallet, offer: PackOffer, request_id: str, now: datetime) -> tuple[Pack, Transfer]:
    """Bought Stars are spent first, as with any spending (spec, section 2)."""
    user_id, price, bought = wallet.user_id, offer.price, wallet.out_of_bought(offer.price)
    transfer = move(
        pack_id(user_id, request_id),
        TransferKind.PACK,
        user_id,
        now,
        {user_account(user_id): -price, REVENUE: price},
        bought=str(-bought.amount),
        credits=str(offer.credits),
    )
    return Pack(transfer.id, offer.credits, offer.stars, now), transfer
