"""Wires adapters to use cases: the only place that does. Everything is made once per process, on first use."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cached_property
from typing import TYPE_CHECKING

from starbid.config import read_settings
from starbid.observability import hide, tell_start
from starbid.own_data_parts import OwnDataParts
from starbid.pace import ProcessPace
from starbid.storage.secrets import with_secrets

if TYPE_CHECKING:  # each function imports the use cases that it asks for
    from starbid.domain.people import Person
    from starbid.services.achievements.counting import Achieving
    from starbid.services.address_limits import AddressLimits
    from starbid.services.auctions.bidding import Bidding
    from starbid.services.auctions.browsing import Browsing
    from starbid.services.auctions.closing import Closing
    from starbid.services.auctions.combining import Combining
    from starbid.services.auctions.publishing import Publishing
    from starbid.services.auctions.waiting import Waiting
    from starbid.services.bid_logs import BidLogs, LogWriting
    from starbid.services.billing.finishing import Finishing
    from starbid.services.cards.falling import Falling
    from starbid.services.cards.redrawing import Cards
    from starbid.services.desk.broadcasting import Broadcasting
    from starbid.services.desk.lot_acts import LotActs
    from starbid.services.fan_out import FanOut
    from starbid.services.living import Teller
    from starbid.services.low_balance import LowBalance
    from starbid.services.muting import Muting
    from starbid.services.people import People
    from starbid.services.pictures import LotPictures
    from starbid.services.ports import Clock, Pace
    from starbid.services.sharing import Sharing
    from starbid.services.telling import Sending
    from starbid.services.watching import Watching


def utc_now() -> datetime:
    """The server's clock, in whole milliseconds."""
    now = datetime.now(UTC)
    return now.replace(microsecond=now.microsecond // 1000 * 1000)


_clock: Clock = utc_now


class App(OwnDataParts):
    """The use cases of one process, over their adapters. Each part is made when it is first asked for."""

    def now(self) -> datetime:
        """The present moment: aware, UTC."""
        return _clock()

    def moments(self) -> tuple[datetime, ...]:
        """The present by every clock that may have dated a proof: ours, and real time.

        They differ only if the clock of a local run was moved, which Telegram does not know.
        """
        return self.now(), utc_now()

    @cached_property
    def pace(self) -> Pace:
        return ProcessPace(self.now)

    @cached_property
    def closing(self) -> Closing:
        from starbid.services.auctions.closing import Closing

        return Closing(self.store, self.combining, self.scheduler, self.settings.business)

    @cached_property
    def combining(self) -> Combining:
        from starbid.services.auctions.combining import Combining

        return Combining(self.store, self.intents, self.scheduler, self.pace, self.settings.business)

    @cached_property
    def waiting(self) -> Waiting:
        from starbid.services.auctions.waiting import Waiting

        return Waiting(self.intents, self.combining, self.scheduler, self.pace)

    @cached_property
    def bidding(self) -> Bidding:
        from starbid.services.auctions.bidding import Bidding

        return Bidding(self.store, self.closing, self.waiting, self.scheduler, self.settings.business)

    @cached_property
    def publishing(self) -> Publishing:
        from starbid.services.auctions.publishing import Publishing

        return Publishing(
            self.store, self.closing, self.combining, self.watching, self.lot_pictures, self.reports,
            self.settings.business,
        )  # fmt: skip

    @cached_property
    def lot_acts(self) -> LotActs:
        from starbid.services.desk.lot_acts import LotActs

        return LotActs(self.store, self.reports, self.publishing, self.combining)

    @cached_property
    def lot_pictures(self) -> LotPictures:
        from starbid.services.pictures import LotPictures

        return LotPictures(self.pictures, self.store)

    @cached_property
    def watching(self) -> Watching:
        from starbid.services.watching import Watching

        return Watching(self.store, self.watches, self.scheduler)

    @cached_property
    def muting(self) -> Muting:
        from starbid.services.muting import Muting

        return Muting(self.store, self.mutes)

    @cached_property
    def people(self) -> People:
        from starbid.services.people import People

        return People(self.store, self.settings.business)

    @cached_property
    def achieving(self) -> Achieving:
        from starbid.services.achievements.counting import Achieving

        return Achieving(self.store, self.achievements, self.event_log)

    @cached_property
    def address_limits(self) -> AddressLimits:
        from starbid.services.address_limits import AddressLimits

        return AddressLimits(self.allowances, self.settings.address_limits, self.settings.secret_key)

    @cached_property
    def browsing(self) -> Browsing:
        from starbid.services.auctions.browsing import Browsing

        return Browsing(self.store, self.catalogue, self.closing, self.operators, self.pause_news)

    @cached_property
    def sharing(self) -> Sharing:
        from starbid.services.sharing import Sharing

        return Sharing(
            self.store, self.catalogue, self.browsing, self.pause_news, self.limits, self.file_ids,
            self.prepared_messages,
        )  # fmt: skip

    @cached_property
    def bid_logs(self) -> BidLogs:
        from starbid.services.bid_logs import BidLogs

        return BidLogs(self.browsing, self.claims, self.log_files, self.log_requests)

    @cached_property
    def log_writing(self) -> LogWriting:
        from starbid.services.bid_logs import LogWriting

        return LogWriting(self.store, self.log_files, self.log_requests)

    @cached_property
    def finishing(self) -> Finishing:
        from starbid.services.billing.finishing import Finishing

        return Finishing(
            self.store, self.browsing, self.bidding, self.second_chance, self.people, self.publishing,
            self.lot_pictures, self.publications, self.settings.business,
        )  # fmt: skip

    @cached_property
    def fan_out(self) -> FanOut:
        from starbid.services.fan_out import FanOut

        return FanOut(
            self.store, self.outgoing, self.watches.watchers, self.settings.business.operators,
            self.settings.admin_chat_id, self.help_desk.hand_on if self.settings.support_webhook_url else None,
        )  # fmt: skip

    @cached_property
    def low_balance(self) -> LowBalance:
        from starbid.services.low_balance import LowBalance

        return LowBalance(self.store, self.browsing, self.outgoing)

    @cached_property
    def falling(self) -> Falling:
        from starbid.services.cards.falling import Falling

        return Falling(self.claims, self.outgoing)

    @cached_property
    def cards(self) -> Cards:
        from starbid.services.cards.redrawing import Cards

        return Cards(
            self.store, self.shown_cards, self.people, self.messenger, self.outgoing, self.falling, self.claims
        )

    def _alerting(self) -> Teller:
        """The messenger, which tells the admins in their topic if they have one for alerts."""
        from starbid.services.desk.admin_topic import AdminTopic

        chat = self.admin_chat
        return AdminTopic(self.messenger, chat, self.now) if chat and chat.topic else self.messenger

    @cached_property
    def sending(self) -> Sending:
        from starbid.services.deals.file_telling import FileTelling
        from starbid.services.telling import Sending

        return Sending(
            self.store, self.claims, self.living_messages, self.mutes, self.people, self._alerting(),
            self.ticket_telling, self.talk_telling, self.admin_chat, self.found_telling,
            FileTelling(self.deal_files, self.file_copies, self.claims, self.messenger), self.further_telling,
            self.quiet, self.waiting_telling,
        )  # fmt: skip

    @cached_property
    def broadcasting(self) -> Broadcasting:
        from starbid.services.desk.broadcasting import Broadcasting, Outside
        from starbid.services.ports import Page, PeopleList

        def everybody(limit: int, place: str | None) -> Page[Person]:
            page = self.store.people_listed(PeopleList.ALL, backward=False, limit=limit, cursor=place)
            found = self.store.people(page.items)
            return Page(tuple(found[user_id] for user_id in page.items if user_id in found), page.cursor)

        def last_seen(user_id: int) -> datetime | None:
            newest = self.event_log.page(self.now(), user_id=user_id, limit=1).items
            return newest[0].at if newest else None

        outside = Outside(self.claims, self.messenger, self.desk_work, self.pace, self.now)
        return Broadcasting(self.store, self.broadcasts, self.people, everybody, last_seen, outside)


_app: App | None = None


def app() -> App:
    """The process's App, made from the environment at the first call. Raises ConfigError."""
    global _app  # noqa: PLW0603 - one per process is the point
    if _app is None:
        settings = read_settings(with_secrets(os.environ))
        hide(*settings.secrets.values(), *settings.secrets.get("TELEGRAM_WEBHOOK_SECRET", "").split(","))
        tell_start(os.environ)
        _app = App(settings)
    return _app


def use_clock(clock: Clock) -> None:
    """Use another clock: the local run's, or a test's."""
    global _clock  # noqa: PLW0603 - one per process is the point
    _clock = clock


def reset() -> None:
    """Forget the process's App and clock; for tests."""
    global _app  # noqa: PLW0603
    _app = None
    use_clock(utc_now)
