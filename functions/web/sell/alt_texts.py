"""What pictures show, as the form of a lot sends it: a field beside each picture, named after it."""

from __future__ import annotations

from collections.abc import Mapping

from starbid.domain.alt_texts import ALTS, typed_alts

PREFIX = "alt."


def with_alts(form: Mapping[str, str]) -> dict[str, str]:
    """The form with all of them in one field, as drafts keep it."""
    alts = {name.removeprefix(PREFIX): words for name, words in form.items() if name.startswith(PREFIX)}
    return {**form, ALTS: typed_alts(alts)} if alts else dict(form)
