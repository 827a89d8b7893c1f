"""Errors of the stand-in: Telegram's own, for the bot, and those for the person at the page."""

from __future__ import annotations


class ApiError(Exception):
    """A Bot API call that Telegram would refuse; `description` is in Telegram's words, `retry_after` in seconds.
    `migrate_to` is where the group went.
    """

    def __init__(self, code: int, description: str, retry_after: int = 0, migrate_to: int = 0) -> None:
        super().__init__(description)
        self.migrate_to = migrate_to
        self.code = code
        self.description = description
        self.retry_after = retry_after


def bad_request(reason: str) -> ApiError:
    """400, the answer to nearly everything a bot can do wrong."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """403, the person does not want to hear from the bot."""
    return ApiError(403, f"Forbidden: {reason}")


def too_many(seconds: int) -> ApiError:
    """429, the bot is to wait."""
    return ApiError(429, f"Too Many Requests: retry after {seconds}", seconds)


class PageError(Exception):
    """A person at the page asked for something impossible; `words` are shown to them."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
