"""A day of the market, in which each function does all that it ever does (test_permissions)."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from typing import Any

import boto3
import moto.dynamodb.parsing
import moto.s3.models
import pytest

import auction_closer.app
import log_keeper.app
import notifier.app
import notifier.projection
import notifier.recorder
import notifier.sender
import payments.app
from starbid.config import PROVIDER_SECRETS
from starbid.domain.bills import ProviderStatus, invoice_payload
from starbid.domain.events import LotBegan, LotSold
from starbid.domain.people import SUBSCRIPTION
from starbid.domain.refund_requests import mark_of
from starbid.services import bid_logs, notices
from starbid.services.ports import Audience, Notice, ShownCard, TryLater
from starbid.services.stamping import stamp
from starbid.storage.rows import card_item
from tests.support import billed, factories, paying_out
from tests.support.bot_pool import bad_request, flood, forbidden, timeout
from tests.support.desk import deciding, decision
from tests.support.dynamo import join, put_up
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, xtr
from tests.support.fake_bills import reported
from tests.support.fakes import ENVIRONMENT
from tests.support.moto_market import BOT, Market
from tests.support.records import (
    Context,
    auction_record,
    batch,
    bid_record,
    event_record,
    heard_record,
    message,
    part_record,
    person_record,
    transfer_record,
    wallet_record,
)
from tests.support.street import DUTCH
from tests.support.web import Client, png, widget_query
from web.app import _router
from webhook.registry import screens

ADMIN = int(ENVIRONMENT["ADMIN_IDS"])
ASKED = {"/assistant/live", "/email/confirm", "/email/stop", "/settings/export/file"}
"""Answers nobody who does not say which question, has no link of a mail, or no file."""


def chat(market: Market) -> None:
    app = market.app
    lot, bought = put_up(app).auction, market.sold()
    for command in (*screens.commands, f"auction_{lot.id}", "buy_stars 50", "cancel"):
        market.update(ANNA, message={"text": f"/{command}"})
    market.update(ANNA, message={"text": f"/auction_{put_up(app, **DUTCH).auction.id}"})
    for data in (
        f"w:{lot.id}:1",
        f"w:{lot.id}:0",
        f"b:{lot.id}:100:1",
        f"m:{lot.id}",
        "p:1:lot1",
        "lang:en",
        "sub:pay:u1",
        "sub:link",
        "chk:0",
    ):
        market.press(ANNA, data)
    market.owe(ANNA)
    market.update(ANNA, message={"text": "/balance"})
    assert not market.owes(ANNA)
    disputed = market.sold()
    market.press(ANNA, f"d:dispute:{disputed}")
    for number, words in enumerate(({}, {"caption": "it never came"}, {}), start=1):
        market.update(ANNA, message=_photo(market, number) | {"media_group_id": "album"} | words)
    assert len(app.store.deal(disputed).dispute_pictures) == 3
    market.press(SELLER, f"d:answer:{disputed}")
    market.update(SELLER, message={"text": "it was sent"})
    market.press(SELLER, f"ev:add:{disputed}")
    market.update(SELLER, message=_photo(market, 4))
    market.update(ADMIN, message={"text": "/admin"})
    market.press(ADMIN, f"a:look:{disputed}")
    market.press(ADMIN, f"a:refund:{disputed}")
    market.update(ADMIN, message={"text": "never sent"})
    assert (app.store.deal(disputed).answer, app.store.deal(disputed).reason) == ("it was sent", "never sent")
    refunded, again = put_up(app, duration_seconds=60, extend_seconds=0).auction.id, market.sold()
    for bidder, amount in ((BORIS, 100), (ANNA, 200)):
        app.bidding.bid(refunded, bidder, amount, app.now(), confirmed=True)
    market.clock.forward(minutes=1, seconds=2)
    app.closing.close(refunded, app.now())
    market.press(ANNA, f"d:dispute:{again}")
    market.update(ANNA, message={"text": "it never came"})
    market.press(ANNA, f"d:WITHDRAW:{again}")
    assert app.store.deal(again).state == "awaiting_delivery"
    app.dealing.dispute(ANNA, refunded, "it never came", app.now())
    app.dealing.resolve(deciding("never sent", app.now()), refunded, False)
    market.press(SELLER, f"d:OFFER:{refunded}")
    market.press(BORIS, f"d:ACCEPT:{refunded}")
    assert app.store.auction(refunded, consistent=True).offer.state == "accepted"
    market.update(BORIS, message={"text": "/start"})
    for_sale = put_up(app, buy_now_price=200).auction
    market.press(BORIS, f"N:{for_sale.id}:200")
    market.press(SELLER, f"d:deliver:{bought}")
    market.update(SELLER, message={"text": "the code"})
    market.press(SELLER, f"df:ok:{bought}:{app.file_delivery.aside(SELLER, bought, app.now()).mark}:1")
    market.press(ANNA, f"d:CONFIRM:{bought}")
    market.press(SELLER, f"d:CANCEL:{put_up(app).auction.id}")
    payouts_in_the_chat(market)


def payouts_in_the_chat(market: Market) -> None:
    app = market.app
    paying_out.earned(app, 2000, who=CLARA, days_ago=22)
    for data in ("wd:gift:premium_3", "wd:GIFT:premium_3:1", "wd:GIFT:premium_3:2"):
        market.press(CLARA, data)
    given, refused = (app.payouts.asked(CLARA, request) for request in "12")
    for data in ("po:list", f"po:look:{given.id}", f"po:OK:{given.id}", f"po:no:{refused.id}"):
        market.press(ADMIN, data)
    market.update(ADMIN, message={"text": "not today"})
    market.press(CLARA, "wd:GIFT:premium_3:3")
    market.press(CLARA, f"wd:cancel:{app.payouts.asked(CLARA, '3').id}")
    states = [app.payouts.asked(CLARA, request).state for request in "123"]
    assert states == ["paid", "refused", "cancelled"]


def _photo(market: Market, number: int) -> dict[str, Any]:
    file_id = f"photo{number}"
    market.telegram.files[file_id] = png((20 + number, 20))
    return {"photo": [{"file_id": file_id, "file_unique_id": file_id, "width": 90, "height": 67}]}


def refunds_in_the_chat(market: Market, given: str, refused: str) -> None:
    for charge in (given, refused):
        market.press(BORIS, f"rf:{mark_of(charge)}")
        market.update(BORIS, message={"text": "by mistake"})
    market.press(BORIS, "go:paysupport")
    steps = "rr:list", f"rr:look:{BORIS}:{mark_of(given)}", f"rr:OK:{BORIS}:{mark_of(given)}"
    for data in (*steps, f"rr:no:{BORIS}:{mark_of(refused)}"):
        market.press(ADMIN, data)
    market.update(ADMIN, message={"text": "not today"})
    found = market.app.refund_requests.of_person(BORIS, market.app.now())
    assert [found[mark_of(charge)].state for charge in (given, refused)] == ["approved", "refused"]


def payments_in_the_chat(market: Market) -> None:
    app = market.app
    _, payload = app.paying.order_stars(CLARA, 10, app.now())
    payment = {"currency": "XTR", "total_amount": 10, "invoice_payload": payload}
    market.update(CLARA, pre_checkout_query={"id": "p", **payment})
    charged = payment | {"telegram_payment_charge_id": "charge-of-clara", "provider_payment_charge_id": ""}
    market.update(CLARA, message={"successful_payment": charged})
    market.update(CLARA, message={"refunded_payment": charged, "from": BOT})
    refunds_in_the_chat(market, factories.pay(app, BORIS, 6).id, factories.pay(app, BORIS, 7).id)
    renewed, payload = app.paying.order_subscription(CLARA, app.now())
    monthly = {"total_amount": renewed.amount.amount, "invoice_payload": payload}
    charge_id = {"telegram_payment_charge_id": "monthly"}
    market.update(CLARA, message={"successful_payment": charged | monthly | charge_id})
    for data in ("rn:stop", "rn:STOP", "rn:allow", "mv:XTR", "rc:list"):
        market.press(CLARA, data)
    own_stars_in_the_chat(market)
    market.update(CLARA, subscription={"invoice_payload": payload, "state": "canceled"})
    bills_in_the_chat(market)
    gone = {"status": "kicked", "user": BOT, "until_date": 0}
    market.update(CLARA, my_chat_member={"new_chat_member": gone})


def own_stars_in_the_chat(market: Market) -> None:
    """Seen with leave, and forgotten with Telegram's no."""
    connection = {"id": "b1", "user_chat_id": CLARA, "date": 1, "is_enabled": True}
    market.update(CLARA, business_connection=connection | {"rights": {"can_view_gifts_and_stars": True}})
    market.press(CLARA, "go:stars")
    market.telegram.fail("getBusinessAccountStarBalance", bad_request("BUSINESS_CONNECTION_INVALID"))
    market.press(CLARA, "go:stars")
    assert not market.app.store.person(CLARA).star_view.connection_id


