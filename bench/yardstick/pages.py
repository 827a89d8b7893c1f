"""The content of the yardstick's pages, in the shape that Starbid's own templates expect."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta
from types import SimpleNamespace as View
from typing import Any
from urllib.parse import urlencode

from tables import Bid, Lot, User
from words import Money, _, money, ngettext, picture_url

BASE_URL = "http://127.0.0.1:8000"
CATEGORIES = ("art", "books", "clothes", "collectibles", "electronics", "games", "home", "music", "services", "other")
KINDS = ("english", "dutch", "sealed", "vickrey")
STEPS = ((100, 1), (500, 5), (1_000, 10), (5_000, 50), (10_000, 100), (50_000, 500))


def page(user: User, csrf: str, now: datetime, path: str) -> View:
    wallet = user.stars
    shown = View(available=Money(wallet.available), held=Money(wallet.held))
    return View(
        me=user, wallet=shown, csrf=csrf, now=now, path=path, theme=None, framed=False, bot="starbid_bot",
        bot_url="https://t.me/starbid_bot", note="",
    )  # fmt: skip


def search(asked: dict[str, str]) -> View:
    sorts = {
        "ending": _("Ending first"), "newest": _("Newest first"), "price_asc": _("Cheapest first"),
        "price_desc": _("Most expensive first"), "bids": _("Most bids first"),
    }  # fmt: skip
    every = {"": _("All")}
    currencies = {"XTR": _("Stars"), "RUB": _("Roubles, ₽"), "USD": _("Dollars, $"), "EUR": _("Euros, €")}
    selects = (
        _select("sort", _("Order"), sorts, asked),
        _select("category", _("Category"), every | {each: category_name(each) for each in CATEGORIES}, asked),
        _select("type", _("Type"), every | {each: kind_name(each) for each in KINDS}, asked),
        _select("currency", _("Currency"), every | currencies, asked),
    )
    chosen = asked.get("category")
    chips = [View(label=_("All"), url=_url(asked, category=""), chosen=chosen is None, removes=False)]
    chips += [
        View(label=category_name(each), url=_url(asked, category=each), chosen=each == chosen, removes=False)
        for each in CATEGORIES
    ]
    return View(q=asked.get("q", ""), min_price="", max_price="", selects=selects, chips=chips, active=bool(asked),
                unfolded=False, fault="")  # fmt: skip


def _select(name: str, label: str, options: dict[str, str], asked: dict[str, str]) -> View:
    chosen = asked.get(name, next(iter(options)))
    return View(
        name=name, label=label, options=[View(value=v, label=t, chosen=v == chosen) for v, t in options.items()]
    )


def _url(asked: dict[str, str], **changes: str) -> str:
    fields = {name: value for name, value in {**asked, **changes}.items() if value}
    return f"/?{urlencode(fields)}" if fields else "/"


def card(lot: Lot, mine: dict[str, Bid], user_id: int) -> View:
    standing = None
    if lot.id in mine:
        leads = lot.leader_id == user_id
        standing = View(tone="good", text=_("you lead")) if leads else View(tone="warn", text=_("outbid"))
    return View(
        id=lot.id, title=lot.title, picture=lot.pictures[0], category=lot.category, price=Money(lot.price),
        means=means(lot), starts_at=None, ends_at=lot.ends_at, bids=ngettext("{n} bid", "{n} bids", lot.bids_count),
        kind=_("English"), standing=standing,
    )  # fmt: skip


def step(price: int) -> int:
    return next((step for limit, step in STEPS if price < limit), 1_000)


def means(lot: Lot) -> str:
    return _("current bid") if lot.bids_count else _("starts at")


def lot_page(lot: Lot, seller: User) -> View:
    text = f"{money(Money(lot.price))} · {' '.join(lot.description.split())}"
    return View(
        id=lot.id, title=lot.title, description=lot.description,
        summary=text if len(text) <= 160 else text[:159].rstrip() + "…",
        url=f"{BASE_URL}/auction/{lot.id}", cover=BASE_URL + picture_url(lot.pictures[0], "large"),
        kind=kind_name(lot.kind), category=lot.category, category_name=category_name(lot.category),
        goods=_("Physical") if lot.goods == "physical" else _("Digital"), pictures=lot.pictures,
        seller_public_id=f"{seller.id:a>13}", seller_name=seller.name,
        seller_since=_("here since {year}", year=seller.joined_at.year), rules=_rules(lot), receipt=None,
        seller_reputation=View(average=None, deals=ngettext("{n} sale", "{n} sales", 0)),
        log=View(
            entries=ngettext("{n} entry", "{n} entries", lot.bids_count), head=lot.head, short=f"{lot.head[:12]}…",
        ),
        facts=[
            View(name=_("Start price"), amount=Money(lot.start_price)),
            View(name=_("Bid step"), amount=Money(step(lot.price))),
        ],
        times=[View(name=_("Started"), at=lot.starts_at), View(name=_("Ends"), at=lot.ends_at)],
    )  # fmt: skip


def _rules(lot: Lot) -> list[str]:
    return [
        _("Bid the most you would pay: we raise the price for you only as far as others make it necessary."),
        _("Your maximum is set aside while you lead, and free again at once when somebody overtakes you."),
        _(
            "A bid in the last {window} moves the end, by {most} at the most.",
            window=ngettext("{n} minute", "{n} minutes", lot.extend_seconds // 60),
            most=ngettext("{n} hour", "{n} hours", lot.max_extension_seconds // 3600),
        ),
        _("After the sale Starbid keeps the money until the buyer confirms the delivery."),
    ]


def box(lot: Lot, user: User, tag: str) -> View:
    """The price box of somebody who may bid and does not lead."""
    least = lot.price + step(lot.price) if lot.bids_count else lot.price
    facts = [View(text=ngettext("{n} bid", "{n} bids", lot.bids_count), tone="")]
    if lot.leader_id:
        facts.append(View(text=_("{who} leads", who=pseudonym(lot, lot.leader_id)), tone=""))
    form = View(
        label=_("Set your own maximum"), button=_("Bid"), least=str(least), inputmode="numeric", strong=True,
        folded=True, name=_("Your maximum"),
        explains=_(
            "Starbid bids for you only as far as it takes, up to this amount. All of it is held while you lead."
        ),
    )  # fmt: skip
    wallet = View(available=Money(user.stars.available), held=Money(user.stars.held))
    return View(
        price=Money(lot.price), means=means(lot), clock=lot.ends_at, clock_means=_("left"), facts=facts, hints=(),
        banner=None, one_tap=Money(least), least=Money(least), form=form, steps=(), wallet=wallet, act_key="bid:-",
        polls=3, tag=tag, deal_version=lot.deal.version if lot.deal else 0, typed="", fault="", unusual=None,
    )  # fmt: skip


def bid_list(lot: Lot, bids: Sequence[Bid], user_id: int) -> View:
    led = next((bid.number for bid in bids if bid.bidder_id == lot.leader_id), None)
    rows = [_row(lot, bid, user_id, bid.number == led) for bid in bids]
    hidden = max(0, lot.bids_count - len(rows))
    return View(
        title=ngettext("{n} bid", "{n} bids", lot.bids_count), rows=rows,
        empty=_("No bids yet. Yours can be the first."),
        more=ngettext("and {n} earlier bid", "and {n} earlier bids", hidden) if hidden else "",
    )  # fmt: skip


def _row(lot: Lot, bid: Bid, user_id: int, led: bool) -> View:
    yours = bid.bidder_id == user_id
    tone, tag = ("good", _("leads")) if led else ("", "") if bid.leader_id == bid.bidder_id else (
        "", _("not enough to lead"))  # fmt: skip
    who = _("You") if yours else pseudonym(lot, bid.bidder_id)
    return View(who=who, yours=yours, tone=tone, tag=tag, at=bid.placed_at, price=Money(bid.price))


def pseudonym(lot: Lot, user_id: int) -> str:
    return f"#{hmac.new(lot.salt.encode(), str(user_id).encode(), hashlib.sha256).hexdigest()[:6]}"


def live_tag(lot: Lot, user: User, now: datetime) -> str:
    wallet, deal = user.stars, lot.deal
    last = lot.ends_at - now <= timedelta(seconds=lot.extend_seconds)
    parts = (lot.id, lot.version, lot.ending, user.id, user.language, deal.version if deal else 0, last,
             wallet.available, wallet.held, wallet.owed, wallet.blocked)  # fmt: skip
    return hashlib.sha256(repr(parts).encode()).hexdigest()[:20]


def kind_name(kind: str) -> str:
    names = {
        "english": _("English auction"), "dutch": _("Dutch auction"), "sealed": _("Sealed bids"),
        "vickrey": _("Second price"),
    }  # fmt: skip
    text = names.get(kind, kind)
    return text[:1].upper() + text[1:]


def category_name(category: str) -> str:
    names: dict[str, Any] = {
        "art": _("Art"), "books": _("Books"), "clothes": _("Clothes"), "collectibles": _("Collectibles"),
        "electronics": _("Electronics"), "games": _("Games"), "home": _("Home"), "music": _("Music"),
        "services": _("Services"), "other": _("Other"),
    }  # fmt: skip
    return str(names.get(category, category))
