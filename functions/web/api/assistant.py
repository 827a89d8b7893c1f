"""The AI helper through the API, for the caller (spec, section 8)."""

from __future__ import annotations

from typing import Any

from starbid.domain.assistant.account import Account
from starbid.domain.assistant.question import Place, Question
from starbid.domain.errors import Invalid, NotFound
from starbid.services.assistant.asking import Wish
from starbid.services.idempotency import Answer, MakeRecord
from web.api import assistant_shapes, shapes
from web.api.about import About, paging
from web.api.repeats import act_once, created, done, request_id, told_once
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, to_json
from web.kernel.json_body import read_object, read_string, read_whole
from web.kernel.routing import Router
from web.shared.paying import ask_for_pack
from web.shared.search_query import read_limit

router = Router()
MOST = 50
_OFF = {503: "`assistant_off`: the helper is not offered here"}
_BARRED = {403: "`blocked`, `restricted`"}


@router.post(
    "/assistant/register",
    about=About(
        "Begin to use the helper; `consent` true agrees that questions go to an AI service, false takes that back",
        body="Registration",
        may_be_empty=True,
        answer="Registered",
        refused={422: "`invalid`: `consent` is neither true nor false", **_OFF},
    ),
)
def register(request: Request) -> Response:
    """Safe to repeat. To take the consent back is possible always."""
    user_id, fields = request.visitor.require_user(), _read_any(request)
    given, asking, answer = fields.get("consent"), request.app.asking, done({"registered": True})

    def begin() -> Answer:
        asking.require_offered()
        return answer

    def agree(make_record: MakeRecord[Account] | None) -> Account:
        if not isinstance(given, bool):
            raise Invalid("consent", "choice")
        if given:
            asking.require_offered()
        return asking.consent(user_id, request.now, given=given, make_record=make_record)

    if given is None:
        return told_once(request, user_id, begin)
    return act_once(request, user_id, agree, lambda _: answer)


@router.post(
    "/assistant/start_trial",
    about=About(
        "Start the free trial",
        body="Nothing",
        may_be_empty=True,
        answer="Credits",
        refused={**_BARRED, 409: "`trial_used`: it was started before", **_OFF},
    ),
)
def start_trial(request: Request) -> Response:
    person, _ = request.visitor.require_person(), _read_any(request)
    asking, now = request.app.asking, request.now

    def act(make_record: MakeRecord[Account] | None) -> Account:
        return asking.start_trial(person, now, make_record)

    def tell(account: Account) -> Answer:
        return done(assistant_shapes.left(asking.standing_of(account, person, now)))

    return act_once(request, person.id, act, tell)


@router.post(
    "/assistant/process_message",
    about=About(
        "Ask a question; its answer is read at /assistant/messages/{question_id}",
        body="NewMessage",
        answer="QueuedMessage",
        status=202,
        refused={
            402: "`no_credits`: trial, quota and credits are used up; `may_try` says whether the trial is still there",
            403: "`consent_needed`: agree with /assistant/register first; `blocked`, `restricted`",
            409: "`busy`: the question of `id` is still open",
            422: "`invalid`: there is nothing to see in `text`, or it is too long",
            429: "`too_many_requests`: too many within a minute; `Retry-After` says when to come again",
            **_OFF,
        },
    ),
)
def process_message(request: Request) -> Response:
    person, fields = request.visitor.require_person(), read_object(request)
    app, now = request.app, request.now

    def act(make_record: MakeRecord[Question] | None) -> Question:
        wish = Wish(read_string(fields, "text"), Place.API)
        return app.asking.ask(person, wish, request_id(request), now, make_record)

    return act_once(request, person.id, act, lambda asked: _accepted(assistant_shapes.queued(asked)))


@router.get(
    "/assistant/messages", about=About("The caller's questions, newest first", answer="Messages", query=paging(MOST))
)
def my_messages(request: Request) -> Response:
    user_id, limit = request.visitor.require_user(), read_limit(request.query, MOST, MOST)
    page, account = request.app.asking.history(user_id, limit=limit, cursor=request.query.get("cursor") or None)
    items = [assistant_shapes.message(asked, asked.state_with(account.open)) for asked in page.items]
    return to_json({"items": items, "cursor": page.cursor})


@router.get("/assistant/messages/<question_id>", about=About("One question and its answer", answer="Message"))
def my_message(request: Request, question_id: str) -> Response:
    try:
        asked, state = request.app.asking.question(request.visitor.require_user(), question_id)
    except NotFound:
        raise NoSuchPage from None
    return to_json(assistant_shapes.message(asked, state))


@router.post(
    "/assistant/stop",
    about=About(
        "Stop the answer to an open question; what was written so far is kept, and costs what an answer costs. "
        "`stopped` is false where it is not open any more, or was stopped before",
        body="Stop",
        answer="Stopped",
        refused={422: "`invalid`: no `id`"},
    ),
)
def stop(request: Request) -> Response:
    user_id, fields = request.visitor.require_user(), read_object(request)

    def work() -> Answer:
        asked_id = read_string(fields, "id")
        if not asked_id:
            raise Invalid("id", "required")
        return done({"stopped": request.app.asking.stop(user_id, asked_id)})

    return told_once(request, user_id, work)


@router.get("/assistant/get_credits", about=About("What the caller may still ask", answer="Credits"))
def get_credits(request: Request) -> Response:
    person = request.visitor.require_person()
    return to_json(assistant_shapes.left(request.app.asking.standing(person, request.now)))


@router.post(
    "/assistant/create_payment",
    about=About(
        "Make an invoice in Stars for a pack of that many credits",
        body="NewPayment",
        answer="Payment",
        status=201,
        refused={
            403: "`blocked`",
            409: "`too_many_packs`: as many as one may have are not used up",
            422: "`invalid`: there is no pack of that many",
            429: "`too_many_requests`",
            **_OFF,
        },
    ),
)
def create_payment(request: Request) -> Response:
    """An invoice that was made and never told of is paid by nobody, so a repeat may make another."""
    user_id, fields = request.visitor.require_user(), read_object(request)

    def work() -> Answer:
        order, link = ask_for_pack(request, user_id, read_whole(fields, "pack"), request.words)
        return created({"order_id": order.id, "link": link})

    return told_once(request, user_id, work)


@router.get(
    "/assistant/user_profile", about=About("The caller, as /me says, and as the helper knows them", answer="Profile")
)
def user_profile(request: Request) -> Response:
    person, now = request.visitor.require_person(), request.now
    account = request.app.questions.account(person.id)
    standing = request.app.asking.standing_of(account, person, now)
    return to_json({**shapes.person(person, now), **assistant_shapes.known_to_helper(account, standing)})


def _read_any(request: Request) -> dict[str, Any]:
    """A body that may be none at all."""
    return read_object(request) if request.body else {}


def _accepted(body: dict[str, Any]) -> Answer:
    return {"status": 202, "body": body}
