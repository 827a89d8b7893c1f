"""What the seller hands over, and the buyer reads.

All that the seller sends is put aside and shown first: the button below it sends just this, once. Words as well: a
comment that is forwarded along with files comes before them, and looks like words that were typed.
"""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain import talks
from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deal_rules import DealStep
from starbid.domain.deals import DELIVERY_LENGTH, Deal, require_delivery
from starbid.domain.delivered_files import MAX_FILES, Parcel
from starbid.domain.errors import Invalid, NotYours
from starbid.telegram import keyboards
from starbid.telegram.card_words import deal_waits
from starbid.telegram.html import MAX_TEXT, escape, title, units
from starbid.telegram.keyboards import Row
from starbid.telegram.updates import Said
from starbid.wording import refusal
from webhook import albums, asking, callback_data, cards
from webhook.conversation import Conversation
from webhook.questions import DealQuestion
from webhook.registry import screens
from webhook.screens import parcels
from webhook.screens.about_lot import deal_of, open_button, stands, view_of


@dataclass(frozen=True)
class AskDelivery(DealQuestion):
    name, verb = "delivery", "deliver"


def ask(chat: Conversation, auction_id: str) -> None:
    """Where something waits to be sent, it is shown again."""
    view = view_of(chat, auction_id)
    deal = chat.app.store.deal(auction_id)
    require_delivery(deal, chat.person.id, chat.now)
    question = AskDelivery(auction_id, chat.pressed_on)
    waiting = chat.app.file_delivery.aside(chat.person.id, auction_id, chat.now)
    if not waiting.is_empty:
        _preview(chat, question, waiting)
        return
    facts = {
        "title": title(view.lot.card.title, chat.words),
        "most": chat.words.number(DELIVERY_LENGTH),
        "files": MAX_FILES,
    }
    if deal.is_physical:
        text = chat.words._(
            "Send the carrier and the tracking number of “{title}”, up to {most} characters. Photos or files, up to "
            "{files}, can go with it, a receipt for example. You see all of it before the buyer does, and send it with "
            "a button. Nobody else gets it.",
            **facts,
        )
        rows: tuple[Row, ...] = ((keyboards.address(chat.words, auction_id),),)
    else:
        text = chat.words._(
            "Send what the buyer of “{title}” needs: a text, code or link, up to {most} characters, and up to {files} "
            "photos, videos or files. You see all of it before the buyer does, and send it with a button. Nobody else "
            "gets it.",
            **facts,
        )
        rows = ()
    cancel = chat.words._("To cancel: /cancel")
    lines = (text, stands(chat, view), cancel)
    asking.ask(chat, question, "\n".join(lines), *rows)


@screens.answer(AskDelivery, takes_anything=True)
def answer_delivery(chat: Conversation, question: AskDelivery, said: Said) -> None:
    """Part of what the seller hands over. A file that comes when all is sent is no answer any more."""
    file = parcels.file_of(said)
    if file is None and not (said.is_text and said.text.strip()):
        raise asking.AskAgain(
            chat.words._(
                "Only text, photos, videos, audio and files work here: stickers, voice and video messages may not "
                "reach everybody. Send it as one of these, or /cancel."
            )
        )
    try:
        _put_aside(chat, question, said)
    except WrongDealState as error:
        if file and chat.app.store.deal(question.lot).is_delivered:
            raise asking.NoAnswer from error
        raise
    raise asking.MoreToCome


def _put_aside(chat: Conversation, question: AskDelivery, said: Said) -> None:
    """Nothing is handed over by it, so handled again it is the same. Raises AskAgain for what has no room."""
    number, file = said.message_id, parcels.file_of(said)
    try:
        parcel = chat.app.file_delivery.put_aside(chat.person.id, question.lot, number, file, said.text, chat.now)
    except Invalid as fault:
        so_far = chat.app.file_delivery.aside(chat.person.id, question.lot, chat.now)
        rows = parcels.rows(chat, question.lot, so_far, question.offered_in) if not so_far.is_empty else ()
        raise asking.AskAgain(escape(refusal(fault, chat.words)), *rows) from fault
    _preview(chat, question, parcel, said.album)


def _preview(chat: Conversation, question: AskDelivery, parcel: Parcel, album: str | None = None) -> None:
    """What would be sent, below what the seller has just sent. Of an album the messages after the first one change the
    preview of that one.
    """
    view = view_of(chat, question.lot)
    words, times = chat.words, chat.app.settings.business.deal_times
    head = words._("The buyer of “{title}” gets:", title=title(view.lot.card.title, words))
    tail = [
        words._("Nothing is sent yet. What is sent cannot be taken back."),
        deal_waits(view, deal_of(view), words, chat.now, times),
    ]
    if parcel.files:
        tail.append(parcels.kept_words(chat))
    text = parcels.preview(chat, parcel, head, "\n".join(tail))
    rows = parcels.rows(chat, question.lot, parcel, question.offered_in)
    leave = parcels.leaving(chat, question.lot)
    if not albums.is_first(chat, "goods", album) and asking.reword(chat, question, text, *rows, leave=leave):
        return
    asking.ask(chat, question, text, *rows, leave=leave)


