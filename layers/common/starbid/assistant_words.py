"""The helper in words, for chat and site."""

from __future__ import annotations

from typing import assert_never

from starbid.domain.assistant.question import Failure, Question
from starbid.i18n import Language


def failure_words(question: Question, words: Language) -> str:
    """Why there is no answer, what that means, and what can be done. Plain text."""
    assert question.failure
    why = _why(question.failure, words)
    return why if question.failure is Failure.CONSENT else f"{why} {words._('It cost you nothing.')}"


def _why(failure: Failure, words: Language) -> str:
    _ = words._
    match failure:
        case Failure.UNREACHABLE:
            return _("The AI service does not answer right now.")
        case Failure.EMPTY:
            return _("The AI service gave no answer. Try to put the question differently.")
        case Failure.WITHHELD:
            return _("The AI service does not answer this question.")
        case Failure.UNUSABLE:
            return _("No draft came of it. Tell more about the thing: what it is, its condition, what is special.")
        case Failure.STOPPED:
            return _("Stopped before there was an answer.")
        case Failure.CONSENT:
            return _("Not answered: you no longer agree that your questions go to an AI service.")
        case Failure.BARRED:
            return _("You cannot use the helper for now.")
        case Failure.RESTING:
            return _("The helper has answered as much as it may today. It goes on after midnight UTC.")
        case Failure.GONE:
            return _("The lot that you asked about is not there any more.")
        case Failure.DIED:
            return _("Something went wrong while your question was being answered.")
        case _:
            assert_never(failure)
