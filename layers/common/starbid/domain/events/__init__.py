"""What happened, in the past tense. Kept in the transaction of what they tell (outbox); told afterwards.

Bids have no event here: the row of a bid is its own event. `id` is unique per happening, so that it is told once.
"""

from __future__ import annotations

from typing import get_args

from starbid.domain.events.achievements import AchievementsEarned
from starbid.domain.events.assistant import (
    ConsentChanged,
    CreditsBought,
    CreditsChanged,
    CreditsWithdrawn,
    QuestionAnswered,
    QuestionFailed,
    TrialPaid,
    TrialStarted,
)
from starbid.domain.events.base import (
    DealEvent,
    Event,
    LotEvent,
    PersonEvent,
)
from starbid.domain.events.deals import (
    AddressGiven,
    DealFroze,
    DealReminded,
    DealThawed,
    DisputeAnswered,
    DisputeWithdrawn,
    LotDelivered,
    LotDisputed,
    LotRated,
    MoneyReleased,
    MoneyReturned,
    RatingsShown,
)
from starbid.domain.events.lots import (
    LotBegan,
    LotCancelled,
    LotEndingSoon,
    LotPublished,
    LotSold,
    LotUnsold,
    SecondChanceDeclined,
    SecondChanceExpired,
    SecondChanceOffered,
)
from starbid.domain.events.money import (
    BillDiffers,
    BillEnded,
    BillPuzzling,
    BillReturned,
    DebtOffset,
    LedgerDiffers,
    PaymentCredited,
    PaymentRefunded,
    PayoutApproved,
    PayoutEvent,
    PayoutPaid,
    PayoutRefused,
    PayoutRequested,
    PayoutReturned,
    ProviderTroubled,
    RefundFailed,
    RefundRefused,
    RefundRequested,
    RenewalChanged,
    SubscriptionEnded,
    SubscriptionEnding,
    SubscriptionShortened,
    SubscriptionStarted,
)
from starbid.domain.events.people import (
    AccountDeleted,
    BrowserAdded,
    EmailStopped,
    LeavingAsked,
    LeavingPutOff,
    LeavingTakenBack,
    OperatorWrote,
    WhyStopped,
)
from starbid.domain.events.reports import (
    LotHidden,
    LotMoved,
    LotReported,
    LotReportsSettled,
    LotShown,
)
from starbid.domain.events.talks import TalkMessaged, TalkReported
from starbid.domain.events.tickets import (
    TicketAnswered,
    TicketClosed,
    TicketEvent,
    TicketMessaged,
    TicketOpened,
    TicketReopened,
)
from starbid.domain.events.visits import LoggedIn, RequestFailed

AnyEvent = (
    LotPublished
    | LotSold
    | LotUnsold
    | LotCancelled
    | LotBegan
    | LotEndingSoon
    | LotDelivered
    | AddressGiven
    | DealReminded
    | MoneyReleased
    | MoneyReturned
    | LotDisputed
    | DisputeAnswered
    | DisputeWithdrawn
    | DealFroze
    | DealThawed
    | LotRated
    | RatingsShown
    | SecondChanceOffered
    | SecondChanceDeclined
    | SecondChanceExpired
    | PaymentCredited
    | BillEnded
    | BillPuzzling
    | BillDiffers
    | BillReturned
    | ProviderTroubled
    | LedgerDiffers
    | PayoutRequested
    | PayoutApproved
    | PayoutPaid
    | PayoutRefused
    | PayoutReturned
    | PaymentRefunded
    | RefundRequested
    | RefundRefused
    | RefundFailed
    | DebtOffset
    | SubscriptionStarted
    | SubscriptionEnded
    | SubscriptionEnding
    | SubscriptionShortened
    | RenewalChanged
    | TicketOpened
    | TicketMessaged
    | TicketAnswered
    | TicketClosed
    | TicketReopened
    | TalkMessaged
    | TalkReported
    | LotHidden
    | LotMoved
    | LotReported
    | LotReportsSettled
    | LotShown
    | LoggedIn
    | RequestFailed
    | OperatorWrote
    | EmailStopped
    | BrowserAdded
    | LeavingAsked
    | LeavingTakenBack
    | LeavingPutOff
    | AccountDeleted
    | QuestionAnswered
    | QuestionFailed
    | TrialStarted
    | TrialPaid
    | CreditsBought
    | CreditsChanged
    | CreditsWithdrawn
    | ConsentChanged
    | AchievementsEarned
)
EVENTS: dict[str, type[AnyEvent]] = {kind.__name__: kind for kind in get_args(AnyEvent)}

__all__ = [
    "EVENTS",
    "AccountDeleted",
    "AchievementsEarned",
    "AddressGiven",
    "AnyEvent",
    "BillDiffers",
    "BillEnded",
    "BillPuzzling",
    "BillReturned",
    "BrowserAdded",
    "ConsentChanged",
    "CreditsBought",
    "CreditsChanged",
    "CreditsWithdrawn",
    "DealEvent",
    "DealFroze",
    "DealReminded",
    "DealThawed",
    "DebtOffset",
    "DisputeAnswered",
    "DisputeWithdrawn",
    "EmailStopped",
    "Event",
    "LeavingAsked",
    "LeavingPutOff",
    "LeavingTakenBack",
    "LedgerDiffers",
    "LoggedIn",
    "LotBegan",
    "LotCancelled",
    "LotDelivered",
    "LotDisputed",
    "LotEndingSoon",
    "LotEvent",
    "LotHidden",
    "LotMoved",
    "LotPublished",
    "LotRated",
    "LotReported",
    "LotReportsSettled",
    "LotShown",
    "LotSold",
    "LotUnsold",
    "MoneyReleased",
    "MoneyReturned",
    "OperatorWrote",
    "PaymentCredited",
    "PaymentRefunded",
    "PayoutApproved",
    "PayoutEvent",
    "PayoutPaid",
    "PayoutRefused",
    "PayoutRequested",
    "PayoutReturned",
    "PersonEvent",
    "ProviderTroubled",
    "QuestionAnswered",
    "QuestionFailed",
    "RatingsShown",
    "RefundFailed",
    "RefundRefused",
    "RefundRequested",
    "RenewalChanged",
    "RequestFailed",
    "SecondChanceDeclined",
    "SecondChanceExpired",
    "SecondChanceOffered",
    "SubscriptionEnded",
    "SubscriptionEnding",
    "SubscriptionShortened",
    "SubscriptionStarted",
    "TalkMessaged",
    "TalkReported",
    "TicketAnswered",
    "TicketClosed",
    "TicketEvent",
    "TicketMessaged",
    "TicketOpened",
    "TicketReopened",
    "TrialPaid",
    "TrialStarted",
    "WhyStopped",
]