def bills_in_the_chat(market: Market) -> None:
    """One at each provider: cancelled, paid otherwise than asked for, paid inside Telegram."""
    app = market.app
    market.update(CLARA, message={"text": "/topup 500"})
    for letter in "qct":
        for verb in ("tu", "TU"):
            market.press(CLARA, f"{verb}:{letter}50000RUB")
    made = {bill.provider: bill for bill in app.top_ups.bills_of(CLARA).items}
    cancelled, differing, invoiced = (made[each] for each in (billed.QIWI, billed.CRYPTOPAY, billed.TELEGRAM))
    for verb in ("check", "done", "cancel"):
        market.press(CLARA, f"bl:{verb}:{cancelled.id}")
    app.settling.settle(differing.id, reported(differing, ProviderStatus.PAID, value=Decimal(1)), app.now())
    for data in ("bl:list", f"bl:look:{differing.id}", f"bl:CREDIT:{differing.id}", f"bl:BACK:{differing.id}"):
        market.press(ADMIN, data)
    payment = {"currency": "RUB", "total_amount": 50_000, "invoice_payload": invoice_payload(invoiced)}
    market.update(CLARA, pre_checkout_query={"id": "p", **payment})
    charged = payment | {"telegram_payment_charge_id": "roubles-of-clara", "provider_payment_charge_id": ""}
    market.update(CLARA, message={"successful_payment": charged})
    states = [app.store.bill(bill.id).state for bill in (cancelled, differing, invoiced)]
    assert states == ["rejected", "paid", "paid"]
    assert app.store.charge(differing.id).state == "refunded"


