"""Connections to a server that gives what it was told to, byte by byte."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from starbid.storage.wire import Connections, Unreadable

PLAIN = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Amzn-RequestId: r\r\n\r\n{}"
Play = Callable[[socket.socket], None]


@contextmanager
def server(play: Play, certificate: Path | None = None) -> Iterator[tuple[str, list[int]]]:
    """Plays with each connection in a thread of its own; the address, and a list that grows with each connection.

    With a `certificate`, which its key stands beside, it speaks TLS.
    """
    context = None
    if certificate:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate)
    listener, met = socket.create_server(("127.0.0.1", 0)), list[int]()

    def serve() -> None:
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            met.append(1)
            threading.Thread(target=_play, args=(connection,), daemon=True).start()

    def _play(connection: socket.socket) -> None:
        with closing(connection):
            if context is None:
                play(connection)
                return
            with suppress(OSError), context.wrap_socket(connection, server_side=True) as safe:
                play(safe)

    threading.Thread(target=serve, daemon=True).start()
    try:
        yield f"http{'s' if certificate else ''}://127.0.0.1:{listener.getsockname()[1]}", met
    finally:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def connections(url: str, *, seconds: float = 5, ca_file: Path | None = None) -> Connections:
    return Connections(url, connect_seconds=seconds, read_seconds=seconds, ca_file=str(ca_file) if ca_file else None)


def certificate(path: Path, name: str) -> Path:
    """One that vouches for itself, for a host of that address, with its key."""
    key, now = ec.generate_private_key(ec.SECP256R1()), datetime.now(UTC)
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "a test")])
    made = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ip_address(name))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path.write_bytes(secret + made.public_bytes(serialization.Encoding.PEM))
    return path


def asked(connection: socket.socket) -> bytes:
    """A request of these tests, whose body ends in a dot; nothing where the other side hung up."""
    got = b""
    while not got.endswith(b"."):
        part = connection.recv(4096)
        if not part:
            return b""
        got += part
    return got


def answering(*answers: bytes) -> Play:
    """One after the other, then it hangs up."""

    def play(connection: socket.socket) -> None:
        for answer in answers:
            if not asked(connection):
                return
            connection.sendall(answer)

    return play


def test_an_answer_comes_with_status_headers_and_content() -> None:
    with server(answering(PLAIN)) as (url, _):
        answer = connections(url).post("/", b"a body.", {"Host": "h", "Content-Length": "7"})
    assert (answer.status_code, answer.content) == (200, b"{}")
    assert answer.headers == {"content-length": "2", "x-amzn-requestid": "r"}


def test_what_is_sent_is_what_was_given_and_nothing_more() -> None:
    heard: list[bytes] = []

    def play(connection: socket.socket) -> None:
        heard.append(asked(connection))
        connection.sendall(PLAIN)

    with server(play) as (url, _):
        connections(url).post("/", b"a body.", {"Host": "h", "Content-Length": "7", "Accept-Encoding": "identity"})
    assert heard == [
        b"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 7\r\nAccept-Encoding: identity\r\n\r\na body.",
    ]


def test_a_connection_is_kept_for_the_next_request() -> None:
    with server(answering(PLAIN, PLAIN, PLAIN)) as (url, met):
        kept = connections(url)
        for _ in range(3):
            kept.post("/", b".", {})
    assert len(met) == 1


@pytest.mark.parametrize("last", [PLAIN, PLAIN.replace(b"\r\n\r\n", b"\r\nConnection: close\r\n\r\n")])
def test_another_is_made_where_the_server_hung_up_meanwhile(last: bytes) -> None:
    with server(answering(last)) as (url, met):
        kept = connections(url)
        for _ in range(3):
            assert kept.post("/", b".", {}).content == b"{}"
            threading.Event().wait(0.05)
    assert len(met) == 3


def test_as_many_threads_as_ask_have_connections_of_their_own_and_their_own_answers() -> None:
    def play(connection: socket.socket) -> None:
        while body := asked(connection).rpartition(b"\r\n")[2]:
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))

    with server(play) as (url, met), ThreadPoolExecutor(8) as pool:
        kept = connections(url)
        bodies = [f"{number}.".encode() for number in range(400)]
        answers = [one.content for one in pool.map(lambda body: kept.post("/", body, {}), bodies)]
    assert answers == bodies
    assert 1 <= len(met) <= 8


@pytest.mark.parametrize("strange", [
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    b"HTTP/1.1 100 Continue\r\n\r\n" + PLAIN,
    b"HTTP/1.1 200 OK\r\nContent-Length: two\r\n\r\n{}",
    b"HTTP/1.0 200 OK\r\nContent-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 OK\r\nContent-Length: 2\r\n\r\n{}",
    b"<html>\r\n",
    b"HTTP/1.1 200 OK\r\n" + b"a: b\r\n" * 101 + b"Content-Length: 2\r\n\r\n{}",
    b"HTTP/1.1 200 OK\r\na: " + b"b" * 70_000 + b"\r\nContent-Length: 2\r\n\r\n{}",
])  # fmt: skip
def test_an_answer_that_dynamodb_never_gives_is_unreadable_and_its_connection_is_not_used_again(strange: bytes) -> None:
    with server(answering(strange, PLAIN)) as (url, met):
        kept = connections(url)
        for _ in range(2):
            with pytest.raises(Unreadable):
                kept.post("/", b".", {})
    assert len(met) == 2


@pytest.mark.parametrize("part", [b"", b"HTTP/1.1 2", PLAIN[:30], PLAIN[:-1]])
def test_an_answer_that_ends_half_way_is_a_lost_connection(part: bytes) -> None:
    with server(answering(part)) as (url, _), pytest.raises(ConnectionError):
        connections(url).post("/", b".", {})


def test_a_server_that_says_nothing_is_not_waited_for_longer_than_told() -> None:
    silent = threading.Event()

    def play(_: socket.socket) -> None:
        silent.wait(30)

    with server(play) as (url, met):
        kept = connections(url, seconds=0.1)
        for _ in range(2):
            with pytest.raises(TimeoutError):
                kept.post("/", b".", {})
        silent.set()
    assert len(met) == 2


@pytest.mark.parametrize("value", ["a\r\nX-Other: b", "a\nb", "a\rb"])
def test_a_header_that_would_be_two_is_not_sent(value: str) -> None:
    with server(answering(PLAIN)) as (url, met), pytest.raises(ValueError, match="line break"):
        connections(url).post("/", b".", {"X-Amz-Security-Token": value})
    assert met == []


def test_nobody_at_the_address_is_an_error_at_once() -> None:
    with server(answering()) as (url, _):
        pass
    with pytest.raises(ConnectionError):
        connections(url).post("/", b".", {})


# --- TLS --------------------------------------------------------------------------------------------------------------


def test_over_tls_a_server_that_is_known_is_asked_and_its_connection_kept(tmp_path: Path) -> None:
    known = certificate(tmp_path / "known.pem", "127.0.0.1")
    with server(answering(PLAIN, PLAIN), known) as (url, met):
        kept = connections(url, ca_file=known)
        for _ in range(2):
            assert kept.post("/", b".", {}).content == b"{}"
    assert len(met) == 1


def test_over_tls_a_server_that_nobody_vouches_for_is_sent_nothing(tmp_path: Path) -> None:
    heard: list[bytes] = []
    own, others = certificate(tmp_path / "own.pem", "127.0.0.1"), certificate(tmp_path / "others.pem", "127.0.0.1")
    with server(lambda connection: heard.append(asked(connection)), own) as (url, _), pytest.raises(ssl.SSLError):
        connections(url, ca_file=others).post("/", b".", {})
    assert heard in ([], [b""])


def test_over_tls_a_certificate_of_another_host_is_refused(tmp_path: Path) -> None:
    others = certificate(tmp_path / "others.pem", "127.0.0.2")
    with server(answering(PLAIN), others) as (url, _), pytest.raises(ssl.SSLCertVerificationError):
        connections(url, ca_file=others).post("/", b".", {})
