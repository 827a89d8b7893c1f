"""Where a physical lot goes, in the chat: the buyer says it part by part and confirms it, the seller reads it.

What is typed waits for its confirmation where addresses are kept (services.ports.addresses), and in no question.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import ClassVar

from starbid.domain.addresses import ADDRESS_LENGTH, NAME_LENGTH, READERS, Address, read_address, require_address
from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deal_rules import DealStep
from starbid.domain.errors import InvalidFields, NotYours
from starbid.domain.limits import Deed
from starbid.telegram import keyboards
from starbid.telegram.html import escape, title
from starbid.telegram.keyboards import Button
from starbid.telegram.updates import Said
from starbid.wording import refusal
from webhook import asking, callback_data, cards
from webhook.conversation import Conversation
from webhook.questions import DealQuestion
from webhook.registry import screens
from webhook.screens.about_lot import deal_of, open_button, stands, view_of

_MARK = 12
"""Hex digits of the hash that a button of confirmation carries: it confirms what it stands below, and nothing else."""


@dataclass(frozen=True)
class AskPart(DealQuestion):
    """One `part` of the address. The answer to the first may be all of them."""

    verb = DealStep.GIVE_ADDRESS.value
    part: ClassVar[str]


@dataclass(frozen=True)
class AskName(AskPart):
    name, part = "address_name", "name"


@dataclass(frozen=True)
class AskPlace(AskPart):
    name, part = "address_place", "address"


@dataclass(frozen=True)
class AskPhone(AskPart):
    name, part = "address_phone", "phone"


ASKS: dict[str, type[AskPart]] = {kind.part: kind for kind in (AskName, AskPlace, AskPhone)}


def ask(chat: Conversation, auction_id: str) -> None:
    view = view_of(chat, auction_id)
    deal = deal_of(view)
    require_address(deal, chat.person.id, chat.now)
    known = chat.app.addressing.of(deal, chat.person.id, chat.now)
    now_goes = [chat.words._("So far it goes to:"), _shown(known), ""] if known else []
    text = chat.words._(
        "Who gets “{title}”? Send the name of the person, up to {most} characters.\nOr send everything at once, in "
        "three lines: name, address, phone. To cancel: /cancel",
        title=title(view.lot.card.title, chat.words),
        most=NAME_LENGTH[1],
    )
    until = () if known else (stands(chat, view),)
    asking.ask(chat, AskName(auction_id, chat.pressed_on), "\n".join((*now_goes, text, *until)))


def answer_part(chat: Conversation, question: AskPart, said: Said) -> None:
    """A part of it, or all of it; then the next part is asked for, or whether this is right."""
    require_address(chat.app.store.deal(question.lot), chat.person.id, chat.now)
    parts = _parts_of(chat, question, said.text)
    chat.app.addresses.put_typed(question.lot, parts, chat.now)
    missing = next((part for part in READERS if part not in parts), None)
    if missing is None:
        _ask_back(chat, question.lot, parts, question.offered_in)
    else:
        asking.ask(chat, ASKS[missing](question.lot, question.offered_in), _words_for(chat, missing))


for _kind in ASKS.values():
    screens.answer(_kind)(answer_part)


def _parts_of(chat: Conversation, question: AskPart, text: str) -> dict[str, str]:
    """What is known of the address with this answer. Raises Invalid, AskAgain."""
    lines = [line for line in text.splitlines() if line.strip()]
    if question.part != AskName.part or len(lines) < len(READERS):
        before = {} if question.part == AskName.part else chat.app.addresses.typed(question.lot, chat.now)
        return before | {question.part: READERS[question.part](text)}
    try:
        return asdict(read_address({"name": lines[0], "address": "\n".join(lines[1:-1]), "phone": lines[-1]}))
    except InvalidFields as error:
        raise asking.AskAgain(escape(refusal(error, chat.words))) from None


def _words_for(chat: Conversation, part: str) -> str:
    if part == "address":
        return chat.words._(
            "Where to? Send the full address with the postcode, up to {most} characters. To cancel: /cancel",
            most=ADDRESS_LENGTH[1],
        )
    return chat.words._("Which phone can the delivery service call? To cancel: /cancel")


def _ask_back(chat: Conversation, auction_id: str, parts: Mapping[str, str], offered_in: int) -> None:
    words = chat.words
    head = words._("Send “{title}” here?", title=title(view_of(chat, auction_id).lot.card.title, words))
    tail = words._("Only the seller sees the address. It is erased 30 days after the deal ends.")
    chat.prompt(
        f"{head}\n{_shown(Address(**parts))}\n\n{tail}",
        (Button(words._("Yes, send it there"), f"ad:ok:{auction_id}:{_mark(parts)}:{offered_in}"),),
        (keyboards.step(words._("Change it"), DealStep.GIVE_ADDRESS, auction_id),),
        (Button(words._("Cancel"), f"ad:no:{auction_id}"),),
        back=False,
    )


@screens.press("ad", keeps_question=True)
def press(chat: Conversation, args: list[str]) -> None:
    """`ok:<lot>:<mark>:<message>` confirms what was typed, `no:<lot>` drops it, `where:<lot>` shows the address."""
    match args:
        case ["ok", lot, mark, offered_in]:
            _give(chat, callback_data.lot_id(lot), mark, callback_data.number(offered_in))
        case ["no", lot]:
            _drop(chat, callback_data.lot_id(lot))
        case ["where", lot]:
            _show(chat, callback_data.lot_id(lot))
        case _:
            raise callback_data.Garbled


def _give(chat: Conversation, auction_id: str, mark: str, offered_in: int) -> None:
    """What was typed since is shown first; what is too old, or was confirmed before, is asked for again."""
    deal = deal_of(view_of(chat, auction_id))
    typed = chat.app.addresses.typed(auction_id, chat.now)
    known = chat.app.addressing.of(deal, chat.person.id, chat.now)
    if known and deal.buyer_id == chat.person.id and _mark(asdict(known)) == mark:
        typed = asdict(known)
    else:
        require_address(deal, chat.person.id, chat.now)
    if _mark(typed) != mark:
        if typed.keys() == READERS.keys():
            _ask_back(chat, auction_id, typed, offered_in)
        else:
            ask(chat, auction_id)
        return
    chat.app.limits.require(Deed.ADDRESS, chat.person.id, chat.now)
    chat.app.addressing.give(chat.person.id, auction_id, read_address(typed), chat.now)
    chat.acted = True
    chat.app.addresses.drop_typed(auction_id)
    view = view_of(chat, auction_id)
    done = chat.words._("The seller has the address now. You can correct it until the seller has sent the lot.")
    chat.conclude(f"{done}\n{stands(chat, view)}", (open_button(chat, view),))
    cards.after_step(chat, view, offered_in)


def _drop(chat: Conversation, auction_id: str) -> None:
    if deal_of(view_of(chat, auction_id)).buyer_id != chat.person.id:
        raise NotYours
    chat.app.addresses.drop_typed(auction_id)
    give = keyboards.step(chat.words._("Give the address"), DealStep.GIVE_ADDRESS, auction_id)
    chat.show(chat.words._("Cancelled. Nothing has changed."), (give,))


def _show(chat: Conversation, auction_id: str) -> None:
    view = view_of(chat, auction_id)
    deal = deal_of(view)
    address = chat.app.addressing.of(deal, chat.person.id, chat.now)
    if address is None and deal.addressed_at is None:
        raise WrongDealState(deal.state)
    if address is None:
        text = chat.words._("The address was erased: it is kept for 30 days after the end of a deal.")
    else:
        head = chat.words._("“{title}” goes to:", title=title(view.lot.card.title, chat.words))
        text = f"{head}\n{_shown(address)}"
    chat.say(text, (open_button(chat, view),))


def _shown(address: Address) -> str:
    """Each part is copied with one touch."""
    return "\n".join(f"<code>{escape(part)}</code>" for part in asdict(address).values())


def _mark(parts: Mapping[str, str]) -> str:
    typed = "\0".join(parts.get(part, "") for part in READERS)
    return hashlib.sha256(typed.encode()).hexdigest()[:_MARK]
