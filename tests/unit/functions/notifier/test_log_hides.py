"""A day of the market, full of what nobody is to read: not one word of it stands in the event log or the audit log."""

from __future__ import annotations

import json
import re
from dataclasses import asdict, replace
from typing import Any

import pytest

from notifier.recorder import lambda_handler
from starbid import bootstrap
from starbid.domain.audit_trail import Operator, decided
from starbid.domain.event_log import LogKind
from starbid.domain.payouts import read_wish
from starbid.domain.roles import Role
from starbid.services.ports import Ailment, ModelTrouble
from starbid.storage.audit_trail import audit_item
from starbid.storage.event_log import log_item
from tests.support.bot_pool import bot
from tests.support.desk import deciding
from tests.support.factories import ANNA, BORIS, CLARA, SELLER, join, pay, put_up
from tests.support.fakes import ENVIRONMENT, FakeApp, make_app
from tests.support.packs import answer_all, ask
from tests.support.paying_out import earned
from tests.support.physical import HOME, TOLD, sold_lamp
from tests.support.records import (
    Context,
    act_record,
    batch,
    bid_record,
    event_record,
    failures,
    heard_record,
    person_record,
    transfer_record,
)
from tests.support.web import Answer, Client, widget_query
from tests.unit.webhook.chatting import Chat, FakeTelegram

