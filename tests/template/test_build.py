"""The scripts and locks that the build rests on."""

import gettext
import gzip
import importlib
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from typing import Any

import PIL
import pytest
from babel.messages.pofile import PoFileError

from scripts import pack_static
from scripts.build_static import VENDOR_FOLDER, build_static
from scripts.compile_catalogues import compile_all
from starbid.acceleration import prepared
from starbid.acceleration.build.prepare_code import recorded
from starbid.acceleration.build.slim_layer import PICTURES, shorten, without_sections
from starbid.config import SECRETS
from tests.support.there import there
from web.shared.static_files import found_file

PO = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=n != 1;\\n"

msgid "greeting"
msgstr "Hello"
"""


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    path = tmp_path / "layers/common/starbid/locale/en/LC_MESSAGES/starbid.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO, "utf-8")
    return path


def test_a_catalogue_is_compiled_for_gettext(catalogue: Path, tmp_path: Path) -> None:
    assert compile_all(tmp_path) == 1
    with catalogue.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("greeting") == "Hello"


def test_a_catalogue_is_compiled_again_only_when_it_changed(catalogue: Path, tmp_path: Path) -> None:
    compile_all(tmp_path)
    assert compile_all(tmp_path) == 0
    later = catalogue.stat().st_mtime + 1
    os.utime(catalogue, (later, later))
    assert compile_all(tmp_path) == 1


def test_a_broken_catalogue_is_refused(catalogue: Path, tmp_path: Path) -> None:
    catalogue.write_text(PO + 'msgid "unfinished', "utf-8")
    with pytest.raises(PoFileError):
        compile_all(tmp_path)
    assert not catalogue.with_suffix(".mo").exists()


def test_vendor_files_replace_what_was_there(root: Path, tmp_path: Path) -> None:
    for package in ("htmx.org/dist/htmx.min.js", "@picocss/pico/css/pico.min.css"):
        (tmp_path / "node_modules" / package).parent.mkdir(parents=True)
        (tmp_path / "node_modules" / package).write_text("new", "utf-8")
    old = tmp_path / VENDOR_FOLDER / "old.js"
    old.parent.mkdir(parents=True)
    old.write_text("old", "utf-8")
    build_static(tmp_path)
    assert sorted(path.name for path in old.parent.iterdir()) == ["htmx.min.js", "pico.min.css"]


def test_vendor_files_that_npm_did_not_install_are_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"htmx"):
        build_static(tmp_path)


def test_files_are_packed_in_both_codings_and_old_ones_go(tmp_path: Path) -> None:
    folder = tmp_path / "packed"
    folder.mkdir()
    (folder / "old.br").write_bytes(b"old")
    pack_static.main(folder)
    assert {path.suffix for path in folder.iterdir()} == {".br", ".gzip"}
    assert not (folder / "old.br").exists()
    for name in ("site.css", "desk.css", "app.js", "vendor/htmx.min.js", "icons.svg"):
        file = found_file(name)
        assert gzip.decompress((folder / f"{file.version}.gzip").read_bytes()) == file.data
        assert unpacked(folder / f"{file.version}.br") == file.data


def unpacked(path: Path) -> bytes:
    read = "require('node:fs').readFileSync(process.argv[1])"
    script = f"process.stdout.write(require('node:zlib').brotliDecompressSync({read}))"
    return subprocess.run(["node", "-e", script, path], check=True, capture_output=True).stdout


def test_locks_pin_every_package_by_hash_and_name_no_registry(root: Path) -> None:
    locks = [*(root / "requirements").glob("*.txt"), *(root / "layers").glob("*/requirements.txt")]
    assert {lock.stem for lock in locks} >= {"dev", "emulator", "installer", "sam", "requirements"}
    for lock in locks:
        text = lock.read_text("utf-8")
        assert not re.search(r"https?:|--index|--find-links", text), lock.name
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert "--hash=sha256:" in block, f"{lock.name}: {block.splitlines()[0]}"


def test_the_npm_lock_pins_by_integrity_and_names_no_registry(root: Path) -> None:
    packages = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name


def test_the_layers_carry_the_versions_that_are_tested(root: Path) -> None:
    def pins(path: Path) -> dict[str, str]:
        return dict(re.findall(r"^([\w.-]+)==(\S+)", path.read_text("utf-8"), flags=re.MULTILINE))

    tested = pins(root / "requirements/dev.txt")
    layers = ("common", "word_forms", "assistant", "push")
    common, dictionary, converter, push = (pins(root / f"layers/{layer}/requirements.txt") for layer in layers)
    assert {**common, **dictionary, **converter, **push}.items() <= tested.items()
    assert "pymorphy3-dicts-ru" in dictionary
    assert set(converter) == {"telegramify-markdown", "pyromark"}
    assert set(push) == {"cryptography", "cffi"}
    assert (
        not {"boto3", "botocore", "s3transfer", "jmespath", "setuptools", *dictionary, *converter, *push}
        & common.keys()
    )


def test_the_oldest_python_that_we_promise_is_the_one_that_runs_the_tests(root: Path) -> None:
    promised = there(re.search(r"(3\.\d+) and later work", (root / "README.md").read_text("utf-8")))[1]
    found = subprocess.run([root / "scripts/find-python", "--versions"], capture_output=True, text=True, check=True)
    versions = sorted(found.stdout.split(), key=lambda version: int(version.removeprefix("3.")))
    declared = (root / "pyproject.toml").read_text("utf-8")
    assert versions[0] == promised
    assert f'requires-python = ">={promised}"' in declared
    assert f'python_version = "{promised}"' in declared
    assert f"oldest={promised}\n" in (root / "scripts/test-pythons").read_text("utf-8")
    assert "test-pythons" in (root / ".ci/run").read_text("utf-8")


def test_the_example_environment_lists_every_setting_and_secret(root: Path) -> None:
    text = "".join(
        (root / f"layers/common/starbid/{name}.py").read_text("utf-8")
        for name in ("config", "config_assistant", "config_openid", "config_push")
    )
    listed = set(re.findall(r"^#?([A-Z_]+)=", (root / ".env.example").read_text("utf-8"), flags=re.MULTILINE))
    assert set(re.findall(r'read\.\w+\("([A-Z_]+)"', text)) <= listed
    assert set(SECRETS) <= listed


def test_a_package_that_is_cut_short_keeps_its_name_version_and_licence(tmp_path: Path) -> None:
    (tmp_path / "licenses").mkdir()
    for name, text in {
        "METADATA": "Name: lamp\nVersion: 1\n\nAll about lamps",
        "RECORD": "-",
        "licenses/LICENSE": "MIT",
    }.items():
        (tmp_path / name).write_text(text)
    shorten(tmp_path)
    assert {path.name: path.read_text() for path in tmp_path.rglob("*") if path.is_file()} == {
        "METADATA": "Name: lamp\nVersion: 1\n",
        "LICENSE": "MIT",
    }


def test_pillow_has_the_modules_that_stay() -> None:
    assert {path.stem for path in Path(PIL.__file__).parent.glob("*.py")} >= PICTURES


def test_a_library_keeps_its_length_and_its_beginning_when_it_loses_what_a_debugger_reads() -> None:
    (library, *_) = Path(PIL.__file__).parent.glob("_imaging.*")
    before = library.read_bytes()
    after = without_sections(before)
    if before.startswith(b"\x7fELF"):
        assert len(after) == len(before)
        assert after[64:4096] == before[64:4096]
        assert after.count(0) > before.count(0)
    assert without_sections(b"MZ: of another kind") == b"MZ: of another kind"


@pytest.fixture
def library_as_it_was() -> Iterator[ModuleType]:
    import dataclasses

    compile_text = prepared.COMPILER.compile
    yield dataclasses
    vars(dataclasses).pop("exec", None)
    prepared.replace_compile(compile_text)


MODULE = """
import re
from dataclasses import dataclass

