"""Variables of the environment, read strictly: each fault names its variable and never shows its value."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping

from starbid.domain.admin_place import AdminPlace

MOST_ID = 2**52
"""Telegram says that its ids have fewer significant bits."""
MOST_TOPIC, GENERAL_TOPIC = 10**9 - 1, 1

_ORIGIN = re.compile(r"https?://([A-Za-z0-9._-]+|\[[0-9A-Fa-f:.]+\])(?::([1-9][0-9]{0,4}))?")
_LABEL = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?")
_NUMERIC = re.compile(r"[0-9]+|0[xX][0-9A-Fa-f]*")
_LONGEST_HOST = 253
_PATH = re.compile(r"(?:/[!-~]*)?")
MOST_DIGITS = 18


class ConfigError(Exception):
    """A variable is missing or malformed; the message names it and never shows its value."""


class Reader:
    """Reads typed values out of variables. Every method raises ConfigError, which names the variable."""

    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def is_set(self, name: str) -> bool:
        return bool(self._env.get(name, "").strip())

    def text(self, name: str, default: str | None = None) -> str:
        value = self._env.get(name, "").strip() or default
        if value is None:
            raise ConfigError(f"{name} is not set")
        try:
            value.encode()
        except UnicodeEncodeError:
            raise ConfigError(f"{name} must be text in UTF-8") from None
        return value

    def secret(self, name: str, least: int = 1) -> str:
        value = self.text(name)
        if len(value) < least:
            raise ConfigError(f"{name} must have at least {least} characters")
        return value

    def shaped(self, name: str, shape: re.Pattern[str], words: str, default: str | None = None) -> str:
        value = self.text(name, default)
        if not shape.fullmatch(value):
            raise ConfigError(f"{name} must be {words}")
        return value

    def url(self, name: str, default: str | None = None) -> str:
        """An address to which a path can be added: it has neither query nor fragment."""
        value = self.text(name, default).rstrip("/")
        if not value.startswith(("http://", "https://")):
            raise ConfigError(f"{name} must begin with http:// or https://")
        match = _ORIGIN.match(value)
        path = value[match.end() :] if match else "?"
        if not match or not _is_host(match[1]) or int(match[2] or 1) > 65535:
            raise ConfigError(f"{name} must name a host that there can be, and a port from 1 to 65535 if need be")
        if not _PATH.fullmatch(path) or set("?#") & set(path):
            raise ConfigError(f"{name} must be http:// or https://, a host, and a port or a path if need be")
        return value

    def origin(self, name: str) -> str:
        """An address as browsers write it in `Origin`, which is compared literally."""
        value = self.url(name)
        host = value.partition("://")[2]
        usual = ":443" if value.startswith("https") else ":80"
        if "/" in host or host != host.lower() or host.endswith(usual):
            raise ConfigError(f"{name} must be scheme://host[:port] in small letters, without a path or the usual port")
        address = host[1:].partition("]")[0]
        if host.startswith("[") and ("." in address or ipaddress.IPv6Address(address).compressed != address):
            raise ConfigError(f"{name} must have its IPv6 address in the shortest form, as browsers write it")
        return value

    def endpoint(self, name: str) -> None:
        """An address that boto3 reads unchanged, and by stricter rules for hosts."""
        value = self._env[name]
        host = self.url(name).partition("://")[2].partition("/")[0]
        if value != value.strip() or "_" in host:
            raise ConfigError(f"{name} must have no blanks around it, and no _ in its host")

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name, str(default))
        if not _is_number(text) or not least <= int(text) <= most:
            raise ConfigError(f"{name} must be a whole number from {least} to {most}")
        return int(text)

    def flag(self, name: str, default: str = "false") -> bool:
        text = self.text(name, default).lower()
        if text not in ("true", "false", "1", "0"):
            raise ConfigError(f"{name} must be true or false")
        return text in ("true", "1")

    def optional_url(self, name: str) -> str:
        """As `url`; empty where it is not set."""
        return self.url(name) if self.is_set(name) else ""

    def admin_place(self, name: str) -> AdminPlace | None:
        """The id of a chat, below zero for groups, or of a group and its topic: `-1001234/12`; None where it is not
        set. Topic 1 of links is the general one, which is no topic to the Bot API.
        """
        text = self.text(name, "")
        if not text:
            return None
        chat, slash, topic = text.partition("/")
        is_chat = _is_number(chat.removeprefix("-")) and chat not in ("0", "-0")
        is_topic = chat.startswith("-") and _is_number(topic) and 0 < int(topic) <= MOST_TOPIC
        if not is_chat or (slash and not is_topic):
            raise ConfigError(f"{name} must be the id of a chat, or of a group and a topic of it: -100…/<topic>")
        return AdminPlace(int(chat), int(topic) if slash and int(topic) != GENERAL_TOPIC else None)

    def ids(self, name: str) -> frozenset[int]:
        parts = [part for part in self.text(name, "").replace(",", " ").split() if part]
        if not all(_is_number(part) and 0 < int(part) < MOST_ID for part in parts):
            raise ConfigError(f"{name} must be Telegram user ids, separated by commas")
        return frozenset(int(part) for part in parts)


def _is_host(host: str) -> bool:
    """A name that DNS can resolve, or an address; to browsers a host that ends in a number is an IPv4 address."""
    try:
        if host.startswith("["):
            ipaddress.IPv6Address(host[1:-1])
            return True
        labels = host.split(".")
        if _NUMERIC.fullmatch(labels[-1]):
            ipaddress.IPv4Address(host)
        for label in labels:
            if label.lower().startswith("xn--") and not label[4:].encode().decode("punycode"):
                return False
    except ValueError:
        return False
    return len(host) <= _LONGEST_HOST and all(_LABEL.fullmatch(label) for label in labels)


def _is_number(text: str) -> bool:
    """Digits without leading zeros, and few enough for int(). template.yaml says the same by patterns."""
    written = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    return written and (text == "0" or not text.startswith("0"))
