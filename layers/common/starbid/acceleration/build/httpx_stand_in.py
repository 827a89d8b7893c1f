"""Replaces `httpx` in the built layer. python-telegram-bot imports it for its own HTTP client, which we never create.

Calls go through `starbid.telegram.transport`. The real httpx, with its dependencies, is a megabyte and a tenth of a
bot's cold start. These are the names that python-telegram-bot needs when it is imported.
"""


class _Absent:
    def __init__(self, *_: object, **__: object) -> None:
        raise ImportError("httpx is not in the layer: give telegram.Bot a request of its own")


AsyncClient = Proxy = URL = Limits = Timeout = _Absent
