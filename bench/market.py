"""A market to be measured: the real use cases and adapters over the emulator."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

import boto3

from local.emulator import Emulator
from local.resources import create_buckets, create_tables
from local.template import Template, load
from starbid.acceleration import models as service_models
from starbid.bootstrap import App
from starbid.config import read_settings
from starbid.domain.assistant.question import Place
from starbid.domain.bills import Bill, ProviderStatus, Reported
from starbid.domain.letters import LetterQueue
from starbid.domain.lots import Lot, read_draft
from starbid.domain.money import XTR
from starbid.domain.payments import Provider
from starbid.services.assistant.asking import Wish
from starbid.services.auctions.browsing import listing_of
from starbid.storage import clients

if TYPE_CHECKING:
    from starbid.storage.store import DynamoStore

SECRETS = {
    "SECRET_KEY": "secret key of the benchmark",
    "TELEGRAM_BOT_TOKEN": "1:token-of-the-benchmark",
    "TELEGRAM_WEBHOOK_SECRET": "webhook-secret-of-the-benchmark",
    "TOPUP_QIWI_SECRET_KEY": "provider-secret-of-the-benchmark",
    "OPENAI_API_KEY": "model-key-of-the-benchmark",
    "SSM_PREFIX": "",
}
AWS = {"AWS_ACCESS_KEY_ID": "bench", "AWS_SECRET_ACCESS_KEY": "bench", "AWS_DEFAULT_REGION": "eu-central-1"}
START = datetime(2026, 5, 1, 12, 0, 0, 123_000, tzinfo=UTC)
"""Fixed, so that a result changes only with the code."""
SELLER = 7_000_000_001
MONEY = 1_000_000
TITLE = "Настольная лампа 1970-х, латунь и стекло"
TEXT = "Рабочая, с новой проводкой. Высота 42 см. " * 12


class NoScheduler:
    """Wake-ups are not DynamoDB calls, so they are not measured."""

    def close_at(self, auction_id: str, at: datetime) -> None:
        pass

    def close_in(self, auction_id: str, seconds: int) -> None:
        pass

    def remind_at(self, auction_id: str, at: datetime) -> None:
        pass

    def advance_deal_at(self, auction_id: str, at: datetime) -> None:
        pass

    def look_at_bill(self, bill_id: str, until: datetime) -> None:
        pass

    def forget_bill(self, bill_id: str) -> None:
        pass


class NoWork:
    """Neither is the queue of the AI helper."""

    def answer(self, user_id: int, question_id: str, again: int = 0) -> None:
        pass


class NoLetters:
    """Neither are the queues of dead letters."""

    def lengths(self) -> dict[LetterQueue, int]:
        return {}


class Shop:
    """A provider of bills in the same process: its calls are not DynamoDB's, so they are not measured."""

    def __init__(self) -> None:
        self.bills: dict[str, Reported] = {}

    def create(self, bill: Bill, _: str) -> Reported:
        made = Reported(bill.id, ProviderStatus.WAITING, Decimal(500), "RUB", f"https://pay.example/{bill.id}", bill.id)
        return self.bills.setdefault(bill.id, made)

    def find(self, bill: Bill) -> Reported | None:
        return self.bills.get(bill.id)

    def pay(self, bill_id: str) -> Reported:
        paid = replace(self.bills[bill_id], status=ProviderStatus.PAID)
        self.bills[bill_id] = paid
        return paid


class Album:
    """Pictures are in S3, so they are not measured. Every picture exists."""

    def load(self, *_: str) -> bytes:
        return b"jpeg"

    def drafts_among(self, _: int, picture_ids: Iterable[str], __: datetime) -> frozenset[str]:
        return frozenset(picture_ids)

    def link(self, *_: object) -> frozenset[str]:
        return frozenset()


