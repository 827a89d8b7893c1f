"""The words of the event log: kinds, what happened, and the facts beside it."""

from __future__ import annotations

from starbid.achievement_words import title
from starbid.category_words import category_name
from starbid.domain.achievements.kinds import Key
from starbid.domain.event_log import LogEntry, LogKind
from starbid.domain.kinds import KINDS
from starbid.domain.ledger import TransferKind
from starbid.domain.money import CURRENCIES, Money
from starbid.i18n import Language, capital
from starbid.ledger_words import movement
from web.admin.assistant_words import log_facts, log_names
from web.shared.names import goods_name, kind_name

_AMOUNTS = ("amount", "price")
_PEOPLE = ("seller_id", "buyer_id", "winner_id", "admin_id")


def kind_words(kind: LogKind, words: Language) -> str:
    _ = words._
    return {
        LogKind.LOGIN: _("Logins"),
        LogKind.MESSAGE: _("Messages"),
        LogKind.PERSON: _("People"),
        LogKind.LOT: _("Lots"),
        LogKind.BID: _("Bids"),
        LogKind.DEAL: _("Deals"),
        LogKind.PAYMENT: _("Payments"),
        LogKind.TOPUP: _("Top-ups"),
        LogKind.PAYOUT: _("Payouts"),
        LogKind.SUBSCRIPTION: _("Subscriptions"),
        LogKind.TICKET: _("Tickets"),
        LogKind.REPORT: _("Reports"),
        LogKind.ASSISTANT: _("AI helper"),
        LogKind.ADMIN: _("Operators"),
        LogKind.ERROR: _("Errors"),
    }[kind]


def name_words(kind: LogKind, name: str, words: Language) -> str:
    """What happened. A name without words, such as an operator's act, is shown as it is."""
    if kind in (LogKind.PAYMENT, LogKind.TOPUP) and name in list(TransferKind):
        return movement(TransferKind(name), words)
    return _names(words).get((kind, name), name)


def _names(words: Language) -> dict[tuple[LogKind, str], str]:
    told = (_of_lots, _of_deals, _of_money, _of_people, _of_reports, _of_tickets, log_names)
    return {key: text for each in told for key, text in each(words).items()}


def _of_lots(words: Language) -> dict[tuple[LogKind, str], str]:
    _, lot, bid = words._, LogKind.LOT, LogKind.BID
    return {
        (lot, "published"): _("Published"),
        (lot, "began"): _("Bidding began"),
        (lot, "sold"): _("Sold"),
        (lot, "won"): _("Won"),
        (lot, "unsold"): _("Ended unsold"),
        (lot, "cancelled"): _("Withdrawn"),
        (lot, "offered"): _("Offered to the next bidder"),
        (lot, "offer_declined"): _("Offer declined"),
        (lot, "offer_expired"): _("Offer expired"),
        (bid, "bid"): _("Bid placed"),
        (bid, "raise"): _("Raised their maximum"),
        (bid, "buy"): _("Bought at once"),
    }


def _of_reports(words: Language) -> dict[tuple[LogKind, str], str]:
    _ = words._
    return {
        (LogKind.REPORT, "made"): _("Reported the lot"),
        (LogKind.REPORT, "settled"): _("Reports settled"),
        (LogKind.REPORT, "message"): _("Reported a message"),
    }


def _of_tickets(words: Language) -> dict[tuple[LogKind, str], str]:
    _, ticket = words._, LogKind.TICKET
    return {
        (ticket, "opened"): _("Wrote to support"),
        (ticket, "messaged"): _("Wrote to support again"),
        (ticket, "solved"): _("Closed their ticket"),
    }


def _of_deals(words: Language) -> dict[tuple[LogKind, str], str]:
    _, deal = words._, LogKind.DEAL
    return {
        (deal, "delivered"): _("Sent to the buyer"),
        (deal, "address_given"): _("Address given"),
        (deal, "completed"): _("Deal completed"),
        (deal, "refunded"): _("Money returned to the buyer"),
        (deal, "disputed"): _("Dispute opened"),
        (deal, "answered"): _("Seller answered the dispute"),
        (deal, "dispute_withdrawn"): _("Dispute withdrawn"),
        (deal, "frozen"): _("Deal on hold: the buyer owes"),
        (deal, "thawed"): _("Deal continues: the debt is settled"),
        (deal, "rated"): _("Rated"),
        (deal, "ratings_shown"): _("Rating shown"),
        (deal, "messaged"): _("Wrote to the other side"),
    }


def _of_money(words: Language) -> dict[tuple[LogKind, str], str]:
    _, topup, payout, subscription = words._, LogKind.TOPUP, LogKind.PAYOUT, LogKind.SUBSCRIPTION
    return {
        (topup, "bill_ended"): _("Bill not paid"),
        (topup, "bill_puzzling"): _("Provider gave an unknown answer"),
        (topup, "bill_differs"): _("Paid amount differs"),
        (topup, "bill_returned"): _("Differing payment returned"),
        (LogKind.PAYMENT, "refund_requested"): _("Refund requested"),
        (LogKind.PAYMENT, "refund_refused"): _("Refund refused"),
        (LogKind.PAYMENT, "refund_failed"): _("Refund not accepted by Telegram"),
        (payout, "requested"): _("Payout requested"),
        (payout, "approved"): _("Payout approved"),
        (payout, "paid"): _("Payout paid"),
        (payout, "refused"): _("Payout refused"),
        (payout, "returned"): _("Payout returned to the wallet"),
        (subscription, "started"): _("Subscription started"),
        (subscription, "ending"): _("Subscription ends soon"),
        (subscription, "ended"): _("Subscription ended"),
        (subscription, "shortened"): _("Subscription shortened"),
        (subscription, "renewal"): _("Renewal changed"),
    }


