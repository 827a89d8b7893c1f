"""The AI helper. Never a word of what was asked or answered; the money of packs is in the ledger."""

from __future__ import annotations

from starbid.domain.event_log import LogKind
from starbid.domain.events import (
    ConsentChanged,
    CreditsBought,
    CreditsChanged,
    CreditsWithdrawn,
    QuestionAnswered,
    QuestionFailed,
    TrialPaid,
    TrialStarted,
)
from starbid.services.recording.registry import logs

ASSISTANT = LogKind.ASSISTANT

logs(
    QuestionAnswered,
    ASSISTANT,
    "answer",
    facts=("question_id", "task", "place", "source", "tokens", "seconds", "stopped"),
)
logs(QuestionFailed, ASSISTANT, "failed", facts=("question_id", "task", "why", "tokens"))
logs(TrialStarted, ASSISTANT, "trial", facts=("until",))
logs(TrialPaid, ASSISTANT, "trial_paid")
logs(CreditsBought, ASSISTANT, "bought", facts=("credits", "price", "from_wallet"))
logs(CreditsChanged, ASSISTANT, "changed", facts=("change", "credits"))
logs(CreditsWithdrawn, ASSISTANT, "withdrawn", facts=("credits",))
logs(ConsentChanged, ASSISTANT, "consent", facts=("given",))
