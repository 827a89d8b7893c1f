"""What operators tell people. That they did is told by their own record, and the words are nobody else's."""

from __future__ import annotations

from starbid.domain.events import OperatorWrote
from starbid.services.recording.registry import unlogged

unlogged(OperatorWrote)
