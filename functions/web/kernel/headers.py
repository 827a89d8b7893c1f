"""Security headers, on every answer."""

from __future__ import annotations

import os
from dataclasses import replace
from urllib.parse import urlsplit

from starbid.config import Settings
from web.kernel.http import Response

_SUFFIXES = {"cn": "amazonaws.com.cn", "eusc": "amazonaws.eu"}
"""Where AWS is under another name, by how its regions begin."""


def secured(response: Response, settings: Settings) -> Response:
    """The answer with the headers that all of ours carry; what it says itself stays."""
    headers = {
        "content-security-policy": _policy(settings),
        "x-content-type-options": "nosniff",
        "referrer-policy": "strict-origin-when-cross-origin",
        "permissions-policy": "camera=(), geolocation=(), microphone=()",
    }
    if settings.secure_cookies:
        headers["strict-transport-security"] = "max-age=31536000; includeSubDomains"
    return replace(response, headers={**headers, **response.headers})


def _policy(settings: Settings) -> str:
    """No inline script or style. Telegram alone may frame us; its script and login frame come from its own hosts."""
    rules = {
        "default-src": "'self'",
        "script-src": "'self' https://telegram.org",
        "style-src": "'self'",
        "img-src": "'self' data: blob: https:",
        "connect-src": " ".join(("'self'", *bucket_origins(settings))),
        "frame-src": "https://oauth.telegram.org",
        "frame-ancestors": "https://web.telegram.org https://*.telegram.org",
        "form-action": "'self' https://t.me https://oauth.telegram.org",
        "base-uri": "'none'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def bucket_origins(settings: Settings) -> tuple[str, ...]:
    """Where browsers send pictures to and read large bid logs from: hosts of the buckets, or a local run's emulator."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        parts = urlsplit(endpoint)
        return (f"{parts.scheme}://{parts.netloc}",)
    region = os.environ.get("AWS_REGION", "us-east-1")
    suffix = _SUFFIXES.get(region.partition("-")[0], "amazonaws.com")
    hosts = (f"https://s3.{region}.{suffix}", "https://s3.amazonaws.com")
    buckets = [bucket for bucket in (settings.pictures_bucket, settings.bid_logs_bucket) if bucket]
    return tuple(f"{host}/{bucket}" for bucket in buckets for host in hosts)
