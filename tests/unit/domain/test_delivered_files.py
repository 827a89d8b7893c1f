"""Files that are handed over: their names, how many, which are shown together, until when they are kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from starbid.domain import deals
from starbid.domain.deals import Deal, DealTimes
from starbid.domain.delivered_files import (
    NAME_LENGTH,
    DeliveredFile,
    FileKind,
    Parcel,
    Part,
    are_kept,
    clean_name,
    packed,
    together,
    with_part,
)
from starbid.domain.errors import Invalid
from starbid.domain.money import Money
from starbid.domain.texts import shows
from tests.support.fake_clock import START
from tests.support.handed import zipped

DAY = timedelta(days=1)
TIMES = DealTimes()
SELLER, BUYER = 1, 2


def sold() -> Deal:
    return deals.open_deal("lot", SELLER, BUYER, Money(100, "XTR"), Money(0, "XTR"), 5, START, TIMES)


def numbered(*kinds: FileKind) -> list[DeliveredFile]:
    return [DeliveredFile(str(number), kind, "x") for number, kind in enumerate(kinds)]


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("name.zip", "name.zip"),
        ("Счёт № 5.pdf", "Счёт № 5.pdf"),
        ("e\u0301te\u0301.txt", "e\u0301te\u0301.txt"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Windows\\evil.exe", "evil.exe"),
        ("a/b/", "file"),
        ("..", "file"),
        (".bashrc", "bashrc"),
        ("trailing. . ", "trailing"),
        ("invoice\u202efdp.exe", "invoicefdp.exe"),
        ("\u2066a\u2069\u200b.zip", "a.zip"),
        ("a\r\nContent-Type: text/html.zip", "html.zip"),
        ("a\r\nb\x00c\x07.zip", "abc.zip"),
        ('a<b>:"c"|d?*.zip', "a_b___c__d__.zip"),
        ("\ud800.zip", "zip"),
        ("\u200b\u200b", "file"),
        ("", "file"),
        (None, "file"),
        ("n" * 300, "n" * 120),
        ("n" * 300 + ".zip", "n" * 116 + ".zip"),
        ("a." + "z" * 300, ("a." + "z" * 300)[:120]),
    ],
)
def test_a_name_is_one_that_may_stand_on_a_page_and_on_a_disk(name: str | None, clean: str) -> None:
    assert clean_name(name, FileKind.DOCUMENT) == clean


@pytest.mark.parametrize(
    ("kind", "called"),
    [
        (FileKind.PHOTO, "photo.jpg"),
        (FileKind.VIDEO, "video.mp4"),
        (FileKind.ANIMATION, "animation.mp4"),
        (FileKind.AUDIO, "audio.mp3"),
    ],
)
def test_one_without_a_name_is_called_by_its_kind(kind: FileKind, called: str) -> None:
    assert clean_name(None, kind) == called


@given(st.text(max_size=400))
def test_whatever_the_name_is_what_is_left_of_it_is_harmless_and_stays_as_it_is(name: str) -> None:
    clean = clean_name(name, FileKind.DOCUMENT)
    assert 0 < len(clean) <= NAME_LENGTH
    assert shows(clean)
    assert not set(clean) & set('/\\<>:"|?*\r\n\x00\u202e')
    assert clean == clean.strip(". ")
    assert clean_name(clean, FileKind.DOCUMENT) == clean


def test_parts_are_packed_in_the_order_of_their_messages() -> None:
    parts = {30: Part(zipped("c"), "third"), 4: Part(zipped("a"), "first"), 11: Part(None, "second")}
    parcel = packed(parts)
    assert [file.file_id for file in parcel.files] == ["a", "c"]
    assert parcel.text == "first\nsecond\nthird"


def test_of_eleven_files_the_eleventh_is_refused_and_the_same_message_again_is_not() -> None:
    parts: dict[int, Part] = {}
    for number in range(10):
        parts = with_part(parts, number, zipped(str(number)), "")
    with pytest.raises(Invalid) as refused:
        with_part(parts, 10, zipped("x"), "")
    assert (refused.value.reason, refused.value.facts["most"]) == ("too_many_files", 10)
    assert with_part(parts, 9, zipped("9"), "") == parts
    assert with_part(parts, 10, None, "words")[10] == Part(None, "words")


def test_two_that_came_at_once_and_are_one_too_many_leave_ten() -> None:
    parts = {number: Part(zipped(str(number)), "x" * 4000) for number in range(11)}
    parcel = packed(parts)
    assert (len(parcel.files), len(parcel.text)) == (10, 4000)


def test_words_are_too_long_all_together() -> None:
    parts = with_part({}, 1, zipped(), "x" * 2000)
    assert len(packed(with_part(parts, 2, None, "y" * 1999)).text) == 4000
    with pytest.raises(Invalid):
        with_part(parts, 2, None, "y" * 2000)


def test_a_mark_stands_for_just_these_files_and_words() -> None:
    parcels = [
        Parcel((zipped("a"), zipped("b")), "x"),
        Parcel((zipped("b"), zipped("a")), "x"),
        Parcel((zipped("a"), zipped("b")), "y"),
        Parcel((zipped("a"),), "x"),
        Parcel((zipped("a", name="other"), zipped("b")), "x"),
    ]
    assert len({parcel.mark for parcel in parcels}) == len(parcels)
    assert Parcel((zipped("a"), zipped("b")), "x").mark == parcels[0].mark


def test_those_that_telegram_shows_together_follow_each_other() -> None:
    kind = FileKind
    files = numbered(
        kind.PHOTO, kind.VIDEO, kind.DOCUMENT, kind.DOCUMENT, kind.AUDIO, kind.ANIMATION, kind.ANIMATION, kind.PHOTO
    )
    assert [[int(file.file_id) for file in run] for run in together(files)] == [[0, 1], [2, 3], [4], [5], [6], [7]]


def test_files_alone_are_a_delivery_and_nothing_at_all_is_none() -> None:
    delivered = deals.deliver(sold(), SELLER, "", START, TIMES, 2)
    assert (delivered.delivery, delivered.files, delivered.is_delivered) == (None, 2, True)
    assert deals.deliver(sold(), SELLER, " x ", START, TIMES, 2).delivery == "x"
    with pytest.raises(Invalid):
        deals.deliver(sold(), SELLER, "", START, TIMES)


def test_files_are_kept_until_30_days_after_the_end() -> None:
    deal = deals.deliver(sold(), SELLER, "", START, TIMES, 1)
    assert are_kept(deal, START + 999 * DAY)
    ended, _ = deals.confirm(deal, BUYER, START)
    assert are_kept(ended, START + 30 * DAY - timedelta(milliseconds=1))
    assert not are_kept(ended, START + 30 * DAY)
    assert not are_kept(replace(deal, files=0), START)
