"""The steps of a deal, and cancelling one's own lot. What cannot be undone is asked back first."""

from __future__ import annotations

from collections.abc import Callable

from starbid.domain.changing import require_changeable
from starbid.domain.deal_errors import WrongDealState
from starbid.domain.deal_ratings import may_rate
from starbid.domain.deals import Deal, DealState, require_confirmation, require_taking_back
from starbid.domain.errors import AuctionClosed
from starbid.talk_words import until_line
from starbid.telegram import keyboards
from starbid.telegram.html import title
from starbid.telegram.keyboards import Button
from webhook import callback_data, cards
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens import addresses, delivering, disputes, ratings, second_chance
from webhook.screens.about_lot import deal_of, stands, sure_button, view_of


@screens.press("d")
def press(chat: Conversation, args: list[str]) -> None:
    """`<verb>:<lot>`, capitals are sure; of `_SURE_STEPS`, `…:<message>` names the one that offered it."""
    offered_in = callback_data.number(args.pop()) if len(args) == 3 and args[0] in _SURE_STEPS else None
    verb, auction_id = callback_data.parts(args, 2)
    auction_id = callback_data.lot_id(auction_id)
    if verb in _SURE_STEPS:
        _SURE_STEPS[verb](chat, auction_id, offered_in)
        return
    if verb.lower() in ratings.VERBS:
        _rate(chat, verb, auction_id)
        return
    action = _VERBS.get(verb)
    if action is None:
        raise callback_data.Garbled
    action(chat, auction_id)


def _rate(chat: Conversation, verb: str, auction_id: str) -> None:
    """`rate4` asks for words with the stars, `RATE4` leaves them out."""
    stars = int(verb[-1])
    if verb.islower():
        ratings.ask_words(chat, auction_id, stars)
    else:
        ratings.rate(chat, auction_id, stars)


def _confirm(chat: Conversation, auction_id: str) -> None:
    view = view_of(chat, auction_id)
    require_confirmation(deal_of(view), chat.person.id)
    text = chat.words._(
        "Did you get “{title}” as promised?\nThe seller gets the money then. This cannot be undone.",
        title=title(view.lot.card.title, chat.words),
    )
    yes = sure_button(chat, chat.words._("Yes, confirm"), "CONFIRM", auction_id)
    chat.prompt(
        f"{text}\n{stands(chat, view)}",
        (yes,),
        (keyboards.step(chat.words._("What the seller sent"), "read", auction_id),),
    )


def _sure_confirm(chat: Conversation, auction_id: str, offered_in: int | None) -> None:
    deal = _once(chat, auction_id, chat.app.dealing.confirm, DealState.COMPLETED)
    rate = (keyboards.step(chat.words._("Rate"), "rate", auction_id),) if may_rate(deal, chat.person.id) else ()
    text = chat.words._("Confirmed: the seller is paid.\nThe deal is complete.") + until_line(deal, chat.words)
    chat.conclude(text, rate, (_open(chat, auction_id),))
    cards.after_step(chat, view_of(chat, auction_id), offered_in)


def _back(chat: Conversation, auction_id: str) -> None:
    view = view_of(chat, auction_id)
    require_taking_back(deal_of(view), chat.person.id, chat.now, chat.app.settings.business.deal_times)
    text = chat.words._(
        "“{title}” was not sent in time.\nTake {price} back? This ends the deal.",
        title=title(view.lot.card.title, chat.words),
        price=chat.words.money(view.price),
    )
    back = sure_button(chat, chat.words._("Take the money back"), "BACK", auction_id)
    chat.prompt(f"{text}\n{stands(chat, view)}", (back,))


def _sure_back(chat: Conversation, auction_id: str, offered_in: int | None) -> None:
    deal = _once(chat, auction_id, chat.app.dealing.take_back, DealState.REFUNDED)
    text = chat.words._("{price} is back in your wallet.", price=chat.words.money(deal.price))
    text += until_line(deal, chat.words)
    chat.conclude(text, (keyboards.go(chat.words._("Wallet"), "balance"),))
    cards.after_step(chat, view_of(chat, auction_id), offered_in)


def _once(chat: Conversation, auction_id: str, step: Callable[..., Deal], done: DealState) -> Deal:
    """A step that was done before a crash counts as done now."""
    try:
        deal = step(chat.person.id, auction_id, chat.now)
    except WrongDealState as error:
        deal = chat.app.store.deal(auction_id)
        if error.state != done or deal.buyer_id != chat.person.id:
            raise
    chat.acted = True
    return deal


def _cancel(chat: Conversation, auction_id: str) -> None:
    """Asks back, but not for what will be refused: the button may be old."""
    view = view_of(chat, auction_id)
    require_changeable(view.lot.auction, chat.person.id, chat.now)
    text = chat.words._(
        "Withdraw “{title}”?\nIt disappears from the lists. This cannot be undone.",
        title=title(view.lot.card.title, chat.words),
    )
    chat.prompt(
        text, (keyboards.step(chat.words._("Yes, withdraw it"), "CANCEL", auction_id),), (_open(chat, auction_id),)
    )


def _sure_cancel(chat: Conversation, auction_id: str) -> None:
    try:
        chat.app.publishing.cancel(chat.person.id, auction_id, chat.now)
    except AuctionClosed:
        view = view_of(chat, auction_id)
        if not (view.is_seller and view.status == "cancelled"):
            raise
    chat.acted = True
    chat.conclude(chat.words._("The lot is withdrawn."), (keyboards.go(chat.words._("My lots and deals"), "my"),))


def _open(chat: Conversation, auction_id: str) -> Button:
    return keyboards.lot(chat.words._("Open the lot"), auction_id)


_SURE_STEPS: dict[str, Callable[[Conversation, str, int | None], None]] = {
    "CONFIRM": _sure_confirm,
    "BACK": _sure_back,
    "dispute": disputes.ask,
}
_VERBS: dict[str, Callable[[Conversation, str], None]] = {
    "give_address": addresses.ask,
    "deliver": delivering.ask,
    "confirm": _confirm,
    "back": _back,
    "read": delivering.read,
    "cancel": _cancel,
    "CANCEL": _sure_cancel,
    "wrong": disputes.offer,
    "withdraw": disputes.withdraw,
    "WITHDRAW": disputes.sure_withdraw,
    "answer": disputes.ask_seller,
    "heard": disputes.read_answer,
    "rate": ratings.ask,
    "offer": second_chance.offer,
    "OFFER": second_chance.sure_offer,
    "accept": second_chance.accept,
    "ACCEPT": second_chance.sure_accept,
    "decline": second_chance.decline,
    "relist": second_chance.relist,
}
