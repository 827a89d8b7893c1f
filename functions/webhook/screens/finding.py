"""Lists of lots in the chat: results with numbers to open, pages, filters, sorts (`f:...`).

f:l         the list of this message; of a card, the list that it stands in
f:p:<n>     a page of it
f:g         the same lots as cards
f:f         what narrows it down;  f:o:<field> what there is to choose;  f:<field>:<value> a choice
f:t         prices are typed
f:x         nothing narrows it down any more
f:w[:<n>]   without its words, or with one of them alone
"""

from __future__ import annotations

import string
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from starbid.criteria_words import filters_of, sort_name, text_name
from starbid.domain.criteria import Criteria, Looking, clean_text, query_of, read_query
from starbid.domain.money import CURRENCIES, MAX_AMOUNT
from starbid.domain.typed_numbers import typed_range
from starbid.i18n import Language
from starbid.services.auctions.paging import SHOWN, Results
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.html import cut, title
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.list_words import result_line
from starbid.telegram.updates import Said
from webhook import asking, callback_data, cards
from webhook.conversation import Conversation
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens import filters, listed, lots, open_drafts

_AROUND = string.punctuation + "«»“”„…—–"
LEAST_WORD = 4
"""Letters of a word that is worth looking for alone."""
MOST_WORDS = 4
"""Of a search that found nothing, each of which is offered by itself."""
WORD_UNITS = 24


@dataclass(frozen=True)
class AskPrices(Question):
    """From where to where? `query`: the list, as in its address."""

    name = "find-price"
    is_alone = True
    query: str

    @property
    def again(self) -> str:
        return f"f:o:{filters.PRICE}"

    def leaving(self, words: Language) -> Button:
        return Button(words._("Back"), self.again)


@screens.command("auctions")
def auctions(chat: Conversation, text: str) -> None:
    """The first live lot, with buttons to the others and to the list; with words, what they find."""
    if text.strip():
        search(chat, text)
    else:
        lots.gallery(chat, chat.app.paging.fresh(Looking(), chat.person.id, chat.now))


def search(chat: Conversation, text: str) -> None:
    """The live lots that a text finds, what ends first above."""
    show_list(chat, Looking(Criteria(text=clean_text(text))), asked=text)


def show_list(chat: Conversation, looking: Looking, asked: str = "", *, saved: bool = False) -> None:
    """The first page. `asked`: what was typed, of which there may be nothing to look for; `saved`: it is a search that
    the person has saved.
    """
    if asked and not looking.criteria.text:
        _nothing(chat, looking, asked)
    else:
        _show(chat, looking, chat.app.paging.first(looking, chat.person.id, chat.now), saved=saved)


@screens.press("f")
def press(chat: Conversation, args: list[str]) -> None:
    step, rest = (args[0], args[1:]) if args else ("", [])
    if step == "l" and not rest and chat.on_card:
        _list_of_card(chat)
        return
    looking = listed.looking_on(chat)
    if looking is None:
        _old(chat)
    elif step in filters.FIELDS:
        (value,) = callback_data.parts(rest, 1)
        show_list(chat, filters.chosen(chat, looking, step, value))
    elif step in _STEPS:
        _STEPS[step](chat, looking, rest)
    else:
        raise callback_data.Garbled


def _old(chat: Conversation) -> None:
    """Telegram did not bring the list along, or the message never was one: nobody knows what it was of."""
    chat.toast(chat.words._("This list is old. Here are all live lots."), alert=True)
    show_list(chat, Looking())


def _list_of_card(chat: Conversation) -> None:
    """At the card's own place."""
    browsed, place = chat.app.paging.present(chat.person.id, chat.now), cards.place_of(chat.pressed)
    looking = browsed.looking if browsed else Looking()
    number = (place.number - 1) // SHOWN if place else 0
    _show(chat, looking, chat.app.paging.page(looking, number, chat.person.id, chat.now))


def _first(chat: Conversation, looking: Looking, args: list[str]) -> None:
    callback_data.parts(args, 0)
    show_list(chat, looking)


