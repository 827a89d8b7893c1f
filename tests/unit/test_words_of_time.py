"""How often something happens, in words."""

from datetime import timedelta

import pytest

from starbid.domain.sentences import Every, _
from starbid.i18n import language


@pytest.mark.parametrize(
    ("seconds", "english", "russian"),
    [
        (1, "every second", "каждую секунду"),
        (60, "every minute", "каждую минуту"),
        (90, "every 90 seconds", "каждые 90 секунд"),
        (120, "every 2 minutes", "каждые 2 минуты"),
        (300, "every 5 minutes", "каждые 5 минут"),
        (3600, "every hour", "каждый час"),
        (21_600, "every 6 hours", "каждые 6 часов"),
        (86_400, "every day", "каждый день"),
        (172_800, "every 2 days", "каждые 2 дня"),
    ],
)
def test_a_unit_alone_is_named_without_its_number(seconds: int, english: str, russian: str) -> None:
    length = timedelta(seconds=seconds)
    assert (language("en").every(length), language("ru").every(length)) == (english, russian)


def test_a_sentence_of_the_domain_tells_how_often_and_how_long_apart() -> None:
    minute = timedelta(minutes=1)
    told = _("{every}, for {long}", every=Every(minute), long=minute)
    assert language("en").say(told) == "every minute, for 1 minute"
