"""The browsers that a person is told things in: set up by a press in one, taken over by who logs in there next.

A row of its person says where a browser takes messages, a row of nobody's whose it is. A browser shows what it gets to
anybody who sits there, so it is one person's at a time: who sets it up takes it from the one before.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from starbid.domain.base64url import to_bytes, to_text
from starbid.domain.channels import Channel
from starbid.domain.events import BrowserAdded
from starbid.domain.limits import Deed
from starbid.domain.push_addresses import MOST_BROWSERS, PushAddress
from starbid.services.hearing import Hearing
from starbid.services.limits import Limits
from starbid.services.ports import Contact, Contacts, Store
from starbid.services.stamping import stamp

NOBODY = 0
"""No person's id. Under it stands whose each browser is."""
USED_EVERY = timedelta(hours=12)
"""That a browser was used is written no more often."""
LONGEST_FAILING = timedelta(hours=2)
"""For so long a notice waits for a browser whose push service fails; the queue gives up soon after."""
LONGEST_DOWN = timedelta(days=14)
"""A browser whose push service has failed for so long is gone."""
LONGEST_DEVICE = 60
_PREFIX = f"{Channel.PUSH}#"


@dataclass(frozen=True, slots=True)
class Browser:
    """`device`: its name and what it runs on. `used_at`: when a notice last reached it, or it was set up.

    `failing_since`: since when its push service has taken nothing from us; None while it does. `session`: the id of
    the session that it is in (services.sessions), "" for one from before they were kept.
    """

    user_id: int
    address: PushAddress
    device: str
    since: datetime
    used_at: datetime
    failing_since: datetime | None = None
    session: str = ""

    @property
    def mark(self) -> str:
        return self.address.mark


class Browsers:
    """Each step may die anywhere, and is done again by the next press, or by the page that asks again by itself."""

    def __init__(self, store: Store, contacts: Contacts, hearing: Hearing, limits: Limits) -> None:
        self._store, self._contacts, self._hearing, self._limits = store, contacts, hearing, limits

    def of(self, user_id: int) -> list[Browser]:
        """Those that were used last come first; no more than a person may have."""
        return self._all(user_id)[:MOST_BROWSERS]

    def set_up(
        self,
        user_id: int,
        address: PushAddress,
        device: str,
        now: datetime,
        instead_of: str = "",
        session: str = "",
    ) -> Browser:
        """Tell the person things in this browser from now on. Once more changes its name and session.

        `instead_of`: the mark that the same browser had before. Where a person has too many, the one that was used the
        longest ago gives way. Raises TooOften, Conflict.
        """
        self._limits.require(Deed.BROWSER, user_id, now)
        self._take_from_others(user_id, address.mark)
        self._hearing.set_up(user_id, Channel.PUSH)
        known = {browser.mark: browser for browser in self._all(user_id)}
        there = known.get(address.mark)
        browser = Browser(user_id, address, device[:LONGEST_DEVICE], there.since if there else now, now, None, session)
        self._contacts.put(Contact(NOBODY, _place(address.mark), {"user_id": user_id}, now))
        self._contacts.put(_contact(browser))
        if there is None:
            kept = [mark for mark in known if mark != instead_of][: MOST_BROWSERS - 1]
            for mark in known.keys() - kept:
                self.forget(user_id, mark)
            if instead_of not in known:
                self._tell(user_id, browser, now)
        return browser

    def forget(self, user_id: int, mark: str) -> None:
        """Tell the person nothing there any more; with the last one the channel is taken down. Safe to repeat."""
        holder = self._contacts.one(NOBODY, _place(mark))
        self._contacts.drop(user_id, _place(mark))
        if holder and holder.facts["user_id"] == user_id:
            self._contacts.drop(NOBODY, _place(mark))
        if not self.of(user_id):
            self._hearing.take_down(user_id, Channel.PUSH)

    def forget_those(self, user_id: int, gone: Callable[[Browser], bool]) -> None:
        """Those of a person of which it is true."""
        for browser in self.of(user_id):
            if gone(browser):
                self.forget(user_id, browser.mark)

    def reached(self, browser: Browser, now: datetime) -> None:
        """Its push service took a notice."""
        if browser.failing_since or now - browser.used_at >= USED_EVERY:
            self._note(replace(browser, used_at=now, failing_since=None))

    def failed(self, browser: Browser, now: datetime) -> bool:
        """Its push service took nothing. Whether a notice should wait for it; one down for weeks is forgotten."""
        since = browser.failing_since
        if since is None:
            self._note(replace(browser, failing_since=now))
        elif now - since >= LONGEST_DOWN:
            self.forget(browser.user_id, browser.mark)
        return since is None or now - since < LONGEST_FAILING

    def _note(self, browser: Browser) -> None:
        self._contacts.renew(_contact(browser))

    def _take_from_others(self, user_id: int, mark: str) -> None:
        holder = self._contacts.one(NOBODY, _place(mark))
        if holder and holder.facts["user_id"] != user_id:
            self.forget(holder.facts["user_id"], mark)

    def _all(self, user_id: int) -> list[Browser]:
        found = [_browser(contact) for contact in self._contacts.of(user_id) if contact.place.startswith(_PREFIX)]
        return sorted(found, key=lambda browser: browser.used_at, reverse=True)

    def _tell(self, user_id: int, browser: Browser, now: datetime) -> None:
        unit = self._store.unit()
        unit.emit(BrowserAdded(f"browser:{user_id}:{browser.mark}:{stamp(now)}", now, user_id, browser.device))
        unit.commit()


def _place(mark: str) -> str:
    return f"{_PREFIX}{mark}"


def _contact(browser: Browser) -> Contact:
    facts = {
        "endpoint": browser.address.endpoint,
        "key": to_text(browser.address.key),
        "secret": to_text(browser.address.secret),
        "device": browser.device,
        "used_at": browser.used_at.isoformat(),
        "failing_since": browser.failing_since.isoformat() if browser.failing_since else None,
        "session": browser.session,
    }
    return Contact(browser.user_id, _place(browser.mark), facts, browser.since)


def _browser(contact: Contact) -> Browser:
    facts = contact.facts
    failing = facts["failing_since"]
    return Browser(
        user_id=contact.user_id,
        address=PushAddress(facts["endpoint"], to_bytes(facts["key"]), to_bytes(facts["secret"])),
        device=facts["device"],
        since=contact.since,
        used_at=datetime.fromisoformat(facts["used_at"]),
        failing_since=datetime.fromisoformat(failing) if failing else None,
        session=facts.get("session", ""),
    )