@screens.press("df", keeps_question=True)
def press(chat: Conversation, args: list[str]) -> None:
    """`ok:<lot>:<mark>:<message>` hands over what the mark stands for, `more:<lot>:<message>` asks for more, `no:<lot>`
    drops it, `get:<lot>` sends the files to one who may have them.
    """
    match args:
        case ["ok", lot, mark, offered_in]:
            question = AskDelivery(callback_data.lot_id(lot), callback_data.number(offered_in))
            _deliver(chat, question, mark)
        case ["more", lot, offered_in]:
            _ask_more(chat, AskDelivery(callback_data.lot_id(lot), callback_data.number(offered_in)))
        case ["no", lot]:
            _drop(chat, callback_data.lot_id(lot))
        case ["get", lot]:
            _get(chat, callback_data.lot_id(lot))
        case _:
            raise callback_data.Garbled


def _deliver(chat: Conversation, question: AskDelivery, mark: str) -> None:
    """What was added since is shown first; what is not kept any more is asked for again."""
    deal = chat.app.file_delivery.deliver(chat.person.id, question.lot, mark, chat.now)
    if deal is None:
        ask(chat, question.lot)
        return
    chat.acted = True
    asking.close(chat, question)
    view = view_of(chat, question.lot)
    lines = [_sent_words(chat, deal)]
    if deal.files:
        lines.append(chat.words.ngettext("{n} file with it.", "{n} files with it.", deal.files))
    chat.conclude("\n".join(lines), (open_button(chat, view),))
    cards.after_step(chat, view, question.offered_in)


def _ask_more(chat: Conversation, question: AskDelivery) -> None:
    deal = chat.app.dealing.deal(question.lot)
    require_delivery(deal, chat.person.id, chat.now)
    parcel = chat.app.file_delivery.aside(chat.person.id, question.lot, chat.now)
    if parcel.is_empty:
        ask(chat, question.lot)
        return
    room = MAX_FILES - len(parcel.files)
    text = chat.words.ngettext(
        "Send more words, or up to {n} file. Nothing is sent to the buyer yet.",
        "Send more words, or up to {n} files. Nothing is sent to the buyer yet.",
        room,
    )
    sure, _ = parcels.rows(chat, question.lot, parcel, question.offered_in)
    asking.ask(chat, question, text, sure, leave=parcels.leaving(chat, question.lot))


def came_late(chat: Conversation) -> bool:
    """Answer a file that nothing waits for, where the last that this person was asked for has been sent to its buyer:
    it may have been meant to go with it. False where it was something else.
    """
    asked = chat.questions.asked[-1] if chat.questions.asked else None
    question = screens.question(asked) if asked else None
    if not isinstance(question, AskDelivery):
        return False
    view = view_of(chat, question.lot)
    deal = view.deal
    if deal is None or not view.is_seller or not deal.is_delivered:
        return False
    words = chat.words
    text = words._("“{title}” is already sent; files cannot be added.", title=title(view.lot.card.title, words))
    row = [open_button(chat, view)]
    if talks.may_write(deal, chat.person.id, chat.now):
        row.insert(0, keyboards.write_to(words._("Write to the buyer"), question.lot))
    chat.say(text, tuple(row))
    return True


def _drop(chat: Conversation, auction_id: str) -> None:
    if deal_of(view_of(chat, auction_id)).seller_id != chat.person.id:
        raise NotYours
    chat.app.file_delivery.drop_aside(chat.person.id, auction_id, chat.now)
    asking.close(chat, AskDelivery(auction_id, 0))
    again = keyboards.step(chat.words._("Send to the buyer"), DealStep.DELIVER, auction_id)
    chat.show(chat.words._("Cancelled. Nothing has changed."), (again,))


def _get(chat: Conversation, auction_id: str) -> None:
    """For an operator, who decides a dispute, as for the two sides."""
    deal = chat.app.dealing.deal(auction_id)
    if not parcels.send(chat, deal):
        raise NotYours if chat.person.id not in (deal.seller_id, deal.buyer_id) else WrongDealState(deal.state)


def read(chat: Conversation, auction_id: str) -> None:
    view = view_of(chat, auction_id)
    deal = deal_of(view)
    if not deal.delivery and not deal.files:
        raise WrongDealState(deal.state)
    has_files = parcels.send(chat, deal)
    pieces = [escape(piece) for piece in _pieces(deal.delivery or "")]
    if deal.files:
        pieces.append(parcels.kept_words(chat) if has_files else chat.words._("The files were erased."))
    *first, last = pieces
    for piece in first:
        chat.say(piece, back=False)
    chat.say(last, (open_button(chat, view),))


def _sent_words(chat: Conversation, deal: Deal) -> str:
    return chat.words._(
        "Sent: the buyer has been told.\n{payout} is yours when the buyer confirms, or automatically: {moment}.",
        payout=chat.words.money(deal.payout),
        moment=chat.words.moment(deal.due_at or chat.now),
    )


def _pieces(text: str) -> list[str]:
    """A text in parts that Telegram takes: characters outside the basic plane count twice."""
    if not text:
        return []
    half = MAX_TEXT // 2
    if units(text) <= MAX_TEXT:
        return [text]
    return [text[at : at + half] for at in range(0, len(text), half)]
