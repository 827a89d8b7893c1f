"""Where a physical lot is sent: what its buyer says, who may know it, and until when (spec, section 3, "Deal").

The address is kept apart from the deal, and erased; of the deal it is the step that starts the seller's time.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from starbid.domain.deals import (
    UNDELIVERED,
    Deal,
    DealState,
    DealTimes,
    moved,
    require,
    require_in_time,
    require_running,
)
from starbid.domain.errors import Invalid, InvalidFields
from starbid.domain.texts import flat, is_storable, require_length

NAME_LENGTH = (1, 100)
ADDRESS_LENGTH = (5, 500)
PHONE_LENGTH = (5, 30)
KEPT = timedelta(days=30)
"""How long after the end of its deal an address is kept."""
_PHONE = re.compile(r"[0-9+() -]*")
_LEAST_DIGITS = 5
_DASHES = str.maketrans(dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-"))
"""What other programs make of the hyphens of a phone number."""


@dataclass(frozen=True, slots=True)
class Address:
    """Who gets it, where, and how to reach them. `address` may have lines. No log shows any of it."""

    name: str = field(repr=False)
    address: str = field(repr=False)
    phone: str = field(repr=False)


def read_address(typed: Mapping[str, str]) -> Address:
    """`name`, `address` and `phone` as a person typed them. Raises InvalidFields with every fault of the three."""
    read, faults = {}, []
    for part, reader in READERS.items():
        try:
            read[part] = reader(typed.get(part, ""))
        except Invalid as fault:
            faults.append(fault)
    if faults:
        raise InvalidFields(tuple(faults))
    return Address(**read)


def read_name(typed: str) -> str:
    """1 to 100 characters on one line, with a letter among them. Raises Invalid."""
    name = flat(_stored("name", typed))
    require_length("name", name, *NAME_LENGTH)
    if not any(map(str.isalpha, name)):
        raise Invalid("name", "letters")
    return name


def read_place(typed: str) -> str:
    """5 to 500 characters, lines without empty ones between, with a letter or digit among them. Raises Invalid."""
    lines = map(flat, _stored("address", typed).splitlines())
    place = "\n".join(line for line in lines if line)
    require_length("address", place, *ADDRESS_LENGTH)
    if not any(map(str.isalnum, place)):
        raise Invalid("address", "letters")
    return place


def read_phone(typed: str) -> str:
    """5 to 30 of digits, plus, brackets, hyphens and blanks, with five digits at least. Raises Invalid."""
    phone = flat(_stored("phone", typed)).translate(_DASHES)
    digits = sum(map(str.isdigit, phone))
    if not _PHONE.fullmatch(phone) or not len(phone) <= PHONE_LENGTH[1] or digits < _LEAST_DIGITS:
        raise Invalid("phone", "phone", least=PHONE_LENGTH[0], most=PHONE_LENGTH[1])
    return phone


READERS: dict[str, Callable[[str], str]] = {"name": read_name, "address": read_place, "phone": read_phone}
"""By the parts of an address, in the order in which they are asked for."""


def _stored(part: str, typed: str) -> str:
    if not typed.strip():
        raise Invalid(part, "required")
    if not is_storable(typed):
        raise Invalid(part, "text")
    return typed


def give_address(deal: Deal, person_id: int, now: datetime, times: DealTimes) -> Deal:
    """The buyer says where it goes: the seller has `delivery_days` from now on, and after twice that the price returns.

    Said again before the seller has sent it, it corrects what was said, and moves no deadline. Raises NotYours,
    WrongDealState; DealFrozen while the buyer owes.
    """
    require_address(deal, person_id, now)
    if deal.addressed_at is not None:
        return moved(deal)
    due, no_time = now + timedelta(days=2 * times.delivery_days), timedelta(0)
    return moved(deal, state=DealState.AWAITING_DELIVERY, addressed_at=now, due_at=due, idle=no_time)


def require_address(deal: Deal, person_id: int, now: datetime) -> None:
    """Whether the buyer may say, or correct, where it goes. Raises NotYours, WrongDealState, DealFrozen."""
    require(deal, person_id, deal.buyer_id, *(UNDELIVERED if deal.is_physical else ()))
    require_running(deal)
    require_in_time(deal, now)


def is_shown(deal: Deal, person_id: int | None, now: datetime) -> bool:
    """Whether this person may see the address: the two of the deal, from when it was given to 30 days after the end."""
    if deal.addressed_at is None or person_id not in (deal.seller_id, deal.buyer_id):
        return False
    return deal.ended_at is None or now < kept_until(deal.ended_at)


def kept_until(ended_at: datetime) -> datetime:
    return ended_at + KEPT
