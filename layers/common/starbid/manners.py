"""The languages of the interface, and how each writes what is no sentence: a folder of `locale` with a `language.json`.

English sentences are the keys of all catalogues, so its folder has none.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

LOCALE = Path(__file__).parent / "locale"
ENGLISH = "en"
_AMOUNT = re.compile(r"(?P<before>\D*)1(?P<group>\D*)250(?P<point>\D)50(?P<after>\D*)")
_SIGN = "₽"


@dataclass(frozen=True, slots=True)
class Manners:
    """`name`: of the language, in itself. `months`: as moments name them, January first. `group` stands between
    thousands, `point` before a fraction, `before` and `after` around an amount, with ₽ for the sign of a currency.
    `quotes`: the outer and then the inner pair. `neighbours`: languages whose readers read this one more easily than
    English.
    """

    name: str
    in_english: str
    months: tuple[str, ...]
    group: str
    point: str
    before: str
    after: str
    quotes: str
    neighbours: tuple[str, ...]

    def signed(self, number: str, sign: str) -> str:
        """A number as an amount of the currency with this sign."""
        return f"{self.before.replace(_SIGN, sign)}{number}{self.after.replace(_SIGN, sign)}"


def read_manners(locale: Path) -> dict[str, Manners]:
    """By the code of the language, English first. Raises ValueError where a file does not say all of it."""
    files = sorted(locale.glob("*/language.json"), key=lambda file: (file.parent.name != ENGLISH, file.parent.name))
    return {file.parent.name: _read(json.loads(file.read_text("utf-8")), file) for file in files}


def _read(told: dict[str, object], file: Path) -> Manners:
    amount, months, neighbours = (told.get(name) for name in ("amount", "months", "neighbours"))
    parts = _AMOUNT.fullmatch(str(amount))
    if not parts or not isinstance(months, list) or len(months) != 12 or not isinstance(neighbours, list):
        raise ValueError(f"{file}: an amount, twelve months and neighbours are needed")
    return Manners(
        name=str(told["name"]),
        in_english=str(told["in_english"]),
        months=tuple(map(str, months)),
        quotes=str(told["quotes"]),
        neighbours=tuple(map(str, neighbours)),
        **parts.groupdict(),
    )


MANNERS = read_manners(LOCALE)
