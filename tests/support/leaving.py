"""What somebody gives up who leaves."""

from __future__ import annotations

from starbid.bootstrap import App


def purse(app: App, user_id: int) -> dict[str, int]:
    """All that is in their wallets, minor units by currency."""
    return {wallet.currency: wallet.available.amount for wallet in app.store.wallets(user_id) if wallet.available}
