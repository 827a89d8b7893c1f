"""A lot as a card in the chat: caption and keyboard, the same wherever it stands (design: "In the chat")."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from starbid import links
from starbid.config import Settings
from starbid.domain.auction import Auction, Status
from starbid.domain.changing import may_change
from starbid.domain.money import Money
from starbid.domain.second_chance_offer import OfferState
from starbid.i18n import Language
from starbid.services.ports import Look, Place
from starbid.services.views import LotView
from starbid.telegram import keyboards
from starbid.telegram.card_words import facts_line, falling_line, price_line, standing, time_line
from starbid.telegram.deal_buttons import deal_rows, help_rows
from starbid.telegram.html import cut, escape, one_line, parsed_units
from starbid.telegram.keyboards import Button, Keyboard, Row
from starbid.telegram.kind_words import words_of
from starbid.telegram.rating_words import rating_line
from starbid.wording import came_back

TITLE_UNITS = 160
DESCRIPTION_UNITS = 300
LEAST_UNITS = 20
"""Of a description: less says nothing."""
VISIBLE_UNITS = 1000
FIVE = 5


@dataclass(frozen=True, slots=True)
class Drawn:
    caption: str
    keyboard: Keyboard


@dataclass(frozen=True, slots=True)
class CardStyle:
    """What a card depends on besides the lot."""

    words: Language
    now: datetime
    settings: Settings
    look: Look


def draw(view: LotView, style: CardStyle) -> Drawn:
    """Caption (under 1024 units, HTML) and keyboard of a lot for the one who looks."""
    return Drawn(_caption(view, style), _keyboard(view, style))


def bid_amounts(auction: Auction, next_min: Money) -> tuple[Money, Money]:
    """What one step and five steps more would bid now."""
    step = auction.terms.step(auction.price)
    return next_min, Money(next_min.amount + (FIVE - 1) * step.amount, next_min.currency)


def card_title(view: LotView) -> str:
    """Plain text."""
    return cut(one_line(view.lot.card.title), TITLE_UNITS)


def _caption(view: LotView, style: CardStyle) -> str:
    lines = [f"<b>{escape(card_title(view))}</b>", price_line(view, style.words, style.now), *told(view, style)]
    return described("\n".join(lines), view.lot.card.description)


def described(shown: str, description: str, taken: int = 0) -> str:
    """A caption, and below it as much of the description as there is room for; `taken`: units of what follows."""
    room = min(DESCRIPTION_UNITS, VISIBLE_UNITS - parsed_units(shown) - taken)
    text = cut(one_line(description), room) if room > LEAST_UNITS else ""
    return f"{shown}\n\n{escape(text)}" if text else shown


def told(view: LotView, style: CardStyle) -> list[str]:
    """What a card says below title and price, line by line, in Telegram's HTML."""
    words, auction, times = style.words, view.lot.auction, style.settings.business.deal_times
    lines = [
        time_line(view, words, style.now),
        facts_line(view, words),
        falling_line(view, words),
        standing(view, words, style.now, times, bidding=style.look.bidding),
        "" if view.fell_through else came_back(view, words),
        rating_line(view, words, style.now),
        _chance_line(view, style),
    ]
    if view.status is Status.LIVE and auction.extended_by:
        lines.append(
            words._(
                "Extended by {time}: a bid in the last minutes adds time.", time=words.time_left(auction.extended_by)
            )
        )
    return [line for line in lines if line]


def _chance_line(view: LotView, style: CardStyle) -> str:
    """What followed a refund, for the seller and for the runner-up."""
    words, made = style.words, view.lot.auction.offer
    if view.is_seller and view.lot.auction.relisted:
        return words._("You have relisted it.")
    if made is None:
        return ""
    price, until = words.money(made.price), words.moment(made.until)
    if view.lot.auction.offer_to(view.viewer_id, style.now):
        return words._("The seller offers it to you for {price}, until {moment}.", price=price, moment=until)
    if not view.is_seller:
        over = made.to_id == view.viewer_id and made.standing(style.now) == OfferState.EXPIRED
        return words._("The seller's offer to you has expired.") if over else ""
    match made.standing(style.now):
        case OfferState.OPEN:
            return words._("Offered to the next bidder for {price}, until {moment}.", price=price, moment=until)
        case OfferState.ACCEPTED:
            return words._("The next bidder bought it for {price}.", price=price)
        case _:
            return words._("The next bidder did not buy it.")


def _keyboard(view: LotView, style: CardStyle) -> Keyboard:
    return (*acting_rows(view, style), *way_rows(view, style, _photo_rows(view, style)))


def acting_rows(view: LotView, style: CardStyle) -> Keyboard:
    """What can be done about the lot: bids, steps of its owner and of its deal."""
    words, lot_id = style.words, view.lot.auction.id
    rows: list[Row] = [*_bid_rows(view, words), *_owner_rows(view, words, style.settings, style.now)]
    rows += deal_rows(view, words, style.now, style.settings.business.deal_times)
    rows += help_rows(view, words, style.settings)
    rows += [(keyboards.another(words, lot_id),)] if view.is_seller else []
    return tuple(rows)


