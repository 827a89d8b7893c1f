"""The menu, help, and the ways in."""

from __future__ import annotations

import difflib
from collections.abc import Sequence

from starbid import links
from starbid.domain.money import CURRENCIES
from starbid.domain.pause import Paused
from starbid.leaving_words import leaving_line
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Keyboard, Row
from starbid.wording import refusal
from webhook import asking, callback_data
from webhook.conversation import Conversation
from webhook.money_step import top_up_button
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens import connecting, logins, lots, stars

_NOT_FOR_ALL = {"admin"}
_LIKE = 0.7
"""How much of a word has to be right to be taken for a slip."""


@screens.command("start")
def start(chat: Conversation, payload: str) -> None:
    """Greets, or goes where the link led: a lot, a group's settings, an invoice, a login, the site, a screen."""
    what, _, rest = payload.partition("_")
    if what == "auction" and rest:
        auction_id, _, post = rest.partition("_")
        lots.one(chat, auction_id.lower())
        _lead_back(chat, post)
    elif what == "connect" and rest:
        connecting.arrive(chat, rest)
    elif what == "buy" and rest:
        stars.buy_stars(chat, rest)
    elif what == "login" and rest:
        logins.ask(chat, rest.lower())
    elif payload in links.PLACES:
        screens.commands[payload](chat, "")
    elif payload == "site":
        greet(chat, (keyboards.logged_in(chat.words._("Open in the browser"), "/", chat.app.settings),))
    else:
        greet(chat)
    if what != "connect":
        connecting.tell_newcomer(chat)


def _lead_back(chat: Conversation, post: str) -> None:
    """To the post in a group or channel that the person came from, where they came from one."""
    if address := links.post_of(post):
        chat.say(
            chat.words._("You can bid here, or go back: the button in the post works now."),
            (Button(chat.words._("Back to the post"), url=address),),
            back=False,
        )


def greet(chat: Conversation, *first: Row) -> None:
    """The three ways in, below what one has come for; everything else is one press further."""
    _, go = chat.words._, keyboards.go
    text = _(
        "Hello, {name}. Starbid is an auction in Telegram: every bid is covered by money in the "
        "wallet.\nLook at the lots, or top up to bid.",
        name=escape(chat.person.name),
    )
    if chat.app.pause_news.holds(chat.now):
        text = f"{text}\n\n⏸ {escape(refusal(Paused(), chat.words))}"
    if chat.person.leaves_at:
        text = f"{text}\n\n{escape(leaving_line(chat.person.leaves_at, chat.words))}"
    chat.prompt(
        text,
        *first,
        (go(_("Live lots"), "auctions"),),
        (go(_("Sell"), "sell"), top_up_button(chat.app.settings.business, chat.words)),
        (go(_("More"), "menu"),),
        back=False,
    )


@screens.command("menu")
def menu(chat: Conversation, _rest: str) -> None:
    """Everything in two presses."""
    chat.show(chat.words._("<b>Menu</b>"), *menu_rows(chat), back=False)


def menu_rows(chat: Conversation) -> Keyboard:
    """The same for everybody; operators find their screen below."""
    _, go, business = chat.words._, keyboards.go, chat.app.settings.business
    admin = ((go(_("For operators"), "admin"),),) if chat.app.operators.role_of(chat.person) else ()
    helper = (go(_("AI helper"), "ask"),) if business.assistant.is_offered else ()
    return (
        (go(_("Live lots"), "auctions"), go(_("Favourites"), "watchlist")),
        (go(_("My bids"), "bids"), go(_("My lots and deals"), "my")),
        (go(_("Sell"), "sell"), go(_("Subscription"), "subscribe")),
        (go(_("Wallet"), "balance"), top_up_button(business, chat.words)),
        (go(_("My account"), "status"), go(_("Settings"), "settings")),
        (*helper, go(_("Help"), "help")),
        (go(_("Support"), "support"), keyboards.site(_("Open the site"), "/", chat.app.settings)),
        *admin,
    )