def site(market: Market) -> None:
    app = market.app
    with market.record.of("WebFunction"):
        visitor, anna, seller = Client(app), Client(app).log_in(ANNA), Client(app).log_in(SELLER)
        operator = Client(app).log_in(ADMIN)
        for route in _router().routes:
            if (
                route.method == "GET"
                and "<" not in route.path
                and "login" not in route.path
                and route.path not in ASKED
            ):
                reader = operator if route.path.startswith("/admin") else anna
                assert reader.get(route.path).status == 200, route.path
        assert visitor.get("/login/telegram", **widget_query(app, id=77)).status == 303
        secret = anna.post("/api/v1/tokens", {"name": "t"}).json["token"]
        program = Client(app, token=secret)
        program.get("/api/v1/me")
        anna.post_form("/settings/tokens", name="u")
        anna.post_form("/settings/tokens/delete", token=anna.get("/api/v1/tokens").json["items"][0]["id"])
        key = seller.post_form("/new_auction/uploads").json["key"]
        with_picture = seller.post_files("/new_auction", [("a.png", png())], **factories.fields(title="x"))
        (kept,) = re.findall(r'name="uploads" value="([^"]+)"', with_picture.text)
        assert seller.post_form("/new_auction/pictures", key=key).status == 422
        picture = seller.post_form("/new_auction/pictures", key=kept).json
        assert seller.get(picture["url"]).status == 200
        shown = seller.post_form("/new_auction", pictures=picture["picture"], **factories.fields())
        assert visitor.get(picture["url"]).status == 200
        assert seller.post_form(f"{shown.headers['location']}/edit", **factories.fields()).status == 303
        assert visitor.get(picture["url"]).status == 404
        assert seller.get(picture["url"]).status == 200
        assert visitor.get("/pictures/nosuchpicture/small").status == 404
        fields = factories.fields(buy_now_price=400)
        made = seller.post("/api/v1/auctions", fields, headers={"idempotency-key": "k"})
        assert made.status == 201, made.text
        lot = made.json["id"]
        assert anna.post_form(f"/auction/{lot}/watch").status == 303
        for path in ("", "/live"):
            assert anna.get(f"/auction/{lot}{path}").status == 200
        assert seller.get(f"/auction/{lot}/edit").status == 200
        assert seller.post_form(f"/auction/{lot}/edit", **{**fields, "title": "A better lamp"}).status == 303
        market.owe(ANNA)
        assert anna.post(f"/api/v1/auctions/{lot}/bids", {"amount": 100}).status == 201
        assert not market.owes(ANNA)
        assert anna.get(f"/api/v1/auctions/{lot}/bids").status == 200
        assert seller.get(f"/u/{factories.public_id(SELLER)}").status == 200
        assert anna.post_form("/subscribe", request_id="site").status == 303
        assert anna.post_form("/buy_stars", amount=5).status == 200
        for provider in PROVIDER_SECRETS:
            bill = anna.post_form("/topup", amount=500, provider=provider.value)
            assert bill.status == 303, bill.text
            assert anna.get(bill.headers["location"]).status == 200
        paying_out.earned(app, 1000, "RUB", days_ago=22)
        asked: dict[str, Any] = {"currency": "RUB", "amount": 5, "details": "card 1234", "request_id": "site"}
        assert anna.post_form("/wallet/payout", **asked, review=1).status == 200
        assert anna.post_form("/wallet/payout", **asked).status == 303
        asked_id = app.payouts.asked(ANNA, "site").id
        assert anna.post_form(f"/wallet/payout/{asked_id}/cancel").status == 303
        market.clock.forward(hours=2)
        assert anna.get(f"/auction/{lot}").status == 200, "closed by who opens it"
        assert visitor.get(f"/api/v1/auctions/{lot}/log").status == 200
        assert seller.post_form(f"/auction/{lot}/deliver", text="the code").status == 303
        broken = [("a.png", png())]
        assert anna.post_files(f"/auction/{lot}/dispute", broken, "pictures", text="it is broken").status == 303
        assert seller.post_files(f"/auction/{lot}/answer", broken, "pictures", text="it was whole").status == 303
        (photo,) = app.store.deal(lot).dispute_pictures
        assert anna.get(f"/auction/{lot}/evidence/{photo}").status == 200
        assert anna.post_form(f"/auction/{lot}/dispute/withdraw").status == 303
        assert anna.post_form(f"/auction/{lot}/confirm").status == 303


