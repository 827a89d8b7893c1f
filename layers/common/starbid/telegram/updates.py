"""What incoming updates say. `reading.py` reads them."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from starbid.domain.renewals import RenewalState
from starbid.domain.showcases import Venue
from starbid.telegram.attached import Document, Media, Photo
from starbid.telegram.keyboards import Keyboard


@dataclass(frozen=True, slots=True)
class Sender:
    """The person behind an update."""

    id: int
    name: str
    username: str | None
    language_code: str | None


class Form(Enum):
    """What a message is that has neither words of its own nor a photo nor a plain file. OTHER: nothing that we know."""

    SOUND = "sound"
    FILM = "film"
    STICKER = "sticker"
    PLACE = "place"
    CONTACT = "contact"
    POLL = "poll"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Said:
    """A message to the bot. `text` is a caption where `is_text` is false, and empty where there is none (a sticker).

    `media` is a video, an animation or audio; an animation is a `document` as well.
    `reply_to` is the id of the message that it answers, `reply_data` what the buttons of that one carry. The messages
    of one `album` are several updates, of which one at most has a caption as a rule; `message_id` puts them in order.
    `form` is None for a text, a photo and a file; a GIF is both, a file and a FILM. `is_forwarded`: somebody else said
    it, somewhere else.
    """

    sender: Sender
    text: str
    is_text: bool = True
    reply_to: int | None = None
    photo: Photo | None = None
    document: Document | None = None
    album: str | None = None
    message_id: int = field(default=0, compare=False)
    reply_data: tuple[str, ...] = ()
    form: Form | None = None
    is_forwarded: bool = False
    media: Media | None = None


@dataclass(frozen=True, slots=True)
class Pressed:
    """A button was pressed. `message_id` is None where the message can no longer be edited.

    `has_no_text` holds for every message without a text: it cannot be edited as one.
    `keyboard` has all buttons below the message. `slides` are Telegram's ids of the photos in a rich message; None in
    any other.
    """

    sender: Sender
    query_id: str
    data: str
    message_id: int | None
    has_no_text: bool
    keyboard: Keyboard = ()
    slides: tuple[str, ...] | None = None

    @property
    def buttons(self) -> tuple[tuple[str, str], ...]:
        """(text, data) of all that carry data."""
        return tuple((one.text, one.data) for row in self.keyboard for one in row if one.data is not None)


@dataclass(frozen=True, slots=True)
class InGroup:
    """Something said in a group, or pressed in a group or channel; `thread` is the topic of a forum. Which of them are
    spoken to is not decided here.
    """

    chat_id: int
    thread: int | None
    content: Said | Pressed


@dataclass(frozen=True, slots=True)
class Called:
    """A group calls the bot: somebody wrote `/connect`, or added it by a link. Who did is not told here: an admin may
    be anonymous, or write as a channel. `thread` is the topic of a forum, `language_code` that of the one who wrote.
    """

    chat_id: int
    thread: int | None
    language_code: str | None


@dataclass(frozen=True, slots=True)
class Placed:
    """The bot's place in a group or channel has changed. `sender` changed it, None where that is nobody we know;
    `is_there` is false where it was sent away, `is_new` true where it was not there before.
    """

    venue: Venue
    sender: Sender | None
    is_there: bool
    is_new: bool


@dataclass(frozen=True, slots=True)
class Migration:
    """The group `old` has become the supergroup `new`."""

    old: int
    new: int


@dataclass(frozen=True, slots=True)
class InlineQuery:
    """Somebody types the bot's name and words in any chat. `place`: where the list that they scroll goes on, "" at its
    beginning.
    """

    sender: Sender
    query_id: str
    text: str
    place: str


@dataclass(frozen=True, slots=True)
class PreCheckout:
    """Telegram asks whether a payment may go through. `amount` in minor units."""

    sender: Sender
    query_id: str
    currency: str
    amount: int
    payload: str


@dataclass(frozen=True, slots=True)
class Paid:
    """A payment went through. A renewal's is of an invoice that was paid before."""

    sender: Sender
    charge_id: str
    currency: str
    amount: int
    payload: str


@dataclass(frozen=True, slots=True)
class Refunded:
    """A payment was given back. `payer` is None where the message names nobody: then only the charge tells whose."""

    payer: Sender | None
    charge_id: str
    currency: str
    amount: int
    payload: str


@dataclass(frozen=True, slots=True)
class Renewed:
    """A subscription that Telegram renews is `active` again, `canceled`, or its payment `failed`."""

    sender: Sender
    payload: str
    state: RenewalState


@dataclass(frozen=True, slots=True)
class Connected:
    """A person connected the bot to their account, or changed or ended that. `connection_id` is empty where it gives no
    sight of their Stars.
    """

    sender: Sender
    connection_id: str


@dataclass(frozen=True, slots=True)
class Stopped:
    """The person wants no more of what is being written in a draft."""

    sender: Sender
    draft_id: int


@dataclass(frozen=True, slots=True)
class Membership:
    """The person blocked the bot, or did something in its chat that says no more than that they let it in."""

    sender: Sender
    blocked: bool


@dataclass(frozen=True, slots=True)
class Unreadable:
    """About money, and not as Telegram tells it: somebody has to look. `kind` is the field's name."""

    kind: str


@dataclass(frozen=True, slots=True)
class Unknown:
    """Nothing for us."""


Content = (
    Said
    | Pressed
    | InGroup
    | Called
    | Placed
    | Migration
    | InlineQuery
    | PreCheckout
    | Paid
    | Refunded
    | Renewed
    | Connected
    | Stopped
    | Membership
    | Unreadable
    | Unknown
)


@dataclass(frozen=True, slots=True)
class Update:
    """`id` is None where it is missing or no number."""

    id: int | None
    content: Content
