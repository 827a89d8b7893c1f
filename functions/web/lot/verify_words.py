"""What verify.js and its checks say, in the reader's language: they fill in `{names}` themselves."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.domain.kinds import KINDS
from starbid.domain.money import CURRENCIES, Currency, Money
from starbid.i18n import Language
from web.shared.names import currency_name, kind_name


def sentences(words: Language) -> Mapping[str, str]:
    _ = words._
    return {
        "sound": _("Nothing has been changed."),
        "sound-text": _("Every record follows from the one before, and every revealed amount is the original one."),
        "broken": _("The record was changed."),
        "broken-text": _("See the marks below. Somebody changed it, or the file is damaged."),
        "reading": _("Reading the log"),
        "not-here": _("The log could not be loaded. Choose a file, or paste the log."),
        "not-ready": _("The log is being written. It is shown here as soon as it is there."),
        "not-closed": _("This lot has not ended: its log is published after the end."),
        "no-json": _("This is not a record of bids: {why}"),
        "no-check": _("The check could not be loaded. Use the command below."),
        "no-crypto": _("This browser computes hashes only on pages opened by https. Use the command below."),
        "shape": _("a part is missing or is not what it should be: {part}"),
        "entry": _("Record {n}"),
        "terms": _("Terms"),
        "head": _("The end of the log"),
        "price": _("Price"),
        "ok": _("fits"),
        "bad": _("does not fit"),
        "number": _("It should be number {n}: a record was removed, added or moved."),
        "previous": _("It does not follow from the record before it."),
        "hash": _("Its content was changed: the hash is another."),
        "time": _("It is older than the start of the lot."),
        "rule": _("It does not follow the rules of this kind of auction."),
        "opening": _("The revealed amount {amount} is not the original one."),
        "opening-twice": _("Its amount is revealed twice."),
        "opening-none": _("An amount is revealed that no record contains: number {n}."),
        "reserve": _("The seller's hidden minimum price"),
        "wrong-head": _("It is not the hash of the last entry."),
        "noted": _("Your link"),
        "noted-found": _("It is in the log: nothing before it was changed."),
        "noted-missing": _("It is not in this log: it is another log, or it was rewritten."),
        "matches": _("It matches what you were sent."),
        "differs": _("It does not match what you were sent."),
        "differs-text": _("What your link seals is not in this log: it is another auction, or it was rewritten."),
        "price-public": _("The last record says the same: {price}, {winner}."),
        "price-differs": _("The last record says {price}, {winner}; the result differs."),
        "price-fallen": _("At the moment of the purchase it was {price}, as the terms say."),
        "price-not-fallen": _("At the moment of the purchase it should have been {price}."),
        "price-second": _("The next highest maximum was {second}; the price is not below it."),
        "price-unopened": _("The next highest maximum is not revealed, so the price cannot be checked."),
        "price-below": _("Somebody else's maximum was {second}, more than the price."),
        "price-best": _("The winner bid {price}, and nobody bid more."),
        "price-vickrey": _(
            "It is the second-highest bid, or the start or minimum price where that is higher: {price}."
        ),
        "price-should": _("By the revealed bids it should be {price}."),
        "price-closed": _("Record {n} is not revealed, so the price cannot be checked."),
        "price-more": _("Record {n} bid {amount}, more than the winner paid."),
        "price-earlier": _("Record {n} bid as much as the winner, and earlier."),
        "no-sale": _("The lot was not sold: there is no price to check."),
        "bidder": _("Bidder {n} ({name})"),
        "bid": _("{who} bid"),
        "raise": _("{who} raised"),
        "buy": _("{who} bought"),
        "at-price": _("price {price}"),
        "sealed-amount": _("amount hidden"),
        "opened-amount": _("revealed: {amount}"),
        **{f"kind-{kind}": kind_name(kind, words) for kind in KINDS},
        **{f"currency-{currency}": currency_name(currency, words) for currency in CURRENCIES},
        **{f"money-{code}": words.money(_sample(currency)) for code, currency in CURRENCIES.items()},
    }


def _sample(currency: Currency) -> Money:
    """1,250.50, or 1,250 of a currency without minor units: verify/log.mjs writes all amounts like it."""
    return Money(1250 * currency.minor_units + currency.minor_units // 2, currency.code)
