"""Signs a person in at the site, as the Login Widget and `login_url` buttons do."""

from __future__ import annotations

import hashlib
import hmac
import threading
from urllib.parse import urlencode, urlsplit, urlunsplit

from local.telegram.context import Context
from local.telegram.keyboards import same_origin
from local.telegram.people import Person

LOGIN_PATH = "/login/telegram"


class LoginSigner:
    """Makes signed queries; no two are alike, as a site takes each only once."""

    def __init__(self, context: Context) -> None:
        self._context = context
        self._lock = threading.Lock()
        self._used: dict[int, set[int]] = {}

    def query(self, person: Person) -> str:
        """The signed query of a person who logs in now: HMAC-SHA256 under SHA256(token) over the sorted fields."""
        fields = {
            "id": str(person.id),
            "first_name": person.first_name,
            "username": person.username,
            "auth_date": str(self._auth_date(person.id)),
        }
        fields = {name: value for name, value in fields.items() if value}
        text = "\n".join(f"{name}={fields[name]}" for name in sorted(fields))
        key = hashlib.sha256(self._context.bot.token.encode()).digest()
        return urlencode({**fields, "hash": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()})

    def _auth_date(self, person_id: int) -> int:
        """The present second, or the last one before it that was not used."""
        moment = self._context.timestamp()
        with self._lock:
            used = {second for second in self._used.get(person_id, set()) if second > moment - 60}
            while moment in used:
                moment -= 1
            self._used[person_id] = used | {moment}
        return moment

    def site_link(self, person: Person, next_path: str = "") -> str:
        """The address that opens the site as this person, at `next_path` if given (which is not signed)."""
        suffix = f"&{urlencode({'next': next_path})}" if next_path else ""
        return f"{self._context.site_url.rstrip('/')}{LOGIN_PATH}?{self.query(person)}{suffix}"

    def button_link(self, person: Person, kind: str, url: str) -> str:
        """The address behind a `login_url` or `web_app` button; a foreign site learns nothing of the person."""
        if not same_origin(url, self._context.site_url):
            return url
        parts = urlsplit(url)
        if kind == "web_app":
            return self.site_link(person, urlunsplit(("", "", parts.path or "/", parts.query, "")))
        query = "&".join(part for part in (parts.query, self.query(person)) if part)
        return urlunsplit((parts.scheme, parts.netloc, parts.path, query, parts.fragment))
