"""Uploads a picture to a bucket, as a browser does for a page's script."""

import io
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
from email.message import Message
from typing import Any

from PIL import Image

from scripts.deploy_check.market import CheckError

SECONDS = 30


def photo(width: int, height: int) -> bytes:
    """A PNG in many colours."""
    out = io.BytesIO()
    red, blue = (Image.linear_gradient("L").resize((width, height)).rotate(turn) for turn in (0, 90))
    Image.merge("RGB", (red, Image.new("L", red.size, 40), blue)).save(out, "PNG")
    return out.getvalue()


def lets_post(url: str, origin: str) -> bool:
    """Whether the bucket lets a browser send a file from a page of this origin (the CORS preflight)."""
    asking = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    status, headers, _ = _send("OPTIONS", url, asking)
    return status == 200 and headers.get("Access-Control-Allow-Origin") in (origin, "*")


def post(form: Mapping[str, Any], content: bytes, kind: str, origin: str) -> None:
    """Send a file by a presigned form; raises CheckError with the bucket's answer if it is refused."""
    boundary = secrets.token_hex(16)
    head = f"--{boundary}\r\nContent-Disposition: form-data; name="
    fields = {**form["fields"], "Content-Type": kind}
    parts = [f'{head}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    file = f'{head}"file"; filename="photo"\r\nContent-Type: {kind}\r\n\r\n'.encode()
    body = b"".join((*parts, file, content, f"\r\n--{boundary}--\r\n".encode()))
    headers = {"Origin": origin, "Content-Type": f"multipart/form-data; boundary={boundary}"}
    status, _, answer = _send("POST", form["url"], headers, body)
    if status >= 300:
        raise CheckError(f"the bucket answered {status}: {answer[:500].decode('utf-8', 'replace')}")


def _send(method: str, url: str, headers: dict[str, str], body: bytes | None = None) -> tuple[int, Message, bytes]:
    request = urllib.request.Request(url, body, headers, method=method)  # noqa: S310 - an address of the site's own form
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:  # noqa: S310
            return answer.status, answer.headers, answer.read()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read()
