"""What operators do, in words: the names in the audit log."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.i18n import Language


def names_of_actions(words: Language) -> Mapping[str, str]:
    """By the action of an entry. One that is not here is shown as it is."""
    _ = words._
    return {
        "block-person": _("Blocked a person"),
        "unblock-person": _("Unblocked a person"),
        "restrict-person": _("Restricted a person"),
        "adjust-balance": _("Changed a balance"),
        "change-credits": _("Changed answers of the AI helper"),
        "grant-credits": _("Granted a paid pack of answers"),
        "write-to-person": _("Sent a message"),
        "grant-role": _("Changed a role"),
        "note-on-person": _("Wrote a note"),
        "cancel-lot": _("Cancelled a lot"),
        "hide-lot": _("Hid a lot"),
        "show-lot": _("Listed a lot again"),
        "move-lot": _("Moved a lot"),
        "settle-reports": _("Settled reports"),
        "dismiss-reports": _("Dismissed reports"),
        "settle-dispute": _("Settled a dispute"),
        "read-messages": _("Read messages of a deal"),
        "read-files": _("Fetched files of a deal"),
        "refund-charge": _("Refunded a payment"),
        "approve-refund": _("Approved a refund"),
        "refuse-refund": _("Refused a refund"),
        "ask-provider": _("Asked a provider about a bill"),
        "credit-bill": _("Credited a bill"),
        "return-bill": _("Marked a bill as returned"),
        "charge-back": _("Booked a payment as taken back"),
        "approve-payout": _("Approved a payout"),
        "begin-payout": _("Began to pay a payout"),
        "pay-payout": _("Marked a payout as paid"),
        "refuse-payout": _("Refused a payout"),
        "explain-difference": _("Explained a difference"),
        "settle-difference": _("Had a difference booked"),
        "compare-now": _("Had the books compared"),
        "answer-ticket": _("Answered a ticket"),
        "close-ticket": _("Closed a ticket"),
        "reopen-ticket": _("Reopened a ticket"),
        "take-ticket": _("Took a ticket"),
        "drop-ticket": _("Gave a ticket back"),
        "keep-canned-answer": _("Saved a canned answer"),
        "drop-canned-answer": _("Deleted a canned answer"),
        "pause": _("Began a pause"),
        "resume": _("Ended a pause"),
        "write-broadcast": _("Wrote a broadcast"),
        "start-broadcast": _("Started a broadcast"),
        "stop-broadcast": _("Stopped a broadcast"),
        "collect-letters": _("Fetched dead letters"),
        "resend-letter": _("Sent a dead letter again"),
        "drop-letter": _("Dropped a dead letter"),
        "remake-figures": _("Had figures made again"),
        "export": _("Exported data"),
        "cancel-export": _("Cancelled an export"),
        "retry-export": _("Tried an export again"),
    }