class Market(App):
    """An App with a movable clock, people and lots."""

    store: DynamoStore

    def __init__(self, environment: dict[str, str]) -> None:
        super().__init__(read_settings(environment))
        self.environment = environment
        self.moment = START
        self.shows_new_lots = True
        """Whether `lot` puts a lot into the lists, as the projector would."""
        self.shop = Shop()
        self.__dict__ |= {
            "scheduler": NoScheduler(),
            "assistant_work": NoWork(),
            "letter_queues": NoLetters(),
            "pictures": Album(),
            "bill_gateways": {Provider.QIWI: self.shop},
        }
        self._numbers = count(1)

    def now(self) -> datetime:
        return self.moment

    def person(self, *, stars: int = MONEY) -> int:
        """Somebody new with Stars in the wallet."""
        user_id = SELLER + next(self._numbers)
        self.people.greet(user_id, "Анна Новак", "anna_novak", "ru", self.now())
        if stars:
            _, payload = self.paying.order_stars(user_id, min(stars, 100_000), self.now())
            self.paying.credit(user_id, f"bench-{user_id}", payload, stars, XTR, self.now())
        return user_id

    def lot(self, **fields: object) -> Lot:
        """A live lot of SELLER's, a day long, as the lists show it."""
        number = next(self._numbers)
        self._see_to_the_subscription(f"bench-subscription-{number}")
        wanted = {"title": TITLE, "description": TEXT, "start_price": 1000, "duration_seconds": 86_400} | fields
        draft = read_draft(wanted, self.now(), min_seconds=60)
        lot = self.publishing.publish(SELLER, draft, ("0" * 32,), f"bench-{number}", self.now())
        if self.shows_new_lots:
            self.catalogue.put(listing_of(lot, self.now()), lot.card.description)
        return lot

    def question(self) -> dict[str, object]:
        """A question to the AI helper, as its queue carries it: of somebody new who has begun the trial."""
        user_id = self.person(stars=0)
        person = self.store.person(user_id, consistent=True)
        assert person
        self.asking.consent(user_id, self.now(), given=True)
        self.asking.start_trial(person, self.now())
        asked = self.asking.ask(person, Wish("Как продать лампу?", Place.CHAT), "bench", self.now())
        return {"user_id": user_id, "question_id": asked.id}

    def _see_to_the_subscription(self, charge: str) -> None:
        """SELLER may sell now: cases let weeks pass."""
        seller = self.store.person(SELLER, consistent=True)
        if seller is None:
            self.people.greet(SELLER, "Борис", "boris", "ru", self.now())
        if seller is None or not seller.may_sell(self.now()):
            _, payload = self.paying.order_subscription(SELLER, self.now())
            self.paying.credit(SELLER, charge, payload, 100, XTR, self.now())

    def number(self) -> int:
        """A new number each time."""
        return next(self._numbers)

    def later(self, **by: float) -> None:
        self.moment += timedelta(**by)


def template_of_the_bench() -> Template:
    """What template.yaml declares, with the parameters of this market."""
    chosen = {"BASE_URL": "http://127.0.0.1:8000", "TELEGRAM_BOT_USERNAME": "starbid_bot", "ASSISTANT_ENABLED": "true"}
    return load(settings=chosen)


@contextmanager
def open_market(models: Path | None = None) -> Iterator[Market]:
    """Starts an emulator with the template's tables. Within the block the process's environment points at it.

    `models` are the service models of the built layer; without them botocore's own are used.
    """
    template, emulator = template_of_the_bench(), Emulator(None)
    try:
        with market_at(emulator.endpoint, template, models) as market:
            create_tables(boto3.client("dynamodb"), template)
            create_buckets(boto3.client("s3"), template)
            yield market
    finally:
        emulator.stop()


@contextmanager
def market_at(endpoint: str, template: Template, models: Path | None = None) -> Iterator[Market]:
    """A market over the AWS at `endpoint`. Within the block the process's environment points there."""
    environment, own = dict(os.environ), service_models.MODELS
    service_models.MODELS = models or own
    os.environ |= AWS | {"AWS_ENDPOINT_URL": endpoint}
    clients.forget_clients()
    try:
        yield Market({**template.environment, **SECRETS})
    finally:
        service_models.MODELS = own
        os.environ.clear()
        os.environ.update(environment)
        clients.forget_clients()
