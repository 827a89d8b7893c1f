"""Chance that comes again: for tests that try much by chance and name what makes it happen once more."""

from __future__ import annotations

import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from random import Random
from typing import Any


@contextmanager
def chance_of(name: str) -> Iterator[None]:
    """All ids, salts and pauses of this process come from the name. Restored afterwards."""
    module: Any = random
    saved = os.urandom, module._urandom, random.getstate()
    os.urandom = module._urandom = Random(f"ids {name}").randbytes
    random.seed(name)
    try:
        yield
    finally:
        os.urandom, module._urandom, state = saved
        random.setstate(state)
