"""Tokens for programs that act for a person."""

from __future__ import annotations

from starbid.domain.intents import Memory
from starbid.domain.limits import Deed
from starbid.services.idempotency import Answer, MakeRecord
from web.api import shapes
from web.api.about import BY_SESSION, About
from web.api.repeats import answer_once, created, respond
from web.identity.tokens import new_nonce, new_token, secret_of
from web.kernel.exceptions import SessionRequired
from web.kernel.http import Request, Response, no_content, to_json
from web.kernel.json_body import read_object
from web.kernel.routing import Router

router = Router()


@router.get("/tokens", about=About("The caller's tokens", answer="Tokens"))
def list_tokens(request: Request) -> Response:
    kept = request.app.tokens.of(request.visitor.require_user())
    return to_json({"items": [shapes.token(token) for token in kept]})


@router.post(
    "/tokens",
    about=About(
        "Make a token; its secret is told once. By a session alone",
        body="NewToken",
        answer="MadeToken",
        status=201,
        security=BY_SESSION,
    ),
)
def make_token(request: Request) -> Response:
    """With a session only: one that leaked must not make others that outlive it.

    The secret is in this answer and nowhere else; the memory of a repeat holds a nonce that it is made from.
    """
    if request.visitor.by_token:
        raise SessionRequired
    user_id, fields = request.visitor.require_user(), read_object(request)
    key = request.app.settings.secret_key

    def work(memory: Memory | None) -> Answer:
        request.app.limits.require(Deed.TOKEN, user_id, request.now)
        nonce = new_nonce()
        token, _ = new_token(key, user_id, fields.get("name"), nonce, request.now)
        answer = {**created(shapes.token(token)), "nonce": nonce}
        request.app.tokens.keep(token, MakeRecord(memory, lambda _: answer) if memory else None)
        return answer

    answer = answer_once(request, user_id, work)
    if "nonce" not in answer:
        return respond(answer)
    return respond(created({"token": secret_of(key, user_id, answer["nonce"]), **answer["body"]}))


@router.delete("/tokens/<token_id>", about=About("Delete a token", status=204))
def delete_token(request: Request, token_id: str) -> Response:
    request.app.tokens.drop(request.visitor.require_user(), token_id)
    return no_content()
