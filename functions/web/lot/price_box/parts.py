"""What a price box is made of."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime

from starbid.domain.money import DEFAULT_CURRENCY, Money
from starbid.domain.people import Person
from starbid.domain.unfinished import Act
from starbid.domain.wallet import Wallet
from web.shared.steps import Note, Step


@dataclass(frozen=True)
class Viewer:
    """Who looks at the lot: nobody (`person` None), or somebody with the wallet in the lot's currency."""

    person: Person | None
    wallet: Wallet | None

    @property
    def stars(self) -> Wallet | None:
        """The wallet, where it is the one that each page shows."""
        return self.wallet if self.wallet and self.wallet.currency == DEFAULT_CURRENCY else None


@dataclass(frozen=True)
class Typed:
    """What a refused form held: the amount as typed, the sentence, and what is missing where it is money, for which
    act.
    """

    amount: str = ""
    fault: str = ""
    missing: Money | None = None
    unusual: Money | None = None
    act: Act | None = None


@dataclass(frozen=True)
class Fact:
    text: str
    tone: str = ""


@dataclass(frozen=True)
class BidForm:
    """The field for one's own amount, called `name`. `least` as one types it; `folded`: behind a button."""

    label: str
    button: str
    least: str
    explains: str
    inputmode: str
    name: str
    folded: bool = True


@dataclass(frozen=True)
class Fall:
    """A price that falls by itself: when next (None: not any more) and to what, and the rule in a sentence."""

    at: datetime | None
    to: Money | None
    text: str


@dataclass(frozen=True)
class PriceBox:
    """`stopped`: the time that is left while all lots are paused, and no clock runs. `act_key` names the situation: the
    part with the forms is replaced only where it changes.
    """

    price: Money
    means: str
    clock: datetime | None
    clock_means: str
    stopped: str
    facts: tuple[Fact, ...]
    hints: tuple[Note, ...]
    banner: Note | None
    one_tap: Money | None
    least: Money | None
    form: BidForm | None
    steps: tuple[Step, ...]
    wallet: Wallet | None
    act_key: str
    polls: int
    tag: str
    deal_version: int
    card_version: int
    bar: Bar | None = None
    aside: Aside | None = None
    fall: Fall | None = None
    typed: str = ""
    fault: str = ""
    unusual: Money | None = None
    unusual_text: str = ""
    unusual_button: str = ""


@dataclass(frozen=True)
class Bar:
    """What stays at the bottom of a phone. `button` names what the whole box is opened for; `again` is the bid by which
    one who was outbid leads again.
    """

    means: str
    tone: str
    button: str
    again: Money | None


@dataclass(frozen=True)
class Aside:
    """How one stands, for the tab of a page that nobody looks at; None where one has no part in the lot."""

    text: str
    tone: str


@dataclass(frozen=True)
class ViewerState:
    """The part of the box that depends on who looks.

    `facts` stand beside the price, after those that everybody is told. `stands`, with its tone, is how they stand in a
    word or two, `opens` what they can do in one; both are empty where there is nothing to say.
    """

    key: str
    banner: Note | None = None
    one_tap: Money | None = None
    form: BidForm | None = None
    steps: tuple[Step, ...] = field(default_factory=tuple)
    facts: tuple[Fact, ...] = ()
    stands: str = ""
    tone: str = ""
    opens: str = ""
