"""Schedule expressions: `at(...)`, `rate(...)` and `cron(...)`, as EventBridge writes them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from local.clock import from_ms, to_ms

_UNITS = {"minute": 60, "hour": 3600, "day": 86400}
_MONTHS = {"JANFEBMARAPRMAYJUNJULAUGSEPOCTNOVDEC"[3 * i : 3 * i + 3]: i + 1 for i in range(12)}
_DAYS = {"SUNMONTUEWEDTHUFRISAT"[3 * i : 3 * i + 3]: i + 1 for i in range(7)}
_HORIZON = timedelta(days=366 * 5)


class ExpressionError(ValueError):
    """The expression is malformed, or of an unsupported form."""


def at_ms(expression: str, timezone: str = "UTC") -> int:
    """The moment of a one-off schedule, in milliseconds since 1970."""
    match = re.fullmatch(r"at\((\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)\)", expression)
    if not match:
        raise ExpressionError(f"Invalid Schedule Expression {expression}.")
    try:
        return to_ms(datetime.fromisoformat(match[1]).replace(tzinfo=_zone(timezone)))
    except ValueError as error:
        raise ExpressionError(f"Invalid Schedule Expression {expression}.") from error


def next_ms(expression: str, timezone: str, after: int) -> int:
    """The first firing of a recurring schedule later than `after`. A rate counts from `after`."""
    match = re.fullmatch(r"rate\((\d+) (minute|hour|day)s?\)", expression)
    if match and int(match[1]) > 0:
        return after + int(match[1]) * _UNITS[match[2]] * 1000
    match = re.fullmatch(r"cron\((\S+) (\S+) (\S+) (\S+) (\S+) (\S+)\)", expression)
    if match:
        return to_ms(_next_cron(match.groups(), from_ms(after).astimezone(_zone(timezone))))
    raise ExpressionError(f"Invalid Schedule Expression {expression}.")


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError) as error:
        raise ExpressionError(f"Invalid Timezone {name}.") from error


def _next_cron(fields: tuple[str, ...], after: datetime) -> datetime:
    minutes, hours = _values(fields[0], 0, 59), _values(fields[1], 0, 23)
    days, months = _values(fields[2], 1, 31), _values(fields[3], 1, 12, _MONTHS)
    weekdays, years = _values(fields[4], 1, 7, _DAYS), _values(fields[5], 1970, 2199)
    day = after.replace(hour=0, minute=0, second=0, microsecond=0)
    while day < after + _HORIZON:
        weekday = day.isoweekday() % 7 + 1
        if day.year in years and day.month in months and day.day in days and weekday in weekdays:
            for hour in hours:
                for minute in minutes:
                    moment = day.replace(hour=hour, minute=minute)
                    if moment > after:
                        return moment.astimezone(UTC)
        day += timedelta(days=1)
    raise ExpressionError("This schedule never fires.")


def _values(field: str, least: int, most: int, names: dict[str, int] | None = None) -> list[int]:
    found: set[int] = set()
    for part in field.split(","):
        span, _, step = part.partition("/")
        first, _, last = span.partition("-")
        try:
            if first in ("*", "?"):
                low, high = least, most
            else:
                low = _number(first, names)
                high = _number(last, names) if last else (most if step else low)
            found.update(range(low, high + 1, int(step or 1)))
        except ValueError as error:
            raise ExpressionError(f"Invalid field {field} of a cron expression.") from error
    if not found or min(found) < least or max(found) > most:
        raise ExpressionError(f"Invalid field {field} of a cron expression.")
    return sorted(found)


def _number(text: str, names: dict[str, int] | None) -> int:
    return names[text] if names and text in names else int(text)
