"""The check of the invariants finds what it is there to find."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.auction import Ending
from starbid.domain.ledger import ESCROW, Entry, Transfer, TransferKind, source_account, user_account
from starbid.domain.payments import ChargeState
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, market, put_up, xtr
from tests.support.invariants import dump_of, violations
from tests.support.memory_tables import Tables


def busy() -> tuple[Tables, str, str]:
    """A store with a lot sold to ANNA, and one that CLARA leads after BORIS."""
    app, sold = market(bid_step=10)
    app.bidding.bid(sold.auction.id, ANNA, 500, app.now())
    app.clock.forward(hours=1, seconds=2)
    app.closing.close(sold.auction.id, app.now())
    live = put_up(app)
    app.bidding.bid(live.auction.id, BORIS, 200, app.now())
    app.bidding.bid(live.auction.id, CLARA, 300, app.now())
    app.dealing.deliver(SELLER, sold.auction.id, "x", app.now())
    app.dealing.confirm(ANNA, sold.auction.id, app.now())
    assert violations(dump_of(app.store)) == []
    return app.store.tables, sold.auction.id, live.auction.id


def found(tamper: Callable[[Tables, str, str], Any]) -> set[str]:
    """The numbers of the invariants that `tamper` broke."""
    app, _ = market()
    tables, sold, live = busy()
    tamper(tables, sold, live)
    app.store.tables = tables
    return {violation.partition(":")[0] for violation in violations(dump_of(app.store))}


def change(table: str, key: object, **changes: Any) -> Callable[[Tables, str, str], None]:
    """Change one item; `key` may be "sold" or "live", or part of it in a tuple."""

    def tamper(tables: Tables, sold: str, live: str) -> None:
        names = {"sold": sold, "live": live}
        items = getattr(tables, table)
        if isinstance(key, tuple):
            real: object = tuple(names.get(part, part) for part in key)
        else:
            real = names.get(str(key), key)
        items[real] = replace(items[real], **changes)

    return tamper


def drop(table: str, key: str) -> Callable[[Tables, str, str], None]:
    return lambda tables, sold, live: getattr(tables, table).pop(key.format(sold=sold, live=live))


def add_transfer(transfer_id: str) -> Callable[[Tables, str, str], None]:
    """A transfer that is balanced in itself and has no business being there."""

    def tamper(tables: Tables, sold: str, live: str) -> None:
        any_one = next(iter(tables.transfers.values()))
        entries = (Entry(user_account(ANNA), xtr(-5)), Entry(source_account("stars"), xtr(5)))
        real = transfer_id.format(sold=sold, charge=next(iter(tables.charges)))
        tables.transfers[real] = Transfer(real, TransferKind.ADJUSTMENT, ANNA, any_one.at, entries)

    return tamper


def unbalanced(tables: Tables, sold: str, live: str) -> None:
    sale = tables.transfers[f"sale:{sold}"]
    object.__setattr__(sale, "entries", (Entry(user_account(ANNA), xtr(-100)), Entry(ESCROW, xtr(99))))


def refunded_without_a_transfer(tables: Tables, sold: str, live: str) -> None:
    charge_id = next(iter(tables.charges))
    tables.charges[charge_id] = replace(tables.charges[charge_id], state=ChargeState.REFUNDED)


TAMPERINGS: dict[str, tuple[Callable[[Tables, str, str], Any], str]] = {
    "money out of nothing": (unbalanced, "1"),
    "an overdrawn wallet": (change("wallets", (BORIS, "XTR"), available=xtr(-1)), "2"),
    "a hold that backs nothing": (change("wallets", (BORIS, "XTR"), held=xtr(200), available=xtr(9_800)), "3"),
    "a leader without a hold": (change("wallets", (CLARA, "XTR"), held=xtr(0), available=xtr(10_000)), "3"),
    "a second hold": (change("bids", ("live", 2), outbid_id=None, released=None), "6"),
    "a hold released twice over": (change("bids", ("live", 2), released=xtr(400)), "6"),
    "a lost bid": (lambda tables, sold, live: tables.bids.pop((live, 1)), "4"),
    "a leader out of nowhere": (change("auctions", "live", leader_id=BORIS), "4"),
    "a price out of nowhere": (change("auctions", "live", price=xtr(777)), "4"),
    "a refund without a transfer": (refunded_without_a_transfer, "5"),
    "a refund nobody booked": (add_transfer("refund:{charge}:1"), "5"),
    "a credit of nothing": (add_transfer("stars:made-up"), "5"),
    "a fee that is not what was agreed": (change("deals", "sold", fee=xtr(7)), "7"),
    "a seller who was not paid": (drop("transfers", "release:{sold}"), "7"),
    "a wallet that the ledger does not explain": (change("wallets", (BORIS, "XTR"), available=xtr(10_001)), "8"),
    "a debt that the ledger does not explain": (change("wallets", (BORIS, "XTR"), owed=xtr(1)), "8"),
    "a settlement that the ledger does not know": (change("wallets", (BORIS, "XTR"), offsets=1), "8"),
    "a sale without its deal": (drop("deals", "{sold}"), "9"),
    "a sale that is no sale": (change("auctions", "sold", ending=Ending.UNSOLD), "9"),
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_the_check_finds(name: str) -> None:
    tamper, number = TAMPERINGS[name]
    assert number in found(tamper)
