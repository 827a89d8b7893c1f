"""Groups and channels: the one of the admins, and those where lots are posted.

In the latter the bot hears no talk: only that it is called, what is pressed under a post, and what becomes of its own
place there.
"""

from __future__ import annotations

from datetime import datetime

from starbid.bootstrap import App
from starbid.telegram.updates import Called, Content, InGroup, Migration, Placed, Pressed
from webhook import admin_chat, connected_chats, tapping


def is_heard(app: App, content: Content) -> bool:
    """False for what is said in a group to others."""
    admins = app.settings.admin_chat_id
    match content:
        case InGroup(chat_id, _, inner):
            return chat_id == admins or (isinstance(inner, Pressed) and tapping.is_tap(inner))
        case Called(chat_id):
            return chat_id != admins
        case Placed(venue):
            return venue.chat_id != admins
        case _:
            return True


def hear(app: App, content: InGroup | Called | Placed | Migration, turn: str, arrived: datetime) -> None:
    """One update. Raises what may be tried again."""
    match content:
        case InGroup() if content.chat_id == app.settings.admin_chat_id:
            admin_chat.converse(app, content, turn, arrived)
        case InGroup(chat_id, _, Pressed() as pressed):
            tapping.tap(app, chat_id, pressed, turn, arrived)
        case Called():
            connected_chats.called(app, content)
        case Placed():
            connected_chats.placed(app, content)
        case Migration(old, new):
            app.connecting.moved(old, new)
        case _:
            pass
