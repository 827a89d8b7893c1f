"""Which messages a person moves about in: one screen stands in the place of another.

Whatever else the bot said (a notice, goods, an answer, a receipt) stays as it is. A screen says that it is one by a
mark on its last button, which Telegram brings along with a press. A message without it is never overwritten; what an
older version of the bot sent has none.
"""

from __future__ import annotations

from dataclasses import replace

from starbid.telegram.keyboards import Keyboard
from starbid.telegram.updates import Pressed

MARK = ":~"


def as_screen(keyboard: Keyboard) -> Keyboard:
    """The same buttons, the last one that carries data with the mark. Raises ValueError where none does."""
    rows = [list(row) for row in keyboard]
    for row in reversed(rows):
        for at in reversed(range(len(row))):
            if row[at].data:
                row[at] = replace(row[at], data=f"{row[at].data}{MARK}")
                return tuple(tuple(each) for each in rows)
    raise ValueError("a screen leads on: one of its buttons carries data")


def is_screen(pressed: Pressed) -> bool:
    """Whether the message whose button was pressed may be overwritten."""
    return not pressed.has_no_text and any(data.endswith(MARK) for _, data in pressed.buttons)


def unmarked(data: str) -> str:
    """What a button asks for."""
    return data.removesuffix(MARK)
