"""Every file in `events/` goes through the handler it is for, over the real tables (moto)."""

from __future__ import annotations

import importlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from moto import mock_aws

from local.template import load
from starbid import bootstrap
from starbid.domain.assistant.account import Open, Source, changed
from starbid.domain.assistant.question import Place, State
from starbid.domain.auction import Ending
from starbid.domain.bills import BillState
from starbid.domain.channels import Channel
from starbid.domain.deals import DealState
from starbid.domain.intents import Intent, Placed, Wish
from starbid.domain.payments import ChargeState, Provider
from starbid.domain.renewals import RenewalState
from starbid.services.assistant.asking import Wish as Asked
from starbid.services.ports import ApiToken, Contact, Search, ShownCard, ShownPost, StarTransaction
from tests.support import billed, factories
from tests.support.bot_contract import check_update
from tests.support.bot_pool import FakeTelegram, bot
from tests.support.dynamo import DynamoApp, dynamo_app, join
from tests.support.factories import xtr
from tests.support.fakes import FakeApp, StagedApp, make_app
from tests.support.records import Context
from tests.support.there import there
from web.identity.tokens import digest_of

EVENTS = Path(__file__).resolve().parents[3] / "events"
FUNCTIONS = {
    "webhook": "WebhookFunction",
    "web": "WebFunction",
    "closer": "AuctionCloserFunction",
    "payments": "PaymentsFunction",
    "notifier": "NotifierFunction",
    "projector": "ProjectorFunction",
    "recorder": "RecorderFunction",
    "achiever": "AchieverFunction",
    "sender": "SenderFunction",
    "keeper": "LogKeeperFunction",
    "mails": "MailReportsFunction",
    "clerk": "ClerkFunction",
    "assistant": "AssistantFunction",
}
SECRET, WEBHOOK_SECRET = "event-samples-secret-key", "event-samples-webhook-secret"
SECRETS = {
    "SECRET_KEY": SECRET,
    "TELEGRAM_WEBHOOK_SECRET": WEBHOOK_SECRET,
    "TOPUP_QIWI_SECRET_KEY": "event-samples-qiwi-secret",
    "TOPUP_CRYPTOPAY_TOKEN": "event-samples-cryptopay-token",
}
BILL = "6f1d2c3b4a5968778695a4b3c2d1e0f1"
TOKEN = "sb_EventSamples-0123456789abcdefghi"
SELLER, BORIS, CLARA = 5001, 5002, 5003
LOT, REQUEST = "mmq5pz57t6eeh", "event-samples"
FELL = datetime.fromtimestamp(1_777_636_800, UTC)
"""When the price of the lot falls in the samples."""
INVOICED = "5a0c3f9e7b1d48264ce0a92d6f83b715"
"""Борис tops up 500 roubles inside Telegram; `BILL` is the one at a provider."""
QUESTION = "0momv2crk8r674pc1"
"""What Борис has asked the AI helper, in the draft that he stops."""
CHARGE = "stxJ2xvF8aWvfmq1PzH4Q0nB7cKd9LrT5yUeXo3SgVhWiAbMl6"


@pytest.fixture
def telegram() -> FakeTelegram:
    return FakeTelegram()


