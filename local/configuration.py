"""What the local run reads from the environment and `.env`, and what it passes to the functions."""

from __future__ import annotations

import enum
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from local.cloudformation import REGION
from local.state import State
from starbid.config import PROVIDER_SECRETS
from starbid.config_openid import OPENID_SECRET
from starbid.domain.payments import Provider

if TYPE_CHECKING:
    from starbid.config import Settings

REAL_TELEGRAM = "https://api.telegram.org"
LOCAL_TOKEN = "1000001:local-token-of-the-telegram-stand-in"  # noqa: S105 - opens nothing
LOCAL_USERNAME = "starbid_bot"
LOCAL_SUBJECT = "mailto:push@starbid.example"
LOCAL_OPENID_SECRET = "local-secret-of-the-login"  # noqa: S105 - opens nothing
LOCAL_SENDER = "notices@starbid.example"
LOCAL_SECRETS: Mapping[str, str] = {Provider.QIWI: "local-qiwi-secret", Provider.CRYPTOPAY: "local-cryptopay-token"}
"""Of the local provider: they open nothing."""


DEMO_OPERATOR = 990_000_000_009
"""Who runs the market of the demo, unless ADMIN_IDS names others."""


class ConfigurationError(Exception):
    """A variable of the local run is malformed; the message names it."""


class TelegramMode(enum.Enum):
    """Which Telegram: our stand-in, another Bot API server that calls the webhook, or the real one, polled."""

    STAND_IN = enum.auto()
    OTHER_SERVER = enum.auto()
    POLLING = enum.auto()


@dataclass(frozen=True, slots=True)
class Configuration:
    """`given` is what the user set, in the environment or in `.env`, without blanks around it."""

    given: Mapping[str, str]
    port: int
    data_dir: Path
    demo: bool
    telegram: TelegramMode

    @property
    def plays_providers(self) -> bool:
        """Bills are made at the local provider: no secret of another one is set."""
        return not any(name in self.given for name in PROVIDER_SECRETS.values())

    @property
    def plays_model(self) -> bool:
        """The AI helper asks the local stand-in: neither a key is set nor a server that needs none."""
        return not any(name in self.given for name in ("OPENAI_API_KEY", "OPENAI_BASE_URL"))

    @property
    def plays_openid(self) -> bool:
        """People log in with Telegram at the local issuer: Telegram itself is played too, and no secret of another one
        is set.
        """
        return self.telegram is TelegramMode.STAND_IN and OPENID_SECRET not in self.given

    @property
    def plays_push(self) -> bool:
        """Messages to browsers may go to the local push service: no keys of another run's are set."""
        return "VAPID_PUBLIC_KEY" not in self.given


def read_configuration(environment: Mapping[str, str], dotenv: Path) -> Configuration:
    """The environment wins over the file. An empty variable counts as not set. Raises ConfigurationError."""
    given = {**_filled(_read_dotenv(dotenv)), **_filled(environment)}
    if not _is_real_telegram(given.get("TELEGRAM_API_BASE_URL", REAL_TELEGRAM)):
        mode = TelegramMode.OTHER_SERVER
    else:
        mode = TelegramMode.POLLING if "TELEGRAM_BOT_TOKEN" in given else TelegramMode.STAND_IN
    return Configuration(
        given=given,
        port=_port(given.get("PORT", "8000")),
        data_dir=_data_dir(given.get("DATA_DIR", ".data")),
        demo=_demo(given.get("DEMO", "1")),
        telegram=mode,
    )


def _filled(variables: Mapping[str, str]) -> dict[str, str]:
    """Blanks around a value are removed here, once for all readers."""
    return {key: value.strip() for key, value in variables.items() if value.strip()}


def _is_real_telegram(url: str) -> bool:
    """By its host only. Anything that is no address is refused when the settings are read."""
    try:
        return urlsplit(url).hostname == urlsplit(REAL_TELEGRAM).hostname
    except ValueError:
        return False


