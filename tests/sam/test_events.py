"""Every sample of `events/` through its built function, cold, with a check of the result."""

from __future__ import annotations

import base64
import gzip
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import boto3
import pytest

from starbid.domain.assistant.account import Account, Open, Source
from starbid.domain.assistant.question import State, question_id
from starbid.domain.auction import Ending
from starbid.domain.channels import Channel
from starbid.domain.deals import DealState
from starbid.domain.intents import Intent, Placed, Wish
from starbid.domain.leaving import GRACE, Leaving
from starbid.domain.payments import ChargeState, Provider
from starbid.domain.renewals import RenewalState
from starbid.services.leaving.records import row_of
from starbid.services.ports import Contact, Search, ShownPost
from tests.support.billed import roubles
from tests.support.factories import xtr
from tests.support.there import there

from .market import BORIS, CHARGE, CLARA, LOT, QUESTION, SELLER, Market
from .samples import NAMES, function_of
from .ways import Way

ALL_DONE: tuple[None, dict[str, list[object]]] = (None, {"batchItemFailures": []})
Case = Callable[[Market, Callable[[], Any]], None]
CASES: dict[str, Case] = {}


def case(*names: str) -> Callable[[Case], Case]:
    def keep(function: Case) -> Case:
        CASES.update(dict.fromkeys(names, function))
        return function

    return keep


@pytest.mark.parametrize("name", NAMES)
def test_sample(way: Way, market: Market, name: str) -> None:
    def run() -> Any:
        answer = way.invoke(function_of(name), market.event(name), market.environment)
        if name.startswith("webhook_"):
            assert answer["statusCode"] == 200
        return answer

    CASES[name](market, run)


# --- the site ---------------------------------------------------------------------------------------------------------


@case("web_healthz")
def healthz(market: Market, run: Any) -> None:
    assert run()["statusCode"] == 200


@case("web_home")
def home(market: Market, run: Any) -> None:
    answer = run()
    assert answer["statusCode"] == 200
    assert "text/html" in answer["headers"]["content-type"]


@case("web_lot", "web_api_lot")
def lot(market: Market, run: Any) -> None:
    market.put_up()
    answer = run()
    assert answer["statusCode"] == 200
    assert "A lamp" in _read(answer)


def _read(answer: Any) -> str:
    """The body as a browser reads it."""
    if not answer["isBase64Encoded"]:
        return str(answer["body"])
    return gzip.decompress(base64.b64decode(answer["body"])).decode()


@case("web_bid_form")
def bid_by_form(market: Market, run: Any) -> None:
    market.put_up()
    assert run()["statusCode"] == 303
    assert there(market.auction().leader_maximum).amount == 150


@case("web_api_bid")
def bid_by_api(market: Market, run: Any) -> None:
    market.put_up()
    assert run()["statusCode"] == 201
    assert there(market.auction().leader_maximum).amount == 150


# --- Telegram ---------------------------------------------------------------------------------------------------------


@case("webhook_start", "webhook_start_auction")
def command(market: Market, run: Any) -> None:
    market.put_up()
    run()
    assert len([text for text in market.bot.messages_to(BORIS) if text]) == 1  # what tells of an upload has none


@case("webhook_auctions")
def auctions(market: Market, run: Any) -> None:
    run()
    assert len(market.bot.messages_to(SELLER)) == 1


@case("webhook_buy_stars")
def buy_stars(market: Market, run: Any) -> None:
    run()
    (invoice,) = [fields for method, fields in market.bot.calls if method == "sendInvoice"]
    assert (invoice["currency"], invoice["prices"][0]["amount"]) == ("XTR", 500)


@case("webhook_bid_button")
def bid_button(market: Market, run: Any) -> None:
    market.put_up()
    run()
    assert there(market.auction().leader_maximum).amount == 100


@case("webhook_stale_bid_button")
def stale_bid_button(market: Market, run: Any) -> None:
    market.put_up()
    market.bid(CLARA, 200)
    run()
    assert market.auction().bids_count == 1


@case("webhook_pre_checkout")
def pre_checkout(market: Market, run: Any) -> None:
    run()
    assert _pre_checkout(market)["ok"] in (True, "true")


