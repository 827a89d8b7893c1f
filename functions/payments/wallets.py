"""The stream of wallets: of those that owe, or have just ceased to."""

from __future__ import annotations

from payments.log import SERVICE
from starbid import observability
from starbid.bootstrap import app
from starbid.storage.stream_records import Record, key_of, sequence_number


def follow(records: list[Record]) -> dict[str, list[dict[str, str]]]:
    """Answers the first record that failed: it comes again, with those after it."""
    for record in records:
        wallet = key_of(record)
        try:
            app().payouts.bring_back(wallet["user_id"], wallet["currency"], app().now())
            app().freezing.follow(wallet["user_id"], wallet["currency"], app().now())
        except Exception:
            observability.failed(SERVICE, "a debt could not be followed; it comes again")
            return {"batchItemFailures": [{"itemIdentifier": sequence_number(record)}]}
    return {"batchItemFailures": []}
