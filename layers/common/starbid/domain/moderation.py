"""Which operator may decide about whom, and what may be typed (spec, section 9)."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

from starbid.domain.assistant import packs
from starbid.domain.audit_trail import Operator
from starbid.domain.errors import Invalid, StarbidError
from starbid.domain.money import CURRENCIES, Money
from starbid.domain.roles import NotAllowed, Role
from starbid.domain.typed_numbers import typed_whole

MOST_CHANGE = 10**9
"""Of one correction of a balance, in minor units."""
MOST_DAYS = 3_650
TEXT_LENGTH = 2_000
"""Of a message and of a note; a message of Telegram takes 4 096 with all that stands around it."""
_MINUS = "\N{MINUS SIGN}"


class OwnAccount(StarbidError, code="own_account"):
    """An operator does this to no account of their own."""


class FixedRole(StarbidError, code="fixed_role"):
    """Those in `ADMIN_IDS` are owners by the configuration."""


class OutOfReach(StarbidError, code="out_of_reach"):
    """A message would not arrive: `reason` is `blocked` (by us: they are told nothing) or `unreachable` (the bot was
    blocked).
    """

    def __init__(self, reason: str) -> None:
        super().__init__(reason, reason=reason)
        self.reason = reason


def require_other(by: Operator, person_id: int) -> None:
    """Raises OwnAccount."""
    if by.id == person_id:
        raise OwnAccount


def require_power(by: Operator, person_id: int, theirs: Role | None) -> None:
    """To bar somebody: not oneself, and nobody of the same role or a higher one; owners may bar everybody else.

    Raises OwnAccount, NotAllowed.
    """
    require_other(by, person_id)
    if theirs is not None and theirs.rank >= by.role.rank and by.role is not Role.OWNER:
        raise NotAllowed(Role.OWNER)


def require_grant(by: Operator, person_id: int, before: Role | None, after: Role | None) -> None:
    """Not to oneself, and nobody gives or takes a role above their own. Raises OwnAccount, NotAllowed."""
    require_other(by, person_id)
    for role in (before, after):
        if role is not None and role.rank > by.role.rank:
            raise NotAllowed(role)


def read_role(typed: str) -> Role | None:
    """None for none. Raises Invalid."""
    if typed not in ("", *Role):
        raise Invalid("role", "choice")
    return Role(typed) if typed else None


def read_change(currency: str, typed: str) -> Money:
    """A signed whole number of minor units, not zero, of at most MOST_CHANGE. Raises Invalid."""
    if currency not in CURRENCIES:
        raise Invalid("currency", "choice")
    return Money(_signed(typed, MOST_CHANGE), currency)


def read_credits(typed: str) -> int:
    """So many answers of the helper to give, or to take: signed, not zero, within bounds. Raises Invalid."""
    return _signed(typed, packs.MOST_CHANGE)


def _signed(typed: str, most: int) -> int:
    bare = typed.strip().replace(_MINUS, "-", 1)
    size = typed_whole(bare.removeprefix("-") if bare.startswith("-") else bare.removeprefix("+"))
    if not size or size > most:
        raise Invalid("change", "change", most=most)
    return -size if bare.startswith("-") else size


def read_end(until: str, days: str, zone: tzinfo, now: datetime) -> datetime | None:
    """When a restriction ends: a moment (ISO 8601; without a zone in the operator's), or so many days from now; None
    for neither. Raises Invalid.
    """
    if until.strip():
        return _moment(until.strip(), zone, now)
    if not days.strip():
        return None
    number = typed_whole(days)
    if not number or number > MOST_DAYS:
        raise Invalid("days", "range", least=1, most=MOST_DAYS)
    return now + timedelta(days=number)


def _moment(typed: str, zone: tzinfo, now: datetime) -> datetime:
    try:
        read = datetime.fromisoformat(typed)
        moment = (read if read.tzinfo else read.replace(tzinfo=zone)).astimezone(UTC).replace(microsecond=0)
    except (ValueError, OverflowError):
        raise Invalid("until", "time") from None
    if moment <= now:
        raise Invalid("until", "over")
    if moment > now + timedelta(days=MOST_DAYS):
        raise Invalid("until", "too_far", days=MOST_DAYS)
    return moment
