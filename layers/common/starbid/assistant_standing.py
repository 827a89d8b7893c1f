"""What a person may still ask the helper, and what more of it costs, in words for chat and site. Plain text."""

from __future__ import annotations

from starbid.domain.assistant.terms import AssistantTerms, PackOffer
from starbid.domain.money import stars
from starbid.i18n import Language
from starbid.services.assistant.asking import Standing


def left_lines(standing: Standing, terms: AssistantTerms, words: Language) -> tuple[str, ...]:
    """A line for each source of answers that are left, in the order of use; one that says so where nothing is."""
    lines = []
    if standing.trial and standing.trial.left:
        moment = words.moment(standing.trial.until)
        lines.append(
            words.ngettext(
                "Free trial: {n} answer left, until {moment}.",
                "Free trial: {n} answers left, until {moment}.",
                standing.trial.left,
                moment=moment,
            )
        )
    if standing.quota and standing.quota.left:
        moment = words.moment(standing.quota.until)
        lines.append(
            words.ngettext(
                "With the subscription: {n} answer left, until {moment}.",
                "With the subscription: {n} answers left, until {moment}.",
                standing.quota.left,
                moment=moment,
            )
        )
    if standing.credits:
        lines.append(
            words.ngettext(
                "Bought: {n} answer left, to use at any time.",
                "Bought: {n} answers left, to use at any time.",
                standing.credits,
            )
        )
    return tuple(lines) or (_nothing(standing, terms, words),)


def trial_words(terms: AssistantTerms, words: Language) -> str:
    """What the free trial is."""
    answers = words.ngettext("{n} answer", "{n} answers", terms.trial_messages)
    days = words.ngettext("{n} day", "{n} days", terms.trial_days)
    return words._("Free trial: {answers}, {days}", answers=answers, days=days)


def pack_words(offer: PackOffer, words: Language) -> str:
    """A pack with its price, as on the button that chooses it."""
    answers = words.ngettext("{n} answer", "{n} answers", offer.credits)
    return words._("{answers} for {price}", answers=answers, price=words.money(offer.price))


def price_each(offer: PackOffer, words: Language) -> str:
    """The price of one answer of a pack, to a hundredth: no sum that anybody pays."""
    hundredths = -(-offer.stars * 100 // offer.credits)
    whole, rest = divmod(hundredths, 100)
    mark = "," if words.code == "ru" else "."
    fraction = f"{mark}{rest:02}".rstrip("0") if rest else ""
    return words._("{price} each", price=f"{words.money(stars(whole))}{fraction}")


def _nothing(standing: Standing, terms: AssistantTerms, words: Language) -> str:
    if standing.may_try:
        return words.ngettext("{n} answer is free to try.", "{n} answers are free to try.", terms.trial_messages)
    return words._("No answers are left.")
