"""What is done about the helper and its conversation, besides asking: agree, try it, stop, ask again, clear."""

from __future__ import annotations

from starbid.domain.assistant.errors import TrialUsed
from starbid.domain.assistant.question import Place, is_question_id
from starbid.domain.errors import Invalid, NotFound, StarbidError
from starbid.domain.people import Person
from starbid.services.ports import Contended
from web.assistant.asking import asked_once
from web.assistant.pages import Typed, show_conversation, typed_text
from web.assistant.topic import Topic, topic_of
from web.kernel.exceptions import NoSuchPage
from web.kernel.http import Request, Response, redirect
from web.kernel.routing import Router
from web.shared.context import page_words, show, with_note
from web.shared.refusals import as_refusal, message_of, status_of, with_patience

router = Router()


@router.post("/assistant/consent")
def consent(request: Request) -> Response:
    """`given`: 1 or 0; `next`: where to go on. A question that was typed already comes along, and stays."""
    user_id, given = request.visitor.require_user(), request.form.get("given")
    if given not in ("0", "1"):
        raise Invalid("given", "choice")
    if given == "1":
        request.app.asking.require_offered()
    request.app.asking.consent(user_id, request.now, given=given == "1")
    return _onward(request, "ai-agreed" if given == "1" else "ai-withdrawn")


@router.post("/assistant/trial")
def start_trial(request: Request) -> Response:
    person = request.visitor.require_person()
    try:
        request.app.asking.start_trial(person, request.now)
    except TrialUsed as used:
        if not _has_just_begun(request, person):
            return _refused(request, used)
    except (StarbidError, Contended) as error:
        return _refused(request, error)
    return _onward(request, "ai-trial")


def _has_just_begun(request: Request, person: Person) -> bool:
    """The button was pressed twice."""
    trial = request.app.questions.account(person.id).trial
    return trial is not None and trial.left(request.now) == trial.granted


@router.post("/assistant/stop")
def stop(request: Request) -> Response:
    """`id`: the question. One that is over by now stays as it is."""
    user_id, asked_id = request.visitor.require_user(), _asked_id(request)
    request.app.asking.question(user_id, asked_id)
    request.app.asking.stop(user_id, asked_id)
    return redirect(f"/assistant#q-{asked_id}")


@router.post("/assistant/retry")
def ask_again(request: Request) -> Response:
    """`id`: a question that failed. It is asked once more for each `request_id`."""
    person, failed_id = request.visitor.require_person(), _asked_id(request)
    asking, now = request.app.asking, request.now
    try:
        asked = asked_once(
            request,
            person.id,
            lambda key, record: asking.ask_again(person, failed_id, key, now, Place.SITE, record),
            failed_id,
        )
    except NotFound:
        raise
    except (StarbidError, Contended) as error:
        return _refused(request, error)
    return redirect(f"/assistant#q-{asked}")


@router.get("/assistant/clear")
def ask_about_clearing(request: Request) -> Response:
    request.visitor.require_person()
    return show(request, "assistant/clear.html")


@router.post("/assistant/clear")
def clear(request: Request) -> Response:
    request.app.asking.clear(request.visitor.require_user(), request.now)
    return with_note(redirect("/assistant"), "ai-cleared")


def _asked_id(request: Request) -> str:
    asked_id = request.form.get("id", "")
    if not is_question_id(asked_id):
        raise NoSuchPage
    return asked_id


def _onward(request: Request, note: str) -> Response:
    """To where the button was, or the page at once where a question stands in its form."""
    text = typed_text(request)
    if text:
        return show_conversation(request, _topic(request), Typed(text))
    return with_note(redirect(request.page(request.form.get("next"), "/assistant")), note)


def _refused(request: Request, error: Exception) -> Response:
    told = as_refusal(error)
    if request.wants_json:
        raise told
    refusal = message_of(told, page_words(request))
    page = show_conversation(request, _topic(request), Typed(typed_text(request)), status_of(told), refusal)
    return with_patience(page, told)


def _topic(request: Request) -> Topic:
    return topic_of(request, request.form, request.visitor.require_user())
