"""The scripts and locks that the build rests on."""

import gettext
import json
import os
import re

import pytest
from babel.messages.pofile import PoFileError

from scripts.build_static import VENDOR_FOLDER, build_static
from scripts.compile_catalogues import compile_all
from starbid.config import SECRETS

PO = """\
msgid ""
msgstr "Content-Type: text/plain; charset=UTF-8\\nPlural-Forms: nplurals=2; plural=n != 1;\\n"

msgid "greeting"
msgstr "Hello"
"""


@pytest.fixture
def catalogue(tmp_path):
    path = tmp_path / "layers/common/starbid/locale/en/LC_MESSAGES/starbid.po"
    path.parent.mkdir(parents=True)
    path.write_text(PO, "utf-8")
    return path


def test_a_catalogue_is_compiled_for_gettext(catalogue, tmp_path):
    assert compile_all(tmp_path) == 1
    with catalogue.with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("greeting") == "Hello"


def test_a_catalogue_is_compiled_again_only_when_it_changed(catalogue, tmp_path):
    compile_all(tmp_path)
    assert compile_all(tmp_path) == 0
    later = catalogue.stat().st_mtime + 1
    os.utime(catalogue, (later, later))
    assert compile_all(tmp_path) == 1


def test_a_broken_catalogue_is_refused(catalogue, tmp_path):
    catalogue.write_text(PO + 'msgid "unfinished', "utf-8")
    with pytest.raises(PoFileError):
        compile_all(tmp_path)
    assert not catalogue.with_suffix(".mo").exists()


def test_vendor_files_replace_what_was_there(root, tmp_path):
    for package in ("htmx.org/dist/htmx.min.js", "@picocss/pico/css/pico.min.css"):
        (tmp_path / "node_modules" / package).parent.mkdir(parents=True)
        (tmp_path / "node_modules" / package).write_text("new", "utf-8")
    old = tmp_path / VENDOR_FOLDER / "old.js"
    old.parent.mkdir(parents=True)
    old.write_text("old", "utf-8")
    build_static(tmp_path)
    assert sorted(path.name for path in old.parent.iterdir()) == ["htmx.min.js", "pico.min.css"]


def test_vendor_files_that_npm_did_not_install_are_named(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"htmx"):
        build_static(tmp_path)


def test_locks_pin_every_package_by_hash_and_name_no_registry(root):
    locks = [*(root / "requirements").glob("*.txt"), root / "layers/common/requirements.txt"]
    assert {lock.stem for lock in locks} >= {"dev", "emulator", "installer", "sam", "requirements"}
    for lock in locks:
        text = lock.read_text("utf-8")
        assert not re.search(r"https?:|--index|--find-links", text), lock.name
        for block in re.split(r"\n(?=\S)", text.strip()):
            assert "--hash=sha256:" in block, f"{lock.name}: {block.splitlines()[0]}"


def test_the_npm_lock_pins_by_integrity_and_names_no_registry(root):
    packages = json.loads((root / "package-lock.json").read_text("utf-8"))["packages"]
    for name, package in packages.items():
        assert "resolved" not in package, name
        assert not name or package["integrity"].startswith("sha512-"), name


def test_the_layer_carries_the_versions_that_are_tested(root):
    def pins(path):
        return dict(re.findall(r"^([\w.-]+)==(\S+)", path.read_text("utf-8"), flags=re.MULTILINE))

    tested, shipped = pins(root / "requirements/dev.txt"), pins(root / "layers/common/requirements.txt")
    assert shipped.items() <= tested.items()
    assert not {"boto3", "botocore", "s3transfer", "jmespath"} & shipped.keys()


def test_the_example_environment_lists_every_setting_and_secret(root):
    text = (root / "layers/common/starbid/config.py").read_text("utf-8")
    listed = set(re.findall(r"^#?([A-Z_]+)=", (root / ".env.example").read_text("utf-8"), flags=re.MULTILINE))
    assert set(re.findall(r'read\.\w+\("([A-Z_]+)"', text)) <= listed
    assert set(SECRETS) <= listed
