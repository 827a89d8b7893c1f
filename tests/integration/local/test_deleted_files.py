"""A seller deletes the message with a file that was handed over: the buyer has it all the same, in the chat and on the
site.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import time
from pathlib import Path

import httpx

from local.configuration import LOCAL_TOKEN
from tests.support.dialogues import SCRIPTS, Play
from tests.support.stack import Stack
from tests.support.standin_stage import StandInStage

HANDED = "Sam presses Send to the buyer"
CONTENT = b"the certificate"


def test_a_file_whose_message_the_seller_deleted_is_still_there_for_the_buyer(tmp_path: Path) -> None:
    stack = Stack(tmp_path)
    try:
        stage = StandInStage(stack)
        Play(stage).perform((SCRIPTS / "lot_and_deal.en.txt").read_text().split(HANDED)[0])
        _press(stage, "Sam", "Send to the buyer")
        sent = _hand_over(stage, "Sam")
        lot = _data(stage, "Sam", "Send to the buyer").split(":")[2]
        _press(stage, "Sam", "Send to the buyer")
        _call(stack, "deleteMessage", chat_id=stage.person("Sam"), message_id=sent)
        assert sent not in [each["message_id"] for each in stage.chat("Sam")]
        before = _files(stage, "Anna")
        _press(stage, "Anna", "What the seller sent")
        assert _files(stage, "Anna") == [*before, "a.txt"]
        page = httpx.Client(base_url=stack.url, follow_redirects=True)
        page.get("/login/telegram", params=_login(stage.person("Anna")))
        assert page.get(f"/auction/{lot}/files/1").content == CONTENT
    finally:
        stack.stop()


def _hand_over(stage: StandInStage, who: str) -> int:
    """The file in a message of its own; answers the number of that."""
    item = {"kind": "document", "data": base64.b64encode(CONTENT).decode(), "name": "a.txt", "mime": "text/plain"}
    stage.send(who, media=[item])
    return int(next(each["message_id"] for each in stage.chat(who)[::-1] if "document" in each))


def _files(stage: StandInStage, who: str) -> list[str]:
    """The names of the files in their chat."""
    return [each["document"]["file_name"] for each in stage.chat(who) if "document" in each]


def _data(stage: StandInStage, who: str, button: str) -> str:
    """What the latest button of that name carries."""
    keyboards = [(each.get("reply_markup") or {}).get("inline_keyboard", []) for each in stage.chat(who)[::-1]]
    found = [one for rows in keyboards for row in rows for one in row if one["text"] == button]
    return str(found[0]["callback_data"])


def _press(stage: StandInStage, who: str, button: str) -> None:
    data = _data(stage, who, button)
    message = next(each for each in stage.chat(who)[::-1] if data in str(each.get("reply_markup")))
    stage.press(who, message["message_id"], button)
    stage.settle()


def _call(stack: Stack, method: str, **params: int) -> None:
    answer = httpx.post(f"{stack.url}/_local/telegram/api/bot{LOCAL_TOKEN}/{method}", json=params)
    assert answer.json() == {"ok": True, "result": True}


def _login(person_id: int) -> dict[str, str]:
    """What Telegram's login button brings."""
    fields = {"auth_date": str(int(time.time())), "first_name": "Anna", "id": str(person_id)}
    text = "\n".join(f"{name}={value}" for name, value in fields.items())
    key = hashlib.sha256(LOCAL_TOKEN.encode()).digest()
    return fields | {"hash": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}