def _page(chat: Conversation, looking: Looking, args: list[str]) -> None:
    (number,) = callback_data.parts(args, 1)
    _show(chat, looking, chat.app.paging.page(looking, callback_data.number(number), chat.person.id, chat.now))


def _as_cards(chat: Conversation, looking: Looking, args: list[str]) -> None:
    callback_data.parts(args, 0)
    lots.gallery(chat, chat.app.paging.list_of(looking, chat.person.id, chat.now))


def _fields(chat: Conversation, looking: Looking, args: list[str]) -> None:
    callback_data.parts(args, 0)
    words = chat.words
    clear = (Button(words._("Clear filters"), "f:x"),) if looking.is_narrowed else ()
    rows = (*filters.field_rows(chat, looking), (*clear, Button(words._("Show the lots"), "f:l")))
    _put(chat, looking, f"{listed.head(chat, looking)}\n\n{words._('What shall I narrow it down by?')}", *rows)


def _choose(chat: Conversation, looking: Looking, args: list[str]) -> None:
    (field,) = callback_data.parts(args, 1)
    rows, words = filters.choice_rows(chat, looking, field), chat.words
    asked = f"{filters.field_names(words)[field]}:"
    if field == filters.PRICE:
        sign = CURRENCIES[filters.currency_of(looking.criteria)].sign
        asked = words._("Price ({currency}):", currency=sign)
        rows.append((Button(words._("Type my own"), "f:t"),))
    back = Button(words._("Back"), "f:l" if field == filters.SORT else "f:f")
    _put(chat, looking, f"{listed.head(chat, looking)}\n\n{asked}", *rows, (back,))


def _ask_prices(chat: Conversation, looking: Looking, args: list[str]) -> None:
    callback_data.parts(args, 0)
    question = AskPrices(urlencode(query_of(looking)))
    asking.ask_in_place(chat, question, _how_to_type(chat), (listed.site_button(chat, looking),))


@screens.answer(AskPrices)
def answer_prices(chat: Conversation, question: AskPrices, said: Said) -> None:
    looking = read_query(dict(parse_qsl(question.query)))
    bounds = typed_range(said.text, filters.currency_of(looking.criteria))
    if bounds is None or any(bound and bound.amount > MAX_AMOUNT for bound in bounds):
        wrong = chat.words._("That is not a price.")
        raise asking.AskAgain(f"{wrong} {_how_to_type(chat)}", (listed.site_button(chat, looking),))
    show_list(chat, replace(looking, criteria=looking.criteria.priced(*bounds)))


def _how_to_type(chat: Conversation) -> str:
    return chat.words._(
        "Send the prices in numbers:\n<code>500</code> is up to 500, <code>100-500</code> from 100 to 500, "
        "<code>100-</code> from 100 up."
    )


def _clear(chat: Conversation, looking: Looking, args: list[str]) -> None:
    callback_data.parts(args, 0)
    show_list(chat, replace(looking, criteria=Criteria(text=looking.criteria.text), within=0))


def _words(chat: Conversation, looking: Looking, args: list[str]) -> None:
    """Other words than were typed: none, or one of them."""
    typed, kept = _typed(looking), ""
    if args:
        number = callback_data.number(callback_data.parts(args, 1)[0])
        if number >= len(typed):
            raise callback_data.Garbled
        kept = typed[number]
    show_list(chat, replace(looking, criteria=replace(looking.criteria, text=clean_text(kept))))


def _typed(looking: Looking) -> list[str]:
    """The words of a search, without what stands around them."""
    return [word.strip(_AROUND) for word in looking.criteria.text.split()]


_STEPS: dict[str, Callable[[Conversation, Looking, list[str]], None]] = {
    "l": _first,
    "p": _page,
    "g": _as_cards,
    "f": _fields,
    "o": _choose,
    "t": _ask_prices,
    "x": _clear,
    "w": _words,
}


