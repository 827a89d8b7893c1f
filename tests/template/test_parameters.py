"""A parameter accepts what `starbid.config` accepts: any other value would stop every function."""

import re

import pytest

from local.cloudformation import environment_name, read_yaml
from local.template import TEMPLATE, load
from starbid.config import MOST_CONNECTIONS, fast_path, read_settings
from starbid.config_reader import MOST_ID, ConfigError
from tests.template.conftest import Document

TOLD = Document(read_yaml(TEMPLATE))
PARAMETERS = read_yaml(TEMPLATE)["Parameters"]
SETTINGS = {
    value["Ref"]: name
    for function in TOLD.functions
    for name, value in TOLD.environment(function).items()
    if isinstance(value, dict) and value.get("Ref") in PARAMETERS
} | {"AddressLimits": "ADDRESS_LIMITS"}
"""Variables of the functions that are a parameter unchanged, by parameter; this one is 0 behind CloudFront."""
BOUNDS = {
    "FeePercent": (0, 100),
    "SubscriptionPrice": (1, 10_000),
    "MaxStarsPurchase": (1, 10**9),
    "DealReleaseDays": (1, 365),
    "DealDeliveryDays": (1, 365),
    "MinAuctionSeconds": (1, 86_400),
    "TopupMin": (1, 10**7),
    "TopupMax": (1, 10**7),
    "TopupTelegramMin": (1, 10**7),
    "TopupBillSeconds": (60, 86_400),
    "PayoutHoldDays": (0, 365),
    "AddressLimits": (0, 1000),
    "OpenaiFirstByteSeconds": (1, 44),
    "OpenaiStallSeconds": (1, 44),
    "OpenaiMaxTokens": (50, 32_000),
    "AssistantContextTokens": (0, 100_000),
    "AssistantDailyTokens": (0, 10**12),
    "TrialMessages": (0, 1000),
    "TrialDays": (1, 365),
    "AssistantQuota": (0, 100_000),
    "AssistantPerMinute": (1, 60),
}
BESIDE = {"TopupMin": {"TOPUP_MAX": str(10**7)}, "TopupMax": {"TOPUP_MIN": "1"}}
"""What must stand beside a parameter for it to take its whole range: no pattern compares two."""
SERVERS_OF_OTHERS = {"TelegramApiBaseUrl", "TopupQiwiBaseUrl", "TopupCryptopayBaseUrl"}
"""Empty means the provider's own, which the code knows."""
NONE_AT_ALL = {"AdminIds", "AdminChatId", "EmailSender", "SupportWebhookUrl", "VapidPublicKey", "VapidSubject"}
OPTIONAL = NONE_AT_ALL | SERVERS_OF_OTHERS
"""Empty means none."""
NO_NUMBERS = ("2.5", "1e1", "5 %", "+5", "-0", "05", "0x5", "٣", "five", "9" * 19, "9" * 5000, "NaN", "1,000")
ENVIRONMENT = {
    "BASE_URL": "https://starbid.example",
    "SECRET_KEY": "k" * 16,
    "TELEGRAM_BOT_TOKEN": "1:token",
    "TELEGRAM_BOT_USERNAME": "starbid_bot",
    "TELEGRAM_WEBHOOK_SECRET": "hook",
}


def cloudformation_takes(parameter: str, value: str) -> bool:
    """CloudFormation's check of a String: the pattern matches the whole value."""
    told = PARAMETERS[parameter]
    assert told["Type"] == "String", f"{parameter}: a Number may be 2.5"
    return (
        len(value.encode()) <= 4096
        and len(value) <= told.get("MaxLength", 4096)
        and bool(re.fullmatch(told.get("AllowedPattern", ".*"), value, re.DOTALL))
        and value in told.get("AllowedValues", (value,))
    )


def config_takes(parameter: str, value: str) -> bool:
    try:
        env = ENVIRONMENT | BESIDE.get(parameter, {}) | {SETTINGS[parameter]: value}
        read_settings(env), fast_path(env)
    except ConfigError:
        return False
    return True