def way_rows(view: LotView, style: CardStyle, photos: Sequence[Row] = ()) -> Keyboard:
    """The ways from the lot to elsewhere, and to its photos where the card shows one at a time."""
    words, lot_id = style.words, view.lot.auction.id
    rows: list[Row] = []
    site = keyboards.site(words._("Open on the site"), f"/auction/{lot_id}", style.settings)
    watch = _watch_button(view, style)
    rows.append((watch, site) if watch else (site,))
    rows += [*_more_rows(view, style), *photos]
    if style.look.place and style.look.place.total > 1:
        rows.append(_paging(style.look.place, lot_id, words))
    return tuple(rows)


def _more_rows(view: LotView, style: CardStyle) -> list[Row]:
    about, notices, menu = _about(view, style.words), _notices(view, style), keyboards.menu(style.words)
    ask = _ask(view, style)
    return [(*about, *ask), (*notices, menu)] if ask else [(*about, *notices, menu)]


def _ask(view: LotView, style: CardStyle) -> Row:
    """The AI helper, for everybody but the seller, while there is something to win."""
    if view.is_seller or not view.status.is_open or not style.settings.business.assistant.is_offered:
        return ()
    return (keyboards.ask_about(style.words._("Ask about the lot"), view.lot.auction.id),)


def _about(view: LotView, words: Language) -> Row:
    """The rules of its kind while there is something to win, then the reason of its price."""
    match view.status:
        case Status.SCHEDULED | Status.LIVE:
            return (keyboards.about(words._("The rules"), view.lot.auction.id),)
        case Status.SOLD:
            return (keyboards.about(words._("Why this price"), view.lot.auction.id),)
        case _:
            return ()


def _notices(view: LotView, style: CardStyle) -> Row:
    """For those who are told of the lot while it is open."""
    if not view.status.is_open or not (view.is_seller or style.look.bidding or style.look.watching):
        return ()
    return (keyboards.notices(style.words._("Notices"), view.lot.auction.id),)


def _watch_button(view: LotView, style: CardStyle) -> Button | None:
    """For everybody but the seller, while the lot is open; on one that is over only to take it off the list."""
    words, lot_id = style.words, view.lot.auction.id
    if style.look.watching and not view.is_seller:
        return keyboards.watch(words._("In favourites ✓"), lot_id, wanted=False)
    if style.look.watching is None or view.is_seller or not view.status.is_open:
        return None
    return keyboards.watch(words._("Add to favourites"), lot_id, wanted=True)


def _bid_rows(view: LotView, words: Language) -> list[Row]:
    """Row 1 one and five steps more with the amounts, row 2 own maximum and buy-now; as far as the kind has them."""
    auction = view.lot.auction
    if not view.may_bid:
        return []
    seen = view.lot.auction.card_version
    second = [keyboards.maximum(words_of(view).ask_label(view, words), auction.id, seen)] if view.next_min_bid else []
    if view.buy_now_price:
        text = words._("Buy the lot for {price}", price=words.money(view.buy_now_price))
        second.append(keyboards.buy(text, auction.id, view.buy_now_price, seen))
    if view.you_lead or view.next_min_bid is None or not words_of(view).one_tap:
        return [tuple(second)]
    amounts = bid_amounts(auction, view.next_min_bid)
    first = tuple(keyboards.bid(words.money(amount), auction.id, amount, auction.version) for amount in amounts)
    return [first, tuple(second)]


def _owner_rows(view: LotView, words: Language, settings: Settings, now: datetime) -> list[Row]:
    auction = view.lot.auction
    if not view.is_seller or not view.status.is_open:
        return []
    share = links.share(links.to_lot(settings.bot_username, auction.id), view.lot.card.title)
    rows: list[Row] = [(Button(words._("Share"), url=share),)]
    if may_change(auction, view.viewer_id, now):
        rows.append((keyboards.edit(words, auction.id), keyboards.step(words._("Withdraw"), "cancel", auction.id)))
    return rows


def _photo_rows(view: LotView, style: CardStyle) -> list[Row]:
    """Which photo it is, and the way to the others, where there are others."""
    lot, count = view.lot.auction.id, len(view.lot.card.pictures)
    if count < 2:
        return []
    at = style.look.photo % count
    shown = style.words._("Photo {number}/{count}", number=at + 1, count=count)
    before, after = (at - 1) % count, (at + 1) % count
    return [(keyboards.photo("‹", lot, before), keyboards.photo(shown, lot, at), keyboards.photo("›", lot, after))]


def _paging(place: Place, lot_id: str, words: Language) -> Row:
    """The way to the lots beside it, and to the list that they are in."""
    last = place.total - 1
    before, after = place.number - 2, place.number
    total = f"{place.total}+" if place.more else str(place.total)
    return (
        Button("‹", f"p:{before if before >= 0 else last}:{lot_id}"),
        Button(f"{place.number}/{total}", f"p:{place.number - 1}:{lot_id}"),
        Button("›", f"p:{after if after <= last or place.more else 0}:{lot_id}"),
        Button(words._("List"), "f:l"),
    )
