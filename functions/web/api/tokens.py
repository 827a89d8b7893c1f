"""Tokens for programs that act for a person."""

from __future__ import annotations

from starbid.services.idempotency import AlreadyDone, Answer
from starbid.services.ports import ApiToken, Memory, Refused, Store
from web.api import shapes
from web.api.repeats import Remember, answer_once, created, respond
from web.http import Request, Response, no_content, to_json
from web.identity.tokens import drop_token, keep_token, new_nonce, secret_of
from web.jsonbody import read_object
from web.routing import Router

router = Router()


@router.get("/tokens")
def list_tokens(request: Request) -> Response:
    kept = request.app.store.tokens_of(request.visitor.require_user())
    return to_json({"items": [shapes.token(token) for token in kept]})


@router.post("/tokens")
def make_token(request: Request) -> Response:
    """The secret is in this answer and nowhere else; the memory of a repeat holds a nonce that it is made from."""
    user_id, fields = request.visitor.require_user(), read_object(request)
    app = request.app

    def work(remember: Remember | None) -> Answer:
        nonce = new_nonce()
        token = keep_token(app.store, user_id, fields.get("name"), request.now, _secret(request, user_id, nonce))
        answer = {**created(shapes.token(token)), "nonce": nonce}
        if remember:
            _remember(app.store, remember(answer), token)
        return answer

    answer = answer_once(request, user_id, work)
    if "nonce" not in answer:
        return respond(answer)
    return respond(created({"token": _secret(request, user_id, answer["nonce"]), **answer["body"]}))


@router.delete("/tokens/<token_id>")
def delete_token(request: Request, token_id: str) -> Response:
    drop_token(request.app.store, request.visitor.require_user(), token_id)
    return no_content()


def _secret(request: Request, user_id: int, nonce: str) -> str:
    return secret_of(request.app.settings.secret_key, user_id, nonce)


def _remember(store: Store, memory: Memory, token: ApiToken) -> None:
    """Where the same request was faster, its token stays and this one goes."""
    unit = store.unit()
    unit.remember(memory)
    try:
        unit.commit()
    except Refused:
        store.drop_token(token.user_id, token.digest)
        raise AlreadyDone from None
