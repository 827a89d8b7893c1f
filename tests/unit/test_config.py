"""Settings are checked at start; a fault names its variable and shows no value."""

import pytest

from starbid.config import NEEDED_SECRETS, PROVIDER_SECRETS, read_settings
from starbid.config_reader import ConfigError
from starbid.domain.admin_place import AdminPlace
from starbid.domain.payments import Provider

GOOD = {
    "BASE_URL": "http://127.0.0.1:8000",
    "SECRET_KEY": "key",
    "TELEGRAM_BOT_TOKEN": "1:token",
    "TELEGRAM_BOT_USERNAME": "@starbid_bot",
    "TELEGRAM_WEBHOOK_SECRET": "hook",
}


def test_the_defaults_are_those_of_the_contract() -> None:
    settings = read_settings(GOOD)
    business = settings.business
    assert (business.fee_percent, business.subscription_price) == (5, 100)
    assert (business.max_stars_purchase, business.min_auction_seconds) == (100_000, 60)
    assert (business.deal_times.release_days, business.deal_times.delivery_days) == (7, 7)
    assert settings.telegram_api == "https://api.telegram.org"
    assert settings.telegram_test is False
    assert settings.business.admin_ids == frozenset()
    assert (settings.bot_username, settings.bot_url) == ("starbid_bot", "https://t.me/starbid_bot")


def test_a_provider_is_on_offer_where_its_secret_is_set() -> None:
    assert read_settings(GOOD).business.bills.providers == ()
    read = read_settings(
        GOOD | {"PROVIDER_TOKEN": "1:TEST:a", "TOPUP_QIWI_SECRET_KEY": " key ", "TOPUP_CRYPTOPAY_TOKEN": ""}
    )
    assert read.business.bills.providers == (Provider.QIWI, Provider.TELEGRAM)
    assert read.secret_of(Provider.QIWI) == "key"
    with pytest.raises(ConfigError, match="TOPUP_CRYPTOPAY_TOKEN"):
        read.secret_of(Provider.CRYPTOPAY)
    assert "key " not in repr(read)
    assert (read.qiwi_url, read.cryptopay_url) == ("https://api.qiwi.com", "https://pay.crypt.bot")


def test_the_helper_s_defaults_are_those_of_the_contract() -> None:
    settings = read_settings(GOOD)
    terms, model = settings.business.assistant, settings.model
    assert (terms.trial_messages, terms.trial_days, terms.quota, terms.per_minute) == (10, 7, 100, 6)
    assert [(pack.credits, pack.stars) for pack in terms.packs] == [(10, 20), (50, 80), (200, 250)]
    assert terms.daily_tokens == 2_000_000
    assert (model.url, settings.model_key) == ("https://api.openai.com/v1", None)
    assert (model.first_byte_seconds, model.stall_seconds, model.most_tokens, model.context_tokens) == (
        *(14, 15, 2000),
        3000,
    )


@pytest.mark.parametrize(
    ("given", "offered"),
    [
        ({}, False),
        ({"OPENAI_API_KEY": "sk-a"}, True),
        ({"OPENAI_BASE_URL": "http://127.0.0.1:11434/v1"}, True),
        ({"ASSISTANT_ENABLED": "true"}, True),
        ({"ASSISTANT_ENABLED": "false", "OPENAI_API_KEY": "sk-a"}, False),
        ({"OPENAI_API_KEY": " ", "OPENAI_BASE_URL": ""}, False),
    ],
)
def test_the_helper_is_offered_where_a_model_is_named_unless_somebody_says_otherwise(
    given: dict[str, str], offered: bool
) -> None:
    assert read_settings(GOOD | given).business.assistant.is_offered is offered


def test_packs_are_read_in_their_order_and_the_key_does_not_show() -> None:
    settings = read_settings(GOOD | {"ASSISTANT_PACKS": "5:9,1:3", "OPENAI_API_KEY": " sk-hidden-key "})
    assert [(pack.credits, pack.price.amount) for pack in settings.business.assistant.packs] == [(5, 9), (1, 3)]
    assert settings.model_key == "sk-hidden-key"
    assert "hidden" not in repr(settings)


def test_a_function_that_is_not_given_the_key_has_none() -> None:
    assert read_settings(GOOD | {"OPENAI_API_KEY": "sk-a", "GIVEN_SECRETS": "SECRET_KEY"}).model_key is None


