"""Where a link of an answer may lead, and whether its words say so."""

from __future__ import annotations

import re
import unicodedata
from contextlib import suppress
from urllib.parse import SplitResult, unquote, urlsplit

from starbid.domain.assistant.showing import shown
from starbid.domain.graphemes import shortened

LONGEST = 2_000
"""Characters of an address: what any browser takes."""
_TELEGRAM = frozenset({"t.me", "telegram.me", "telegram.dog"})
_UNSAFE = re.compile(r'[\s"<>\\^`{|}]')
"""Never in an address as such; browsers read a backslash as a slash."""
_WORDS_OF_TARGET = 60
_ADDRESS = re.compile(
    r"(?<![\w.-])(?P<host>(?:[\w-]{1,63}\.){1,9}[^\W\d_]{2,63}|\d{1,3}(?:\.\d{1,3}){3})(?![\w-])(?::\d{1,5})?(?P<path>/\S*)?"
)
_MENTION = re.compile(r"(?<!\w)@(\w{3,32})")
_ENDINGS = "/.,;:!?)…"
_FILE = re.compile(r"\.(?:css|csv|docx?|gif|html?|jpe?g|json|jsx?|pdf|png|tsx?|txt|webp|xlsx|xml|ya?ml)$")
"""Names of files and of programs end like this, domains do not."""


def safe_address(address: str) -> str | None:
    """The address with its scheme in small letters if it is http, https or tg and leads where it seems to; else None.

    Not so: a name before the host (`https://bank.example@evil.example`), marks of direction, `tg://user`, which would
    call a person.
    """
    address = address.strip()
    if len(address) > LONGEST or _UNSAFE.search(address) or shown(address) != address:
        return None
    split = _split(address)
    if split is None or not split.hostname or "@" in split.netloc:
        return None
    if split.scheme not in ("http", "https", "tg") or (split.scheme, split.hostname) == ("tg", "user"):
        return None
    return split.scheme + address[len(split.scheme) :]


def is_telegrams(address: str) -> bool:
    """Whether a safe address is one of a chat, a person or a bot."""
    split = urlsplit(address)
    return split.scheme == "tg" or split.hostname in _TELEGRAM


def names_another(words: str, address: str) -> bool:
    """Whether words that link to a safe address look like another address, or like somebody else's name."""
    words, split = unicodedata.normalize("NFKC", words).lower(), urlsplit(address)
    return any(_is_another(found["host"], found["path"] or "", split) for found in _ADDRESS.finditer(words)) or any(
        not _is_name_of(found[1], split) for found in _MENTION.finditer(words)
    )


def target(address: str) -> str:
    """Where a safe address leads, in words; a host of letters that resemble others is spelt so that none do."""
    split = urlsplit(address)
    if not split.netloc.isascii():
        with suppress(UnicodeError):
            split = split._replace(netloc=split.netloc.encode("idna").decode())
    return shortened(split.geturl(), _WORDS_OF_TARGET)


def _split(address: str) -> SplitResult | None:
    try:
        split = urlsplit(address)
        _ = split.port  # raises for what is none
    except ValueError:
        return None
    return split


def _is_another(host: str, path: str, split: SplitResult) -> bool:
    if not path and _FILE.search(host):
        return False
    led_to = (split.hostname or "").removeprefix("www.")
    behind_host = split._replace(scheme="", netloc="").geturl().lower()
    return host.removeprefix("www.") != led_to or not unquote(behind_host).startswith(unquote(path).rstrip(_ENDINGS))


def _is_name_of(name: str, split: SplitResult) -> bool:
    if split.hostname in _TELEGRAM:
        return split.path.lower().strip("/") == name
    return split.geturl().lower() == f"tg://resolve?domain={name}"
