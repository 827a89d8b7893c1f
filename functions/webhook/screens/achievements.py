"""What a person has achieved, and what comes next."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from starbid.achievement_words import how_far, sentence, title, what_counts
from starbid.domain.achievements.kinds import ACHIEVEMENTS, Key
from starbid.domain.achievements.progress import Standing
from starbid.domain.money import DEFAULT_CURRENCY
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Button, Row
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens

NEXT = 5
"""The nearest ones, with how far they are; of the others the title is enough."""
_SELLING = frozenset({Key.FIRST_LOT, Key.FIRST_SALE, Key.WIDE_RANGE, Key.TEN_SALES, Key.TRUSTED_SELLER})
_DEALING = frozenset({Key.QUICK_HAND, Key.GOOD_WORD, Key.FIVE_STARS})


@screens.command("achievements")
def achievements(chat: Conversation, _rest: str) -> None:
    """Those that they have with their dates, then the nearest with how far they are; nobody else sees it."""
    _show(chat, NEXT)


@screens.press("ac")
def all_of_them(chat: Conversation, args: list[str]) -> None:
    """`all`: what each of the others takes, too."""
    if args != ["all"]:
        raise callback_data.Garbled
    _show(chat, len(ACHIEVEMENTS))


def _show(chat: Conversation, most: int) -> None:
    standings = chat.app.achieving.standings(chat.person)
    earned = [each for each in standings if each.earned_at]
    ahead = standings[len(earned) :]
    blocks = ["\n".join(_head(chat, earned, len(standings)))]
    if ahead:
        blocks.append("\n".join(_ahead(chat, ahead, most)))
    rows = (_ways(chat, ahead[0].key, is_all=most >= len(ahead)),) if ahead else ()
    chat.show("\n\n".join(blocks), *rows, (keyboards.go(chat.words._("Profile"), "profile"),))


def _head(chat: Conversation, earned: Sequence[Standing], total: int) -> list[str]:
    words = chat.words
    count = words._("{have} of {target}", have=len(earned), target=total)
    lines = [f"<b>{words._('Achievements')}</b> · {count}"]
    if not earned:
        lines.append(words._("The first one is a bid away."))
    for each in earned:
        day = words.day(each.earned_at) if each.earned_at else ""
        lines.append(f"🏅 <b>{title(each.key, words)}</b> · {day}")
    return lines


def _ahead(chat: Conversation, ahead: Sequence[Standing], most: int) -> Iterator[str]:
    words, bills = chat.words, chat.app.settings.business.bills
    yield f"<b>{words._('What comes next')}</b>"
    for each in ahead[:most]:
        yield f"<b>{title(each.key, words)}</b> {how_far(each, words)}".rstrip()
        yield sentence(each.key, words)
    if rest := ", ".join(title(each.key, words) for each in ahead[most:]):
        yield "\n" + words._("Further ahead: {titles}.", titles=rest)
    offered = (bills.currency,) if bills.providers else ()
    yield "\n" + what_counts(tuple(dict.fromkeys((DEFAULT_CURRENCY, *offered))), words)


def _ways(chat: Conversation, nearest: Key, *, is_all: bool) -> Row:
    """Where the nearest one is to be had, and what the others take."""
    rest = () if is_all else (Button(chat.words._("All achievements"), "ac:all"),)
    if nearest in _SELLING:
        return (keyboards.go(chat.words._("Sell"), "sell"), *rest)
    if nearest in _DEALING:
        return (keyboards.go(chat.words._("My lots and deals"), "my"), *rest)
    return (keyboards.go(chat.words._("Live lots"), "auctions"), *rest)
