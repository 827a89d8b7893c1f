"""Turns a packaged SAM template into plain CloudFormation: `python expand.py PACKAGED.yaml >EXPANDED.json`.

Run by the Python of the SAM CLI, whose translator is the one that AWS runs; imports nothing of ours.
"""

import json
import sys
from pathlib import Path
from typing import Any

from samtranslator.translator.transform import transform  # type: ignore[import-not-found]
from samtranslator.yaml_helper import yaml_parse  # type: ignore[import-not-found]


class _NoManagedPolicies:
    """AWS's own policies by name; the template names none."""

    def load(self) -> dict[str, str]:
        return {}


def main(packaged: Path) -> None:
    document = yaml_parse(packaged.read_text("utf-8"))
    expanded: dict[str, Any] = transform(document, {}, _NoManagedPolicies())
    json.dump(expanded, sys.stdout, default=str)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
