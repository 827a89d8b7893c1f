"""Least privilege from the other side: what each function asks of AWS in a day of the market, the template lets it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import boto3
import moto.dynamodb.parsing
import moto.s3.models
import pytest
from moto import mock_aws

from local import template
from local.resources import create_buckets, create_tables
from starbid import bootstrap
from starbid.config import Settings
from starbid.domain.letters import LetterQueue
from starbid.storage import clients
from tests.integration.market_achievements import achievements
from tests.integration.market_assistant import helper, helper_on_the_site, packs
from tests.integration.market_browsers import KEYS, browsers
from tests.integration.market_clerk import blocked, exports, figures
from tests.integration.market_crowd import crowd, crowd_without_its_functions
from tests.integration.market_day import (
    chat,
    closer,
    jobs,
    logs,
    payments_in_the_chat,
    recorder,
    sender,
    site,
    streams,
)
from tests.integration.market_desk import lots_at_the_desk
from tests.integration.market_files import files_are_erased, files_of_a_deal
from tests.integration.market_groups import groups_and_channels
from tests.integration.market_logins import ISSUER, logins
from tests.integration.market_mails import SENDER, mails
from tests.integration.market_money_desk import money_desk
from tests.integration.market_own_data import leaver, own_file
from tests.integration.market_panel import broadcast, dashboard, finds, pause, people_at_the_desk
from tests.integration.market_searches import finding_on_the_site, saved_searches
from tests.integration.market_selling import drafts_on_the_site, selling_in_the_chat
from tests.integration.market_settings import quiet_hours, settings_in_the_chat
from tests.integration.market_sharing import sharing
from tests.integration.market_talks import talks
from tests.integration.market_tickets import PLACE, alerts, help_desk, tickets_in_the_chat, tickets_on_the_site
from tests.support import billed
from tests.support.dynamo import CREDENTIALS, create_queue
from tests.support.fakes import ENVIRONMENT
from tests.support.moto_market import Market
from tests.support.permissions import Recorder, granted, may, unused

FUNCTIONS = (
    "WebhookFunction",
    "WebFunction",
    "AuctionCloserFunction",
    "PaymentsFunction",
    "NotifierFunction",
    "ProjectorFunction",
    "RecorderFunction",
    "AchieverFunction",
    "SenderFunction",
    "LogKeeperFunction",
    "MailReportsFunction",
    "ClerkFunction",
    "AssistantFunction",
)

RARE = {
    "AuctionCloserFunction": {"CloseLots", "AppendOnly"},
    "ClerkFunction": {
        *("InsistInACrowd", "KnowWhetherAnybodyWatchesThem", "KnowWhomAnotherTold", "WakeThemAtTheirNewEnds"),
    },
    "PaymentsFunction": {"AppendOnly", "KeepNewcomersFindable", "EraseAddresses"},
    "ProjectorFunction": {"ReadLots", "KeepLotsFindable"},
    "SenderFunction": {"ReadWhatToTell"},
    "WebhookFunction": {"DropTypedAddresses"},
    "BillSchedulesPolicy": {"ScheduleLooks"},
    "LotSchedulesPolicy": {"ScheduleReminders"},
    "MarketPolicy": {"KeepPeopleFindable", "WaitInACrowd", "AppendOnly", "BrowseLots", "KeepAddresses"},
}
"""Statements that the day does not take as a whole: addresses, a lease that is insisted on, and reads of what a
condition refused.
"""
pytestmark = pytest.mark.timeout(900)  # the day is the work of the first test


@pytest.fixture(scope="module")
def record() -> Iterator[Recorder]:
    """All that was asked for, after the day is over."""
    with mock_aws(), pytest.MonkeyPatch.context() as patch:
        stack = template.load(settings={}, stack="rights")
        given = {**ENVIRONMENT, **billed.ENVIRONMENT, **CREDENTIALS, **PLACE, **KEYS, **ISSUER, "SSM_PREFIX": ""}
        given |= {"ASSISTANT_ENABLED": "true", "EMAIL_SENDER": SENDER}
        environment = {**stack.environment, **given}
        for name, value in environment.items():
            patch.setenv(name, value)
        for name in [name for name in stack.environment if name.endswith("_QUEUE_URL")]:
            environment[name] = create_queue(name, fifo=name == "ASSISTANT_QUEUE_URL")
            patch.setenv(name, environment[name])
        dead = {name: create_queue(f"dead-{name}", fifo=name == LetterQueue.QUESTIONS) for name in LetterQueue}
        named = " ".join(f"{name}={url.rpartition('/')[2]}" for name, url in dead.items())
        environment["DEAD_LETTER_QUEUES"] = named
        patch.setenv("DEAD_LETTER_QUEUES", environment["DEAD_LETTER_QUEUES"])
        create_tables(boto3.client("dynamodb"), stack)
        create_buckets(boto3.client("s3"), stack)
        boto3.client("scheduler").create_schedule_group(Name=environment["SCHEDULE_GROUP"])
        clients.forget_clients()
        bootstrap.reset()
        rights = Recorder(clients.session(), environment)
        secret = Settings._secret

        def noted(told: Settings, name: str) -> str:
            rights.used(name)
            return secret(told, name)

        patch.setattr(Settings, "_secret", noted)
        market = Market(rights)
        crowds = (crowd, crowd_without_its_functions)
        desk = (money_desk, lots_at_the_desk, exports, own_file, figures, blocked, people_at_the_desk, finds)
        selling = (selling_in_the_chat, drafts_on_the_site)
        tickets = (tickets_in_the_chat, tickets_on_the_site, help_desk, alerts)
        answers = (helper, helper_on_the_site, packs, saved_searches, finding_on_the_site)
        told = (streams, recorder, achievements, dashboard, sender, broadcast)
        rest = (*crowds, *answers, closer, logs, jobs, files_are_erased, *told, pause, leaver)
        further = (mails, browsers, groups_and_channels, logins)
        chats = (chat, settings_in_the_chat, quiet_hours, *further, payments_in_the_chat, *selling, sharing)
        parts = (*chats, site, files_of_a_deal, talks, *desk, *tickets, *rest)
        for part in parts:
            part(market)
        yield rights
        bootstrap.reset()
        clients.forget_clients()


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_may_do_all_that_it_does(record: Recorder, function: str) -> None:
    asked = record.asked[function]
    assert asked
    assert sorted(right for right in asked if not may(granted()[function], right)) == []


def test_nothing_is_allowed_that_no_function_does(record: Recorder) -> None:
    idle = [each for each in unused(record.asked) if each.statement not in RARE.get(each.owner, set())]
    assert idle == []


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_is_given_the_secrets_that_it_uses_and_no_others(record: Recorder, function: str) -> None:
    given = template.load(settings={}).functions[function].environment["GIVEN_SECRETS"]
    assert record.secrets[function] == set(given.split(",")) - {""}


@pytest.mark.parametrize("name", ["AuctionCloserFunctionSweep", "PaymentsFunctionReconciliation"])
def test_no_function_may_change_a_recurring_schedule(name: str) -> None:
    for function, rights in granted().items():
        for action in ("CreateSchedule", "UpdateSchedule", "DeleteSchedule"):
            assert not may(rights, (f"scheduler:{action}", f"ScheduleGroup/{name}")), function


def test_no_expression_names_an_attribute_by_a_reserved_word(record: Recorder) -> None:
    words = (Path(moto.dynamodb.parsing.__file__).parent / "reserved_keywords.txt").read_text("utf-8").split()
    grammar = {"AND", "OR", "NOT", "BETWEEN", "IN", "SET", "ADD", "REMOVE", "DELETE"}
    assert record.expressions
    for expression in record.expressions:
        names = {name.upper() for name in re.findall(r"(?<![:#\w])[A-Za-z_]\w*", expression)}
        assert not names & {word.upper() for word in words} - grammar, expression
