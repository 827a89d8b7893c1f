"""Starbid's pages and bids on a conventional server: Flask, SQLAlchemy's ORM, a cookie.

The same as Starbid: the pages (Starbid's own template files, with as many cards, bids, words and forms; `bytes` is
their size), gettext, session and CSRF token, security headers, the ETag of the live part. The visitor is read with name
and wallet, their bids on the shown lots and their watch list. A bid is the lot by its version, a row with its link of
the log's chain, and two wallets in one transaction. An update of Telegram's is claimed, handled and finished. Messages
to the chat go through python-telegram-bot and are encoded, but not sent.

Different: rows come through the ORM. The card of a lot is drawn again for every visitor, while Starbid caches it. The
content of a page is shorter (one kind of auction, no limits of length), as is the JSON of a bid. Nothing is written for
a stream, because Starbid's bid row is the event. SQLite in memory replaces a database server and its driver: its work
is in the figures, and small on tables of this size.

`python shop.py` prints JSON: CPU ms of a request and bytes of its answer, by case. It imports nothing of Starbid.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from datetime import timedelta
from functools import cache
from typing import Any

import bot
import pages
import words
from flask import Flask, Response, abort, g, render_template, request, session
from jinja2 import ChainableUndefined, pass_context
from jinja2.runtime import Context
from markupsafe import Markup
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session
from tables import Bid, Lot, SeenUpdate, User, Wallet, Watch, engine
from words import _, now

SHOWN, SHOWN_BIDS, KEEP_DAYS = 24, 30, 2
SECRET, WEBHOOK_SECRET = "secret key of the yardstick", "webhook secret of the yardstick"
HEADERS = {
    "content-security-policy": "default-src 'self'; script-src 'self' https://telegram.org; style-src 'self'; "
    "img-src 'self' data: blob: https:; connect-src 'self' https://s3.eu-central-1.amazonaws.com/pictures; "
    "frame-src https://oauth.telegram.org; frame-ancestors 'self' https://web.telegram.org https://*.telegram.org; "
    "form-action 'self' https://t.me https://oauth.telegram.org; base-uri 'none'; object-src 'none'",
    "x-content-type-options": "nosniff",
    "referrer-policy": "strict-origin-when-cross-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=()",
}

app = Flask(__name__, template_folder=str(words.ROOT / "functions" / "web" / "templates"))
app.secret_key = SECRET
app.json.ensure_ascii = False  # type: ignore[attr-defined]
app.jinja_options = {"trim_blocks": True, "lstrip_blocks": True, "undefined": ChainableUndefined, "auto_reload": False}
app.jinja_env.filters |= words.FILTERS
app.jinja_env.globals |= words.GLOBALS | {"words": words, "oob": False, "deal": None}


@pass_context
def lot_card(context: Context, card: Any) -> Markup:
    drawn: Markup = _parts().lot_card(card, words.left(card.ends_at, context["page"].now))
    return drawn


@cache
def _parts() -> Any:
    return app.jinja_env.get_template("shared/parts.html").module


app.jinja_env.globals["lot_card"] = lot_card


class Refused(Exception):
    """A refused bid: code, sentence, details."""


@app.after_request
def secured(response: Response) -> Response:
    response.headers.update(HEADERS)
    response.headers.setdefault("cache-control", "private, no-cache")
    return response


def csrf_token() -> str:
    return hmac.new(SECRET.encode(), f"csrf:{session['nonce']}".encode(), hashlib.sha256).hexdigest()


def visitor(db: Session) -> User:
    user: User = db.get_one(User, session["user"])
    g.page = pages.page(user, csrf_token(), now(), request.path)
    return user


@app.get("/")
def index() -> str:
    with Session(engine) as db:
        user, asked = visitor(db), request.args.to_dict()
        live = select(Lot).where(Lot.ending == "open", Lot.starts_at <= g.page.now, Lot.ends_at > g.page.now)
        found = db.scalars(live.order_by(Lot.ends_at, Lot.id).limit(SHOWN + 1)).unique().all()
        lots = found[:SHOWN]
        own = select(Bid).where(Bid.bidder_id == user.id, Bid.lot_id.in_([lot.id for lot in lots]))
        mine = {bid.lot_id: bid for bid in db.scalars(own.order_by(Bid.placed_at))}
        more = f"/?cursor={lots[-1].ends_at.timestamp()}-{lots[-1].id}" if len(found) > SHOWN else None
        cards = [pages.card(lot, mine, user.id) for lot in lots]
        return render_template("browse/index.html", page=g.page, search=pages.search(asked), cards=cards, more_url=more)


def known_lot(db: Session, lot_id: str) -> Lot:
    return db.get(Lot, lot_id) or abort(404)


def last_bids(db: Session, lot_id: str) -> list[Bid]:
    newest = select(Bid).where(Bid.lot_id == lot_id).order_by(Bid.number.desc()).limit(SHOWN_BIDS)
    return list(db.scalars(newest))


@app.get("/auction/<lot_id>")
def lot_page(lot_id: str) -> str:
    with Session(engine) as db:
        user, lot = visitor(db), known_lot(db, lot_id)
        return render_template(
            "lot/page.html",
            page=g.page,
            lot=pages.lot_page(lot, db.get_one(User, lot.seller_id)),
            box=pages.box(lot, user, pages.live_tag(lot, user, g.page.now)),
            bids=pages.bid_list(lot, last_bids(db, lot_id), user.id),
            watch={"lot_id": lot_id, "on": db.get(Watch, (user.id, lot_id)) is not None},
        )


@app.get("/auction/<lot_id>/live")
def live(lot_id: str) -> Response:
    with Session(engine) as db:
        user, lot = db.get_one(User, session["user"]), known_lot(db, lot_id)
        tag = pages.live_tag(lot, user, now())
        if request.if_none_match.contains(tag):
            answer = Response(status=304)
        else:
            visitor(db)
            box, bids = pages.box(lot, user, tag), pages.bid_list(lot, last_bids(db, lot_id), user.id)
            shown = {"page": g.page, "lot": lot, "box": box, "bids": bids, "oob": True, "same_act": True}
            answer = Response(render_template("lot/live_answer.html", **shown))
        answer.set_etag(tag)
        answer.headers["vary"] = "Cookie"
        return answer


@app.post("/api/v1/auctions/<lot_id>/bids")
def bid(lot_id: str) -> tuple[dict[str, Any], int]:
    if not hmac.compare_digest(csrf_token(), request.headers.get("x-csrf-token", "")):
        abort(403)
    amount = request.get_json()["amount"]
    with Session(engine) as db:
        try:
            lot, placed = place(db, lot_id, session["user"], amount)
        except Refused as refused:
            code, message, details = refused.args
            db.get_one(User, session["user"])  # their language
            return {"error": {"code": code, "message": message, "details": details}}, 409
        answer = told(lot, placed)
        db.commit()
        return answer, 201


def told(lot: Lot, placed: Bid) -> dict[str, Any]:
    leads = lot.leader_id == placed.bidder_id
    return {
        "auction_id": lot.id, "number": placed.number, "kind": placed.kind, "amount": placed.maximum,
        "placed_at": words.iso(placed.placed_at), "extended": placed.ends_at != lot.scheduled_end, "status": "live",
        "currency": lot.currency, "price": lot.price, "next_min_bid": lot.price + pages.step(lot.price),
        "leader": pages.pseudonym(lot, lot.leader_id or 0), "you_lead": leads,
        "your_maximum": lot.leader_maximum if leads else None, "bids_count": lot.bids_count, "buy_now_price": None,
        "ends_at": words.iso(lot.ends_at), "version": lot.version,
    }  # fmt: skip


def place(db: Session, lot_id: str, user_id: int, amount: int) -> tuple[Lot, Bid]:
    """A bid is a maximum: the price rises as far as needed and holds are moved, in one transaction."""
    lot, wallet, at = known_lot(db, lot_id), wallet_of(db, user_id), now()
    if wallet.blocked or wallet.owed:
        raise Refused("blocked", _("Your account is blocked"), {})
    if lot.ending != "open" or lot.ends_at <= at:
        raise Refused("auction_closed", _("This auction is over."), {})
    least = lot.price + pages.step(lot.price) if lot.bids_count else lot.price
    if amount < least:
        text = _("The lowest bid is now {price}.", price=words.stars(least))
        raise Refused("bid_too_low", text, {"next_min_bid": least})
    former, maximum = lot.leader_id, lot.leader_maximum or 0
    raises = former == user_id
    needed = amount - maximum if raises else amount
    if wallet.available < needed:
        raise Refused("insufficient_funds", _("Not enough money."), {"missing": needed - wallet.available})
    released = None
    if raises or amount > maximum:
        if former and not raises:
            loser = wallet_of(db, former)
            loser.available, loser.held, released = loser.available + maximum, loser.held - maximum, maximum
            lot.price = min(amount, maximum + pages.step(maximum))
        wallet.available, wallet.held = wallet.available - needed, wallet.held + needed
        lot.leader_id, lot.leader_maximum = user_id, amount
    else:
        lot.price = min(maximum, amount + pages.step(amount))
    if lot.ends_at - at <= timedelta(seconds=lot.extend_seconds):
        lot.ends_at = min(at + timedelta(seconds=lot.extend_seconds),
                          lot.scheduled_end + timedelta(seconds=lot.max_extension_seconds))  # fmt: skip
    lot.bids_count += 1
    placed = Bid(
        lot_id=lot.id, number=lot.bids_count, kind="raise" if raises else "bid", bidder_id=user_id, maximum=amount,
        price=lot.price, leader_id=lot.leader_id, placed_at=at, ends_at=lot.ends_at,
        outbid_id=former if released else None, released=released,
    )  # fmt: skip
    lot.head = placed.chain = chained(lot, placed)
    db.add(placed)
    db.flush()
    return lot, placed


def chained(lot: Lot, placed: Bid) -> str:
    """The hash of the bid's log entry, which covers the previous one; the maximum is in it as a commitment."""
    salt = hmac.new(lot.salt.encode(), f"commitment:{placed.number}".encode(), hashlib.sha256).hexdigest()[:32]
    line = {
        "number": placed.number, "kind": placed.kind, "bidder": pages.pseudonym(lot, placed.bidder_id),
        "at": words.iso(placed.placed_at), "price": placed.price, "leader": pages.pseudonym(lot, placed.leader_id),
        "maximum": hashlib.sha256(f"{salt}:{placed.maximum}".encode()).hexdigest(),
        "previous": lot.head,
    }  # fmt: skip
    return hashlib.sha256(json.dumps(line, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def wallet_of(db: Session, user_id: int) -> Wallet:
    return db.get_one(Wallet, (user_id, "XTR"))


@app.post("/telegram/webhook")
def webhook() -> str:
    """An update is claimed, handled, and finished."""
    if not hmac.compare_digest(request.headers.get("x-telegram-bot-api-secret-token", ""), WEBHOOK_SECRET):
        abort(403)
    update = request.get_json()
    with Session(engine, expire_on_commit=False) as db:
        seen = SeenUpdate(id=update["update_id"], expires_at=now() + timedelta(seconds=30))
        db.add(seen)
        try:
            db.commit()
        except IntegrityError:
            return ""
        handle(db, update)
        seen.state, seen.expires_at = "done", now() + timedelta(days=KEEP_DAYS)
        db.commit()
    return ""


def handle(db: Session, update: dict[str, Any]) -> None:
    content = update.get("callback_query") or update["message"]
    user = greeted(db, content["from"])
    if "data" in content:
        _verb, lot_id, amount, version = content["data"].split(":")
        if known_lot(db, lot_id).version == int(version):
            lot, placed = place(db, lot_id, user.id, int(amount))
            db.commit()
            bot.show_outcome(db, lot, user, placed, content)
        return
    question = bot.pending_question(db, user)
    if question:
        db.delete(question)
    if content["text"] == "/balance":
        bot.tell_balance(db, user)


def greeted(db: Session, sender: dict[str, Any]) -> User:
    """The person, with a changed name updated."""
    user: User = db.get_one(User, sender["id"])
    user.name, user.username, user.unreachable = sender["first_name"], sender["username"], False
    return user


if __name__ == "__main__":
    from drive import measure

    print(json.dumps(measure(app)))
