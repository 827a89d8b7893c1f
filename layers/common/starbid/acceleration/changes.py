"""How an unknown botocore shows: in Lambda AWS installs a new one at any time."""

from __future__ import annotations

import botocore

from starbid import observability

BOTOCORE_CHANGED = (AttributeError, ImportError, LookupError, NotImplementedError, TypeError)
"""The errors of a name, a key or an argument that no longer exists."""


def tell(what: str) -> None:
    """Call it where an error was caught: everything works, but slower, and somebody should know."""
    observability.logger("starbid").exception("botocore %s: %s", botocore.__version__, what)
