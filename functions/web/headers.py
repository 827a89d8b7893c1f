"""Security headers, on every answer."""

from __future__ import annotations

import os
from dataclasses import replace
from urllib.parse import urlsplit

from starbid.config import Settings
from web.http import Response


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
    """No inline script or style. Telegram may frame us; its script and login frame come from its own hosts."""
    rules = {
        "default-src": "'self'",
        "script-src": "'self' https://telegram.org",
        "style-src": "'self'",
        "img-src": "'self' data: blob: https:",
        "connect-src": " ".join(("'self'", *upload_origins(settings))),
        "frame-src": "https://oauth.telegram.org",
        "frame-ancestors": "'self' https://web.telegram.org https://*.telegram.org",
        "form-action": "'self' https://t.me https://oauth.telegram.org",
        "base-uri": "'none'",
        "object-src": "'none'",
    }
    return "; ".join(f"{name} {sources}" for name, sources in rules.items())


def upload_origins(settings: Settings) -> tuple[str, ...]:
    """Where browsers send pictures to: the bucket's hosts, or the emulator in a local run."""
    endpoint = os.environ.get("AWS_ENDPOINT_URL_S3") or os.environ.get("AWS_ENDPOINT_URL")
    if endpoint:
        parts = urlsplit(endpoint)
        return (f"{parts.scheme}://{parts.netloc}",)
    if not settings.pictures_bucket:
        return ()
    region = os.environ.get("AWS_REGION", "us-east-1")
    bucket = settings.pictures_bucket
    return (f"https://s3.{region}.amazonaws.com/{bucket}", f"https://s3.amazonaws.com/{bucket}")