@screens.command("help")
def help_(chat: Conversation, _rest: str) -> None:
    """What there is, in the order in which one needs it."""
    _, go, offered = chat.words._, keyboards.go, chat.app.settings.business.assistant.is_offered
    text = "\n".join(
        (
            _("<b>How it works</b>"),
            _top_up_line(chat),
            _("2. Find a lot and bid: /auctions. Your bids: /bids"),
            _("3. While you lead, your maximum is frozen. Outbid? The money comes back instantly."),
            _("4. You win: Starbid keeps the money until you confirm that you got it: /my"),
            _("Not sure yet? Add a lot to favourites, and I will write 15 minutes before it ends: /watchlist"),
            _("There are four kinds of auction; “The rules” under a lot explains its own."),
            *((_("Questions? The AI helper answers them: /ask"),) if offered else ()),
            "",
            _("To sell you need a subscription: /subscribe, then /sell."),
            _("Wallet: /balance · my account: /status · cancel this step: /cancel"),
        )
    )
    chat.show(
        text,
        (go(_("Terms"), "terms"), go(_("Your data"), "privacy")),
        (go(_("Support"), "support"), go(_("Refunds"), "paysupport")),
        (go(_("Profile"), "profile"), go(_("Language"), "language")),
    )


def _top_up_line(chat: Conversation) -> str:
    _, bills = chat.words._, chat.app.settings.business.bills
    if not bills.providers:
        return _("1. Top up with Telegram Stars: /buy_stars")
    return _(
        "1. Top up with Telegram Stars: /buy_stars, or in {currency}: /topup", currency=CURRENCIES[bills.currency].sign
    )


@screens.press("x", keeps_question=True)
def cancel(chat: Conversation, _args: Sequence[str] = ()) -> None:
    """`/cancel`, and the button below each question, which cancels that one."""
    done = asking.cancel(chat)
    to_start(
        chat, chat.words._("Cancelled. Nothing has changed.") if done else chat.words._("There is nothing to cancel.")
    )


def to_start(chat: Conversation, text: str) -> None:
    """What a dialogue ended with, and everything that can come next."""
    chat.show(f"{text}\n{chat.words._('What next?')}", *menu_rows(chat), back=False)


def unknown_command(chat: Conversation, name: str) -> None:
    """A command that does not exist, with the one that was probably meant."""
    close = difflib.get_close_matches(name, screens.commands.keys() - _NOT_FOR_ALL, 1, _LIKE)
    if not close:
        unknown(chat)
        return
    (meant,) = close
    text = chat.words._("There is no such command. Did you mean /{command}?", command=meant)
    chat.prompt(text, (keyboards.go(f"/{meant}", meant),))


def unknown(chat: Conversation) -> None:
    """Something that we do not know."""
    text = chat.words._("I did not understand that.\nEverything is in the menu. How it works: /help")
    chat.prompt(text, *menu_rows(chat), back=False)


def no_question(chat: Conversation) -> None:
    """A reply to something else than a question, while one is open."""
    chat.say(chat.words._("That message asks nothing now. Reply to the question, or send the answer on its own."))


def came_late(chat: Conversation) -> None:
    """A text that was sent before the question that is open was asked: it may have been dealt with, or not."""
    chat.say(
        chat.words._(
            "A message of yours came before the question that I asked last, so it does not answer it. If it was meant "
            "to, send it once more."
        )
    )


def closed_question(chat: Conversation, question: Question | None) -> None:
    """An answer that comes too late, with the way to be asked again; None for a question that cannot be read."""
    text = chat.words._("That question is closed: it was answered or cancelled, or it is too old.")
    if question:
        chat.say(text, (Button(chat.words._("Ask me again"), question.again),))
    else:
        chat.prompt(text, *menu_rows(chat), back=False)


def old_button(chat: Conversation) -> None:
    """A press that cannot be read: say so, and give fresh buttons."""
    chat.toast(chat.words._("This button is old. Here is the menu."), alert=True)
    menu(chat, "")


@screens.press("go")
def go(chat: Conversation, args: list[str]) -> None:
    """A button that stands for a command."""
    (command,) = callback_data.parts(args, 1)
    action = screens.commands.get(command)
    if action is None:
        raise callback_data.Garbled
    action(chat, "")
