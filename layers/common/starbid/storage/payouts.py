"""Payouts in DynamoDB: rows `payout#<id>` of the payments table, in `by_owner` and, while they are open, in `due`."""

from __future__ import annotations

from datetime import datetime

from starbid.domain.money import Money
from starbid.domain.payable import Had
from starbid.domain.payouts import SENT_AGAIN_AFTER, Method, Payout, PayoutState
from starbid.domain.wallet import Wallet
from starbid.services.ports import Page
from starbid.storage import rows
from starbid.storage.codec import Item, encode
from starbid.storage.reading import Reader
from starbid.storage.rows import at, ms
from starbid.storage.unit_parts import Parts, wallet_key
from starbid.storage.wallet_update import WalletUpdate

_PREFIX = "payout#"


class PayoutReads(Reader):
    """The part of `ports.Store` about payouts."""

    def payout(self, payout_id: str) -> Payout | None:
        item = self.get("payments", _key(payout_id), consistent=True)
        return payout_from(item) if item else None

    def payouts_of(self, user_id: int, *, limit: int = 20, cursor: str | None = None) -> Page[Payout]:
        items, following = self.page("payments", {"owner": _owner(user_id)}, limit, cursor, index="by_owner")
        return Page(tuple(payout_from(item) for item in items), following)

    def payouts_to_review(self, now: datetime, limit: int) -> list[Payout]:
        due = list(self.due("payments", rows.shards("payout"), ms(now), limit * rows.SHARDS))
        keys = [{"payment_id": item["payment_id"]} for item in sorted(due, key=lambda item: item["due_at"])[:limit]]
        items = self.get_many({"payments": keys}, consistent={"payments"})["payments"] if keys else []
        waiting = (payout for payout in map(payout_from, items) if _queue(payout)[0] == "payout")
        return sorted(waiting, key=lambda payout: payout.created_at)

    def due_gifts(self, now: datetime, limit: int) -> list[str]:
        due = self.due("payments", rows.shards("sending"), ms(now), limit)
        return [item["payment_id"].removeprefix(_PREFIX) for item in due][:limit]


class PayoutVerbs(Parts):
    """The part of `ports.Unit` about payouts."""

    def add_payout(self, payout: Payout) -> None:
        action = {"Item": encode(payout_item(payout))}
        self._add("payout", payout.id, "payments", "Put", action, "attribute_not_exists(payment_id)", {}, payout_from)

    def save_payout(self, before: Payout, after: Payout) -> None:
        action, values = {"Item": encode(payout_item(after))}, {":version": before.version}
        self._add("payout", after.id, "payments", "Put", action, "version = :version", values, payout_from)

    def take_payout(self, before: Wallet, amount: Money, bought: Money) -> None:
        update = WalletUpdate({"available": -amount.amount}, -bought.amount)
        update.require_as_read(before)
        user_id, key = before.user_id, wallet_key(before.user_id, before.currency)
        action = {"Key": key, "UpdateExpression": update.expression}
        self._add(
            "wallet", str(user_id), "wallets", "Update", action, update.condition, update.values, rows.wallet_from
        )


def payout_item(payout: Payout) -> Item:
    """In the index of what is due an operator's work has the shards `payout`, a gift on its way has `sending`."""
    queue, due_at = _queue(payout)
    return {
        **_key(payout.id),
        "owner": _owner(payout.user_id),
        "created_at": ms(payout.created_at),
        "user_id": payout.user_id,
        "amount": payout.amount.amount,
        "currency": payout.amount.currency,
        "method": payout.method.value,
        "details": payout.details or None,
        "state": payout.state.value,
        "bought": payout.bought or None,
        "had": payout.had.all.amount,
        "had_bought": payout.had.bought.amount,
        "reason": payout.reason or None,
        "decided_by": payout.decided_by,
        "decided_at": _ms(payout.decided_at),
        "tried_first": _ms(payout.tried_first),
        "tried_at": _ms(payout.tried_at),
        "transaction_id": payout.transaction_id or None,
        "ended_at": _ms(payout.ended_at),
        "version": payout.version,
        "due_shard": rows.shard(queue, payout.id) if queue else None,
        "due_at": _ms(due_at),
        **rows.month_keys(payout.created_at, _PREFIX + payout.id),
    }


def payout_from(item: Item) -> Payout:
    return Payout(
        id=item["payment_id"].removeprefix(_PREFIX),
        user_id=item["user_id"],
        amount=Money(item["amount"], item["currency"]),
        method=Method(item["method"]),
        created_at=at(item["created_at"]),
        had=_had(item),
        details=item.get("details", ""),
        state=PayoutState(item["state"]),
        bought=item.get("bought", 0),
        reason=item.get("reason", ""),
        decided_by=item.get("decided_by"),
        decided_at=_at(item.get("decided_at")),
        tried_first=_at(item.get("tried_first")),
        tried_at=_at(item.get("tried_at")),
        transaction_id=item.get("transaction_id", ""),
        ended_at=_at(item.get("ended_at")),
        version=item["version"],
    )


def _had(item: Item) -> Had:
    """One that was written before it said what was bought is taken for all bought: no more leaves than did then."""
    had: int = item["had"]
    bought: int = item.get("had_bought", had)
    return Had(Money(had, item["currency"]), Money(bought, item["currency"]))


def _queue(payout: Payout) -> tuple[str, datetime | None]:
    """What it waits in, and since or from when on; nothing once it has ended."""
    if not payout.is_open:
        return "", None
    if payout.gift is None or payout.state is PayoutState.REQUESTED:
        return "payout", payout.created_at
    return "sending", payout.tried_at + SENT_AGAIN_AFTER if payout.tried_at else payout.decided_at


def _key(payout_id: str) -> Item:
    return {"payment_id": _PREFIX + payout_id}


def _owner(user_id: int) -> str:
    return f"{_PREFIX}{user_id}"


def _ms(moment: datetime | None) -> int | None:
    return ms(moment) if moment else None


def _at(moment: int | None) -> datetime | None:
    return None if moment is None else at(moment)
