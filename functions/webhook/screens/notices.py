"""What a person is told, in the chat and by each further channel: a screen with a switch for each sort of notice, which
edits itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from starbid.domain.channels import FURTHER, Channel
from starbid.domain.switches import Switch, known_switches
from starbid.services.notices.switches import SWITCHES_OF_FURTHER
from starbid.switch_words import always_told, channel_name, switch_name
from starbid.telegram import keyboards
from starbid.telegram.html import units
from starbid.telegram.keyboards import Button, Row
from webhook import callback_data
from webhook.conversation import Conversation
from webhook.registry import screens
from webhook.screens.quiet import quiet_button

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
    """Nothing: the screen; `<switch>:<1 or 0>`: on or off in the chat, and pressed twice it does nothing more. The name
    of a further channel goes before either.
    """
    channel = next((each for each in FURTHER if args and args[0] == each), Channel.CHAT)
    chosen = args if channel is Channel.CHAT else args[1:]
    if chosen:
        name, wanted = callback_data.parts(chosen, 2)
        _switch(chat, channel, _read(name), wanted)
    _show(chat, channel if channel in chat.person.channels else Channel.CHAT)


def _switch(chat: Conversation, channel: Channel, switch: Switch, wanted: str) -> None:
    if wanted not in ("0", "1"):
        raise callback_data.Garbled
    is_on, name = wanted == "1", switch_name(switch, chat.words)
    if channel is Channel.CHAT:
        chat.known_as(chat.app.people.switch(chat.person.id, {switch: is_on}))
    else:
        chat.known_as(chat.app.hearing.listen(chat.person.id, channel, {switch: is_on}))
    chat.acted = True
    chat.toast(chat.words._("On: {name}", name=name) if is_on else chat.words._("Off: {name}", name=name))


def _read(name: str) -> Switch:
    """One that the screen shows. Raises Garbled."""
    for switch in known_switches([name]):
        return switch
    raise callback_data.Garbled


def _show(chat: Conversation, channel: Channel) -> None:
    words, channels = chat.words, chat.person.channels
    about = {
        Channel.CHAT: words._("What I write to you."),
        Channel.EMAIL: words._("What is sent to you by e-mail."),
        Channel.PUSH: words._("What your browsers show."),
    }[channel]
    hint = words._("Press one to switch it: {on} is on, {off} is off.", on=ON, off=OFF)
    text = "\n".join((words._("<b>Notices</b>"), f"{about} {hint}", "", always_told(words)))
    switches = tuple(Switch) if channel is Channel.CHAT else SWITCHES_OF_FURTHER
    tabs = tuple(_tab(chat, each, each is channel) for each in channels)
    chat.show(
        text,
        *((tabs,) if len(tabs) > 1 else ()),
        *_two_in_a_row([_button(chat, channel, switch) for switch in switches]),
        (quiet_button(chat),),
        (keyboards.go(words._("Back"), "settings"),),
    )


def _tab(chat: Conversation, channel: Channel, is_open: bool) -> Button:
    name = channel_name(channel, chat.words)
    return Button(f"• {name} •" if is_open else name, "nk" if channel is Channel.CHAT else f"nk:{channel}")


def _button(chat: Conversation, channel: Channel, switch: Switch) -> Button:
    """Turns it the other way."""
    is_on, place = switch in chat.person.hears(channel), "" if channel is Channel.CHAT else f"{channel}:"
    return Button(f"{ON if is_on else OFF} {switch_name(switch, chat.words)}", f"nk:{place}{switch}:{int(not is_on)}")


def _two_in_a_row(buttons: Sequence[Button]) -> list[Row]:
    """Next to each other where both are short, in their order."""
    rows: list[Row] = []
    for button in buttons:
        if rows and len(rows[-1]) == 1 and max(units(each.text) for each in (*rows[-1], button)) <= SHORT:
            rows[-1] = (*rows[-1], button)
        else:
            rows.append((button,))
    return rows
