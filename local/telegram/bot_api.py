"""The Bot API server: `<prefix>/api/bot<token>/<method>`, answers and refusals as Telegram gives them."""

from __future__ import annotations

import hmac
import json
import logging
from collections.abc import Callable, Mapping
from typing import Any

from werkzeug import Request, Response
from werkzeug.exceptions import HTTPException

from local.telegram import (
    api_account,
    api_edits,
    api_messages,
    api_payments,
    api_profile,
    api_webhook,
    groups,
    inline_mode,
    venue_actions,
)
from local.telegram.context import Context
from local.telegram.errors import ApiError
from local.telegram.params import Params

Method = Callable[[Context, Params], Any]
METHODS: Mapping[str, Method] = {
    **api_messages.METHODS,
    **api_edits.METHODS,
    **api_account.METHODS,
    **api_profile.METHODS,
    **api_webhook.METHODS,
    **api_payments.METHODS,
    **groups.METHODS,
    **inline_mode.METHODS,
    **venue_actions.METHODS,
}

logger = logging.getLogger(__name__)


def call(context: Context, request: Request, token: str, method: str) -> Response:
    """Answer one call, always as JSON with `ok`."""
    try:
        _check_token(context, token)
        function = METHODS.get(method.lower())
        if function is None:
            raise ApiError(404, "Not Found")
        return _answer(200, {"ok": True, "result": function(context, Params.of(request))})
    except ApiError as error:
        logger.info("%s refused: %s", method, error.description)
        return _refusal(error.code, error.description, error.retry_after, error.migrate_to)
    except HTTPException as error:
        return _refusal(error.code or 400, error.name)


def download(context: Context, token: str, path: str) -> Response:
    """A file by its `file_path`."""
    try:
        _check_token(context, token)
    except ApiError as error:
        return _refusal(error.code, error.description)
    file = context.files.find_path(path)
    if file is None:
        return _refusal(404, "Not Found")
    return Response(context.files.read(file), mimetype="application/octet-stream")


def _check_token(context: Context, token: str) -> None:
    if not hmac.compare_digest(token.encode("utf-8", "surrogatepass"), context.bot.token.encode()):
        raise ApiError(401, "Unauthorized")


def _refusal(code: int, description: str, retry_after: int = 0, migrate_to: int = 0) -> Response:
    body: dict[str, Any] = {"ok": False, "error_code": code, "description": description}
    told = {"retry_after": retry_after, "migrate_to_chat_id": migrate_to}
    parameters = {name: value for name, value in told.items() if value}
    return _answer(code, body | ({"parameters": parameters} if parameters else {}))


def _answer(status: int, body: dict[str, Any]) -> Response:
    return Response(json.dumps(body), status=status, mimetype="application/json")
