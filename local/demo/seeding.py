"""Creates the demo through the use cases. May be called again after it stopped half-way."""

from __future__ import annotations

import base64
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from hashlib import sha256
from typing import TYPE_CHECKING, Protocol

from local.demo.billing import pay_bill
from local.demo.drawings import DRAWINGS
from local.demo.goods import GOODS
from local.demo.lot import DAY, HOUR, DemoLot
from local.demo.lots import LOTS
from local.demo.past.crowd import Present
from local.demo.past.life import Life
from local.demo.past.storing import store
from local.demo.people import IDS, PEOPLE, DemoPerson
from local.demo.waiting import leave_work
from starbid.bootstrap import App, app
from starbid.domain.auction import Auction
from starbid.domain.lots import Lot, read_draft
from starbid.domain.money import CURRENCIES, XTR
from starbid.services.ports import Pictures
from web.sell.pictures import accept_picture

if TYPE_CHECKING:
    from local.host import Host

DRAWERS = 3
BOUGHT_AGO = 20 * HOUR
DELIVERED_AGO = 18 * HOUR


class StandIn(Protocol):
    """The part of the Telegram stand-in that is needed here."""

    def add_person(self, id: int, first_name: str, username: str, language_code: str, stars: int) -> None: ...  # noqa: A002


def seed(host: Host) -> None:
    """The demo for a local run that has started."""
    market = app()
    past = Life(Present(market.now(), market.settings.business, _public_id)).live()
    host.overlook(lambda: store(past, market))
    fill(market, host.telegram)
    leave_work(market, past)


def _public_id(user_id: int) -> str:
    """The same each time, so that a demo that stopped half-way goes on."""
    return base64.b32encode(sha256(f"demo {user_id}".encode()).digest()).decode().lower()[:13]


def fill(market: App, stand_in: StandIn | None = None) -> None:
    """People with money, and lots with a past."""
    now = market.now()
    with ThreadPoolExecutor(DRAWERS) as pool:
        lots = (*LOTS, *GOODS)
        pictures = {lot.picture: pool.submit(_draw, lot, market.pictures, now) for lot in lots}
        for person in PEOPLE:
            _move_in(market, person, now, stand_in)
        for lot in lots:
            _put_up(market, lot, pictures[lot.picture].result(), now)


def _draw(lot: DemoLot, pictures: Pictures, now: datetime) -> str:
    return accept_picture(pictures, IDS[lot.seller], DRAWINGS[lot.picture]().jpeg(), now)


def _move_in(market: App, person: DemoPerson, now: datetime, stand_in: StandIn | None) -> None:
    """People hear nothing about the time before they first write to the bot: their chats start empty."""
    user_id = IDS[person.key]
    then = now - 3 * DAY * (2 + PEOPLE.index(person))  # within the days of a subscription
    market.people.greet(user_id, person.name, person.username, person.language, then)
    market.people.mark_unreachable(user_id)
    if person.wallet:
        _, payload = market.paying.order_stars(user_id, person.wallet, then)
        market.paying.credit(user_id, f"demo-{person.key}", payload, person.wallet, XTR, then)
    if person.topped_up:
        pay_bill(market, user_id, person.topped_up, then)
    if person.sells:
        market.people.subscribe(user_id, "demo", then)
    if stand_in:
        stand_in.add_person(user_id, person.name, person.username, person.language, person.stars)


def _put_up(market: App, demo: DemoLot, picture_id: str, now: datetime) -> None:
    then = now - demo.ago
    lot = _publish(market, demo, picture_id, then, now)
    if lot.auction.bids_count:
        return
    for number, (bidder, maximum) in enumerate(demo.bids, start=1):
        at = _moment(lot.auction, now, number / (len(demo.bids) + 1))
        market.bidding.bid(lot.auction.id, IDS[bidder], maximum, at, confirmed=True)
    if demo.bought_by:
        price = int(demo.terms["buy_now_price"])
        market.bidding.buy(lot.auction.id, IDS[demo.bought_by], price, now - BOUGHT_AGO)
        market.dealing.deliver(IDS[demo.seller], lot.auction.id, demo.delivery, now - DELIVERED_AGO)


def _publish(market: App, demo: DemoLot, picture_id: str, then: datetime, now: datetime) -> Lot:
    starts_at = now + demo.starts_in if demo.starts_in else then
    currency = market.settings.business.bills.currency
    fields = {
        "title": demo.title,
        "description": demo.text,
        "category": demo.category,
        "start_price": demo.start_price,
        "starts_at": starts_at.isoformat() if demo.starts_in else None,
        "duration_seconds": int((now + demo.left - starts_at).total_seconds()),
        **demo.terms,
        **({"goods": CURRENCIES[currency].goods, "currency": currency} if demo.is_physical else {}),
    }
    draft = read_draft(fields, then, min_seconds=1)
    return market.publishing.publish(IDS[demo.seller], draft, (picture_id,), f"demo-{demo.picture}", then)


def _moment(auction: Auction, now: datetime, part: float) -> datetime:
    """A moment between the lot's start and now, in whole seconds."""
    return auction.starts_at + timedelta(seconds=int((now - auction.starts_at).total_seconds() * part))
