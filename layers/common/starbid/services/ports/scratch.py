"""Small records that may vanish: a port for each use. `now` tells which of them are over."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from starbid.domain.criteria import Looking
from starbid.domain.payouts import Wish
from starbid.services.ports.allowances import Allowances
from starbid.services.ports.outside import Notice


class Claims(Protocol):
    """Who is at a piece of work, and whether it was done; `claiming.claimed` is how to use it."""

    def claim(self, key: str, seconds: int, now: datetime) -> bool:
        """True for the first caller within `seconds`, until `finish` or `forget`; False for everybody else."""

    def finish(self, key: str, seconds: int, now: datetime) -> None:
        """The claimed work is done: it stays claimed for `seconds`."""

    def finished(self, key: str) -> bool: ...

    def forget(self, key: str) -> None:
        """Give a claim back, so that the next caller gets it."""


@dataclass(frozen=True, slots=True)
class Heard:
    """What somebody sent to the bot: a `command`, `button`, `text`, `photo`, `file` or `other`, and the bot's own name
    of the command or button; "" for one that it does not have. Never what was written.
    """

    user_id: int
    form: str
    command: str = ""


class Receipts(Claims, Protocol):
    """Claims on what may be delivered again, which keep in mind when it first came; `claiming.received` uses them."""

    def receive(self, key: str, lease: int, keep: int, at: datetime, now: datetime) -> datetime | None:
        """Claim what came at `at` for `lease` seconds. For the caller who gets it, the moment at which it first came to
        one who got it: `at`, unless one is in mind. None for everybody else. It is in mind for `keep` seconds after the
        last claim, or until `finish` or `forget`.
        """

    def finish_heard(self, key: str, seconds: int, now: datetime, heard: Heard, first: datetime) -> None:
        """As `finish`; the record also tells the event log what it was, and when it `first` came."""

    def give_back(self, key: str, now: datetime) -> None:
        """As `forget`, but the moment stays in mind. Nothing changes where nothing was received."""


class Counters(Protocol):
    """Numbers that begin at 0."""

    def count(self, key: str, number: int, most: int, seconds: int, now: datetime) -> bool:
        """Add to a number, which may be forgotten `seconds` after the last addition. False, and nothing is added, where
        it would become more than `most`. A negative `number` gives back. An addition whose answer is lost is made again
        and may count twice: good for limits, not for money.
        """


class BotRest(Protocol):
    """Until when the bot calls Telegram for nobody, as Telegram has asked for."""

    def begin(self, until: datetime, now: datetime) -> None: ...

    def until(self, now: datetime) -> datetime | None:
        """None where it does not rest."""

    def keep_for_news(self, chat_id: int, seconds: int, now: datetime) -> None:
        """News waits for the next call of the chat: what is no news lets it go first, for so long at most."""

    def is_kept_for_news(self, chat_id: int, now: datetime) -> bool: ...


class Records(Receipts, Counters, Allowances, Protocol):
    """Records of any kind, by key, or by group and member. A value is JSON. A claim stands where a record of its key
    would, so `forget` takes away either.
    """

    def take(self, key: str, owner: str, seconds: int, now: datetime) -> bool:
        """Like `claim`, and True for the first `owner` as often as it asks: one that died goes on with it."""

    def put(self, key: str, value: dict[str, Any], seconds: int, now: datetime) -> None: ...

    def get(self, key: str, now: datetime) -> dict[str, Any] | None: ...

    def put_member(self, group: str, member: str, value: dict[str, Any], seconds: int, now: datetime) -> None: ...

    def member(self, group: str, member: str, now: datetime) -> dict[str, Any] | None: ...

    def members(self, group: str, now: datetime) -> dict[str, dict[str, Any]]: ...

    def exchange_member(
        self, group: str, member: str, known: dict[str, Any], value: dict[str, Any], seconds: int, now: datetime
    ) -> bool:
        """Put a value in the place of the one that is known; False, and nothing changes, where another stands there."""

    def drop_member(self, group: str, member: str) -> None: ...


LOGIN_SECONDS = 600


@dataclass(frozen=True, slots=True)
class LoginAttempt:
    """A login that began in a browser: the SHA-256 of that browser's secret, and what the person is shown."""

    browser: str
    device: str
    began_at: datetime


@dataclass(frozen=True, slots=True)
class GivenPin:
    """The six digits that the bot gave, and to whom."""

    pin: str
    person_id: int


class LoginAttempts(Protocol):
    """Attempts by the code of their link. All that is known of one is forgotten LOGIN_SECONDS after it was told."""

    def begin(self, code: str, attempt: LoginAttempt, now: datetime) -> None: ...

    def find(self, code: str, now: datetime) -> LoginAttempt | None: ...

    def refuse(self, code: str) -> None:
        """It is not found any more."""

    def give_pin(self, code: str, given: GivenPin, now: datetime) -> bool:
        """True for the first PIN; another one changes nothing."""

    def given_pin(self, code: str, now: datetime) -> GivenPin | None: ...

    def use_up(self, code: str, now: datetime) -> bool:
        """True for the first."""


Moved = tuple[int, int]
"""How many movements of Stars there were of a kind, and how many nanostars they moved."""


@dataclass(frozen=True, slots=True)
class ReconciledPlace:
    """How far Telegram's list was compared: `number` transactions, the last of which was `last`; all before `until`.

    `others` are the movements that are no payments, by kind and direction, since the beginning of the list.
    """

    number: int = 0
    last: str = ""
    until: datetime | None = None
    others: Mapping[str, Moved] = field(default_factory=dict)


