"""What the forms of the panel share: an act, and its page once more where it was refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starbid.domain.errors import Invalid, StarbidError
from starbid.field_words import field_fault
from starbid.i18n import Language
from starbid.services.ports import Contended, TryLater, Unavailable
from web.kernel.http import Request, Response, redirect
from web.shared.context import page_words, with_note
from web.shared.refusals import as_refusal, message_of, status_of


@dataclass(frozen=True)
class Refused:
    """An act that was not carried out: its name, what was typed, and why. `fault` is about the reason, `note` about
    anything else.
    """

    act: str = ""
    reason: str = ""
    choice: str = ""
    fault: str = ""
    note: str = ""
    status: int = 200


NOTHING = Refused()
Again = Callable[[Refused], Response]
Told = Callable[[StarbidError, Language], str]
"""Words a refusal."""


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
    """Do it and go `back` with the note `done`; `later` where somebody else has yet to confirm it. Refused, its page is
    shown `again`; but where it `stands` as it was to become, by whomever, the page tells so.
    """
    try:
        act()
    except (StarbidError, Contended) as error:
        if getattr(error, "state", None) in stands:
            return redirect(back)
        refusal = as_refusal(error)
        if request.wants_json:
            raise refusal from error
        return again(refused(request, name, refusal, told))
    except (TryLater, Unavailable):
        if not later:
            raise
        return with_note(redirect(back), later)
    return with_note(redirect(back), done)


def refused(request: Request, name: str, refusal: StarbidError, told: Told = message_of) -> Refused:
    words, form = page_words(request), request.form
    is_of_reason = isinstance(refusal, Invalid) and refusal.field == "reason"
    said = field_fault(refusal, words) if isinstance(refusal, Invalid) else told(refusal, words)
    return Refused(
        name,
        form.get("reason", ""),
        form.get("category", ""),
        fault=said if is_of_reason else "",
        note="" if is_of_reason else said,
        status=status_of(refusal),
    )
