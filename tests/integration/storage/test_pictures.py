"""Uploads, drafts and linked pictures: the same in memory, on moto and in the emulator's bucket."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import boto3
import pytest

from scripts.deploy_check import upload
from starbid.domain.errors import Invalid
from starbid.services.ports import DRAFT_LIFE, UPLOAD_LIFE
from tests.support.dynamo import DynamoApp, join
from tests.support.factories import ANNA, SELLER, draft
from tests.support.fakes import ENVIRONMENT, StagedApp

SIZES = {"small": b"s", "medium": b"mm", "large": b"lll"}
BOTH = SIZES | {f"{size}.webp": b"w" + data for size, data in SIZES.items()}
IDS = tuple(f"picture{number:05}" for number in range(8))
MEGABYTE = 1024 * 1024


def refusal(app: StagedApp, user_id: int, key: str) -> str:
    with pytest.raises(Invalid) as caught:
        app.pictures.fetch_upload(user_id, key, app.now())
    return caught.value.reason


def test_a_draft_is_its_owner_s_and_no_picture_of_a_lot(any_app: StagedApp) -> None:
    pictures, now = any_app.pictures, any_app.now()
    pictures.save_draft(ANNA, IDS[0], SIZES, now)
    assert {name: pictures.load_draft(ANNA, IDS[0], name, now) for name in SIZES} == SIZES
    assert pictures.load_draft(SELLER, IDS[0], "small", now) is None
    assert pictures.load(IDS[0], "small") is None
    assert pictures.drafts_among(ANNA, (IDS[0], IDS[1], "../x", ""), now) == {IDS[0]}
    assert pictures.drafts_among(SELLER, (IDS[0],), now) == frozenset()


def test_a_draft_and_an_upload_are_gone_at_their_end_by_our_clock(any_app: StagedApp) -> None:
    pictures, now = any_app.pictures, any_app.now()
    pictures.save_draft(ANNA, IDS[0], SIZES, now)
    key = pictures.keep_upload(ANNA, b"as it came", now)
    last, over = now + DRAFT_LIFE - timedelta(milliseconds=1), now + DRAFT_LIFE
    assert pictures.load_draft(ANNA, IDS[0], "large", last) == SIZES["large"]
    assert pictures.drafts_among(ANNA, IDS, last) == {IDS[0]}
    assert pictures.fetch_upload(ANNA, key, now + UPLOAD_LIFE - timedelta(milliseconds=1)) == b"as it came"
    assert pictures.load_draft(ANNA, IDS[0], "large", over) is None
    assert pictures.drafts_among(ANNA, IDS, over) == frozenset()
    with pytest.raises(Invalid):
        pictures.fetch_upload(ANNA, key, now + UPLOAD_LIFE)


def test_what_an_earlier_version_kept_without_webp_is_linked_and_unlinked_all_the_same(any_app: StagedApp) -> None:
    pictures, now = any_app.pictures, any_app.now()
    pictures.save_draft(ANNA, IDS[0], SIZES, now)
    assert pictures.link(ANNA, IDS[:1]) == frozenset()
    assert {name: pictures.load(IDS[0], name) for name in BOTH} == SIZES | dict.fromkeys(BOTH.keys() - SIZES)
    pictures.unlink(ANNA, IDS[:1], now)
    assert {name: pictures.load_draft(ANNA, IDS[0], name, now) for name in SIZES} == SIZES


def test_linked_pictures_are_there_in_all_sizes_for_good_and_twice_is_like_once(any_app: StagedApp) -> None:
    pictures, now = any_app.pictures, any_app.now()
    for picture in IDS:
        pictures.save_draft(ANNA, picture, BOTH, now)
    for _ in range(2):
        assert pictures.link(ANNA, IDS) == frozenset()
    assert all(pictures.load(picture, name) == data for picture in IDS for name, data in BOTH.items())


def test_an_unlinked_picture_is_its_owner_s_draft_again_and_twice_is_like_once(any_app: StagedApp) -> None:
    pictures, now = any_app.pictures, any_app.now()
    for picture in IDS[:2]:
        pictures.save_draft(ANNA, picture, BOTH, now - timedelta(days=2))
    pictures.link(ANNA, IDS[:2])
    for _ in range(2):
        pictures.unlink(ANNA, (IDS[0], IDS[5]), now)
    assert [pictures.load(IDS[0], name) for name in BOTH] == [None] * 6
    assert {name: pictures.load(IDS[1], name) for name in BOTH} == BOTH
    assert {name: pictures.load_draft(ANNA, IDS[0], name, now) for name in BOTH} == BOTH
    assert pictures.drafts_among(ANNA, IDS, now + DRAFT_LIFE) == frozenset(), "and expires"
    assert pictures.drafts_among(SELLER, IDS, now) == frozenset()
    assert pictures.link(ANNA, IDS[:1]) == frozenset(), "it can be put back"
    assert pictures.load(IDS[0], "large") == SIZES["large"]


def test_what_is_no_draft_of_the_person_is_not_linked(any_app: StagedApp) -> None:
    pictures = any_app.pictures
    pictures.save_draft(ANNA, IDS[0], SIZES, any_app.now())
    pictures.save_draft(SELLER, IDS[1], SIZES, any_app.now())
    assert pictures.link(ANNA, IDS[:3]) == {IDS[1], IDS[2]}
    assert [pictures.load(picture, "small") for picture in IDS[:3]] == [b"s", None, None]


def test_an_upload_is_its_owner_s_and_five_megabytes_at_most(any_app: StagedApp) -> None:
    key = any_app.pictures.keep_upload(ANNA, bytes(5 * MEGABYTE), any_app.now())
    assert len(any_app.pictures.fetch_upload(ANNA, key, any_app.now())) == 5 * MEGABYTE
    assert refusal(any_app, SELLER, key) == "upload_gone"
    assert refusal(any_app, ANNA, key[:-1] + "x") == "upload_gone"
    assert refusal(any_app, ANNA, f"pictures/{IDS[0]}/small.jpg") == "upload_gone"
    large = any_app.pictures.keep_upload(ANNA, bytes(5 * MEGABYTE + 1), any_app.now())
    assert refusal(any_app, ANNA, large) == "picture_size"


def test_a_lot_with_pictures_goes_up_on_every_store(any_app: StagedApp) -> None:
    join(any_app, SELLER, seller=True)
    any_app.pictures.save_draft(SELLER, IDS[0], SIZES, any_app.now())
    lot = any_app.publishing.publish(SELLER, draft(any_app.now()), IDS[:1], "r", any_app.now())
    assert lot.card.pictures == IDS[:1]
    assert any_app.pictures.load(IDS[0], "small") == b"s"


def test_evidence_is_there_under_its_lot_and_twice_is_like_once(any_app: StagedApp) -> None:
    pictures, sizes = any_app.pictures, {"small": b"s", "large": b"lll"}
    for _ in range(2):
        pictures.save_evidence("lotx", IDS[0], sizes)
    assert {name: pictures.load_evidence("lotx", IDS[0], name) for name in sizes} == sizes
    assert pictures.load_evidence("loty", IDS[0], "small") is None
    assert pictures.load_evidence("lotx", IDS[1], "small") is None
    assert pictures.load_evidence("lotx", IDS[0], "medium") is None
    assert pictures.load(IDS[0], "small") is None, "it is no picture of a lot"


def test_what_a_browser_posts_into_the_bucket_says_when_it_ends(emulated: DynamoApp) -> None:
    app = emulated
    form = app.pictures.upload_form(ANNA, app.now())
    upload.post(form, b"as it came", "image/png", ENVIRONMENT["BASE_URL"])
    assert app.pictures.fetch_upload(ANNA, form["key"], app.now()) == b"as it came"
    app.clock.forward(days=2)
    assert refusal(app, ANNA, form["key"]) == "upload_gone"


def test_only_what_is_linked_may_be_kept_by_others(emulated: DynamoApp) -> None:
    app = emulated
    app.pictures.save_draft(ANNA, IDS[0], SIZES, app.now())
    app.pictures.link(ANNA, IDS[:1])
    s3: Any = boto3.client("s3")
    (bucket,) = {b["Name"] for b in s3.list_buckets()["Buckets"] if b["Name"] == app.pictures._bucket}
    draft, linked = (
        s3.head_object(Bucket=bucket, Key=key)
        for key in (f"drafts/{ANNA}/{IDS[0]}/small.jpg", f"pictures/{IDS[0]}/small.jpg")
    )
    assert draft["Metadata"] == {"until": str(int((app.now() + DRAFT_LIFE).timestamp() * 1000))}
    assert "CacheControl" not in draft
    assert (linked["Metadata"], linked["CacheControl"]) == ({}, "public, max-age=31536000, immutable")
    assert linked["ContentType"] == "image/jpeg"
