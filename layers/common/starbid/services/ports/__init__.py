"""What the use cases need from the world. Adapters implement these; nothing here knows how."""

from __future__ import annotations

from starbid.services.ports.gateways import PaymentGateway, StarsAccount, StarsGateway, StarTransaction
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
    TryLater,
    Unreachable,
)
from starbid.services.ports.store import Listing, Page, Search, Store
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
    "IdempotencyRecord",
    "Listing",
    "LogFile",
    "LogFiles",
    "LogProgress",
    "LogRequests",
    "Messenger",
    "Notice",
    "OutOfOrder",
    "Outgoing",
    "Page",
    "Part",
    "PaymentGateway",
    "Pictures",
    "Refusal",
    "Scheduler",
    "Scratch",
    "Search",
    "ShownCard",
    "Standing",
    "StarTransaction",
    "StarsAccount",
    "StarsGateway",
    "Store",
    "TryLater",
    "Unavailable",
    "Unit",
    "Unreachable",
    "UploadGone",
]
