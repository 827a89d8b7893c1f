"""Starting, stopping, and running under other settings."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.e2e.client import SECRET
from tests.e2e.town import LOT, Town, bid
from tests.support.bot_server import TOKEN
from tests.support.stack import ROOT, Stack

KEY = "the secret key of this run"


@pytest.mark.parametrize(
    ("name", "value"),
    [("FEE_PERCENT", "abc"), ("BASE_URL", "starbid.example"), ("TELEGRAM_API_BASE_URL", "localhost"), ("PORT", "high")],
)
def test_a_setting_that_cannot_be_stops_the_start_by_its_name(tmp_path: Path, name: str, value: str) -> None:
    environment = os.environ | {"DATA_DIR": str(tmp_path), "PORT": "0", "DEMO": "0", name: value}
    run = subprocess.run(
        [sys.executable, "-m", "local"],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert run.returncode == 1
    assert run.stderr.startswith(f"Cannot start: {name} must")
    assert "Traceback" not in run.stderr


@pytest.fixture
def village(tmp_path: Path) -> Town:
    """A run with settings of its own."""
    settings = {
        "FEE_PERCENT": "100",
        "SUBSCRIPTION_PRICE": "7",
        "MIN_AUCTION_SECONDS": "50",
        "MAX_STARS_PURCHASE": "20000",
        "DEAL_RELEASE_DAYS": "1",
        "SECRET_KEY": KEY,
    }
    return Town(tmp_path, **settings)


def test_a_run_under_other_settings_survives_a_sudden_end_and_tells_no_secret(village: Town) -> None:
    seller, anna = village.seller, village.anna
    assert seller.wallet() == {"available": 19_993, "held": 0}
    assert seller.calls("/auctions", LOT | {"duration_seconds": 49}).status_code == 422
    lot = village.publish(duration_seconds=50, extend_seconds=0)
    assert bid(anna, lot, 100).status_code == 201
    village.stack.advance(3600)
    clock = village.visitor().get("/_local/clock").json()["now"]
    later = village.publish(title="The later lot", duration_seconds=3600)
    assert bid(anna, later, 300).status_code == 201
    village.stack.kill()

    restarted = Stack(village.stack.data_dir, village.environment)
    try:
        village.move_to(restarted)
        assert village.visitor().get("/_local/clock").json()["now"] > clock
        assert anna.wallet() == {"available": 19_600, "held": 300}
        assert anna.lot(lot)["status"] == "sold"
        restarted.advance(120)
        times = len(village.told(seller, "New bid on “The later lot”"))
        assert times in (1, 2), "twice where the run died between Telegram's answer and its record"
        seller.posts(f"/auction/{lot}/deliver", {"text": "here"})
        restarted.advance(86_400)
        assert seller.wallet()["available"] == 19_993, "all of the price is the fee"
        assert anna.lot(later)["status"] == "sold"
        output = village.stack.log_path.read_text()
        assert not [secret for secret in (TOKEN, SECRET, KEY) if secret in output]
    finally:
        village.stop()
