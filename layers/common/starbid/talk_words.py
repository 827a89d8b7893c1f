"""What the two sides of a deal write to each other, in words that chat and pages share."""

from __future__ import annotations

from starbid.domain.deals import Deal
from starbid.domain.talks import Fault, closes_at
from starbid.i18n import Language


def fault_name(fault: str, words: Language) -> str:
    """Why a message was reported."""
    _ = words._
    names: dict[str, str] = {
        Fault.FRAUD: _("fraud, or a request to pay elsewhere"),
        Fault.OFFENSIVE: _("insult or threat"),
        Fault.SPAM: _("spam"),
        Fault.OTHER: _("something else"),
    }
    return names.get(fault, fault)


def who_reads(words: Language) -> str:
    """Told before the first message, and with each question."""
    return words._(
        "Write about the deal only. Starbid keeps the messages; an operator can read them only in a dispute, or a "
        "single message that is reported."
    )


def until_line(deal: Deal, words: Language) -> str:
    """Of a deal that has ended, on a line of its own: until when its sides can write; empty for one that goes on."""
    closes = closes_at(deal)
    return "\n" + words._("You can write to each other until {moment}.", moment=words.moment(closes)) if closes else ""


def careful_line(words: Language) -> str:
    """To who reads a message that leads elsewhere."""
    return words._(
        "Careful: pay and agree on things only here. If you pay or hand something over elsewhere, Starbid cannot help."
    )


def report_line(number: int, title: str, auction_id: str, why: Fault, words: Language) -> str:
    """Plain text, in a ticket of the one who reports a message."""
    return words._(
        "I report message {n} in the deal about “{title}” (lot {id}): {why}.",
        n=number,
        title=title,
        id=auction_id,
        why=fault_name(why, words),
    )
