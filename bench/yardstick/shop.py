"""The same pages and bids as one would write them on a server: Flask, SQLAlchemy's ORM, Jinja, a session cookie.

SQLite in memory stands in for the driver of a database server: its own work is small on tables of this size.
`python shop.py` prints JSON: CPU ms of a request by case. It imports nothing of Starbid.
"""

from __future__ import annotations

import io
import json
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from flask import Flask, Response, render_template, request, session
from jinja2 import DictLoader
from sqlalchemy import ForeignKey, create_engine, select
from sqlalchemy.orm import DeclarativeBase, Mapped, Session, mapped_column, relationship
from sqlalchemy.pool import StaticPool

PEOPLE, LOTS, BIDS, SHOWN = 50, 30, 20, 24
ROUNDS, WARM_UP = 300, 30
TITLE = "Настольная лампа 1970-х, латунь и стекло"
TEXT = "Рабочая, с новой проводкой. Высота 42 см. " * 12


class Base(DeclarativeBase):
    pass


class User(Base):
    __tablename__ = "users"
    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str]
    blocked: Mapped[bool] = mapped_column(default=False)
    available: Mapped[int] = mapped_column(default=10**9)
    held: Mapped[int] = mapped_column(default=0)


class Lot(Base):
    __tablename__ = "lots"
    id: Mapped[int] = mapped_column(primary_key=True)
    seller_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    leader_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), default=None)
    title: Mapped[str]
    text: Mapped[str]
    category: Mapped[str] = mapped_column(default="other")
    price: Mapped[int] = mapped_column(default=1000)
    maximum: Mapped[int] = mapped_column(default=0)
    bids_count: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    ends_at: Mapped[datetime] = mapped_column(index=True)
    seller: Mapped[User] = relationship(foreign_keys=[seller_id])
    leader: Mapped[User | None] = relationship(foreign_keys=[leader_id])
    bids: Mapped[list[Bid]] = relationship(order_by="Bid.id.desc()", back_populates="lot")
    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - as SQLAlchemy wants it


class Bid(Base):
    __tablename__ = "bids"
    id: Mapped[int] = mapped_column(primary_key=True)
    lot_id: Mapped[int] = mapped_column(ForeignKey("lots.id"), index=True)
    bidder_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    amount: Mapped[int]
    placed_at: Mapped[datetime]
    lot: Mapped[Lot] = relationship(back_populates="bids")


app = Flask(__name__)
app.secret_key = "secret key of the yardstick"
engine = create_engine("sqlite://", poolclass=StaticPool, connect_args={"check_same_thread": False})

BASE = """<!doctype html><html lang="ru"><head><meta charset="utf-8"><title>{{ title }}</title>
<link rel="stylesheet" href="/static/pico.css"><script src="/static/htmx.js" defer></script>
</head><body>
<header><nav><a href="/">Лоты</a>
{% if user %}<a href="/wallet">{{ user.name }} · {{ money(user.available) }}</a>{% endif %}</nav></header><main>"""
CARD = """<article class="card">
<a href="/lot/{{ lot.id }}"><img src="/pictures/{{ lot.id }}/small" alt="" loading="lazy">
<h2>{{ lot.title }}</h2></a><p class="price">{{ money(lot.price) }}</p><p>{{ lot.bids_count }} ставок</p>
<time datetime="{{ lot.ends_at.isoformat() }}">{{ left(lot.ends_at) }}</time></article>"""
LIST = (
    BASE
    + "<form><input name='q'><select name='sort'><option>ending<option>newest</select></form>"
    + "{% for lot in lots %}"
    + CARD
    + "{% endfor %}</main></body></html>"
)
PAGE = (
    BASE
    + """<h1>{{ lot.title }}</h1><p>{{ lot.text }}</p><p>{{ lot.seller.name }}</p>
<p class="price">{{ money(lot.price) }}</p>
<time datetime="{{ lot.ends_at.isoformat() }}">{{ left(lot.ends_at) }}</time>
<form method="post" action="/lot/{{ lot.id }}/bid">
<input name="amount" value="{{ lot.price + 50 }}"><button>Ставка</button></form>
<ol>{% for bid in bids %}
<li>{{ bid.bidder_id }} {{ money(bid.amount) }} <time>{{ bid.placed_at.isoformat() }}</time></li>{% endfor %}</ol>
</main></body></html>"""
)


