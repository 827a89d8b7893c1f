"""A deployed stack as the command sees it: the settings of its webhook, and where its secrets are stored."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from scripts.put_secrets import prefix_of
from starbid.config import NEEDED_SECRETS, WEBHOOK_SECRETS, Settings, read_settings
from starbid.config_reader import ConfigError

if TYPE_CHECKING:
    from mypy_boto3_lambda import LambdaClient
    from mypy_boto3_ssm import SSMClient

GIVEN = "TELEGRAM_MAX_CONNECTIONS"
"""No parameter of the stack: it comes from this shell, or stays as Telegram was told."""
SECRET = "TELEGRAM_WEBHOOK_SECRET"  # noqa: S105 - its name


def settings_of(lambda_: LambdaClient, ssm: SSMClient, stack: str, env: Mapping[str, str]) -> Settings:
    """Those of the webhook's function, with the secrets that are stored now. Raises ConfigError."""
    function = lambda_.get_function_configuration(FunctionName=f"{stack}-webhook")
    variables = function["Environment"]["Variables"]
    paths = {f"{prefix_of(stack)}/{name}": name for name in NEEDED_SECRETS}
    stored = ssm.get_parameters(Names=list(paths), WithDecryption=True)["Parameters"]
    secrets = {paths[each["Name"]]: each["Value"] for each in stored}
    given = {GIVEN: env[GIVEN]} if env.get(GIVEN) else {}
    return read_settings({**variables, **given, **secrets, "GIVEN_SECRETS": ",".join(NEEDED_SECRETS)})


class StoredSecrets:
    """The webhook's secrets in Parameter Store: rotation.Kept."""

    def __init__(self, ssm: SSMClient, stack: str) -> None:
        self._ssm, self._name = ssm, f"{prefix_of(stack)}/{SECRET}"

    def read(self) -> tuple[str, ...]:
        """Raises ConfigError for what no function accepts, without showing it."""
        value = self._ssm.get_parameter(Name=self._name, WithDecryption=True)["Parameter"]["Value"]
        if not WEBHOOK_SECRETS.fullmatch(value):
            raise ConfigError(f"{self._name} holds no secret of a webhook: write another with make secrets")
        return tuple(value.split(","))

    def write(self, kept: tuple[str, ...]) -> None:
        self._ssm.put_parameter(Name=self._name, Value=",".join(kept), Type="SecureString", Overwrite=True)
