"""Files that Telegram has already are sent on by their ids: each as what it is, several of a kind as an album."""

from __future__ import annotations

import pytest

from starbid.domain.delivered_files import DeliveredFile, FileKind
from starbid.services.ports import Rejected, TryLater, Unreachable
from tests.support.bot_pool import Answer, FakeTelegram, bad_request, bot, flood, forbidden


def of(kind: FileKind, *ids: str) -> list[DeliveredFile]:
    return [DeliveredFile(file_id, kind, "x") for file_id in ids]


@pytest.mark.parametrize("kind", FileKind)
def test_one_is_sent_as_what_it_is_and_nothing_is_moved(telegram: FakeTelegram, kind: FileKind) -> None:
    bot(telegram).send_known(1, of(kind, "BQACAgIAAxkBAAI"))
    ((method, fields),) = telegram.calls
    assert method == f"send{kind.capitalize()}"
    assert fields == {"chat_id": 1, kind.value: "BQACAgIAAxkBAAI"}


@pytest.mark.parametrize("kind", [kind for kind in FileKind if kind is not FileKind.ANIMATION])
def test_several_are_one_album(telegram: FakeTelegram, kind: FileKind) -> None:
    ids = [f"id{number}" for number in range(10)]
    bot(telegram).send_known(1, of(kind, *ids))
    (album,) = telegram.called("sendMediaGroup")
    assert [(each["type"], each["media"]) for each in album["media"]] == [(kind.value, file_id) for file_id in ids]


def test_photos_and_videos_share_one(telegram: FakeTelegram) -> None:
    bot(telegram).send_known(1, [*of(FileKind.PHOTO, "p"), *of(FileKind.VIDEO, "v")])
    (album,) = telegram.called("sendMediaGroup")
    assert [each["type"] for each in album["media"]] == ["photo", "video"]


@pytest.mark.parametrize(
    ("fault", "error"),
    [(bad_request("wrong file identifier"), Rejected), (forbidden(), Unreachable), (flood(3), TryLater)],
)
def test_faults_have_names_of_their_own(telegram: FakeTelegram, fault: Answer, error: type[Exception]) -> None:
    telegram.fail("sendDocument", fault)
    with pytest.raises(error):
        bot(telegram).send_known(1, of(FileKind.DOCUMENT, "d"))
