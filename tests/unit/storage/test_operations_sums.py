"""The command of docs/operations.md that tells an operator whose the Stars are adds up what the ledger's rows say."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from starbid.storage.codec import encode
from starbid.storage.rows import transfer_item
from tests.support.factories import ANNA, SELLER, market, put_up

GUIDE = Path(__file__).resolve().parents[3] / "docs/operations.md"


def command() -> str:
    """The program between the quotes of its `python3 -c`."""
    part = GUIDE.read_text().split("### What to keep in the bot's balance")[1]
    return part.split("python3 -c '")[1].split("'\n```")[0]


def test_wallets_escrow_and_revenue_are_told_apart_and_add_up(tmp_path: Path) -> None:
    app, _ = market(ANNA)
    sold = put_up(app, buy_now_price=500).auction.id
    app.bidding.buy(sold, ANNA, 500, app.now())
    transfers = app.store.tables.transfers.values()
    rows = [encode(transfer_item(transfer))["entries"] for transfer in transfers if transfer.currency == "XTR"]
    (tmp_path / "entries.json").write_text(json.dumps(rows))
    done = subprocess.run([sys.executable, "-c", command()], cwd=tmp_path, capture_output=True, text=True, check=True)
    sums = {account: int(stars) for stars, account in (line.split() for line in done.stdout.splitlines())}
    wallets = [app.store.wallet(person, "XTR") for person in (ANNA, SELLER)]
    assert sums["platform:escrow"] == 500
    assert sums["user"] == sum(wallet.available.amount + wallet.held.amount for wallet in wallets)
    assert sum(sums.values()) == 0
    assert "source:stars" in sums