PRICE = re.compile(r"(?P<whole>\\d+)(?:[.,](?P<minor>\\d\\d))? ?(€|₽)", re.IGNORECASE)
RAW = re.compile(rb"[a-f\\x80-\\xff]+$")

@dataclass(frozen=True)
class Lamp:
    "Gives light."
    watts: int
    colour: str = "white"
"""


@pytest.fixture
def lamps(library_as_it_was: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[ModuleType]:
    """A module made from what was recorded at its first import."""
    (tmp_path / "lamps_of_a_test.py").write_text(MODULE, "utf-8")
    monkeypatch.syspath_prepend(tmp_path)
    methods, patterns = recorded(["lamps_of_a_test"])
    del sys.modules["lamps_of_a_test"]
    re.purge()

    compile_text = prepared.COMPILER.compile
    texts: list[str | bytes] = []

    def listed(text: str | bytes, flags: int = 0) -> re.Pattern[Any]:
        texts.append(text)
        pattern: re.Pattern[Any] = compile_text(text, flags)
        return pattern

    prepared.replace_execute(prepared.prepared_methods(methods))
    prepared.replace_compile(prepared.prepared_patterns(patterns, listed))
    made = importlib.import_module("lamps_of_a_test")
    assert not {made.PRICE.pattern, made.RAW.pattern} & set(texts)
    yield made
    sys.modules.pop("lamps_of_a_test", None)


@pytest.mark.skipif(sys.version_info < (3, 13), reason="dataclasses compiles one text a class from Python 3.13")
def test_prepared_classes_are_those_that_would_have_been_compiled(
    lamps: ModuleType, library_as_it_was: ModuleType
) -> None:
    assert lamps.Lamp.__init__.__code__.co_filename == "<dataclass>"
    assert lamps.Lamp(40) == lamps.Lamp(40, "white") != lamps.Lamp(60)
    assert repr(lamps.Lamp(40)) == "Lamp(watts=40, colour='white')"

    class Shade:
        """The build never saw this one."""

        cloth: str

    made: Any = library_as_it_was.dataclass(Shade)
    assert made("linen").cloth == "linen"


def test_prepared_patterns_match_as_those_that_would_have_been_compiled(lamps: ModuleType) -> None:
    assert lamps.PRICE.fullmatch("1250,50 ₽").groupdict() == {"whole": "1250", "minor": "50"}
    assert lamps.PRICE.fullmatch("12€").group(3) == "€"
    assert lamps.PRICE.flags == re.IGNORECASE | re.UNICODE
    assert lamps.PRICE.groupindex == {"whole": 1, "minor": 2}
    assert not lamps.PRICE.match("12 lamps")
    assert lamps.RAW.match(b"ab\xff")
    assert not lamps.RAW.match(b"xyz")


def test_a_pattern_that_the_build_never_saw_is_compiled_as_usual() -> None:
    compiled = prepared.prepared_patterns({}, prepared.COMPILER.compile)
    assert there(compiled("a(b+)", re.IGNORECASE).match("ABB")).group(1) == "BB"


def test_where_nothing_was_prepared_a_process_starts_as_usual(
    library_as_it_was: ModuleType, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    before = prepared.COMPILER.compile
    monkeypatch.setattr(prepared, "PREPARED", str(tmp_path / "prepared.bin"))
    prepared.hasten()
    assert not hasattr(library_as_it_was, "exec")
    assert prepared.COMPILER.compile is before