@pytest.mark.parametrize(("parameter", "least", "most"), [(name, *bounds) for name, bounds in BOUNDS.items()])
def test_a_whole_number_has_one_range_for_both(parameter: str, least: int, most: int) -> None:
    every = range(least, most + 1) if most <= 100_000 else (1, 9, 10, 99, 100, 999_999, most // 2, most - 1)
    for number in (*every, least, most):
        assert cloudformation_takes(parameter, str(number)), number
    for number in (least, least + 1, most - 1, most):
        assert config_takes(parameter, str(number)), number
    for wrong in (str(least - 1), str(most + 1), str(most * 10), *NO_NUMBERS):
        assert not cloudformation_takes(parameter, wrong), wrong
        assert not config_takes(parameter, wrong), wrong


SERVERS = (
    *("https://api.telegram.org", "https://api.telegram.org/", "http://localhost:8081", "http://10.0.0.1:65535/v1"),
    *("https://A_b-c.example/x/", "http://255.255.255.255"),
)
NO_SERVERS = (
    *("localhost:8081", "http://a.example/?x", "http:///x", "https://.", "http://a:0", "http://a:65536", "ftp://a"),
    *("http://a:08000", "http://1.2.3.4.5", "http://127.0.0.01", "http://256.1.1.1", "http://a.1.2.3.4"),
    *("http://a/#b", "http://a/é", "http://a /", "http://a..b", "http://-a"),
)
TAKEN = {
    "BaseUrl": (
        "https://unknown-until-deployed.invalid",
        "https://abc123def4.execute-api.eu-central-1.amazonaws.com",
        "https://d111111abcdef8.cloudfront.net",
        "https://bids.example.org",
        "https://xn--strae-oqa.de",
        f"https://{'a' * 63}.{'b' * 63}.{'c' * 63}.{'d' * 61}",
    ),
    "TelegramBotUsername": ("a_bot", "@starbid_bot", "x" * 32, "1bot1"),
    "EmailSender": ("notices@starbid.example", "No-Reply+x_1@mail.xn--strae-oqa.de", f"{'a' * 64}@example.org"),
    "VapidPublicKey": ("BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",),
    "VapidSubject": ("mailto:push@starbid.example", "https://starbid.example", "https://starbid.example/contact"),
    "TelegramApiBaseUrl": SERVERS,
    "TopupQiwiBaseUrl": SERVERS,
    "TopupCryptopayBaseUrl": SERVERS,
    "TopupCurrency": ("RUB", "USD", "EUR"),
    "TelegramTestEnvironment": ("true", "false"),
    "TelegramMainMiniApp": ("true", "false"),
    "RichCards": ("true", "false"),
    "FastPath": ("true", "false"),
    "AdminIds": ("", "1", "1234,5678", "1, 2  3", "7" * 15, "5,,6"),
    "AdminChatId": ("", "1", "-5", "-1001234567890", "9" * 18, "-1001234567890/12", "-5/1", f"-5/{'9' * 9}"),
    "SupportWebhookUrl": ("", *SERVERS),
    "AssistantEnabled": ("true", "false"),
    "OpenaiBaseUrl": ("https://api.openai.com/v1", *SERVERS),
    "OpenaiModel": ("gpt-4o-mini", "llama3.2:3b", "meta-llama/Llama-3.1-8B-Instruct", "m" * 200),
    "AssistantPacks": ("10:20", "10:20,50:80,200:250", "99999:99999", ",".join(f"{n}:1" for n in range(1, 9))),
}
REFUSED = {
    "BaseUrl": (
        *("https://Shop.example", "https://a.example/shop", "https://a.example:443", "a.example"),
        *("http://-a.example", "https://a..b", "https://a-.b", f"https://{'a' * 64}.b", "https://1.2.3.4.5"),
        *("https://999.1.1.1", "https://127.1", "https://a.0x7f", "https://a b", "https://.b"),
        *("https://me@a.example", "https://a.example?x", "https://é.example", f"https://{'a.' * 130}example"),
    ),
    "TelegramBotUsername": ("bot", "x" * 33, "star bid", "t.me/bot", "@@starbid_bot", "звезда"),
    "EmailSender": (
        *("starbid.example", "@starbid.example", "notices@", "notices@localhost", "a b@starbid.example", "é@a.example"),
        *("Starbid <notices@starbid.example>", "a@b@starbid.example", "a@Starbid.example", f"{'a' * 65}@a.example"),
    ),
    "VapidPublicKey": ("B", f"A{'a' * 86}", f"B{'a' * 85}", f"B{'a' * 87}", f"B{'+' * 86}", f"B{'é' * 86}"),
    "VapidSubject": (
        *("push@starbid.example", "mailto:", "mailto:@a", "http://starbid.example", "https://", "mailto:a b@c.example"),
        *("https://a.example/b c", 'mailto:"a"@b.example', "mailto:<a@b.example>", f"mailto:a@{'b' * 300}"),
    ),
    "TelegramApiBaseUrl": NO_SERVERS,
    "TopupQiwiBaseUrl": NO_SERVERS,
    "TopupCryptopayBaseUrl": NO_SERVERS,
    "TopupCurrency": ("XTR", "rub", "GBP", "RUB,USD", "₽"),
    "TelegramTestEnvironment": ("maybe", "2"),
    "TelegramMainMiniApp": ("maybe", "2"),
    "RichCards": ("maybe", "2"),
    "FastPath": ("maybe", "2"),
    "AdminIds": ("me", "0", "-5", "1;2", "1.5", "07", str(MOST_ID), "9" * 17, "9" * 5000, "٣", "@anna"),
    "AdminChatId": (
        *("me", "0", "-0", "+5", "--5", "-", "07", "1.5", "1,2", "9" * 19, "٣", "@starbid_admins"),
        *("-5/", "/5", "5/6", "-5/0", "-5/07", "-5/-6", "-5/6/7", "-5/x", f"-5/{'9' * 10}", "-5/٣"),
    ),
    "SupportWebhookUrl": NO_SERVERS,
    "AssistantEnabled": ("maybe", "2"),
    "OpenaiBaseUrl": NO_SERVERS,
    "OpenaiModel": ("gpt 4", "модель", "m" * 201),
    "AssistantPacks": (
        *(
            "10",
            "10:",
            ":20",
            "10:20,",
            "10:20;50:80",
            "10:20, 50:80",
            "0:20",
            "10:0",
            "010:20",
            "100000:1",
            "1:100000",
        ),
        *("10:20:30", "x:y", "١:١", ",".join(f"{n}:1" for n in range(1, 10))),
    ),
}


@pytest.mark.parametrize("parameter", TAKEN)
def test_what_is_right_is_taken_by_both(parameter: str) -> None:
    for value in TAKEN[parameter]:
        assert config_takes(parameter, value), value
        assert cloudformation_takes(parameter, value), value


@pytest.mark.parametrize("parameter", REFUSED)
def test_what_is_wrong_is_refused_by_both(parameter: str) -> None:
    for value in REFUSED[parameter]:
        assert not cloudformation_takes(parameter, value), value
        assert not config_takes(parameter, value), value


@pytest.mark.parametrize("parameter", SETTINGS)
def test_an_empty_or_a_padded_value_is_refused_before_anything_is_deployed(parameter: str) -> None:
    """config accepts them, for `.env`; in a stack they would be a mistake."""
    assert not cloudformation_takes("BaseUrl", "https://a.example/"), (
        "the bucket's rule for uploads has it to the letter"
    )
    for value in (" ", f" {PARAMETERS[parameter].get('Default', 'a_bot')}", "\t"):
        assert not cloudformation_takes(parameter, value), value
    assert cloudformation_takes(parameter, "") == (parameter in OPTIONAL)


def test_a_public_key_that_is_no_point_of_the_curve_is_for_config_to_refuse() -> None:
    assert cloudformation_takes("VapidPublicKey", f"B{'A' * 86}")
    assert not config_takes("VapidPublicKey", f"B{'A' * 86}")


def test_a_number_of_answers_that_is_named_twice_is_for_config_to_refuse() -> None:
    """No pattern compares two."""
    assert cloudformation_takes("AssistantPacks", "10:20,10:30")
    assert not config_takes("AssistantPacks", "10:20,10:30")


def test_every_setting_of_the_stack_is_looked_at_here() -> None:
    assert set(SETTINGS) == set(BOUNDS) | set(TAKEN) == set(BOUNDS) | set(REFUSED)


def test_every_variable_is_named_after_its_parameter() -> None:
    assert all(environment_name(parameter) == name for parameter, name in SETTINGS.items())


def test_every_default_is_one_that_is_taken() -> None:
    for parameter, told in PARAMETERS.items():
        if told["Type"] == "String" and "Default" in told:
            assert isinstance(told["Default"], str), parameter
            assert cloudformation_takes(parameter, told["Default"]), parameter


@pytest.mark.parametrize(
    "parameter", ["WebhookReservedConcurrency", "CloserReservedConcurrency", "AssistantReservedConcurrency"]
)
def test_reserved_concurrency_is_none_unless_asked_for(parameter: str) -> None:
    assert PARAMETERS[parameter]["Default"] == "0"
    assert cloudformation_takes(parameter, "100")
    for wrong in ("2.5", "-1", "05", "", "10000"):
        assert not cloudformation_takes(parameter, wrong), wrong


def test_answers_that_are_written_at_once_are_as_many_as_lambda_takes() -> None:
    assert all(cloudformation_takes("AssistantConcurrency", str(number)) for number in range(2, 1001))
    for wrong in ("0", "1", "1001", "2.5", "", "02"):
        assert not cloudformation_takes("AssistantConcurrency", wrong), wrong


def test_the_limit_of_the_api_is_a_whole_number_that_an_account_can_have() -> None:
    assert all(cloudformation_takes("RequestsPerSecond", str(number)) for number in range(1, 5001))
    for wrong in ("0", "5001", "2.5", "", "01"):
        assert not cloudformation_takes("RequestsPerSecond", wrong), wrong


def test_telegram_has_a_limit_of_its_own_that_it_does_not_reach() -> None:
    """In a throttled stage, a route without its own limit shares the default's; 0 would block everything."""
    api = read_yaml(TEMPLATE)["Resources"]["HttpApi"]["Properties"]
    assert set(api["DefaultRouteSettings"]) == {"ThrottlingRateLimit", "ThrottlingBurstLimit"}
    assert set(api["RouteSettings"]) == {f"{route.method} {route.path}" for route in load(settings={}).routes[:1]}
    for limit in api["RouteSettings"]["POST /telegram/webhook"].values():
        assert type(limit) is int
        assert limit >= MOST_CONNECTIONS
