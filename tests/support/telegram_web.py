"""Telegram's web client for tests: a page of web.telegram.org with the Mini App in a frame, over https, as its cookies
need. One server answers for web.telegram.org, telegram.org and the site, whose requests go to a run of ours.
"""

from __future__ import annotations

import http.client
import ssl
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from .patient_server import PatientServer

SITE = "starbid.example"
SITE_URL = f"https://{SITE}"
TELEGRAM = "https://web.telegram.org"
HOSTS = (SITE, "web.telegram.org", "telegram.org")
SCRIPT = Path(__file__).with_name("telegram_web_app.js")
FRAMED = "SameSite=None; Partitioned"
SHELL = b"""<!doctype html><title>Telegram</title><style>body{margin:0}iframe{border:0;width:100vw;height:100vh}</style>
<iframe name="app" sandbox="allow-scripts allow-same-origin allow-popups allow-forms allow-modals"></iframe>
<script>
const calls = [];
addEventListener("message", (event) => calls.push([event.data.call, ...event.data.values]));
document.querySelector("iframe").src = decodeURIComponent(location.hash.slice(1));
</script>"""
"""The frame's address is in the fragment."""
_HOP = {"connection", "transfer-encoding", "content-length", "keep-alive", "date", "server"}


class TelegramWeb:
    """`asked` are the requests that reached the site, as `(method, path)`; `sent_on` are the targets of its redirects.

    `attributes`, if set, replace `FRAMED` in cookies for a frame, so that browsers refuse them.
    """

    def __init__(self, directory: Path, site_url: str) -> None:
        self.site = urlsplit(site_url)
        self.asked: list[tuple[str, str]] = []
        self.sent_on: list[str] = []
        self.attributes: str | None = None
        self._server = PatientServer(("127.0.0.1", 0), _handler(self))
        # A browser that connects ahead keeps nobody waiting: each handshake is made by the thread of its connection.
        self._server.socket = _tls(directory).wrap_socket(
            self._server.socket, server_side=True, do_handshake_on_connect=False
        )
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    @property
    def flags(self) -> list[str]:
        """Chromium's options to find this server under all of its names."""
        address = f"127.0.0.1:{self._server.server_address[1]}"
        return ["--no-proxy-server", "--host-resolver-rules=" + ",".join(f"MAP {host} {address}" for host in HOSTS)]

    def count(self, method: str, path: str) -> int:
        return self.asked.count((method, path))

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(web: TelegramWeb) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def answer(self) -> None:
            host = self.headers.get("host", "")
            if host == SITE:
                self._pass_on()
            elif host == "web.telegram.org":
                self._say("text/html", SHELL)
            elif self.path.startswith("/js/telegram-web-app.js"):
                self._say("text/javascript", SCRIPT.read_bytes())
            else:
                self._say("text/javascript", b"")

        do_GET = do_POST = answer  # noqa: N815

        def _pass_on(self) -> None:
            web.asked.append((self.command, urlsplit(self.path).path))
            body = self.rfile.read(int(self.headers.get("content-length") or 0))
            connection = http.client.HTTPConnection(web.site.hostname or "", web.site.port, timeout=60)
            headers = {name: value for name, value in self.headers.items() if name.lower() not in _HOP}
            connection.request(self.command, self.path, body or None, headers | {"Host": web.site.netloc})
            answer = connection.getresponse()
            data = answer.read()
            web.sent_on += [value for name, value in answer.getheaders() if name.lower() == "location"]
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in _HOP:
                    self.send_header(name, value if web.attributes is None else value.replace(FRAMED, web.attributes))
            self._end(data if answer.status != 304 else None)
            connection.close()

        def _say(self, kind: str, data: bytes) -> None:
            self.send_response(200)
            self.send_header("Content-Type", kind)
            self._end(data)

        def _end(self, data: bytes | None) -> None:
            if data is not None:
                self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            if data:
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            pass

    return Handler


def _tls(directory: Path) -> ssl.SSLContext:
    """A certificate for all the names, valid today; browsers are told to accept any."""
    key = ec.generate_private_key(ec.SECP256R1())
    name, now = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, SITE)]), datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(host) for host in HOSTS]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    file = directory / "telegram-web.pem"
    file.write_bytes(secret + certificate.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
