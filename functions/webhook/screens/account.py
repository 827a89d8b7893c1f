"""My account: the money of every currency, the subscription, the answers of the AI helper, and what waits for one."""

from __future__ import annotations

from starbid.assistant_standing import left_lines
from starbid.deal_words import needs
from starbid.domain.renewals import RenewalState, shown
from starbid.domain.wallet import with_default
from starbid.services.statements import Statement
from starbid.telegram import keyboards
from starbid.telegram.account_words import block_lines
from starbid.telegram.keyboards import Row
from webhook.conversation import Conversation
from webhook.money_step import settling_rows, top_up_button
from webhook.registry import screens
from webhook.screens.renewals import renewal_rows
from webhook.screens.subscription import subscription_line

PAYOUTS = 50
"""The newest, among which those lie that are under way."""


@screens.command("status")
def status(chat: Conversation, _rest: str) -> None:
    """All in one look; a debt is settled from what is there, and told by its notice."""
    words, person, app = chat.words, chat.person, chat.app
    there = app.debts.offset_all(with_default(app.store.wallets(person.id), person.id), chat.now)
    statement = app.statements.of(person.id, (), chat.now, limit=0)
    underway = [payout for payout in app.payouts.all_of(person.id, limit=PAYOUTS).items if payout.is_open]
    blocks, settling = list[str](), list[Row]()
    for wallet in statement.wallets(there, person.id):
        payable = app.payouts.payable(person.id, wallet.currency, chat.now, wallet)
        blocks.append("\n".join(block_lines(wallet, statement, underway, payable, words)))
        settling += settling_rows(wallet.owed, app.settings.business, words)
    _, go = words._, keyboards.go
    chat.show(
        "\n\n".join((_("<b>My account</b>"), *blocks, "\n".join(_standing(chat)))),
        *settling,
        _waiting(chat, statement),
        (go(_("Wallet"), "balance"), top_up_button(app.settings.business, words)),
        *renewal_rows(person, words, chat.now),
        (go(_("Renew") if _has_failed(chat) else _("Subscription"), "subscribe"), go(_("Payouts"), "payout")),
        (go(_("My bids"), "bids"), go(_("My lots and deals"), "my")),
        (go(_("Profile"), "profile"), go(_("Achievements"), "achievements")),
    )


def _standing(chat: Conversation) -> list[str]:
    """The subscription, and the answers that are left."""
    words, terms = chat.words, chat.app.settings.business.assistant
    lines = [subscription_line(chat)]
    if _has_failed(chat):
        lines.append(words._("Pay from the wallet, or in Telegram with a new link."))
    if terms.is_offered:
        left = left_lines(chat.app.asking.standing(chat.person, chat.now), terms, words)
        lines += [words._("AI helper:"), *(f"• {line}" for line in left)]
    return lines


def _has_failed(chat: Conversation) -> bool:
    return shown(chat.person.renewals) is RenewalState.FAILED


def _waiting(chat: Conversation, statement: Statement) -> Row:
    """The open deals that wait for this person."""
    selling = sum(needs(each.deal, each.stands, is_buyer=False) for each in statement.coming)
    buying = sum(needs(each.deal, each.stands, is_buyer=True) for each in statement.spent)
    number = selling + buying
    return (keyboards.go(chat.words._("Your action needed: {n}", n=number), "my"),) if number else ()
