"""In-memory fakes of every port of `starbid.services.ports`, and an App made of them.

app = make_app()
app.clock.forward(minutes=5)
app.store.fail_next(Contended())            # the next commit: nothing is written
app.stars.fail_next(Death(), after=True)    # refunded at Telegram, and nobody here knows
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from starbid.bootstrap import App
from starbid.config import read_settings
from starbid.domain.auction import Bid
from starbid.services.call_pace import Unlimited
from starbid.services.ports import Notice, Pace, TryLater

from .failing import Death
from .fake_addresses import FakeAddresses
from .fake_assistant import FakeAssistantWork, FakeModel
from .fake_aws import Alarm, FakeDeskWork, FakeOutgoing, FakePictures, FakeScheduler, FakeScratch
from .fake_catalogue import FakeCatalogue
from .fake_clock import START, FakeClock, FakePace
from .fake_contacts import FakeContacts
from .fake_exports import FakeExportFiles
from .fake_finds import FakeFinds
from .fake_intents import FakeIntents
from .fake_letters import FakeLetterQueues
from .fake_logs import FakeLogFiles, FakeLogRequests
from .fake_lot_words import FakeLotWords
from .fake_mails import FakeMails
from .fake_searches import FakeSearches
from .fake_showcases import FakePoster, FakeShowcases, FakeVenues
from .fake_telegram import FakeMessenger, FakeStars
from .fake_watches import FakeWatches
from .memory_achievements import FakeAchievements
from .memory_assistant import FakeQuestions
from .memory_desk import FakeAuditTrail, FakeDesk
from .memory_figures import FakeFigures
from .memory_files import FakeCopies, FakeDealFiles
from .memory_log import FakeEventLog
from .memory_store import FakeStore
from .memory_talks import FakeTalks

__all__ = [
    "ENVIRONMENT",
    "START",
    "Alarm",
    "Death",
    "FakeApp",
    "FakeAssistantWork",
    "FakeCatalogue",
    "FakeClock",
    "FakeDeskWork",
    "FakeEventLog",
    "FakeExportFiles",
    "FakeIntents",
    "FakeLogFiles",
    "FakeLogRequests",
    "FakeMessenger",
    "FakeModel",
    "FakeOutgoing",
    "FakePace",
    "FakePictures",
    "FakeScheduler",
    "FakeScratch",
    "FakeStars",
    "FakeStore",
    "FakeWatches",
    "StagedApp",
    "make_app",
]

ENVIRONMENT = {
    "BASE_URL": "http://127.0.0.1:8000",
    "TELEGRAM_BOT_USERNAME": "starbid_bot",
    "SECRET_KEY": "a secret for tests only",
    "TELEGRAM_BOT_TOKEN": "1:token-for-tests",
    "TELEGRAM_WEBHOOK_SECRET": "webhook-secret-for-tests",
    "ADMIN_IDS": "900",
}


class StagedApp(App):
    """An App with its own clock, whose alarms, queues and Stars are fakes. Use cases are the real ones.

    Subclasses say where rows, pictures and logs are stored.
    """

    # Annotations only: `__init__` sets the values, and `parts` may replace them.
    scheduler: FakeScheduler
    outgoing: FakeOutgoing
    desk_work: FakeDeskWork
    assistant_work: FakeAssistantWork
    letter_queues: FakeLetterQueues
    stars: FakeStars
    log_requests: FakeLogRequests
    messenger: FakeMessenger
    poster: FakePoster
    venues: FakeVenues
    language_model: FakeModel
    pace: Pace

    def __init__(self, environment: dict[str, str] | None = None, **parts: Any) -> None:
        super().__init__(read_settings(ENVIRONMENT | (environment or {})))
        self.clock = FakeClock()
        self.world: FakeClock | None = None
        stars = FakeStars()
        stars.clock = self.clock
        self.__dict__ |= {
            "scheduler": FakeScheduler(self.clock),
            "outgoing": FakeOutgoing(),
            "desk_work": FakeDeskWork(),
            "assistant_work": FakeAssistantWork(),
            "letter_queues": FakeLetterQueues(self.clock),
            "stars": stars,
            "log_requests": FakeLogRequests(),
            "messenger": FakeMessenger(),
            "poster": FakePoster(),
            "venues": FakeVenues(),
            "pace": FakePace(self.clock),
            "call_pace": Unlimited(),
            "language_model": FakeModel(),
        } | parts

    def now(self) -> datetime:
        return self.clock.now

    def moments(self) -> tuple[datetime, ...]:
        """Two if `world` is a clock that stayed behind when the run's clock was moved."""
        return (self.clock.now, self.world.now) if self.world else (self.clock.now,)


