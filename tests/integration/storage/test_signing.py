"""Upload forms and links as browsers get them, in old regions and new ones, with botocore's models and the layer's cut.

Botocore would sign both in the way of before 2014 wherever a region is old enough to take it; new buckets refuse that
everywhere. The signatures are reckoned here once more, after AWS's description of Signature Version 4.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qsl, quote, urlsplit

import pytest
from botocore.session import get_session

from starbid.acceleration import models as service_models
from starbid.acceleration.build import trim_models
from starbid.config import read_settings
from starbid.storage import clients
from starbid.storage.bid_logs import BucketLogs
from starbid.storage.pictures import MOST_BYTES, BucketPictures
from tests.support.fakes import ENVIRONMENT
from web.kernel.headers import bucket_origins

KEY_ID, SECRET, TOKEN = "ASIAIOSFODNN7EXAMPLE", "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "token of a role/=="
PICTURES, LOGS = "starbid-picturesbucket-1a2b3c", "starbid-bidlogsbucket-4d5e6f"
OLD = ("us-east-1", "us-west-2", "eu-west-1", "ap-southeast-1", "ap-northeast-1")
"""Where the form was signed with Signature Version 2."""
NEW = ("eu-central-1", "ap-east-2", "mx-central-1", "us-gov-west-1", "cn-north-1", "eusc-de-east-1")
PUBLIC = ("aws", "aws-us-gov", "aws-cn", "aws-eusc")
"""The partitions from which Telegram can be reached: the others are apart from the Internet."""
AWS_EXAMPLE = """
eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJzaWd2NGV4YW1w
bGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJwdWJsaWMtcmVhZCJ9LA0KICAg
IHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2Fk
Lmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2UvIl0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUx
MjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRpb24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXot
bWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRlbnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3
czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXotYWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlU
MDAwMDAwWiIgfQ0KICBdDQp9
"""


@pytest.fixture(scope="module")
def cut(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cut") / "aws_models"
    trim_models.main(folder)
    return folder


@pytest.fixture(params=["botocore's models", "the layer's models"])
def models(request: pytest.FixtureRequest, cut: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The environment of a function, but for the region."""
    if request.param == "the layer's models":
        monkeypatch.setattr(service_models, "MODELS", cut)
    for name in ("AWS_ENDPOINT_URL", "AWS_ENDPOINT_URL_S3", "AWS_PROFILE", "AWS_CA_BUNDLE"):
        monkeypatch.delenv(name, raising=False)
    role = {"AWS_ACCESS_KEY_ID": KEY_ID, "AWS_SECRET_ACCESS_KEY": SECRET, "AWS_SESSION_TOKEN": TOKEN}
    for name, value in role.items():
        monkeypatch.setenv(name, value)
    yield
    used = clients.any_client("s3")
    assert not isinstance(used, service_models.TrimmedClient) or used.is_trimmed
    clients.forget_clients()


