"""A process of clients: `python -m tests.e2e.crowd.clients`, one thread a client.

Each line of its input is a volley: `{"port": 8000, "at": 1770000000.0, "requests": [{"path", "headers", "body"}]}`. At
that moment (seconds since 1970) every client connects and POSTs its own request, once. Then the process writes one line
with the answers in the same order: `{"status", "body", "sent", "seconds"}`; status 0 where none came.
"""

from __future__ import annotations

import json
import sys
import threading
import time
from http.client import HTTPConnection, HTTPException
from typing import Any

PATIENCE = 30.0
"""Seconds that a client waits for an answer."""


def main() -> None:
    for line in sys.stdin:
        print(json.dumps(volley(json.loads(line))), flush=True)


def volley(order: dict[str, Any]) -> list[dict[str, Any]]:
    """All requests of an order at its moment, each in its own thread."""
    requests = order["requests"]
    answers: list[dict[str, Any]] = [{} for _ in requests]

    def client(number: int) -> None:
        time.sleep(max(0.0, order["at"] - time.time()))
        answers[number] = ask(order["port"], requests[number])

    threads = [threading.Thread(target=client, args=(number,)) for number in range(len(requests))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


def ask(port: int, request: dict[str, Any]) -> dict[str, Any]:
    """One POST, and how long its answer took."""
    sent, began = time.time(), time.monotonic()
    connection = HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
    try:
        connection.request("POST", request["path"], request["body"], request["headers"])
        response = connection.getresponse()
        status, body = response.status, response.read().decode()
    except (OSError, HTTPException) as error:
        status, body = 0, repr(error)
    finally:
        connection.close()
    return {"status": status, "body": body, "sent": sent, "seconds": time.monotonic() - began}


if __name__ == "__main__":
    main()
