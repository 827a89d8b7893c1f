"""What the forms about lots and deals share: an act, and its page once more where it was refused."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from starbid.domain.errors import Invalid, StarbidError
from starbid.services.ports import Contended
from starbid.wording import field_fault
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


def carry_out(
    request: Request,
    name: str,
    act: Callable[[], object],
    again: Callable[[Refused], Response],
    *,
    back: str,
    done: str,
    words_for: Callable[[StarbidError], str] | None = None,
) -> Response:
    """Do it and go `back` with the note `done`; refused, its page is shown `again`. `words_for` says more of a refusal
    than its sentence where it can.
    """
    try:
        act()
    except (StarbidError, Contended) as error:
        told = as_refusal(error)
        if request.wants_json:
            raise told from error
        return again(refused(request, name, told, words_for(told) if words_for else ""))
    return with_note(redirect(back), done)


def refused(request: Request, name: str, told: StarbidError, sentence: str = "") -> Refused:
    words, form = page_words(request), request.form
    typed = Refused(name, form.get("reason", ""), form.get("category", ""), status=status_of(told))
    if isinstance(told, Invalid) and told.field == "reason":
        return Refused(typed.act, typed.reason, typed.choice, fault=field_fault(told, words), status=typed.status)
    note = sentence or (field_fault(told, words) if isinstance(told, Invalid) else message_of(told, words))
    return Refused(typed.act, typed.reason, typed.choice, note=note, status=typed.status)
