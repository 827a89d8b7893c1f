"""How it shows that botocore is not the one that we know: in Lambda AWS puts a new one there when it likes."""

from __future__ import annotations

import botocore

from starbid import observability

BOTOCORE_CHANGED = (AttributeError, ImportError, LookupError, NotImplementedError, TypeError)
"""What comes of a name, a key or an argument that is not there any more."""


def tell(what: str) -> None:
    """To be called where an error was caught: all works, but slower, and somebody should know."""
    observability.logger("starbid").exception("botocore %s: %s", botocore.__version__, what)