@pytest.mark.parametrize(("percent", "read"), [("0", 0), ("100", 100), ("", 5), (" 7 ", 7)])
def test_a_fee_from_nothing_to_all_can_be_set(percent: str, read: int) -> None:
    assert read_settings(GOOD | {"FEE_PERCENT": percent}).business.fee_percent == read


def test_admins_are_ids_with_commas_or_spaces_between() -> None:
    assert read_settings(GOOD | {"ADMIN_IDS": "1, 2 3"}).business.admin_ids == {1, 2, 3}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("FEE_PERCENT", value) for value in ("abc", "101", "-1", "5.5", "٣", "05", "9" * 5000)),
        *(("TELEGRAM_MAX_CONNECTIONS", value) for value in ("0", "101", "many")),
        *(("TOPUP_CURRENCY", value) for value in ("XTR", "rub", "GBP")),
        *(("TOPUP_MAX", value) for value in ("9", "10000001", "1e5", "100.5")),
        *(("TOPUP_BILL_SECONDS", value) for value in ("59", "86401")),
        *(("ASSISTANT_ENABLED", value) for value in ("maybe", "2")),
        *(("TRIAL_MESSAGES", value) for value in ("-1", "1001", "ten", "1.5")),
        *(("TRIAL_DAYS", value) for value in ("0", "366")),
        *(("ASSISTANT_QUOTA", value) for value in ("-1", "100001")),
        *(("ASSISTANT_PER_MINUTE", value) for value in ("0", "61")),
        *(("ASSISTANT_DAILY_TOKENS", value) for value in ("-1", str(10**12 + 1), "2e6")),
        *(("ASSISTANT_CONTEXT_TOKENS", value) for value in ("-1", "100001")),
        *(("OPENAI_FIRST_BYTE_SECONDS", value) for value in ("0", "45", "20.5")),
        *(("OPENAI_STALL_SECONDS", value) for value in ("0", "45")),
        *(("OPENAI_MAX_TOKENS", value) for value in ("49", "32001")),
        *(("OPENAI_MODEL", value) for value in ("gpt 4", "модель", "m" * 201, "a\r\nb")),
        *(("OPENAI_BASE_URL", value) for value in ("api.openai.com", "ftp://x", "https://x/v1?key=a", "http://a b")),
        *(("OPENAI_API_KEY", value) for value in ("two words", "ключ", "a\r\nX: y", "x" * 1001)),
        *(
            ("ASSISTANT_PACKS", value)
            for value in (
                *("10", "10:", "10:20,", "10:20;50:80", "0:20", "10:0", "10:20,10:30", "x:y"),
                ",".join(f"{number}:1" for number in range(1, 10)),
            )
        ),
        *(
            (name, value)
            for name in PROVIDER_SECRETS.values()
            for value in ("two words", "ключ", "a\r\nX: y", "x" * 1001)
        ),
        *(("GIVEN_SECRETS", value) for value in ("SECRET", "SECRET_KEY;TELEGRAM_BOT_TOKEN")),
        *(
            ("BASE_URL", value)
            for value in ("starbid.example", "", "ftp://x", "https://", "http://a b", "http://é.example")
        ),
        *(("BASE_URL", f"https://a.example{rest}") for rest in ("/shop", "?a", "#a", ":0", ":65536", ":x", ":")),
        *(("BASE_URL", value) for value in ("https://Shop.example", "https://a.example:443", "http://a.example:80")),
        *(
            ("BASE_URL", value)
            for value in ("https://me@a.example", "https://a.example\\", "https://a.example\r\nX: y")
        ),
        *(
            ("TELEGRAM_API_BASE_URL", value)
            for value in ("localhost:8081", "http://a.example/?x", "http:///x", "https://.")
        ),
        *(("TELEGRAM_BOT_URL", value) for value in ("t.me/x", "https://t.me/x?start=1", "https://t.me/a b")),
        *(
            ("AWS_ENDPOINT_URL", value)
            for value in ("banana", "localhost:4566", "http://", "http://a:99999", "ftp://a")
        ),
        ("AWS_ENDPOINT_URL_S3", "banana"),
        *(
            (name, f"http://{host}")
            for name in ("BASE_URL", "TELEGRAM_API_BASE_URL", "TELEGRAM_BOT_URL", "AWS_ENDPOINT_URL")
            for host in (
                *("[1]", "[::g]", "[1:2:3:4:5:6:7:8:9]", "[::1", "a..b", "a.-b", "a-.b", ".a", "a.", f"{'a' * 64}.b"),
                *(
                    ".".join(["a" * 63] * 4),
                    "1.2.3.4.5",
                    "999.1.1.1",
                    "127.1",
                    "127.0.0.01",
                    "a.0x7f",
                    "xn--",
                    "xn--é.a",
                ),
                *("127.0.0.1:08000", "127.0.0.1:0", "127.0.0.1:65536", "[::1]:08000", "[::1]8000"),
            )
        ),
        *(("BASE_URL", f"http://[{host}]") for host in ("0:0:0:0:0:0:0:1", "::A", "::ffff:127.0.0.1", "01::")),
        *(("AWS_ENDPOINT_URL", value) for value in ("http://a_b:1", " http://a:1", "http://a:1\n", " ")),
        *(("TELEGRAM_WEBHOOK_SECRET", value) for value in ("a b", "é", "x" * 257, "a.b", "a\nb", "\udce9")),
        *(
            ("TELEGRAM_BOT_USERNAME", value)
            for value in ("star bid", "bot", "x" * 33, "t.me/bot", "@@starbid_bot", "звезда")
        ),
        *(("TELEGRAM_BOT_TOKEN", value) for value in ("nonsense", "1:", ":a", "a:b", "1:a b", "1:é", "1:a/b", "١:a")),
        ("SECRET_KEY", "\udce9"),
        ("TELEGRAM_TEST_ENVIRONMENT", "maybe"),
        ("TELEGRAM_MAIN_MINI_APP", "maybe"),
        ("RICH_CARDS", "maybe"),
        ("ADDRESS_LIMITS", "-1"),
        ("MIN_AUCTION_SECONDS", "0"),
        ("MAX_STARS_PURCHASE", "0"),
        ("SUBSCRIPTION_PRICE", "free"),
        ("DEAL_RELEASE_DAYS", "-1"),
        ("DEAL_DELIVERY_DAYS", "1.5"),
        *(("ADMIN_IDS", value) for value in ("me", "0", "-5", "1;2", "1.5", str(2**52), "9" * 5000, "٣")),
        *(
            ("ADMIN_CHAT_ID", value)
            for value in ("me", "0", "-5/", "-5/0", "-5/x", "5/6", "/6", "-5/6/7", "-5/9999999999")
        ),
        *((name, "") for name in GOOD),
    ],
)
def test_a_fault_names_its_variable(name: str, value: str) -> None:
    with pytest.raises(ConfigError, match=name):
        read_settings(GOOD | {name: value})


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ("", None),
        ("5", AdminPlace(5)),
        ("-1001234567890", AdminPlace(-1001234567890)),
        (" -1001234567890/12 ", AdminPlace(-1001234567890, 12)),
        ("-1001234567890/999999999", AdminPlace(-1001234567890, 999_999_999)),
        ("-1001234567890/1", AdminPlace(-1001234567890)),
    ],
)
def test_admins_are_told_in_a_chat_or_a_topic_of_it(value: str, place: AdminPlace | None) -> None:
    """The general topic is number 1 in links, and has none in the Bot API."""
    settings = read_settings(GOOD | {"ADMIN_CHAT_ID": value})
    assert settings.admin_place == place
    assert settings.admin_chat_id == (place and place.chat_id)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        *(("BASE_URL", value) for value in ("http://localhost:8000/", "http://[::1]:8000", "http://a_b-c.example:1")),
        *(("BASE_URL", value) for value in (f"http://{'a' * 63}.b", "http://xn--strae-oqa.de", " http://a:65535 ")),
        *(("TELEGRAM_API_BASE_URL", value) for value in ("http://127.0.0.1:8081/api/v1", "https://api.telegram.org/")),
        *(("TELEGRAM_WEBHOOK_SECRET", value) for value in ("a", "x" * 256, "A-z_0")),
        *(("TELEGRAM_BOT_USERNAME", value) for value in ("a_bot", "x" * 32, "@Starbid_Bot")),
        *(("TELEGRAM_BOT_TOKEN", value) for value in ("42:abc", "123456:TEST", f"8123456789:{'Ab1_-' * 7}")),
        *(("AWS_ENDPOINT_URL", value) for value in ("", "http://127.0.0.1:4566", "https://aws.example/path")),
        *(("OPENAI_BASE_URL", value) for value in ("http://127.0.0.1:11434/v1", "https://llm.example/openai/v1/")),
        *(("OPENAI_MODEL", value) for value in ("llama3.2:3b", "meta-llama/Llama-3.1-8B")),
        *(("ASSISTANT_PACKS", value) for value in ("1:1", "99999:99999", "10:20,50:80")),
        *(("ASSISTANT_DAILY_TOKENS", value) for value in ("0", str(10**12))),
    ],
)
def test_what_is_right_is_taken(name: str, value: str) -> None:
    read_settings(GOOD | {name: value})


