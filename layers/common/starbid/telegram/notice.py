"""What the words of a notice are made from, and made into."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from starbid.config import Settings
from starbid.domain.wallet import Wallet
from starbid.i18n import Language
from starbid.services.notices import unpack
from starbid.services.ports import Notice
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.deal_buttons import steps_of
from starbid.telegram.html import title
from starbid.telegram.keyboards import Keyboard, Row


@dataclass(frozen=True, slots=True)
class Telling:
    """All that the words of one notice may need. `balance` reads the wallet that it is about, when it is called."""

    notice: Notice
    view: LotView | None
    words: Language
    settings: Settings
    now: datetime
    balance: Callable[[], Wallet]

    @property
    def lot(self) -> LotView:
        """The lot of a notice about one; raises LookupError where there is none."""
        if self.view is None:
            raise LookupError(f"{self.notice.kind} is about a lot")
        return self.view

    @property
    def title(self) -> str:
        return title(self.lot.lot.card.title, self.words)

    def money(self, fact: str) -> str:
        return self.words.money(unpack(self.notice.facts[fact]))


Message = tuple[str, Keyboard]


def about_lot(t: Telling) -> tuple[Row, ...]:
    """The lot, and the menu."""
    lot_id = t.lot.lot.auction.id
    return ((keyboards.lot(t.words._("Open the lot"), lot_id), keyboards.menu(t.words)),)


def with_steps(t: Telling) -> Keyboard:
    """What the person can do next about the lot, above the way to it."""
    return steps_of(t.lot, t.words, t.now, t.settings)