app.jinja_loader = DictLoader({"list.html": LIST, "lot.html": PAGE})  # type: ignore[assignment]


@app.template_global()
def money(amount: int) -> str:
    return f"⭐ {amount:,}".replace(",", " ")


@app.template_global()
def left(at: datetime) -> str:
    rest = at - now()
    return f"{rest.days} д {rest.seconds // 3600} ч"


def now() -> datetime:
    return datetime.now(UTC).replace(tzinfo=None)


@app.get("/")
def index() -> str:
    with Session(engine) as db:
        user = db.get(User, session["user"])
        lots = db.scalars(select(Lot).where(Lot.ends_at > now()).order_by(Lot.ends_at).limit(SHOWN)).all()
        return render_template("list.html", title="Лоты", user=user, lots=lots)


@app.get("/lot/<int:lot_id>")
def lot_page(lot_id: int) -> str:
    with Session(engine) as db:
        user, lot = db.get(User, session["user"]), db.get_one(Lot, lot_id)
        bids = db.scalars(select(Bid).where(Bid.lot_id == lot_id).order_by(Bid.id.desc()).limit(30)).all()
        return render_template("lot.html", title=lot.title, user=user, lot=lot, bids=bids)


@app.get("/lot/<int:lot_id>/live")
def live(lot_id: int) -> Response:
    with Session(engine) as db:
        user, lot = db.get(User, session["user"]), db.get_one(Lot, lot_id)
        tag = f"{lot.version}-{user.available if user else 0}"
        answer = Response("" if request.if_none_match.contains(tag) else "changed")
        answer.set_etag(tag)
        return answer.make_conditional(request)


@app.post("/lot/<int:lot_id>/bid")
def bid(lot_id: int) -> tuple[dict[str, Any], int]:
    amount = int(request.get_json()["amount"])
    with Session(engine) as db:
        try:
            lot = place(db, lot_id, session["user"], amount)
        except ValueError as error:
            return {"error": {"code": "bid_too_low", "message": str(error)}}, 409
        answer = {"id": lot.id, "price": lot.price, "ends_at": lot.ends_at.isoformat(), "bids_count": lot.bids_count}
        db.commit()
        return answer, 201


@app.post("/bot")
def bot() -> str:
    """A message of the chat: a command tells the balance, a button bids; the answer goes back as a Bot API call."""
    update = request.get_json()
    with Session(engine) as db:
        if "callback_query" in update:
            query = update["callback_query"]
            _, lot_id, amount = query["data"].split(":")
            lot = place(db, int(lot_id), query["from"]["id"], int(amount))
            db.commit()
            send("editMessageText", {"chat_id": query["from"]["id"], "text": f"{lot.title} {money(lot.price)}"})
            send("answerCallbackQuery", {"callback_query_id": query["id"]})
        else:
            user = db.get_one(User, update["message"]["from"]["id"])
            text = f"Доступно {money(user.available)}, удержано {money(user.held)}"
            send("sendMessage", {"chat_id": user.id, "text": text})
    return ""


def send(method: str, fields: dict[str, Any]) -> None:
    """The Bot API call is made ready and not sent: neither side's network counts here."""
    json.dumps({"method": method, **fields})


def place(db: Session, lot_id: int, user_id: int, amount: int) -> Lot:
    """A bid is a maximum: the price rises as far as it needs to, holds are moved, all in one transaction."""
    lot, user = db.get_one(Lot, lot_id), db.get_one(User, user_id)
    least = lot.price + 50 if lot.bids_count else lot.price
    if amount < least:
        raise ValueError(f"at least {least}")
    if user.blocked or user.available < amount or lot.ends_at <= now():
        raise ValueError("refused")
    if amount > lot.maximum:
        if lot.leader:
            lot.leader.available += lot.maximum
            lot.leader.held -= lot.maximum
        user.available -= amount
        user.held += amount
        lot.price = min(amount, lot.maximum + 50) if lot.maximum else lot.price
        lot.leader, lot.maximum = user, amount
    else:
        lot.price = min(lot.maximum, amount + 50)
    lot.bids_count += 1
    db.add(Bid(lot_id=lot.id, bidder_id=user.id, amount=amount, placed_at=now()))
    db.flush()
    return lot


