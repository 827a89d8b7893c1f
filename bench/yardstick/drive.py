"""Fills the yardstick's market like Starbid's, and measures requests to it."""

from __future__ import annotations

import io
import json
import statistics
import time
from collections.abc import Callable
from datetime import timedelta
from itertools import count
from typing import Any

import shop
from flask import Flask
from sqlalchemy.orm import Session
from tables import Base, Lot, Transfer, User, Wallet, engine
from words import now

PEOPLE, LOTS, BIDS, MONEY = 50, 34, 20, 1_000_000
ROUNDS, WARM_UP = 150, 30
TITLE = "Настольная лампа 1970-х, латунь и стекло"
TEXT = "Рабочая, с новой проводкой. Высота 42 см." + " Рабочая, с новой проводкой. Высота 42 см." * 11
STATUSES = {"304 poll": 304, "accepted bid": 201, "refused bid": 409}
Call = dict[str, Any]


def fill() -> None:
    Base.metadata.create_all(engine)
    at = now()
    times = {"created_at": at, "starts_at": at - timedelta(seconds=1)}
    ends = {"ends_at": at + timedelta(days=1), "scheduled_end": at + timedelta(days=1)}
    with Session(engine) as db:
        for number in range(1, PEOPLE + 1):
            person = {"name": "Анна Новак", "username": "anna_novak", "joined_at": at}
            db.add(User(id=number, wallets=[Wallet(available=MONEY)], **person))
            db.add(Transfer(id=f"t{number}", user_id=number, kind="stars", amount=MONEY, at=at))
        for number in range(1, LOTS + 1):
            words = {"title": TITLE, "description": TEXT, "pictures": ["0" * 32], "salt": f"salt {number}"}
            db.add(Lot(id=f"mfbufsgw2h{number:03}", seller_id=1, **words, **times, **ends))
        db.flush()
        for number in range(BIDS):
            shop.place(db, _lot(1), 2 + number % 2, 2000 + 100 * number)
        db.commit()


def measure(app: Flask) -> dict[str, dict[str, float]]:
    """CPU ms of this thread (a lower quartile) and bytes of the answer, by case."""
    fill()
    top, updates = count(10_000, 1000), count(1)
    people = [_headers(app, 2), _headers(app, 3)]
    looker = _headers(app, 4)

    def accepted() -> Call:
        people.reverse()
        return _post(f"/api/v1/auctions/{_lot(2)}/bids", people[0], {"amount": next(top)})

    def command() -> Call:
        message = {"message_id": 1, "text": "/balance", "from": _sender(4), "chat": {"id": 4, "type": "private"}}
        return _update({"update_id": next(updates), "message": message})

    def press() -> Call:
        number = next(updates)
        with Session(engine) as db:
            version = db.get_one(Lot, _lot(3)).version
        message = {"message_id": 1, "caption": "-", "photo": []}
        data = f"b:{_lot(3)}:{next(top)}:{version}"
        query = {"id": "1", "from": _sender(2 + number % 2), "message": message, "data": data}
        return _update({"update_id": number, "callback_query": query})

    etag = _timed(app, _get(f"/auction/{_lot(1)}/live", looker))[1]["ETag"]
    cases: dict[str, Callable[[], Call]] = {
        "list page": lambda: _get("/", looker),
        "lot page": lambda: _get(f"/auction/{_lot(1)}", looker),
        "304 poll": lambda: _get(f"/auction/{_lot(1)}/live", looker | {"HTTP_IF_NONE_MATCH": etag}),
        "accepted bid": accepted,
        "refused bid": lambda: _post(f"/api/v1/auctions/{_lot(1)}/bids", looker, {"amount": 1001}),
        "webhook command": command,
        "callback bid": press,
    }
    return {name: _measured(app, name, make) for name, make in cases.items()}


def _measured(app: Flask, name: str, make: Callable[[], Call]) -> dict[str, float]:
    times, size = [], 0
    for _ in range(ROUNDS):
        status, _headers, size, cpu = _timed(app, make())
        assert status == STATUSES.get(name, 200), (name, status)
        times.append(cpu)
    return {"ms": statistics.quantiles(times[WARM_UP:])[0], "bytes": size}


def _timed(app: Flask, environ: Call) -> tuple[int, dict[str, str], int, float]:
    start: dict[str, Any] = {}
    serve: Any = app  # Flask does not use a WSGI server's `write`
    before = time.thread_time()
    body = b"".join(serve(environ, lambda status, headers, _=None: start.update(status=status, headers=dict(headers))))
    cpu = (time.thread_time() - before) * 1000
    return int(start["status"][:3]), start["headers"], len(body), cpu


def _get(path: str, headers: dict[str, str]) -> Call:
    return _environ("GET", path, b"") | headers


def _post(path: str, headers: dict[str, str], body: dict[str, Any]) -> Call:
    return _environ("POST", path, json.dumps(body).encode()) | headers


def _update(body: dict[str, Any]) -> Call:
    return _post("/telegram/webhook", {"HTTP_X_TELEGRAM_BOT_API_SECRET_TOKEN": shop.WEBHOOK_SECRET}, body)


def _environ(method: str, path: str, data: bytes) -> Call:
    return {
        "REQUEST_METHOD": method, "PATH_INFO": path, "QUERY_STRING": "", "SERVER_NAME": "localhost",
        "SERVER_PORT": "80", "SERVER_PROTOCOL": "HTTP/1.1", "wsgi.url_scheme": "http", "wsgi.input": io.BytesIO(data),
        "CONTENT_LENGTH": str(len(data)), "CONTENT_TYPE": "application/json",
    }  # fmt: skip


def _headers(app: Flask, user_id: int) -> dict[str, str]:
    """Headers of somebody with a session: its cookie, and the CSRF token of a form."""
    kept = {"user": user_id, "nonce": f"nonce {user_id}"}
    cookie = app.session_interface.get_signing_serializer(app).dumps(kept)  # type: ignore[attr-defined]
    with app.test_request_context(headers={"cookie": f"session={cookie}"}):
        return {"HTTP_COOKIE": f"session={cookie}", "HTTP_X_CSRF_TOKEN": shop.csrf_token()}


def _sender(user_id: int) -> dict[str, Any]:
    return {"id": user_id, "is_bot": False, "first_name": "Анна Новак", "username": "anna_novak", "language_code": "ru"}


def _lot(number: int) -> str:
    return f"mfbufsgw2h{number:03}"
