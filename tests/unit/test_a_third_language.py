"""A language is a folder: who drops one in finds it in the choice of languages, on pages and in amounts."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from scripts.compile_catalogues import compile_one
from starbid.manners import LOCALE, MANNERS, read_manners

ROOT = Path(__file__).resolve().parents[2]
ESPERANTO = {
    "name": "Esperanto",
    "in_english": "Esperanto",
    "months": ["jan", "feb", "mar", "apr", "maj", "jun", "jul", "aŭg", "sep", "okt", "nov", "dec"],
    "amount": "1.250'50 ₽",
    "quotes": "“”‘’",
    "neighbours": ["ia"],
}
CATALOGUE = r"""
msgid ""
msgstr ""
"Language: eo\n"
"Content-Type: text/plain; charset=UTF-8\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\n"

msgid "Log in"
msgstr "Ensaluti"

msgid "{n} day"
msgid_plural "{n} days"
msgstr[0] "{n} tago"
msgstr[1] "{n} tagoj"
"""
LOOK = """
import json
from datetime import UTC, datetime, timedelta
from starbid.domain.languages import language_of
from starbid.domain.money import Money
from starbid.i18n import language
from tests.support.factories import ANNA, join
from tests.support.fakes import make_app
from tests.support.web import Client

app, words = make_app(), language("eo")
join(app, ANNA)
anna = Client(app).log_in(ANNA)
chosen = anna.post_form("/settings", language="eo").status
print(json.dumps({
    "page": Client(app).get("/", headers={"accept-language": "eo"}).text,
    "settings": anna.get("/settings").text,
    "chosen": chosen,
    "amount": words.money(Money(125050, "RUB")),
    "days": [words.span(timedelta(days=n)) for n in (1, 2)],
    "day": words.day(datetime(2026, 8, 5, tzinfo=UTC)),
    "neighbour": language_of("ia"),
}))
"""


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What the product shows once the folder is there, in a process of its own: languages are known from the start."""
    layer = tmp_path_factory.mktemp("layer")
    shutil.copytree(ROOT / "layers/common/starbid", layer / "starbid", ignore=shutil.ignore_patterns("__pycache__"))
    folder = layer / "starbid/locale/eo"
    (folder / "LC_MESSAGES").mkdir(parents=True)
    (folder / "language.json").write_text(json.dumps(ESPERANTO), "utf-8")
    source = folder / "LC_MESSAGES/web.po"
    source.write_text(CATALOGUE.lstrip(), "utf-8")
    compile_one(source)
    environment = os.environ | {"PYTHONPATH": f"{layer}:{ROOT / 'functions'}:{ROOT}"}
    run = subprocess.run(
        [sys.executable, "-c", LOOK], cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )
    assert run.returncode == 0, run.stderr
    answer: dict[str, Any] = json.loads(run.stdout)
    return answer


def test_a_third_language_is_offered_and_spoken_on_every_page(seen: dict[str, Any]) -> None:
    assert '<html lang="eo"' in seen["page"]
    assert 'value="eo" lang="eo" aria-pressed="true">Esperanto</button>' in seen["page"]
    assert "Ensaluti" in seen["page"]


def test_what_a_third_language_does_not_say_yet_is_said_in_english(seen: dict[str, Any]) -> None:
    assert "How it works" in seen["page"]


def test_a_person_chooses_a_third_language_in_the_settings(seen: dict[str, Any]) -> None:
    assert seen["chosen"] == 303
    assert '<html lang="eo"' in seen["settings"]


def test_a_third_language_has_its_own_amounts_plurals_and_months(seen: dict[str, Any]) -> None:
    assert seen["amount"] == "1.250'50 ₽"
    assert seen["days"] == ["1 tago", "2 tagoj"]
    assert seen["day"] == "5 aŭg 2026"


def test_readers_of_a_neighbouring_language_get_it(seen: dict[str, Any]) -> None:
    assert seen["neighbour"] == "eo"


def test_english_comes_first_and_every_folder_of_catalogues_is_a_language() -> None:
    assert next(iter(MANNERS)) == "en"
    assert {folder.name for folder in LOCALE.iterdir()} == set(MANNERS)


@pytest.mark.parametrize("fault", [{"amount": "1250"}, {"months": ["jan"]}, {"neighbours": "ia"}, {"amount": None}])
def test_a_language_that_says_less_than_is_needed_is_refused(tmp_path: Path, fault: dict[str, object]) -> None:
    (tmp_path / "eo").mkdir()
    (tmp_path / "eo/language.json").write_text(json.dumps(ESPERANTO | fault), "utf-8")
    with pytest.raises(ValueError, match=r"language\.json"):
        read_manners(tmp_path)
