"""E-mail addresses that people type: what is accepted, how it is sent to, and when two are the same.

Narrower than RFC 5321: what can stand in a header and in an SMTP command without quotes. Quoted local parts and letters
beyond ASCII before the `@` are refused, since hardly any server takes them. A domain in other letters is sent to as
IDNA writes it (RFC 3490).
"""

from __future__ import annotations

import hashlib
import re

from starbid.domain.errors import Invalid

FIELD = "email"
LONGEST = 254
"""RFC 5321, section 4.5.3.1.3, and erratum 1690 of RFC 3696."""
LONGEST_TYPED = 320
_LONGEST_LOCAL = 64
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf"{_ATOM}(?:\.{_ATOM})*")
_LABEL = re.compile(r"[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?")
_FEW = 2
"""Letters of a local part that are shown of a masked address."""


def read_email(typed: str) -> str:
    """The address as mail is sent to it: the local part as typed, the domain in small letters and ASCII.

    Raises Invalid ("required", "email").
    """
    text = typed[: LONGEST_TYPED + 1].strip()
    if not text:
        raise Invalid(FIELD, "required")
    local, at, written = text.rpartition("@")
    domain = _ascii(written)
    address = f"{local}@{domain}"
    if not at or len(typed) > LONGEST_TYPED or len(address) > LONGEST or len(local) > _LONGEST_LOCAL:
        raise Invalid(FIELD, "email")
    if not _LOCAL.fullmatch(local) or "=?" in local or not _is_domain(domain):  # that would be an encoded word
        raise Invalid(FIELD, "email")
    return address


def same_mailbox(one: str, other: str) -> bool:
    """Whether two addresses are one as far as anybody can tell from outside. Small letters and capitals differ before
    the `@` by the letter of RFC 5321, and nowhere in practice.
    """
    return one.lower() == other.lower()


def mailbox(address: str) -> str:
    """What is counted of an address: one with a `+tag` is the same box."""
    local, _, domain = address.lower().rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def mark_of(address: str) -> str:
    """Tells one address from another without showing it."""
    return hashlib.sha256(address.lower().encode()).hexdigest()[:16]


def masked(address: str) -> str:
    """Enough for its owner to know it: `an…@example.org`."""
    local, _, domain = address.rpartition("@")
    return f"{local[:_FEW] if len(local) > _FEW else local[:1]}…@{shown_domain(domain)}"


def shown(address: str) -> str:
    """As people read it, its domain in their letters."""
    local, _, domain = address.rpartition("@")
    return f"{local}@{shown_domain(domain)}"


def shown_domain(domain: str) -> str:
    try:
        return domain.encode("ascii").decode("idna")
    except UnicodeError:
        return domain


def _ascii(domain: str) -> str:
    """In small letters and ASCII; "" for what IDNA does not know, or takes for something else than was typed:
    `straße.de` would become the domain of somebody else.
    """
    if domain.isascii():
        return domain.lower()
    try:
        encoded = domain.encode("idna").decode("ascii").lower()
    except UnicodeError:
        return ""
    return encoded if shown_domain(encoded) == domain.lower() else ""


def _is_domain(domain: str) -> bool:
    """A name with two labels at least; no address of a machine."""
    labels = domain.split(".")
    return len(labels) > 1 and all(map(_LABEL.fullmatch, labels)) and not labels[-1].isdigit()
