"""The helper in words, for chat and site."""

from __future__ import annotations

from typing import assert_never

from starbid.domain.assistant import errors as assistant
from starbid.domain.assistant.question import Failure, Question
from starbid.domain.errors import StarbidError
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
            return _("You cannot use the AI helper for now.")
        case Failure.RESTING:
            return _("The AI helper has answered as much as it may today. It goes on after midnight UTC.")
        case Failure.GONE:
            return _("The lot that you asked about is not there any more.")
        case Failure.DIED:
            return _("Something went wrong while your question was being answered.")
        case _:
            assert_never(failure)


def of_assistant(error: StarbidError, words: Language) -> str:
    """The sentence for a refusal of the helper; empty for any other."""
    _ = words._
    match error:
        case assistant.ConsentNeeded():
            return _("Your questions go to an AI service. Agree to that first.")
        case assistant.Busy():
            return _("Your last question is still being answered. Wait for the answer, or stop it.")
        case assistant.NoCredits():
            return _no_credits(error, words)
        case assistant.TrialUsed():
            return _("You have started your free trial before.")
        case assistant.NotOffered():
            return _("The AI helper is not offered here.")
        case assistant.NothingToRetry():
            return _("This question has been answered, or is being answered.")
        case assistant.TooFewCredits():
            return words.ngettext("There is only {n} answer left.", "There are only {n} answers left.", error.left)
        case assistant.TooManyPacks():
            return _("You have {most} packs of answers that are not used up. Use some first.", most=error.most)
        case _:
            return ""


def invoice_words(number: int, words: Language) -> tuple[str, str]:
    """Title (at most 32 characters) and description of an invoice for `number` answers."""
    title = words.ngettext("{n} answer of the AI helper", "{n} answers of the AI helper", number)
    return title, words._("They never expire. The free trial and the answers of a subscription are used first.")


def _no_credits(error: assistant.NoCredits, words: Language) -> str:
    if error.may_try:
        return words._("You have no answers yet. Start the free trial, or buy a pack.")
    return words._("Your answers are used up. Buy a pack, or subscribe: answers come with it.")
