"""Settings of the AI helper and of the model behind it (spec, section 8)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from starbid.config_reader import ConfigError, Reader
from starbid.domain.assistant.terms import AssistantTerms, PackOffer

MODEL_SECRET = "OPENAI_API_KEY"  # noqa: S105 - its name
MODEL_NAME = re.compile(r"[!-~]{1,200}")
PACK_LIST = re.compile(r"[1-9][0-9]{0,4}:[1-9][0-9]{0,4}(?:,[1-9][0-9]{0,4}:[1-9][0-9]{0,4}){0,7}")
"""`credits:Stars`, up to eight times."""


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """Where the helper's model is, and how long it may take: until its first byte, and between two of them."""

    url: str
    name: str
    first_byte_seconds: int
    stall_seconds: int
    most_tokens: int
    context_tokens: int


def assistant_terms(read: Reader) -> AssistantTerms:
    """The helper is offered where somebody has said which model answers, or that one does."""
    named = any(read.is_set(name) for name in (MODEL_SECRET, "OPENAI_BASE_URL"))
    packs = read.shaped("ASSISTANT_PACKS", PACK_LIST, "credits:Stars, separated by commas", "10:20,50:80,200:250")
    offers = tuple(PackOffer(*map(int, pair.split(":"))) for pair in packs.split(","))
    if len({offer.credits for offer in offers}) < len(offers):
        raise ConfigError("ASSISTANT_PACKS must not name a number of credits twice")
    return AssistantTerms(
        is_offered=read.flag("ASSISTANT_ENABLED", "true" if named else "false"),
        trial_messages=read.whole("TRIAL_MESSAGES", 10, 0, 1000),
        trial_days=read.whole("TRIAL_DAYS", 7, 1, 365),
        quota=read.whole("ASSISTANT_QUOTA", 100, 0, 100_000),
        per_minute=read.whole("ASSISTANT_PER_MINUTE", 6, 1, 60),
        packs=offers,
        daily_tokens=read.whole("ASSISTANT_DAILY_TOKENS", 2_000_000, 0, 10**12),
    )


def model_settings(read: Reader) -> ModelSettings:
    return ModelSettings(
        url=read.url("OPENAI_BASE_URL", "https://api.openai.com/v1"),
        name=read.shaped("OPENAI_MODEL", MODEL_NAME, "the name of a model, without blanks", "gpt-4o-mini"),
        first_byte_seconds=read.whole("OPENAI_FIRST_BYTE_SECONDS", 14, 1, 44),
        stall_seconds=read.whole("OPENAI_STALL_SECONDS", 15, 1, 44),
        most_tokens=read.whole("OPENAI_MAX_TOKENS", 2000, 50, 32_000),
        context_tokens=read.whole("ASSISTANT_CONTEXT_TOKENS", 3000, 0, 100_000),
    )
