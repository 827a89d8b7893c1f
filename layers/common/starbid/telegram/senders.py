"""The people behind updates, read strictly."""

from __future__ import annotations

from typing import Any

from starbid.telegram.fields import MAX_ID, MAX_KEY, Wrong, clean, object_of
from starbid.telegram.updates import Sender


def sender_of(body: dict[str, Any], field: str = "from") -> Sender:
    """The person of a field; raises Wrong for a bot."""
    person = object_of(body, field)
    number = person.get("id")
    if type(number) is not int or not 0 < number < MAX_ID or person.get("is_bot") is True:
        raise Wrong
    names = (person.get("first_name"), person.get("last_name"))
    name = " ".join(clean(part) for part in names if isinstance(part, str))
    username, language = person.get("username"), person.get("language_code")
    return Sender(
        number,
        name[:MAX_KEY],
        clean(username)[:MAX_KEY] if isinstance(username, str) and username else None,
        clean(language)[:35] if isinstance(language, str) else None,
    )
