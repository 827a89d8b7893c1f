"""Connections to a server that gives what it was told to, byte by byte."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import pytest
from urllib3.exceptions import NewConnectionError, ProtocolError, ReadTimeoutError, SSLError

from starbid.connections import LONGEST_IDLE, KeptConnections
from tests.support.certificates import certificate

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


@dataclass(frozen=True)
class Kept:
    """KeptConnections to one address."""

    url: str
    manager: KeptConnections

    def post(self, body: bytes = b".") -> bytes:
        return self.manager.request("POST", f"{self.url}/", body=body).data


def kept(url: str, *, seconds: float = 5, ca_file: Path | None = None) -> Kept:
    authority = str(ca_file) if ca_file else None
    return Kept(url, KeptConnections(size=8, connect_seconds=seconds, read_seconds=seconds, ca_file=authority))


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


def echo(connection: socket.socket) -> None:
    """Answers each request with its own body."""
    while body := asked(connection).rpartition(b"\r\n")[2]:
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\n\r\n%b" % (len(body), body))


def test_a_connection_is_kept_for_the_next_request() -> None:
    with server(echo) as (url, met):
        one = kept(url)
        assert [one.post(b"a."), one.post(b"b."), one.post(b"c.")] == [b"a.", b"b.", b"c."]
    assert len(met) == 1


def test_one_that_was_idle_for_longer_than_half_a_minute_is_not_used_again(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [1_000.0]
    monkeypatch.setattr("time.time", lambda: now[0])
    with server(echo) as (url, met):
        one = kept(url)
        for passes in (0, LONGEST_IDLE, LONGEST_IDLE, LONGEST_IDLE + 1, LONGEST_IDLE, LONGEST_IDLE + 1):
            now[0] += passes
            assert one.post() == b"."
    assert len(met) == 3


def test_each_connection_has_its_own_rest(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that is used all the time keeps no other alive."""
    now, both = [1_000.0], threading.Barrier(2)

    def play(connection: socket.socket) -> None:
        while body := asked(connection):
            if body.endswith(b"both."):
                both.wait(60)  # two requests at once have a connection each
            connection.sendall(PLAIN)

    monkeypatch.setattr("time.time", lambda: now[0])
    with server(play) as (url, met), ThreadPoolExecutor(2) as pool:
        one = kept(url)
        list(pool.map(one.post, [b"both.", b"both."]))
        for _ in range(4):
            now[0] += 10
            one.post()
        list(pool.map(one.post, [b"both.", b"both."]))
    assert len(met) == 3


def test_another_is_made_where_the_server_hung_up_meanwhile() -> None:
    hung_up = threading.Semaphore(0)

    def play(connection: socket.socket) -> None:
        answering(PLAIN)(connection)
        connection.shutdown(socket.SHUT_RDWR)
        hung_up.release()

    with server(play) as (url, met):
        one = kept(url)
        for _ in range(3):
            assert one.post() == b"{}"
            assert hung_up.acquire(timeout=60)
    assert len(met) == 3


def test_as_many_threads_as_ask_have_their_own_answers() -> None:
    with server(echo) as (url, met), ThreadPoolExecutor(8) as pool:
        one = kept(url)
        bodies = [f"{number}.".encode() for number in range(400)]
        assert list(pool.map(one.post, bodies)) == bodies
    assert 1 <= len(met) <= 8


@pytest.mark.parametrize("part", [b"", b"HTTP/1.1 2", PLAIN[:-1]])
def test_an_answer_that_ends_half_way_is_an_error_and_not_asked_for_again(part: bytes) -> None:
    with server(answering(part)) as (url, met), pytest.raises(ProtocolError):
        kept(url).post()
    assert len(met) == 1


def test_a_server_that_says_nothing_is_not_waited_for_longer_than_told() -> None:
    silent = threading.Event()

    def say_nothing(_: socket.socket) -> None:
        silent.wait(30)

    with server(say_nothing) as (url, met):
        one = kept(url, seconds=0.1)
        for _ in range(2):
            with pytest.raises(ReadTimeoutError):
                one.post()
        silent.set()
    assert len(met) == 2


def test_nobody_at_the_address_is_an_error_at_once() -> None:
    with server(answering()) as (url, _):
        pass
    with pytest.raises(NewConnectionError):
        kept(url).post()


# --- TLS --------------------------------------------------------------------------------------------------------------


def test_over_tls_a_server_that_is_known_is_asked_and_its_connection_kept(tmp_path: Path) -> None:
    known = certificate(tmp_path / "known.pem", "127.0.0.1")
    with server(echo, known) as (url, met):
        one = kept(url, ca_file=known)
        assert [one.post(), one.post()] == [b".", b"."]
    assert len(met) == 1


@pytest.mark.parametrize("is_given_another", [True, False])
def test_over_tls_a_server_that_nobody_vouches_for_is_sent_nothing(tmp_path: Path, is_given_another: bool) -> None:
    heard: list[bytes] = []
    own, others = certificate(tmp_path / "own.pem", "127.0.0.1"), certificate(tmp_path / "others.pem", "127.0.0.1")
    with server(lambda connection: heard.append(asked(connection)), own) as (url, _), pytest.raises(SSLError):
        kept(url, ca_file=others if is_given_another else None).post()
    assert heard in ([], [b""])


def test_over_tls_a_certificate_of_another_host_is_refused(tmp_path: Path) -> None:
    others = certificate(tmp_path / "others.pem", "127.0.0.2")
    with server(echo, others) as (url, _), pytest.raises(SSLError, match=r"doesn't match|mismatch"):
        kept(url, ca_file=others).post()