def _read_dotenv(path: Path) -> dict[str, str]:
    if not path.exists():
        return {}
    try:
        found = parse_dotenv(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigurationError(f"{path} cannot be read: it must be a file of UTF-8 text") from error
    for name, value in found.items():
        if "\0" in name + value:
            raise ConfigurationError(f"{name!r} in {path} must be text")
    return found


def parse_dotenv(text: str) -> dict[str, str]:
    """`NAME=value` lines; `export` before and quotes around are allowed, `#` begins a comment."""
    found: dict[str, str] = {}
    for line in text.splitlines():
        name, equals, value = line.strip().removeprefix("export ").partition("=")
        if equals and name and not name.startswith("#"):
            found[name.strip()] = _unquoted(value.strip())
    return found


def _unquoted(value: str) -> str:
    if value[:1] in ("'", '"'):
        closing = value.find(value[0], 1)
        if closing > 0:
            return value[1:closing]
    return value.split(" #", maxsplit=1)[0].rstrip()


def _port(text: str) -> int:
    if not text.isascii() or not text.isdigit() or len(text) > 5 or int(text) > 65535:
        raise ConfigurationError("PORT must be a number from 1 to 65535 (or 0 for any free one)")
    return int(text)


def _demo(text: str) -> bool:
    meanings = {**dict.fromkeys(("1", "true", "yes", "on"), True), **dict.fromkeys(("0", "false", "no", "off"), False)}
    if text.lower() not in meanings:
        raise ConfigurationError("DEMO must be 1, or 0 to start empty")
    return meanings[text.lower()]


def _data_dir(text: str) -> Path:
    try:
        path = Path(text).expanduser().resolve()
        path.as_posix().encode()
    except (OSError, RuntimeError, ValueError) as error:
        raise ConfigurationError("DATA_DIR must be the path of a folder") from error
    return path


def product_settings(configuration: Configuration, state: State, site: str) -> dict[str, str]:
    """Settings of the product with the local run's defaults: they override those of the template."""
    given = configuration.given
    settings = {
        "BASE_URL": given.get("BASE_URL", site).rstrip("/"),
        "SECRET_KEY": given.get("SECRET_KEY") or _made_up(state, "SECRET_KEY"),
        "TELEGRAM_WEBHOOK_SECRET": given.get("TELEGRAM_WEBHOOK_SECRET") or _made_up(state, "TELEGRAM_WEBHOOK_SECRET"),
        "TELEGRAM_BOT_TOKEN": given.get("TELEGRAM_BOT_TOKEN", LOCAL_TOKEN),
        "TELEGRAM_BOT_USERNAME": given.get("TELEGRAM_BOT_USERNAME", LOCAL_USERNAME),
        "TELEGRAM_API_BASE_URL": given.get("TELEGRAM_API_BASE_URL", REAL_TELEGRAM),
        "EMAIL_SENDER": given.get("EMAIL_SENDER", LOCAL_SENDER),
        "ASSISTANT_ENABLED": given.get("ASSISTANT_ENABLED", "true"),
        "SSM_PREFIX": "",
    }
    if configuration.telegram is TelegramMode.STAND_IN:
        if configuration.demo:
            settings["ADMIN_IDS"] = given.get("ADMIN_IDS", str(DEMO_OPERATOR))
        settings["TELEGRAM_API_BASE_URL"] = f"{site}/_local/telegram/api"
        settings["TELEGRAM_BOT_URL"] = f"{site}/_local/telegram/"
    if configuration.plays_providers:
        settings |= {PROVIDER_SECRETS[Provider(name)]: secret for name, secret in LOCAL_SECRETS.items()}
        settings["TOPUP_QIWI_BASE_URL"] = f"{site}/_local/pay/qiwi"
        settings["TOPUP_CRYPTOPAY_BASE_URL"] = f"{site}/_local/pay/cryptopay"
    if configuration.plays_openid:
        settings |= {OPENID_SECRET: LOCAL_OPENID_SECRET, "TELEGRAM_OIDC_ISSUER": f"{site}/_local/oidc"}
    if configuration.plays_push:
        private, public = push_keys(state)
        settings |= {"VAPID_PRIVATE_KEY": private, "VAPID_PUBLIC_KEY": public, "VAPID_SUBJECT": LOCAL_SUBJECT}
        if not settings["BASE_URL"].startswith("https://"):
            settings["VAPID_LOCAL_SERVICE"] = f"{site}/_local/push"
    if configuration.plays_model:
        settings["OPENAI_BASE_URL"] = f"{site}/_local/openai/v1"
    return settings


def told_settings() -> Settings:
    """The environment of the functions. A setting that they would fail on later stops the run at once.

    An empty setting is not set, also for libraries that read the environment. Raises ConfigurationError.
    """
    from starbid.config import ENDPOINTS, read_settings
    from starbid.config_reader import ConfigError

    for name in ENDPOINTS:
        if not os.environ.get(name, "").strip():
            os.environ.pop(name, None)
    try:
        return read_settings(os.environ)
    except ConfigError as error:
        raise ConfigurationError(str(error)) from error


def aws_settings(given: Mapping[str, str], front: str) -> dict[str, str]:
    """Points boto3 at the local services, and nothing else; `AWS_ENDPOINT_URL` comes with the emulator."""
    settings = {
        "AWS_ENDPOINT_URL_SQS": f"{front}/sqs",
        "AWS_ENDPOINT_URL_SCHEDULER": f"{front}/scheduler",
        "AWS_ENDPOINT_URL_SESV2": f"{front}/ses",
        "AWS_REGION": REGION,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    if "AWS_ENDPOINT_URL" not in given:
        settings |= {
            "AWS_ACCESS_KEY_ID": "test",  # the emulator's own: it checks the signatures of links and upload forms
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_CONFIG_FILE": os.devnull,
            "AWS_SHARED_CREDENTIALS_FILE": os.devnull,
        }
    return settings


QUIET = {
    "POWERTOOLS_LOG_LEVEL": "WARNING",
    "POWERTOOLS_TRACE_DISABLED": "true",
    "POWERTOOLS_METRICS_DISABLED": "true",
    "ADDRESS_LIMITS": "0",
}
"""Unless the user sets it: quiet functions, and no limits of an address, which all people of a run share."""

FOREIGN = (
    "AWS_PROFILE",
    "AWS_SESSION_TOKEN",
    "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS",
    "AWS_ENDPOINT_URL_DYNAMODB",
    "AWS_ENDPOINT_URL_DYNAMODB_STREAMS",
    "AWS_ENDPOINT_URL_S3",
)
"""Variables that would point elsewhere than the local services; they are removed if the emulator is ours."""


def _made_up(state: State, name: str) -> str:
    kept = state.note(f"secret.{name}")
    if kept is None:
        kept = secrets.token_urlsafe(32)
        state.set_note(f"secret.{name}", kept)
    return kept


def push_keys(state: State) -> tuple[str, str]:
    """The private and the public key of this run's messages to browsers, which those remember."""
    kept = state.note("secret.VAPID")
    if kept is None:
        from starbid.further.push.vapid import new_keys

        kept = " ".join(new_keys())
        state.set_note("secret.VAPID", kept)
    private, _, public = kept.partition(" ")
    return private, public