@case("webhook_pre_checkout_forged")
def forged(market: Market, run: Any) -> None:
    run()
    answer = _pre_checkout(market)
    assert answer["ok"] in (False, "false")
    assert answer["error_message"]


def _pre_checkout(market: Market) -> dict[str, Any]:
    (fields,) = [fields for method, fields in market.bot.calls if method == "answerPreCheckoutQuery"]
    return fields


@case("webhook_successful_payment")
def payment(market: Market, run: Any) -> None:
    run()
    assert market.available(BORIS) == 1500


@case("webhook_pre_checkout_rub")
def pre_checkout_of_a_bill(market: Market, run: Any) -> None:
    market.open_bill(BORIS, Provider.TELEGRAM)
    run()
    assert _pre_checkout(market)["ok"] in (True, "true")


@case("webhook_successful_payment_rub")
def payment_of_a_bill(market: Market, run: Any) -> None:
    market.open_bill(BORIS, Provider.TELEGRAM)
    run()
    assert roubles(market.app, BORIS) == 50_000


@case("webhook_refunded_payment", "webhook_refunded_payment_without_sender")
def refund(market: Market, run: Any) -> None:
    market.pay(BORIS, 500, CHARGE)
    assert market.available(BORIS) == 1500
    run()
    assert market.available(BORIS) == 1000
    assert there(market.app.store.charge(CHARGE)).state is ChargeState.REFUNDED


def renewal(state: RenewalState) -> Case:
    def kept(market: Market, run: Any) -> None:
        run()
        boris = market.app.store.person(BORIS, consistent=True)
        assert [each.state for each in there(boris).renewals] == [state]
        assert there(boris).subscribed_until is None

    return kept


for one in RenewalState:
    case(f"webhook_subscription_{one}")(renewal(one))


@case("webhook_stopped_generation")
def stopped(market: Market, run: Any) -> None:
    asked = Account(BORIS, version=1, open=Open(QUESTION, Source.TRIAL, "", market.app.now()))
    assert market.app.questions.save(Account(BORIS), asked)
    run()
    assert there(market.app.questions.account(BORIS).open).stop


@case("webhook_inline_query")
def inline_query(market: Market, run: Any) -> None:
    """Nothing is listed: the projector has not run."""
    run()
    (answer,) = [fields for method, fields in market.bot.calls if method == "answerInlineQuery"]
    assert (answer["results"], answer["button"]["start_parameter"]) == ([], "auctions")


@case("webhook_bot_blocked")
def blocked(market: Market, run: Any) -> None:
    run()
    assert there(market.app.store.person(BORIS, consistent=True)).unreachable


@case("webhook_unknown_update")
def unknown(market: Market, run: Any) -> None:
    run()
    assert market.bot.calls == []


# --- jobs -------------------------------------------------------------------------------------------------------------


@case("closer_schedule", "closer_queue", "closer_sweep")
def close(market: Market, run: Any) -> None:
    market.put_up(days_ago=2)
    market.sell()
    assert run() in ALL_DONE
    assert market.auction().ending is Ending.SOLD


@case("closer_drain")
def decide_what_waits(market: Market, run: Any) -> None:
    """Its function died a quarter of an hour ago."""
    market.put_up(days_ago=0.01)
    app = market.app
    waits = Intent("a" * 32, LOT, BORIS, Wish.BID, xtr(150), app.now())
    app.intents.take_lease(LOT, "dead", app.now(), app.now())
    app.intents.add(waits)
    assert run() in ALL_DONE
    assert app.intents.outcome_and_line(waits)[0] == Placed(1)
    assert market.auction().leader_id == BORIS


@case("closer_remind", "closer_start")
def tell_watchers(market: Market, run: Any) -> None:
    """The lot started at this moment and ends in 23 hours, so the reminder is put off."""
    market.put_up()
    assert run() in ALL_DONE
    began = f"began:{LOT}:{int(market.auction().starts_at.timestamp())}"
    events = boto3.client("dynamodb").scan(TableName=market.environment["OUTBOX_TABLE"])["Items"]
    waiting = [name for _, name in market.schedules.names() if name.startswith("remind-")]
    assert (began in {item["event_id"]["S"] for item in events}) != bool(waiting)