def closer(market: Market) -> None:
    app, handler = market.app, auction_closer.app.lambda_handler
    long, short, unsold = (put_up(app, duration_seconds=s).auction.id for s in (7200, 300, 60))
    app.bidding.bid(short, ANNA, 100, app.now(), confirmed=True)
    sealed = put_up(app, type="sealed", duration_seconds=90).auction.id
    for bidder in (ANNA, BORIS):
        app.bidding.bid(sealed, bidder, 100, app.now(), confirmed=True)
    for lot in (long, short):
        market.call("AuctionCloserFunction", handler, {"auction_id": lot})
    owing = put_up(app, duration_seconds=90, extend_seconds=0).auction.id
    for bidder, amount in ((BORIS, 100), (CLARA, 200)):
        app.bidding.bid(owing, bidder, amount, app.now(), confirmed=True)
    market.owe(CLARA, more=50)
    market.clock.forward(minutes=6)
    body = {"auction_id": short}
    market.call("AuctionCloserFunction", handler, batch(message(body, queue="CloserQueue")))
    market.call("AuctionCloserFunction", handler, {"sweep": True})
    for job in ("remind", "start"):
        market.call("AuctionCloserFunction", handler, {"job": job, "auction_id": long})
    market.clock.forward(minutes=100)
    market.call("AuctionCloserFunction", handler, {"job": "remind", "auction_id": long})
    assert all(app.store.auction(lot, consistent=True).is_final for lot in (unsold, sealed))
    assert app.store.auction(owing, consistent=True).offer.to_id == BORIS


