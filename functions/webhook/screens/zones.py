"""The time zone in which the bot tells times: Telegram does not say it, so people choose."""

from __future__ import annotations

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


@dataclass(frozen=True)
class AskZone(Question):
    name = "zone"

    @property
    def again(self) -> str:
        return f"tz:{OTHER}"


def zone_button(chat: Conversation) -> Button:
    """To the choice, with the zone of today."""
    return Button(chat.words._("Time zone: {zone}", zone=place(chat.words.zone, chat.now)), "tz")


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
    if zone_called(name) is None:
        raise callback_data.Garbled
    _set(chat, name)
    _show(chat)


@screens.answer(AskZone)
def answer_zone(chat: Conversation, _question: AskZone, said: Said) -> None:
    """A city or a zone's name; raises Invalid."""
    common = {label.casefold(): name for name, label in _common(chat).items()}
    _set(chat, common.get(" ".join(said.text[:LONGEST_NAME].split()).casefold(), said.text))
    _show(chat)


def _set(chat: Conversation, written: str) -> None:
    chat.known_as(chat.app.people.set_zone(chat.person.id, written))
    chat.acted = True


def _ask(chat: Conversation) -> None:
    text = chat.words._("Which city has the same time as you? Write its name in English, such as Lisbon or New York.")
    asking.ask(chat, AskZone(), text)


def _show(chat: Conversation) -> None:
    words = chat.words
    now = f"{chat.now.astimezone(words.zone):%H:%M}"
    text = words._("<b>Time zone</b>\nNow it is {time}: {zone}.", time=now, zone=escape(place(words.zone, chat.now)))
    if not chat.person.zone:
        text += "\n" + words._("Yours is not known yet, so times are in UTC.")
    chat.show(f"{text}\n{words._('Choose a city with your time:')}", *_choice(chat), _other(chat), _back(chat))


def _choice(chat: Conversation) -> tuple[Row, ...]:
    """Cities from west to east by the time that they have now, two in a row."""
    cities = []
    for name, label in _common(chat).items():
        zone = zone_called(name)
        local = chat.now.astimezone(zone)
        mark = "✓ " if name == chat.person.zone else ""
        cities.append((local.utcoffset(), Button(f"{mark}{offset_name(local)} · {label}", f"tz:{name}")))
    buttons = [button for _, button in sorted(cities, key=lambda each: (each[0], each[1].data))]
    return tuple(tuple(buttons[place : place + 2]) for place in range(0, len(buttons), 2))


def _other(chat: Conversation) -> Row:
    name = chat.person.zone or ""
    chosen = "" if not name or name in _common(chat) else f"✓ {city(name)} · "
    return (Button(chosen + chat.words._("Another city"), f"tz:{OTHER}"),)


def _back(chat: Conversation) -> Row:
    return (keyboards.go(chat.words._("Back"), "settings"),)


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
