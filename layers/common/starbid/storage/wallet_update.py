"""What an action does to a wallet's item, as an update expression with its conditions."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from starbid.domain.wallet import Stake, Wallet
from starbid.services.ports import Standing
from starbid.storage import rows
from starbid.storage.codec import Item

_CONDITIONS: Mapping[Standing, tuple[str, Item]] = {
    Standing.CLEAR: ("(attribute_not_exists(owed) OR owed = :nothing)", {":nothing": 0}),
    Standing.GOOD: (
        "(attribute_not_exists(blocked) OR blocked = :no) AND (attribute_not_exists(owed) OR owed = :nothing)",
        {":no": False, ":nothing": 0},
    ),
    Standing.SOLVENT: (
        "(attribute_not_exists(owed) OR owed = :nothing OR owed <= available)",
        {":nothing": 0},
    ),
    Standing.OWING: (
        "(owed > available OR (attribute_not_exists(available) AND owed > :nothing))",
        {":nothing": 0},
    ),
}


def condition_of(standing: Standing) -> tuple[str, Item]:
    """What has to hold of a wallet's item, and the values that it names; KeyError for ANY."""
    return _CONDITIONS[standing]


def free_to_bid(at: datetime) -> tuple[str, Item]:
    """That its owner is not barred from bids at that moment."""
    return "(attribute_not_exists(no_bids_until) OR no_bids_until <= :bids_at)", {":bids_at": rows.ms(at)}


class WalletUpdate:
    """Adds `changes` to balances, of which one that falls must stay at zero or above; `bought` may become negative."""

    def __init__(self, changes: Mapping[str, int], bought: int = 0) -> None:
        added = {name: change for name, change in {**changes, "bought": bought}.items() if change}
        falling = {name: -change for name, change in changes.items() if change < 0}
        self.is_nothing = not added
        self.names: dict[str, dict[str, str]] = {}
        self._parts = ["ADD " + ", ".join(f"{name} :add_{name}" for name in added)]
        self._conditions = [f"{name} >= :least_{name}" for name in falling]
        self.values: Item = {f":add_{name}": change for name, change in added.items()}
        self.values |= {f":least_{name}": least for name, least in falling.items()}

    @property
    def expression(self) -> str:
        return " ".join(self._parts)

    @property
    def condition(self) -> str:
        return " AND ".join(self._conditions)

    def require(self, condition: str, values: Item) -> None:
        self._conditions.append(condition)
        self.values |= values

    def require_standing(self, standing: Standing) -> None:
        if standing is not Standing.ANY:
            self.require(*condition_of(standing))

    def require_money(self, needed: int) -> None:
        """So much is available before the update."""
        if needed > 0:  # a wallet that is not there has nothing, and nothing is asked of it
            self.require("available >= :needed", {":needed": needed})

    def require_same(self, name: str, was: int) -> None:
        """That balance is still `was`."""
        absent = f"attribute_not_exists({name}) OR " if was == 0 else ""
        self.require(f"({absent}{name} = :{name})", {f":{name}": was})

    def require_as_read(self, wallet: Wallet) -> None:
        """Its money is what it was, and nothing is owed."""
        for name, money in (("bought", wallet.bought), ("available", wallet.available), ("held", wallet.held)):
            self.require_same(name, money.amount)
        self.require_standing(Standing.CLEAR)

    def require_offsets(self, number: int) -> None:
        """There were `number` offsets so far."""
        if number:
            self.require("offsets = :offsets", {":offsets": number})
        else:
            self.require("attribute_not_exists(offsets)", {})

    def stake(self, stake: Stake) -> None:
        """The sealed bid on a lot goes from what it was to what it becomes."""
        self.names = {"ExpressionAttributeNames": {"#stake": rows.STAKE + stake.auction_id}}
        if stake.before:
            self.require("#stake = :staked", {":staked": stake.before.amount})
        else:
            self.require("attribute_not_exists(#stake)", {})
        self._parts.append("SET #stake = :stake" if stake.after else "REMOVE #stake")
        self.values |= {":stake": stake.after.amount} if stake.after else {}
