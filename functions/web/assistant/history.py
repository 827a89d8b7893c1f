"""The conversation as a file of text."""

from __future__ import annotations

from collections.abc import Iterator

from starbid.domain.assistant.question import Question, State
from starbid.i18n import Language
from web.assistant.view import Exchange, exchange
from web.kernel.http import TEXT, Request, Response
from web.kernel.routing import Router
from web.shared.context import page_words

router = Router()
AT_ONCE = 100
MOST_BYTES = 4_000_000
"""A Lambda answers 6 MB, base64 included."""
MOST_QUESTIONS = 5_000
_LINE = "\n\n" + "-" * 40 + "\n\n"


@router.get("/assistant/history.txt", page="/assistant")
def export(request: Request) -> Response:
    """Newest first, as much as one answer takes."""
    user_id, words = request.visitor.require_user(), page_words(request)
    words = words.to(words.zone_name, request.now, lasting=True)
    title = f"Starbid · {words._('AI helper')} · {words.moment(request.now)}"
    more = (_LINE + words._("There is more. Only the newest questions fit into one file.")).encode()
    file = bytearray(title.encode())
    for number, (question, state) in enumerate(_asked(request, user_id)):
        part = (_LINE + _told(exchange(question, state, words), words)).encode()
        if number == MOST_QUESTIONS or len(file) + len(part) + len(more) >= MOST_BYTES:
            file += more
            break
        file += part
    name = 'attachment; filename="starbid-ai-helper.txt"'
    return Response(bytes(file) + b"\n", 200, TEXT, {"cache-control": "private, no-store", "content-disposition": name})


def _asked(request: Request, user_id: int) -> Iterator[tuple[Question, State]]:
    """All questions that are there, newest first, and how they stand."""
    cursor = None
    while True:
        page, account = request.app.asking.history(user_id, limit=AT_ONCE, cursor=cursor)
        for question in page.items:
            yield question, question.state_with(account.open)
        cursor = page.cursor
        if cursor is None:
            return


def _told(shown: Exchange, words: Language) -> str:
    asked = " · ".join(filter(None, (words._("You"), words.moment(shown.at), shown.about)))
    return f"{asked}\n{shown.text}\n\n{words._('AI helper')}\n{_answer(shown, words)}"


def _answer(shown: Exchange, words: Language) -> str:
    proposal = shown.proposal
    if proposal is None:
        return shown.plain or shown.failed or shown.doing
    price = words.money(proposal.start_price) if proposal.start_price else ""
    return "\n".join(filter(None, (proposal.title, proposal.description, proposal.category, price)))
