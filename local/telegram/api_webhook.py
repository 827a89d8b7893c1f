"""Bot API methods about where updates go. They go to the local run whatever address is told, with the secret that is
told; after `deleteWebhook` they wait.
"""

from __future__ import annotations

import json
import re
from typing import Any

from local.telegram.context import Context
from local.telegram.errors import bad_request
from local.telegram.params import Params

MOST_CONNECTIONS = 100
USUAL_CONNECTIONS = 40
_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")


def set_webhook(context: Context, params: Params) -> bool:
    """`setWebhook`; what is not told of kinds stays as it was. Without an address it is `deleteWebhook`."""
    url, secret = params.text("url"), params.text("secret_token")
    most = params.integer("max_connections", USUAL_CONNECTIONS)
    if not url:
        return delete_webhook(context, params)
    if secret and not _SECRET.fullmatch(secret):
        raise bad_request("secret token contains unallowed characters")
    if not 1 <= most <= MOST_CONNECTIONS:
        raise bad_request("invalid max_connections specified")
    if params.has("allowed_updates"):
        allowed = params.json("allowed_updates")
        if not isinstance(allowed, list):
            raise bad_request("can't parse allowed_updates JSON object")
        context.store.put_setting("allowed_updates", json.dumps([str(kind) for kind in allowed]))
    context.store.put_setting("webhook", url)
    context.store.put_setting("max_connections", str(most))
    _drop(context, params)
    context.courier.resume(secret)
    return True


def delete_webhook(context: Context, params: Params) -> bool:
    """`deleteWebhook`."""
    context.store.put_setting("webhook", "")
    _drop(context, params)
    context.courier.hold()
    return True


def _drop(context: Context, params: Params) -> None:
    if params.flag("drop_pending_updates"):
        context.courier.drop()


def get_webhook_info(context: Context, _params: Params) -> dict[str, Any]:
    """`getWebhookInfo`."""
    url = context.store.setting("webhook") or ""
    info: dict[str, Any] = {
        "url": url,
        "has_custom_certificate": False,
        "pending_update_count": context.courier.pending(),
    }
    allowed = json.loads(context.store.setting("allowed_updates") or "[]")
    most = int(context.store.setting("max_connections") or USUAL_CONNECTIONS)
    error = context.courier.last_error
    info |= {"max_connections": most} if url else {}
    info |= {"allowed_updates": allowed} if allowed else {}
    return info | ({"last_error_date": int(error[0]), "last_error_message": error[1]} if error else {})


METHODS = {"setwebhook": set_webhook, "deletewebhook": delete_webhook, "getwebhookinfo": get_webhook_info}
