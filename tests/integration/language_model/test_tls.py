"""The same over TLS: most models are asked so."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from starbid.services.ports.language_model import Ailment
from tests.integration.language_model.conftest import LONG, PROMPT, SHORT, Place, hear
from tests.integration.language_model.test_time import chunk_in_drips, head_in_drips
from tests.support.certificates import certificate
from tests.support.model_answers import held, openai, streamed
from tests.support.model_server import Line, ModelServer

WORDS = ("Half", " past", " two")


@pytest.fixture
def safe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    """A server whose certificate the machine trusts."""
    own = certificate(tmp_path / "own.pem", "127.0.0.1")
    monkeypatch.setenv("SSL_CERT_FILE", str(own))
    server = ModelServer(own)
    yield Place(server)
    server.stop()


def test_answers_come_over_one_connection(safe: Place) -> None:
    model = safe.model()
    safe.server.plays(streamed(openai(*WORDS)))
    assert [hear(model).pieces for _ in range(3)] == [WORDS] * 3
    assert safe.server.connections == 1


@pytest.mark.parametrize("play", [Line.hold, held(openai(*WORDS)[:3]), head_in_drips, chunk_in_drips])
def test_nobody_is_waited_for_longer_than_told(safe: Place, play: object) -> None:
    safe.server.plays(play)  # type: ignore[arg-type]
    assert hear(safe.model(), seconds=3 * SHORT).wrong.ailment is Ailment.SLOW
    assert safe.server.left.wait(LONG)


def test_who_leaves_stops_the_model(safe: Place) -> None:
    safe.server.plays(held(openai(*WORDS)[:3]))
    with safe.model().write(PROMPT, LONG) as written:
        next(written)
    assert safe.server.left.wait(LONG)


def test_one_that_nobody_vouches_for_is_told_nothing(safe: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SSL_CERT_FILE")
    safe.server.plays(streamed(openai(*WORDS)))
    trouble = hear(safe.model()).wrong
    assert (trouble.ailment, trouble.said) == (Ailment.BROKEN, "half an answer, or none (SSLError)")
    assert safe.server.seen == []
