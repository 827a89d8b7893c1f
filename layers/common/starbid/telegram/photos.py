"""Pictures of lots on their way into a chat: uploaded once, afterwards sent by Telegram's own file id."""

from __future__ import annotations

import io
import math
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from typing import Protocol

from starbid.services.ports import FileIds, Rejected
from starbid.services.retrying import OUTAGES
from starbid.telegram.bot_api import Sent

SIZE = "medium"

Deliver = Callable[[bytes | str], Sent | None]
"""Sends or puts in place a picture given as bytes or file id; answers what stands there, None where it is gone."""


class Stored(Protocol):
    """Where pictures are."""

    def load(self, picture_id: str, name: str) -> bytes | None: ...


def deliver_photo(
    deliver: Deliver,
    picture_id: str | None,
    pictures: Stored,
    file_ids: FileIds,
    now: datetime,
    before_upload: Callable[[], object] = lambda: None,
) -> Sent | None:
    """Deliver a lot's picture, or a quiet drawing where there is none. Raises what `deliver` raises."""
    known = file_ids.find(picture_id, now)
    if known:
        try:
            return deliver(known)
        except Rejected:
            pass  # a file id of another time or bot: upload it again
    before_upload()
    data = pictures.load(picture_id, SIZE) if picture_id else None
    sent = deliver(data or drawing())
    if sent and sent.file_id and (data or not picture_id):
        with suppress(*OUTAGES):  # it stands in the chat: who sends it again would send it twice
            file_ids.keep(picture_id, sent.file_id, now)
    return sent


def drawing() -> bytes:
    """A star on a calm ground, 4:3, as JPEG."""
    from PIL import Image, ImageDraw  # only lots without pictures need it

    image = Image.new("RGB", (800, 600), "#eef2f6")
    turns = (math.pi * step / 5 for step in range(10))
    radii = (130, 56)
    corners = [
        (400 + radii[index % 2] * math.sin(turn), 305 - radii[index % 2] * math.cos(turn))
        for index, turn in enumerate(turns)
    ]
    ImageDraw.Draw(image).polygon(corners, fill="#c9d5e1")
    buffer = io.BytesIO()
    image.save(buffer, "JPEG", quality=85)
    return buffer.getvalue()
