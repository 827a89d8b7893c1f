"""Deleting one's own account: what goes, what stays and why, what stands in the way; and staying after all."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starbid.domain.errors import TooOften
from starbid.domain.leaving import GRACE, CannotLeave
from starbid.leaving_words import PLACES, obstacle_name
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.shared.context import page_words, show, with_note
from web.shared.refusals import message_of, status_of

router = Router()
PAGE = "/settings/delete"
_SUM = "[A-Z]{3}:[0-9]{1,18}"
_SUMS = re.compile(f"{_SUM}(,{_SUM})*")


@dataclass(frozen=True)
class InTheWay:
    """`url` is where it can be ended."""

    name: str
    url: str


@router.get(PAGE)
def page(request: Request) -> Response:
    return _page(request)


@router.post(PAGE)
def ask(request: Request) -> Response:
    """`sure`: a checkbox that says it is understood; `gives_up`: one for the money that the page showed,
    `<currency>:<minor units>` each, commas between them.
    """
    user_id = request.visitor.require_user()
    if not request.form.get("sure"):
        return _page(request, 422, fault=page_words(request)._("Tick the box to confirm that you want this."))
    try:
        request.app.departures.ask(user_id, request.now, gives_up=_sums(request.form.get("gives_up") or ""))
    except (CannotLeave, TooOften) as refused:
        if request.wants_json:
            raise
        return _page(request, status_of(refused), fault=message_of(refused, page_words(request)))
    return redirect(PAGE)


@router.post(f"{PAGE}/undo")
def stay(request: Request) -> Response:
    """The account stays. Twice is once."""
    request.app.departures.stay(request.visitor.require_user(), request.now)
    return with_note(redirect("/settings"), "account-kept")


def _page(request: Request, status: int = 200, fault: str = "") -> Response:
    person, words = request.visitor.require_person(), page_words(request)
    standing = request.app.departures.standing(person, request.now)
    money = standing.money
    return show(
        request, "account/leaving.html", status, person=person, fault=fault, days=GRACE.days, money=money,
        sums=",".join(f"{each.currency}:{each.amount}" for each in money),
        obstacles=[InTheWay(obstacle_name(each, words), PLACES[each]) for each in standing.obstacles],
    )  # fmt: skip


def _sums(written: str) -> dict[str, int]:
    """Minor units by currency, as the page wrote them into its form. Nothing where it says anything else."""
    if not _SUMS.fullmatch(written):
        return {}
    return {code: int(amount) for code, _, amount in (each.partition(":") for each in written.split(","))}
