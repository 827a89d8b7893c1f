"""What a person sets, and what is made up for them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from local.configuration import (
    REAL_TELEGRAM,
    ConfigurationError,
    TelegramMode,
    aws_settings,
    parse_dotenv,
    product_settings,
    read_configuration,
    told_settings,
)
from local.state import State
from starbid.config import PROVIDER_SECRETS, read_settings
from starbid.domain.payments import Provider
from tests.support.fakes import ENVIRONMENT

SITE = "http://127.0.0.1:8000"


def test_the_environment_wins_over_the_file(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text("PORT=9000\nDATA_DIR=/tmp/there\nDEMO=0\n")
    configuration = read_configuration({"PORT": "9001", "DEMO": ""}, dotenv)
    assert (configuration.port, configuration.data_dir, configuration.demo) == (9001, Path("/tmp/there"), False)


def test_blanks_around_a_value_go_wherever_it_comes_from(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_text('TELEGRAM_BOT_TOKEN=" 1:abc "\nSECRET_KEY = k \n')
    configuration = read_configuration({"TELEGRAM_TEST_ENVIRONMENT": " true ", "DATA_DIR": " /tmp/there\n"}, dotenv)
    assert configuration.given["TELEGRAM_BOT_TOKEN"] == "1:abc"
    assert configuration.given["SECRET_KEY"] == "k"
    assert configuration.given["TELEGRAM_TEST_ENVIRONMENT"] == "true"
    assert configuration.data_dir == Path("/tmp/there")


def test_without_settings_there_are_defaults(tmp_path: Path) -> None:
    configuration = read_configuration({}, tmp_path / "none")
    assert (configuration.port, configuration.demo) == (8000, True)
    assert configuration.data_dir == Path.cwd() / ".data"


@pytest.mark.parametrize("port", ["http", "-1", "65536", "8000.0", "²", "1" * 5000, "80 00", "0x50"])
def test_a_malformed_port_is_named(tmp_path: Path, port: str) -> None:
    with pytest.raises(ConfigurationError, match="PORT"):
        read_configuration({"PORT": port}, tmp_path / "none")


@pytest.mark.parametrize(
    ("demo", "meant"), [("0", False), ("no", False), ("OFF", False), ("1", True), (" true ", True)]
)
def test_the_demo_is_wanted_or_not(tmp_path: Path, demo: str, meant: bool) -> None:
    assert read_configuration({"DEMO": demo}, tmp_path / "none").demo is meant


@pytest.mark.parametrize("demo", ["banana", "2", "01", "nein"])
def test_anything_else_for_the_demo_is_named(tmp_path: Path, demo: str) -> None:
    with pytest.raises(ConfigurationError, match="DEMO must be 1, or 0"):
        read_configuration({"DEMO": demo}, tmp_path / "none")


@pytest.mark.parametrize("directory", ["~nobody-of-this-name/x", "a\0b", "\udce9"])
def test_a_data_directory_that_cannot_be_is_named(tmp_path: Path, directory: str) -> None:
    with pytest.raises(ConfigurationError, match="DATA_DIR"):
        read_configuration({"DATA_DIR": directory}, tmp_path / "none")


def test_what_the_file_says_is_checked_alike(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    for text, name in ((b"DEMO=banana", "DEMO"), (b"PORT=x", "PORT"), (b"SECRET_KEY=a\0b", "SECRET_KEY")):
        dotenv.write_bytes(text)
        with pytest.raises(ConfigurationError, match=name):
            read_configuration({}, dotenv)


def test_a_dotenv_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    dotenv = tmp_path / ".env"
    dotenv.write_bytes(b"SECRET_KEY=\xe9\n")
    with pytest.raises(ConfigurationError, match=r"\.env cannot be read"):
        read_configuration({}, dotenv)
    dotenv.unlink()
    dotenv.mkdir()
    with pytest.raises(ConfigurationError, match=r"\.env cannot be read"):
        read_configuration({}, dotenv)


def test_a_dotenv_file_may_have_comments_quotes_and_exports() -> None:
    text = "# A=1\n\nB = two words # why\nexport C='a # b'\nD=\"x\"  # y\nE=\nno sense\nF=a#b\n"
    assert parse_dotenv(text) == {"B": "two words", "C": "a # b", "D": "x", "E": "", "F": "a#b"}


@pytest.mark.parametrize(
    ("environment", "mode"),
    [
        ({}, TelegramMode.STAND_IN),
        ({"TELEGRAM_BOT_TOKEN": "1:a"}, TelegramMode.POLLING),
        ({"TELEGRAM_BOT_TOKEN": "1:a", "TELEGRAM_API_BASE_URL": "https://api.telegram.org/"}, TelegramMode.POLLING),
        ({"TELEGRAM_BOT_TOKEN": "1:a", "TELEGRAM_API_BASE_URL": "http://127.0.0.1:1"}, TelegramMode.OTHER_SERVER),
        ({"TELEGRAM_API_BASE_URL": "http://127.0.0.1:1"}, TelegramMode.OTHER_SERVER),
        *(
            ({"TELEGRAM_BOT_TOKEN": "1:a", "TELEGRAM_API_BASE_URL": url}, TelegramMode.POLLING)
            for url in (f"{REAL_TELEGRAM} ", f" {REAL_TELEGRAM}/", f"{REAL_TELEGRAM}:443", "https://API.telegram.org")
        ),
        ({"TELEGRAM_API_BASE_URL": f"{REAL_TELEGRAM}:443"}, TelegramMode.STAND_IN),
        ({"TELEGRAM_API_BASE_URL": "http://[1"}, TelegramMode.OTHER_SERVER),
    ],
)
def test_token_and_address_decide_where_telegram_is(
    environment: dict[str, str], mode: TelegramMode, tmp_path: Path
) -> None:
    assert read_configuration(environment, tmp_path / "none").telegram is mode


def test_secrets_are_made_up_once_and_kept(tmp_path: Path) -> None:
    state = State(tmp_path / "local.sqlite3")
    configuration = read_configuration({}, tmp_path / "none")
    first = product_settings(configuration, state, SITE)
    second = product_settings(configuration, State(tmp_path / "local.sqlite3"), SITE)
    assert first == second
    assert len(first["SECRET_KEY"]) >= 32
    assert first["SECRET_KEY"] != first["TELEGRAM_WEBHOOK_SECRET"]
    assert (tmp_path / "local.sqlite3").stat().st_mode & 0o077 == 0


def test_the_stand_in_is_the_bot_api_where_nothing_else_is_set(tmp_path: Path) -> None:
    settings = product_settings(read_configuration({}, tmp_path / "none"), State(None), SITE)
    assert settings["TELEGRAM_API_BASE_URL"] == f"{SITE}/_local/telegram/api"
    assert settings["TELEGRAM_BOT_TOKEN"].startswith("1000001:local-token-")
    assert settings["TELEGRAM_BOT_USERNAME"] == "starbid_bot"
    assert settings["TELEGRAM_BOT_URL"] == f"{SITE}/_local/telegram/"
    assert settings["BASE_URL"] == SITE


def test_bills_are_made_at_the_local_provider_where_no_other_is_set(tmp_path: Path) -> None:
    configuration = read_configuration({"TOPUP_MIN": "5"}, tmp_path / "none")
    assert configuration.plays_providers
    settings = product_settings(configuration, State(None), SITE)
    assert settings["TOPUP_QIWI_BASE_URL"] == f"{SITE}/_local/pay/qiwi"
    assert settings["TOPUP_CRYPTOPAY_BASE_URL"] == f"{SITE}/_local/pay/cryptopay"
    read = read_settings(ENVIRONMENT | settings)
    assert read.business.bills.providers == (Provider.QIWI, Provider.CRYPTOPAY)


@pytest.mark.parametrize("name", PROVIDER_SECRETS.values())
def test_one_secret_of_a_real_provider_and_there_is_no_local_one(tmp_path: Path, name: str) -> None:
    configuration = read_configuration({name: "a-secret"}, tmp_path / "none")
    assert not configuration.plays_providers
    assert not [each for each in product_settings(configuration, State(None), SITE) if each.startswith("TOPUP_")]


def test_the_helper_asks_a_stand_in_where_no_model_is_set(tmp_path: Path) -> None:
    configuration = read_configuration({"OPENAI_MODEL": "any"}, tmp_path / "none")
    assert configuration.plays_model
    settings = product_settings(configuration, State(None), SITE)
    assert settings["OPENAI_BASE_URL"] == f"{SITE}/_local/openai/v1"
    assert settings["ASSISTANT_ENABLED"] == "true"


@pytest.mark.parametrize("given", [{"OPENAI_API_KEY": "sk-a"}, {"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}])
def test_a_key_or_a_server_that_needs_none_is_asked_instead(tmp_path: Path, given: dict[str, str]) -> None:
    configuration = read_configuration(given, tmp_path / "none")
    assert not configuration.plays_model
    settings = product_settings(configuration, State(None), SITE)
    assert "OPENAI_BASE_URL" not in settings
    assert settings["ASSISTANT_ENABLED"] == "true"


def test_the_helper_can_be_switched_off_here_too(tmp_path: Path) -> None:
    configuration = read_configuration({"ASSISTANT_ENABLED": "false"}, tmp_path / "none")
    assert product_settings(configuration, State(None), SITE)["ASSISTANT_ENABLED"] == "false"


def test_what_is_set_is_kept(tmp_path: Path) -> None:
    given = {
        "TELEGRAM_API_BASE_URL": "http://127.0.0.1:1",
        "TELEGRAM_WEBHOOK_SECRET": "w",
        "SECRET_KEY": "s" * 16,
        "BASE_URL": "https://example.org/",
    }
    settings = product_settings(read_configuration(given, tmp_path / "none"), State(None), SITE)
    assert settings["TELEGRAM_API_BASE_URL"] == "http://127.0.0.1:1"
    assert settings["TELEGRAM_WEBHOOK_SECRET"] == "w"
    assert settings["BASE_URL"] == "https://example.org"
    assert settings["TELEGRAM_BOT_TOKEN"]


def test_aws_is_never_the_real_one() -> None:
    settings = aws_settings({}, "http://127.0.0.1:2")
    assert settings["AWS_ACCESS_KEY_ID"] == "test"
    assert settings["AWS_ENDPOINT_URL_SQS"] == "http://127.0.0.1:2/sqs"
    assert "AWS_ACCESS_KEY_ID" not in aws_settings({"AWS_ENDPOINT_URL": "http://127.0.0.1:3"}, "http://127.0.0.1:2")


def test_an_empty_address_of_aws_is_none_also_to_boto3(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", "  ")
    monkeypatch.setenv("TELEGRAM_TEST_ENVIRONMENT", " true ")
    assert told_settings().telegram_test
    assert "AWS_ENDPOINT_URL_S3" not in os.environ


def test_a_setting_that_the_functions_refuse_stops_the_run_by_its_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in ENVIRONMENT.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "1:hid den")
    with pytest.raises(ConfigurationError, match="TELEGRAM_BOT_TOKEN") as caught:
        told_settings()
    assert "den" not in str(caught.value)
