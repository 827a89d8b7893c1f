"""What the words of a notice are made from, and made into; and which function makes them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from starbid.config import Settings
from starbid.domain.auction import Status
from starbid.domain.money import Money
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.notices.registry import Kind, register, unpack_moment, unpack_money
from starbid.services.ports import Notice
from starbid.services.views import LotView
from starbid.talk_words import until_line
from starbid.telegram import keyboards
from starbid.telegram.card_words import deal_line
from starbid.telegram.deal_buttons import steps_of
from starbid.telegram.html import cut, escape, title
from starbid.telegram.keyboards import Button, Keyboard, Row


@dataclass(frozen=True, slots=True)
class Telling:
    """All that the words of one notice may need. `balance` reads the wallet that it is about, when it is called;
    `own_stars` asks Telegram for the person's own, None without their leave.
    """

    notice: Notice
    view: LotView | None
    words: Language
    settings: Settings
    now: datetime
    balance: Callable[[], Wallet]
    own_stars: Callable[[], Money | None] = lambda: None

    @property
    def lot(self) -> LotView:
        """The lot of a notice about one; raises LookupError where there is none."""
        if self.view is None:
            raise LookupError(f"{self.notice.kind} is about a lot")
        return self.view

    @property
    def title(self) -> str:
        return title(self.lot.lot.card.title, self.words)

    @property
    def facts(self) -> dict[str, Any]:
        return self.notice.facts

    def money(self, fact: str) -> str:
        return self.words.money(unpack_money(self.facts[fact]))

    def at(self, fact: str) -> datetime:
        return unpack_moment(self.facts[fact])

    def moment(self, fact: str) -> str:
        return self.words.moment(self.at(fact))

    @property
    def reason(self) -> str:
        """A line with what an operator gave as the reason; empty where that is nothing."""
        given = str(self.facts["reason"])
        return self.words._("Reason: {reason}", reason=escape(cut(given, 500))) if given else ""


Message = tuple[str, Keyboard]
"""Text (HTML) and keyboard."""
Words = Callable[[Telling], Message]

WORDS: dict[str, Words] = {}
"""The words of each of services.notices.KINDS."""


def says(kind: Kind) -> Callable[[Words], Words]:
    """Of this kind the function makes the words. Raises ValueError where another one does."""
    return lambda words: register(WORDS, kind.name, words)


def with_deadline(t: Telling, text: str) -> str:
    """The text of a notice about a deal, and who has to do what until when and what follows, if it still goes on."""
    deal = t.lot.deal
    if deal is None or not deal.is_open:
        return text
    return f"{text}\n{deal_line(t.lot, deal, t.words, t.now, t.settings.business.deal_times)}"


def with_talk(t: Telling, text: str, keyboard: Keyboard) -> Message:
    """The notice of a deal's end, and until when the two can write to each other."""
    return text + (until_line(t.lot.deal, t.words) if t.lot.deal else ""), keyboard


def about_lot(t: Telling) -> tuple[Row, ...]:
    """The lot, and the menu."""
    lot_id = t.lot.lot.auction.id
    return ((keyboards.lot(t.words._("Open the lot"), lot_id), keyboards.menu(t.words)),)


def about_course(t: Telling) -> tuple[Row, ...]:
    """The same, and hearing no more of it while there is more to hear."""
    if not t.lot.status.is_open:
        return about_lot(t)
    return (*about_lot(t), (keyboards.mute(t.words, t.lot.lot.auction.id, wanted=True),))


def end_line(t: Telling) -> str:
    """When a lot ends that runs, and whether that was moved; empty for another one."""
    auction = t.lot.lot.auction
    if t.lot.status is not Status.LIVE:
        return ""
    time, moment = t.words.time_left(auction.ends_at - t.now), t.words.moment(auction.ends_at)
    if auction.extended_by:
        return t.words._("Extended: {time} left, until {moment}.", time=time, moment=moment)
    return t.words._("It ends in {time}: {moment}.", time=time, moment=moment)


def with_steps(t: Telling) -> Keyboard:
    """What the person can do next about the lot, above the way to it."""
    return steps_of(t.lot, t.words, t.now, t.settings)


def wallet_button(t: Telling) -> Button:
    return keyboards.go(t.words._("Wallet"), "balance")


def offset_button(t: Telling, owed: Money) -> Keyboard:
    """A payment of the debt, or of as much of it as one may bring; the wallet where there can be none."""
    amount = t.settings.business.purchase_of(owed)
    if not amount:
        return ((wallet_button(t), keyboards.menu(t.words)),)
    return (
        (keyboards.top_up(t.words._("Settle {amount}", amount=t.words.money(amount)), amount),),
        (keyboards.menu(t.words),),
    )
