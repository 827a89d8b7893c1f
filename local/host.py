"""The local run: every function of the template in one process, with everything around them."""

from __future__ import annotations

import importlib
import logging
import os
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from botocore.exceptions import BotoCoreError, ClientError

from local import stand_ins
from local.aws_front import AwsFront, ProgramsOnly
from local.clock import Clock
from local.configuration import (
    FOREIGN,
    LOCAL_OPENID_SECRET,
    QUIET,
    Configuration,
    TelegramMode,
    aws_settings,
    product_settings,
    told_settings,
)
from local.data_dir import CHATS, TABLES, lock_data, note_kept, open_state
from local.emulator import Emulator
from local.functions import Bell, Failures, Functions
from local.given import by_function
from local.http_api import HttpApi
from local.loopback import own_origins
from local.mail.app import mailbox
from local.mail.box import LocalMails
from local.pumps import Pumps
from local.queues import Queues
from local.schedules import Calls, RecurringSchedules, Schedules
from local.server import Server
from local.site import CHAT, MAIL, OPENID, Site
from local.sources import QueueSource, Source, StreamSource
from local.streams import StreamReader
from local.telegram_polling import BotApi, Poller, TelegramError, Webhook
from local.template import TEMPLATE, Template, load
from local.timeline import Timeline

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIApplication

    from local.telegram.app import StandIn

DRAIN_SECONDS = 3.0
_SEEDED = "demo.seeded"

log = logging.getLogger("local.host")


class HostError(Exception):
    """The run cannot start; the message says why."""