def fill() -> None:
    Base.metadata.create_all(engine)
    end = now() + timedelta(days=1)
    with Session(engine) as db:
        db.add_all(User(id=number, name=f"Анна {number}") for number in range(1, PEOPLE + 1))
        db.add_all(Lot(id=n, seller_id=1, title=TITLE, text=TEXT, ends_at=end) for n in range(1, LOTS + 1))
        db.flush()
        for number in range(BIDS):
            place(db, 1, 2 + number % 2, 2000 + 100 * number)
        db.commit()


def measure() -> dict[str, float]:
    """Median CPU ms of this thread by case."""
    fill()
    cookie = _cookie(3)
    top = iter(range(10_000, 10**9, 100))
    etag = _call("GET", "/lot/1/live", cookie)[1]["ETag"]

    def press() -> tuple[str, str, dict[str, Any]]:
        number = next(top)
        user = {"id": 2 + number // 100 % 2}
        return "POST", "/bot", {"callback_query": {"id": "1", "from": user, "data": f"b:3:{number}"}}

    cases: dict[str, Callable[[], tuple[Any, ...]]] = {
        "list page": lambda: ("GET", "/"),
        "lot page": lambda: ("GET", "/lot/1"),
        "304 poll": lambda: ("GET", "/lot/1/live", None, etag),
        "accepted bid": lambda: ("POST", "/lot/2/bid", {"amount": next(top)}),
        "refused bid": lambda: ("POST", "/lot/1/bid", {"amount": 1}),
        "webhook command": lambda: ("POST", "/bot", {"message": {"text": "/balance", "from": {"id": 3}}}),
        "callback bid": press,
    }
    statuses = {"304 poll": 304, "accepted bid": 201, "refused bid": 409}
    cookies = [_cookie(2), _cookie(3)]
    spent = {}
    for name, make in cases.items():
        times = []
        for number in range(ROUNDS):
            method, path, *more = make()
            status, _, cpu = _timed(method, path, cookies[number % 2 if name == "accepted bid" else 1], *more)
            assert status == statuses.get(name, 200), (name, status)
            times.append(cpu)
        spent[name] = statistics.median(times[WARM_UP:])
    return spent


def _timed(
    method: str, path: str, cookie: str, body: Any = None, etag: str | None = None
) -> tuple[int, dict[str, str], float]:
    start: dict[str, Any] = {}
    data = json.dumps(body).encode() if body is not None else b""
    environ = {
        "REQUEST_METHOD": method,
        "PATH_INFO": path,
        "QUERY_STRING": "",
        "SERVER_NAME": "localhost",
        "SERVER_PORT": "80",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.url_scheme": "http",
        "wsgi.input": io.BytesIO(data),
        "CONTENT_LENGTH": str(len(data)),
        "CONTENT_TYPE": "application/json",
        "HTTP_COOKIE": cookie,
    } | ({"HTTP_IF_NONE_MATCH": etag} if etag else {})
    before = time.thread_time()
    b"".join(app(environ, lambda status, headers, _=None: start.update(status=status, headers=dict(headers))))
    cpu = (time.thread_time() - before) * 1000
    return int(start["status"][:3]), start["headers"], cpu


def _call(method: str, path: str, cookie: str) -> tuple[int, dict[str, str], float]:
    return _timed(method, path, cookie)


def _cookie(user_id: int) -> str:
    serializer = app.session_interface.get_signing_serializer(app)  # type: ignore[attr-defined]
    return f"session={serializer.dumps({'user': user_id})}"


if __name__ == "__main__":
    print(json.dumps(measure()))