@pytest.fixture
def market(telegram: FakeTelegram, monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    """What the samples are about, in memory."""
    app = make_app(bot=bot(telegram))
    monkeypatch.setattr(bootstrap, "_app", app)
    fill(app)
    return app


@pytest.fixture(scope="module")
def cloud() -> Iterator[DynamoApp]:
    """The same on the real adapters and tables, on moto."""
    with mock_aws(), dynamo_app(None) as app:
        app.__dict__["bot"] = bot(FakeTelegram())
        fill(app)
        yield app


def fill(app: StagedApp) -> None:
    """A seller's lot, two people with money, an API token."""
    offered = replace(app.settings.business.bills, providers=(Provider.QIWI, Provider.CRYPTOPAY))
    helper = replace(app.settings.business.assistant, is_offered=True)
    business = replace(app.settings.business, bills=offered, assistant=helper)
    app.settings = replace(app.settings, secrets=SECRETS, business=business)
    join(app, SELLER, seller=True)
    for person_id in (BORIS, CLARA):
        join(app, person_id, stars=1000)
    app.tokens.keep(ApiToken(digest_of(TOKEN), BORIS, "samples", app.now()))
    billed.keep_bill(app, INVOICED, BORIS, billed.TELEGRAM)
    draft = factories.draft(app.now(), duration_seconds=82_800)
    app.asking.consent(BORIS, app.now(), given=True)
    app.asking.start_trial(there(app.store.person(BORIS)), app.now())
    lot = app.publishing.publish(SELLER, draft, (), REQUEST, app.now())
    assert lot.auction.id == LOT, "the samples name the lot by what its seller asked"


def function_of(name: str) -> str:
    return FUNCTIONS[name.partition("_")[0]]


def run(name: str) -> Any:
    """The answer to a sample."""
    module, _, attribute = load(settings={}).functions[function_of(name)].handler.rpartition(".")
    event = json.loads((EVENTS / f"{name}.json").read_text("utf-8"))
    return getattr(importlib.import_module(module), attribute)(event, Context())


@pytest.mark.parametrize("path", sorted(EVENTS.glob("webhook_*.json")), ids=lambda path: path.stem)
def test_every_update_is_as_telegram_sends_it(path: Path) -> None:
    event = json.loads(path.read_text("utf-8"))
    check_update(json.loads(event["body"]))
    assert int(event["headers"]["content-length"]) == len(event["body"].encode())


@pytest.mark.parametrize("name", sorted(path.stem for path in EVENTS.glob("*.json")))
def test_every_sample_is_handled(cloud: DynamoApp, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(bootstrap, "_app", cloud)

    answer = run(name)

    if name.startswith("webhook_"):
        assert answer["statusCode"] == 200
    elif name.startswith("web_"):  # a second bid of the same amount is refused
        assert answer["statusCode"] in (200, 201, 303, 409), answer["body"]
    elif name.startswith("payments_callback_"):
        assert answer["statusCode"] == 200
    elif name == "achiever_catch_up":
        assert answer == {"since": None}
    elif answer is not None:
        assert answer == {"batchItemFailures": []}


def test_every_function_of_the_template_has_a_sample_under_its_name() -> None:
    assert {function_of(path.stem) for path in EVENTS.glob("*.json")} == set(load(settings={}).functions)


def test_a_bid_by_button_and_by_form_counts(market: FakeApp) -> None:
    run("webhook_bid_button")
    assert there(market.store.auction(LOT, consistent=True).leader_maximum).amount == 100
    assert run("web_bid_form")["statusCode"] == 303
    assert there(market.store.auction(LOT, consistent=True).leader_maximum).amount == 150


@pytest.mark.parametrize("later", [0.0, 1.5, 29.0, 31.0, 82_799.0])
def test_bids_of_samples_count_on_any_day_and_at_any_hour_of_the_lot(market: FakeApp, later: float) -> None:
    """Their `timeEpoch` is that of 1 May 2026, which only then may be their arrival."""
    market.clock.forward(seconds=later)
    run("webhook_bid_button")
    assert run("web_bid_form")["statusCode"] == 303
    assert run("web_api_bid")["statusCode"] in (201, 409)
    rows = market.store.bids(LOT, consistent=True).items
    assert {row.placed_at for row in rows} == {market.now() if later > 30 else FELL}


def test_a_bid_through_the_api_counts_once(market: FakeApp) -> None:
    first, second = run("web_api_bid"), run("web_api_bid")
    assert (first["statusCode"], second["statusCode"]) == (201, 201)
    assert market.store.auction(LOT, consistent=True).bids_count == 1


def test_a_button_that_shows_an_old_price_does_not_bid(market: FakeApp) -> None:
    market.bidding.bid(LOT, CLARA, 200, market.now())
    run("webhook_stale_bid_button")
    assert market.store.auction(LOT, consistent=True).bids_count == 1


def test_a_payment_is_let_through_credited_once_and_taken_back_once(market: FakeApp, telegram: FakeTelegram) -> None:
    run("webhook_pre_checkout")
    run("webhook_successful_payment")
    run("webhook_successful_payment")
    assert market.store.wallet(BORIS, "XTR", consistent=True).available.amount == 1500
    (answer,) = telegram.called("answerPreCheckoutQuery")
    assert (str(answer["pre_checkout_query_id"]), answer["ok"]) == ("21484001923457799", True)
    run("webhook_refunded_payment")
    assert market.store.wallet(BORIS, "XTR", consistent=True).available.amount == 1000
    assert there(market.store.charge(CHARGE)).state is ChargeState.REFUNDED


def test_a_bill_that_telegram_collects_is_let_through_and_credited_once(
    market: FakeApp, telegram: FakeTelegram
) -> None:
    run("webhook_pre_checkout_rub")
    run("webhook_successful_payment_rub")
    run("webhook_successful_payment_rub")
    (answer,) = telegram.called("answerPreCheckoutQuery")
    assert (str(answer["pre_checkout_query_id"]), answer["ok"]) == ("21484001923457831", True)
    assert billed.roubles(market, BORIS) == 50_000
    assert there(market.store.bill(INVOICED)).state is BillState.PAID


def test_a_refund_without_a_sender_is_taken_back_from_whose_chat_it_is(market: FakeApp) -> None:
    run("webhook_successful_payment")
    run("webhook_refunded_payment_without_sender")
    assert market.store.wallet(BORIS, "XTR", consistent=True).available.amount == 1000


@pytest.mark.parametrize("state", list(RenewalState))
def test_what_telegram_says_of_a_renewal_is_kept_and_told_and_the_days_stay(
    market: FakeApp, state: RenewalState
) -> None:
    until = there(market.store.person(BORIS, consistent=True)).subscribed_until
    run(f"webhook_subscription_{state}")
    run(f"webhook_subscription_{state}")
    boris = market.store.person(BORIS, consistent=True)
    assert ([each.state for each in there(boris).renewals], there(boris).subscribed_until) == ([state], until)
    market.run_streams()
    assert market.messenger.kinds_for(BORIS).count("renewal") == 1


def test_a_forged_payment_is_refused_with_words(market: FakeApp, telegram: FakeTelegram) -> None:
    run("webhook_pre_checkout_forged")
    (answer,) = telegram.called("answerPreCheckoutQuery")
    assert answer["ok"] is False
    assert answer["error_message"]


def test_the_answer_that_is_being_written_is_stopped(market: FakeApp) -> None:
    before = market.questions.account(BORIS)
    assert market.questions.save(before, changed(before, open=Open(QUESTION, Source.TRIAL, "", market.now())))
    run("webhook_stopped_generation")
    assert there(market.questions.account(BORIS).open).stop


def test_a_search_from_another_chat_finds_the_lot(market: FakeApp, telegram: FakeTelegram) -> None:
    market.run_streams()
    run("webhook_inline_query")
    (answer,) = telegram.called("answerInlineQuery")
    assert [result["id"] for result in answer["results"]] == [LOT]


def test_a_person_who_blocks_the_bot_is_marked(market: FakeApp) -> None:
    run("webhook_bot_blocked")
    assert there(market.store.person(BORIS, consistent=True)).unreachable


def test_an_unknown_update_does_nothing(market: FakeApp, telegram: FakeTelegram) -> None:
    run("webhook_unknown_update")
    assert telegram.calls == []


@pytest.mark.parametrize("name", ["closer_schedule", "closer_queue", "closer_sweep"])
def test_the_closer_closes_the_lot_that_its_samples_are_about(market: FakeApp, name: str) -> None:
    market.bidding.bid(LOT, BORIS, 150, market.now())
    market.clock.forward(days=1)
    run(name)
    assert market.store.auction(LOT, consistent=True).ending is Ending.SOLD


def test_the_closer_decides_a_bid_that_nobody_waits_for_any_more(market: FakeApp) -> None:
    waits = Intent("a" * 32, LOT, BORIS, Wish.BID, xtr(150), market.now())
    market.intents.take_lease(LOT, "dead", market.now(), market.now())
    market.intents.add(waits)
    market.clock.forward(seconds=11)
    run("closer_drain")
    assert market.intents.outcome_and_line(waits)[0] == Placed(1)
    assert market.store.auction(LOT, consistent=True).leader_id == BORIS


def test_the_log_of_the_lot_that_its_sample_is_about_is_written(market: FakeApp) -> None:
    market.bidding.bid(LOT, BORIS, 150, market.now())
    market.clock.forward(days=1)
    run("closer_schedule")
    run("keeper_queue")
    assert list(market.log_files.files) == [LOT]


def test_a_bounce_takes_down_the_address_that_the_mail_was_to(market: FakeApp) -> None:
    market.contacts.put(Contact(BORIS, "email", {"address": "Boris@example.org", "ask": "a1"}, market.now()))
    market.hearing.set_up(BORIS, Channel.EMAIL)
    run("mails_bounce")
    run("mails_bounce")
    assert market.contacts.of(BORIS) == []
    assert [notice.kind for notice in market.run_streams() if notice.user_id == BORIS].count("email_stopped") == 1


@pytest.mark.parametrize("name", ["payments_deal", "payments_sweep"])
def test_the_job_returns_the_money_for_what_was_never_delivered(market: FakeApp, name: str) -> None:
    market.bidding.bid(LOT, BORIS, 150, market.now())
    market.clock.forward(days=1)
    run("closer_schedule")
    market.clock.forward(days=14)
    run(name)
    assert market.store.deal(LOT).state is DealState.REFUNDED


def test_at_the_end_of_quiet_hours_what_waited_is_put_on_the_queue(market: FakeApp) -> None:
    run("payments_quiet_over")
    assert [notice.kind for notice in market.outgoing.notices] == ["waited"]


def test_what_somebody_bought_who_owes_is_frozen_once(market: FakeApp) -> None:
    market.bidding.bid(LOT, BORIS, 150, market.now())
    market.clock.forward(days=1)
    run("closer_schedule")
    (charge,) = market.store.charges_of(BORIS)
    market.refunding.taken_back(BORIS, charge.id, "", 1000, "XTR", market.now())
    assert [run("payments_wallet"), run("payments_wallet")] == [{"batchItemFailures": []}] * 2
    assert market.store.deal(LOT).frozen_at == market.now()


@pytest.mark.parametrize(
    ("provider", "said"), [(Provider.QIWI, '{"error": "0"}'), (Provider.CRYPTOPAY, "{}")], ids=["qiwi", "cryptopay"]
)
def test_a_callback_credits_the_bill_that_it_is_about_once(market: FakeApp, provider: Provider, said: str) -> None:
    billed.keep_bill(market, BILL, BORIS, provider)
    for _ in range(2):
        answer = run(f"payments_callback_{provider}")
        assert (answer["statusCode"], answer["body"]) == (200, said)
    assert market.store.wallet(BORIS, "RUB").available.amount == 50_000


@pytest.mark.parametrize("provider", ["qiwi", "cryptopay"])
def test_a_callback_with_another_secret_is_refused(market: FakeApp, provider: str) -> None:
    market.settings = replace(market.settings, secrets={name: f"{value}!" for name, value in SECRETS.items()})
    assert run(f"payments_callback_{provider}")["statusCode"] == 403


def test_the_daily_comparison_looks_at_every_transaction_once(market: FakeApp) -> None:
    market.stars.listed = [StarTransaction("charge", 100, market.now(), incoming=True)]
    market.clock.forward(days=1)
    run("payments_reconcile")
    again = market.reconciling.compare(market.now(), lambda: True, print)
    assert (there(again).count, there(again).place.number) == (0, 1)


def test_the_streams_end_in_notices_and_listings(market: FakeApp) -> None:
    run("notifier_bid")
    run("notifier_outbox")
    run("notifier_transfer")
    assert [notice.kind for notice in market.outgoing.notices] == ["new_bid", "outbid", "won", "sold"]
    run("projector_new_lot")
    assert [listing.auction_id for listing in market.catalogue.find(Search()).items] == [LOT]
    run("projector_bid")
    assert [lot_id for lot_id, _ in market.outgoing.refreshed] == [LOT]


def test_a_bid_in_the_log_is_its_bidder_s_first_however_often_it_is_told(market: FakeApp) -> None:
    run("achiever_entry")
    market.store.take_stream()
    assert [*market.achievements.of(BORIS).earned] == ["first_bid"]
    assert run("achiever_entry") == {"batchItemFailures": []}
    assert run("achiever_catch_up") == {"since": None}
    assert market.store.take_stream() == []


def test_the_sender_tells_and_redraws(market: FakeApp) -> None:
    market.shown_cards.put(ShownCard(LOT, BORIS, 77, 1), market.now())
    for who, amount in ((CLARA, 150), (BORIS, 300)):
        market.bidding.bid(LOT, who, amount, market.now())
    run("sender_notice")
    run("sender_cards")
    assert [(notice.kind, person.id) for person, notice, _ in market.messenger.told] == [
        ("new_bid", SELLER),
        ("outbid", CLARA),
    ]
    assert [card.message_id for _, _, card in market.messenger.redrawn] == [77]


def test_the_sender_redraws_posts(market: FakeApp) -> None:
    post = ShownPost(LOT, -1001, 78, 1, 1, "en", "", market.now() - timedelta(minutes=1))
    market.shown_posts.put(post, market.now() + timedelta(days=1), market.now())
    market.bidding.bid(LOT, CLARA, 150, market.now())
    run("sender_posts")
    assert [(what, chat) for what, chat, _ in market.poster.calls] == [("redraw", -1001)]


def test_the_sender_draws_a_price_that_fell_once(market: FakeApp) -> None:
    market.shown_cards.put(ShownCard(LOT, BORIS, 77, 1, until=FELL), market.now())
    run("sender_fall")
    run("sender_fall")
    assert [card.message_id for _, _, card in market.messenger.redrawn] == [77]


def test_the_helper_answers_the_question_that_its_sample_is_about_once(market: FakeApp, telegram: FakeTelegram) -> None:
    boris = there(market.store.person(BORIS))
    asked = market.asking.ask(boris, Asked("How do I sell?", Place.CHAT), REQUEST, market.now())
    market.language_model.says("Press **/sell**.")
    assert [run("assistant_question"), run("assistant_question")] == [{"batchItemFailures": []}] * 2
    assert market.asking.question(BORIS, asked.id)[1] is State.DONE
    assert [each["text"] for each in telegram.called("sendMessage")] == ["Press <b>/sell</b>."]
    market.asking.clear(BORIS, market.now())
    run("assistant_clear")
    assert market.questions.asked(BORIS, "").items == ()


def test_the_helper_s_sweep_calls_again_for_what_nobody_is_at(market: FakeApp) -> None:
    asked = market.asking.ask(there(market.store.person(BORIS)), Asked("Why?", Place.CHAT), REQUEST, market.now())
    market.assistant_work.take()
    market.clock.forward(minutes=1)
    run("assistant_sweep")
    assert [call.question_id for call in market.assistant_work.take()] == [asked.id]


def test_a_webhook_sample_without_the_secret_is_refused(market: FakeApp) -> None:
    market.settings = replace(market.settings, secrets={"TELEGRAM_WEBHOOK_SECRET": "another secret"})
    assert run("webhook_start")["statusCode"] == 403
