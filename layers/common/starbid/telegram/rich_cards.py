"""A lot as a rich message: the card of `cards.py` with all photos, a table of prices, and the bids so far.

It says the same in the same words and has the same buttons, so that either may stand in a chat.
"""

from __future__ import annotations

from starbid.domain.auction import BidKind
from starbid.i18n import Language, capital
from starbid.services.auctions.bid_history import BidHistory
from starbid.services.views import LotView, ShownBid
from starbid.telegram import rich_blocks
from starbid.telegram.card_words import price_meaning
from starbid.telegram.cards import DESCRIPTION_UNITS, CardStyle, acting_rows, card_title, told, way_rows
from starbid.telegram.html import plain, units
from starbid.telegram.rich_blocks import Block, Cells, RichCard

SHOWN_BIDS = 10
MOST_PARAGRAPHS = 60
"""Of a description. What follows in more lines is one more paragraph."""


def draw_rich(view: LotView, style: CardStyle, history: BidHistory) -> RichCard:
    """The card of a lot for the one who looks. `history` has the newest bids that everybody may know."""
    actions = tuple(rich_blocks.buttons(row) for row in acting_rows(view, style) if row)
    blocks = (
        rich_blocks.heading(card_title(view), 3),
        rich_blocks.table(_prices(view, style)),
        *(rich_blocks.paragraph(plain(line)) for line in told(view, style)),
        *actions,
        *_description(view, style.words),
        *_bids(view, style.words, history),
    )
    return RichCard(blocks, tuple(row for row in way_rows(view, style) if row))


def _prices(view: LotView, style: CardStyle) -> list[Cells]:
    words = style.words
    rows = [(price_meaning(view, words, style.now), words.money(view.price))]
    if view.may_bid and view.next_min_bid and not view.kind.is_sealed:
        rows.append((words._("next bid from"), words.money(view.next_min_bid)))
    if view.buy_now_price and not view.kind.falls:
        rows.append((words._("buy it now"), words.money(view.buy_now_price)))
    return [(capital(what), rich_blocks.bold(price)) for what, price in rows]


def _description(view: LotView, words: Language) -> list[Block]:
    """As long as on any other card it can be read at once."""
    said = view.lot.card.description
    lines = [line for each in said.splitlines() if (line := " ".join(each.split()))]
    if not lines:
        return []
    rest = " ".join(lines[MOST_PARAGRAPHS:])
    paragraphs = [rich_blocks.paragraph(line) for line in (*lines[:MOST_PARAGRAPHS], rest) if line]
    return [rich_blocks.details(words._("About the lot"), paragraphs, is_open=units(said) <= DESCRIPTION_UNITS)]


def _bids(view: LotView, words: Language, history: BidHistory) -> list[Block]:
    """Nothing while bids are hidden, and of a lot that is bought by the first who wants it."""
    if not history.bids or view.kind.falls:
        return []
    amount = words._("Amount") if view.kind.is_sealed else words._("Price")
    head = (words._("Bidder"), amount, words._("When"))
    rows = [_bid(view, bid, words, history) for bid in history.bids]
    return [rich_blocks.details(words._("Bid history"), [rich_blocks.table(rows, head)])]


def _bid(view: LotView, bid: ShownBid, words: Language, history: BidHistory) -> Cells:
    price = words.money(bid.price) if bid.price else words._("the amount stays hidden")
    told_price = words._("{price}, bought", price=price) if bid.kind is BidKind.BUY else price
    return (_who(view, bid, words, history), told_price, words.moment(bid.placed_at))


def _who(view: LotView, bid: ShownBid, words: Language, history: BidHistory) -> str:
    if bid.bidder_id == view.viewer_id:
        return words._("You")
    number = history.numbers.get(bid.bidder_id)
    return words._("Bidder {n}", n=number) if number else bid.bidder
