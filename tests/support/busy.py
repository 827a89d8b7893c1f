"""A trader with as much of everything as one may have, and the longest words that each of it may have."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from starbid.domain import talks
from starbid.domain.addresses import ADDRESS_LENGTH, Address
from starbid.domain.addresses import NAME_LENGTH as ADDRESSEE_LENGTH
from starbid.domain.criteria import Criteria
from starbid.domain.deals import DELIVERY_LENGTH
from starbid.domain.disputes import ANSWER_LENGTH, DISPUTE_LENGTH
from starbid.domain.lots import DESCRIPTION_LENGTH, TITLE_LENGTH
from starbid.domain.refund_requests import REASON_LENGTH
from starbid.domain.saved_searches import MOST as MOST_SEARCHES
from starbid.domain.showcases import MOST as MOST_CHATS
from starbid.services.auctions.drafts import MOST as MOST_DRAFTS
from starbid.services.ports import ApiToken, SellDraft
from starbid.services.showcases.connecting import Admin
from starbid.services.tokens import MOST_TOKENS

from .factories import join, pay, put_up
from .fakes import FakeApp
from .paying_out import ask, earned
from .physical import earn_roubles, physical

PARTNER, RIVAL = 50, 51
NAME_UNITS = 64
"""Of a first name at Telegram."""
MOST_LISTED = 12
"""More than any list shows at once."""


def settle_down(app: FakeApp, who: int, sign: str, **changes: Any) -> None:
    """`who` has all there is, named by nothing but `sign`; of lots more than any list shows."""
    _people(app, who, sign, **changes)
    _drafts(app, who, sign)
    _deals(app, who, sign)
    _live(app, who, sign)
    _money(app, who, sign)
    _set_up(app, who, sign)
    app.run_streams()


def _people(app: FakeApp, who: int, sign: str, **changes: Any) -> None:
    for person in (PARTNER, RIVAL):
        join(app, person, stars=10_000, seller=True, name=sign * NAME_UNITS)
    join(app, who, stars=10_000, seller=True, name=sign * NAME_UNITS, **changes)


def _drafts(app: FakeApp, who: int, sign: str) -> None:
    for number in range(MOST_DRAFTS):
        fields = {"title": sign * TITLE_LENGTH[1], "description": sign * DESCRIPTION_LENGTH[1]}
        draft = SellDraft(f"{number:032x}", fields, ("p",) * 8, (), app.now())
        app.sell_drafts.keep(who, draft, app.now())


def _deals(app: FakeApp, who: int, sign: str) -> None:
    """Sold and bought, and not handed over."""
    for _ in range(MOST_LISTED):
        for seller, buyer in ((who, PARTNER), (PARTNER, who)):
            lot = put_up(app, seller, title=sign * TITLE_LENGTH[1], buy_now_price=150).auction.id
            app.bidding.buy(lot, buyer, 150, app.now())
        app.clock.forward(minutes=10)


def _live(app: FakeApp, who: int, sign: str) -> None:
    """Lots of others that they watch and have bid on."""
    for number in range(MOST_LISTED):
        kind = "sealed" if number % 2 else "english"
        lot = put_up(app, RIVAL, title=sign * TITLE_LENGTH[1], type=kind, duration_seconds=86_400).auction.id
        app.bidding.bid(lot, who, 100 + number, app.now(), confirmed=True)
        app.watching.watch(who, lot, app.now())
        app.clock.forward(minutes=10)


def _money(app: FakeApp, who: int, sign: str) -> None:
    for _ in range(MOST_LISTED):
        pay(app, who, 50)
    charges = app.store.charges_of(who)
    for charge in list(charges)[:MOST_LISTED]:
        app.refund_requests.ask(charge, sign * REASON_LENGTH, app.now())
    earned(app, 100_000, who=who, days_ago=100)
    for number in range(MOST_LISTED // 2):
        ask(app, f"r{number}", who=who)


def _set_up(app: FakeApp, who: int, sign: str) -> None:
    now = app.now()
    for number in range(MOST_SEARCHES):
        criteria = Criteria(f"{number}{sign * 98}", "home", "english", "XTR", 100 + number, 10_000_000)
        app.saved_searches.save(who, criteria, now)
    for number in range(MOST_TOKENS):
        app.tokens.keep(ApiToken(f"{number:064x}", who, sign * 50, now))
    for number in range(MOST_CHATS):
        app.venues.add(-1001 - number, who, title=sign * 128)
        app.connecting.connect(-1001 - number, Admin(who, "en", None), now)
    app.tickets.write(who, sign * 4000, (), "t1", now)


def deals_of_every_step(app: FakeApp, who: int, sign: str, **changes: Any) -> dict[str, str]:
    """Lots of `who` and of others, by what is to be done with each."""
    _people(app, who, sign, **changes)
    made = {
        "own live": put_up(
            app, who, title=sign * TITLE_LENGTH[1], description=sign * DESCRIPTION_LENGTH[1], duration_seconds=86_400
        ),
        "live": put_up(
            app, RIVAL, title=sign * TITLE_LENGTH[1], description=sign * DESCRIPTION_LENGTH[1], buy_now_price=900
        ),
        "falling": put_up(
            app,
            RIVAL,
            title=sign * TITLE_LENGTH[1],
            type="dutch",
            floor_price=50,
            drop_amount=100,
            drop_seconds=600,
            start_price=500,
        ),
        "sealed": put_up(app, RIVAL, title=sign * TITLE_LENGTH[1], type="sealed"),
        "to start": put_up(
            app, who, title=sign * TITLE_LENGTH[1], starts_at=(app.now() + timedelta(days=2)).isoformat()
        ),
    }
    lots = {name: lot.auction.id for name, lot in made.items()}
    for side, (seller, buyer) in {"sold": (who, PARTNER), "bought": (PARTNER, who)}.items():
        for step in ("waits", "delivered", "disputed", "answered", "completed"):
            lot = lots[f"{side}, {step}"] = _sold(app, seller, buyer, sign)
            _take_to(app, step, lot, sign)
        lots[f"{side}, a thing"] = _sold_thing(app, seller, buyer, sign)
    app.run_streams()
    return lots


def _sold(app: FakeApp, seller: int, buyer: int, sign: str) -> str:
    lot = put_up(
        app, seller, title=sign * TITLE_LENGTH[1], description=sign * DESCRIPTION_LENGTH[1], buy_now_price=150
    ).auction.id
    app.bidding.buy(lot, buyer, 150, app.now())
    for writer in (seller, buyer):
        for number in range(3):
            app.talking.write(writer, lot, sign * talks.TEXT_LENGTH, (), f"{writer}.{number}", app.now())
    return lot


def _take_to(app: FakeApp, step: str, lot: str, sign: str) -> None:
    deal, now = app.store.deal(lot), app.now()
    if step != "waits":
        app.dealing.deliver(deal.seller_id, lot, sign * DELIVERY_LENGTH, now)
    if step in ("disputed", "answered"):
        app.dealing.dispute(deal.buyer_id, lot, sign * DISPUTE_LENGTH, now)
    if step == "answered":
        app.dealing.answer(deal.seller_id, lot, sign * ANSWER_LENGTH, now)
    if step == "completed":
        app.dealing.confirm(deal.buyer_id, lot, now)


def _sold_thing(app: FakeApp, seller: int, buyer: int, sign: str) -> str:
    earn_roubles(app, buyer, 100_000)
    lot = put_up(app, seller, **physical(title=sign * TITLE_LENGTH[1], buy_now_price=60_000)).auction.id
    app.bidding.buy(lot, buyer, 60_000, app.now())
    app.addressing.give(
        buyer, lot, Address(sign * ADDRESSEE_LENGTH[1], sign * ADDRESS_LENGTH[1], "+7 900 123-45-67"), app.now()
    )
    return lot
