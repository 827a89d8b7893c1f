"""`python -m local` as a person meets it: start, restart, sudden death, clock."""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import pytest

from local.configuration import LOCAL_SECRETS, LOCAL_TOKEN
from local.emulator import Emulator
from starbid.billing.qiwi import QiwiBills
from starbid.domain.bills import new_bill
from starbid.domain.money import Money
from starbid.domain.payments import Provider
from starbid.language_model.openai_compatible import OpenAiCompatible
from starbid.services.ports.language_model import Speaker, Turn, Written
from tests.support.recorded_run import record_of
from tests.support.stack import ROOT, Stack


@pytest.fixture(scope="module", autouse=True)
def second_run(stack: Stack) -> Iterator[subprocess.Popen[str]]:
    """A run on data that another one uses: it waits for that one to end, while the tests of this module go on."""
    environment = {**os.environ, "PORT": "0", "DATA_DIR": str(stack.data_dir)}
    command = [sys.executable, "-m", "local"]
    with subprocess.Popen(
        command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True
    ) as running:
        yield running
        running.kill()


def test_a_fresh_run_tells_the_time_and_shows_its_page(stack: Stack) -> None:
    status, clock = stack.request("GET", "/_local/clock")
    assert status == 200
    assert clock["now"].endswith("Z")
    status, page = stack.request("GET", "/_local/")
    assert status == 200
    assert "/_local/telegram/" in page


def test_advancing_moves_the_clock_and_says_what_fired(stack: Stack) -> None:
    _, before = stack.request("GET", "/_local/clock")
    answer = stack.advance(60.5)
    assert answer["now"] > before["now"]
    assert answer["fired"] >= 1  # the sweep of every minute


def test_its_own_libraries_have_nothing_to_complain_of(stack: Stack) -> None:
    stack.advance(0)
    said = stack.output()
    assert "  site " in said
    assert not [line for line in said.splitlines() if line.startswith(("urllib3", "botocore", "werkzeug"))]


def test_what_bot_and_telegram_say_to_each_other_is_written_down_to_be_judged(stack: Stack) -> None:
    page = f"{stack.url}/_local/telegram"
    person = httpx.post(f"{page}/people", json={"first_name": "Vera"}).json()["id"]
    assert httpx.post(f"{page}/chats/{person}/messages", json={"text": "/start"}).status_code == 201
    stack.advance(0)
    said = [json.loads(line) for line in record_of(stack.data_dir).read_text().splitlines()]
    assert {("update", "message"), ("call", "sendMessage"), ("answer", "sendMessage")} <= {(w, n) for w, n, _ in said}


def test_bills_are_paid_at_a_provider_of_its_own_which_calls_back(stack: Stack) -> None:
    assert "/_local/pay/" in stack.request("GET", "/_local/")[1]
    gateway = QiwiBills(lambda: LOCAL_SECRETS["qiwi"], f"{stack.url}/_local/pay/qiwi")
    now = datetime.fromisoformat(stack.request("GET", "/_local/clock")[1]["now"])
    bill = new_bill("a" * 32, Provider.QIWI, 4077, Money(50_000, "RUB"), now, 300)
    page = gateway.create(bill, "Top up").pay_url
    assert page.startswith(f"{stack.url}/_local/pay/bills/")
    said = httpx.post(f"{page}/pay", headers={"Accept": "application/json"}).json()
    assert said["status"] == "paid"
    assert said["told"][0].endswith("paid: 200"), "signed as the run expects it; that the bill is of nobody is no fault"
    forged = httpx.post(f"{stack.url}/payments/callback/qiwi", json={"bill": {}, "version": "1"})
    assert forged.status_code == 403


def test_a_model_of_its_own_answers_word_by_word(stack: Stack) -> None:
    assert "/_local/openai/" in stack.request("GET", "/_local/")[1]
    model = OpenAiCompatible(
        f"{stack.url}/_local/openai/v1", "any", lambda: None, first_byte_seconds=60, stall_seconds=60, most_tokens=900
    )
    with model.write((Turn(Speaker.USER, "Who is there?"),), 60) as written:
        *pieces, end = written
    assert "stand-in" in "".join(map(str, pieces))
    assert len(pieces) > 30
    assert isinstance(end, Written)


def test_bad_input_to_advance_is_answered_with_words(stack: Stack) -> None:
    for text in ("", "-1", "soon", "nan", "inf", "1e99"):
        status, answer = stack.request("POST", "/_local/advance", form={"seconds": text})
        assert status == 400, text
        assert "seconds" in answer["message"]
    assert stack.request("GET", "/_local/advance")[0] == 405
    assert stack.request("GET", "/_local/nowhere")[0] == 404


def test_a_month_passes_in_seconds(stack: Stack) -> None:
    _, before = stack.request("GET", "/_local/clock")
    answer = stack.advance(31 * 86400)
    assert answer["now"][:7] != before["now"][:7]


def test_a_used_login_query_stays_used_when_the_clock_is_moved_on(stack: Stack) -> None:
    fields = {"auth_date": str(int(time.time())), "first_name": "Vera", "id": "4077"}
    text = "\n".join(f"{name}={value}" for name, value in fields.items())
    key = hashlib.sha256(LOCAL_TOKEN.encode()).digest()
    query = fields | {"hash": hmac.new(key, text.encode(), hashlib.sha256).hexdigest()}

    def login() -> int:
        return httpx.get(f"{stack.url}/login/telegram", params=query).status_code

    assert [login(), login()] == [303, 403]
    stack.advance(3 * 86_400)
    assert login() == 403


