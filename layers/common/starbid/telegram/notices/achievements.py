"""The notice of achievements in words: one message for all that was earned at once."""

from __future__ import annotations

from starbid.achievement_words import sentence, title
from starbid.domain.achievements.kinds import Key
from starbid.services.notices import achievements
from starbid.telegram import keyboards
from starbid.telegram.notices.telling import Message, Telling, says


@says(achievements.EARNED)
def _earned(t: Telling) -> Message:
    keys = [Key(key) for key in t.facts["keys"]]
    if len(keys) == 1:
        text = t.words._("🏅 Achievement: <b>{title}</b>", title=title(keys[0], t.words))
        text = f"{text}\n{sentence(keys[0], t.words)}"
    else:
        lines = (f"• <b>{title(key, t.words)}</b> — {sentence(key, t.words)}" for key in keys)
        text = "\n".join((t.words._("🏅 New achievements: {count}", count=len(keys)), *lines))
    return text, ((keyboards.go(t.words._("Achievements"), "achievements"), keyboards.menu(t.words)),)
