"""Words of their own for what is private: that it came, and where to read it. Mail lies open on machines of others, and
a browser shows a notice on a screen that is locked. And for what names a place of the chat.
"""

from __future__ import annotations

from urllib.parse import urlencode

from starbid.domain.criteria import Looking, query_of, read_query
from starbid.services.notices import found, talks, tickets
from starbid.telegram import keyboards
from starbid.telegram.keyboards import Keyboard
from starbid.telegram.notices import Message, Telling, wording


def covered(telling: Telling) -> Message:
    """Text (HTML) and keyboard of a notice outside the chat. Raises what the words of its kind raise."""
    match telling.notice.kind:
        case talks.WROTE.name:
            return _wrote(telling)
        case tickets.ANSWERED.name:
            return _answered(telling)
        case tickets.CLOSED.name:
            return _closed(telling)
        case found.FOUND.name:
            return wording(telling)[0], _list_of(telling)
        case _:
            return wording(telling)


def _wrote(t: Telling) -> Message:
    if t.lot.is_seller:
        head = t.words._("The buyer wrote to you about “{title}”.", title=t.title)
    else:
        head = t.words._("The seller wrote to you about “{title}”.", title=t.title)
    return f"{head}\n{t.words._('You can read and answer it in the deal.')}", ()


def _answered(t: Telling) -> Message:
    head = t.words._("Support has answered you.")
    return f"{head}\n{t.words._('You can read and answer it in your ticket.')}", _ticket(t)


def _closed(t: Telling) -> Message:
    head = t.words._("Support has closed your ticket.")
    return f"{head}\n{t.words._('Something is still open? Answer in the ticket within 14 days.')}", _ticket(t)


def _ticket(t: Telling) -> Keyboard:
    return ((keyboards.site(t.words._("Open the ticket"), f"/support/{t.facts['ticket_id']}", t.settings),),)


def _list_of(t: Telling) -> Keyboard:
    """What the search finds, the newest first; where there are several, the searches."""
    queries = [group["query"] for group in t.facts["searches"].values()]
    if len(queries) > 1:
        return ((keyboards.go(t.words._("Saved searches"), "searches"),),)
    typed = {str(name): str(value) for name, value in queries[0].items()}
    address = urlencode(query_of(Looking(read_query(typed).criteria, sort="newest")))
    return ((keyboards.site(t.words._("Open the list"), f"/?{address}", t.settings),),)