@case("payments_deal", "payments_sweep")
def drain(market: Market, run: Any) -> None:
    market.put_up(days_ago=20)
    market.sell()
    market.app.closing.close(LOT, market.app.now())
    assert run() in ALL_DONE
    assert market.app.store.deal(LOT).state is DealState.REFUNDED
    assert market.available(BORIS) == 1000


@case("payments_quiet_over")
def wake(market: Market, run: Any) -> None:
    assert run() in ALL_DONE
    assert [notice["kind"] for notice in market.queued("NOTICE_QUEUE_URL")] == ["waited"]


@case("payments_wallet")
def freeze(market: Market, run: Any) -> None:
    market.put_up(days_ago=2)
    market.sell()
    market.app.closing.close(LOT, market.app.now())
    market.take_back(BORIS)
    assert run() in ALL_DONE
    assert market.app.store.deal(LOT).frozen_at is not None


@case("payments_reconcile")
def reconcile(market: Market, run: Any) -> None:
    market.bot.transactions = [{"id": "x", "amount": 100, "date": 1_700_000_000, "source": {"type": "other"}}]
    assert run() in ALL_DONE
    again = market.app.reconciling.compare(market.app.now(), lambda: True, print)
    assert (there(again).count, there(again).place.number) == (0, 1)


@case("payments_callback_qiwi")
def hear_from_qiwi(market: Market, run: Any) -> None:
    market.open_bill(BORIS, Provider.QIWI)
    answer = run()
    assert (answer["statusCode"], answer["body"]) == (200, '{"error": "0"}')
    assert market.app.store.wallet(BORIS, "RUB", consistent=True).available.amount == 50_000


@case("payments_callback_cryptopay")
def hear_from_crypto_pay(market: Market, run: Any) -> None:
    market.open_bill(BORIS, Provider.CRYPTOPAY)
    assert run()["statusCode"] == 200
    assert market.app.store.wallet(BORIS, "RUB", consistent=True).available.amount == 50_000


# --- streams and notices ----------------------------------------------------------------------------------------------


@case("notifier_bid")
def tell_bid(market: Market, run: Any) -> None:
    market.put_up()
    assert run() in ALL_DONE
    assert [notice["kind"] for notice in market.queued("NOTICE_QUEUE_URL")] == ["new_bid", "outbid"]


@case("notifier_transfer")
def follow_what_was_spent(market: Market, run: Any) -> None:
    market.put_up()
    assert run() in ALL_DONE


@case("notifier_outbox")
def tell_event(market: Market, run: Any) -> None:
    market.put_up()
    assert run() in ALL_DONE
    assert [notice["kind"] for notice in market.queued("NOTICE_QUEUE_URL")] == ["won", "sold"]


@case("projector_new_lot")
def list_lot(market: Market, run: Any) -> None:
    market.put_up()
    assert run() in ALL_DONE
    assert [listing.auction_id for listing in market.app.catalogue.find(Search()).items] == [LOT]


@case("projector_bid")
def redraw(market: Market, run: Any) -> None:
    market.put_up()
    assert run() in ALL_DONE
    assert [message["cards"] for message in market.queued("CARD_QUEUE_URL") if "cards" in message] == [LOT]


@case("sender_notice")
def send(market: Market, run: Any) -> None:
    market.put_up()
    market.bid(CLARA, 150)
    market.bid(BORIS, 300)
    assert run() in ALL_DONE
    assert len(market.bot.messages_to(SELLER)) == 1
    assert len(market.bot.messages_to(CLARA)) == 1


@case("keeper_queue")
def keep_log(market: Market, run: Any) -> None:
    market.put_up(days_ago=2)
    market.sell()
    market.app.closing.close(LOT, market.app.now())
    assert run() in ALL_DONE
    bucket = market.environment["BID_LOGS_BUCKET"]
    log = json.load(boto3.client("s3").get_object(Bucket=bucket, Key=f"logs/{LOT}.json")["Body"])
    assert [entry["number"] for entry in log["entries"]] == list(range(1, market.auction().bids_count + 1))


