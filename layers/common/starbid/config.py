"""Settings from the environment, checked at start; a fault names the variable (spec, section 10)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from starbid.domain.deals import DealTimes
from starbid.services.settings import Business

TABLES = ("USERS", "WALLETS", "AUCTIONS", "BIDS", "LEDGER", "PAYMENTS", "OUTBOX", "LISTINGS", "SCRATCH")
SECRETS = ("SECRET_KEY", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "PROVIDER_TOKEN")
"""Kept in SSM Parameter Store as SecureStrings in AWS; in the environment elsewhere."""

PUBLIC_KEY_LENGTH = 16
"""The least length of SECRET_KEY of a site that others can reach (https); on one's own machine any will do."""


class ConfigError(Exception):
    """A variable is missing or malformed; the message names it and never shows its value."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a function may be told by its environment. Secrets do not show in its repr.

    `bot_url` leads people to the bot (`?start=<payload>` may follow): t.me, or the stand-in of a local run.
    """

    business: Business
    base_url: str
    bot_username: str
    bot_url: str
    telegram_api: str
    telegram_test: bool
    admin_ids: frozenset[int]
    tables: Mapping[str, str]
    pictures_bucket: str
    bid_logs_bucket: str
    closer_queue_url: str
    notice_queue_url: str
    log_queue_url: str
    schedule_group: str
    schedule_role_arn: str
    schedule_dlq_arn: str
    closer_arn: str
    payments_arn: str
    secret_key: str = field(repr=False)
    bot_token: str = field(repr=False)
    webhook_secret: str = field(repr=False)

    @property
    def secure_cookies(self) -> bool:
        """`Secure` exactly when BASE_URL is https."""
        return self.base_url.startswith("https://")


def read_settings(env: Mapping[str, str]) -> Settings:
    """Settings from a mapping of variables; raises ConfigError. A function lacks the wiring that it has no use for."""
    read = _Reader(env)
    base_url = read.url("BASE_URL")
    business = Business(
        fee_percent=read.whole("FEE_PERCENT", 5, 0, 100),
        subscription_price=read.whole("SUBSCRIPTION_PRICE", 100, 1, 10_000),
        max_stars_purchase=read.whole("MAX_STARS_PURCHASE", 100_000, 1, 10**9),
        min_auction_seconds=read.whole("MIN_AUCTION_SECONDS", 60, 1, 86_400),
        deal_times=DealTimes(read.whole("DEAL_RELEASE_DAYS", 7, 1, 365), read.whole("DEAL_DELIVERY_DAYS", 7, 1, 365)),
        admin_ids=read.ids("ADMIN_IDS"),
    )
    bot_username = read.text("TELEGRAM_BOT_USERNAME").lstrip("@")
    return Settings(
        business=business,
        base_url=base_url,
        bot_username=bot_username,
        bot_url=read.url("TELEGRAM_BOT_URL", f"https://t.me/{bot_username}"),
        telegram_api=read.url("TELEGRAM_API_BASE_URL", "https://api.telegram.org"),
        telegram_test=read.flag("TELEGRAM_TEST_ENVIRONMENT"),
        admin_ids=business.admin_ids,
        tables={name.lower(): env.get(f"{name}_TABLE", "") for name in TABLES},
        pictures_bucket=env.get("PICTURES_BUCKET", ""),
        bid_logs_bucket=env.get("BID_LOGS_BUCKET", ""),
        closer_queue_url=env.get("CLOSER_QUEUE_URL", ""),
        notice_queue_url=env.get("NOTICE_QUEUE_URL", ""),
        log_queue_url=env.get("LOG_QUEUE_URL", ""),
        schedule_group=env.get("SCHEDULE_GROUP", "default"),
        schedule_role_arn=env.get("SCHEDULE_ROLE_ARN", ""),
        schedule_dlq_arn=env.get("SCHEDULE_DLQ_ARN", ""),
        closer_arn=env.get("CLOSER_FUNCTION_ARN", ""),
        payments_arn=env.get("PAYMENTS_FUNCTION_ARN", ""),
        secret_key=read.secret("SECRET_KEY", least=PUBLIC_KEY_LENGTH if base_url.startswith("https://") else 1),
        bot_token=read.secret("TELEGRAM_BOT_TOKEN"),
        webhook_secret=read.secret("TELEGRAM_WEBHOOK_SECRET"),
    )


class _Reader:
    def __init__(self, env: Mapping[str, str]) -> None:
        self._env = env

    def text(self, name: str, default: str | None = None) -> str:
        value = self._env.get(name, "").strip() or default
        if value is None:
            raise ConfigError(f"{name} is not set")
        return value

    def secret(self, name: str, least: int = 1) -> str:
        value = self.text(name)
        if len(value) < least:
            raise ConfigError(f"{name} must have at least {least} characters")
        return value

    def url(self, name: str, default: str | None = None) -> str:
        value = self.text(name, default).rstrip("/")
        if not value.startswith(("http://", "https://")):
            raise ConfigError(f"{name} must begin with http:// or https://")
        return value

    def whole(self, name: str, default: int, least: int, most: int) -> int:
        text = self.text(name, str(default))
        if not text.isascii() or not text.isdigit() or not least <= int(text) <= most:
            raise ConfigError(f"{name} must be a whole number from {least} to {most}")
        return int(text)

    def flag(self, name: str) -> bool:
        text = self.text(name, "false").lower()
        if text not in ("true", "false", "1", "0"):
            raise ConfigError(f"{name} must be true or false")
        return text in ("true", "1")

    def ids(self, name: str) -> frozenset[int]:
        parts = [part for part in self.text(name, "").replace(",", " ").split() if part]
        if not all(part.isascii() and part.isdigit() for part in parts):
            raise ConfigError(f"{name} must be Telegram user ids, separated by commas")
        return frozenset(int(part) for part in parts)
