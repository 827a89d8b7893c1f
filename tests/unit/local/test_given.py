"""The local run's one process gives each call the secrets of its function."""

from __future__ import annotations

from typing import Any

import pytest

from local.functions import Bell, Functions
from local.given import by_function
from local.template import Template, load
from starbid.config import read_settings
from starbid.config_reader import ConfigError
from tests.support.fakes import ENVIRONMENT


@pytest.fixture
def settings() -> Any:
    return by_function(read_settings(ENVIRONMENT))


def test_a_function_reads_the_secrets_that_the_template_gives_it_and_no_others(settings: Any) -> None:
    functions = Functions(load(settings={}).functions, Bell())
    for function in functions.functions:
        functions._handlers[function] = lambda *_: sorted(settings.secrets)
    assert functions.invoke("PaymentsFunction", {}) == ["SECRET_KEY", "TELEGRAM_BOT_TOKEN"]
    assert functions.invoke("NotifierFunction", {}) == []


def test_a_secret_that_is_not_set_is_missing_where_it_would_be_given() -> None:
    settings = by_function(read_settings(ENVIRONMENT | {"TOPUP_QIWI_SECRET_KEY": "a-secret"}))
    functions = Functions(load(settings={}).functions, Bell())
    for function in functions.functions:
        functions._handlers[function] = lambda *_: "TOPUP_QIWI_SECRET_KEY" in settings.secrets
    assert functions.invoke("PaymentsFunction", {}) is True
    assert functions.invoke("SenderFunction", {}) is False
    assert "PROVIDER_TOKEN" not in settings.secrets


def test_another_secret_is_missed_as_in_lambda(settings: Any) -> None:
    functions = Functions(load(settings={}).functions, Bell())
    functions._handlers["NotifierFunction"] = lambda *_: settings.secret_key
    with pytest.raises(ConfigError, match="SECRET_KEY is not among"):
        functions.invoke("NotifierFunction", {})
    assert settings.secret_key == ENVIRONMENT["SECRET_KEY"], "the run itself has all"


def test_a_function_of_which_nothing_is_said_has_all(template: Template, settings: Any) -> None:
    functions = Functions(template.functions, Bell())
    functions._handlers["JobFunction"] = lambda *_: len(settings.secrets)
    assert functions.invoke("JobFunction", {}) == 3
