"""Settings from the environment, checked at start; an error names the variable (spec, section 10)."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urlsplit

from starbid.config_assistant import MODEL_SECRET, ModelSettings, assistant_terms, model_settings
from starbid.config_openid import OPENID_SECRET, OpenIdSettings, openid_settings
from starbid.config_push import PRIVATE_KEY, PUSH_SECRET, PushSettings, push_settings
from starbid.config_reader import ConfigError, Reader
from starbid.domain.admin_place import AdminPlace
from starbid.domain.bills import BillTerms
from starbid.domain.deals import DealTimes
from starbid.domain.money import CURRENCIES, DEFAULT_CURRENCY
from starbid.domain.payments import Provider
from starbid.services.settings import Business

TABLES = (
    "USERS",
    "WALLETS",
    "AUCTIONS",
    "BIDS",
    "INTENTS",
    "LEDGER",
    "PAYMENTS",
    "OUTBOX",
    "LISTINGS",
    "PAIRS",
    "TOKENS",
    "WATCHES",
    "SEARCHES",
    "SHOWCASES",
    "ADDRESSES",
    "TALKS",
    "SCRATCH",
    "AUDIT",
    "EVENT_LOG",
    "ROLLUPS",
    "DESK",
    "FINDS",
    "ASSISTANT",
    "ACHIEVEMENTS",
    "CONTACTS",
)
NEEDED_SECRETS = ("SECRET_KEY", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET")
PROVIDER_SECRETS = {
    Provider.QIWI: "TOPUP_QIWI_SECRET_KEY",
    Provider.CRYPTOPAY: "TOPUP_CRYPTOPAY_TOKEN",
    Provider.TELEGRAM: "PROVIDER_TOKEN",
}
"""A provider of bills is on offer where its secret is set; in this order."""
SECRETS = (*NEEDED_SECRETS, *PROVIDER_SECRETS.values(), MODEL_SECRET, PUSH_SECRET, OPENID_SECRET)
"""Kept in SSM Parameter Store as SecureStrings in AWS; in the environment elsewhere."""

PUBLIC_KEY_LENGTH = 16
"""The minimum length of SECRET_KEY of a public site (https); on a laptop any length will do."""

ENDPOINTS = (
    "AWS_ENDPOINT_URL",
    *(f"AWS_ENDPOINT_URL_{name}" for name in ("DYNAMODB", "S3", "SQS", "SCHEDULER", "SESV2")),
)
"""Endpoints of AWS other than the usual ones. boto3 reads them, and would fail at its first call."""

BOT_USERNAME = re.compile(r"@?[A-Za-z0-9_]{5,32}")
BOT_TOKEN = re.compile(r"[0-9]{1,20}:[A-Za-z0-9_-]+")
WEBHOOK_SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")
"""What the Bot API accepts as `secret_token` of setWebhook."""
WEBHOOK_SECRETS = re.compile(rf"{WEBHOOK_SECRET.pattern}(,{WEBHOOK_SECRET.pattern})?")
"""One, or two while it is changed: the one that Telegram was told, and another that is accepted too."""

EMAIL_SENDER = re.compile(r"([A-Za-z0-9._+-]{1,64}@([a-z0-9-]{1,63}\.)+[a-z0-9-]{2,63})?")

PROVIDER_SECRET = re.compile(r"[!-~]{1,1000}")
"""What can stand in a header of HTTP."""

MOST_CONNECTIONS = 100
"""Maximum of parallel updates from the Bot API."""

MOST_TOP_UP = 10**7
"""Whole units of one bill."""


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything a function reads from its environment. Secrets do not show in its repr.

    `bot_url` leads people to the bot (`?start=<payload>` may follow): t.me, or the stand-in of a local run.
    `address_limits`: how many times as wide as they are the limits of an address are; 0 where nothing is counted.
    `rich_cards`: new cards in chats are rich messages where Telegram takes them.
    `has_main_app`: @BotFather knows the site as the bot's main Mini App, so links of Telegram's open it.
    `email_sender`: where mail comes from; empty where none is sent.
    `ssm_prefix` is where the secrets are stored; empty where they are in the environment.
    """

    business: Business
    base_url: str
    bot_username: str
    bot_url: str
    telegram_api: str
    telegram_test: bool
    has_main_app: bool
    rich_cards: bool
    address_limits: int
    tables: Mapping[str, str]
    pictures_bucket: str
    bid_logs_bucket: str
    exports_bucket: str
    closer_queue_url: str
    notice_queue_url: str
    card_queue_url: str
    log_queue_url: str
    desk_queue_url: str
    assistant_queue_url: str
    dead_letter_queues: Mapping[str, str]
    schedule_group: str
    schedule_role_arn: str
    schedule_dlq_arn: str
    closer_arn: str
    payments_arn: str
    webhook_connections: int
    admin_place: AdminPlace | None
    support_webhook_url: str
    email_sender: str
    email_configuration_set: str
    push: PushSettings
    openid: OpenIdSettings
    qiwi_url: str
    cryptopay_url: str
    model: ModelSettings
    ssm_prefix: str
    secrets: Mapping[str, str] = field(repr=False)

    @property
    def admin_chat_id(self) -> int | None:
        return self.admin_place.chat_id if self.admin_place else None

    @property
    def secret_key(self) -> str:
        return self._secret("SECRET_KEY")

    @property
    def signing_key(self) -> str | None:
        """`secret_key`, None if it was not given."""
        return self.secret_key if "SECRET_KEY" in self.secrets else None

    @property
    def bot_token(self) -> str:
        return self._secret("TELEGRAM_BOT_TOKEN")

    @property
    def webhook_secrets(self) -> tuple[str, ...]:
        """All that are accepted; the first is the one that Telegram is told."""
        return tuple(self._secret("TELEGRAM_WEBHOOK_SECRET").split(","))

    @property
    def webhook_secret(self) -> str:
        """The one that Telegram is told."""
        return self.webhook_secrets[0]

    def _secret(self, name: str) -> str:
        """Raises ConfigError if it was not given: anybody can sign with an empty key."""
        if name not in self.secrets:
            raise ConfigError(f"{name} is not among the GIVEN_SECRETS of this function")
        return self.secrets[name]

    def secret_of(self, provider: Provider) -> str:
        """Raises ConfigError if it was not given."""
        return self._secret(PROVIDER_SECRETS[provider])

    @property
    def model_key(self) -> str | None:
        """None where the model asks for none, as one on the same machine."""
        return self.secrets.get(MODEL_SECRET)

    @property
    def has_stand_in(self) -> bool:
        """The Bot API server is on this machine, and so no server of Telegram's."""
        return urlsplit(self.telegram_api).hostname in ("127.0.0.1", "localhost", "::1")

    @property
    def vapid_key(self) -> str:
        """The private one. Raises ConfigError if it was not given."""
        return self._secret(PUSH_SECRET)

    @property
    def openid_secret(self) -> str:
        """Of the client. Raises ConfigError if it was not given."""
        return self._secret(OPENID_SECRET)

    @property
    def openid_client(self) -> OpenIdSettings:
        """With the id of the client, which is the bot's unless another one is set."""
        bot_id = self.bot_token.partition(":")[0]
        return replace(self.openid, client_id=self.openid.client_id or bot_id)

    @property
    def has_openid(self) -> bool:
        """Whether people can log in by OpenID Connect: the client's secret is set."""
        return OPENID_SECRET in self.secrets

    @property
    def secure_cookies(self) -> bool:
        """`Secure` exactly when BASE_URL is https."""
        return self.base_url.startswith("https://")


