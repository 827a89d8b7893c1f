"""AWS Signature Version 4 for requests without a query, from the credentials of the environment.

https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
"""

from __future__ import annotations

import hashlib
import hmac
import time
from collections.abc import Mapping


class Signer:
    """Signs for one service in one region. The key of a day is derived once."""

    def __init__(self, service: str, region: str, environment: Mapping[str, str]) -> None:
        self._key_id, self._secret = environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]
        self._token = environment.get("AWS_SESSION_TOKEN")
        self._service, self._region = service, region
        self._day, self._key = "", b""

    def sign(
        self, method: str, host: str, path: str, headers: Mapping[str, str], body: bytes, moment: str | None = None
    ) -> dict[str, str]:
        """The headers to send: those given (names in lower case), and what proves who asks.

        `path` is percent-encoded; `moment` is now, as YYYYMMDDTHHMMSSZ in UTC.
        """
        moment = moment or time.strftime("%Y%m%dT%H%M%SZ", time.gmtime())
        sent = {**headers, "host": host, "x-amz-date": moment}
        if self._token:
            sent["x-amz-security-token"] = self._token
        names = sorted(sent)
        lines = "".join(f"{name}:{sent[name]}\n" for name in names)
        signed = ";".join(names)
        canonical = f"{method}\n{_twice(path)}\n\n{lines}\n{signed}\n{hashlib.sha256(body).hexdigest()}"
        scope = f"{moment[:8]}/{self._region}/{self._service}/aws4_request"
        text = f"AWS4-HMAC-SHA256\n{moment}\n{scope}\n{hashlib.sha256(canonical.encode()).hexdigest()}"
        signature = hmac.digest(self._key_of(moment[:8]), text.encode(), "sha256").hex()
        sent["authorization"] = (
            f"AWS4-HMAC-SHA256 Credential={self._key_id}/{scope}, SignedHeaders={signed}, Signature={signature}"
        )
        return sent

    def _key_of(self, day: str) -> bytes:
        if day != self._day:
            key = f"AWS4{self._secret}".encode()
            for part in (day, self._region, self._service, "aws4_request"):
                key = hmac.digest(key, part.encode(), "sha256")
            self._key, self._day = key, day  # the key first: another thread may look at the day
        return self._key


def _twice(path: str) -> str:
    """Every service but S3 signs the path encoded once more than it is sent."""
    return path.replace("%", "%25")
