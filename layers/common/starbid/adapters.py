"""What the use cases stand on: an adapter for each port, made once per process, on first use."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from starbid.domain.payments import Provider
from starbid.scratch_adapters import ScratchAdapters

if TYPE_CHECKING:  # each function imports the adapters that it asks for
    from collections.abc import Mapping

    from starbid.services.ports import (
        Achievements,
        Addresses,
        AssistantWork,
        AuditTrail,
        BillGateway,
        Catalogue,
        Contacts,
        DealFiles,
        Desk,
        DeskWork,
        EventLog,
        ExportFiles,
        Figures,
        FileCopies,
        Finds,
        Intents,
        LetterQueues,
        LogFiles,
        LogRequests,
        LotWords,
        Mails,
        OpenIdIssuer,
        Outgoing,
        Pictures,
        PreparedMessages,
        Questions,
        Scheduler,
        Searches,
        Showcases,
        StarsGateway,
        Store,
        Talks,
        Watches,
    )
    from starbid.telegram.bot_api import BotApi
    from starbid.telegram.webhook_secrets import WebhookSecrets


class Adapters(ScratchAdapters):
    """The adapters of one process."""

    @cached_property
    def store(self) -> Store:
        from starbid.storage.store import DynamoStore

        return DynamoStore(self.settings.tables)

    @cached_property
    def catalogue(self) -> Catalogue:
        from starbid.storage.catalogue.listings import DynamoCatalogue

        return DynamoCatalogue(self.settings.tables)

    @cached_property
    def lot_words(self) -> LotWords:
        from starbid.storage.catalogue.tally import DynamoLotWords

        return DynamoLotWords(self.settings.tables)

    @cached_property
    def intents(self) -> Intents:
        from starbid.storage.intents import DynamoIntents

        return DynamoIntents(self.settings.tables)

    @cached_property
    def watches(self) -> Watches:
        from starbid.storage.watches import DynamoWatches

        return DynamoWatches(self.settings.tables)

    @cached_property
    def contacts(self) -> Contacts:
        from starbid.storage.contacts import DynamoContacts

        return DynamoContacts(self.settings.tables)

    @cached_property
    def mails(self) -> Mails:
        from starbid.storage.mails import SesMails

        return SesMails(self.settings.email_sender, self.settings.email_configuration_set)

    @cached_property
    def openid_issuer(self) -> OpenIdIssuer:
        from starbid.openid.issuer import OpenIdProvider

        return OpenIdProvider(self.settings.openid_client, lambda: self.settings.openid_secret)

    @cached_property
    def achievements(self) -> Achievements:
        from starbid.storage.achievements import DynamoAchievements

        return DynamoAchievements(self.settings.tables)

    @cached_property
    def searches(self) -> Searches:
        from starbid.storage.searches import DynamoSearches

        return DynamoSearches(self.settings.tables)

    @cached_property
    def showcase_rows(self) -> Showcases:
        from starbid.storage.showcases import DynamoShowcases

        return DynamoShowcases(self.settings.tables)

    @cached_property
    def addresses(self) -> Addresses:
        from starbid.storage.addresses import DynamoAddresses

        return DynamoAddresses(self.settings.tables)

    @cached_property
    def deal_files(self) -> DealFiles:
        from starbid.storage.deal_files import DynamoDealFiles

        return DynamoDealFiles(self.settings.tables)

    @cached_property
    def file_copies(self) -> FileCopies:
        from starbid.storage.deal_files import BucketCopies

        return BucketCopies(self.settings.pictures_bucket)

    @cached_property
    def talks(self) -> Talks:
        from starbid.storage.talks import DynamoTalks

        return DynamoTalks(self.settings.tables)

    @cached_property
    def scheduler(self) -> Scheduler:
        from starbid.storage.scheduler import AwsScheduler

        return AwsScheduler(self.settings)

    @cached_property
    def outgoing(self) -> Outgoing:
        from starbid.storage.queues import NoticeQueue

        return NoticeQueue(self.settings.notice_queue_url, self.settings.card_queue_url)

    @cached_property
    def desk(self) -> Desk:
        from starbid.storage.desk import DynamoDesk

        return DynamoDesk(self.settings.tables)

    @cached_property
    def finds(self) -> Finds:
        from starbid.storage.finds import DynamoFinds

        return DynamoFinds(self.settings.tables)

    @cached_property
    def audit_trail(self) -> AuditTrail:
        from starbid.storage.audit_trail import DynamoAuditTrail

        return DynamoAuditTrail(self.settings.tables)

    @cached_property
    def desk_work(self) -> DeskWork:
        from starbid.storage.queues import DeskQueue

        return DeskQueue(self.settings.desk_queue_url)

    @cached_property
    def questions(self) -> Questions:
        from starbid.storage.assistant import DynamoQuestions

        return DynamoQuestions(self.settings.tables)

    @cached_property
    def assistant_work(self) -> AssistantWork:
        from starbid.storage.queues import AssistantQueue

        return AssistantQueue(self.settings.assistant_queue_url)

    @cached_property
    def figures(self) -> Figures:
        from starbid.storage.figures import DynamoFigures

        return DynamoFigures(self.settings.tables)

    @cached_property
    def event_log(self) -> EventLog:
        from starbid.storage.event_log import DynamoEventLog

        return DynamoEventLog(self.settings.tables)

    @cached_property
    def pictures(self) -> Pictures:
        from starbid.storage.pictures import BucketPictures

        return BucketPictures(self.settings.pictures_bucket)

    @cached_property
    def log_files(self) -> LogFiles:
        from starbid.storage.bid_logs import BucketLogs

        return BucketLogs(self.settings.bid_logs_bucket)

    @cached_property
    def log_requests(self) -> LogRequests:
        from starbid.storage.bid_logs import LogQueue

        return LogQueue(self.settings.log_queue_url)

    @cached_property
    def bot(self) -> BotApi:
        from starbid.telegram.bot_api import BotApi

        settings = self.settings
        return BotApi(settings.bot_token, settings.telegram_api, test=settings.telegram_test)

    @cached_property
    def prepared_messages(self) -> PreparedMessages:
        from starbid.telegram.inline_cards import TelegramPrepared

        return TelegramPrepared(lambda: self.bot, self.settings)

    @cached_property
    def webhook_secrets(self) -> WebhookSecrets:
        from starbid.telegram.webhook_secrets import WebhookSecrets

        settings = self.settings
        return WebhookSecrets(settings.webhook_secrets, self._stored_secrets if settings.ssm_prefix else None)

    def _stored_secrets(self) -> tuple[str, ...]:
        from starbid.storage.secrets import webhook_secrets

        return webhook_secrets(self.settings.ssm_prefix)

    @cached_property
    def stars(self) -> StarsGateway:
        from starbid.billing.stars import TelegramStars

        return TelegramStars(lambda: self.bot)

    @cached_property
    def bill_gateways(self) -> Mapping[Provider, BillGateway]:
        """The providers of bills that are on offer. Those in it ask for their secret at each use."""
        made = {
            Provider.QIWI: self._qiwi,
            Provider.CRYPTOPAY: self._cryptopay,
            Provider.TELEGRAM: self._telegram_invoices,
        }
        return {provider: made[provider]() for provider in self.settings.business.bills.providers}

    def _qiwi(self) -> BillGateway:
        from starbid.billing.qiwi import QiwiBills

        return QiwiBills(lambda: self.settings.secret_of(Provider.QIWI), self.settings.qiwi_url)

    def _cryptopay(self) -> BillGateway:
        from starbid.billing.cryptopay import CryptoPayBills

        base_url = self.settings.cryptopay_url
        return CryptoPayBills(lambda: self.settings.secret_of(Provider.CRYPTOPAY), base_url, self.now)

    def _telegram_invoices(self) -> BillGateway:
        from starbid.billing.telegram_invoices import TelegramInvoices

        return TelegramInvoices(lambda: self.bot, lambda: self.settings.secret_of(Provider.TELEGRAM))

    @cached_property
    def letter_queues(self) -> LetterQueues:
        from starbid.domain.letters import LetterQueue
        from starbid.storage.letters import SqsLetterQueues

        living = {
            LetterQueue.CLOSER: self.settings.closer_queue_url,
            LetterQueue.NOTICES: self.settings.notice_queue_url,
            LetterQueue.CARDS: self.settings.card_queue_url,
            LetterQueue.LOGS: self.settings.log_queue_url,
            LetterQueue.DESK: self.settings.desk_queue_url,
            LetterQueue.QUESTIONS: self.settings.assistant_queue_url,
        }
        return SqsLetterQueues(self.settings.dead_letter_queues, living)

    @cached_property
    def export_files(self) -> ExportFiles:
        from starbid.storage.export_files import BucketExports

        return BucketExports(self.settings.exports_bucket)
