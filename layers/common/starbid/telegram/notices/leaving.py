"""What the chat says of an account that is to be deleted."""

from __future__ import annotations

from starbid.domain.leaving import Obstacle
from starbid.leaving_words import obstacle_name
from starbid.services.notices import leaving
from starbid.telegram import keyboards
from starbid.telegram.notices.telling import Message, Telling, says


@says(leaving.LEAVING_ASKED)
def _asked(t: Telling) -> Message:
    _ = t.words._
    text = _("Your account will be deleted on {moment}.", moment=t.words.moment(t.at("due_at")))
    rest = _("Until then you can keep it, with one press. Was it not you? Keep it, and end all other sessions.")
    return f"{text}\n{rest}", ((_page(t, _("Keep my account")),), (keyboards.menu(t.words),))


@says(leaving.LEAVING_PUT_OFF)
def _put_off(t: Telling) -> Message:
    _, known = t.words._, {each.value for each in Obstacle}
    text = _("Your account could not be deleted yet. Next try: {moment}.", moment=t.words.moment(t.at("due_at")))
    found = (obstacle_name(Obstacle(each), t.words) for each in t.facts["obstacles"] if each in known)
    return "\n".join((text, *(f"• {each}" for each in found))), (
        (_page(t, _("See what is missing")),),
        (keyboards.menu(t.words),),
    )


@says(leaving.ACCOUNT_DELETED)
def _deleted(t: Telling) -> Message:
    _ = t.words._
    text = _("Your account is deleted. Thank you for having been with us.")
    rest = _("The records of payments and deals stay in the books, without your name.")
    return f"{text}\n{rest}", ((keyboards.go(_("Come back"), "menu"),),)


def _page(t: Telling, label: str) -> keyboards.Button:
    return keyboards.site(label, "/settings/delete", t.settings)