@case("mails_bounce")
def address_taken_down(market: Market, run: Any) -> None:
    app, since = market.app, datetime(2026, 5, 1, 11, tzinfo=UTC)
    app.contacts.put(Contact(BORIS, "email", {"address": "Boris@example.org", "ask": "a1"}, since))
    app.hearing.set_up(BORIS, Channel.EMAIL)
    assert run() is None
    assert app.contacts.of(BORIS) == []
    assert there(app.store.person(BORIS)).heard_by == {}


@case("clerk_export")
def export(market: Market, run: Any) -> None:
    """Nobody has asked for this one: there is nothing to do."""
    assert run() in ALL_DONE


@case("clerk_resume")
def nothing_is_to_be_moved(market: Market, run: Any) -> None:
    market.put_up()
    before = market.auction()
    assert run() in ALL_DONE
    assert market.auction() == before


@case("clerk_figures")
def look_at_the_balance(market: Market, run: Any) -> None:
    assert run() in ALL_DONE
    today = int(datetime.now(UTC).timestamp()) // 86_400
    assert list(market.app.figures.balances(today - 1, today + 1).values()) == [0]


@case("clerk_leavers")
def see_who_leaves(market: Market, run: Any) -> None:
    """Somebody whose day has come is in the queue."""
    app = market.app
    leaving = Leaving(BORIS, app.now() - GRACE, app.now() - timedelta(hours=1))
    assert app.desk.save(row_of(leaving))
    assert run() in ALL_DONE


@case("assistant_question")
def answer_a_question(market: Market, run: Any) -> None:
    """By the stand-in, with the converter of Markdown in a layer of its own."""
    asked = market.ask()
    assert run() in ALL_DONE
    question, state = market.app.asking.question(BORIS, asked.id)
    assert state is State.DONE
    assert "stand-in" in question.answer
    *grown, told = market.bot.messages_to(BORIS)
    assert "<b>" in told
    assert all(len(text) < len(told) for text in grown), "it grew in drafts before"


@case("assistant_clear")
def delete_a_history(market: Market, run: Any) -> None:
    asked = market.ask()
    unit = market.app.store.unit()
    unit.add_question(replace(asked, id=question_id(asked.asked_at - timedelta(days=1), "x")))
    unit.commit()
    market.app.asking.clear(BORIS, market.app.now() - timedelta(hours=1))
    assert run() in ALL_DONE
    assert [question.id for question in market.app.questions.asked(BORIS, "").items] == [asked.id]


@case("assistant_sweep")
def call_again(market: Market, run: Any) -> None:
    asked = market.ask(minutes_ago=2)
    assert run() in ALL_DONE
    called = [body["question_id"] for body in market.queued("ASSISTANT_QUEUE_URL")]
    assert called == [asked.id, asked.id]


@case("recorder_bid", "recorder_outbox", "recorder_transfer", "recorder_person", "recorder_act", "recorder_update")
def record(market: Market, run: Any) -> None:
    market.put_up()
    assert run() in ALL_DONE
    items = boto3.client("dynamodb").scan(TableName=market.environment["EVENT_LOG_TABLE"])["Items"]
    assert items, "nothing stands in the event log"


@case("achiever_entry")
def count_a_bid(market: Market, run: Any) -> None:
    market.put_up()
    assert run() in ALL_DONE
    assert "first_bid" in market.app.achievements.of(BORIS).earned


@case("achiever_catch_up")
def count_what_was_logged(market: Market, run: Any) -> None:
    assert run() == {"since": None}


@case("sender_posts")
def redraw_post(market: Market, run: Any) -> None:
    market.put_up()
    now = market.app.now()
    post = ShownPost(LOT, -1001, 78, 1, 1, "en", "", now - timedelta(minutes=1))
    market.app.shown_posts.put(post, now + timedelta(days=1), now)
    market.bid(CLARA, 150)
    assert run() in ALL_DONE
    assert [str(fields["message_id"]) for method, fields in market.bot.calls if method.startswith("edit")] == ["78"]


@case("sender_cards", "sender_fall")
def redraw_card(market: Market, run: Any) -> None:
    market.put_up()
    market.show_card()
    market.bid(CLARA, 150)
    assert run() in ALL_DONE
    assert [str(fields["message_id"]) for method, fields in market.bot.calls if method.startswith("edit")] == ["77"]
