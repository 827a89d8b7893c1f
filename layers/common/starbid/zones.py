"""Time zones by their IANA names, as browsers say them and as people write them.

The data is that of the package `tzdata`, which the layer carries, else the system's.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, tzinfo
from functools import cache, lru_cache
from types import ModuleType

LONGEST_NAME = 64
_PLACES = "Africa|America|Antarctica|Arctic|Asia|Atlantic|Australia|Europe|Indian|Pacific"
_OLD_PLACES = "Brazil|Canada|Chile|Etc|Mexico|US"
_PLACE = re.compile(f"UTC|({_PLACES})(/[A-Za-z0-9_+-]+){{1,2}}")
_NAME = re.compile(f"GMT|({_OLD_PLACES})/[A-Za-z0-9_+-]+|{_PLACE.pattern}")
"""Without what else stands in the same folder: other tables, rules of leap seconds, the zone of the machine itself."""

RENAMED = {
    "Africa/Asmera": "Africa/Asmara",
    "America/Buenos_Aires": "America/Argentina/Buenos_Aires",
    "America/Godthab": "America/Nuuk",
    "Asia/Calcutta": "Asia/Kolkata",
    "Asia/Katmandu": "Asia/Kathmandu",
    "Asia/Rangoon": "Asia/Yangon",
    "Asia/Saigon": "Asia/Ho_Chi_Minh",
    "Atlantic/Faeroe": "Atlantic/Faroe",
    "Europe/Kiev": "Europe/Kyiv",
    "Pacific/Enderbury": "Pacific/Kanton",
}
"""Old names that browsers still say (CLDR keeps them)."""


def zone_called(name: str | None) -> tzinfo | None:
    """The zone of exactly this name, under its present one; None where there is none. Reads one small file at first,
    and never a path.
    """
    return _read(name) if name and len(name) <= LONGEST_NAME else None


@lru_cache(maxsize=256)
def _read(name: str) -> tzinfo | None:
    if not _NAME.fullmatch(name):
        return None
    try:
        zone: tzinfo = _data().ZoneInfo(RENAMED.get(name, name))
    except (KeyError, ValueError, OSError):  # no such file, a file that is no zone, a folder
        return None
    return zone


@cache
def _data() -> ModuleType:
    """`zoneinfo`, which takes 5 ms to import: only where somebody has a zone. It would look at the system first, and at
    the package by a way that takes 30 ms.
    """
    import zoneinfo
    from importlib.util import find_spec

    package = find_spec("tzdata")
    if package and package.submodule_search_locations:
        zoneinfo.reset_tzpath(to=[f"{package.submodule_search_locations[0]}/zoneinfo", *zoneinfo.TZPATH])
    return zoneinfo


@cache
def all_names() -> tuple[str, ...]:
    """The zones to choose from, by the alphabet. Opens hundreds of files at first (50 ms): only where one chooses."""
    return tuple(
        sorted(name for name in _data().available_timezones() if _PLACE.fullmatch(name) and name not in RENAMED)
    )


def named_by(text: str) -> str | None:
    """The present name of the zone that a person wrote: `Europe/Lisbon`, `europe/lisbon`, `Lisbon`, `New York`.

    None where there is none. Names with the same last part are names of one zone.
    """
    written = "_".join(text.split()) if len(text) <= LONGEST_NAME else ""
    if zone := zone_called(written):
        return name_of(zone)
    wanted = written.casefold()
    names = (name for name in all_names() if wanted in (name.casefold(), name.casefold().rpartition("/")[2]))
    return next(names, None)


def name_of(zone: tzinfo) -> str:
    """IANA's name of what `zone_called` found; empty for another zone."""
    name: str = getattr(zone, "key", "")
    return name


def as_typed(moment: datetime, zone: tzinfo) -> tuple[str, str]:
    """A moment as a form shows it, and the name of the zone that it is shown in. Of two moments that the clocks of
    `zone` show alike a form means the first: the second one is shown in UTC.
    """
    local = moment.astimezone(zone)
    shown = moment.astimezone(UTC) if local.fold else local
    return f"{shown:%Y-%m-%dT%H:%M}", "UTC" if local.fold else name_of(zone) or "UTC"


def place(zone: tzinfo, now: datetime) -> str:
    """A zone as people read it: `Europe/Moscow (GMT+3)`; `UTC`."""
    name, offset = name_of(zone), offset_name(now.astimezone(zone))
    return offset if name in ("", offset) else f"{name} ({offset})"


def city(name: str) -> str:
    """`New York` of `America/New_York`."""
    return name.rpartition("/")[2].replace("_", " ")


def offset_name(local: datetime) -> str:
    """How a moment says its zone: `GMT+3`, `GMT-3:30`, `GMT`; `UTC` where that is the zone."""
    offset = local.utcoffset()
    minutes = round(offset.total_seconds() / 60) if offset else 0
    if not minutes:
        return "UTC" if local.tzname() == "UTC" else "GMT"
    hours, rest = divmod(abs(minutes), 60)
    return f"GMT{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
