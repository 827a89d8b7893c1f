"""The conversation as a file of text."""

from __future__ import annotations

from starbid.assistant_history import HISTORY_FILE, history_text
from starbid.services.assistant.exporting import for_export
from web.kernel.http import TEXT, Request, Response
from web.kernel.routing import Router
from web.shared.context import page_words

router = Router()


@router.get("/assistant/history.txt", page="/assistant")
def export(request: Request) -> Response:
    """As much as one answer takes, the newest: the last line says so where there is more."""
    user_id, words = request.visitor.require_user(), page_words(request)
    taken, is_all = for_export(request.app.asking, user_id)
    file = history_text(taken, words, is_all=is_all)
    name = f'attachment; filename="{HISTORY_FILE}"'
    return Response(file.encode(), 200, TEXT, {"cache-control": "private, no-store", "content-disposition": name})
