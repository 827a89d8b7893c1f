"""Every kind of movement has words, in both languages, and they are its own."""

from __future__ import annotations

import re

from starbid.domain.ledger import TransferKind
from starbid.i18n import language
from starbid.ledger_words import movement


def test_every_movement_has_words_of_its_own_in_both_languages() -> None:
    for code, letters in (("en", "[A-Z]"), ("ru", "[А-Я]")):
        said = [movement(kind, language(code)) for kind in TransferKind]
        assert len(set(said)) == len(TransferKind)
        assert all(re.match(letters, each) for each in said), said
