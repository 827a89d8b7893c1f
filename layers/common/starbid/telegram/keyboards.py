"""Inline keyboards as plain data, and what their buttons carry (64 bytes at most)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from urllib.parse import urlencode

from starbid.config import Settings
from starbid.domain.money import DEFAULT_CURRENCY, Money, in_stars
from starbid.i18n import Language

LOGIN_PATH = "/login/telegram"
"""Where the site reads what Telegram tells of who pressed."""


@dataclass(frozen=True, slots=True)
class Button:
    """One button; exactly one of `data`, `url`, `app` (a Mini App's address), `login` (an address that learns from
    Telegram who presses, if they agree) and `pay` is set.
    """

    text: str
    data: str | None = None
    url: str | None = None
    app: str | None = None
    login: str | None = None
    pay: bool = False

    @property
    def acts(self) -> bool:
        """False for a button that came from elsewhere and is of no kind of ours."""
        return bool(self.data or self.url or self.app or self.login or self.pay)


Row = tuple[Button, ...]
Keyboard = tuple[Row, ...]


def go(text: str, command: str) -> Button:
    """A button that does what the command does."""
    return Button(text, f"go:{command}")


def menu(words: Language) -> Button:
    """The way back, on every screen."""
    return go(words._("Menu"), "menu")


def site(text: str, path: str, settings: Settings) -> Button:
    """A page of the site: as a Mini App where Telegram allows it (https), in the browser elsewhere."""
    url = settings.base_url + path
    return Button(text, app=url) if settings.base_url.startswith("https://") else Button(text, url=url)


def logged_in(text: str, path: str, settings: Settings) -> Button:
    """A page of the site (`path`, one of ours) in the browser, logged in as who presses; a plain link without https."""
    if not settings.base_url.startswith("https://"):
        return Button(text, url=settings.base_url + path)
    return Button(text, login=f"{settings.base_url}{LOGIN_PATH}?{urlencode({'next': path})}")


def without_logins(keyboard: Keyboard) -> Keyboard:
    """The same with plain links to the same addresses: the site leads on, and logs nobody in."""
    return tuple(tuple(replace(one, login=None, url=one.login or one.url) for one in row) for row in keyboard)


def lot(text: str, auction_id: str) -> Button:
    """Opens a lot's card."""
    return Button(text, f"o:{auction_id}")


def photo(text: str, auction_id: str, number: int) -> Button:
    """Puts another photo of a lot, from 0 on, into its card."""
    return Button(text, f"ph:{auction_id}:{number}")


def watch(text: str, auction_id: str, *, wanted: bool) -> Button:
    """Puts a lot on the watch list (`wanted`) or takes it off."""
    return Button(text, f"w:{auction_id}:{int(wanted)}")


def found(text: str, search_id: str) -> Button:
    """The lots that a saved search finds now."""
    return Button(text, f"ss:open:{search_id}")


def stop_search(text: str, search_id: str) -> Button:
    """Nothing is told of a saved search any more."""
    return Button(text, f"ss:stop:{search_id}")


def mute(words: Language, auction_id: str, *, wanted: bool) -> Button:
    """Of this lot the person hears no more than they have to (`wanted`), or everything again."""
    text = words._("Mute this lot") if wanted else words._("Unmute this lot")
    return Button(text, f"mute:{auction_id}:{int(wanted)}")


def notices(text: str, auction_id: str) -> Button:
    """What the person hears of a lot, and changing it."""
    return Button(text, f"mute:{auction_id}")


def watched(text: str, start: str) -> Button:
    """The watch list from `start` on."""
    return Button(text, f"wl:{start}")


def about(text: str, auction_id: str) -> Button:
    """The rules of a lot, or why it cost what it did."""
    return Button(text, f"k:{auction_id}")


def ask_about(text: str, auction_id: str) -> Button:
    """Asks the AI helper about a lot."""
    return Button(text, f"ai:lot:{auction_id}")


