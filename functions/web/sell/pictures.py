"""A picture of a lot on its way in: decoded, and kept as a draft."""

from __future__ import annotations

import secrets
from datetime import datetime

from starbid.imaging.decoding import for_lot
from starbid.services.ports import Pictures

_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789"
_ID_LENGTH = 16


def accept_picture(pictures: Pictures, user_id: int, data: bytes, now: datetime) -> str:
    """Keep a picture as a draft of this person; answers its id, [a-z0-9]. Raises Invalid as `for_lot` does."""
    sizes = for_lot(data)
    picture_id = "".join(secrets.choice(_ALPHABET) for _ in range(_ID_LENGTH))
    pictures.save_draft(user_id, picture_id, sizes, now)
    return picture_id
