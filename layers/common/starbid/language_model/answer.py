"""What has come of an answer, frame by frame.

The frames are those of OpenAI's chat completions, streamed or whole, with what others add: Ollama and vLLM reason in
fields of their own, Ollama also within the text; Mistral writes text in parts; OpenRouter ends with the reason `error`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any, TypeGuard

from starbid.domain.assistant.tokens import estimated, estimated_turn
from starbid.domain.texts import shows
from starbid.language_model.event_stream import Event
from starbid.language_model.refusing import trouble_in
from starbid.language_model.thinking import Thinking
from starbid.services.ports.language_model import Ailment, Ending, ModelTrouble, Turn, Usage, Written

_DONE = "[DONE]"
_MOST_TOKENS = 10_000_000
"""A server that reports more is not to be believed."""
_ENDINGS = {"length": Ending.CUT, "content_filter": Ending.WITHHELD}
"""By `finish_reason`; every other one, also one that nobody knows, is a complete answer."""
_REASONING = ("reasoning_content", "reasoning")


class Answer:
    """`take` each event in turn, then `rest`. `is_done`: nothing else follows. `is_whole`: the text is all there, and
    whatever goes wrong from now on does not matter.
    """

    def __init__(self) -> None:
        self.is_done = self.is_whole = False
        self._ending: Ending | None = None
        self._shows = False
        self._half = ""
        self._thinking = Thinking()
        self._heard: list[str] = []
        self._counted = (0, 0)

    def take(self, event: Event) -> str:
        """The text to show of this event, "" if there is none. Raises ModelTrouble."""
        said = event.data.strip()
        if said == _DONE:
            self.is_done = self.is_whole = True
        if self.is_done or not said:
            return ""
        frame = _parsed(said)
        if event.name == "error" or frame.get("error") or frame.get("object") == "error":
            raise trouble_in(frame.get("error") or frame)
        self._count(frame.get("usage"))
        choice = _first(frame.get("choices"))
        shown = self._shown(_fields(choice.get("delta")) or _fields(choice.get("message")))
        self._finish(choice)
        return shown

    def rest(self) -> str:
        """What was held back in case that more came. Raises ModelTrouble where no visible character came at all."""
        rest = self._seen(self._thinking.rest() + ("\N{REPLACEMENT CHARACTER}" if self._half else ""))
        if not self._shows:
            raise ModelTrouble(Ailment.EMPTY, f"no visible character ({self._ending or 'no reason'})")
        return rest

    def end(self, prompt: Sequence[Turn]) -> Written:
        """Where the server counts none, or 0, tokens are estimated."""
        asked, answered = self._counted
        is_estimated = not (asked and answered)
        if is_estimated:
            asked = asked or sum(estimated_turn(_paired(turn.text)) for turn in prompt)
            answered = answered or estimated(_paired("".join(self._heard)))
        return Written(self._ending or Ending.COMPLETE, Usage(asked, answered, is_estimated))

    def _count(self, usage: Any) -> None:
        """The last one counts: some servers send one with each frame."""
        counts = _fields(usage)
        asked, answered = counts.get("prompt_tokens"), counts.get("completion_tokens")
        if _is_count(asked) and _is_count(answered):
            self._counted = asked, answered

    def _shown(self, delta: Mapping[str, Any]) -> str:
        text = _text(delta.get("content"))
        self._heard += [text, *(_text(delta.get(name)) for name in _REASONING)]
        return self._seen(self._thinking.without(self._joined(text)))

    def _seen(self, text: str) -> str:
        self._shows = self._shows or shows(text)
        return text

    def _joined(self, text: str) -> str:
        """Where an emoji is written as two halves, they may come in two frames."""
        text, self._half = self._half + text, ""
        if "\ud800" <= text[-1:] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        return _paired(text)

    def _finish(self, choice: Mapping[str, Any]) -> None:
        reason = choice.get("finish_reason")
        if reason == "error":
            raise ModelTrouble(Ailment.BROKEN, "an answer that ends with an error")
        if reason:
            self._ending = _ENDINGS.get(str(reason), Ending.COMPLETE)
        if reason or "message" in choice:
            self.is_whole = True


def _parsed(said: str) -> Mapping[str, Any]:
    """Raises ModelTrouble."""
    try:
        frame = json.loads(said)
    except (ValueError, RecursionError):
        frame = None
    if not isinstance(frame, dict):
        raise ModelTrouble(Ailment.BROKEN, "a frame that is no JSON object")
    return frame


def _is_count(value: Any) -> TypeGuard[int]:
    return type(value) is int and 0 <= value <= _MOST_TOKENS


def _fields(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, dict) else {}


def _first(choices: Any) -> Mapping[str, Any]:
    """The choice of index 0: one is asked for, and of several only the first is shown."""
    found = [choice for choice in choices if isinstance(choice, dict)] if isinstance(choices, list) else []
    return next((choice for choice in found if choice.get("index") in (0, None)), {})


def _text(content: Any) -> str:
    if isinstance(content, list):
        return "".join(_text(_fields(part).get("text")) for part in content)
    return content if isinstance(content, str) else ""


def _paired(text: str) -> str:
    """Without halves of surrogate pairs, which JSON can carry and UTF-8 cannot."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
