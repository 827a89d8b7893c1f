"""A market of real adapters and handlers on moto, whose calls of AWS are recorded by function."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import Any

import webhook.app
from starbid import bootstrap
from starbid.config import PROVIDER_SECRETS
from starbid.config_assistant import MODEL_SECRET
from starbid.domain.payments import Provider
from starbid.services.call_pace import NEWS, CallPace, Rank
from starbid.services.ports import Turn, Written
from tests.support.bot_judge import judge
from tests.support.bot_pool import FakeTelegram, bot
from tests.support.dynamo import join, put_up
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, xtr
from tests.support.fake_assistant import FakeModel
from tests.support.fake_bills import FakeBills
from tests.support.fakes import ENVIRONMENT, FakeClock
from tests.support.permissions import Recorder
from tests.support.records import Context

BOT = {"id": 9_000_001, "is_bot": True, "first_name": "Starbid", "username": "starbid_bot"}


class Spoken(FakeTelegram):
    """Records with each call that the present function used the bot's token."""

    def __init__(self, record: Recorder) -> None:
        super().__init__()
        self._record = record

    def request(self, *asked: Any, **fields: Any) -> Any:
        self._record.used("TELEGRAM_BOT_TOKEN")
        return super().request(*asked, **fields)


class Asked(FakeBills):
    """A provider. Records with each call that the present function used its secret."""

    def __init__(self, record: Recorder, provider: Provider) -> None:
        super().__init__()
        self._record, self._secret = record, PROVIDER_SECRETS[provider]

    def _begin(self, name: str) -> None:
        self._record.used(self._secret)
        super()._begin(name)


class Wrote(FakeModel):
    """A language model. Records with each answer that the present function used its key."""

    def __init__(self, record: Recorder) -> None:
        super().__init__()
        self._record = record

    @contextmanager
    def write(self, prompt: Sequence[Turn], seconds: float) -> Iterator[Iterator[str | Written]]:
        self._record.used(MODEL_SECRET)
        with super().write(prompt, seconds) as pieces:
            yield pieces


class Leisurely(CallPace):
    """The pace with its records, of calls that come one after the other; the clock stands between them."""

    def __init__(self, app: Any) -> None:
        super().__init__(app.counters, app.claims, app.bot_rest, self)
        self._app, self._ahead = app, 0

    def now(self) -> datetime:
        moment: datetime = self._app.now()
        return moment + timedelta(seconds=self._ahead)

    def elapsed(self) -> float:
        return 0

    def sleep(self, seconds: float) -> None:
        """Nobody has to."""

    def take(self, chat_id: int, rank: Rank = NEWS) -> None:
        self._ahead += 5
        super().take(chat_id, rank)


class Market:
    """A seller and three buyers with Stars, in existing tables; `record` has the calls of AWS."""

    def __init__(self, record: Recorder) -> None:
        self.record, self.clock = record, FakeClock()
        bootstrap.use_clock(self.clock)
        self.app: Any = bootstrap.app()
        self.telegram = Spoken(record)
        self.app.__dict__["bot"] = bot(self.telegram)
        self.app.__dict__["bill_gateways"] = {provider: Asked(record, provider) for provider in PROVIDER_SECRETS}
        self.app.__dict__["language_model"] = Wrote(record)
        self.app.__dict__["call_pace"] = Leisurely(self.app)
        self._updates = iter(range(1000, 9999))
        join(self.app, SELLER, stars=1000, seller=True)
        for person in (ANNA, BORIS, CLARA):
            join(self.app, person, stars=5000)

    def call(self, function: str, handler: Callable[[Any, Any], Any], event: Any) -> Any:
        with self.record.of(function):
            return handler(event, Context())

    def sold(self) -> str:
        """A lot that ANNA has just bought."""
        lot = put_up(self.app, buy_now_price=300).auction
        self.app.bidding.buy(lot.id, ANNA, 300, self.app.now())
        return str(lot.id)

    def owe(self, person: int, more: int = 0) -> None:
        """A debt of one Star in a wallet with more, or of `more` than it has."""
        available = self.app.store.wallet(person, "XTR", consistent=True).available if more else xtr(0)
        unit = self.app.store.unit()
        unit.change_debt(person, -available, xtr(more or 1), xtr(0))
        unit.commit()

    def owes(self, person: int) -> bool:
        return bool(self.app.store.wallet(person, "XTR", consistent=True).owed)

    def moved(self, side: str, person: int, charge_id: str, stars: int, payload: str = "") -> None:
        """Telegram lists a movement without having reported it: Stars from a person, or (`receiver`) back to them."""
        user = {"id": person, "is_bot": False, "first_name": f"Person {person}"}
        partner = {"type": "user", "transaction_type": "invoice_payment", "user": user, "invoice_payload": payload}
        date = int(self.app.now().timestamp())
        self.telegram.transactions.append({"id": charge_id, "amount": stars, "date": date, side: partner})

    def update(self, person: int, **content: Any) -> None:
        """What comes with every update of this kind is added."""
        user = {"id": person, "is_bot": False, "first_name": f"Person {person}", "language_code": "en"}
        chat = {"id": person, "type": "private"}
        ((kind, body),) = content.items()
        before = {"status": "member", "user": BOT}
        common: dict[str, Any] = {
            "message": {"from": user, "chat": chat, "date": 1, "message_id": 1},
            "my_chat_member": {"from": user, "chat": chat, "date": 1, "old_chat_member": before},
            "subscription": {"user": user},
            "business_connection": {"user": user},
        }
        body = common.get(kind, {"from": user}) | body
        judge("update", kind, body)
        update = {"update_id": next(self._updates), kind: body}
        headers = {webhook.app.SECRET_HEADER: ENVIRONMENT["TELEGRAM_WEBHOOK_SECRET"]}
        event = {"headers": headers, "body": json.dumps(update)}
        answer = self.call("WebhookFunction", webhook.app.lambda_handler, event)
        assert answer["statusCode"] == 200, content

    def press(self, person: int, data: str) -> None:
        shown = {"chat": {"id": person, "type": "private"}, "message_id": 1, "date": 1, "photo": []}
        self.update(person, callback_query={"id": "q", "data": data, "message": shown, "chat_instance": "1"})