def work_in(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_REGION", region)
    monkeypatch.setenv("AWS_DEFAULT_REGION", region)
    clients.forget_clients()


def signature(day: str, region: str, text: str) -> str:
    key = f"AWS4{SECRET}".encode()
    for part in (day, region, "s3", "aws4_request"):
        key = hmac.digest(key, part.encode(), "sha256")
    return hmac.digest(key, text.encode(), "sha256").hex()


def signature_of_link(link: str, region: str) -> str:
    address = urlsplit(link)
    asked = sorted((name, value) for name, value in parse_qsl(address.query) if name != "X-Amz-Signature")
    query = "&".join(f"{quote(name, safe='')}={quote(value, safe='')}" for name, value in asked)
    request = f"GET\n{address.path}\n{query}\nhost:{address.netloc}\n\nhost\nUNSIGNED-PAYLOAD"
    date = dict(asked)["X-Amz-Date"]
    scope = f"{date[:8]}/{region}/s3/aws4_request"
    text = f"AWS4-HMAC-SHA256\n{date}\n{scope}\n{hashlib.sha256(request.encode()).hexdigest()}"
    return signature(date[:8], region, text)


def test_the_reckoning_of_this_test_is_that_of_the_example_in_aws_s_documentation() -> None:
    expected = "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e"
    assert signature("20151229", "us-east-1", AWS_EXAMPLE.replace("\n", "")) == expected


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("region", [*OLD, *NEW])
def test_an_upload_form_is_signed_with_version_4(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    work_in(region, monkeypatch)
    now = datetime.now(UTC)
    form = BucketPictures(PICTURES).upload_form(5001, now)
    fields = dict(form["fields"])
    policy, date, until = fields["policy"], fields["x-amz-date"], fields["x-amz-meta-until"]
    assert fields.pop("x-amz-signature") == signature(date[:8], region, policy)
    signed = {
        "x-amz-algorithm": "AWS4-HMAC-SHA256",
        "x-amz-credential": f"{KEY_ID}/{date[:8]}/{region}/s3/aws4_request",
        "x-amz-date": date,
        "x-amz-security-token": TOKEN,
        "x-amz-meta-until": until,
        "key": form["key"],
    }
    assert fields == signed | {"policy": policy}, "and nothing of version 2: AWSAccessKeyId, signature"
    told = json.loads(base64.b64decode(policy))
    rules = [["content-length-range", 1, MOST_BYTES], ["starts-with", "$Content-Type", "image/"]]
    named = [*({name: value} for name, value in signed.items()), {"bucket": PICTURES}, *rules]
    assert all(told["conditions"].count(each) == 1 for each in named), "S3 refuses a field that no condition names"
    assert len(told["conditions"]) == len(named)
    left = datetime.fromisoformat(told["expiration"]) - now
    assert 3590 < left.total_seconds() < 3610


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("region", [*OLD, *NEW])
def test_a_link_to_a_log_is_signed_with_version_4(region: str, monkeypatch: pytest.MonkeyPatch) -> None:
    work_in(region, monkeypatch)
    link = BucketLogs(LOGS)._link("lot1")
    asked = dict(parse_qsl(urlsplit(link).query))
    assert asked["X-Amz-Algorithm"] == "AWS4-HMAC-SHA256"
    assert asked["X-Amz-Security-Token"] == TOKEN
    assert asked["X-Amz-Signature"] == signature_of_link(link, region)


@pytest.mark.usefixtures("models")
@pytest.mark.parametrize(
    ("region", "host"),
    [
        ("us-east-1", "s3.amazonaws.com"),
        ("us-west-2", "s3.us-west-2.amazonaws.com"),
        ("eu-central-1", "s3.eu-central-1.amazonaws.com"),
        ("cn-north-1", "s3.cn-north-1.amazonaws.com.cn"),
        ("eusc-de-east-1", "s3.eusc-de-east-1.amazonaws.eu"),
    ],
)
def test_browsers_are_sent_to_the_bucket_by_its_path(region: str, host: str, monkeypatch: pytest.MonkeyPatch) -> None:
    work_in(region, monkeypatch)
    assert BucketPictures(PICTURES).upload_form(1, datetime.now(UTC))["url"] == f"https://{host}/{PICTURES}"
    assert BucketLogs(LOGS)._link("lot1").startswith(f"https://{host}/{LOGS}/logs/lot1.json?")


@pytest.mark.parametrize("models", ["the layer's models"], indirect=True)
@pytest.mark.usefixtures("models")
@pytest.mark.parametrize("partition", PUBLIC)
def test_the_pages_of_every_region_may_post_to_its_bucket(partition: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A source with a path that does not end in `/` is that path alone (CSP 3, "path-part match")."""
    settings = read_settings(ENVIRONMENT | {"PICTURES_BUCKET": PICTURES, "BID_LOGS_BUCKET": LOGS})
    regions = get_session().get_available_regions("s3", partition)
    assert regions
    for region in regions:
        work_in(region, monkeypatch)
        form = BucketPictures(PICTURES).upload_form(1, datetime.now(UTC))
        assert form["url"] in bucket_origins(settings), region
        host = "https://" + urlsplit(BucketLogs(LOGS)._link("lot1")).netloc
        assert f"{host}/{LOGS}" in bucket_origins(settings), region
