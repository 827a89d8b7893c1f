"""Jinja templates to Python modules: `python -m scripts.compile_templates FOLDER`, for the web function's build."""

from __future__ import annotations

import sys
from pathlib import Path

from web.shared.rendering import environment


def main(folder: Path) -> None:
    """One module a template, as `web.shared.rendering` loads them. Raises TemplateSyntaxError."""
    environment().compile_templates(folder, extensions=["html", "xml"], zip=None, ignore_errors=False)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