def _beside(queue_url: str, named: str) -> dict[str, str]:
    """Addresses of queues, given as `<name>=<queue>` each, in the account and region of another one: six of them in
    full would not fit into the 4 KB of a function's environment.
    """
    account = queue_url.rpartition("/")[0]
    return {name: f"{account}/{queue}" for name, queue in (pair.split("=", 1) for pair in named.split())}


def read_settings(env: Mapping[str, str]) -> Settings:
    """Settings from a mapping of variables; raises ConfigError. A function lacks the wiring that it does not use."""
    read = Reader(env)
    base_url = read.origin("BASE_URL")
    fast_path(env)
    for name in ENDPOINTS:
        if env.get(name):
            read.endpoint(name)
    secrets = _read_secrets(env, read, base_url)
    business = Business(
        fee_percent=read.whole("FEE_PERCENT", 5, 0, 100),
        subscription_price=read.whole("SUBSCRIPTION_PRICE", 100, 1, 10_000),
        max_stars_purchase=read.whole("MAX_STARS_PURCHASE", 100_000, 1, 10**9),
        min_auction_seconds=read.whole("MIN_AUCTION_SECONDS", 60, 1, 86_400),
        deal_times=DealTimes(read.whole("DEAL_RELEASE_DAYS", 7, 1, 365), read.whole("DEAL_DELIVERY_DAYS", 7, 1, 365)),
        admin_ids=read.ids("ADMIN_IDS"),
        bills=_bill_terms(read, secrets),
        payout_hold_days=read.whole("PAYOUT_HOLD_DAYS", 21, 0, 365),
        assistant=assistant_terms(read),
    )
    bot_username = read.shaped("TELEGRAM_BOT_USERNAME", BOT_USERNAME, "5 to 32 of A-Z a-z 0-9 _").lstrip("@")
    return Settings(
        business=business,
        base_url=base_url,
        bot_username=bot_username,
        bot_url=read.url("TELEGRAM_BOT_URL", f"https://t.me/{bot_username}"),
        telegram_api=read.url("TELEGRAM_API_BASE_URL", "https://api.telegram.org"),
        telegram_test=read.flag("TELEGRAM_TEST_ENVIRONMENT"),
        has_main_app=read.flag("TELEGRAM_MAIN_MINI_APP"),
        rich_cards=read.flag("RICH_CARDS"),
        address_limits=read.whole("ADDRESS_LIMITS", 0, 0, 1000),
        tables={name.lower(): env.get(f"{name}_TABLE", "") for name in TABLES},
        pictures_bucket=env.get("PICTURES_BUCKET", ""),
        bid_logs_bucket=env.get("BID_LOGS_BUCKET", ""),
        exports_bucket=env.get("EXPORTS_BUCKET", ""),
        closer_queue_url=env.get("CLOSER_QUEUE_URL", ""),
        notice_queue_url=env.get("NOTICE_QUEUE_URL", ""),
        card_queue_url=env.get("CARD_QUEUE_URL", ""),
        log_queue_url=env.get("LOG_QUEUE_URL", ""),
        desk_queue_url=env.get("DESK_QUEUE_URL", ""),
        assistant_queue_url=env.get("ASSISTANT_QUEUE_URL", ""),
        dead_letter_queues=_beside(env.get("DESK_QUEUE_URL", ""), env.get("DEAD_LETTER_QUEUES", "")),
        schedule_group=env.get("SCHEDULE_GROUP", "default"),
        schedule_role_arn=env.get("SCHEDULE_ROLE_ARN", ""),
        schedule_dlq_arn=env.get("SCHEDULE_DLQ_ARN", ""),
        closer_arn=env.get("CLOSER_FUNCTION_ARN", ""),
        payments_arn=env.get("PAYMENTS_FUNCTION_ARN", ""),
        admin_place=read.admin_place("ADMIN_CHAT_ID"),
        support_webhook_url=read.optional_url("SUPPORT_WEBHOOK_URL"),
        email_sender=read.shaped("EMAIL_SENDER", EMAIL_SENDER, "an e-mail address", ""),
        push=push_settings(read, base_url),
        openid=openid_settings(read),
        email_configuration_set=env.get("EMAIL_CONFIGURATION_SET", ""),
        webhook_connections=read.whole("TELEGRAM_MAX_CONNECTIONS", 40, 1, MOST_CONNECTIONS),
        qiwi_url=read.url("TOPUP_QIWI_BASE_URL", "https://api.qiwi.com"),
        cryptopay_url=read.url("TOPUP_CRYPTOPAY_BASE_URL", "https://pay.crypt.bot"),
        model=model_settings(read),
        ssm_prefix=env.get("SSM_PREFIX", ""),
        secrets=secrets,
    )


