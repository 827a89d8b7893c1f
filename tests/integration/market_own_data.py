"""A person has a file made of all that is known of them, and leaves: for the rights of those who do it."""

from __future__ import annotations

import json

import clerk.app
from starbid.domain.achievements.kinds import Key
from starbid.domain.achievements.progress import Progress
from starbid.domain.assistant.question import Place
from starbid.domain.criteria import Criteria
from starbid.domain.leaving import GRACE
from starbid.domain.money import XTR, Money
from starbid.domain.push_addresses import PushAddress
from starbid.domain.sessions import EndedSessions
from starbid.domain.showcases import Showcase
from starbid.services.assistant.asking import Wish
from starbid.services.exports.records import own_id
from starbid.services.leaving.carrying_out import JOB
from starbid.services.ports import ApiToken, Contact, KnownSession, SellDraft
from tests.support.desk import deciding
from tests.support.dynamo import join, put_up
from tests.support.moto_market import Market
from tests.support.records import Context, batch, message
from tests.support.web import Client

SELLER, BUYER, LEAVER, OTHER = 8_801, 8_802, 8_803, 8_804
GROUP = -8_803


def own_file(market: Market) -> None:
    """Of one who has sold and bought, so that every kind of data is read."""
    app = market.app
    for person in (SELLER, BUYER):
        join(app, person, seller=True, stars=1000)
    for seller, buyer in ((SELLER, BUYER), (BUYER, SELLER)):
        lot = put_up(app, seller, buy_now_price=100).auction.id
        app.bidding.buy(lot, buyer, 100, app.now())
        app.talking.write(buyer, lot, "When?", (), f"k{buyer}", app.now())
    app.tickets.write(BUYER, "Where is it?", (), "t", app.now())
    with market.record.of("WebFunction"):
        browser = Client(app).log_in(BUYER)
        assert browser.post_form("/settings/export").status == 303
        assert browser.get("/settings/export").status == 200
    step = json.dumps({"job": "export", "id": own_id(BUYER)})
    with market.record.of("ClerkFunction"):
        done = clerk.app.lambda_handler(batch(message(step, queue="DeskQueue")), Context(100_000))
    assert done == {"batchItemFailures": []}
    with market.record.of("WebFunction"):
        assert browser.get("/settings/export/file").status == 303


def leaver(market: Market) -> None:
    """One who has something of every kind, and gives up what is left."""
    app, now = market.app, market.app.now()
    join(app, LEAVER, stars=70)
    join(app, OTHER, seller=True)
    _settle_in(market)
    with market.record.of("WebFunction"):
        browser = Client(app).log_in(LEAVER)
        assert browser.get("/settings/delete").status == 200
        for _ in range(2):
            assert browser.post_form("/settings/delete", sure="1", gives_up="XTR:70").status == 303
            assert browser.post_form("/settings/delete/undo").status == 303
        assert browser.post_form("/settings/delete", sure="1", gives_up="XTR:70").status == 303
    market.clock.forward(days=GRACE.days)
    with market.record.of("ClerkFunction"):
        clerk.app.lambda_handler({"job": "leavers"}, Context(100_000))
        clerk.app.lambda_handler({"job": JOB, "user_id": LEAVER}, Context(100_000))
    person = app.store.person(LEAVER, consistent=True)
    assert person
    assert person.left_at == now + GRACE
    assert not app.store.wallet(LEAVER, XTR).available
    assert not app.questions.asked(LEAVER, "").items
    with market.record.of("WebFunction"):
        assert Client(app).log_in(LEAVER).get("/settings").status == 200


def _settle_in(market: Market) -> None:
    app, now = market.app, market.app.now()
    app.contacts.put(Contact(LEAVER, "email", {"address": "l@example.org", "ask": "a"}, now))
    app.browsers.set_up(LEAVER, PushAddress("https://push.example/l", b"k" * 65, b"s" * 16), "phone", now)
    app.tokens.keep(ApiToken("e" * 64, LEAVER, "program", now))
    app.watching.watch(LEAVER, put_up(app, OTHER).auction.id, now)
    app.saved_searches.save(LEAVER, Criteria("lamp"), now)
    app.sell_drafts.keep(LEAVER, SellDraft("draft1", {"title": "A lamp"}, (), (), now), now)
    for keepers, chat_id in (((LEAVER,), GROUP), ((LEAVER, SELLER), GROUP - 1)):
        app.showcase_rows.put(None, Showcase(chat_id, "Lamps", False, True, "en", None, now, keepers))
    app.achievements.save(Progress(LEAVER, earned={Key.FIRST_BID: now}, version=1))
    app.asking.consent(LEAVER, now, given=True)
    app.asking.start_trial(app.store.person(LEAVER), now)
    app.asking.ask(app.store.person(LEAVER), Wish("What is a lamp?", Place.CHAT), "q", now)
    app.sessions.note(LEAVER, KnownSession("5" * 16, "nonce", now, now, "phone", False), EndedSessions(), now)
    for cents in (100, -100):
        app.balances.adjust(LEAVER, Money(cents, "USD"), deciding("a wallet with nothing in it", now))
    app.tickets.write(LEAVER, "Hello", (), "t", now)
