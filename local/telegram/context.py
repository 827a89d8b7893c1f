"""What all parts of the stand-in share."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from local.telegram.activity import Activity
from local.telegram.deliver import Courier
from local.telegram.files import Files
from local.telegram.inline_desk import InlineDesk
from local.telegram.messages import Messages
from local.telegram.people import People, Person
from local.telegram.presses import Presses
from local.telegram.store import Store
from local.telegram.venues import Venue, Venues

PREFIX = "/_local/telegram"


@dataclass(frozen=True)
class Bot:
    """The one bot of the stand-in."""

    token: str
    username: str
    name: str

    @property
    def id(self) -> int:
        """The number before the colon of the token, as with real ones."""
        number = self.token.partition(":")[0]
        return int(number) if number.isdecimal() and len(number) < 17 else 1_000_000_001

    def user(self) -> dict[str, Any]:
        """The bot as a Bot API `User`."""
        return {"id": self.id, "is_bot": True, "first_name": self.name, "username": self.username}


@dataclass(frozen=True)
class Context:
    """The bot, the people, their messages, and the ways in and out."""

    store: Store
    bot: Bot
    site_url: str
    now: Callable[[], datetime]
    people: People
    messages: Messages
    files: Files
    presses: Presses
    venues: Venues
    courier: Courier
    fetch: Callable[[str], bytes]
    checkouts: threading.Condition
    checkout_seconds: float = 10.0
    operators: frozenset[int] = frozenset()
    activity: Activity = field(default_factory=Activity)
    inline: InlineDesk = field(default_factory=InlineDesk)

    def timestamp(self) -> int:
        """The present time of the local run in Unix seconds."""
        return int(self.now().timestamp())

    def shown_bot(self) -> dict[str, Any]:
        """The bot and its site, as the pages need them."""
        return {"username": self.bot.username, "name": self.bot.name, "site_url": self.site_url}

    def say_as(self, person: Person, content: dict[str, Any], extra: dict[str, Any] | None = None) -> dict[str, Any]:
        """A message from a person to the bot, kept and sent on to the webhook."""
        body = {"from": person.user(), "chat": person.chat(), "date": self.timestamp(), **content}
        with self.store.transaction():
            if not (person.started and person.reachable):
                self.people.meet(person.id)
            kept = self.messages.add(person.id, body, extra)
            self.courier.send(person.id, "message", kept)
        return kept

    def report_as_bot(self, person: Person, content: dict[str, Any], extra: dict[str, Any]) -> None:
        """A message of the bot's own that the webhook receives.

        Of outgoing messages the Bot API passes on only such ones.
        """
        with self.store.transaction():
            self.courier.send(person.id, "message", self.say_as_bot(person, content, extra))

    def say_as_bot(
        self, person: Person, content: dict[str, Any], extra: dict[str, Any] | None = None
    ) -> dict[str, Any]:
        """A message from the bot to a person; the Bot API `Message`."""
        is_channel = isinstance(person, Venue) and person.is_channel
        author = {"sender_chat": person.chat()} if is_channel else {"from": self.bot.user()}
        kept = self.messages.add(
            person.id, {**author, "chat": person.chat(), "date": self.timestamp(), **content}, extra
        )
        self.activity.clear(person.id)
        return kept
