"""What the use cases need from the world. Adapters implement these; nothing here knows how."""

from __future__ import annotations

from starbid.services.ports.logs import LogFile, LogFiles, LogProgress, LogRequests, Part, UploadGone
from starbid.services.ports.outside import (
    UNLINKED_LIFE,
    Audience,
    Clock,
    Messenger,
    Notice,
    Outgoing,
    OutOfOrder,
    Pictures,
    Scheduler,
    Scratch,
    ShownCard,
    StarsGateway,
    StarTransaction,
    TryLater,
    Unreachable,
)
from starbid.services.ports.reads import Found, ReadBatch
from starbid.services.ports.store import Listing, Lots, Page, Search, Store, Units
from starbid.services.ports.unit import (
    ApiToken,
    ConditionFailed,
    Contended,
    IdempotencyRecord,
    Refusal,
    Standing,
    Unavailable,
    Unit,
)

__all__ = [
    "UNLINKED_LIFE",
    "ApiToken",
    "Audience",
    "Clock",
    "ConditionFailed",
    "Contended",
    "Found",
    "IdempotencyRecord",
    "Listing",
    "LogFile",
    "LogFiles",
    "LogProgress",
    "LogRequests",
    "Lots",
    "Messenger",
    "Notice",
    "OutOfOrder",
    "Outgoing",
    "Page",
    "Part",
    "Pictures",
    "ReadBatch",
    "Refusal",
    "Scheduler",
    "Scratch",
    "Search",
    "ShownCard",
    "Standing",
    "StarTransaction",
    "StarsGateway",
    "Store",
    "TryLater",
    "Unavailable",
    "Unit",
    "Units",
    "Unreachable",
    "UploadGone",
]