def jobs(market: Market) -> None:
    app, handler = market.app, payments.app.lambda_handler
    frozen = market.sold()
    market.clock.forward(seconds=1)  # of the two the newest goes back
    freed = market.sold()
    for bill in app.top_ups.bills_of(ANNA).items:
        market.call("PaymentsFunction", handler, {"job": "bill", "bill": bill.id})
    market.owe(ANNA, more=50)
    owing = batch(wallet_record(ANNA, "XTR"))
    market.call("PaymentsFunction", handler, owing)
    assert app.store.deal(frozen).frozen_at == app.store.deal(freed).frozen_at == app.now()
    market.clock.forward(days=7)
    market.call("PaymentsFunction", handler, {"job": "deal", "auction_id": freed})
    market.call("PaymentsFunction", handler, owing)
    assert (app.store.deal(frozen).frozen_at, app.store.deal(freed).state) == (None, "refunded")
    factories.pay(app, ANNA, 1000)
    undelivered, delivered = market.sold(), market.sold()
    app.dealing.deliver(SELLER, delivered, "the code", app.now())
    market.owe(SELLER)
    offered = put_up(app, duration_seconds=60, extend_seconds=0).auction.id
    for bidder, amount in ((BORIS, 100), (ANNA, 200)):
        app.bidding.bid(offered, bidder, amount, app.now(), confirmed=True)
    market.clock.forward(minutes=1, seconds=2)
    app.closing.close(offered, app.now())
    app.dealing.dispute(ANNA, offered, "broken", app.now())
    app.dealing.resolve(deciding("so be it", app.now()), offered, False)
    app.second_chance.offer(SELLER, offered, app.now())
    charge = factories.pay(app, CLARA, 9, "stuck")
    app.refund_requests.ask(charge, "by mistake", app.now())
    market.telegram.fail("refundStarPayment", flood(1))
    with pytest.raises(TryLater):
        app.refunding.refund(CLARA, charge.id, app.now())
    paying_out.earned(app, 2000, who=BORIS, days_ago=22)
    gift, brought_back = (paying_out.ask(app, request, who=BORIS) for request in ("jobs-1", "jobs-2"))
    app.payouts.approve(gift.id, decision(app))
    market.telegram.fail("giftPremiumSubscription", timeout())
    with pytest.raises(TryLater):
        app.gifts.send(gift.id, app.now())
    market.owe(BORIS, more=50)
    market.call("PaymentsFunction", handler, batch(wallet_record(BORIS, "XTR")))
    assert app.store.payout(brought_back.id).state == "returned"
    market.moved("source", CLARA, "unheard", 5, app.paying.order_stars(CLARA, 5, app.now())[1])
    market.moved("receiver", CLARA, factories.pay(app, CLARA, 3, "taken back").id, 3)
    market.clock.now += SUBSCRIPTION + timedelta(days=1)
    market.call("PaymentsFunction", handler, {"job": "deal", "auction_id": undelivered})
    market.call("PaymentsFunction", handler, {"job": "sweep"})
    market.call("PaymentsFunction", handler, {"job": "reconcile"})
    assert [app.store.charge(each).state for each in ("unheard", "taken back")] == ["credited", "refunded"]
    assert app.store.payout(gift.id).state == "paid"
    assert app.refund_requests.find(CLARA, mark_of(charge.id), app.now()).state == "overtaken"
    assert not market.owes(SELLER)
    assert app.store.auction(offered, consistent=True).offer.state == "expired"
    assert app.store.person(SELLER, consistent=True).subscribed_until is None
    join(app, SELLER + 1, seller=True)


