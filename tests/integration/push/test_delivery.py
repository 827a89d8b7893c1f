"""One message to a push service on a real socket, which may be as hostile as it likes."""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

from starbid.further.push.delivery import Answer, Outcome, PushLine
from starbid.further.push.guard import Target
from tests.support.certificates import certificate

NOW = datetime(2026, 12, 1, 12, tzinfo=UTC)
HOST = "push.example.net"
Play = Callable[[socket.socket], None]
Contexts = Callable[[str], tuple[ssl.SSLContext, ssl.SSLContext]]


def _says(answer: bytes) -> Play:
    def play(connection: socket.socket) -> None:
        _heard(connection)
        connection.sendall(answer)

    return play


def _silent(connection: socket.socket) -> None:
    """Until the other side is gone."""
    while connection.recv(4096):
        pass


def _heard(connection: socket.socket) -> bytes:
    """A request of which the body is five bytes."""
    heard = b""
    while not heard.partition(b"\r\n\r\n")[2].startswith(b"hello"):
        heard += connection.recv(4096)
    return heard


@contextmanager
def _service(play: Play, tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """A server for one connection after the other, on its port."""
    listener = socket.create_server(("127.0.0.1", 0))
    over = threading.Event()

    def serve() -> None:
        while not over.is_set():
            try:
                connection, _ = listener.accept()
                with connection if tls is None else tls.wrap_socket(connection, server_side=True) as spoken:
                    play(spoken)
            except OSError:
                continue

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        over.set()
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def _post(port: int, seconds: float = 5.0, target: Target | None = None, tls: ssl.SSLContext | None = None) -> Answer:
    plain = Target("127.0.0.1", "127.0.0.1", port, is_safe=False, origin="", path="/to/abc?x=1")
    return PushLine(seconds=seconds, tls=tls).post(target or plain, b"hello", {"TTL": "60"}, NOW)


def test_a_message_arrives_with_its_headers_and_its_body() -> None:
    seen: list[bytes] = []

    def play(connection: socket.socket) -> None:
        seen.append(_heard(connection))
        connection.sendall(
            b"HTTP/1.1 201 Created\r\nLocation: https://elsewhere.example.net/1\r\nContent-Length: 0\r\n\r\n"
        )

    with _service(play) as port:
        assert _post(port).outcome is Outcome.TAKEN
    head = seen[0].partition(b"\r\n\r\n")[0].decode().split("\r\n")
    assert head[0] == "POST /to/abc?x=1 HTTP/1.1"
    assert {"TTL: 60", "Content-Length: 5", f"Host: 127.0.0.1:{port}"} <= set(head)


@pytest.mark.parametrize(
    ("answer", "outcome", "seconds"),
    [
        (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", Outcome.GONE, 0),
        (b"HTTP/1.1 410 Gone\r\nContent-Length: 0\r\n\r\n", Outcome.GONE, 0),
        (b"HTTP/1.1 413 Too Large\r\nContent-Length: 0\r\n\r\n", Outcome.REFUSED, 0),
        (b"HTTP/1.1 429 Too Many\r\nRetry-After: 77\r\nContent-Length: 0\r\n\r\n", Outcome.LATER, 77),
        (b"HTTP/1.1 503 Busy\r\nRetry-After: Tue, 01 Dec 2026 12:02:00 GMT\r\n\r\n", Outcome.LATER, 120),
        (b"HTTP/1.1 500 Oh\r\n\r\n", Outcome.LATER, 30),
        (b"HTTP/1.1 400 No\r\n\r\nbad", Outcome.REFUSED, 0),
        (b"no HTTP at all\r\n\r\n", Outcome.LATER, 30),
        (b"", Outcome.LATER, 30),
    ],
)
def test_what_the_service_answers_is_understood(answer: bytes, outcome: Outcome, seconds: int) -> None:
    with _service(_says(answer)) as port:
        found = _post(port)
    assert (found.outcome, found.seconds) == (outcome, seconds)


def test_no_redirect_is_followed() -> None:
    asked: list[str] = []

    with _service(lambda connection: asked.append("followed")) as inner:
        moved = f"HTTP/1.1 307 Moved\r\nLocation: http://127.0.0.1:{inner}/\r\nContent-Length: 0\r\n\r\n".encode()
        with _service(_says(moved)) as port:
            assert _post(port).outcome is Outcome.REFUSED
    assert not asked


def _drips(begun: bytes, piece: bytes) -> Play:
    def play(connection: socket.socket) -> None:
        _heard(connection)
        connection.sendall(begun)
        while True:
            connection.sendall(piece)
            time.sleep(0.02)

    return play


@pytest.mark.parametrize(
    "play",
    [_silent, _drips(b"", b"H"), _drips(b"HTTP/1.1 503 ", b"B")],
    ids=["silent", "letter by letter", "a line without end"],
)
def test_a_service_that_takes_all_the_time_is_given_up_when_its_time_is_over(play: Play) -> None:
    with _service(play) as port:
        found = _post(port, seconds=0.4)
    assert found.outcome is Outcome.LATER


def test_a_handshake_that_never_ends_is_given_up_too(safe: Contexts) -> None:
    _, client = safe(HOST)
    with _service(_silent) as port:
        target = Target("127.0.0.1", HOST, port, is_safe=True, origin=f"https://{HOST}", path="/a")
        assert _post(port, seconds=0.4, target=target, tls=client).said == "no answer in time"


def test_an_endless_answer_is_not_read_to_its_end() -> None:
    def play(connection: socket.socket) -> None:
        _heard(connection)
        connection.sendall(b"HTTP/1.1 201 Created\r\n\r\n")
        while True:
            connection.sendall(b"x" * 65_536)

    with _service(play) as port:
        assert _post(port).outcome is Outcome.TAKEN


def test_nobody_there_is_tried_later() -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    assert _post(port).outcome is Outcome.LATER


@pytest.fixture
def safe(tmp_path: Path) -> Contexts:
    """A server's context with the certificate of a name, and a client's that trusts it."""

    def made(name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
        path = certificate(tmp_path / f"{name}.pem", name)
        server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        server.load_cert_chain(path)
        return server, ssl.create_default_context(cafile=str(path))

    return made


def test_the_connection_goes_to_the_checked_address_and_the_certificate_is_that_of_the_name(safe: Contexts) -> None:
    server, client = safe(HOST)
    with _service(_says(b"HTTP/1.1 201 Created\r\n\r\n"), server) as port:
        target = Target("127.0.0.1", HOST, port, is_safe=True, origin=f"https://{HOST}", path="/a")
        assert _post(port, target=target, tls=client).outcome is Outcome.TAKEN


def test_a_machine_that_has_the_certificate_of_another_name_gets_nothing(safe: Contexts) -> None:
    server, client = safe("other.example.net")
    heard: list[bytes] = []
    with _service(lambda connection: heard.append(connection.recv(10)), server) as port:
        target = Target("127.0.0.1", HOST, port, is_safe=True, origin=f"https://{HOST}", path="/a")
        assert _post(port, target=target, tls=client).outcome is Outcome.LATER
    assert not any(heard)


def test_a_name_that_leads_to_a_private_address_is_no_browser_any_more() -> None:
    for found in (["127.0.0.1"], ["142.250.74.106", "169.254.169.254"]):
        answer = PushLine(lookup=_finds(found)).target(f"https://{HOST}/a")
        assert isinstance(answer, Answer)
        assert answer.outcome is Outcome.GONE


def _finds(addresses: list[str]) -> Callable[[str], list[str]]:
    return lambda host: addresses


def test_a_name_that_cannot_be_looked_up_is_tried_later() -> None:
    def lookup(host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    answer = PushLine(lookup=lookup).target(f"https://{HOST}/a")
    assert isinstance(answer, Answer)
    assert answer.outcome is Outcome.LATER
