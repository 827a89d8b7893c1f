"""Putting a lot up and editing it, with its pictures."""

from __future__ import annotations

import secrets
from dataclasses import replace
from datetime import tzinfo

from starbid.domain.alt_texts import renamed
from starbid.domain.auction import Status
from starbid.domain.errors import (
    EditedMeanwhile,
    FormReused,
    InDebt,
    Invalid,
    InvalidFields,
    NotFound,
    NotYours,
    Spent,
    StarbidError,
    SubscriptionRequired,
)
from starbid.domain.limits import Deed
from starbid.domain.lot_form import typed_fields, values_of
from starbid.domain.lots import Draft, Lot
from starbid.domain.typed_numbers import typed_whole
from starbid.services.auctions.drafts import mark
from starbid.services.ports import Contended, SellDraft
from starbid.zones import zone_called
from web.kernel.exceptions import CsrfFailed, TooLarge
from web.kernel.forms import Form
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.sell.alt_texts import with_alts
from web.sell.drafting import draft_of, drop_draft, keep_anyway
from web.sell.form_page import show_form
from web.sell.form_view import CARD_VERSION, DraftLink, Published, fault_words
from web.sell.intake import Intake
from web.sell.proposing import Proposed, proposed_fields
from web.sell.topping_up import is_topping_up, require_few_unpaid, top_up_and_publish
from web.sell.uploads import require_right
from web.shared.context import page_words, with_note
from web.shared.refusals import as_refusal, message_of, status_of, with_patience

router = Router()


@router.get("/new_auction")
def new_auction(request: Request) -> Response:
    """`draft`: which one, instead of the newest; `new`: none. `suggestion`: the question to the AI helper whose
    proposal fills the form, instead of a draft.
    """
    person, asked_id = request.visitor.require_person(), request.query.get("suggestion")
    draft = draft_of(request, person.id, request.query.get("draft", ""))
    if asked_id is not None:
        fields = proposed_fields(request, person.id, asked_id)
        return show_form(request, fields, proposed=Proposed(draft.saved_at if draft else None))
    if draft is None:
        return show_form(request, {})
    request.app.drafts.shown(person.id, draft, request.now)
    return show_form(
        request, dict(draft.fields), pictures=draft.pictures, uploads=draft.uploads, request_id=draft.request_id,
        saved_at=draft.saved_at, draft_id=draft.id, others=_others(request, person.id, draft),
    )  # fmt: skip


def _others(request: Request, person_id: int, shown: SellDraft) -> tuple[DraftLink, ...]:
    drafts = request.app.drafts.all(person_id, request.now)
    return tuple(DraftLink(each.id, each.fields.get("title", "")) for each in drafts if each.id != shown.id)


def publishing_again(request: Request, error: StarbidError) -> Response:
    user_id = request.visitor.require_user()
    return shown_again(
        request, error, _intake(request, user_id, request.typed), request.typed.get("request_id", "")[:64]
    )


@router.post("/new_auction", again=publishing_again)
def publish(request: Request) -> Response:
    """`request_id`: a second press of the button gives the same lot, and with other words none: the form comes back
    under a new one. `subscribe`: pay the subscription on the way. `top_up`: a sum that is to come in before, for one
    who may not sell yet.
    """
    user_id = request.visitor.require_user()
    request_id = request.form.get("request_id", "")[:64]
    publishing, intake = request.app.publishing, _intake(request, user_id, request.form)
    form, token = mark(with_alts(request.form), *intake.told), request_id or secrets.token_hex(16)
    try:
        lot = _published(request, intake, user_id, form) if request_id else None
        if lot is None:
            require_right(request, user_id)
            request.app.limits.require(Deed.LOT, user_id, request.now)
            tops_up = is_topping_up(request, user_id)
            if tops_up:
                require_few_unpaid(request, user_id, intake)
            draft = _take(request, intake)
            if tops_up:
                return top_up_and_publish(request, user_id, draft, intake, token, form)
            if request.form.get("subscribe"):
                request.app.draft_publishing.subscribe(user_id, token, request.now)
            lot = publishing.publish(user_id, draft, intake.kept, token, request.now, form=form)
    except (StarbidError, Contended) as error:
        return shown_again(request, error, intake, "" if isinstance(error, FormReused | Spent) else token)
    drop_draft(request, user_id, token)
    back = redirect(f"/auction/{lot.auction.id}")
    return with_note(back, "published") if lot.auction.status(request.now).is_open else back


@router.get("/auction/<auction_id>/edit")
def edit(request: Request, auction_id: str) -> Response:
    user_id = request.visitor.require_user()
    lot = request.app.publishing.require_editor(user_id, auction_id, request.now)
    values = values_of(lot, page_words(request).zone)
    if lot.auction.status(request.now) is Status.LIVE:
        values["starts_at"] = ""
    values[CARD_VERSION] = str(lot.card.version)
    return show_form(request, values, pictures=lot.card.pictures, auction_id=auction_id)


