"""The time zone in which the bot tells times: Telegram does not say it, so people choose."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starbid.telegram import keyboards
from starbid.telegram.html import escape
from starbid.telegram.keyboards import Button, Row
from starbid.telegram.updates import Said
from starbid.zones import LONGEST_NAME, city, offset_name, place, zone_called
from webhook import asking, callback_data
from webhook.conversation import Conversation
from webhook.questions import Question
from webhook.registry import screens

OTHER = "other"
Carries = Callable[[str], str]
"""What the button of a zone carries, by the zone's name or OTHER."""


@dataclass(frozen=True)
class AskZone(Question):
    name = "zone"

    @property
    def again(self) -> str:
        return f"tz:{OTHER}"


def zone_button(chat: Conversation, data: str = "tz") -> Button:
    """To the choice, with the zone of today. `data`: of a choice that leads back elsewhere than to the settings."""
    return Button(chat.words._("Time zone: {zone}", zone=place(chat.words.zone, chat.now)), data)


@screens.press("tz")
def press_zone(chat: Conversation, args: list[str]) -> None:
    """Nothing: the choice; a zone's name: that one; `other`: to be written."""
    if not args:
        _show(chat)
        return
    (name,) = callback_data.parts(args, 1)
    if name == OTHER:
        _ask(chat)
        return
    take_pressed(chat, name)
    _show(chat)


@screens.answer(AskZone)
def answer_zone(chat: Conversation, _question: AskZone, said: Said) -> None:
    """A city or a zone's name; raises Invalid."""
    take_written(chat, said.text)
    _show(chat)


def take_pressed(chat: Conversation, name: str) -> None:
    """The zone of a button is the person's from now on. Raises Garbled."""
    if zone_called(name) is None:
        raise callback_data.Garbled
    _set(chat, name)


def take_written(chat: Conversation, text: str) -> None:
    """The same of a city, in the person's language, or of a zone's name. Raises Invalid."""
    common = {label.casefold(): name for name, label in _common(chat).items()}
    _set(chat, common.get(" ".join(text[:LONGEST_NAME].split()).casefold(), text))


def _set(chat: Conversation, written: str) -> None:
    chat.known_as(chat.app.people.set_zone(chat.person.id, written))
    chat.acted = True


def _ask(chat: Conversation) -> None:
    asking.ask(chat, AskZone(), city_question(chat))


def city_question(chat: Conversation) -> str:
    return chat.words._("Which city has the same time as you? Write its name in English, such as Lisbon or New York.")


def _show(chat: Conversation) -> None:
    show_choice(chat, lambda name: f"tz:{name}", (keyboards.go(chat.words._("Back"), "settings"),))


def show_choice(chat: Conversation, carries: Carries, back: Row) -> None:
    """The present time and zone, and cities to choose from. `back`: the way to where the person came from."""
    words = chat.words
    now = f"{chat.now.astimezone(words.zone):%H:%M}"
    text = words._("<b>Time zone</b>\nNow it is {time}: {zone}.", time=now, zone=escape(place(words.zone, chat.now)))
    if not chat.person.zone:
        text += "\n" + words._("Yours is not known yet, so times are in UTC.")
    chat.show(
        f"{text}\n{words._('Choose a city with your time:')}", *_choice(chat, carries), _other(chat, carries), back
    )


def _choice(chat: Conversation, carries: Carries) -> tuple[Row, ...]:
    """Cities from west to east by the time that they have now, two in a row."""
    cities = []
    for name, label in _common(chat).items():
        zone = zone_called(name)
        local = chat.now.astimezone(zone)
        mark = "✓ " if name == chat.person.zone else ""
        cities.append((local.utcoffset(), Button(f"{mark}{offset_name(local)} · {label}", carries(name))))
    buttons = [button for _, button in sorted(cities, key=lambda each: (each[0], each[1].data))]
    return tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))


def _other(chat: Conversation, carries: Carries) -> Row:
    name = chat.person.zone or ""
    chosen = "" if not name or name in _common(chat) else f"✓ {city(name)} · "
    return (Button(chosen + chat.words._("Another city"), carries(OTHER)),)


def _common(chat: Conversation) -> dict[str, str]:
    """Names of zones where most people live, and a city that one knows each by."""
    _ = chat.words._
    return {
        "America/Los_Angeles": _("Los Angeles"),
        "America/Chicago": _("Chicago"),
        "America/New_York": _("New York"),
        "America/Sao_Paulo": _("São Paulo"),
        "Europe/London": _("London"),
        "Europe/Berlin": _("Berlin"),
        "Europe/Kaliningrad": _("Kaliningrad"),
        "Europe/Kyiv": _("Kyiv"),
        "Europe/Istanbul": _("Istanbul"),
        "Europe/Minsk": _("Minsk"),
        "Europe/Moscow": _("Moscow"),
        "Asia/Dubai": _("Dubai"),
        "Asia/Tbilisi": _("Tbilisi"),
        "Europe/Samara": _("Samara"),
        "Asia/Almaty": _("Almaty"),
        "Asia/Tashkent": _("Tashkent"),
        "Asia/Yekaterinburg": _("Yekaterinburg"),
        "Asia/Kolkata": _("Delhi"),
        "Asia/Omsk": _("Omsk"),
        "Asia/Krasnoyarsk": _("Krasnoyarsk"),
        "Asia/Novosibirsk": _("Novosibirsk"),
        "Asia/Irkutsk": _("Irkutsk"),
        "Asia/Shanghai": _("Beijing"),
        "Asia/Singapore": _("Singapore"),
        "Asia/Tokyo": _("Tokyo"),
        "Asia/Yakutsk": _("Yakutsk"),
        "Asia/Vladivostok": _("Vladivostok"),
        "Australia/Sydney": _("Sydney"),
        "Asia/Magadan": _("Magadan"),
        "Asia/Kamchatka": _("Kamchatka"),
    }
