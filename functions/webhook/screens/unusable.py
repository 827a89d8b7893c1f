"""What people send that no question waits for and that is no word to search for: a photo, a voice message, a forwarded
post. Each is answered with what would be right, an album once.
"""

from __future__ import annotations

from starbid.telegram import keyboards
from starbid.telegram.keyboards import Row
from starbid.telegram.updates import Form, Said
from webhook import albums
from webhook.conversation import Conversation
from webhook.screens import delivering, menu, parcels
from webhook.screens.open_drafts import going_on


def answer(chat: Conversation, said: Said) -> None:
    """Say what it is good for, or what to send in its place."""
    if not albums.is_first(chat, "unasked", said.album):
        return
    if parcels.file_of(said) and delivering.came_late(chat):
        return
    words = _words(chat, said)
    if words is None:
        menu.unknown(chat)
        return
    chat.prompt(words, *_ways_on(chat, said))


def _words(chat: Conversation, said: Said) -> str | None:
    """None for what we do not know."""
    _ = chat.words._
    if said.is_forwarded:
        return _("I do nothing with forwarded messages. To find a lot, write what you are looking for.")
    if said.photo:
        return _(
            "Photos belong to a lot, to a dispute or to a question to support. Start there, and I will ask for them."
        )
    if said.form is None and said.document:
        return _("Files belong to a deal or to a question to support. Start there, and I will ask for them.")
    match said.form:
        case Form.SOUND:
            return _("I cannot listen to voice messages or music. Write what you are looking for.")
        case Form.FILM:
            return _("I cannot watch videos. Write what you are looking for; to sell, photos are enough.")
        case Form.STICKER:
            return _("I read only words, so this sticker is lost on me. Write what you are looking for.")
        case Form.PLACE:
            return _("I need not know where you are. An address is asked for once you have won a lot that is sent.")
        case Form.CONTACT:
            return _("I need no phone numbers: buyer and seller talk through Starbid. Write what you are looking for.")
        case Form.POLL:
            return _("I do not vote. Write what you are looking for.")
        case _:
            return None


def _ways_on(chat: Conversation, said: Said) -> tuple[Row, ...]:
    _, go = chat.words._, keyboards.go
    lots, deals = go(_("Live lots"), "auctions"), go(_("My lots and deals"), "my")
    if said.is_forwarded:
        return ((lots,),)
    if said.photo:
        return (*going_on(chat), (go(_("Sell"), "sell"), deals), (go(_("Support"), "support"),))
    if said.form is None:
        return ((deals, go(_("Support"), "support")),)
    return ((lots, deals),)