@pytest.mark.parametrize("name", ["SECRET_KEY", "TELEGRAM_BOT_TOKEN", "TELEGRAM_WEBHOOK_SECRET", "AWS_ENDPOINT_URL"])
def test_a_fault_never_shows_the_value(name: str) -> None:
    with pytest.raises(ConfigError) as caught:
        read_settings(GOOD | {name: "h\udce9dden value"})
    assert "dden" not in str(caught.value)


def test_blanks_around_a_value_are_no_part_of_it() -> None:
    plain = GOOD | {"TELEGRAM_API_BASE_URL": "http://127.0.0.1:1/", "TELEGRAM_TEST_ENVIRONMENT": "true"}
    assert read_settings({name: f" {value}\t\n" for name, value in plain.items()}) == read_settings(plain)


def test_a_site_that_others_can_reach_needs_a_long_key() -> None:
    public = GOOD | {"BASE_URL": "https://starbid.example"}
    with pytest.raises(ConfigError, match="SECRET_KEY must have at least 16"):
        read_settings(public)
    assert read_settings(public | {"SECRET_KEY": "k" * 16}).secure_cookies


@pytest.mark.parametrize("given", [(), ("TELEGRAM_BOT_TOKEN",), ("SECRET_KEY", "TELEGRAM_WEBHOOK_SECRET")])
def test_a_process_needs_no_secret_that_it_is_not_given(given: tuple[str, ...]) -> None:
    needed = {name: value for name, value in GOOD.items() if name not in NEEDED_SECRETS or name in given}
    settings = read_settings(needed | {"GIVEN_SECRETS": ",".join(given)})
    kept = {"SECRET_KEY": "secret_key", "TELEGRAM_BOT_TOKEN": "bot_token", "TELEGRAM_WEBHOOK_SECRET": "webhook_secret"}
    for name, attribute in kept.items():
        if name in given:
            assert getattr(settings, attribute) == GOOD[name]
        else:  # and never an empty one, with which anybody could sign
            with pytest.raises(ConfigError, match=name):
                getattr(settings, attribute)


