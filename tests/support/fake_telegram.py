"""Telegram in memory: notices, cards, invoices and refunds."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace

from starbid.domain.delivered_files import DeliveredFile
from starbid.domain.lots import Lot
from starbid.domain.money import Money
from starbid.domain.payments import Charge, Order
from starbid.domain.people import Person
from starbid.services.ports import BELOW, Notice, ShownCard, Spot, StarTransaction

from .bot_judge import judge
from .failing import Failing
from .fake_clock import FakeClock


class FakeMessenger(Failing):
    """Records messages. Plant TryLater, Unreachable or a time-out, before or `after` the message is sent.

    Messages with numbers in `gone` were deleted by their readers. `spots` are where those in `told` went, `albums` how
    many photos went where, `files_sent` what was sent on by its id, `topics` the names of those that were opened.
    """

    def __init__(self) -> None:
        super().__init__()
        self.told: list[tuple[Person, Notice, Lot | None]] = []
        self.edited: list[tuple[Person, Notice, Lot | None, int]] = []
        self.redrawn: list[tuple[Person, Lot, ShownCard]] = []
        self.gone: set[int] = set()
        self.spots: list[Spot] = []
        self.albums: list[tuple[int, int, Spot]] = []
        self.files_sent: list[tuple[int, tuple[DeliveredFile, ...]]] = []
        self.uploads: list[tuple[int, bytes, str]] = []
        self.topics: list[str] = []
        self.is_forum = False
        self._numbers = 0

    def tell(self, person: Person, notice: Notice, lot: Lot | None, spot: Spot = BELOW) -> int | None:
        """Messages are numbered from 1 on, over all chats."""
        with self._deed():
            self.told.append((person, notice, lot))
            self.spots.append(spot)
            self._numbers += 1
        return self._numbers

    def headline(self, person: Person, notice: Notice, lot: Lot | None) -> str:
        return f"{notice.kind} for {person.id} of {lot.card.title if lot else 'no lot'}"

    def photos(self, chat_id: int, photos: Sequence[bytes], spot: Spot = BELOW) -> None:
        with self._deed():
            self.albums.append((chat_id, len(photos), spot))

    def files(self, chat_id: int, files: Sequence[DeliveredFile]) -> None:
        with self._deed():
            self.files_sent.append((chat_id, tuple(files)))

    def file(self, chat_id: int, data: bytes, name: str) -> None:
        with self._deed():
            self.uploads.append((chat_id, data, name))

    def open_topic(self, chat: Person, name: str) -> int | None:
        """Topics are numbered from 501 on, where the chat is a forum."""
        if not self.is_forum:
            return None
        self.topics.append(name)
        return 500 + len(self.topics)

    def edit(self, person: Person, notice: Notice, lot: Lot | None, message_id: int) -> bool:
        with self._deed():
            if message_id in self.gone:
                return False
            self.edited.append((person, notice, lot, message_id))
        return True

    def redraw(self, person: Person, lot: Lot, card: ShownCard) -> bool:
        with self._deed():
            self.redrawn.append((person, lot, card))
        return card.message_id not in self.gone

    def kinds_for(self, user_id: int) -> list[str]:
        """The kinds of notices a person got, in order."""
        return [notice.kind for person, notice, _ in self.told if person.id == user_id]


class FakeStars(Failing):
    """Telegram's payments: `refunded` charges, `refusing` those it never refunds; `ended` are the first charges of
    subscriptions that it no longer renews, `allowed` of those that may be resumed, `unknown` of those that it does not
    know; `owned` are people's own Stars by their connection; `listed` are its transactions. `given` are gifts of
    Premium, dated by `clock`; it gives none to those in `ungiftable`. `stars` is the bot's balance.
    """

    def __init__(self) -> None:
        super().__init__()
        self.links: list[tuple[Order, str]] = []
        self.refunded: list[str] = []
        self.refusing: set[str] = set()
        self.ended: list[str] = []
        self.allowed: list[str] = []
        self.unknown: set[str] = set()
        self.owned: dict[str, int] = {}
        self.listed: list[StarTransaction] = []
        self.given: list[tuple[int, int]] = []
        self.ungiftable: set[int] = set()
        self.stars = 0
        self.clock = FakeClock()

    def give_premium(self, user_id: int, months: int, price: Money) -> bool:
        call = {"user_id": str(user_id), "month_count": str(months), "star_count": str(price.amount)}
        judge("call", "giftPremiumSubscription", call)
        with self._deed():
            if user_id in self.ungiftable:
                return False
            self.given.append((user_id, months))
            number, kind = f"gift-{len(self.given)}", "user/premium_purchase"
            self.listed.append(
                StarTransaction(number, price.amount, self.clock.now, False, kind, payer_id=user_id, months=months)
            )
        return True

    def transactions(self, offset: int, limit: int) -> list[StarTransaction]:
        with self._deed():
            return self.listed[offset : offset + limit]

    def balance(self) -> int:
        with self._deed():
            return self.stars

    def invoice_link(self, order: Order, title: str, description: str, payload: str) -> str:
        prices = json.dumps([{"label": title, "amount": order.amount.amount}])
        invoice = {"title": title, "description": description, "payload": payload, "prices": prices}
        judge("call", "createInvoiceLink", invoice | {"currency": order.amount.currency})
        with self._deed():
            self.links.append((order, payload))
        return f"https://t.me/$invoice-{order.id}"

    def own_balance(self, connection_id: str) -> int | None:
        with self._deed():
            return self.owned.get(connection_id)

    def end_renewal(self, user_id: int, charge_id: str) -> bool:
        with self._deed():
            self.ended.append(charge_id)
        return charge_id not in self.unknown

    def allow_renewal(self, user_id: int, charge_id: str) -> bool:
        with self._deed():
            self.allowed.append(charge_id)
        return charge_id not in self.unknown

    def refund(self, charge: Charge) -> bool:
        with self._deed():
            if charge.id in self.refusing:
                return False
            if charge.id not in self.refunded:
                self.refunded.append(charge.id)
                self.list_refund(charge.id)
        return True

    def list_refund(self, charge_id: str) -> None:
        """A listed payment was refunded: once, no matter who asked for it."""
        known = [each for each in self.listed if each.id == charge_id]
        if known and all(each.incoming for each in known):
            self.listed.append(replace(known[0], incoming=False))
