"""Compiles the gettext catalogues: each `.po` under `layers/common/starbid/locale` to a `.mo` next to it."""

from pathlib import Path

LOCALE_FOLDER = "layers/common/starbid/locale"


def is_stale(source: Path, target: Path) -> bool:
    return not target.exists() or target.stat().st_mtime_ns < source.stat().st_mtime_ns


def compile_all(root: Path) -> int:
    """Compile the catalogues under `root` that changed since they were compiled; returns how many."""
    stale = [
        source
        for source in sorted((root / LOCALE_FOLDER).glob("*/LC_MESSAGES/*.po"))
        if is_stale(source, source.with_suffix(".mo"))
    ]
    for source in stale:
        compile_one(source)
    return len(stale)


def compile_one(source: Path) -> None:
    # Importing Babel takes a tenth of a second: only if there is something to compile.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with source.open("rb") as file:
        catalogue = read_po(file, locale=source.parts[-3], abort_invalid=True)
    finished = source.with_suffix(".mo")
    unfinished = source.with_suffix(".mo.new")
    with unfinished.open("wb") as file:
        write_mo(file, catalogue)
    unfinished.replace(finished)


if __name__ == "__main__":
    print(f"{compile_all(Path(__file__).resolve().parents[1])} catalogues compiled")
