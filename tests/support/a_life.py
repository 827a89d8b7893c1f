"""Somebody with something of every kind of data: what they see again in their file, and what is gone when they leave.

Words that are theirs alone begin with `mine-`, those of others with `theirs-`.
"""

from __future__ import annotations

from dataclasses import replace

from starbid.domain.achievements.kinds import ACHIEVEMENTS
from starbid.domain.criteria import Criteria
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.money import XTR, Money
from starbid.domain.push_addresses import PushAddress
from starbid.domain.sessions import EndedSessions
from starbid.services.ports import ApiToken, Contact, KnownSession, SellDraft
from starbid.services.showcases.connecting import Admin

from .desk import deciding
from .factories import ANNA, BORIS, join, put_up
from .fakes import FakeApp
from .helped import answered, asks, helped

GROUP = -1001
EMAIL = "mine-box@example.org"


def lived(**environment: str) -> FakeApp:
    """ANNA has sold to BORIS and bought from him; all of it is over."""
    app = helped(**environment)
    join(app, ANNA, seller=True, stars=1000, name="mine-name", username="mine_user", zone="Europe/Lisbon")
    join(app, BORIS, seller=True, stars=1000, name="theirs-name", username="theirs_user")
    _refund_refused(app)
    _trade(app)
    _set_up(app)
    app.run_streams()
    return app


def _refund_refused(app: FakeApp) -> None:
    (charge,) = app.store.charges_of(ANNA)
    mark = app.refund_requests.ask(charge, "mine-refund", app.now()).mark
    app.refund_requests.refuse(ANNA, mark, deciding("it was spent", app.now()))


def _trade(app: FakeApp) -> None:
    sold = put_up(app, ANNA, title="mine-lot", buy_now_price=200).auction.id
    app.bidding.buy(sold, BORIS, 200, app.now())
    app.talking.write(ANNA, sold, "mine-words as a seller", (), "s", app.now())
    app.talking.write(BORIS, sold, "theirs-words as a buyer", (), "b", app.now())
    bought = put_up(app, BORIS, title="theirs-lot", buy_now_price=300).auction.id
    app.bidding.buy(bought, ANNA, 300, app.now())
    app.talking.write(ANNA, bought, "mine-words as a buyer", (), "s", app.now())
    app.talking.write(BORIS, bought, "theirs-words as a seller", (), "b", app.now())
    for lot, seller, buyer in ((sold, ANNA, BORIS), (bought, BORIS, ANNA)):
        app.dealing.deliver(seller, lot, "a code", app.now())
        app.dealing.confirm(buyer, lot, app.now())


def _set_up(app: FakeApp) -> None:
    now = app.now()
    app.contacts.put(Contact(ANNA, "email", {"address": EMAIL, "ask": "a"}, now))
    app.browsers.set_up(ANNA, PushAddress("https://push.example/mine-browser", b"k" * 65, b"s" * 16), "mine-phone", now)
    app.sessions.note(
        ANNA, KnownSession("5" * 16, "nonce-of-hers", now, now, "mine-laptop", False), EndedSessions(), now
    )
    app.watch_calendars.renew(ANNA, now)
    app.tokens.keep(ApiToken("d" * 64, ANNA, "mine-token", now))
    app.watching.watch(ANNA, put_up(app, BORIS, title="theirs-watched").auction.id, now)
    app.saved_searches.save(ANNA, Criteria("mine-search"), now)
    app.sell_drafts.keep(ANNA, SellDraft("draft1", {"title": "mine-draft"}, (), (), now), now)
    app.venues.add(GROUP, ANNA)
    app.connecting.connect(GROUP, Admin(ANNA, "en", None), now)
    app.asking.consent(ANNA, now, given=True)
    app.asking.start_trial(app.store.tables.people[ANNA], now)
    asks(app, ANNA, "mine-question")
    answered(app, ANNA, "mine-answer")
    app.tickets.write(ANNA, "mine-ticket", (), "t1", now)
    app.event_log.keep([LogEntry("login:1", now, LogKind.LOGIN, "logged_in", ANNA)], now)
    app.event_log.keep([LogEntry("admin:1", now, LogKind.ADMIN, "theirs-act", ANNA)], now)
    progress = app.achievements.of(ANNA)
    app.achievements.save(replace(progress, earned={next(iter(ACHIEVEMENTS)): now}, version=progress.version + 1))


def emptied(app: FakeApp, user_id: int = ANNA) -> None:
    """Nothing stands between the person and the end of the account: an operator takes what is in the wallet."""
    left = app.store.wallet(user_id, XTR, consistent=True).available
    if left:
        app.balances.adjust(user_id, Money(-left.amount, XTR), deciding("emptied", app.now()))
