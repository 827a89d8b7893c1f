"""Every sentence of the bot is there in Russian, with the same blanks."""

import ast
import re
import string
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

ROOT = Path(__file__).resolve().parents[3]
SHARED = ROOT / "layers/common/starbid"
SOURCES = [
    *(ROOT / "functions/webhook").rglob("*.py"),
    *(SHARED / "telegram").rglob("*.py"),
    *(SHARED / "domain/kinds").glob("*.py"),
    SHARED / "wording.py",
    SHARED / "field_words.py",
    SHARED / "top_up_words.py",
    SHARED / "bill_words.py",
    SHARED / "deal_words.py",
    SHARED / "file_sizes.py",
    SHARED / "payout_words.py",
    SHARED / "refund_words.py",
    SHARED / "receipt_words.py",
    SHARED / "difference_words.py",
    SHARED / "talk_words.py",
    SHARED / "assistant_words.py",
    SHARED / "assistant_history.py",
    SHARED / "assistant_standing.py",
    SHARED / "category_words.py",
    SHARED / "switch_words.py",
    SHARED / "achievement_words.py",
    SHARED / "criteria_words.py",
]


def said(path: Path) -> set[str]:
    """The literal first arguments of `_(...)` and `ngettext(...)`."""
    calls = [node for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call) and node.args]
    names = {id(call): getattr(call.func, "attr", getattr(call.func, "id", "")) for call in calls}
    firsts = [call.args[0] for call in calls if names[id(call)] in ("_", "ngettext")]
    return {str(first.value) for first in firsts if isinstance(first, ast.Constant)}


def catalogue() -> dict[str, tuple[str, ...]]:
    known = {}
    for path in (SHARED / "locale/ru/LC_MESSAGES").glob("*.po"):
        with path.open("rb") as file:
            for message in read_po(file, locale="ru"):
                key = message.id if isinstance(message.id, str) else message.id[0]
                known[key] = (message.string,) if isinstance(message.string, str) else tuple(message.string or ())
    return known


def blanks(text: str) -> set[str]:
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_every_sentence_has_its_translation_with_the_same_blanks(path: Path) -> None:
    known = catalogue()
    for sentence in said(path):
        assert all(known.get(sentence, ("",))), sentence
        for translation in known[sentence]:
            assert blanks(translation) == blanks(sentence), sentence
            assert "!" not in translation


@pytest.mark.parametrize("path", sorted((SHARED / "locale").glob("*/LC_MESSAGES/*.po")), ids=lambda path: path.stem)
def test_a_sentence_stands_once_in_its_catalogue(path: Path) -> None:
    """Of two the compiler takes one, which need not be the one that was meant."""
    entries = re.findall(r"^msgid (.*?)\n(?=msgid_plural|msgstr)", path.read_text("utf-8"), re.DOTALL | re.MULTILINE)
    sentences = Counter("".join(re.findall(r'"(.*)"', entry)) for entry in entries)
    assert [sentence for sentence, number in sentences.items() if number > 1] == []
