"""What in a message makes its reader be warned."""

from __future__ import annotations

from time import perf_counter

import pytest

from starbid.domain.careful import leads_away

AWAY = [
    "https://pay.example/x",
    "see www.shop.example",
    "t.me/anna",
    "tg://user?id=1",
    "my shop: best-things.ru",
    "сайт пример.рф/оплата",
    "write to @anna_shop",
    "mail anna@example.com",
    "+7 900 123-45-67",
    "8(900)1234567",
    "call 89001234567",
    "+44 20 7946 0958",
    "4111 1111 1111 1111",
    "2200-7007-1234-5678 or 5555555555554444",
    "pay me directly, it is cheaper",
    "Let's do it outside of Starbid",
    "I take PayPal",
    "переведи на карту",
    "Напишите мне в ватсап",
    "оплатите напрямую, мимо сайта",
    "Write me on telegram, nick ivan_petrov",
    "Telegram: ivan",
    "my TG is ivan_p",
    "пиши в тг",
    "ник в телеге ivan",
    "найдёте меня в Телеграме",
    "мой инстаграм",
    "в инсте ivan.p",
    "insta: ivan",
    "text me on Instagram",
    "я есть вк",
    "vk id12345",
    "вконтакте тоже можно",
    "my discord is ivan#1234",
    "в дискорде удобнее",
    "skype ivan.petrov",
    "добавьте в скайп",
    "max.ru/ivan",
    "по вотсапу или в вацап",
    "есть Viber",
    "+7 - 912 - 345 - 67 - 89",
    "8/912/345/67/89",
    "8 (912) - 345 – 67 — 89",
    "8.912.345.67.89",
    "t.\u200bme/anna",
    "ｔ．ｍｅ／ａｎｎａ",
    "𝐭.𝐦𝐞/𝐚𝐧𝐧𝐚",
    "+7\u00a0900\u00a0123\u201145\u201167",
    "look \u202egnp.exe",
]
FINE = [
    "",
    "Is it new? Does it work?",
    "Отправлю завтра в 10:30, цена 1 250 ₽",
    "The code is 4711-0815",
    "RB123456785RU",
    "80087912345678 is the parcel",  # fourteen digits: the post's
    "It weighs 2.5 kg and is 10.20.30 cm",
    "e.g. this one, i.e. the green one... ok?",
    "см. фото, размер 42.5",
    "No. It is not. Me too",
    "The maximum is max. 5, Max said so",
    "Инструкция внутри, инстинкт, инстанция",
    "вкус и вклад, в кармане",
    "telegraphic style, telegraph poles",
    "10/12/2026 - 11/12/2026",
    "2026-12-01 10:30 - 2026-12-05",
    "Отправил 01.12.2026 10:30, придёт 05.12.2026",
    "sent on 12/31/2026 at 10",
    "lots 1, 2, 3, 4, 5, 6, 7, 8, 9, 10",
    "a discordant skyline",
]


@pytest.mark.parametrize("text", AWAY)
def test_what_leads_elsewhere_is_found(text: str) -> None:
    assert leads_away(text)


@pytest.mark.parametrize("text", FINE)
def test_what_people_say_about_a_deal_is_none_of_it(text: str) -> None:
    assert not leads_away(text)


def test_the_longest_hostile_text_is_judged_at_once() -> None:
    began = perf_counter()
    for piece in ("a.", "1 ", "-.", "@", "+1", "1-", "ab-c.d", "\u200b1", "1 - ", "1/-/", "вк", "tg ", "инст"):
        leads_away((piece * 1000)[:1000])
    assert perf_counter() - began < 1  # some milliseconds, where nothing is tried from every place again
