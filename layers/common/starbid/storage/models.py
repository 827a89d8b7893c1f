"""pynamodb models of the tables off the hot path: people and payments. `bind` names their tables."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import BooleanAttribute, JSONAttribute, ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import AllProjection, GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model

from starbid.domain.money import Money
from starbid.domain.payments import Charge, ChargeState, Order, Provider, Purpose
from starbid.domain.people import Person
from starbid.storage.rows import at, ms, shard


class _DueIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "due"
        projection = KeysOnlyProjection()

    due_shard = UnicodeAttribute(hash_key=True)
    due_at = NumberAttribute(range_key=True)


class _ByUserIndex(GlobalSecondaryIndex[Any]):  # type: ignore[no-untyped-call]
    class Meta:
        index_name = "by_user"
        projection = AllProjection()

    user_id = NumberAttribute(hash_key=True)
    paid_at = NumberAttribute(range_key=True)


class PersonRow(Model):
    """A person; in the index `due` while a subscription runs, and in `by_public_id`, which only readers know of."""

    class Meta:
        table_name = "users"

    user_id = NumberAttribute(hash_key=True)
    name = UnicodeAttribute()
    username = UnicodeAttribute(null=True)
    language = UnicodeAttribute()
    joined_at = NumberAttribute()
    subscribed_until = NumberAttribute(null=True)
    paid_days: ListAttribute[Any] = ListAttribute(null=True)
    renewals: ListAttribute[Any] = ListAttribute(null=True)
    blocked = BooleanAttribute(default=False)
    unreachable = BooleanAttribute(default=False)
    sold = NumberAttribute(null=True)
    bought = NumberAttribute(null=True)
    seller_stars = NumberAttribute(null=True)
    seller_ratings = NumberAttribute(null=True)
    buyer_stars = NumberAttribute(null=True)
    buyer_ratings = NumberAttribute(null=True)
    version = NumberAttribute()
    public_id = UnicodeAttribute(null=True)
    sessions_from = NumberAttribute(null=True)
    logouts = JSONAttribute(null=True)
    tokens = NumberAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    due = _DueIndex()

    @classmethod
    def of(cls, person: Person) -> PersonRow:
        until = ms(person.subscribed_until) if person.subscribed_until else None
        ended = person.ended_sessions
        counters: dict[str, Any] = {name: count for name, count in person.reputation.counters().items() if count}
        return cls(
            user_id=person.id,
            name=person.name,
            username=person.username,
            language=person.language,
            joined_at=ms(person.joined_at),
            subscribed_until=until,
            paid_days=[[each.source, ms(each.begins), ms(each.ends)] for each in person.paid_days] or None,
            renewals=[[r.order_id, r.state.value, r.heard, ms(r.heard_at)] for r in person.renewals] or None,
            blocked=person.blocked,
            unreachable=person.unreachable,
            version=person.version,
            public_id=person.public_id or None,
            sessions_from=ms(ended.until) if ended.until else None,
            logouts={nonce: ms(moment) for nonce, moment in ended.logouts.items()} or None,
            tokens=person.tokens or None,
            due_shard=shard("subscription", person.id) if until else None,
            due_at=until,
            **counters,
        )


class PaymentRow(Model):
    """An invoice we sent (`order#…`) or a charge that a provider reported (`charge#…`).

    An order that was paid names the first charge. Charges stand in `by_user`; those half-way through a refund stand
    in `due`.
    """

    class Meta:
        table_name = "payments"

    payment_id = UnicodeAttribute(hash_key=True)
    provider = UnicodeAttribute()
    user_id = NumberAttribute()
    amount = NumberAttribute()
    currency = UnicodeAttribute()
    purpose = UnicodeAttribute()
    state = UnicodeAttribute()
    order_id = UnicodeAttribute(null=True)
    first_charge = UnicodeAttribute(null=True)
    paid_at = NumberAttribute(null=True)
    created_at = NumberAttribute(null=True)
    version = NumberAttribute(default=1)
    due_shard = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)
    by_user = _ByUserIndex()
    due = _DueIndex()

    @classmethod
    def of_order(cls, order: Order, created_at: int) -> PaymentRow:
        return cls(
            payment_id=f"order#{order.id}",
            provider=order.provider.value,
            user_id=order.user_id,
            amount=order.amount.amount,
            currency=order.amount.currency,
            purpose=order.purpose.value,
            state="open",
            created_at=created_at,
        )

    @classmethod
    def of_charge(cls, charge: Charge) -> PaymentRow:
        refunding = charge.state is ChargeState.REFUNDING
        return cls(
            payment_id=f"charge#{charge.id}",
            provider=charge.provider.value,
            user_id=charge.user_id,
            amount=charge.amount.amount,
            currency=charge.amount.currency,
            purpose=charge.purpose.value,
            state=charge.state.value,
            order_id=charge.order_id,
            paid_at=ms(charge.paid_at),
            version=charge.version,
            due_shard=shard("refund", charge.id) if refunding else None,
            due_at=ms(charge.paid_at) if refunding else None,
        )

    def charge(self) -> Charge:
        return Charge(
            id=self.payment_id.removeprefix("charge#"),
            provider=Provider(self.provider),
            user_id=int(self.user_id),
            amount=Money(int(self.amount), self.currency),
            purpose=Purpose(self.purpose),
            order_id=self.order_id,
            paid_at=at(int(self.paid_at or 0)),
            state=ChargeState(self.state),
            version=int(self.version),
        )


def bind(tables: Mapping[str, str], dynamodb: Any) -> None:
    """Name the models' tables and let them use the process's one client."""
    for model, name in ((PersonRow, "users"), (PaymentRow, "payments")):
        model._connection = None
        model.Meta.table_name = tables[name]
        model.Meta.region = dynamodb.meta.region_name  # type: ignore[union-attr]
        model._get_connection().connection._client = dynamodb
