"""Where a physical lot goes, as the two of the deal see it on its page; and the buyer's form."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field

from starbid.domain.addresses import READERS, Address
from starbid.i18n import Language
from starbid.services.views import LotView

_MOST_TYPED = 1000


@dataclass(frozen=True)
class TypedAddress:
    """What was typed into the form. `asks`: it is right so far, and waits to be confirmed. `faults` are by field;
    `fault` is about none of them.
    """

    values: Mapping[str, str] = field(default_factory=dict)
    asks: bool = False
    faults: Mapping[str, str] = field(default_factory=dict)
    fault: str = ""


@dataclass(frozen=True)
class AddressBox:
    """`shown` is the address that counts, None before it is given and once it is erased; `title` and `note` say what
    that means to the one who looks. `values` stand in the form. `is_copied`: the seller takes it along to a label.
    """

    shown: Address | None
    title: str
    note: str
    values: Mapping[str, str]
    is_copied: bool
    typed: TypedAddress


def address_box(view: LotView, shown: Address | None, typed: TypedAddress, words: Language) -> AddressBox:
    _ = words._
    if view.is_seller:
        title = _("Where to send it")
        note = _("Only you and the buyer see the address. It is erased 30 days after the deal ends.")
    else:
        title = _("Delivery address")
        note = _("Only the seller sees the address. It is erased 30 days after the deal ends.")
    values = typed.values or (asdict(shown) if shown else {})
    return AddressBox(shown, title, note, {part: values.get(part, "") for part in READERS}, view.is_seller, typed)


def typed_fields(form: Mapping[str, str]) -> dict[str, str]:
    """The fields of the form as they were typed, to go back into the page: not without end."""
    return {part: form.get(part, "").replace("\r\n", "\n")[:_MOST_TYPED] for part in READERS}
