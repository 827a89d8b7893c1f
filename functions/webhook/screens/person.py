"""The profile: who one is to others."""

from __future__ import annotations

from starbid.domain.achievements.kinds import Key
from starbid.domain.ratings import Rating
from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button
from starbid.telegram.rating_words import as_buyer, as_seller, quoted_rating
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens.subscription import subscription_line

SHOWN_REVIEWS, REVIEW_UNITS = 3, 300


@screens.command("profile")
def profile(chat: Conversation, _rest: str) -> None:
    """The name, since when, what others think of them, and the last things that buyers said."""
    words, person, go = chat.words, chat.person, keyboards.go
    lines = [
        f"<b>{escape(person.name)}</b>",
        words._("On Starbid since {year}.", year=person.joined_at.astimezone(words.zone).year),
        words._("As a seller: {standing}", standing=as_seller(person.reputation, words)),
        words._("As a buyer: {standing}", standing=as_buyer(person.reputation, words)),
        subscription_line(chat),
        words._("Achievements: {n} of {all}", n=chat.app.achieving.earned(person.id), all=len(Key)),
        *_reviews(chat),
    ]
    _ = words._
    chat.show(
        "\n".join(lines),
        (go(_("My lots and deals"), "my"), go(_("My bids"), "bids")),
        (go(_("Achievements"), "achievements"), go(_("My account"), "status")),
        (go(_("Settings"), "settings"),),
        (*_public_page(chat), keyboards.site(_("Profile on the site"), "/profile", chat.app.settings)),
    )


def _reviews(chat: Conversation) -> list[str]:
    """What buyers wrote last, as their public page shows it; nothing is read for who was never rated."""
    if not chat.person.reputation.seller_ratings:
        return []
    reviews = chat.app.reviews.latest(chat.person, limit=SHOWN_REVIEWS).items
    shown = [_review(review.rating) for review in reviews]
    return ["", chat.words._("What buyers say:"), *shown] if shown else []


def _review(rating: Rating) -> str:
    said = f" {quoted_rating(rating, REVIEW_UNITS)}" if rating.text else ""
    return f"{'★' * rating.stars}{said}"


def _public_page(chat: Conversation) -> tuple[Button, ...]:
    """Who has never sold has none that others see."""
    person = chat.person
    if not (person.public_id and person.reputation.sold):
        return ()
    return (keyboards.site(chat.words._("Your public page"), f"/u/{person.public_id}", chat.app.settings),)