def logs(market: Market) -> None:
    """A log of several parts by two turns of its writer, and then a small one."""
    app, handler = market.app, log_keeper.app.lambda_handler
    long, short = (put_up(app, duration_seconds=60).auction.id for _ in range(2))
    for number in range(1, 9):
        app.bidding.bid(long, ANNA if number % 2 else BORIS, 100 * number, app.now(), confirmed=True)
    market.clock.forward(minutes=3)
    for lot in (long, short):
        app.closing.close(lot, app.now())
    with pytest.MonkeyPatch.context() as patch:
        for name, value in (("PART", 1000), ("PAGE", 2)):
            patch.setattr(bid_logs, name, value)
        patch.setattr(moto.s3.models, "S3_UPLOAD_PART_MIN_SIZE", 500)
        for lot, left in ((long, 0), (long, 100_000), (short, 0)):
            kept = boto3.client("s3").list_objects_v2(Bucket=app.settings.bid_logs_bucket, Prefix=f"steps/{lot}/")
            step = kept["Contents"][0]["Key"].rpartition("/")[2].removesuffix(".json") if "Contents" in kept else ""
            event = batch(message({"log": lot, "step": step}, queue="LogQueue"))
            with market.record.of("LogKeeperFunction"):
                done = handler(event, Context(left))
            assert done == {"batchItemFailures": []}
    with market.record.of("WebFunction"):
        assert app.log_files.find(long, 100).link
        assert app.log_files.find(short, 10_000).content


def streams(market: Market) -> None:
    app = market.app
    lot = app.publishing.publish(SELLER + 1, factories.draft(app.now()), (), "streams", app.now())
    accepted = app.bidding.bid(lot.auction.id, ANNA, 100, app.now(), confirmed=True)
    event = LotSold(f"sold:{lot.auction.id}", app.now(), lot.auction.id, SELLER, ANNA, xtr(100))
    began = LotBegan(f"began:{lot.auction.id}", app.now(), lot.auction.id, SELLER, lot.auction.ends_at)
    records = batch(bid_record(accepted.bid), event_record(event), event_record(began))
    assert market.call("NotifierFunction", notifier.app.lambda_handler, records) == {"batchItemFailures": []}
    low_balance(market, lot.auction.id)
    bought = put_up(app, SELLER + 1, buy_now_price=300).auction
    over = app.bidding.buy(bought.id, ANNA, 300, app.now()).auction
    changed = batch(auction_record(accepted.auction, lot.auction), auction_record(over, lot.auction))
    assert market.call("ProjectorFunction", notifier.projection.lambda_handler, changed) == {"batchItemFailures": []}
    card = app.store.lot(bought.id).card
    renamed = batch(part_record(card_item(replace(card, title="A better lamp")), card_item(card)))
    assert market.call("ProjectorFunction", notifier.projection.lambda_handler, renamed) == {"batchItemFailures": []}
    market.call("ProjectorFunction", notifier.projection.lambda_handler, notifier.projection.REINDEX)
    market.call("SenderFunction", lambda *_: app.fan_out.rest(event, Audience(bidders_below=9)), None)
    market.call("SenderFunction", lambda *_: app.fan_out.rest(began, Audience(watchers_after="1")), None)


def low_balance(market: Market, lot: str) -> None:
    """ANNA, who was outbid, has spent some of her money, and then nearly all of it."""
    app, available = market.app, market.app.store.wallet(ANNA, "XTR", consistent=True).available.amount
    app.bidding.bid(lot, BORIS, 500, app.now(), confirmed=True)
    dear = put_up(app, SELLER + 1, start_price=available, buy_now_price=available).auction.id
    bought = app.bidding.buy(dear, ANNA, available, app.now())
    assert bought.transfer
    spent = batch(transfer_record(bought.transfer))
    assert market.call("NotifierFunction", notifier.app.lambda_handler, spent) == {"batchItemFailures": []}
    factories.pay(app, ANNA, available)


