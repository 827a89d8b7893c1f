"""Everything else: alarms, queues, messages, pictures."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from starbid.domain.channels import Channel
from starbid.domain.delivered_files import DeliveredFile
from starbid.domain.events import AnyEvent
from starbid.domain.lots import Lot
from starbid.domain.people import Person
from starbid.services.ports.chats import ShownCard

Clock = Callable[[], datetime]
"""Tells the time: aware, UTC, whole milliseconds."""


class Pace(Protocol):
    """The time of those who wait."""

    def now(self) -> datetime:
        """As `Clock` tells it."""

    def elapsed(self) -> float:
        """Seconds since some moment; no clock moves it."""

    def sleep(self, seconds: float) -> None: ...


class Scheduler(Protocol):
    """Wakes functions later; late by up to a minute, twice or never is all possible: the sweep covers it."""

    def close_at(self, auction_id: str, at: datetime) -> None: ...

    def close_in(self, auction_id: str, seconds: int) -> None:
        """To the second, by a delayed message; at most 900."""

    def drain_in(self, auction_id: str, seconds: int) -> None:
        """Decide what waits on the lot by then, by a delayed message; at most 900."""

    def advance_deal_at(self, auction_id: str, at: datetime) -> None: ...

    def look_at_bill(self, bill_id: str, until: datetime) -> None:
        """Ask about a bill every minute, until some time after `until`. One schedule a bill."""

    def forget_bill(self, bill_id: str) -> None:
        """It has ended: nothing is asked about it every minute any more. Safe to repeat."""

    def compare_at(self, at: datetime) -> None:
        """Compare with Telegram's list soon after `at`. The daily comparison covers it."""

    def do_again(self, name: str, job: str, at: datetime, *, is_payment: bool) -> None:
        """Call the payments function, or the closer, with the JSON of a job; once for each name. Raises Unavailable."""

    def remind_at(self, auction_id: str, at: datetime) -> None:
        """Tell those who watch the lot that it ends soon. No sweep covers this: raises Unavailable."""

    def tell_start_at(self, auction_id: str, at: datetime) -> None:
        """Tell those who watch the lot that it has begun. No sweep covers this: raises Unavailable."""

    def wake_at(self, user_id: int, at: datetime) -> None:
        """Tell a person what waited for the end of their quiet hours. No sweep covers this: raises Unavailable."""


@dataclass(frozen=True, slots=True)
class Notice:
    """Something one person is told. `id` is unique per telling. `facts` is JSON: what the words need."""

    id: str
    user_id: int
    kind: str
    auction_id: str | None
    facts: dict[str, Any]


class TryLater(Exception):
    """The receiver cannot take it now; try again in `seconds` (a 429's `retry_after`)."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"in {seconds} s")
        self.seconds = seconds


class ToldInPart(TryLater):
    """Some of a person's receivers have it, and others could not take it."""


class OutOfOrder(TryLater):
    """The receiver is not there, fails, or shuts us out for long: an operator should hear of it where it lasts."""


class Crowded(TryLater):
    """Others go first: no trouble, however long it lasts."""


class Paced(Crowded):
    """The bot, or the chat, has had its calls of this moment (services.call_pace)."""


class NextInLine(Paced):
    """The chat has had its call of this moment, and the next one is kept for who comes again in `seconds`."""


class Unreachable(Exception):
    """The person blocked the bot or deleted the account."""


class Rejected(Exception):
    """Telegram will not do this, now or later; the message is its own reason."""


@dataclass(frozen=True, slots=True)
class Spot:
    """Where in a chat a message goes, and how: into a topic, as a reply to another message, without a sound."""

    thread: int | None = None
    reply_to: int | None = None
    silent: bool = False


BELOW = Spot()
"""As the last message of a chat."""


class Messenger(Protocol):
    """Tells people things. Every method may raise TryLater or Unreachable."""

    def tell(self, person: Person, notice: Notice, lot: Lot | None, spot: Spot = BELOW) -> int | None:
        """A new message; answers its number in the chat, None where that is not known. Raises Rejected."""

    def headline(self, person: Person, notice: Notice, lot: Lot | None) -> str:
        """What it says first: one line of HTML, about half a thousand characters at most. Tells nobody anything."""

    def photos(self, chat_id: int, photos: Sequence[bytes], spot: Spot = BELOW) -> None:
        """1 to 10 pictures as one album. Raises Rejected."""

    def files(self, chat_id: int, files: Sequence[DeliveredFile]) -> None:
        """1 to 10 files that Telegram has and shows together (domain.delivered_files). Raises Rejected."""

    def file(self, chat_id: int, data: bytes, name: str) -> None:
        """A file that Telegram does not have. Raises Rejected."""

    def open_topic(self, chat: Person, name: str) -> int | None:
        """A new topic of a chat that is a forum; None where it has none, or the bot may not."""

    def edit(self, person: Person, notice: Notice, lot: Lot | None, message_id: int) -> bool:
        """Tell it in the place of an earlier message; one that says the same is no error. False where it is gone, or
        never to be edited.
        """

    def redraw(self, person: Person, lot: Lot, card: ShownCard) -> bool:
        """Edit a card in place; one that shows the same is no error. False where it is gone, or never to be edited."""


class PreparedMessages(Protocol):
    """Messages that Telegram keeps for a person, to be sent on from the Mini App."""

    def prepare(self, person: Person, lot: Lot, file_id: str | None, now: datetime) -> str:
        """A lot as anybody may see it, in the person's language; `file_id` is Telegram's of its picture. Answers the id
        under which they send it. Raises TryLater, Unreachable, Rejected.
        """


