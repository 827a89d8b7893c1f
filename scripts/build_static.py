"""Copies the front-end files installed by npm to the folder that the web function serves."""

import shutil
import sys
from pathlib import Path

VENDOR_FILES = (
    "node_modules/htmx.org/dist/htmx.min.js",
    "node_modules/@picocss/pico/css/pico.min.css",
)
VENDOR_FOLDER = "functions/web/static/vendor"


def build_static(root: Path) -> int:
    """Copy each vendor file under `root`; returns how many. Afterwards the folder holds nothing else.

    Raises FileNotFoundError when `npm ci` has not run.
    """
    folder = root / VENDOR_FOLDER
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    for name in VENDOR_FILES:
        shutil.copyfile(root / name, folder / Path(name).name)
    return len(VENDOR_FILES)


if __name__ == "__main__":
    try:
        build_static(Path(__file__).resolve().parents[1])
    except FileNotFoundError as missing:
        sys.exit(f"{missing.filename} is missing: run `npm ci --ignore-scripts` first")
