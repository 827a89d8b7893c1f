"""The documentation is readable and consistent: line lengths, links, numbers of decisions, plain words."""

import re
import subprocess
from pathlib import Path

import pytest

LONGEST_LINE = 120
DECISION = re.compile(r"^### (\d+) · (\d{4}-\d\d-\d\d) · (.+)$", re.MULTILINE)
POINTER = re.compile(r"\((Overruled(?: in part)?|Moved) by no\. (\d+)[^)]*\)")
SOURCE = re.compile(r"\bIt (overrules(?: in part)?|moves) ((?:no\. \d+(?:, | and )?)+)")
ARCHAIC = (
    r"\<anew\>|whoever|whatever becomes|as ever\>|thereof|hearsay|hitherto|\<lest\>|\<whence\>|look to it|see to it|"
    r"\<bears? witness|\<comes? to nothing|\<makes? shift\>"
)


@pytest.fixture(scope="module")
def pages(root: Path) -> dict[str, str]:
    """Every tracked Markdown file, by its path."""
    listed = subprocess.run(["git", "ls-files", "*.md"], cwd=root, capture_output=True, text=True, check=True)
    return {name: (root / name).read_text("utf-8") for name in listed.stdout.split()}


@pytest.fixture(scope="module")
def decisions(pages: dict[str, str]) -> dict[int, str]:
    """Number to text, heading included."""
    parts = re.split(r"^(?=### \d+ · )", pages["docs/decisions.md"], flags=re.MULTILINE)[1:]
    return {int(DECISION.findall(part)[0][0]): part for part in parts}


def test_no_line_is_longer_than_120_characters(pages: dict[str, str]) -> None:
    """Tables and links too: a table that does not fit becomes a list."""
    lines = [
        f"{name}:{number}"
        for name, text in pages.items()
        for number, line in enumerate(text.splitlines(), 1)
        if len(line) > LONGEST_LINE
    ]
    assert lines == []


def test_no_word_needs_a_dictionary(root: Path) -> None:
    """In documents, comments and texts alike. Russian catalogues repeat the English of the code."""
    command = ["git", "grep", "-InEi", ARCHAIC, "--", ".", ":!*.po", ":!tests/template/test_docs.py"]
    assert subprocess.run(command, cwd=root, capture_output=True, text=True, check=False).stdout == ""


def test_every_link_leads_to_a_file_and_a_heading(pages: dict[str, str], root: Path) -> None:
    broken = []
    for name, text in pages.items():
        for target in re.findall(r"\]\(([^)\s]+)\)", re.sub(r"\s*\n\s*", " ", text)):
            if target.startswith(("http:", "https:")):
                continue
            path, _, heading = target.partition("#")
            file = (root / name).parent / path if path else root / name
            if not file.exists() or (heading and heading not in _anchors(file)):
                broken.append(f"{name}: {target}")
    assert broken == []


def test_every_decision_has_its_number_once_and_none_is_skipped(pages: dict[str, str]) -> None:
    numbers = [int(number) for number, _, _ in DECISION.findall(pages["docs/decisions.md"])]
    assert sorted(numbers) == list(range(1, len(numbers) + 1))
    assert pages["docs/decisions.md"].count("\n### ") == len(numbers)


def test_an_overruled_decision_and_the_one_that_overrules_it_name_each_other(decisions: dict[int, str]) -> None:
    """A pointer without its counterpart would claim something that the other decision does not say."""
    forward = {(old, int(new)) for old, text in decisions.items() for _, new in POINTER.findall(_plain(text))}
    back = {
        (int(old), new)
        for new, text in decisions.items()
        for _, numbers in SOURCE.findall(_plain(text))
        for old in re.findall(r"\d+", numbers)
    }
    assert forward == back
    assert forward


def _plain(text: str) -> str:
    return re.sub(r"\s+", " ", text)


def _anchors(file: Path) -> set[str]:
    headings = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
