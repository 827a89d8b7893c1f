"""Writing to the other side of a deal: `dm:say:<lot>` asks for a message, a reply to one that came is one, too.

Each question takes one message, so that nothing meant for the bot goes to somebody else. The photos of an album are one
message, whichever of them answers the question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from starbid.domain import talks
from starbid.domain.errors import Invalid, StarbidError
from starbid.services.talks.writing import Reach, Sent
from starbid.talk_words import until_line, who_reads
from starbid.telegram import keyboards
from starbid.telegram.html import escape, title
from starbid.telegram.updates import Said
from starbid.wording import refusal
from webhook import albums, asking, callback_data
from webhook.conversation import Conversation
from webhook.questions import Asked
from webhook.registry import screens
from webhook.screens import talk_history, talk_reports
from webhook.screens.about_lot import deal_of, view_of
from webhook.screens.evidence import TakesPhotos, comes_again, downloaded, file_of

_REPLY = "dm:re:"


@dataclass(frozen=True)
class AskTalk(TakesPhotos):
    """A message to the other side of the deal of `lot`."""

    name = "talk"
    lot: str

    @property
    def again(self) -> str:
        return f"dm:say:{self.lot}"


@screens.press("dm")
def press(chat: Conversation, args: list[str]) -> None:
    """`say:<lot>` and `re:<lot>` ask for a message; see also talk_history, talk_reports."""
    if len(args) < 2 or args[0] not in _VERBS:
        raise callback_data.Garbled
    _VERBS[args[0]](chat, callback_data.lot_id(args[1]), args[2:])


@screens.answer(AskTalk, takes_anything=True)
def answer_talk(chat: Conversation, question: AskTalk, said: Said) -> None:
    with _once_an_album(chat, said):
        _write(chat, question.lot, said)


def replied(chat: Conversation, said: Said) -> bool:
    """Whether it replies to something of a conversation: it goes there."""
    data = (one.removesuffix(":~") for one in said.reply_data)
    found = next((one for one in data if one.startswith(_REPLY)), None)
    if found is None:
        return False
    _take(chat, callback_data.lot_id(found.removeprefix(_REPLY)), said)
    return True


def belongs_to_album(chat: Conversation, said: Said, asked: Asked | None) -> bool:
    """Take a further photo of an album that goes to the other side of a deal. False where it is to be handled like any
    message.
    """
    auction_id = chat.app.albums.lot_of(chat.person.id, _album(said), chat.now)
    if auction_id is None:
        return False
    question = screens.question(asked) if asked and asked.is_open(chat.now) else None
    if isinstance(question, AskTalk) and question.lot == auction_id:
        return False
    _take(chat, auction_id, said)
    return True


def _ask(chat: Conversation, auction_id: str, rest: list[str]) -> None:
    callback_data.parts(rest, 0)
    view, words = view_of(chat, auction_id), chat.words
    deal = deal_of(view)
    talks.require_writing(deal, chat.person.id, chat.now)
    facts = {"title": title(view.lot.card.title, words), "most": words.number(talks.TEXT_LENGTH)}
    if view.is_seller:
        text = words._(
            "What do you want to write to the buyer of “{title}”? Send up to {most} characters, or photos with a "
            "caption. To cancel: /cancel",
            **facts,
        )
    else:
        text = words._(
            "What do you want to write to the seller of “{title}”? Send up to {most} characters, or photos with a "
            "caption. To cancel: /cancel",
            **facts,
        )
    said = f"{text}\n{who_reads(words)}{until_line(deal, words)}"
    asking.ask(chat, AskTalk(auction_id), said, (keyboards.messages(words._("Messages"), auction_id),))


def _take(chat: Conversation, auction_id: str, said: Said) -> None:
    """What answers no question. What is wrong with it is said once for an album."""
    try:
        with _once_an_album(chat, said):
            _write(chat, auction_id, said)
    except asking.MoreToCome:
        pass
    except asking.AskAgain as fault:
        chat.say(fault.text)
    except Invalid as fault:
        chat.say(escape(refusal(fault, chat.words)))


def _write(chat: Conversation, auction_id: str, said: Said) -> None:
    file_id = file_of(chat, said)
    if file_id is None and not (said.is_text and said.text.strip()):
        raise asking.AskAgain(AskTalk(auction_id).only_text(chat.words))
    talks.read_words(said.text, 1 if file_id else 0)
    album = said.album or ""
    if file_id:  # before it is fetched
        chat.app.talking.require_room(chat.person.id, auction_id, chat.turn, chat.now, album=album)
    if said.album:
        chat.app.albums.begin(chat.person.id, _album(said), auction_id, chat.now)
    if file_id:
        albums.fetching(chat, said.album)
    files = (downloaded(chat, file_id),) if file_id else ()
    with comes_again():
        sent = chat.app.talking.write(chat.person.id, auction_id, said.text, files, chat.turn, chat.now, album=album)
    chat.acted = True
    if sent.is_new:
        _confirm(chat, auction_id, sent)


def _confirm(chat: Conversation, auction_id: str, sent: Sent) -> None:
    words = chat.words
    again = keyboards.answer_to(words._("Write more"), auction_id)
    read = keyboards.messages(words._("Messages"), auction_id)
    chat.say(_sent_words(chat, sent), (again, read), (keyboards.lot(words._("Open the deal"), auction_id),))


def _sent_words(chat: Conversation, sent: Sent) -> str:
    _ = chat.words._
    match sent.reach, sent.by_buyer:
        case Reach.THERE, True:
            return _("Sent to the seller.")
        case Reach.THERE, False:
            return _("Sent to the buyer.")
        case Reach.STOPPED, True:
            return _("Not delivered: the seller has stopped the bot. They can read it once they are back.")
        case Reach.STOPPED, False:
            return _("Not delivered: the buyer has stopped the bot. They can read it once they are back.")
        case _, True:
            return _("The message is kept, but the seller cannot read or answer messages here at present.")
        case _:
            return _("The message is kept, but the buyer cannot read or answer messages here at present.")


@contextmanager
def _once_an_album(chat: Conversation, said: Said) -> Iterator[None]:
    """Of an album a refusal is said once. Raises MoreToCome for those that follow."""
    try:
        yield
    except (StarbidError, asking.AskAgain) as fault:
        if not albums.is_first(chat, "talk", said.album):
            raise asking.MoreToCome from fault
        raise


def _album(said: Said) -> str:
    """Apart from those of disputes."""
    return f"talk-{said.album}"


_VERBS: dict[str, Callable[[Conversation, str, list[str]], None]] = {
    "say": _ask,
    "re": _ask,
    "list": talk_history.show,
    "pics": talk_history.photos,
    "rp": talk_reports.report,
}
