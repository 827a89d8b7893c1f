"""A picture on its way into a bucket, as a page's script has a browser send it."""

import io
import secrets
import urllib.error
import urllib.request
from collections.abc import Mapping
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
    """Whether the bucket lets a browser send a file from a page of this origin: the question that it asks first."""
    asking = {"Origin": origin, "Access-Control-Request-Method": "POST"}
    try:
        with urllib.request.urlopen(_request("OPTIONS", url, asking), timeout=SECONDS) as answer:
            return answer.headers.get("Access-Control-Allow-Origin") in (origin, "*")
    except urllib.error.HTTPError:
        return False


def post(form: Mapping[str, Any], content: bytes, kind: str, origin: str) -> None:
    """Send a file by a presigned form; raises CheckError with the bucket's words where it is refused."""
    boundary = secrets.token_hex(16)
    head = f"--{boundary}\r\nContent-Disposition: form-data; name="
    fields = {**form["fields"], "Content-Type": kind}
    parts = [f'{head}"{name}"\r\n\r\n{value}\r\n'.encode() for name, value in fields.items()]
    file = f'{head}"file"; filename="photo"\r\nContent-Type: {kind}\r\n\r\n'.encode()
    body = b"".join((*parts, file, content, f"\r\n--{boundary}--\r\n".encode()))
    headers = {"Origin": origin, "Content-Type": f"multipart/form-data; boundary={boundary}"}
    try:
        with urllib.request.urlopen(_request("POST", form["url"], headers, body), timeout=SECONDS):
            pass
    except urllib.error.HTTPError as error:
        raise CheckError(
            f"the bucket answered {error.code}: {error.read()[:500].decode('utf-8', 'replace')}"
        ) from error


def _request(method: str, url: str, headers: Mapping[str, str], body: bytes | None = None) -> urllib.request.Request:
    if not url.startswith(("http://", "https://")):
        raise CheckError(f"{url} is no address of a bucket")
    return urllib.request.Request(url, body, dict(headers), method=method)  # noqa: S310 - looked at above
