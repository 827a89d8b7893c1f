"""The people of the demo."""

from __future__ import annotations

from dataclasses import dataclass

from local.configuration import DEMO_OPERATOR

FIRST_ID = 990_000_000_001
"""Far above the ids that Telegram has given out, so they belong to nobody real."""


@dataclass(frozen=True, slots=True)
class DemoPerson:
    """`wallet` are Stars bought here, `stars` those left in Telegram (in the stand-in), `topped_up` whole units of the
    money that bills bring in.
    """

    key: str
    name: str
    username: str
    language: str
    wallet: int = 8_000
    sells: bool = False
    stars: int = 20_000
    topped_up: int = 0


PEOPLE = (
    DemoPerson("anna", "Анна Соколова", "anna_sokolova", "ru", sells=True, topped_up=5_000),
    DemoPerson("maxim", "Максим Орлов", "maxim_orlov", "ru", topped_up=12_000),
    DemoPerson("emma", "Emma Clarke", "emma_clarke", "en", sells=True, topped_up=9_500),
    DemoPerson("liam", "Liam Murphy", "liam_murphy", "en", sells=True),
    DemoPerson("olga", "Ольга Зайцева", "olga_zaitseva", "ru", sells=True),
    DemoPerson("timur", "Тимур Валеев", "timur_valeev", "ru", wallet=3_000, topped_up=6_000),
    DemoPerson("sofia", "Sofia Rossi", "sofia_rossi", "en", sells=True, topped_up=8_000),
    DemoPerson("noah", "Noah Berg", "noah_berg", "en", wallet=0),
    DemoPerson("vera", "Вера Лебедева", "vera_lebedeva", "ru", wallet=0),
)
IDS = {person.key: FIRST_ID + number for number, person in enumerate(PEOPLE)}
OPERATOR = "vera"
assert IDS[OPERATOR] == DEMO_OPERATOR
