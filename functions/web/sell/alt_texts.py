"""What pictures show, as the form of a lot sends it: a field beside each picture, named after it."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.domain.alt_texts import ALTS, renamed, typed_alts

PREFIX = "alt."
_AS_SENT: Mapping[str, str] = {}


def with_alts(form: Mapping[str, str], names: Mapping[str, str] = _AS_SENT) -> dict[str, str]:
    """The form with all of them in one field, as drafts keep it. `names`: ids of pictures by the keys that they were
    uploaded under.
    """
    alts = {name.removeprefix(PREFIX): words for name, words in form.items() if name.startswith(PREFIX)}
    return {**form, ALTS: typed_alts(renamed(alts, names))} if alts else dict(form)
