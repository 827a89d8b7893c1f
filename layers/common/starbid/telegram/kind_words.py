"""What the chat says and asks of a lot where that depends on its kind. A new kind has its line in `KIND_WORDS`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from starbid.domain.auction import Status
from starbid.domain.money import Money
from starbid.i18n import Language
from starbid.services.views import LotView
from starbid.telegram.html import title


class KindWords:
    """Those of a price that rises by bids which everybody sees; the other ways to sell say some of it differently."""

    one_tap = True
    """A button that bids an amount by itself, beside the one that asks for it."""

    def price(self, view: LotView, words: Language, now: datetime) -> str:
        """What the price of a live lot is, and of one that is closing."""
        return words._("current bid") if view.auction.bids_count else words._("start price")

    def count(self, view: LotView, words: Language) -> str:
        """How many have bid; empty where nobody bids."""
        return words.ngettext("{n} bid", "{n} bids", view.auction.bids_count)

    def rule(self, view: LotView, words: Language) -> str:
        """How the price of an open lot goes on by itself; empty where it does not."""
        return ""

    def standing(self, view: LotView, words: Language, *, bidding: bool) -> str:
        """How one who may bid on a live lot stands. `bidding`: they have bid."""
        if view.you_lead and view.your_maximum:
            return words._("🟢 You lead. Your maximum is {maximum}.", maximum=words.money(view.your_maximum))
        return words._("🟠 You were outbid.") if bidding else ""

    def ask_label(self, view: LotView, words: Language) -> str:
        """The button that asks for an amount."""
        return words._("Raise my maximum") if view.you_lead else words._("Set a maximum")

    def question(self, view: LotView, least: Money, words: Language) -> str:
        """Asks for an amount."""
        return words._(
            "Your maximum for “{title}”? Send a number from {least} up.\nWe bid for you step by step, just "
            "enough to keep you in the lead. The whole maximum is frozen while you lead. To cancel: /cancel",
            title=title(view.lot.card.title, words),
            least=words.money(least),
        )

    def held(self, words: Language) -> str:
        """What a bid that looks like a slip of the finger would bind."""
        return words._("The whole amount will be frozen while you lead.")


class FallingWords(KindWords):
    """The price falls by the clock; nobody bids."""

    one_tap = False

    def price(self, view: LotView, words: Language, now: datetime) -> str:
        if view.status is not Status.LIVE:
            return words._("start price")
        falls_at = view.kind.next_fall(view.auction, now)
        if falls_at is None:
            return words._("lowest price")
        return words._("current price, drops in {time}", time=words.time_left(falls_at - now))

    def count(self, view: LotView, words: Language) -> str:
        return ""

    def rule(self, view: LotView, words: Language) -> str:
        falls = view.kind.descent(view.auction.terms)
        assert falls is not None
        drop, every, floor = words.money(falls.drop), words.every(falls.every), words.money(falls.floor)
        return words._("Drops by {drop} {every}, down to {floor}.", drop=drop, every=every, floor=floor)


class SealedWords(KindWords):
    """Bids are hidden until the end, and each of them is held."""

    one_tap = False

    def price(self, view: LotView, words: Language, now: datetime) -> str:
        return words._("start price")

    def standing(self, view: LotView, words: Language, *, bidding: bool = False) -> str:
        """One's own sealed bid, or that bids are hidden."""
        if view.your_maximum is None:
            return words._("Bids are hidden until the end.")
        return words._("🔒 Your sealed bid: {amount}, frozen until the end.", amount=words.money(view.your_maximum))

    def ask_label(self, view: LotView, words: Language) -> str:
        return words._("Raise my bid") if view.your_maximum else words._("Place a sealed bid")

    def question(self, view: LotView, least: Money, words: Language) -> str:
        name = title(view.lot.card.title, words)
        asked = words._(
            "Your sealed bid for “{title}”? Send a number from {least} up.", title=name, least=words.money(least)
        )
        held = words._("Nobody sees it before the end; the whole amount is frozen until then. To cancel: /cancel")
        standing = [self.standing(view, words)] if view.your_maximum else []
        costs = [words.say(view.kind.pays)] if view.kind.pays else []
        return "\n".join((asked, *standing, *costs, held))

    def held(self, words: Language) -> str:
        return words._("The whole amount will be frozen until the end; a sealed bid can be raised but not lowered.")


KIND_WORDS: Final[Mapping[str, KindWords]] = {
    "english": KindWords(),
    "dutch": FallingWords(),
    "sealed": SealedWords(),
    "vickrey": SealedWords(),
}


def words_of(view: LotView) -> KindWords:
    """What the kind of this lot says."""
    return KIND_WORDS[view.kind.name]