def _bill_terms(read: Reader, secrets: Mapping[str, str]) -> BillTerms:
    """What can be topped up: fiat, since Stars are bought in Telegram."""
    fiat = tuple(code for code in CURRENCIES if code != DEFAULT_CURRENCY)
    currency = read.text("TOPUP_CURRENCY", "RUB")
    if currency not in fiat:
        raise ConfigError(f"TOPUP_CURRENCY must be one of {', '.join(fiat)}")
    least = read.whole("TOPUP_MIN", 10, 1, MOST_TOP_UP)
    return BillTerms(
        currency=currency,
        least_units=least,
        most_units=read.whole("TOPUP_MAX", 100_000, least, MOST_TOP_UP),
        seconds=read.whole("TOPUP_BILL_SECONDS", 300, 60, 86_400),
        telegram_least_units=read.whole("TOPUP_TELEGRAM_MIN", 100, 1, MOST_TOP_UP),
        providers=tuple(provider for provider, name in PROVIDER_SECRETS.items() if name in secrets),
    )


def fast_path(env: Mapping[str, str]) -> bool:
    """Whether AWS is called the fast way (starbid.acceleration), or by botocore alone. Raises ConfigError."""
    read = Reader(env)
    return read.flag("FAST_PATH", "true")


def secrets_named(env: Mapping[str, str]) -> tuple[str, ...]:
    """The secrets that this process is given: those in `GIVEN_SECRETS`, separated by commas; all if it is not set.

    Raises ConfigError for an unknown name.
    """
    if "GIVEN_SECRETS" not in env:
        return SECRETS
    names = tuple(env["GIVEN_SECRETS"].replace(",", " ").split())
    if not set(names) <= set(SECRETS):
        raise ConfigError(f"GIVEN_SECRETS must be some of {', '.join(SECRETS)}, separated by commas")
    return names


