"""Fiat money into the wallet: how much, at which provider, and a bill over it (spec, section 7).

t:<sum>[:<act>]             which provider?
tu:<provider><sum>[:<act>]  sure?
TU:...                      yes: the bill is made
TR:...                      the same, in the place of the one that is open

Buttons carry the whole step (`money_step`), so one that is pressed late or twice means what it says.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starbid.domain.bills import Bill, BillOpen, BillState, ProviderFailed
from starbid.domain.errors import Conflict
from starbid.domain.limits import Deed
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY, Money
from starbid.domain.payments import Provider
from starbid.domain.typed_numbers import typed_amount
from starbid.domain.unfinished import Act
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from starbid.top_up_words import top_up_label, what_follows_bill
from starbid.wording import provider_name, refusal
from webhook import asking
from webhook.callback_data import Garbled
from webhook.conversation import Conversation
from webhook.money_step import read_step, step_of
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens import bills, finishing, menu, stars

QUICK = (100, 500, 1000, 5000)
"""Whole units."""
_LETTERS = {Provider.QIWI: "q", Provider.CRYPTOPAY: "c", Provider.TELEGRAM: "t"}
_PROVIDERS = {letter: provider for provider, letter in _LETTERS.items()}


@dataclass(frozen=True)
class AskTopUp(Question):
    """How much?"""

    name = "topup"

    @property
    def again(self) -> str:
        return "go:topup"


@screens.command("topup")
def topup(chat: Conversation, text: str) -> None:
    """Asks how much, unless it was said."""
    if not chat.app.top_ups.offered:
        _not_offered(chat)
    elif text.strip():
        _or_ask(chat, lambda: _take(chat, text))
    else:
        least, most = _bounds(chat)
        how_much = chat.words._(
            "How much do you want to add? Send an amount from {least} to {most}.", least=least, most=most
        )
        asking.ask(chat, AskTopUp(), how_much, *_sums(chat))


def _not_offered(chat: Conversation) -> None:
    """In the words of the page."""
    _ = chat.words._
    text = f"{_('Top-up is not offered here.')} {_('You can still buy Stars and bid on digital lots.')}"
    chat.show(text, (keyboards.go(_("Buy Stars"), "buy_stars"),))


@screens.answer(AskTopUp, takes_anything=True)
def answer_amount(chat: Conversation, _question: AskTopUp, said: Said) -> None:
    _take(chat, said.text)


@screens.press("t")
def press_sum(chat: Conversation, args: list[str]) -> None:
    """A sum to top up by, and what it is for."""
    amount, act = read_step(args)
    if amount.currency == DEFAULT_CURRENCY:
        stars.top_up(chat, amount, act)
    else:
        _or_ask(chat, lambda: _choose(chat, amount, act))


@screens.press("tu")
def press_provider(chat: Conversation, args: list[str]) -> None:
    """Asks back, or leaves the dialogue (`x`)."""
    if args == ["x"]:
        menu.to_start(chat, chat.words._("Cancelled. Nothing has changed."))
    else:
        provider, amount, act = _read(args)
        _or_ask(chat, lambda: _confirm(chat, provider, amount, act))


@screens.press("TU")
def press_sure(chat: Conversation, args: list[str]) -> None:
    """The bill; the same again for a second press."""
    provider, amount, act = _read(args)
    _or_ask(chat, lambda: _make(chat, provider, amount, act))


@screens.press("TR")
def press_instead(chat: Conversation, args: list[str]) -> None:
    """The bill in the place of the open one, which nobody is to pay any more. One that was paid just now counts."""
    provider, amount, act = _read(args)
    _or_ask(chat, lambda: _make(chat, provider, amount, act, instead=True))


def _take(chat: Conversation, text: str) -> None:
    """Goes on with what was typed. Raises AskAgain for what is no amount."""
    amount = typed_amount(text, chat.app.settings.business.bills.currency)
    if amount is None:
        least, most = _bounds(chat)
        fault = chat.words._(
            "That is not an amount. Send a number with up to two decimals, from {least} to {most}, or /cancel.",
            least=least,
            most=most,
        )
        raise asking.AskAgain(fault, *_sums(chat))
    _choose(chat, amount, None)


def _choose(chat: Conversation, amount: Money, act: Act | None) -> None:
    """Asks for the provider where there are several. Raises AskAgain for a sum that none takes."""
    _require(chat, amount)
    terms, words = chat.app.settings.business.bills, chat.words
    if act and finishing.is_settled(chat, act):
        return
    if len(terms.providers) == 1:
        _confirm(chat, terms.providers[0], amount, act)
        return
    lines, rows = [words._("Top up {amount}: how do you want to pay?", amount=words.money(amount))], []
    for provider in terms.providers:
        name, least = provider_name(provider), terms.least(provider)
        if least <= amount:
            rows.append((Button(name, f"tu:{_step(provider, amount, act)}"),))
        else:
            lines.append(words._("{provider}: from {least}.", provider=name, least=words.money(least)))
    chat.show("\n".join(lines), *rows, (_cancel(chat),), back=False)


def _confirm(chat: Conversation, provider: Provider, amount: Money, act: Act | None) -> None:
    """Raises AskAgain for a sum that no bill can have."""
    _require(chat, amount, provider)
    words = chat.words
    text = words._("Top up {amount} with {provider}?", amount=words.money(amount), provider=provider_name(provider))
    sure = Button(top_up_label(amount, act, words), f"TU:{_step(provider, amount, act)}")
    follows = what_follows_bill(act, provider, amount.currency, words)
    chat.show(f"{text}\n{follows}", (sure,), (_cancel(chat),), back=False)


def _make(chat: Conversation, provider: Provider, amount: Money, act: Act | None, *, instead: bool = False) -> None:
    """Raises AskAgain for a sum that no bill can have."""
    _require(chat, amount, provider)
    if act and finishing.is_settled(chat, act):
        return
    chat.app.limits.require(Deed.INVOICE, chat.person.id, chat.now)
    try:
        bill = _opened(chat, provider, amount, act, instead=instead)
    except BillOpen as error:
        _show_open(chat, error.bill, amount, act)
    except ProviderFailed as error:
        menu.to_start(chat, refusal(error, chat.words))
    except Conflict:
        bills.still_busy(chat)
    else:
        bills.show(chat, bill)


def _opened(chat: Conversation, provider: Provider, amount: Money, act: Act | None, *, instead: bool) -> Bill:
    """The bill, or the one that was to give way and was paid just now. Raises as `TopUps.open` does."""
    try:
        return chat.app.top_ups.open(chat.person.id, amount, provider, chat.now, act).bill
    except BillOpen as error:
        if not instead:
            raise
        former = chat.app.top_ups.cancel(error.bill.id, chat.person.id, chat.now)
    if former.state is BillState.PAID:
        return former
    return chat.app.top_ups.open(chat.person.id, amount, provider, chat.now, act).bill


def _show_open(chat: Conversation, bill: Bill, amount: Money, act: Act | None) -> None:
    """One of another amount waits for its money."""
    words = chat.words
    text = words._(
        "You have an open bill over {amount} with {provider}. Pay it, or cancel it and top up {other}.",
        amount=words.money(bill.amount),
        provider=provider_name(bill.provider),
        other=words.money(amount),
    )
    label = words._("Cancel it and top up {amount}", amount=words.money(amount))
    other = Button(label, f"TR:{_step(bill.provider, amount, act)}")
    chat.show(text, *bills.ways_to_pay(chat, bill), (other,), (_cancel(chat),), back=False)


def _require(chat: Conversation, amount: Money, provider: Provider | None = None) -> None:
    """Raises AskAgain for a sum that cannot be topped up, with this provider if one is named; Garbled where none of its
    currency can.
    """
    terms, words = chat.app.settings.business.bills, chat.words
    is_offered = provider in terms.providers if provider else bool(terms.providers)
    if amount.currency != terms.currency or not is_offered:
        raise Garbled
    least, most = terms.least(provider), terms.most
    facts = {"least": words.money(least), "most": words.money(most)}
    if amount < least:
        fault = words._("The smallest top-up is {least}. Send an amount from {least} to {most}, or /cancel.", **facts)
    elif amount > most:
        fault = words._("The largest top-up is {most}. Send an amount from {least} to {most}, or /cancel.", **facts)
    else:
        return
    raise asking.AskAgain(fault, *_sums(chat))


def _or_ask(chat: Conversation, work: Callable[[], None]) -> None:
    """Do it, or ask how much."""
    try:
        work()
    except asking.AskAgain as fault:
        asking.ask(chat, AskTopUp(), fault.text, *fault.rows)


def _sums(chat: Conversation) -> list[Row]:
    """The way to Stars, which most lots cost, and sums to press."""
    terms = chat.app.settings.business.bills
    units = CURRENCIES[terms.currency].minor_units
    sums = [Money(quick * units, terms.currency) for quick in QUICK]
    quick = [keyboards.top_up(chat.words.money(sum_), sum_) for sum_ in sums if terms.least() <= sum_ <= terms.most]
    rows: list[Row] = [tuple(quick[at : at + 2]) for at in range(0, len(quick), 2)]
    return [(keyboards.go(chat.words._("Top up with Stars"), "buy_stars"),), *rows]


def _bounds(chat: Conversation) -> tuple[str, str]:
    terms = chat.app.settings.business.bills
    return chat.words.money(terms.least()), chat.words.money(terms.most)


def _cancel(chat: Conversation) -> Button:
    return Button(chat.words._("Cancel"), "tu:x")


def _step(provider: Provider, amount: Money, act: Act | None) -> str:
    return f"{_LETTERS[provider]}{step_of(amount, act)}"


def _read(args: list[str]) -> tuple[Provider, Money, Act | None]:
    """Provider, sum and act of a button. Raises Garbled, also for a provider that is not on offer any more."""
    first = args[0] if args else ""
    provider = _PROVIDERS.get(first[:1])
    if provider is None:
        raise Garbled
    return provider, *read_step([first[1:], *args[1:]])
