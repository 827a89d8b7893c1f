"""The world of the samples in `events/`: one lot and three people, in tables made from the template."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any
from urllib.parse import urlencode

import boto3

from local.queues import Message, Queues
from local.resources import create_buckets, create_tables
from local.schedules import Schedules
from local.site import MODEL
from local.template import load
from starbid.bootstrap import App
from starbid.config import read_settings
from starbid.domain.assistant.question import Place, Question
from starbid.domain.auction import Auction
from starbid.domain.payments import Provider
from starbid.domain.people import SUBSCRIPTION
from starbid.services.assistant.asking import Wish
from starbid.services.ports import ApiToken, ShownCard
from tests.support import billed, factories
from tests.support.bot_server import TOKEN as BOT_TOKEN
from tests.support.bot_server import BotServer
from tests.support.there import there
from web.identity.tokens import digest_of
from web.kernel.session import SESSION_COOKIE, Session, csrf_token, write_session

from .gateway import Gateway
from .samples import sample

BILL = "6f1d2c3b4a5968778695a4b3c2d1e0f1"
SECRET, WEBHOOK_SECRET = "event-samples-secret-key", "event-samples-webhook-secret"
API_TOKEN = "sb_EventSamples-0123456789abcdefghi"
SELLER, BORIS, CLARA = 5001, 5002, 5003
LOT, REQUEST = "mmq5pz57t6eeh", "event-samples"
INVOICED = "5a0c3f9e7b1d48264ce0a92d6f83b715"
"""The bill inside Telegram; `BILL` is the one at a provider."""
QUESTION = "0momv2crk8r674pc1"
"""What Борис has asked the AI helper."""
CHARGE = "stxJ2xvF8aWvfmq1PzH4Q0nB7cKd9LrT5yUeXo3SgVhWiAbMl6"
_numbers = count(1)


class AppAt(App):
    """The use cases on the real adapters; `moment` is the time of the test's acts."""

    moment = datetime.now(UTC).replace(microsecond=0)

    def now(self) -> datetime:
        return self.moment


@dataclass(frozen=True)
class Market:
    """`environment` points a function at this market; `app` acts in it from the outside."""

    app: AppAt
    environment: dict[str, str]
    bot: BotServer
    queues: Queues
    schedules: Schedules

    def auction(self) -> Auction:
        return self.app.store.auction(LOT, consistent=True)

    def available(self, person_id: int) -> int:
        return self.app.store.wallet(person_id, "XTR", consistent=True).available.amount

    def bid(self, person_id: int, amount: int) -> None:
        self.app.bidding.bid(LOT, person_id, amount, self.app.now(), confirmed=True)

    def pay(self, person_id: int, stars: int, charge_id: str) -> None:
        factories.pay(self.app, person_id, stars, charge_id)

    def open_bill(self, person_id: int, provider: Provider) -> None:
        """They have just asked for a bill over 500 roubles there."""
        self.app.moment = datetime.now(UTC).replace(microsecond=0)
        billed.keep_bill(self.app, INVOICED if provider is billed.TELEGRAM else BILL, person_id, provider)

    def take_back(self, person_id: int) -> None:
        """Telegram takes the person's only payment back."""
        (charge,) = self.app.store.charges_of(person_id)
        self.app.refunding.taken_back(person_id, charge.id, "", charge.amount.amount, "XTR", self.app.now())

    def put_up(self, *, days_ago: float = 0) -> None:
        """Start the lot of the samples this many days before now, for 23 hours; the clock stands there."""
        self.app.moment = AppAt.moment - timedelta(days=days_ago)
        draft = factories.draft(self.app.now(), duration_seconds=82_800)
        lot = self.app.publishing.publish(SELLER, draft, (), REQUEST, self.app.now())
        assert lot.auction.id == LOT, "the samples name the lot by what its seller asked"

    def sell(self) -> None:
        """Борис bids 150, and a day goes by."""
        self.bid(BORIS, 150)
        self.app.moment += timedelta(days=1)

    def ask(self, *, minutes_ago: int = 0) -> Question:
        """Борис asks the helper, in the chat."""
        self.app.moment = AppAt.moment - timedelta(minutes=minutes_ago)
        now, person = self.app.now(), there(self.app.store.person(BORIS))
        self.app.asking.consent(BORIS, now, given=True)
        self.app.asking.start_trial(person, now)
        return self.app.asking.ask(person, Wish("How do I sell a lamp?", Place.CHAT), REQUEST, now)

    def show_card(self) -> None:
        self.app.shown_cards.put(ShownCard(LOT, BORIS, 77, 1), self.app.now())

    def queued(self, variable: str) -> list[Any]:
        """The messages on the queue that a variable names, as JSON."""
        queue = self.environment[variable].rpartition("/")[2]
        found: list[Message] = self.queues.receive(queue, 10)
        return [json.loads(message.body) for message in found]

    def cookies(self, person_id: int = BORIS) -> tuple[str, str]:
        """The cookie of a new session, and its CSRF token."""
        session = Session.begin(person_id, datetime.now(UTC))
        return f"{SESSION_COOKIE}={write_session(session, SECRET)}", csrf_token(session.lineage, SECRET)

    def event(self, name: str) -> dict[str, Any]:
        """A sample. The session in `web_bid_form` has expired, so it gets a new one; the question is the open one."""
        event = sample(name)
        if name == "web_bid_form":
            cookie, token = self.cookies()
            body = urlencode({"csrf_token": token, "amount": 150})
            event |= {"cookies": [cookie], "body": body, "isBase64Encoded": False}
        if name == "assistant_question":
            asked = there(self.app.questions.account(BORIS).open)
            event["Records"][0]["body"] = json.dumps({"user_id": BORIS, "question_id": asked.id})
        return event


@contextmanager
def open_market(gateway: Gateway, bot: BotServer, url: str) -> Iterator[Market]:
    """Tables of its own for one test. `url` is how a function reaches the gateway; ours is in the environment."""
    stack = f"sam{next(_numbers)}"
    settings = {
        "TELEGRAM_API_BASE_URL": url,
        "BASE_URL": "http://127.0.0.1:3000",
        "TELEGRAM_BOT_USERNAME": "starbid_bot",
        "ASSISTANT_ENABLED": "true",
        "OPENAI_BASE_URL": f"{url}{MODEL}/v1",
    }
    template = load(settings=settings, stack=stack, queue_base=url)
    environment = {
        **template.environment,
        "SSM_PREFIX": "",
        "AWS_ENDPOINT_URL": url,
        "SECRET_KEY": SECRET,
        "TELEGRAM_BOT_TOKEN": BOT_TOKEN,
        "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
        "TOPUP_QIWI_SECRET_KEY": "event-samples-qiwi-secret",
        "TOPUP_CRYPTOPAY_TOKEN": "event-samples-cryptopay-token",
    }
    queues, schedules = gateway.serve(template)
    create_tables(boto3.client("dynamodb"), template)
    create_buckets(boto3.client("s3"), template)
    bot.calls.clear()
    app = AppAt(read_settings(environment))
    app.moment = AppAt.moment - timedelta(days=40)
    app.store.add_person(factories.person(SELLER, joined_at=app.now(), subscribed_until=AppAt.moment + SUBSCRIPTION))
    for person_id in (BORIS, CLARA):
        app.store.add_person(factories.person(person_id, joined_at=app.now()))
        factories.pay(app, person_id, 1000)
    app.tokens.keep(ApiToken(digest_of(API_TOKEN), BORIS, "samples", app.now()))
    yield Market(app, environment, bot, queues, schedules)
