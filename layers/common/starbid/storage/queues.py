"""The queues of notices and of cards: what the stream consumers put on them, how the sender reads and postpones it."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict
from datetime import datetime
from typing import TYPE_CHECKING, Any

from starbid.domain.channels import Channel
from starbid.domain.events import AnyEvent
from starbid.services.ports import Audience, Notice, Unavailable
from starbid.storage.clients import client
from starbid.storage.errors import aws_errors
from starbid.storage.event_rows import event_from, event_item
from starbid.storage.rows import at, ms

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

BATCH = 10
LONGEST_WAIT = 43_200
"""Visibility may be moved by up to twelve hours."""


class NoticeQueue:
    """Implements `ports.Outgoing`. A notice that could not be queued raises, so that the stream brings it again."""

    def __init__(self, url: str, cards_url: str) -> None:
        """What is drawn again goes to `cards_url`, so that no notice waits behind it."""
        self._url, self._cards_url = url, cards_url

    def send(self, notices: Iterable[Notice]) -> None:
        self._send_all([json.dumps(_body(notice)) for notice in notices])

    def send_further(self, notice: Notice, channel: Channel) -> None:
        self._send_all([json.dumps(_body(notice) | {"channel": channel.value})])

    def tell_rest(self, event: AnyEvent, audience: Audience) -> None:
        self._send([json.dumps({"event": event_item(event), **asdict(audience)})], self._url)

    def tell_finders(self, auction_id: str, steps: Iterable[tuple[str, str]]) -> None:
        self._send_all([json.dumps({"found": auction_id, "place": place, "after": after}) for place, after in steps])

    def refresh_cards(self, auction_id: str, version: int) -> None:
        self._draw([{"cards": auction_id, "version": version}, {"posts": auction_id, "version": version}])

    def wake_cards(self, auction_id: str, at: datetime, seconds: int) -> None:
        self._draw([{"cards": auction_id, "at": ms(at)}], seconds)

    def wake_posts(self, auction_id: str, seconds: int) -> None:
        self._draw([{"posts": auction_id}], seconds)

    def show_lot(self, auction_id: str, steps: Iterable[tuple[str, str]]) -> None:
        self._draw([{"show": auction_id, "place": place, "after": after} for place, after in steps])

    def post_lot(self, auction_id: str, chats: Iterable[int]) -> None:
        self._draw([{"post": auction_id, "chat": chat_id} for chat_id in chats])

    def postpone(self, receipt_handle: str, seconds: int, queue: str) -> None:
        """Let a message come again in `seconds`."""
        is_card = queue == self._cards_url.rpartition("/")[2]
        with aws_errors():
            client("sqs").change_message_visibility(
                QueueUrl=self._cards_url if is_card else self._url,
                ReceiptHandle=receipt_handle,
                VisibilityTimeout=min(seconds, LONGEST_WAIT),
            )

    def _send_all(self, bodies: list[str]) -> None:
        for first in range(0, len(bodies), BATCH):
            self._send(bodies[first : first + BATCH], self._url)

    def _draw(self, bodies: list[dict[str, Any]], delay: int = 0) -> None:
        for first in range(0, len(bodies), BATCH):
            self._send([json.dumps(body) for body in bodies[first : first + BATCH]], self._cards_url, delay)

    def _send(self, bodies: list[str], url: str, delay: int = 0) -> None:
        entries: list[SendMessageBatchRequestEntryTypeDef] = [
            {"Id": str(n), "MessageBody": body, "DelaySeconds": delay} for n, body in enumerate(bodies)
        ]
        with aws_errors():
            answer = client("sqs").send_message_batch(QueueUrl=url, Entries=entries)
        if answer.get("Failed"):
            raise Unavailable("sqs")


def _body(notice: Notice) -> dict[str, Any]:
    return {
        "id": notice.id,
        "user_id": notice.user_id,
        "kind": notice.kind,
        "auction_id": notice.auction_id,
        "facts": notice.facts,
    }


def cards_from(body: dict[str, Any]) -> tuple[str, datetime | None, int | None]:
    """The lot whose cards a message is about, and the moment from which they are old, or the version of the lot below
    which they are.
    """
    if "at" in body:
        return str(body["cards"]), at(int(body["at"])), None
    return str(body["cards"]), None, int(body["version"])


def posts_from(body: dict[str, Any]) -> tuple[str, int | None]:
    """The lot whose posts a message is about, and the version of it below which they are old; None: whichever are."""
    return str(body["posts"]), int(body["version"]) if "version" in body else None


def show_from(body: dict[str, Any]) -> tuple[str, str, str]:
    """The new lot that a message is about, and the step: a place where showcases are filed, and the mark in it."""
    return str(body["show"]), str(body["place"]), str(body["after"])


def post_from(body: dict[str, Any]) -> tuple[str, int]:
    """The lot that is to be posted, and the chat."""
    return str(body["post"]), int(body["chat"])


def found_from(body: dict[str, Any]) -> tuple[str, str, str]:
    """The new lot that a message is about, and the step: a place where searches are filed, and the mark in it."""
    return str(body["found"]), str(body["place"]), str(body["after"])


def rest_from(body: dict[str, Any]) -> tuple[AnyEvent, Audience]:
    """The event of a message and those who have not been told of it. Raises ValueError for an unknown event."""
    event = event_from(body["event"])
    if event is None:
        raise ValueError("an event of another version")
    return event, Audience(body["bidders_below"], body["watchers_after"])


def notice_from(body: dict[str, Any]) -> tuple[Notice, Channel]:
    """The notice of a message's body, and where it is told. Raises ValueError for a channel of another version."""
    notice = Notice(body["id"], body["user_id"], body["kind"], body["auction_id"], body["facts"])
    return notice, Channel(body.get("channel", Channel.CHAT))


class DeskQueue:
    """Implements `ports.DeskWork`."""

    def __init__(self, url: str) -> None:
        self._url = url

    def ask(self, job: str, facts: Mapping[str, Any], seconds: int = 0) -> None:
        with aws_errors():
            client("sqs").send_message(
                QueueUrl=self._url, MessageBody=json.dumps({"job": job, **facts}), DelaySeconds=seconds
            )


class AssistantQueue:
    """Implements `ports.AssistantWork`: a FIFO queue, in which a group is a person."""

    def __init__(self, url: str) -> None:
        self._url = url

    def answer(self, user_id: int, question_id: str, again: int = 0) -> None:
        self._send({"user_id": user_id, "question_id": question_id}, f"{user_id}:{question_id}", again)

    def clear(self, user_id: int, again: int = 0) -> None:
        self._send({"user_id": user_id, "clear": True}, f"{user_id}:clear", again)

    def _send(self, body: dict[str, Any], name: str, again: int) -> None:
        """A call that is made again is of a group of its own: the message of the one before may be on hold with a
        worker that died.
        """
        tail = f":{again}" if again else ""
        with aws_errors():
            client("sqs").send_message(
                QueueUrl=self._url,
                MessageBody=json.dumps(body),
                MessageGroupId=f"{body['user_id']}{tail}",
                MessageDeduplicationId=f"{name}{tail}",
            )