def _show(chat: Conversation, looking: Looking, found: Results, *, saved: bool = False) -> None:
    if not found.views:
        _nothing(chat, looking, looking.criteria.text, more=found.more, saved=saved)
        return
    words, narrowed = chat.words, len(filters_of(looking, chat.words))
    lines = [f"{number}. {result_line(view, words, chat.now)}" for number, view in enumerate(found.views, 1)]
    named = words._("Filters: {n}", n=narrowed) if narrowed else words._("Filters")
    _put(
        chat,
        looking,
        "\n".join((listed.head(chat, looking), "", *lines)),
        *_openers(found.views),
        _paging(found),
        (Button(named, "f:f"), Button(f"⇅ {sort_name(looking.sort, words)}", f"f:o:{filters.SORT}")),
        (Button(words._("As cards"), "f:g"), *_save(chat, looking, saved)),
    )


def _openers(views: tuple[LotView, ...]) -> list[Row]:
    """A number for each lot, in one row or two of nearly the same length."""
    buttons = [keyboards.lot(str(number), view.lot.auction.id) for number, view in enumerate(views, 1)]
    return filters.in_rows(buttons, len(buttons) if len(buttons) <= SHOWN // 2 else -(-len(buttons) // 2))


def _paging(found: Results) -> Row:
    number, last = found.number, found.pages - 1
    if not last and not found.more:
        return ()
    after = number + 1 if number < last or found.more else 0
    return (
        Button("‹", f"f:p:{number - 1 if number else last}"),
        Button(f"{number + 1}/{found.pages}{'+' if found.more else ''}", f"f:p:{number}"),
        Button("›", f"f:p:{after}"),
    )


def _save(chat: Conversation, looking: Looking, saved: bool) -> Row:
    """Nobody wants to hear of every lot."""
    return () if saved or looking.criteria.is_all else (Button(chat.words._("Save this search"), "ss:save"),)


def _nothing(chat: Conversation, looking: Looking, asked: str, *, more: bool = False, saved: bool = False) -> None:
    """What would help, each in one tap."""
    words, narrowed = chat.words, filters_of(looking, chat.words)
    if not asked and not narrowed:
        lots.nothing(chat)
        return
    drops = [Button(f"✕ {name}", f"f:{filters.OF_FIELD[field]}:{filters.ANY}") for field, name in narrowed.items()]
    if narrowed and looking.criteria.text:
        drops.append(Button(f"✕ {text_name(looking.criteria, words)}", "f:w"))
    typed = _typed(looking)
    alone = [
        Button(words._("“{text}”", text=cut(word, WORD_UNITS)), f"f:w:{number}")
        for number, word in enumerate(typed if len(typed) > 1 else ())
        if len(word) >= LEAST_WORD
    ]
    _put(
        chat,
        looking,
        _why_nothing(chat, looking, asked, more=more, saved=saved),
        *(() if chat.pressed else open_drafts.going_on(chat)),
        *filters.in_rows(drops, 2),
        *filters.in_rows(alone[:MOST_WORDS], 2),
        _save(chat, looking, saved),
        () if narrowed or more else (keyboards.go(words._("Live lots"), "auctions"),),
    )


def _why_nothing(chat: Conversation, looking: Looking, asked: str, *, more: bool, saved: bool) -> str:
    _, text = chat.words._, title(asked, chat.words)
    if more and looking.criteria.text:
        return _(
            "Among the lots that end first there is nothing for “{text}”.\nThe site searches all of them.", text=text
        )
    advice = ""
    if saved:
        advice = _("Nothing matches right now. A lot that starts later joins this list when it starts.")
    elif looking.is_narrowed and looking.criteria.is_all:
        advice = _("Nothing matches. Drop a filter.")
    elif looking.is_narrowed:
        advice = _("Nothing matches. Drop a filter, or save the search: I will write when such a lot appears.")
    if advice:
        return f"{listed.head(chat, looking)}\n\n{advice}"
    return _(
        "No live lot matches “{text}”.\nTry another word, or look at all lots. How it works: /help",
        text=text,
    )


def _put(chat: Conversation, looking: Looking, text: str, *rows: Row) -> None:
    """A screen of this list, which says in its button to the site what it is of."""
    saved = keyboards.go(chat.words._("Saved searches"), "searches")
    chat.show(text, *rows, (listed.site_button(chat, looking), saved))
