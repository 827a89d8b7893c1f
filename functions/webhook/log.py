"""The log of this function. It is made with its first line: the library behind it would cost every cold start."""

from __future__ import annotations

import logging

from starbid import observability

SERVICE = "webhook"


def log() -> logging.Logger:
    """JSON lines without secrets."""
    return observability.logger(SERVICE)