def _editing_again(request: Request, error: StarbidError, auction_id: str) -> Response:
    user_id = request.visitor.require_user()
    request.app.publishing.require_editor(user_id, auction_id, request.now)
    return shown_again(request, error, _intake(request, user_id, request.typed), "", auction_id)


@router.post("/auction/<auction_id>/edit", again=_editing_again)
def save(request: Request, auction_id: str) -> Response:
    user_id = request.visitor.require_user()
    publishing, intake = request.app.publishing, _intake(request, user_id, request.form)
    try:
        lot = publishing.require_editor(user_id, auction_id, request.now)
        request.app.limits.require(Deed.LOT, user_id, request.now)
        draft = _take(request, intake, lot)
        seen = typed_whole(request.form.get(CARD_VERSION, ""))
        publishing.edit(user_id, auction_id, draft, intake.kept, request.now, seen)
    except (NotFound, NotYours):
        raise
    except (StarbidError, Contended) as error:
        return shown_again(request, error, intake, "", auction_id)
    return with_note(redirect(f"/auction/{auction_id}"), "edited")


def _published(request: Request, intake: Intake, user_id: int, form: str) -> Lot | None:
    """The lot that this form has put up already. Raises FormReused, with the files put aside for another one."""
    try:
        return request.app.publishing.published(user_id, request.form["request_id"][:64], form)
    except FormReused:
        request.app.limits.require(Deed.LOT, user_id, request.now)
        intake.glance()
        intake.put_aside()
        raise


def _intake(request: Request, user_id: int, form: Form) -> Intake:
    return Intake(request.app, form, user_id, request.now)


def _take(request: Request, intake: Intake, lot: Lot | None = None) -> Draft:
    """What the form says, of the `lot` that is edited or of a new one; all of `intake` is decoded and a draft then.

    The cheapest looks come first, and nothing is decoded for a form that is refused: its files are put aside. Raises
    InvalidFields, with every fault that was looked for.
    """
    draft, faults = said_of_form(request, lot)
    intake.glance()
    if not faults and not intake.faults:
        intake.weigh(lot.card.pictures if lot else ())
    if faults or intake.faults:
        intake.put_aside()
    else:
        intake.decode()
    if draft is None or faults or intake.faults:
        raise InvalidFields((*faults, *intake.faults))
    return replace(draft, alts=renamed(draft.alts, intake.names))


def said_of_form(request: Request, lot: Lot | None = None) -> tuple[Draft | None, tuple[Invalid, ...]]:
    """What the form says of the `lot` that is edited or of a new one, or all that is wrong with it."""
    try:
        draft = request.app.draft_publishing.read_form(with_alts(request.form), lot, _start_zone(request), request.now)
    except InvalidFields as error:
        return None, error.errors
    return draft, ()


def _start_zone(request: Request) -> tzinfo:
    """In which the form showed its start, whatever the person has chosen since. Raises InvalidFields."""
    name = request.form.get("starts_zone")
    zone = zone_called(name) if name else page_words(request).zone
    if zone is None:
        raise InvalidFields((Invalid("starts_at", "zone"),))
    return zone


def shown_again(
    request: Request, error: Exception, intake: Intake, request_id: str, auction_id: str | None = None
) -> Response:
    """The form again, with what was typed, the pictures that were good, and a sentence where it belongs."""
    told, words = as_refusal(error), page_words(request)
    typed = typed_fields(with_alts(request.typed, intake.names))
    faults = fault_words(told, typed["currency"], words) if isinstance(told, Invalid | InvalidFields) else {}
    if isinstance(told, TooLarge):
        faults = {"images": words._("The photos are more than 4 MB in all. Send fewer or smaller ones.")}
    lacks_right = isinstance(told, SubscriptionRequired | InDebt)
    sentence = "" if faults or isinstance(told, FormReused) else message_of(told, words)  # told elsewhere on the page
    if not auction_id and not isinstance(told, CsrfFailed):
        request_id = request_id or secrets.token_hex(16)
        is_kept = keep_anyway(request, request.visitor.require_user(), intake, request_id)
        sentence = f"{sentence} {words._('What you typed is kept.')}".strip() if sentence and is_kept else sentence
    if request.wants_json:
        raise told
    if auction_id:
        typed[CARD_VERSION] = request.typed.get(CARD_VERSION, "")[:20]
    if isinstance(told, EditedMeanwhile):  # once it is said, the next press means it
        sentence += " " + words._("Save once more, and it will be as it stands here.")
        typed[CARD_VERSION] = str(told.card_version)
    if lacks_right and auction_id:
        sentence += " " + words._("Changes that do not make the lot end later can still be saved.")
    page = show_form(
        request, typed, status_of(told), faults=faults, pictures=intake.kept, uploads=intake.keys,
        files_left=bool(intake.files), request_id=request_id, auction_id=auction_id, refusal=sentence,
        owed=told.owed if isinstance(told, InDebt) else None,
        published=Published(told.auction_id, told.title) if isinstance(told, FormReused) else None,
    )  # fmt: skip
    return with_patience(page, told)
