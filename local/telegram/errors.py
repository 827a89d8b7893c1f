"""Errors of the stand-in: Telegram's own, for the bot, and those for the person at the page."""

from __future__ import annotations


class ApiError(Exception):
    """A Bot API call that Telegram would refuse; `description` is in Telegram's words."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


def bad_request(reason: str) -> ApiError:
    """400, the answer to nearly everything a bot can do wrong."""
    return ApiError(400, f"Bad Request: {reason}")


def forbidden(reason: str) -> ApiError:
    """403, the person does not want to hear from the bot."""
    return ApiError(403, f"Forbidden: {reason}")


class PageError(Exception):
    """A person at the page asked for something impossible; `words` are shown to them."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status
        self.words = words
