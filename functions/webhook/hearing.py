"""What an update was, for the event log: its form, and the bot's own name of what it asks. Nothing that was written."""

from __future__ import annotations

from starbid.services.ports import Heard
from starbid.telegram.updates import InGroup, Pressed, Said, Stopped, Update
from webhook.in_place import unmarked
from webhook.registry import screens

_LOT, _CANCEL = "auction_", "cancel"
TAP = "gb"
"""Begins what a button carries that bids in a post of a group or channel."""


def heard(update: Update) -> Heard | None:
    """None for what no person said: payments and memberships are logged by what they do."""
    match update.content:
        case Said() as said:
            return _said(said)
        case Pressed(sender, data=data):
            verb = unmarked(data).split(":")[0]
            return Heard(sender.id, "button", verb if verb in screens.presses else "")
        case InGroup(_, _, Pressed(sender, data=data)) if data.startswith(f"{TAP}:"):
            return Heard(sender.id, "button", TAP)
        case Stopped(sender):
            return Heard(sender.id, "button", "ai")
        case _:
            return None


def _said(said: Said) -> Heard:
    if said.is_text and said.text.startswith("/"):
        return Heard(said.sender.id, "command", _command(said.text))
    if said.is_text:
        return Heard(said.sender.id, "text")
    return Heard(said.sender.id, "photo" if said.photo else "file" if said.document or said.media else "other")


def _command(text: str) -> str:
    """Empty for one that the bot does not have: somebody may have typed anything."""
    name = (text[1:].split(maxsplit=1) or [""])[0].split("@")[0].lower()
    if name.startswith(_LOT):
        return _LOT.rstrip("_")
    return name if name in screens.commands or name == _CANCEL else ""