class ReconciledPlaces(Protocol):
    """How far the comparison with Telegram came; kept for longer than it can stand still unseen."""

    def find(self, now: datetime) -> ReconciledPlace | None: ...

    def keep(self, place: ReconciledPlace, now: datetime) -> None: ...


class FileIds(Protocol):
    """Telegram's ids of pictures that it has, for a month. None as the picture is the drawing for lots without one."""

    def find(self, picture_id: str | None, now: datetime) -> str | None: ...

    def keep(self, picture_id: str | None, file_id: str, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class BrowsedList:
    """The lots that a chat pages through, where the list goes on (None at the end), and what it is a list of."""

    ids: tuple[str, ...]
    cursor: str | None
    looking: Looking = field(default_factory=Looking)


class Mutes(Protocol):
    """Lots of which a person wants to hear only what concerns their money and their deal."""

    def put(self, person_id: int, auction_id: str, until: datetime, now: datetime) -> None: ...

    def drop(self, person_id: int, auction_id: str) -> None:
        """Nothing changes where it is not muted."""

    def is_muted(self, person_id: int, auction_id: str, now: datetime) -> bool:
        """Consistent."""


class BrowsedLists(Protocol):
    """Of each person the list as it was when paging began, for an hour after it grew."""

    def find(self, person_id: int, now: datetime) -> BrowsedList | None: ...

    def keep(self, person_id: int, browsed: BrowsedList, now: datetime) -> None: ...


@dataclass(frozen=True, slots=True)
class SellDraft:
    """The form of a lot as its seller has filled it in so far, on the site or in the chat: `fields` as they stand in
    it, `pictures` that were accepted, `uploads` that were received. `request_id` is that of the form: what comes of it
    is put up once. `lot`: the one that is edited, from its words of `card_version` on; empty for a new one.

    `unseen`: pictures that came in the chat and that no form has shown yet, with the numbers of their messages.
    """

    request_id: str
    fields: Mapping[str, str]
    pictures: tuple[str, ...]
    uploads: tuple[str, ...]
    saved_at: datetime
    lot: str = ""
    unseen: Mapping[str, int] = field(default_factory=dict)
    card_version: int = 0

    @property
    def id(self) -> str:
        """For links and buttons: the request itself where that is plain enough."""
        return draft_id(self.request_id)


_PLAIN = re.compile(r"(e\.)?[a-z0-9]{1,32}")


def is_draft_id(text: str) -> bool:
    return bool(_PLAIN.fullmatch(text))


def draft_id(request_id: str) -> str:
    """A browser may have made the request: what is no plain text is named by its digest."""
    return request_id if is_draft_id(request_id) else hashlib.sha256(request_id.encode()).hexdigest()[:32]


@dataclass(frozen=True, slots=True)
class WaitingNotice:
    """A notice that waits for the end of quiet hours, under the subject of which it is the newest."""

    subject: str
    notice: Notice
    since: datetime


class WaitingNotices(Protocol):
    """What waits for people, for some days at most."""

    def put(self, user_id: int, subject: str, notice: Notice, now: datetime) -> None:
        """In the place of what waits under this subject."""

    def of(self, user_id: int, now: datetime) -> list[WaitingNotice]:
        """The oldest first."""

    def drop(self, user_id: int, subject: str) -> None:
        """Nothing changes where there is none."""


class SellDrafts(Protocol):
    """The drafts of a person, each for 30 days after it was kept. Consistent."""

    def all(self, person_id: int, now: datetime) -> tuple[SellDraft, ...]:
        """The newest first."""

    def one(self, person_id: int, draft_id: str, now: datetime) -> SellDraft | None: ...

    def keep(self, person_id: int, draft: SellDraft, now: datetime) -> None:
        """In the place of whatever its request has kept."""

    def exchange(self, person_id: int, known: SellDraft, draft: SellDraft, now: datetime) -> bool:
        """Another word of the same request; False, and nothing changes, where another than the known one is kept."""

    def drop(self, person_id: int, draft_id: str) -> None:
        """Whatever is there."""


@dataclass(frozen=True, slots=True)
class Publication:
    """A lot that is put up once its money is there, as its seller confirmed it: the `fields` that `read_draft` takes,
    and `pictures` that are drafts of theirs. `form` is a mark of all that was typed.
    """

    fields: Mapping[str, object]
    pictures: tuple[str, ...]
    form: str


class Publications(Protocol):
    """By the order of the money, for two days."""

    def find(self, order_id: str, now: datetime) -> Publication | None: ...

    def keep(self, order_id: str, publication: Publication, now: datetime) -> None: ...


class PayoutWishes(Protocol):
    """What somebody is asked to confirm in the chat before it is a payout: by person and request, for a day."""

    def find(self, person_id: int, request_id: str, now: datetime) -> Wish | None: ...

    def keep(self, person_id: int, request_id: str, wish: Wish, now: datetime) -> None: ...

    def drop(self, person_id: int, request_id: str) -> None: ...


class PhotosAside(Protocol):
    """Photos of a dispute whose words are yet to come: by person and lot, for a day."""

    def keep(self, person_id: int, auction_id: str, picture_id: str, number: int, now: datetime) -> None:
        """`number` puts them in order."""

    def of(self, person_id: int, auction_id: str, now: datetime) -> tuple[str, ...]: ...

    def drop(self, person_id: int, auction_id: str, picture_ids: Iterable[str]) -> None: ...


class Albums(Protocol):
    """Albums that people have sent, each as messages that have only its id in common: what lot they are about, for a
    day.
    """

    def begin(self, person_id: int, album: str, auction_id: str, now: datetime) -> None: ...

    def lot_of(self, person_id: int, album: str, now: datetime) -> str | None: ...
