"""Terms and privacy in short; the site has them in full."""

from __future__ import annotations

from starbid.domain import talks
from starbid.domain.deals import ADDRESS_TIME, PHYSICAL_RELEASE_DAYS
from starbid.domain.payments import LEAST_STARS_PAYOUT
from starbid.telegram import keyboards
from webhook.conversation import Conversation
from webhook.registry import screens


@screens.command("terms")
def terms(chat: Conversation, _rest: str) -> None:
    _ = chat.words._
    text = "\n".join(
        (
            _("<b>Terms in short</b>"),
            _("• A bid cannot be taken back: the money is frozen in your wallet, and the winner pays."),
            _("• Starbid keeps the price until the buyer confirms, or for {days} days after delivery if there "
              "is no dispute.",
              days=chat.app.settings.business.deal_times.release_days),
            _("• A physical lot is sent to the address that the buyer gives within {address} days, and paid for "
              "{release} days after sending if there is no dispute.",
              address=ADDRESS_TIME.days, release=PHYSICAL_RELEASE_DAYS),
            _("• The seller pays a fee of {percent} % of the price.", percent=chat.app.settings.business.fee_percent),
            _("• Digital goods are sold in Stars only, physical goods in a national currency only."),
            _("• Stars in the wallet are prepaid credit, refundable as bought (/paysupport). The wallet is not "
              "a bank account."),
            _("• What you earn can be bid; earned Stars can be spent on the subscription."),
            _("• What you earn can be paid out: /payout. Stars leave as Telegram Premium; less than {least} cannot be "
              "paid out.",
              least=chat.words.money(LEAST_STARS_PAYOUT)),
            *((_("• The AI helper's answers are written by an AI and may be wrong. They bind nobody."),)
              if chat.app.settings.business.assistant.is_offered else ()),
        )
    )  # fmt: skip
    chat.show(text, (keyboards.site(_("Terms in full"), "/terms", chat.app.settings),))


@screens.command("privacy")
def privacy(chat: Conversation, _rest: str) -> None:
    _, erased = chat.words._, talks.erased_within(chat.app.settings.business.deal_times)
    text = "\n".join(
        (
            _("<b>Privacy in short</b>"),
            _("• We keep your Telegram ID, name, username, language, time zone, bids, lots, deals and payments."),
            _("• Others see you as a numbered bidder of the lot; buyers and sellers never see each other's account."),
            _("• A delivery address is shown to the seller of that lot only, and erased 30 days after the deal."),
            _("• Messages between buyer and seller are shown to the two for {days} days after the deal, and erased "
              "within {most} of its end. An operator can read them only in a dispute, or a single one that is "
              "reported.",
              days=talks.LIFE.days, most=chat.words.ngettext("{n} day", "{n} days", erased.days)),
            _("• Payments are Telegram's: we never see a card."),
            _("• Payment details that you give for a payout are seen only by the operators who pay it."),
            *((_("• Questions to the AI helper go to an AI service once you have agreed: with your last questions and "
                 "answers, without your name, money or bids. We keep them until you clear them: /ask"),)
              if chat.app.settings.business.assistant.is_offered else ()),
        )
    )  # fmt: skip
    chat.show(text, (keyboards.site(_("Privacy in full"), "/privacy", chat.app.settings),))
