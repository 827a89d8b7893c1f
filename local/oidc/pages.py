"""The pages of the issuer: who one is, and how it is to misbehave."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from local import sheet
from local.sheet import page
from local.telegram.people import Person
from local.troubles import Troubles

_NAME = "Log in with Telegram, local"
_HEAD = f'<header><h1>{_NAME}</h1><a href="/_local/">Local run</a></header>'
_TROUBLES = (
    "“slow” and “empty” are the key set, “down” is all of it, “code” says that a code was used; the others are what is "
    "wrong with an ID token."
)


def index(key_id: str, troubles: Troubles) -> str:
    """The key in use, and how logins are to fail."""
    return page(
        _NAME,
        f'{_HEAD}<p class="quiet">It stands in for Telegram’s login by OpenID Connect. Begin at '
        '<a href="/login">the site’s login</a>. What it is told here ends with the run.</p>'
        f'<div class="card">Tokens are signed with the key <b>{escape(key_id)}</b>.'
        '<form method="post" action="rotate"><button>Use a new key</button></form></div>'
        f"{troubles.form('calls', 'Every login works.', _TROUBLES)}",
    )


def ask(people: Sequence[Person], asked: Mapping[str, str]) -> str:
    """Whom to log in as. `asked` goes along with the answer."""
    kept = "".join(f'<input type="hidden" name="{name}" value="{escape(value)}">' for name, value in asked.items())
    buttons = "".join(
        f'<button class="main" name="person" value="{person.id}">{escape(_called(person))}</button>'
        for person in people
    )
    nobody = '<p class="card quiet">There is nobody yet: add a person in <a href="/_local/telegram/">the chat</a>.</p>'
    return page(
        _NAME,
        f'{_HEAD}<p class="quiet">Starbid wants to know who you are. In this run you can be anybody.</p>'
        f'<form method="post" action="auth">{kept}{buttons or nobody}'
        '<button name="person" value="">Decline</button></form>',
    )


def sorry(words: str) -> str:
    return sheet.sorry(_NAME, _HEAD, words, '<a class="back" href="/login">Back to the login</a>')


def _called(person: Person) -> str:
    return f"{person.first_name} (@{person.username})" if person.username else person.first_name
