"""What the two sides of a deal have written to each other: `dm:list:<lot>`, a page of it `dm:list:<lot>:<below>` (0 for
the newest), the photos of a message `dm:pics:<lot>:<number>`.
"""

from __future__ import annotations

from collections.abc import Sequence

from starbid.domain import careful, talks
from starbid.domain.talks import Message, NoSuchMessage
from starbid.services.ports import Rejected
from starbid.services.views import LotView
from starbid.talk_words import careful_line
from starbid.telegram import keyboards
from starbid.telegram.html import MAX_TEXT, escape, parsed_units, title
from starbid.telegram.keyboards import Button, Row
from webhook import callback_data
from webhook.conversation import Conversation, patiently
from webhook.log import log
from webhook.screens.about_lot import deal_of, view_of

_IN_A_ROW = 3


def show(chat: Conversation, auction_id: str, rest: list[str]) -> None:
    """As many as one message of the bot has room for, the newest last. A page takes the place of another one."""
    below = callback_data.number(callback_data.parts(rest, 1)[0]) if rest else None
    view = view_of(chat, auction_id)
    deal_of(view)
    found = chat.app.talking.messages(chat.person.id, auction_id, chat.now, below=below or None)
    head = chat.words._("Messages about “{title}”", title=title(view.lot.card.title, chat.words))
    text, shown = _page(chat, view, f"<b>{head}</b>", found)
    rows = [*_photo_rows(chat, auction_id, shown), _paging(chat, auction_id, shown, below), _ways(chat, view)]
    if below is None:
        chat.prompt(text, *rows)
    else:
        chat.show(text, *rows)


def photos(chat: Conversation, auction_id: str, rest: list[str]) -> None:
    """Of one message."""
    number = callback_data.number(callback_data.parts(rest, 1)[0])
    message = chat.app.talking.message(chat.person.id, auction_id, number, chat.now)
    data = chat.app.talking.photos(auction_id, message, chat.now)
    if not data:
        raise NoSuchMessage
    caption = chat.words._("Photos of message {n}", n=number)
    try:
        patiently(lambda: chat.app.bot.send_photos(chat.chat_id, data, caption))
    except Rejected as refused:
        log().warning("photos of a message were not sent: %s", refused)
        chat.say(chat.words._("These photos could not be sent."), back=False)
        return
    chat.said = True


def _page(chat: Conversation, view: LotView, head: str, found: Sequence[Message]) -> tuple[str, list[Message]]:
    """The newest of `found` that fit; all of their words, the oldest first."""
    if not found:
        return f"{head}\n{chat.words._('Nothing here yet.')}", []
    room, shown, parts = MAX_TEXT - parsed_units(head), list[Message](), list[str]()
    for message in found:
        part = f"\n\n{_entry(chat, view, message)}"
        room -= parsed_units(part)
        if room < 0 and shown:
            break
        shown.append(message)
        parts.append(part)
    return head + "".join(reversed(parts)), shown


def _entry(chat: Conversation, view: LotView, message: Message) -> str:
    words, is_own = chat.words, message.by_buyer == view.is_buyer
    if is_own:
        who = words._("You")
    else:
        who = words._("The buyer") if message.by_buyer else words._("The seller")
    lines = [f"{message.number}. <b>{who}</b> · {words.moment(message.at)}"]
    if message.pictures:
        lines.append(words.ngettext("{n} photo", "{n} photos", len(message.pictures)))
    lines += [escape(message.text)] if message.text else []
    if not is_own and careful.leads_away(message.text):
        lines.append(f"<b>{careful_line(words)}</b>")
    return "\n".join(lines)


def _photo_rows(chat: Conversation, auction_id: str, shown: Sequence[Message]) -> list[Row]:
    with_photos = [
        Button(chat.words._("Photos of message {n}", n=message.number), f"dm:pics:{auction_id}:{message.number}")
        for message in reversed(shown)
        if any(message.shows(name, chat.now) for name in message.pictures)
    ]
    return [tuple(with_photos[at : at + _IN_A_ROW]) for at in range(0, len(with_photos), _IN_A_ROW)]


def _paging(chat: Conversation, auction_id: str, shown: Sequence[Message], below: int | None) -> Row:
    row = []
    if shown and shown[-1].number > 1:
        row.append(Button(chat.words._("Earlier messages"), f"dm:list:{auction_id}:{shown[-1].number}"))
    if below:
        row.append(Button(chat.words._("Latest messages"), f"dm:list:{auction_id}:0"))
    return tuple(row)


def _ways(chat: Conversation, view: LotView) -> Row:
    lot_id, words = view.lot.auction.id, chat.words
    opened = keyboards.lot(words._("Open the deal"), lot_id)
    if not talks.may_write(deal_of(view), chat.person.id, chat.now):
        return (opened,)
    to = words._("Write to the buyer") if view.is_seller else words._("Write to the seller")
    return keyboards.write_to(to, lot_id), opened
