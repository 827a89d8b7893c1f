"""Rows of people and payments, as pynamodb's models say them. Calls are the client's: a unit writes several tables.

A person is read past the model, by the codec: that takes a third of the time, and every page and message does it.
"""

from __future__ import annotations

import json
from datetime import datetime
from typing import Any, cast

from pynamodb.attributes import BooleanAttribute, JSONAttribute, ListAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.models import Model

from starbid.domain.channels import known_wanted
from starbid.domain.money import Money
from starbid.domain.paid_days import PaidDays
from starbid.domain.payments import Charge, ChargeState, Order, Provider, Purpose
from starbid.domain.people import Person, Reputation
from starbid.domain.quiet import QuietHours
from starbid.domain.renewals import Renewal, Renewals, RenewalState, stopped_by_bot
from starbid.domain.restrictions import NONE, Limit, Restrictions
from starbid.domain.roles import Role
from starbid.domain.sessions import EndedSessions
from starbid.domain.star_view import StarView
from starbid.domain.switches import Switch, known_switches
from starbid.domain.unfinished import ACTS, Unfinished
from starbid.storage.codec import Item, Wire
from starbid.storage.packing import pack, read
from starbid.storage.rows import at, month_keys, ms, shard

_COUNTERS = tuple(Reputation().counters())


class PersonRow(Model):
    """A person; in the index `by_month` since they joined, in `due` while a subscription runs, and in an index for each
    list that operators look at: `<list>_shard` with `joined_at`. `no_lots_until` is what a transaction asks before a
    lot is put up. `no_news` is the switch of broadcasts, which is older than `switched_off` with all others.
    """

    user_id = NumberAttribute(hash_key=True)
    name = UnicodeAttribute()
    username = UnicodeAttribute(null=True)
    language = UnicodeAttribute()
    joined_at = NumberAttribute()
    subscribed_until = NumberAttribute(null=True)
    ending_told = NumberAttribute(null=True)
    paid_days: ListAttribute[Any] = ListAttribute(null=True)
    renewals: ListAttribute[Any] = ListAttribute(null=True)
    stopped_by_bot: ListAttribute[Any] = ListAttribute(null=True)
    star_view: ListAttribute[Any] = ListAttribute(null=True)
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
    zone = UnicodeAttribute(null=True)
    role = UnicodeAttribute(null=True)
    restricted_until = NumberAttribute(null=True)
    limits: ListAttribute[Any] = ListAttribute(null=True)
    no_lots_until = NumberAttribute(null=True)
    person_shard = UnicodeAttribute()
    blocked_shard = UnicodeAttribute(null=True)
    restricted_shard = UnicodeAttribute(null=True)
    selling_shard = UnicodeAttribute(null=True)
    role_shard = UnicodeAttribute(null=True)
    month = UnicodeAttribute()
    in_month = UnicodeAttribute(attr_name="order")
    no_news = BooleanAttribute(null=True)
    switched_off: ListAttribute[Any] = ListAttribute(null=True)
    heard_by = JSONAttribute(null=True)
    quiet: ListAttribute[Any] = ListAttribute(null=True)
    calendar_at = NumberAttribute(null=True)
    leaves_at = NumberAttribute(null=True)
    left_at = NumberAttribute(null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)

    @classmethod
    def of(cls, person: Person) -> PersonRow:
        until = ms(person.subscribed_until) if person.subscribed_until else None
        ended = person.ended_sessions
        barred, no_lots = person.restrictions, person.restrictions.end_of(Limit.LOTS)
        counters: dict[str, Any] = {name: count for name, count in person.reputation.counters().items() if count}
        return cls(
            user_id=person.id,
            name=person.name,
            username=person.username,
            language=person.language,
            joined_at=ms(person.joined_at),
            subscribed_until=until,
            ending_told=ms(person.ending_told) if person.ending_told else None,
            paid_days=[[each.source, ms(each.begins), ms(each.ends)] for each in person.paid_days] or None,
            renewals=[[r.order_id, r.state.value, r.heard, ms(r.heard_at)] for r in person.renewals] or None,
            stopped_by_bot=[*stopped_by_bot(person.renewals)] or None,
            star_view=[view.connection_id, view.heard, ms(view.heard_at)] if (view := person.star_view) else None,
            blocked=person.blocked,
            unreachable=person.unreachable,
            version=person.version,
            public_id=person.public_id or None,
            sessions_from=ms(ended.until) if ended.until else None,
            logouts={nonce: ms(moment) for nonce, moment in ended.logouts.items()} or None,
            tokens=person.tokens or None,
            zone=person.zone,
            role=person.role.value if person.role else None,
            restricted_until=ms(barred.until) if barred.until else None,
            limits=[limit.value for limit in barred.limits] or None,
            no_lots_until=ms(no_lots) if no_lots else None,
            person_shard=shard("person", person.id),
            blocked_shard=shard("blocked", person.id) if person.blocked else None,
            restricted_shard=shard("restricted", person.id) if barred.limits else None,
            selling_shard=shard("selling", person.id) if until else None,
            role_shard=shard("role", person.id) if person.role else None,
            no_news=Switch.NEWS in person.switched_off or None,
            switched_off=sorted(each.value for each in person.switched_off - {Switch.NEWS}) or None,
            heard_by={channel.value: sorted(wanted) for channel, wanted in person.heard_by.items()} or None,
            quiet=[person.quiet.begins, person.quiet.ends] if person.quiet else None,
            calendar_at=ms(person.calendar_at) if person.calendar_at else None,
            leaves_at=ms(person.leaves_at) if person.leaves_at else None,
            left_at=ms(person.left_at) if person.left_at else None,
            due_shard=shard("subscription", person.id) if until else None,
            due_at=ms(due) if (due := person.subscription_due) else None,
            **_by_month(person.joined_at, person.id),
            **counters,
        )