def help_reply(text: str, auction_id: str) -> Button:
    """Has the AI helper draft what a seller answers to a dispute."""
    return Button(text, f"ai:reply:{auction_id}")


def report(text: str, auction_id: str) -> Button:
    """Asks what is wrong with a lot."""
    return Button(text, f"rp:{auction_id}")


def bid(text: str, auction_id: str, amount: Money, version: int) -> Button:
    """Bids `amount` on the lot as the person saw it (`version`)."""
    return Button(text, f"b:{auction_id}:{amount.amount}:{version}")


def post_bid(text: str, auction_id: str, amount: Money, version: int) -> Button:
    """Bids `amount` on the lot as a post in a group or channel shows it (`version`), for anybody who presses it."""
    return Button(text, f"gb:{auction_id}:{amount.amount}:{version}")


def sure_bid(text: str, auction_id: str, amount: Money, version: int) -> Button:
    """A bid that has been asked back once."""
    return Button(text, f"B:{auction_id}:{amount.amount}:{version}")


def maximum(text: str, auction_id: str, version: int) -> Button:
    """Asks for an amount; `version` is that of the words and pictures that the person saw."""
    return Button(text, f"m:{auction_id}:{version}")


def buy(text: str, auction_id: str, price: Money, version: int) -> Button:
    """Buys at the price as the person saw it; `version` is that of the words and pictures that they saw."""
    return Button(text, f"n:{auction_id}:{price.amount}:{version}")


def stars(text: str, amount: Money) -> Button:
    """Sends an invoice for exactly this. Raises CurrencyMismatch for other money."""
    return Button(text, f"buy:{in_stars(amount)}")


def top_up(text: str, amount: Money) -> Button:
    """Brings exactly this: an invoice in Stars, or a bill in another currency."""
    return stars(text, amount) if amount.currency == DEFAULT_CURRENCY else Button(text, f"t:{sum_data(amount)}")


def sum_data(amount: Money) -> str:
    """A sum on a button: of Stars the number alone, `50000RUB` of other money, in minor units."""
    return f"{amount.amount}" if amount.currency == DEFAULT_CURRENCY else named_sum(amount)


def named_sum(amount: Money) -> str:
    """A sum that names its currency, Stars too (`500XTR`), in minor units."""
    return f"{amount.amount}{amount.currency}"


def pay_subscription(text: str, request_id: str) -> Button:
    """Pays for 30 days from the wallet, once for each `request_id` (letters and digits)."""
    return Button(text, f"sub:pay:{request_id}")


def subscription_link(text: str) -> Button:
    """Makes a link to an invoice that Telegram renews."""
    return Button(text, "sub:link")


def edit(words: Language, auction_id: str) -> Button:
    """Opens a lot that nobody has bid on as a draft."""
    return Button(words._("Edit"), f"sl:e:{auction_id}")


def another(words: Language, auction_id: str) -> Button:
    """A draft with the words and pictures of a lot."""
    return Button(words._("Sell another like this"), f"sl:a:{auction_id}")


def address(words: Language, auction_id: str) -> Button:
    """To the seller: where a lot goes."""
    return Button(words._("Show the address"), f"ad:where:{auction_id}")


def write_to(text: str, auction_id: str) -> Button:
    """Asks for a message to the other side of a deal."""
    return Button(text, f"dm:say:{auction_id}")


def answer_to(text: str, auction_id: str) -> Button:
    """The same, below what stands in the conversation: a reply to the message with this button goes into it, too."""
    return Button(text, f"dm:re:{auction_id}")


def messages(text: str, auction_id: str) -> Button:
    """What the two sides of a deal have written to each other."""
    return Button(text, f"dm:list:{auction_id}")


def step(text: str, verb: str, auction_id: str) -> Button:
    """A step of a deal or of a lot's owner: `deliver`, `confirm`, `back`, `read`, `cancel`; capitals are sure."""
    return Button(text, f"d:{verb}:{auction_id}")
