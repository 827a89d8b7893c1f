"""Rating the other side of a deal: stars by a press, words if one likes."""

from __future__ import annotations

from dataclasses import dataclass

from starbid.domain.deal_errors import AlreadyRated
from starbid.domain.deal_ratings import blind_until, require_rating
from starbid.domain.ratings import LEAST_STARS, MOST_STARS, RATING_LENGTH
from starbid.telegram import keyboards
from starbid.telegram.html import title
from starbid.telegram.rating_words import rating_line
from starbid.telegram.updates import Said
from webhook import asking
from webhook.conversation import Conversation
from webhook.questions import Question
from webhook.registry import screens
from webhook.screens.about_lot import deal_of, open_button, view_of

VERBS = [f"rate{stars}" for stars in range(LEAST_STARS, MOST_STARS + 1)]


@dataclass(frozen=True)
class AskRating(Question):
    """The second step of a rating: the words that go with `stars`."""

    name = "rating"
    lot: str
    stars: int

    @property
    def again(self) -> str:
        return f"d:rate{self.stars}:{self.lot}"


def ask(chat: Conversation, auction_id: str) -> None:
    """How many stars?"""
    view = view_of(chat, auction_id)
    require_rating(deal_of(view), chat.person.id)
    stars = tuple(keyboards.step("★" * number, f"rate{number}", auction_id) for number in range(1, MOST_STARS + 1))
    deal = deal_of(view)
    text = chat.words._("How was the deal about “{title}”?", title=title(view.lot.card.title, chat.words))
    if chat.now < blind_until(deal):
        text += "\n" + chat.words._(
            "Your rating appears when the other side has rated too, or automatically: {moment}.",
            moment=chat.words.moment(blind_until(deal)),
        )
    chat.prompt(text, stars[:3], stars[3:], (open_button(chat, view),))


def ask_words(chat: Conversation, auction_id: str, stars: int) -> None:
    """A few words with the stars, or none. Who has rated is told that, before they write any."""
    require_rating(deal_of(view_of(chat, auction_id)), chat.person.id)
    text = chat.words._(
        "{stars}. Add a few words, up to {most} characters, or skip them.",
        stars="★" * stars,
        most=chat.words.number(RATING_LENGTH),
    )
    wordless = keyboards.step(chat.words._("Skip the text"), f"RATE{stars}", auction_id)
    asking.ask(chat, AskRating(auction_id, stars), text, (wordless,))


@screens.answer(AskRating)
def answer_rating(chat: Conversation, question: AskRating, said: Said) -> None:
    rate(chat, question.lot, question.stars, said.text)


def rate(chat: Conversation, auction_id: str, stars: int, text: str = "") -> None:
    """Rated before a crash counts as rated now: the same stars and words are no second rating."""
    try:
        chat.app.dealing.rate(chat.person.id, auction_id, stars, text, chat.now)
    except AlreadyRated:
        deal = chat.app.store.deal(auction_id)
        by_seller = chat.person.id == deal.seller_id
        if not any(r.by_seller is by_seller and (r.stars, r.text) == (stars, text.strip()) for r in deal.ratings):
            raise
    chat.acted = True
    view = view_of(chat, auction_id)
    lines = [
        chat.words._("Thank you for your rating: {stars}.", stars="★" * stars),
        rating_line(view, chat.words, chat.now),
    ]
    chat.say("\n".join(line for line in lines if line), (open_button(chat, view),))