ADMIN = int(ENVIRONMENT["ADMIN_IDS"])
OPERATOR_AT = "203.0.113.77"
TEXTS = (
    "Zwetschgenmus",  # a name
    "quincunx",  # the words of a lot
    "XYLOPHONE-CODE-4711",  # goods
    "it smells of turpentine",
    "I swear it was whole",
    "because of the turpentine",
    "tell nobody that I am ill",
    "4276 5500 1234 5678",  # where a payout goes
    "not to this card",
    "quokka",  # a search
    "does vinegar help against marmalade",  # a question to the helper
    "only against gooseberries",  # its answer
)
SECRETS = tuple(ENVIRONMENT[name] for name in ("SECRET_KEY", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET"))
MAXIMA = ("34761", "43917", "29743", "51283")
"""Maxima, in the open and sealed, of lots that go on. Odd ones, which occur nowhere else."""
PLACES = (OPERATOR_AT, "198.51.100.9")


@pytest.fixture
def app(monkeypatch: pytest.MonkeyPatch) -> FakeApp:
    made = make_app({"ASSISTANT_ENABLED": "true"}, bot=bot(FakeTelegram()))
    monkeypatch.setattr(bootstrap, "_app", made)
    return made


def play(app: FakeApp) -> list[str]:
    """Answers the secrets that were made on the way."""
    for who in (ANNA, BORIS, CLARA):
        join(app, who, stars=100_000, name=f"{TEXTS[0]} {who}")
    pay(app, ANNA, 90_000)
    join(app, SELLER, seller=True)
    join(app, ADMIN)
    _bids(app)
    _deals(app)
    made = _chat(app) + _logins(app)
    _payouts(app)
    _helper(app)
    _operators(app)
    return made


def _bids(app: FakeApp) -> None:
    words: dict[str, Any] = {"title": f"A {TEXTS[1]}", "description": f"With a {TEXTS[1]}"}
    for kind, amounts in (("english", (51_283,)), ("sealed", (34_761, 43_917)), ("vickrey", (29_743,))):
        lot = put_up(app, type=kind, duration_seconds=86_400 * 20, **words).auction.id
        for amount in amounts:
            app.bidding.bid(lot, ANNA, amount, app.now(), confirmed=True)


def _deals(app: FakeApp) -> None:
    lamp = sold_lamp(app, CLARA)
    form = asdict(HOME) | {"confirmed": "1"}
    assert Client(app).log_in(CLARA).post_form(f"/auction/{lamp}/address", **form).status == 303
    sold = put_up(app, buy_now_price=300).auction.id
    app.bidding.buy(sold, BORIS, 300, app.now())
    app.dealing.deliver(SELLER, sold, TEXTS[2], app.now())
    app.dealing.dispute(BORIS, sold, TEXTS[3], app.now())
    app.dealing.answer(SELLER, sold, TEXTS[4], app.now())
    app.dealing.resolve(deciding(TEXTS[5], app.now()), sold, False)


def _chat(app: FakeApp) -> list[str]:
    chat = Chat(app, FakeTelegram(), ANNA, name=TEXTS[0])
    for text in (f"/balance {TEXTS[6]}", f"/{TEXTS[9]}", TEXTS[6], TEXTS[9], f"/topup {MAXIMA[0]}"):
        chat.say(text)
    browser = Client(app)
    token = _token(browser.get("/login"))
    began = browser.post_form("/login/code/begin", csrf_token=token)
    code = began.headers["location"].split("code=")[1].split("&")[0]
    chat.say(f"/start login_{code}")
    pin = app.logins.confirm(code, ANNA, app.now())
    assert browser.post_form("/login/code", csrf_token=token, code=code, pin=pin).status == 303
    return [code, pin]


def _token(page: Answer) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', page.text)
    assert found
    return found[1]


def _logins(app: FakeApp) -> list[str]:
    query = widget_query(app, id=BORIS, first_name=TEXTS[0])
    browser = Client(app)
    answer = browser.get("/login/telegram", **query)
    assert answer.status == 303
    return [query["hash"], *(cookie for cookie in [answer.cookie("starbid_session")] if cookie)]


def _payouts(app: FakeApp) -> None:
    earned(app, 200_000, "RUB", ANNA, days_ago=30)
    payout = app.payouts.request(ANNA, read_wish("RUB", 100_000, "", TEXTS[7]), "r1", app.now())
    app.payouts.refuse(payout.id, deciding(TEXTS[8], app.now()))


def _helper(app: FakeApp) -> None:
    """One question is answered, the other is not."""
    app.asking.consent(BORIS, app.now(), given=True)
    app.buying.buy(BORIS, 10, "r1", app.now())
    for said in (TEXTS[11], ModelTrouble(Ailment.REFUSED, TEXTS[11])):
        app.language_model.says(said)
        ask(app, BORIS, text=TEXTS[10])
        answer_all(app)


def _operators(app: FakeApp) -> None:
    unit = app.store.unit()
    decision = decided(Operator(ADMIN, Role.OWNER, OPERATOR_AT), TEXTS[8], "k1", app.now())
    unit.audit(decision.entry("block-person", user_id=ANNA, before="active", after="blocked"))
    unit.commit()
    app.faults.note("web", "/auction/<auction_id>", ValueError(TEXTS[3]), app.now(), ANNA)


def recorded(app: FakeApp) -> None:
    """All that the streams would have carried, through the recorder; twice."""
    tables = app.store.tables
    records = [
        *map(bid_record, tables.bids.values()),
        *map(event_record, tables.events.values()),
        *map(transfer_record, tables.transfers.values()),
        *map(person_record, tables.people.values()),
        *(person_record(replace(each, unreachable=True), each) for each in tables.people.values()),
        *map(act_record, tables.audit.values()),
        *(
            heard_record(key, one.form, one.user_id, at, **({"command": one.command} if one.command else {}))
            for key, (one, at) in app.scratch.heard.items()
        ),
    ]
    for _ in range(2):
        assert failures(lambda_handler(batch(*records), Context())) == []


def test_no_row_of_the_logs_holds_what_nobody_is_to_read(app: FakeApp) -> None:
    made = play(app)
    recorded(app)
    log = [json.dumps(log_item(entry), ensure_ascii=False) for entry in app.event_log.entries.values()]
    kinds = {entry.kind for entry in app.event_log.entries.values()}
    assert kinds >= set(LogKind) - {LogKind.TICKET, LogKind.REPORT, LogKind.SUBSCRIPTION}
    hunted = (*TEXTS, *SECRETS, *MAXIMA, *TOLD, *PLACES, *made, SECRETS[1].split(":")[1])
    found = {(text, row) for text in hunted for row in log if text in row}
    assert found == set()
    audit = [json.dumps(audit_item(act), ensure_ascii=False) for act in app.store.tables.audit.values()]
    own = {OPERATOR_AT, TEXTS[8], "because of the turpentine"}  # the audit log tells from where, and why
    assert {(text, row) for text in hunted if text not in own for row in audit if text in row} == set()


def test_the_hunt_would_find_it(app: FakeApp) -> None:
    """What is hunted for was really there."""
    made = play(app)
    tables = app.store.tables
    kept = repr(
        (tables.bids, tables.events, tables.cards, tables.deals, tables.people, tables.payouts, tables.addresses)
    ) + repr(tables.questions)
    for text in (*TEXTS[:6], *TEXTS[10:], *MAXIMA, HOME.phone):
        assert text in kept, text
    assert len(made) == 4