def _of_people(words: Language) -> dict[tuple[LogKind, str], str]:
    _, person, message, error = words._, LogKind.PERSON, LogKind.MESSAGE, LogKind.ERROR
    return {
        (LogKind.LOGIN, "began"): _("Logged in"),
        (person, "registered"): _("Registered"),
        (person, "bot_blocked"): _("The bot cannot write to them"),
        (person, "bot_unblocked"): _("The bot can write to them again"),
        (person, "blocked"): _("Blocked by an operator"),
        (person, "unblocked"): _("Unblocked by an operator"),
        (person, "achieved"): _("Achievement"),
        (person, "browser_added"): _("A browser gets their notices"),
        (person, "leaving_asked"): _("Asked for the account to be deleted"),
        (person, "leaving_taken_back"): _("Decided to keep the account"),
        (person, "leaving_put_off"): _("Deletion put off"),
        (person, "account_deleted"): _("Account deleted"),
        (person, "email_stopped"): _("No more e-mail goes to them"),
        (message, "command"): _("Command"),
        (message, "button"): _("Button"),
        (message, "text"): _("Text"),
        (message, "photo"): _("Photo"),
        (message, "file"): _("File"),
        (message, "other"): _("Other message"),
        (error, "web"): _("Error on the site"),
        (error, "webhook"): _("Error in the bot"),
        (error, "provider"): _("Payment provider fails"),
        (error, "difference"): _("Telegram and the ledger differ"),
    }


def facts_of(entry: LogEntry, words: Language) -> tuple[str, ...]:
    """The details that say something to a reader, in words. What money did to which account is for programs."""
    said = _money(entry, words), *_flags(entry, words), *_codes(entry, words), *log_facts(entry, words)
    return tuple(text for text in said if text)


def people_of(entry: LogEntry, words: Language) -> tuple[tuple[str, int], ...]:
    """Others whom it concerns: what they are in it, and who."""
    _ = words._
    names = dict(zip(_PEOPLE, (_("seller"), _("buyer"), _("winner"), _("operator")), strict=True))
    found = ((names[field], entry.details.get(field)) for field in _PEOPLE)
    return tuple((name, who) for name, who in found if isinstance(who, int))


def _money(entry: LogEntry, words: Language) -> str:
    currency = entry.details.get("currency")
    amount = next((value for name in _AMOUNTS if (value := entry.details.get(name)) is not None), None)
    if not isinstance(currency, str) or currency not in CURRENCIES or not isinstance(amount, int):
        return ""
    return words.money(Money(amount, currency))


def _flags(entry: LogEntry, words: Language) -> list[str]:
    _ = words._
    said = {
        ("leads", 1): _("leads"),
        ("leads", 0): _("does not lead"),
        ("hidden", 1): _("sealed bid"),
        ("extended", 1): _("moved the end"),
        ("again", 1): _("relisted"),
        ("by_operator", 1): _("by an operator"),
        ("had_bids", 1): _("with bids"),
        ("had_bids", 0): _("without bids"),
        ("corrected", 1): _("corrected"),
        ("stopped", 1): _("stopped by the person"),
        ("from_wallet", 1): _("from the wallet"),
        ("from_wallet", 0): _("paid in Telegram"),
        ("given", 1): _("given"),
        ("given", 0): _("taken back"),
    }
    return [said[flag] for flag in entry.details.items() if flag in said]


def _codes(entry: LogEntry, words: Language) -> list[str]:
    """Kind, category and goods by their names; programs' own words as they are."""
    told, said = entry.details, list[str]()
    if (kind := str(told.get("kind", ""))) in KINDS:
        said.append(kind_name(kind, words))
    if category := told.get("category"):
        said.append(category_name(str(category), words))
    if goods := told.get("goods"):
        said.append(goods_name(str(goods), words))
    if how := told.get("how"):
        said.append(_ways_in(words).get(str(how), str(how)))
    if by := told.get("by"):
        said.append(_deciders(words).get(str(by), str(by)))
    said += [title(Key(key), words) for key in str(told.get("keys", "")).split() if key in list(Key)]
    if command := told.get("command"):
        said.append(f"/{command}" if entry.name == "command" else str(command))
    return said + [str(told[code]) for code in ("provider", "state", "method", "route", "error") if code in told]


def _ways_in(words: Language) -> dict[str, str]:
    _ = words._
    return {"bot": _("with a code from the bot"), "telegram": _("through Telegram"), "mini_app": _("in the mini app"),
            "oidc": _("with Telegram's login")}  # fmt: skip


def _deciders(words: Language) -> dict[str, str]:
    _ = words._
    return {"buyer": _("by the buyer"), "time": _("automatically"), "admin": _("by an operator"),
            "debt": _("to settle a debt")}  # fmt: skip


def kinds(words: Language) -> tuple[tuple[LogKind, str], ...]:
    """All kinds with their words, for a choice."""
    return tuple((kind, capital(kind_words(kind, words))) for kind in LogKind)
