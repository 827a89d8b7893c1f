"""Whether the function answers at all."""

from __future__ import annotations

from web.kernel.http import Request, Response, to_json
from web.kernel.routing import Router

router = Router()


@router.get("/healthz", page="/")
def healthz(_: Request) -> Response:
    return to_json({"status": "ok"})