def test_a_secret_that_is_given_must_be_there() -> None:
    without = {name: value for name, value in GOOD.items() if name != "TELEGRAM_BOT_TOKEN"}
    with pytest.raises(ConfigError, match="TELEGRAM_BOT_TOKEN is not set"):
        read_settings(without | {"GIVEN_SECRETS": "TELEGRAM_BOT_TOKEN"})


def test_no_secret_shows_in_a_message_or_in_the_settings() -> None:
    public = GOOD | {
        "BASE_URL": "https://starbid.example",
        "SECRET_KEY": "hidden-key",
        "TELEGRAM_BOT_TOKEN": "1:hidden",
    }
    with pytest.raises(ConfigError) as caught:
        read_settings(public)
    assert "hidden" not in str(caught.value)
    assert "hidden" not in repr(read_settings(public | {"SECRET_KEY": "hidden-key-hidden"}))


@pytest.mark.parametrize(
    ("server", "is_stand_in"),
    [
        *(("https://api.telegram.org", False), ("http://10.0.0.5:8081", False), ("https://localhost.example", False)),
        *(("http://127.0.0.1:8000/_local/telegram/api", True), ("http://[::1]:8081", True), ("http://localhost", True)),
    ],
)
def test_a_bot_api_server_on_this_machine_is_a_stand_in(server: str, is_stand_in: bool) -> None:
    assert read_settings(GOOD | {"TELEGRAM_API_BASE_URL": server}).has_stand_in is is_stand_in