def test_a_request_beyond_what_a_lambda_takes_is_refused_with_413(stack: Stack) -> None:
    status, answer = stack.request("POST", "/new_auction", form={"description": "x" * 5_000_000})
    assert (status, answer) == (413, {"message": "Request Too Long"})  # base64 makes it too long
    status, answer = stack.request("POST", "/new_auction", form={"description": "x" * 11_000_000})
    assert (status, answer) == (413, {"message": "Request Entity Too Large"})


def test_only_this_machine_is_served(stack: Stack) -> None:
    port = int(stack.url.rpartition(":")[2])
    with socket.socket() as other:
        other.bind(("0.0.0.0", 0))  # any address but the loopback's is free
        assert other.getsockname()[1] != port
    with socket.socket() as listener:
        listener.bind(("127.0.0.2", port))  # fails if the run listened on every address


def test_a_port_in_use_is_told_in_a_line(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        ended = subprocess.run(
            [sys.executable, "-m", "local"],
            check=False,
            cwd=ROOT,
            env={**os.environ, "PORT": str(port), "DATA_DIR": str(tmp_path)},
            capture_output=True,
            text=True,
            timeout=30,
        )
    assert ended.returncode == 1
    assert f"port {port} of 127.0.0.1 is not free" in ended.stderr
    assert "Traceback" not in ended.stderr


def test_the_clock_and_the_tables_survive_an_end_by_sigterm_and_by_sigkill(tmp_path: Path) -> None:
    with ExitStack() as running:

        def start() -> Stack:
            stack = Stack(tmp_path)
            running.callback(stack.kill)
            return stack

        first = start()
        answer = first.advance(7200)
        assert first.request("GET", "/_local/clock")[0] == 200
        first.kill()

        second = start()
        _, after_kill = second.request("GET", "/_local/clock")
        assert after_kill["now"] >= answer["now"]
        assert second.stop() == 0

        third = start()
        assert third.request("GET", "/_local/clock")[1]["now"] >= after_kill["now"]
        assert third.stop() == 0


def test_a_second_run_on_the_same_data_is_refused(second_run: subprocess.Popen[str]) -> None:
    _, errors = second_run.communicate(timeout=60)
    assert second_run.returncode == 1
    assert "another run uses" in errors


def test_settings_for_the_real_aws_do_not_lead_there(tmp_path: Path) -> None:
    foreign = {"AWS_PROFILE": "nobody", "AWS_ENDPOINT_URL_DYNAMODB": "http://127.0.0.1:9", "AWS_SESSION_TOKEN": "x"}
    run = Stack(tmp_path, foreign)
    assert run.advance(60)["fired"] >= 1
    assert "nobody" not in run.output()
    assert run.stop() == 0


def test_another_emulator_and_another_bot_api_are_used_where_they_are_named(tmp_path: Path, emulator: Emulator) -> None:
    others = {
        "AWS_ENDPOINT_URL": emulator.endpoint,
        "AWS_ACCESS_KEY_ID": "t",
        "AWS_SECRET_ACCESS_KEY": "t",
        "TELEGRAM_API_BASE_URL": "http://127.0.0.1:9",
    }
    run = Stack(tmp_path, others)
    assert run.request("GET", "/_local/telegram/")[0] == 404
    assert "updates are awaited" in run.output()
    assert not (tmp_path / "aws").exists()
    assert run.stop() == 0


def test_a_malformed_setting_is_told_by_its_name(tmp_path: Path) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "local"],
        check=False,
        cwd=ROOT,
        env={**os.environ, "PORT": "many", "DATA_DIR": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=30,
    )
    assert ended.returncode == 1
    assert "PORT" in ended.stderr
    assert "Traceback" not in ended.stderr


@pytest.mark.parametrize(
    "headers",
    [{"Origin": "http://evil.example"}, {"Origin": "null"}, {"Host": "evil.example"}, {"Sec-Fetch-Site": "cross-site"}],
)
def test_no_web_page_moves_the_clock_or_writes_as_somebody(stack: Stack, headers: dict[str, str]) -> None:
    _, before = stack.request("GET", "/_local/clock")
    for path in ("/_local/advance", "/_local/telegram/people"):
        answer = httpx.post(stack.url + path, data={"seconds": "864000"}, headers=headers)
        assert answer.status_code == 403, path
        assert answer.json()["message"]
    _, after = stack.request("GET", "/_local/clock")
    passed = datetime.fromisoformat(after["now"]) - datetime.fromisoformat(before["now"])
    assert passed < timedelta(days=1)


def test_our_own_page_and_programs_move_it(stack: Stack) -> None:
    port = stack.url.rpartition(":")[2]
    for headers in ({}, {"Origin": stack.url}, {"Origin": f"http://localhost:{port}", "Host": f"localhost:{port}"}):
        answer = httpx.post(f"{stack.url}/_local/advance", data={"seconds": "0"}, headers=headers)
        assert answer.status_code == 200
