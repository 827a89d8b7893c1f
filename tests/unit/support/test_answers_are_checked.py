"""The check of the helper's answers finds what it is there to find."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from starbid.domain.assistant.account import Account, Pack
from starbid.domain.ledger import Entry, source_account, user_account
from tests.support.desk import decision
from tests.support.factories import ANNA, xtr
from tests.support.fakes import FakeApp
from tests.support.invariants import dump_of, violations
from tests.support.memory_tables import Tables
from tests.support.packs import ask, ask_and_answer, pay_pack, with_helper


def busy() -> FakeApp:
    """ANNA has a pack of which one answer is used and one reserved, one that was taken back half used, one out of the
    wallet and one that was given.
    """
    app = with_helper(stars=200)
    pay_pack(app, charge_id="back")
    ask_and_answer(app, 5)
    app.refunding.taken_back(ANNA, "back", "", 20, "XTR", app.now())
    pay_pack(app, charge_id="p1")
    app.buying.buy(ANNA, 50, "r1", app.now())
    app.buying.change(ANNA, 7, decision(app))
    ask_and_answer(app)
    ask(app)
    assert violations(dump_of(app.store)) == []
    return app


def account(**changes: Any) -> Callable[[Tables], None]:
    def tamper(tables: Tables) -> None:
        tables.accounts[ANNA] = replace(tables.accounts[ANNA], **changes)

    return tamper


def packs(change: Callable[[Account], tuple[Pack, ...]]) -> Callable[[Tables], None]:
    """What changes in the packs is told in the sums too: only their payments know better."""

    def tamper(tables: Tables) -> None:
        before = tables.accounts[ANNA]
        after = change(before)
        lost = sum(pack.left for pack in before.packs) - sum(pack.left for pack in after)
        tables.accounts[ANNA] = replace(before, packs=after, spent=before.spent + lost)

    return tamper


def forgotten(tables: Tables) -> None:
    for name in [name for name in tables.events if name.startswith("credits-changed")]:
        del tables.events[name]


def cheap(tables: Tables) -> None:
    """The books add up, and what was used cost one Star less."""
    refund = tables.transfers["refund:back:1"]
    lines = [replace(e, change=e.change + xtr(1)) if e.account == user_account(ANNA) else e for e in refund.entries]
    lines = [replace(e, change=e.change - xtr(1)) if e.account == "platform:revenue" else e for e in lines]
    object.__setattr__(refund, "entries", tuple(lines))
    wallet = tables.wallets[ANNA, "XTR"]
    tables.wallets[ANNA, "XTR"] = replace(wallet, available=wallet.available + xtr(1), bought=wallet.bought + xtr(1))


TAMPERINGS: dict[str, Callable[[Tables], None]] = {
    "an answer out of nothing": account(granted=78),
    "an answer that was never counted": account(spent=5),
    "a gift that nobody gave": forgotten,
    "a pack that was paid for and is not there": packs(lambda account: account.packs[1:]),
    "a pack that is used up and stays": packs(lambda account: (replace(account.packs[0], used=10), *account.packs[1:])),
    "a reserved answer that is not there": packs(
        lambda account: tuple(pack for pack in account.packs if pack.id != "stars:p1")
    ),
    "a pack that cost another price": packs(lambda account: (replace(account.packs[0], price=1), *account.packs[1:])),
    "used answers that cost less": cheap,
}


@pytest.mark.parametrize("name", TAMPERINGS)
def test_the_check_finds(name: str) -> None:
    app = busy()
    TAMPERINGS[name](app.store.tables)
    assert "15" in {violation.partition(":")[0] for violation in violations(dump_of(app.store))}


def test_what_was_bought_directly_and_taken_back_counts_against_what_was_bought() -> None:
    app = busy()
    wallet = app.store.tables.wallets[ANNA, "XTR"]
    app.store.tables.wallets[ANNA, "XTR"] = replace(wallet, bought=wallet.bought + xtr(10))
    assert {violation.partition(":")[0] for violation in violations(dump_of(app.store))} == {"12"}


def test_a_payment_that_left_money_behind_is_found() -> None:
    app = busy()
    credit = app.store.tables.transfers["stars:p1"]
    entries = (Entry(source_account("stars"), xtr(-20)), Entry(user_account(ANNA), xtr(20)))
    object.__setattr__(credit, "entries", entries)
    found = {violation.partition(":")[0] for violation in violations(dump_of(app.store))}
    assert {"8", "13"} <= found