class FakeApp(StagedApp):
    """An App over fakes alone."""

    store: FakeStore
    catalogue: FakeCatalogue
    scratch: FakeScratch
    watches: FakeWatches
    contacts: FakeContacts
    mails: FakeMails
    achievements: FakeAchievements
    searches: FakeSearches
    showcase_rows: FakeShowcases
    addresses: FakeAddresses
    deal_files: FakeDealFiles
    file_copies: FakeCopies
    talks: FakeTalks
    event_log: FakeEventLog
    questions: FakeQuestions
    figures: FakeFigures
    intents: FakeIntents
    pictures: FakePictures
    log_files: FakeLogFiles
    export_files: FakeExportFiles

    def __init__(self, environment: dict[str, str] | None = None, **parts: Any) -> None:
        store, figures = FakeStore(), FakeFigures()
        kept = {
            "store": store,
            "catalogue": store.catalogue,
            "scratch": FakeScratch(),
            "watches": FakeWatches(),
            "contacts": FakeContacts(),
            "mails": FakeMails(),
            "achievements": FakeAchievements(store),
            "searches": FakeSearches(),
            "showcase_rows": FakeShowcases(),
            "addresses": FakeAddresses(store),
            "deal_files": FakeDealFiles(store),
            "file_copies": FakeCopies(),
            "talks": FakeTalks(store),
            "desk": FakeDesk(store),
            "questions": FakeQuestions(store),
            "finds": FakeFinds(store),
            "lot_words": FakeLotWords(store),
            "audit_trail": FakeAuditTrail(store),
            "event_log": FakeEventLog(figures),
            "figures": figures,
            "intents": FakeIntents(store),
            "pictures": FakePictures(),
            "log_files": FakeLogFiles(),
            "export_files": FakeExportFiles(),
        }
        super().__init__(environment, **kept | parts)
        self.store.scratch, self.store.watches = self.scratch, self.watches

    def follow_debts(self) -> None:
        """Runs the payments function on the stream of wallets until nothing moves any more."""
        while debtors := self.store.take_debtors():
            for person_id, currency in debtors:
                self.payouts.bring_back(person_id, currency, self.now())
                self.freezing.follow(person_id, currency, self.now())

    def run_streams(self) -> list[Notice]:
        """Runs notifier, projector and sender: fan out, project, send. Returns the notices.

        A postponed notice waits in `outgoing.notices` for the next call.
        """
        self.follow_debts()
        records = self.store.take_stream()
        self.fan_out.bids(record for record in records if isinstance(record, Bid))
        for record in records:
            if not isinstance(record, Bid):
                self.fan_out.event(record)
        known = set(self.store.tables.listings)
        for auction_id in self.store.project(self.now()):
            if auction_id not in known:
                lot = self.store.lot(auction_id, consistent=True)
                self.announcing.announce(lot, self.now())
                self.posting.announce(lot)
        self._take_steps()
        while self.outgoing.rests:
            self.fan_out.rest(*self.outgoing.rests.pop(0))
        notices, self.outgoing.notices = self.outgoing.notices, []
        for notice in notices:
            try:
                self.sending.send(notice, self.now())
            except TryLater:
                self.outgoing.notices.append(notice)
        self._tell_further()
        return notices

    def _tell_further(self) -> None:
        further, self.outgoing.further = self.outgoing.further, []
        for notice, channel in further:
            try:
                self.further_telling.tell(notice, channel, self.now())
            except TryLater:
                self.outgoing.further.append((notice, channel))

    def run_posts(self) -> None:
        """Runs the sender on what waits in the queue of cards about groups and channels; each message once. What has to
        wait stays there.
        """
        outgoing = self.outgoing
        while outgoing.shows:
            self.posting.step(*outgoing.shows.pop(0), self.now())
        posts, outgoing.posts = outgoing.posts, []
        for auction_id, chat_id in posts:
            try:
                self.posting.post(auction_id, chat_id, self.now())
            except TryLater:
                outgoing.posts.append((auction_id, chat_id))

    def _take_steps(self) -> None:
        """A step that has to wait comes again with the next call."""
        waiting = []
        while self.outgoing.finders:
            step = self.outgoing.finders.pop(0)
            try:
                self.announcing.step(*step, self.now())
            except TryLater:
                waiting.append(step)
        self.outgoing.finders += waiting


def make_app(environment: dict[str, str] | None = None, **parts: Any) -> FakeApp:
    """A fresh App over fakes. `parts` replace or add adapters and use cases by name (`bot=...`, `pictures=...`)."""
    return FakeApp(environment, **parts)
