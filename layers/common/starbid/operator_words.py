"""Refusals about what operators do and see, and what people ask of them, as text."""

from __future__ import annotations

from starbid.domain import (
    broadcasts,
    errors,
    exports,
    letters,
    moderation,
    pause,
    payment_errors,
    payout_errors,
    refund_requests,
    reports,
    roles,
    tickets,
)
from starbid.i18n import Language
from starbid.services.desk.carrying_out import NoSuchPerson


def of_operators(words: Language) -> dict[type[errors.StarbidError], str]:
    """The sentence of each."""
    _ = words._
    return {
        pause.PauseStands: _("Somebody was faster. This is how it stands now."),
        pause.StillMoving: _("Lots are still being moved over earlier pauses. Try again in a minute."),
        moderation.OwnAccount: _("This is your own account: another operator has to do it."),
        moderation.FixedRole: _("This person is an owner by the configuration."),
        NoSuchPerson: _("There is nobody of this ID."),
        roles.NotAllowed: _("Your role does not allow this."),
        payout_errors.TooYoung: _("Part of this money came in too recently to be paid out. Try later, or refuse it."),
        letters.LetterDecided: _("This letter has been sent again or dropped already."),
        letters.NotSendable: _("Nobody knows any more whom this was for. It can only be dropped."),
        payment_errors.AlreadyExplained: _("This difference has been explained already."),
        refund_requests.RefundDecided: _("Somebody has already decided about this refund."),
        refund_requests.NoSuchRequest: _("Nobody has asked for this refund."),
        payment_errors.NotBookable: _("Telegram's list does not prove what to book here. Look at it, and say why."),
        payout_errors.OwnPayout: _("This payout is your own: another operator approves it."),
        payout_errors.AlreadyDecided: _("This payout has moved on, so this step is no longer possible."),
        broadcasts.WrongBroadcastState: _("This broadcast has moved on, so this step is no longer possible."),
        exports.NoSuchExport: _("There is no such export."),
        exports.ExportGone: _("This file is no longer kept. Export it again."),
        exports.ExportNotReady: _("The file is not ready yet."),
        exports.ExportOver: _("This export is finished already."),
        tickets.WrongTicketState: _("The ticket has moved on, so this step is no longer possible."),
        tickets.AnsweredMeanwhile: _(
            "Somebody has answered meanwhile. Read that answer, then send yours if it adds to it."
        ),
        reports.AlreadyReported: _("You have already reported this lot."),
        reports.OwnReport: _("This is your own lot."),
        reports.ReportsSettled: _("Another operator has already decided about these reports."),
    }
