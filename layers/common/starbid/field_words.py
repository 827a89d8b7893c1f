"""The names of fields, and what is wrong with what was typed into one, for chat and site."""

from __future__ import annotations

from starbid.domain import errors
from starbid.domain.money import Money
from starbid.i18n import Language


def field_fault(fault: errors.Invalid, words: Language) -> str:
    """What is wrong with one field."""
    _, facts = words._, _limits(fault, words)
    if fault.reason == "length" and not fault.facts["least"]:
        return _("Use up to {most} characters.", most=facts["most"])
    if fault.reason == "too_far":
        days = int(fault.facts["days"])
        return words.ngettext("Choose a date at most {n} day ahead.", "Choose a date at most {n} days ahead.", days)
    sentences = {
        "required": _("Fill this in."),
        "sum": _("Enter an amount from {least} to {most}."),
        "length": _("Use {least} to {most} characters."),
        "range": _("Enter a whole number from {least} to {most}."),
        "whole": _("Enter a whole number above zero."),
        "amount": _("Enter an amount above zero, for example 1\u202f250 or 1\u202f250.50."),
        "price_of_method": _("This takes exactly {price} Stars."),
        "positive": _("Enter a whole number above zero."),
        "choice": _("Choose one from the list."),
        "below_start": _("It cannot be below the start price ({least})."),
        "above_start": _("It cannot be above the start price ({most})."),
        "never_reaches_floor": _("With these steps the price does not reach the lowest price before the end."),
        "not_for_type": _("This does not apply to this type of auction."),
        "below_reserve": _("It cannot be below the reserve price ({least})."),
        "goods": _("Digital goods are sold in Stars, physical ones in a national currency."),
        "fixed": _("This cannot be changed after publishing."),
        "text": _("Enter plain text."),
        "letters": _("Use letters or digits as well: signs and emoji alone are not enough."),
        "phone": _("Enter a phone number, for example +7 900 123-45-67."),
        "email": _("Enter an e-mail address, for example anna@example.com."),
        "email_refused": _("No message can be sent to this address. Use another one."),
        "unseen": _("Nothing in this can be seen. Use letters, digits or emoji."),
        "time": _("Enter a date and time, for example 2026-05-01T18:00."),
        "over": _("This time has passed. Choose a later one."),
        "change": _("Enter a whole number other than zero, up to {most} either way."),
        "many_views": _("You have {most} saved views. Delete one first."),
        "past": _("This time has passed. Choose a later one, or leave it empty to start at once."),
        "ends_early": _("That is over already, or before the start. Choose a later end."),
        "end": _("This end cannot be read. For example: today 21:00, 5.12 18:30, in 3 hours."),
        "day_alone": _("Send the day and the time, for example 5.12 18:30."),
        "skipped": _("There is no such time in this time zone: the clocks go forward then. Choose an hour later."),
        "quiet": _("Enter two different times of the day, for example 22:00 and 7:00."),
        "quiet_long": _("Quiet hours can last up to {hours} hours."),
        "zone": _("This time zone is not known. Write a large city of it in English, such as Lisbon."),
        "picture": _("We cannot read this photo. Use PNG, JPEG or WebP."),
        "picture_broken": _("The file of this photo is damaged or incomplete. Save it as a new file and choose that."),
        "picture_size": _("A photo can be up to 5 MB."),
        "picture_pixels": _("This photo has too many pixels: up to {most} on a side."),
        "picture_work": _("This photo takes too long to open. Save it as an ordinary JPEG and choose it again."),
        "pictures_work": _("The photos are too large to take all at once. Send fewer or smaller ones."),
        "alt": _("Say in up to {most} characters what a photo shows."),
        "picture_gone": _("No longer stored, choose again: photo {numbers}."),
        "upload_gone": _("This upload is no longer stored. Choose the photo again."),
        "too_many": _("Up to {most} photos."),
        "empty_file": _("A file is empty. Choose it again."),
        "too_many_files": _("Up to {most} files."),
        "days": _("Choose the first and the last day, not after today and within the last {days} days."),
        "day": _("Enter a day, for example 2026-05-01."),
        "before_from": _("It cannot be before the first day."),
        "too_long_for_sheet": _("An Excel file takes up to {most} rows. Choose CSV, or fewer days."),
    }
    return sentences.get(fault.reason, _("This cannot be accepted.")).format(**facts)


def _limits(fault: errors.Invalid, words: Language) -> dict[str, str]:
    """What a fault tells of: as money where it names the currency, else numbers as the language groups them."""
    currency = fault.facts.get("currency")

    def said(value: int | str) -> str:
        if isinstance(value, str):
            return value
        return words.money(Money(value, str(currency))) if currency else words.number(value)

    return {name: said(value) for name, value in fault.facts.items()}


def fault_of_field(fault: errors.Invalid, words: Language) -> str:
    """What is wrong with one field, behind its name."""
    told = field_fault(fault, words)
    return f"{field_name(fault.field, words)}: {told[:1].lower()}{told[1:]}"


def field_name(field: str, words: Language) -> str:
    """The label of a form's field."""
    _ = words._
    names = {
        "amount": _("Amount"),
        "seen_price": _("Price"),
        "title": _("Title"),
        "description": _("Description"),
        "category": _("Category"),
        "goods": _("Goods"),
        "type": _("Type"),
        "currency": _("Currency"),
        "start_price": _("Start price"),
        "reserve_price": _("Reserve price"),
        "buy_now_price": _("Buy-now price"),
        "bid_step": _("Bid step"),
        "floor_price": _("Lowest price"),
        "drop_amount": _("Price drops by"),
        "drop_seconds": _("Price drops every, seconds"),
        "extend_seconds": _("Extension"),
        "max_extension_seconds": _("Longest extension in all"),
        "duration_seconds": _("Duration"),
        "starts_at": _("Start"),
        "images": _("Photos"),
        "text": _("Text"),
        "stars": _("Rating"),
        "reason": _("Reason"),
        "name": _("Name"),
        "address": _("Address"),
        "phone": _("Phone"),
        "email": _("E-mail"),
        "method": _("How"),
        "details": _("Payment details"),
        "language": _("Language"),
        "zone": _("Time zone"),
    }
    return names.get(field, field)
