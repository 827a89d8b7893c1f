"""A card that stands in a chat is edited as what it is: a photo with a caption, or a rich message."""

from __future__ import annotations

from collections.abc import Callable

from starbid.domain.auction import Auction
from starbid.services.auctions.bid_history import BidHistory
from starbid.services.ports import ShownCard
from starbid.services.views import LotView
from starbid.telegram.bot_api import BotApi
from starbid.telegram.cards import CardStyle, draw
from starbid.telegram.rich_cards import draw_rich


def edit_shown(
    bot: BotApi, shown: ShownCard, view: LotView, style: CardStyle, newest_bids: Callable[[Auction], BidHistory]
) -> bool:
    """The present state in its place, its photos kept; False where it is gone. Raises what the Bot API raises."""
    if shown.photos is None:
        drawn = draw(view, style)
        return bot.edit_caption(shown.chat_id, shown.message_id, drawn.caption, drawn.keyboard)
    card = draw_rich(view, style, newest_bids(view.lot.auction))
    return bot.edit_rich(shown.chat_id, shown.message_id, card, shown.photos) is not None
