"""Stands in the built layer as `httpx`, which python-telegram-bot imports for its own HTTP client: nobody makes one.

Calls travel through `starbid.telegram.transport`. The real one, with all that it needs, is a megabyte and a tenth of a
bot's cold start. These are the names that python-telegram-bot asks for when it is imported.
"""


class _Absent:
    def __init__(self, *_: object, **__: object) -> None:
        raise ImportError("httpx is not in the layer: give telegram.Bot a request of its own")


AsyncClient = Proxy = URL = Limits = Timeout = _Absent
