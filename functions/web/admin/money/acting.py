"""What the forms about money share: an act, and the page once more where it was refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starbid.domain.errors import Invalid, StarbidError
from starbid.i18n import Language
from starbid.services.ports import TryLater, Unavailable
from starbid.wording import field_fault
from web.kernel.http import Request, Response, redirect
from web.shared.context import page_words, with_note
from web.shared.refusals import message_of, status_of


@dataclass(frozen=True)
class Refused:
    """An act that was not carried out: its name, why, and what was typed. `fault` is about the reason alone."""

    act: str = ""
    note: str = ""
    fault: str = ""
    reason: str = ""
    status: int = 200


NOTHING = Refused()
Again = Callable[[Refused], Response]
Told = Callable[[StarbidError, Language], str]


def carry_out(
    request: Request,
    act: Callable[[], object],
    *,
    name: str,
    back: str,
    again: Again,
    done: str,
    later: str = "",
    stands: tuple[str, ...] = (),
    told: Told = message_of,
) -> Response:
    """Do it and go `back` with the note `done`; `later` where somebody else has yet to confirm it. Refused, it is shown
    `again`; but where it `stands` as it was to become, by whomever, the page tells so. `told` words a refusal.
    """
    try:
        act()
    except StarbidError as error:
        if getattr(error, "state", None) in stands:
            return redirect(back)
        if request.wants_json:
            raise
        return again(refused(request, name, error, told))
    except (TryLater, Unavailable):
        if not later:
            raise
        return with_note(redirect(back), later)
    return with_note(redirect(back), done)


def refused(request: Request, act: str, error: StarbidError, told: Told = message_of) -> Refused:
    words, reason = page_words(request), request.form.get("reason", "")
    if isinstance(error, Invalid) and error.field == "reason":
        return Refused(act, fault=field_fault(error, words), reason=reason, status=422)
    return Refused(act, note=told(error, words), reason=reason, status=status_of(error))
