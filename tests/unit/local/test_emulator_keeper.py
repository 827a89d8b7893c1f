"""What cannot be kept is not confirmed."""

from __future__ import annotations

import errno
import os

import pytest

from local import emulator_keeper


def test_a_full_disk_ends_the_emulator_with_words(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def ended(status: int) -> None:
        raise SystemExit(status)

    monkeypatch.setattr(os, "_exit", ended)
    with pytest.raises(SystemExit), emulator_keeper._ending_where_disk_fails():
        raise OSError(errno.ENOSPC, "No space left on device")
    assert "No space left on device" in capsys.readouterr().err