def check_secret(name: str, value: str) -> None:
    """Raises ConfigError for a value that no function of a public site would start with."""
    read = Reader({name: value})
    _secret_readers(read, PUBLIC_KEY_LENGTH)[name](name)


def _read_secrets(env: Mapping[str, str], read: Reader, base_url: str) -> dict[str, str]:
    """Those of the named ones that are needed, and those of providers that are set."""
    readers = _secret_readers(read, PUBLIC_KEY_LENGTH if base_url.startswith("https://") else 1)
    named = [name for name in secrets_named(env) if name in NEEDED_SECRETS or env.get(name, "").strip()]
    return {name: readers[name](name) for name in named}


def _secret_readers(read: Reader, key_length: int) -> dict[str, Callable[[str], str]]:
    """The reader of each of SECRETS, by name."""
    shape = "a token as @BotFather gives it: digits, a colon, and A-Z a-z 0-9 _ -"

    def provider(name: str) -> str:
        return read.shaped(name, PROVIDER_SECRET, "as the provider gave it: ASCII without blanks")

    return {
        "SECRET_KEY": lambda name: read.secret(name, key_length),
        "TELEGRAM_BOT_TOKEN": lambda name: read.shaped(name, BOT_TOKEN, shape),
        "TELEGRAM_WEBHOOK_SECRET": lambda name: read.shaped(name, WEBHOOK_SECRETS, "1 to 256 of A-Z a-z 0-9 _ -"),
        PUSH_SECRET: lambda name: read.shaped(name, PRIVATE_KEY, "a private key as `make vapid` makes it"),
        **dict.fromkeys((*PROVIDER_SECRETS.values(), MODEL_SECRET, OPENID_SECRET), provider),
    }
