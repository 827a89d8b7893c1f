"""What in a message leads away from Starbid, or may: its receiver is warned, and nothing of it is changed.

It errs on the side of the warning, as a number can be that of a parcel. It is judged by what a reader sees: characters
that show nothing split no link, and wide or styled letters are letters.
"""

from __future__ import annotations

import re
import unicodedata

from starbid.domain.texts import is_steering, without_unseen

_ENDS = (
    "app|biz|by|cc|club|co|com|de|dev|eu|gg|info|io|kz|link|ly|me|net|online|org|pro|ru|shop|site|store|su|tk|top|ua|uk|"
    "us|xyz|рф|рус|онлайн"
)
_LINK = re.compile(rf"://|\bwww\.|\btg:|[\w-]\.(?:{_ENDS})(?![\w-])", re.IGNORECASE)
_NAME = re.compile(r"@\w{3,}|\w@\w")
_DATE = re.compile(r"(?<!\d)(?:[0-3]?\d([./-])[01]?\d\1|[01]?\d/[0-3]?\d/)20\d\d(?!\d)|\b20\d\d-[01]\d-[0-3]\d\b")
"""A day, which with its hour would be a number as long as a phone's."""
_DIGITS = re.compile(r"(?<!\w)\+?\d(?:[ ./()\-\u2010-\u2014\u2212]{0,4}\d){9,18}(?!\w)")
_PHONE, _CARD = range(10, 14), range(15, 20)
"""How many digits they have."""
_ELSEWHERE = re.compile(
    r"\b(?:whats\s?app|viber|signal|telegram|tg\b|insta\b|instagram|facebook|wechat|vk\b|"
    r"discord\b|skype|paypal|revolut|western union|usdt|bitcoin|btc|crypto wallet|bank transfer|card number|"
    r"outside (?:of )?(?:the )?(?:site|bot|starbid)|pay (?:me )?direct|"
    r"в[ао]т?[сц]ап|вайбер|вибер|телеграм|телег[аеиу]|тл?г\b|инст(?:[аеуы]|ой)\b|инстаграм|фейсбук|вк\b|вконтакт|"
    r"дискорд|скайп|в (?:max|максе)\b|биткоин|номер\w* карты|на карту|сбп|сбер|тинькоф|т-банк|киви|qiwi|юmoney|"
    r"напрямую|в обход|мимо (?:сайта|бота|площадки)|переведи|предоплат)",
    re.IGNORECASE,
)


def leads_away(text: str) -> bool:
    """Whether it has a link, an account, a phone number, the number of a card, words about paying elsewhere, or marks
    that turn the direction of what is read.
    """
    if is_steering(text):
        return True
    seen = unicodedata.normalize("NFKC", without_unseen(text))
    patterns = (_LINK, _NAME, _ELSEWHERE)
    return any(each.search(seen) for each in patterns) or any(map(_is_number, _DIGITS.findall(_DATE.sub(",", seen))))


def _is_number(found: str) -> bool:
    digits = [int(mark) for mark in found if mark.isdigit()]
    return len(digits) in _PHONE or (len(digits) in _CARD and _adds_up(digits))


def _adds_up(digits: list[int]) -> bool:
    """The check digit of a card (Luhn, ISO/IEC 7812-1)."""
    doubled = [2 * digit - 9 * (digit > 4) for digit in digits[-2::-2]]
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0