@dataclass(frozen=True, slots=True)
class Audience:
    """Who has not been told of an event yet: who bid below that number, or who watches after that mark."""

    bidders_below: int | None = None
    watchers_after: str | None = None


class Outgoing(Protocol):
    """The queues before the sender: one for notices, and one for cards and posts, behind which no notice waits."""

    def send(self, notices: Iterable[Notice]) -> None: ...

    def send_further(self, notice: Notice, channel: Channel) -> None:
        """For a further channel."""

    def tell_rest(self, event: AnyEvent, audience: Audience) -> None:
        """Tell an event to many, step by step."""

    def tell_finders(self, auction_id: str, steps: Iterable[tuple[str, str]]) -> None:
        """Tell of a new lot those whose searches it fits: a step each for a place where they are filed, and the mark in
        it that it begins behind (services.searches).
        """

    def refresh_cards(self, auction_id: str, version: int) -> None:
        """Cards and posts of this lot show an old price; edit them."""

    def wake_cards(self, auction_id: str, at: datetime, seconds: int) -> None:
        """In `seconds` (at most 900), edit the cards of this lot that show an old price at `at`."""

    def wake_posts(self, auction_id: str, seconds: int) -> None:
        """In `seconds` (at most 900), edit the posts of this lot that are old then."""

    def show_lot(self, auction_id: str, steps: Iterable[tuple[str, str]]) -> None:
        """Post a new lot in all showcases that show it: a step each for a place where they are filed, and the mark in
        it that it begins behind (services.showcases.posting).
        """

    def post_lot(self, auction_id: str, chats: Iterable[int]) -> None:
        """Post a lot in these showcases, a message for each."""

    def postpone(self, receipt_handle: str, seconds: int, queue: str) -> None:
        """Let a message that was received from the queue of this name come again in `seconds`."""


UPLOAD_LIFE = timedelta(days=2)
"""How long an upload is kept that nobody has looked at. The template's rule for the bucket says the same."""
DRAFT_LIFE = timedelta(days=30)
"""How long a decoded picture is kept that no lot refers to: as long as the form that it belongs to. The template's rule
says the same.
"""
LOT_SIZES = ("small", "medium", "large")
PICTURE_VARIANTS = (*LOT_SIZES, *(f"{size}.webp" for size in LOT_SIZES))
"""Of a picture of a lot. Those that were taken in by an earlier version have no WebP."""
EVIDENCE_SIZES = ("small", "large")
Decode = Callable[[Sequence[bytes]], Sequence[Mapping[str, bytes]]]
"""Pictures in their sizes, without anything but their pixels. Raises Invalid for all of them where one is at fault."""


class Pictures(Protocol):
    """Stored pictures. `name` is one of PICTURE_VARIANTS.

    An upload is a file as it came. A draft has been decoded; both are their owner's alone, and expire. A linked picture
    is everybody's, until it is unlinked. Evidence is what a side of a dispute shows: it expires, and who may see it is
    for those to say who ask for it.
    """

    def upload_form(self, user_id: int, now: datetime) -> dict[str, Any]:
        """A presigned POST: `{"url", "fields", "key"}`, 5 MB at most."""

    def keep_upload(self, user_id: int, data: bytes, now: datetime) -> str:
        """Put a file aside that came with a form; answers its key, as of an upload by the browser."""

    def fetch_upload(self, user_id: int, key: str, now: datetime) -> bytes:
        """What was uploaded; raises Invalid where it is not this person's, missing, expired or too large."""

    def save_draft(self, user_id: int, picture_id: str, sizes: Mapping[str, bytes], now: datetime) -> None: ...

    def load_draft(self, user_id: int, picture_id: str, name: str, now: datetime) -> bytes | None: ...

    def drafts_among(self, user_id: int, picture_ids: Iterable[str], now: datetime) -> frozenset[str]:
        """Those of the ids that are drafts of this person and have not expired."""

    def link(self, user_id: int, picture_ids: Iterable[str]) -> frozenset[str]:
        """Make drafts of this person linked pictures, under the same ids; answers those that are not there."""

    def unlink(self, user_id: int, picture_ids: Iterable[str], now: datetime) -> None:
        """Make linked pictures drafts of this person again, which expire. What is not linked is passed over."""

    def load(self, picture_id: str, name: str) -> bytes | None:
        """A linked picture."""

    def save_evidence(self, auction_id: str, picture_id: str, sizes: Mapping[str, bytes]) -> None:
        """`sizes` are those of EVIDENCE_SIZES. Saved again, it is the same."""

    def load_evidence(self, auction_id: str, picture_id: str, name: str) -> bytes | None: ...

    def save_ticket_photo(self, person_id: int, picture_id: str, sizes: Mapping[str, bytes]) -> None:
        """Of a ticket of this person's, from either side: it expires as evidence does, and who may see it is for those
        to say who ask for it.
        """

    def load_ticket_photo(self, person_id: int, picture_id: str, name: str) -> bytes | None: ...

    def save_talk_photo(self, auction_id: str, picture_id: str, sizes: Mapping[str, bytes]) -> None:
        """What a side of a deal sent to the other one: it expires as evidence does, and who may see it is for those to
        say who ask for it.
        """

    def load_talk_photo(self, auction_id: str, picture_id: str, name: str) -> bytes | None: ...