def recorder(market: Market) -> None:
    """Of each stream a record, and an end of a lot, whose kind is looked up."""
    app = market.app
    lot = put_up(app, SELLER + 1).auction
    accepted = app.bidding.bid(lot.id, ANNA, 100, app.now(), confirmed=True)
    anna = app.store.person(ANNA)
    records = batch(
        bid_record(accepted.bid),
        event_record(LotSold(f"sold:{lot.id}", app.now(), lot.id, SELLER, ANNA, xtr(100))),
        person_record(replace(anna, unreachable=not anna.unreachable), anna),
        heard_record("update#1", "command", ANNA, app.now()),
    )
    answer = market.call("RecorderFunction", notifier.recorder.lambda_handler, records)
    assert answer == {"batchItemFailures": []}
    assert len(app.event_log.page(app.now()).items) == 5
    with market.record.of("WebFunction"):
        operator = Client(app).log_in(ADMIN)
        for query in ({}, {"kind": "bid"}, {"user_id": ANNA}):
            assert "<tr data-row>" in operator.get("/admin/log", **query).text


def sender(market: Market) -> None:
    app = market.app
    lot = app.publishing.publish(SELLER + 1, factories.draft(app.now()), (), "sender", app.now()).auction
    facts: dict[str, Any] = {
        name: [10, "XTR"] for name in ("price", "released", "payout", "fee", "amount", "owed", "left", "best_bid")
    }
    facts |= {"bids": 1, "ends_at": app.now().isoformat(), "until": app.now().isoformat(), "reason": "", "by": "time"}
    facts |= {"state": "failed", "another": False, "request_id": "1", "payout_id": "1", "method": "premium_3"}
    facts |= {"bill_id": "0" * 32, "paid": "499.00 RUB", "provider": "qiwi", "awaits": "bid", "corrected": False}
    facts |= {"why": "fraud", "outcome": "hidden", "ticket_id": "t1", "name": "Anna", "said": [], "is_first": True}
    facts |= {"text": "It is broken.", "version": 1, "at": app.now().isoformat()}
    facts |= {"keys": ["first_bid", "ten_wins"], "device": "Chrome, Linux"}
    facts |= {"due_at": app.now().isoformat(), "obstacles": ["lots"]}
    facts |= {"payer": CLARA, "mark": "0123456789abcdef", "need": [10, "XTR"], "others": 1}
    facts |= {"search": "0123456789abcdef", "credits": 10, "change": 5, "from_wallet": True, "address": "an…@a.example"}
    facts |= {"chat_id": -1001, "title": "Lamps", "is_channel": False}
    app.own_stars.hear(ANNA, "b1", 1, app.now())
    told = [Notice(f"n:{kind}", ANNA, kind, lot.id, facts) for kind in notices.KINDS]
    disputed = put_up(app, SELLER + 1, buy_now_price=100).auction.id
    app.bidding.buy(disputed, ANNA, 100, app.now())
    app.dealing.dispute(ANNA, disputed, "it never came", app.now())
    told.append(Notice("n:open", ANNA, "dispute_opened", disputed, {}))
    app.bidding.bid(lot.id, ANNA, 100, app.now(), confirmed=True)
    app.shown_cards.put(ShownCard(lot.id, ANNA, 5, 1), app.now())
    falling = app.publishing.publish(SELLER + 1, factories.draft(app.now(), **DUTCH), (), "falls", app.now()).auction
    due = app.now() + timedelta(seconds=60)
    app.shown_cards.put(ShownCard(falling.id, ANNA, 6, 1, until=due), app.now())
    for number in (5, 6):
        shown = {"message_id": number, "date": 1, "chat": {"id": ANNA, "type": "private"}}
        market.telegram.chats[ANNA][number] = shown
    market.clock.forward(seconds=60)
    handler = notifier.sender.lambda_handler
    cards = ({"cards": lot.id, "version": 2}, {"cards": falling.id, "at": stamp(due)})
    messages = batch(*map(message, told), *map(message, cards))
    assert market.call("SenderFunction", handler, messages) == {"batchItemFailures": []}
    for fault in (flood(5), forbidden()):
        market.telegram.fail("sendMessage", fault)
        again = Notice(f"n:{fault.status}", ANNA, "subscription_ended", None, {})
        market.call("SenderFunction", handler, batch(message(again)))
    assert app.store.person(ANNA, consistent=True).unreachable
