"""What a person may still ask the helper, and what more of it costs, in words for chat and site. Plain text."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from starbid.domain.assistant.terms import AssistantTerms, PackOffer
from starbid.domain.money import stars
from starbid.i18n import Language
from starbid.services.assistant.asking import Standing


@dataclass(frozen=True, slots=True)
class AnswersLeft:
    """So many from one source; they lapse at `until`."""

    text: str
    until: datetime | None = None


def answers_left(standing: Standing, terms: AssistantTerms, words: Language) -> tuple[AnswersLeft, ...]:
    """What there is, in the order in which it is used; one that says so where there is nothing."""
    told = list[AnswersLeft]()
    if standing.trial and standing.trial.left:
        text = words.ngettext("{n} free answer", "{n} free answers", standing.trial.left)
        told.append(AnswersLeft(text, standing.trial.until))
    if standing.quota and standing.quota.left:
        text = words.ngettext(
            "{n} answer of your subscription", "{n} answers of your subscription", standing.quota.left
        )
        told.append(AnswersLeft(text, standing.quota.until))
    if standing.credits:
        told.append(AnswersLeft(words.ngettext("{n} answer from packs", "{n} answers from packs", standing.credits)))
    return tuple(told) or (AnswersLeft(_nothing(standing, terms, words)),)


def left_lines(standing: Standing, terms: AssistantTerms, words: Language) -> tuple[str, ...]:
    """The same as lines of a message."""
    return tuple(_line(each, words) for each in answers_left(standing, terms, words))


def _line(left: AnswersLeft, words: Language) -> str:
    if left.until is None:
        return left.text
    return words._("{answers} until {moment}", answers=left.text, moment=words.moment(left.until))


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
    fraction = words.decimal(f".{rest:02}".rstrip("0")) if rest else ""
    return words._("{price} each", price=f"{words.money(stars(whole))}{fraction}")


def _nothing(standing: Standing, terms: AssistantTerms, words: Language) -> str:
    if standing.may_try:
        return words.ngettext("{n} answer is free to try", "{n} answers are free to try", terms.trial_messages)
    return words._("No answers left")
