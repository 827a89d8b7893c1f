"""What the bot writes to a person: a screen with a switch for each sort of notice, which edits itself."""

from __future__ import annotations

from collections.abc import Sequence

from starbid.domain.switches import Switch, known_switches
from starbid.switch_words import always_told, switch_name
from starbid.telegram import keyboards
from starbid.telegram.html import units
from starbid.telegram.keyboards import Button, Row
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens

SHORT = 18
"""Two buttons stand in a row of a phone where neither is longer."""
ON, OFF = "✓", "–"


def notices_button(chat: Conversation) -> Button:
    """To the screen, with how many are off."""
    off = len(chat.person.switched_off)
    words = chat.words
    text = words._("Notices: {n} off", n=off) if off else words._("Notices: all on")
    return Button(text, "nk")


@screens.press("nk")
def press(chat: Conversation, args: list[str]) -> None:
    """Nothing: the screen; `<switch>:<1 or 0>`: on or off, and pressed twice it does nothing more."""
    if args:
        name, wanted = callback_data.parts(args, 2)
        _switch(chat, _read(name), wanted)
    _show(chat)


def _switch(chat: Conversation, switch: Switch, wanted: str) -> None:
    if wanted not in ("0", "1"):
        raise callback_data.Garbled
    is_on, name = wanted == "1", switch_name(switch, chat.words)
    chat.known_as(chat.app.people.switch(chat.person.id, {switch: is_on}))
    chat.acted = True
    chat.toast(chat.words._("On: {name}", name=name) if is_on else chat.words._("Off: {name}", name=name))


def _read(name: str) -> Switch:
    """One that the screen shows. Raises Garbled."""
    for switch in known_switches([name]):
        return switch
    raise callback_data.Garbled


def _show(chat: Conversation) -> None:
    words = chat.words
    text = "\n".join(
        (
            words._("<b>Notices</b>\nWhat I write to you. Press one to switch it: {on} is on, {off} is off.",
                    on=ON, off=OFF),
            "",
            always_told(words),
        )
    )  # fmt: skip
    back = keyboards.go(words._("Back"), "settings")
    chat.show(text, *_two_in_a_row([_button(chat, switch) for switch in Switch]), (back,))


def _button(chat: Conversation, switch: Switch) -> Button:
    """Turns it the other way."""
    is_on = switch not in chat.person.switched_off
    return Button(f"{ON if is_on else OFF} {switch_name(switch, chat.words)}", f"nk:{switch}:{int(not is_on)}")


def _two_in_a_row(buttons: Sequence[Button]) -> list[Row]:
    """Next to each other where both are short, in their order."""
    rows: list[Row] = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and max(units(each.text) for each in (*rows[-1], button)) <= SHORT:
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    return rows
