"""A browser and an API client of the web function: events of the HTTP API in, answers out; with cookies."""

from __future__ import annotations

import base64
import hashlib
import hmac
import io
import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from starbid.bootstrap import App
from starbid.storage.rows import ms
from web.app import handle
from web.identity.tokens import new_nonce, new_token
from web.kernel.session import SESSION_COOKIE, Session, csrf_token, write_session

BOUNDARY = "----starbid"
FORM = "application/x-www-form-urlencoded"


def png(size: tuple[int, int] = (40, 30), mode: str = "RGB") -> bytes:
    """A picture to send."""
    from PIL import Image

    out = io.BytesIO()
    Image.new(mode, size, 1).save(out, "PNG")
    return out.getvalue()


@dataclass(frozen=True)
class Answer:
    """An answer; header names are lower case."""

    status: int
    headers: dict[str, str]
    cookies: list[str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode()

    @property
    def json(self) -> Any:
        return json.loads(self.body)

    @property
    def code(self) -> str:
        """The code of an error of the API."""
        return str(self.json["error"]["code"])

    def cookie(self, name: str) -> str | None:
        """The whole Set-Cookie value of that name."""
        return next((cookie for cookie in self.cookies if cookie.startswith(f"{name}=")), None)


def event(
    method: str,
    path: str,
    query: str = "",
    headers: dict[str, str] | None = None,
    body: bytes = b"",
    cookies: tuple[str, ...] = (),
    arrived: datetime | None = None,
) -> dict[str, Any]:
    """An event of payload format 2.0; it tells when it `arrived` where that is known."""
    http = {"method": method, "path": path, "sourceIp": "127.0.0.1"}
    return {
        "version": "2.0",
        "routeKey": "$default",
        "rawPath": path,
        "rawQueryString": query,
        "cookies": list(cookies),
        "headers": {"host": "127.0.0.1:8000", **(headers or {})},
        "requestContext": {"http": http, "requestId": "request-1"} | ({"timeEpoch": ms(arrived)} if arrived else {}),
        "body": base64.b64encode(body).decode(),
        "isBase64Encoded": True,
    }


class Client:
    """One browser, or one API client with a token. Its requests arrive at `arrived`, or whenever they are handled."""

    def __init__(self, app: App, *, token: str | None = None) -> None:
        self.app = app
        self.arrived: datetime | None = None
        self.token = token
        self.cookies: dict[str, str] = {}
        self.session: Session | None = None

    def log_in(self, user_id: int) -> Client:
        """Give this browser a session, as a login would."""
        known = self.app.store.person(user_id, consistent=True)
        at = known.ended_sessions.next_at(self.app.now()) if known else self.app.now()
        self.session = Session.begin(user_id, at)
        self.cookies[SESSION_COOKIE] = write_session(self.session, self.app.settings.secret_key)
        return self

    @property
    def csrf_token(self) -> str:
        assert self.session is not None
        return csrf_token(self.session.lineage, self.app.settings.secret_key)

    def get(self, path: str, *, headers: Any = None, **query: object) -> Answer:
        return self.send("GET", path, urlencode(query, doseq=True), headers)

    def post_form(self, path: str, *, csrf: Any = True, headers: Any = None, **fields: object) -> Answer:
        """Post like a page's form, with the token among the fields."""
        if csrf and self.session:
            fields = {"csrf_token": self.csrf_token} | fields
        body = urlencode(fields, doseq=True).encode()
        return self.send("POST", path, "", {"content-type": FORM} | (headers or {}), body)

    def post_files(
        self, path: str, files: Sequence[tuple[str, bytes]], field: str = "images", /, **fields: object
    ) -> Answer:
        """Post like a form with files in `field`, of a browser without scripts; a list repeats its field."""
        body = b""
        for name, value in ({"csrf_token": self.csrf_token} | fields).items():
            for each in value if isinstance(value, list | tuple) else [value]:
                body += _part(f'name="{name}"', str(each).encode())
        for filename, data in files:
            body += _part(f'name="{field}"; filename="{filename}"\r\nContent-Type: image/png', data)
        kind = f"multipart/form-data; boundary={BOUNDARY}"
        return self.send("POST", path, "", {"content-type": kind}, body + f"--{BOUNDARY}--\r\n".encode())

    def post(self, path: str, data: object = None, *, headers: dict[str, str] | None = None) -> Answer:
        """Post like an API client: JSON (bytes as they are, None for no body), with the CSRF token of the session."""
        body = data if isinstance(data, bytes) else b"" if data is None else json.dumps(data).encode()
        own = {"content-type": "application/json"} if body else {}
        if self.session and not self.token:
            own["x-csrf-token"] = self.csrf_token
        return self.send("POST", path, "", own | (headers or {}), body)

    def delete(self, path: str) -> Answer:
        return self.send("DELETE", path, "", {"x-csrf-token": self.csrf_token} if self.session else {})

    def send(
        self, method: str, path: str, query: str = "", headers: dict[str, str] | None = None, body: bytes = b""
    ) -> Answer:
        headers = dict(headers or {})
        if self.token:
            headers.setdefault("authorization", f"Bearer {self.token}")
        cookies = tuple(f"{name}={value}" for name, value in self.cookies.items())
        raw = handle(event(method, path, query, headers, body, cookies, self.arrived), self.app)
        data = base64.b64decode(raw["body"]) if raw["isBase64Encoded"] else raw["body"].encode()
        answer = Answer(raw["statusCode"], raw["headers"], raw["cookies"], data)
        self._keep(answer.cookies)
        return answer

    def _keep(self, lines: list[str]) -> None:
        for line in lines:
            name, _, value = line.partition(";")[0].partition("=")
            if "Max-Age=0" in line:
                self.cookies.pop(name, None)
            else:
                self.cookies[name] = value


def _part(disposition: str, data: bytes) -> bytes:
    return f"--{BOUNDARY}\r\nContent-Disposition: form-data; {disposition}\r\n\r\n".encode() + data + b"\r\n"


def program(app: App, user_id: int) -> Client:
    """An API client that acts for a person by a token."""
    token, secret = new_token(app.settings.secret_key, user_id, "tests", new_nonce(), app.now())
    app.tokens.keep(token)
    return Client(app, token=secret)


def text(answer: Answer) -> str:
    """The text of a page's main part, without tags and double spaces."""
    main = answer.text.split('id="main">', 2)[-1].split("</main>")[0]
    return " ".join(re.sub(r"<[^>]*>", " ", main).split()).replace("\u202f", " ").replace("&#39;", "'")


def lot_in_words(app: App, auction_id: str, user_id: int | None = None, language: str = "en") -> str:
    """A lot's page as text: without tags, double spaces and codes, which may contain any number by chance."""
    client = Client(app)
    if user_id is not None:
        client.log_in(user_id)
    answer = client.get(f"/auction/{auction_id}", headers={"accept-language": language})
    assert answer.status == 200
    return re.sub(r"\b[0-9a-f]{8,}\b…?", "", text(answer))


def widget_query(app: App, **fields: object) -> dict[str, Any]:
    """A login query as Telegram signs it; `auth_date` is now unless given."""
    told = {"id": 7, "first_name": "Vera", "auth_date": int(app.now().timestamp())} | fields
    key = hashlib.sha256(app.settings.bot_token.encode()).digest()
    return _signed({name: str(value) for name, value in told.items()}, key)


def init_data(app: App, user: dict[str, object] | str | None = None, **fields: object) -> str:
    """A Mini App's initData as Telegram signs it; a string as `user` is used as it is."""
    user = {"id": 7, "first_name": "Vera"} if user is None else user
    told = {
        "user": user if isinstance(user, str) else json.dumps(user, ensure_ascii=False),
        "auth_date": int(app.now().timestamp()),
        "query_id": "AAE",
        "signature": "third-party-proof",
    } | fields
    return signed_init_data(app.settings.bot_token, told)


def signed_init_data(bot_token: str, fields: Mapping[str, object]) -> str:
    """initData with these fields, signed by the bot's token."""
    key = hmac.new(b"WebAppData", bot_token.encode(), hashlib.sha256).digest()
    return urlencode(_signed({name: str(value) for name, value in fields.items()}, key))


def _signed(fields: dict[str, str], key: bytes) -> dict[str, str]:
    text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
    return {**fields, "hash": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}