class PaymentRow(Model):
    """An invoice we sent (`order#…`) or a charge that a provider reported (`charge#…`).

    An order that was paid names the first charge; `unfinished` is the act that waits for its money, as JSON, `credits`
    those of a pack. Charges
    stand in `by_user` and `by_month`; those half-way through a refund stand in `due`.
    """

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
    unfinished = UnicodeAttribute(null=True)
    credits = NumberAttribute(null=True)
    version = NumberAttribute(default=1)
    month = UnicodeAttribute(null=True)
    in_month = UnicodeAttribute(attr_name="order", null=True)
    due_shard = UnicodeAttribute(null=True)
    due_at = NumberAttribute(null=True)

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
            unfinished=packed_act(order.unfinished) if order.unfinished else None,
            credits=order.credits or None,
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
            **_by_month(charge.paid_at, f"charge#{charge.id}"),
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

    def order(self) -> Order:
        amount = Money(int(self.amount), self.currency)
        order_id, provider = self.payment_id.removeprefix("order#"), Provider(self.provider)
        unfinished = _unpacked(self.unfinished) if self.unfinished else None
        number = int(self.credits or 0)
        return Order(order_id, provider, Purpose(self.purpose), int(self.user_id), amount, unfinished, number)


def _by_month(moment: datetime, row_id: str | int) -> dict[str, Any]:
    """The keys of `by_month` as the models call them: `order` is a method of theirs."""
    keys = month_keys(moment, row_id)
    return {"month": keys["month"], "in_month": keys["order"]}


def packed_act(unfinished: Unfinished) -> str:
    """An act that waits, as JSON."""
    act = unfinished.act
    return json.dumps({"what": act.name, "until": ms(unfinished.until), "act": pack(act)})


def _unpacked(text: str) -> Unfinished | None:
    """None for an act of another version of this program: the money is there, and the person acts by themselves."""
    value = json.loads(text)
    kind = ACTS.get(value["what"])
    act = read(kind, value["act"]) if kind else None
    return Unfinished(act, at(value["until"])) if act else None


def wire_of(row: Model) -> Wire:
    return cast("Wire", row.serialize())


def person_from(item: Item) -> Person:
    """The person of a row that `PersonRow` wrote."""
    until = item.get("subscribed_until")
    return Person(
        id=item["user_id"],
        name=item["name"],
        username=item.get("username"),
        language=item["language"],
        joined_at=at(item["joined_at"]),
        subscribed_until=at(until) if until else None,
        ending_told=at(item["ending_told"]) if "ending_told" in item else None,
        paid_days=tuple(PaidDays(source, at(b), at(e)) for source, b, e in item.get("paid_days", ())),
        renewals=_renewals(item),
        star_view=_star_view(item),
        blocked=item.get("blocked", False),
        unreachable=item.get("unreachable", False),
        reputation=Reputation(**{name: item[name] for name in _COUNTERS if name in item}),
        version=item["version"],
        public_id=item.get("public_id", ""),
        ended_sessions=_ended_sessions(item),
        tokens=item.get("tokens", 0),
        zone=item.get("zone"),
        role=Role(item["role"]) if "role" in item else None,
        restrictions=_restrictions(item),
        switched_off=_switched_off(item),
        heard_by=known_wanted(json.loads(item["heard_by"])) if "heard_by" in item else {},
        quiet=QuietHours(*item["quiet"]) if "quiet" in item else None,
        calendar_at=at(item["calendar_at"]) if "calendar_at" in item else None,
        leaves_at=at(item["leaves_at"]) if "leaves_at" in item else None,
        left_at=at(item["left_at"]) if "left_at" in item else None,
    )


def _star_view(item: Item) -> StarView | None:
    if "star_view" not in item:
        return None
    connection_id, heard, heard_at = item["star_view"]
    return StarView(connection_id, heard, at(heard_at))


def _renewals(item: Item) -> Renewals:
    """Which of them we cancelled stands beside them: an older version reads the others as it did."""
    stopped = item.get("stopped_by_bot", ())
    return tuple(
        Renewal(o, RenewalState(state), number, at(heard), o in stopped)
        for o, state, number, heard in item.get("renewals", ())
    )


def _switched_off(item: Item) -> frozenset[Switch]:
    news = {Switch.NEWS} if item.get("no_news") else set()
    return known_switches(item.get("switched_off", ())) | news


def _restrictions(item: Item) -> Restrictions:
    until = item.get("restricted_until")
    return Restrictions(tuple(map(Limit, item["limits"])), at(until)) if until else NONE


def _ended_sessions(item: Item) -> EndedSessions:
    since, logouts = item.get("sessions_from"), item.get("logouts")
    if since is None and logouts is None:
        return EndedSessions()
    ended = {nonce: at(moment) for nonce, moment in json.loads(logouts or "{}").items()}
    return EndedSessions(at(since) if since is not None else None, ended)
