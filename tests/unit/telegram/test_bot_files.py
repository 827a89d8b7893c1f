"""Files in and out of the Bot API: how large they may be, where they are asked for, and what goes wrong on the way."""

from __future__ import annotations

from typing import Any

import pytest
import urllib3

from starbid.services.ports import Rejected, TryLater
from starbid.telegram.bot_api import AnswerLost, ServerTrouble
from tests.support.bot_pool import Answer, FakeTelegram, bad_request, bot, broken, timeout


def test_a_file_is_had_up_to_the_size_that_is_asked_for(telegram: FakeTelegram) -> None:
    telegram.files["p"] = b"12345"
    assert bot(telegram).download("p", 5) == b"12345"
    assert bot(telegram).download("p", 4) is None


def test_a_file_that_is_longer_than_it_says_is_not_taken(telegram: FakeTelegram) -> None:
    telegram.files["p"] = b"12345"
    telegram.fail("getFile", Answer(200, {"ok": True, "result": {"file_id": "p", "file_path": "photos/p"}}))
    assert bot(telegram).download("p", 4) is None


@pytest.mark.parametrize(
    ("what", "fault", "error"),
    [
        ("getFile", bad_request("wrong file_id or the file is temporarily unavailable"), Rejected),
        ("getFile", bad_request("file is too big"), Rejected),
        ("getFile", broken(), ServerTrouble),
        ("getFile", timeout(), AnswerLost),
        ("file", Answer(404, b"{}"), Rejected),
        ("file", broken(), ServerTrouble),
        ("file", Answer(429, b"{}"), ServerTrouble),
        ("file", Answer(302, b"{}"), ServerTrouble),
        ("file", timeout(), ServerTrouble),
        ("file", urllib3.exceptions.IncompleteRead(3, 4), ServerTrouble),
    ],
)
def test_faults_of_a_download_have_names_of_their_own(
    telegram: FakeTelegram, what: str, fault: Any, error: type[Exception]
) -> None:
    telegram.files["p"] = b"12345"
    telegram.fail(what, fault)
    with pytest.raises(error) as caught:
        bot(telegram).download("p", 5)
    assert type(caught.value) is error
    assert issubclass(ServerTrouble, TryLater), "it comes again"


def test_one_photo_is_a_photo_and_more_are_an_album_with_the_words_under_the_first(telegram: FakeTelegram) -> None:
    bot(telegram).send_photos(1, [b"one"], "<b>head</b>")
    bot(telegram).send_photos(1, [b"one", b"two", b"three"], "<b>head</b>")
    (single,) = telegram.called("sendPhoto")
    assert (single["caption"], single["parse_mode"]) == ("<b>head</b>", "HTML")
    (album,) = telegram.called("sendMediaGroup")
    assert [each.get("caption") for each in album["media"]] == ["<b>head</b>", None, None]
    assert all(each["media"].startswith("attach://") for each in album["media"])