class Host:
    """Starts everything in `start`, ends it in `stop`. One to a process: it sets the process's environment and clock.

    What others may use: `base_url`, `data_dir`, `template`, `telegram` (the stand-in, None in other modes), `now()`,
    `invoke()`, `drain()`, `advance()`.
    """

    def __init__(self, configuration: Configuration, template_path: Path = TEMPLATE) -> None:
        self.configuration = configuration
        self.data_dir = configuration.data_dir
        self.telegram: StandIn | None = None
        self.bell = Bell()
        self._template_path = template_path
        self._poller: Poller | None = None
        self._emulator: Emulator | None = None
        self._closing = ExitStack()

    def start(self) -> None:
        """Returns when the site answers.

        Raises ConfigurationError, HostError, PortInUse, EmulatorError, TemplateError, DataDirError, DamagedDatabase,
        OSError.
        """
        self._server = Server(self.configuration.port, tell=True)
        self._closing.callback(self._server.close)
        self._closing.callback(lock_data(self.data_dir).close)
        self.state = open_state(self.data_dir)
        self.clock = Clock(self.state)
        self._front = Server(0, tell=False)
        self._settings = product_settings(self.configuration, self.state, self._server.url)
        self.template = self._load_template()
        self._set_environment()
        self._told = told_settings()
        self.base_url = self._told.base_url
        self._wire()
        with ThreadPoolExecutor(1) as pool:
            aws = pool.submit(self._start_aws)
            self._find_bot()
            self.functions.load()
            aws.result()
        self._closing.callback(self.state.close)
        self._closing.callback(self._front.close)
        self._prepare_sources()
        self._serve()

    def now(self) -> datetime:
        """The local clock: aware, UTC."""
        return self.clock.now()

    def invoke(self, function_id: str, event: Any) -> Any:
        """Call a function by its id in the template; raises what it raises."""
        return self.functions.invoke(function_id, event)

    def drain(self, seconds: float = 20.0) -> bool:
        """Wait until streams, queues and the stand-in are idle."""
        return self._pumps.drain(seconds)

    def overlook(self, write: Callable[[], None]) -> None:
        """What `write` writes is old: nobody is told of it."""
        self._pumps.overlook(write)

    def advance(self, seconds: float) -> int:
        """Move the clock on; returns how many schedules fired."""
        return self.timeline.advance(seconds)

    def introduce_bot(self) -> None:
        """Tell Telegram, or its stand-in, the bot's commands and what it says of itself."""
        if self.configuration.telegram is TelegramMode.OTHER_SERVER:
            return
        from starbid.bootstrap import app
        from starbid.telegram.registration import introduce

        try:
            introduce(app().bot, app().settings)
        except Exception as error:  # the bot works without it
            log.warning("Telegram was not told of the bot (%s)", type(error).__name__)

    def seed_demo(self) -> None:
        """Create the demo's lots and people, once per data directory."""
        if not self.configuration.demo or self.state.note(_SEEDED):
            return
        print("Filling in the demo, once: people, lots and their pictures", flush=True)
        try:
            importlib.import_module("local.demo").seed(self)
        except ModuleNotFoundError as error:
            log.warning("there is no demo data: %s", error)
            return
        except Exception:
            log.exception("the demo data could not be made; the rest works without it")
            return
        self.state.set_note(_SEEDED, self.now().isoformat())

    def ready(self) -> None:
        """From now on `/healthz` answers ok."""
        self._site.ready = True

    def is_alive(self) -> bool:
        return self._emulator is None or self._emulator.is_alive()

    def stop(self) -> None:
        """End in order: stop requests, finish running work, stop the services. Safe after a failed start."""
        self._closing.close()

    def _load_template(self) -> Template:
        settings = {**self.configuration.given, **self._settings}
        return load(self._template_path, settings, queue_base=f"{self._front.url}/sqs")

    def _wire(self) -> None:
        self.functions = Functions(self.template.functions, self.bell)
        self.queues = Queues(self.state, self.clock, self.template.queues)
        self.schedules = Schedules(self.state, self.clock, self.template)
        self.mails = LocalMails(self.state, self.now)
        self.failures = Failures(self.data_dir / "failed")

    def _set_environment(self) -> None:
        given = dict(self.configuration.given)
        if "AWS_ENDPOINT_URL" not in given:
            for name in FOREIGN:
                os.environ.pop(name, None)
                given.pop(name, None)
        aws = aws_settings(given, self._front.url)
        os.environ.update({**self.template.environment, **QUIET, **given, **self._settings, **aws})

    def _start_aws(self) -> None:
        if "AWS_ENDPOINT_URL" not in self.configuration.given:
            origins = {*own_origins(self._server.port), self.base_url}
            self._emulator = Emulator(self.data_dir, sorted(origins))
            self._closing.callback(self._emulator.stop)
            note_kept(self.state, TABLES)
            os.environ["AWS_ENDPOINT_URL"] = self._emulator.endpoint
        self.endpoint = os.environ["AWS_ENDPOINT_URL"]
        self._front.serve(ProgramsOnly(AwsFront(self.queues, self.schedules, self.template, self.mails)))
        from local.resources import check_answers

        try:
            check_answers(self.endpoint)
            self._make_resources()
        except (BotoCoreError, ClientError, OSError, ValueError) as error:
            name = "the AWS emulator" if self._emulator else "AWS_ENDPOINT_URL"
            raise HostError(f"{name} {self.endpoint} does not answer as AWS does: {error}") from error

    def _make_resources(self) -> None:
        from local.resources import create_buckets, create_tables

        create_tables(self._client("dynamodb"), self.template)
        create_buckets(self._client("s3"), self.template)

    def _find_bot(self) -> None:
        if self.configuration.telegram is not TelegramMode.POLLING:
            return
        told = self._told
        api = BotApi(told.telegram_api, told.bot_token, test=told.telegram_test)
        try:
            os.environ["TELEGRAM_BOT_USERNAME"] = api.name()
        except TelegramError as error:
            if error.code == 401:
                raise HostError("Telegram does not know TELEGRAM_BOT_TOKEN") from error
            log.warning("Telegram cannot be reached now (%s)", error)
        webhook = Webhook(f"{self._server.url}/telegram/webhook", told.webhook_secret)
        self._poller = Poller(api, self.state, webhook.deliver)

    def _prepare_sources(self) -> None:
        _take_part(self.clock)
        consumed = [mapping.queue for mapping in self.template.queue_mappings]
        self.queues.release(consumed)
        self._pumps = Pumps(self._sources(), self.bell)
        self.queues.woken = self._pumps.wake
        if self._emulator:
            self._emulator.news.woken = self._pumps.wake
        calls = Calls(self.state, self.functions, self.failures)
        recurring = RecurringSchedules(self.state, self.clock, self.functions, self.template.schedules)
        self.timeline = Timeline(self.clock, self.schedules, calls, recurring, self.queues, consumed, self._pumps.drain)

    def _sources(self) -> list[Source]:
        from local.resources import stream_of

        tables = self._client("dynamodb")
        streams = self._client("dynamodbstreams", at_once=len(self.template.streams))
        sources: list[Source] = []
        for mapping in self.template.streams:
            grown = partial(self._emulator.news.count, mapping.table) if self._emulator else None
            reader = StreamReader(self.state, mapping.id, stream_of(tables, mapping.table), streams, grown)
            sources.append(StreamSource(mapping, reader, self.functions, self.failures))
        sources.extend(QueueSource(m, self.queues, self.functions) for m in self.template.queue_mappings)
        return sources

    def _client(self, service: Any, at_once: int = 1) -> Any:
        """For so many threads at once: urllib3 warns of each connection more."""
        import boto3
        from botocore.config import Config

        return boto3.client(service, endpoint_url=self.endpoint, config=Config(max_pool_connections=at_once))

    def _serve(self) -> None:
        self._make_stand_in()
        mounts = stand_ins.mounts(
            self.configuration, self.state, self.now, own_url=self._server.url, site_url=self.base_url
        )
        mounts[MAIL] = mailbox(self.mails, self.template.topics, self.functions.invoke)
        if self.telegram:
            mounts[CHAT] = self.telegram.wsgi
            if self.configuration.plays_openid:
                mounts[OPENID] = self._openid_issuer(self.telegram)
        self._site = Site(HttpApi(self.template.routes, self.functions, self.now), self, mounts)
        self._closing.callback(self._finish_work)
        self._server.serve(self._site)
        self._pumps.start()
        self.timeline.start()
        if self._poller:
            self._closing.callback(self._poller.stop)
            self._poller.start()

    def _openid_issuer(self, telegram: StandIn) -> WSGIApplication:
        from local.oidc.app import LocalIssuer

        client = self._told.openid_client
        return LocalIssuer(
            telegram.context.people.all, self.now, client_id=client.client_id, secret=LOCAL_OPENID_SECRET,
            own_url=self._server.url, site_url=self.base_url,
        ).wsgi  # fmt: skip

    def _finish_work(self) -> None:
        """Accept nothing new; wait a little for running work."""
        until = time.monotonic() + DRAIN_SECONDS
        self._server.close()
        self.timeline.stop(until - time.monotonic())
        self._pumps.stop(until - time.monotonic())
        self.functions.wait_until_idle(until - time.monotonic())

    def _make_stand_in(self) -> None:
        if self.configuration.telegram is not TelegramMode.STAND_IN:
            return
        from local.telegram.app import create_app

        self.telegram = create_app(
            data_dir=self.data_dir,
            token=self._told.bot_token,
            bot_username=self._told.bot_username,
            site_url=self.base_url,
            webhook_url=f"{self._server.url}/telegram/webhook",
            webhook_secret=self._told.webhook_secret,
            now=self.now,
            operators=self._told.business.admin_ids,
        )
        note_kept(self.state, CHATS)
        self._closing.callback(self.telegram.close)
        self._pumps.drain_telegram = self.telegram.drain


def _take_part(clock: Clock) -> None:
    """Make the process follow the local clock, and give each call the secrets of its function."""
    try:
        bootstrap = importlib.import_module("starbid.bootstrap")
    except ImportError:
        log.exception("the functions cannot follow the local clock")
        return
    bootstrap.use_clock(clock.now)
    app = bootstrap.app()
    app.settings = by_function(app.settings)
