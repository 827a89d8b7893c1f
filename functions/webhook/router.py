"""Which words and buttons lead where."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from starbid.domain.errors import StarbidError
from starbid.telegram.updates import Pressed, Said
from webhook import dialogues
from webhook.reading import Garbled
from webhook.refusing import refuse
from webhook.screens import (
    bidding,
    buying,
    deals,
    disputes,
    logins,
    lots,
    menu,
    mine,
    person,
    ratings,
    refunds,
    rules,
    stars,
    subscription,
    texts,
    watching,
)
from webhook.talk import Talk

COMMANDS: Final[dict[str, Callable[[Talk, str], None]]] = {
    "start": menu.start,
    "menu": menu.menu,
    "help": menu.help_,
    "auctions": lots.auctions,
    "sell": menu.sell,
    "my": mine.my,
    "bids": mine.bids,
    "watch": watching.watch,
    "watchlist": watching.watchlist,
    "buy_stars": stars.buy_stars,
    "stars": stars.balance,
    "balance": stars.balance,
    "subscribe": subscription.subscribe,
    "status": person.status,
    "profile": person.profile,
    "settings": person.settings,
    "language": person.choose_language,
    "support": menu.support,
    "paysupport": refunds.paysupport,
    "terms": texts.terms,
    "privacy": texts.privacy,
    "admin": disputes.admin,
}
"""By name; the text after the name comes with it. `/cancel` and `/auction_<id>` are read below."""

PRESSES: Final[dict[str, Callable[[Talk, list[str]], None]]] = {
    "go": menu.go,
    "x": menu.leave,
    "o": lots.open_,
    "p": lots.turn,
    "b": bidding.press_bid,
    "B": bidding.press_sure_bid,
    "m": bidding.press_maximum,
    "n": buying.press_buy,
    "N": buying.press_buy,  # on messages that asked back, as earlier versions did
    "k": rules.press,
    "d": deals.press,
    "a": disputes.press,
    "w": watching.press,
    "wl": watching.more,
    "buy": stars.press_stars,
    "chk": stars.check,
    "sub": subscription.press,
    "lang": person.press_language,
    "li": logins.press_confirm,
    "ln": logins.press_refuse,
    "rf": refunds.press_refund,
    "RF": refunds.press_sure_refund,
}
"""By the first part of a button's data; the other parts come with it."""

ANSWERS: Final[dict[str, Callable[[Talk, dict[str, Any], str], None]]] = {
    "stars": stars.answer_stars,
    "maximum": bidding.answer_maximum,
    "delivery": deals.answer_delivery,
    "dispute": disputes.answer_dispute,
    "answer": disputes.answer_as_seller,
    "settle": disputes.answer_reason,
    "rating": ratings.answer_rating,
}
"""By the question that was asked."""

_LEAVES_QUESTION_ALONE = ("x", "b", "B", "k", "w", "chk")
_NUMBERS = ("stars", "maximum")
"""Questions that say themselves what is wrong with an answer without words."""
_LOT = "auction_"


def route(talk: Talk, content: Said | Pressed) -> None:
    """Find and do what was asked for; refusals become words."""
    try:
        if isinstance(content, Pressed):
            _press(talk, content.data)
        else:
            _say(talk, content.text)
    except StarbidError as error:
        refuse(talk, error)
    finally:
        talk.end()


def _press(talk: Talk, data: str) -> None:
    verb, *args = data.split(":")
    action = PRESSES.get(verb)
    try:
        if action is None:
            raise Garbled
        if verb not in _LEAVES_QUESTION_ALONE:
            dialogues.leave(talk)
        action(talk, args)
    except Garbled:
        menu.old_button(talk)


def _say(talk: Talk, text: str) -> None:
    if text.startswith("/"):
        _command(talk, text)
        return
    question = dialogues.pending(talk)
    answer = ANSWERS.get(question["question"]) if question else None
    if answer and question and not text.strip() and question["question"] not in _NUMBERS:
        menu.only_text(talk, question["question"])
    elif answer and question:
        answer(talk, question, text)
    else:
        menu.unknown(talk)


def _command(talk: Talk, text: str) -> None:
    """Any command leaves the present question."""
    name, rest = _split(text)
    was_asked = dialogues.leave(talk)
    if name == "cancel":
        menu.cancel(talk, "yes" if was_asked else "")
    elif name.startswith(_LOT):
        lots.one(talk, name.removeprefix(_LOT))
    elif name in COMMANDS:
        COMMANDS[name](talk, rest)
    else:
        menu.unknown(talk)


def _split(text: str) -> tuple[str, str]:
    """`/name@bot rest` as name and rest."""
    head, rest = (*text[1:].split(maxsplit=1), "", "")[:2]
    return head.split("@")[0].lower(), rest.strip()
