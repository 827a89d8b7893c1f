"""The event log: from what the streams tell to its entries. Importing it registers every event."""

from starbid.services.recording import assistant, deals, lots, money, people, reports, talks, tickets, visits
from starbid.services.recording.keeping import Recorded, Recording
from starbid.services.recording.registry import LOGGED, NAMES, LotFacts, needs_lot, of_event
from starbid.services.recording.rows import Reach, of_audit, of_bid, of_heard, of_reach, of_registration, of_transfer

__all__ = [
    "LOGGED", "NAMES", "LotFacts", "Reach", "Recorded", "Recording", "assistant", "deals", "lots", "money", "needs_lot",
    "of_audit", "of_bid", "of_event", "of_heard", "of_reach", "of_registration", "of_transfer", "people",
    "reports", "talks", "tickets", "visits",
]  # fmt: skip
