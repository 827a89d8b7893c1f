"""`make webhook`: the change of the secret, and what it says of faults."""

from typing import TYPE_CHECKING, Any

import pytest

from starbid.observability import scrubbed
from starbid.services.ports import TryLater
from starbid.telegram.webhook_secrets import Undecided
from tests.support.bot_pool import TOKEN, Answer, FakeTelegram, timeout
from tests.support.fakes import FakeApp
from tests.template.bot_setup.conftest import PATH, STACK, Command, Functions, line, stored

if TYPE_CHECKING:
    from mypy_boto3_ssm import SSMClient


def test_the_secret_is_changed_and_all_is_right_after_it(
    run: Command, telegram: FakeTelegram, ssm: "SSMClient", waits: list[float]
) -> None:
    run()
    old = telegram.profile.secret
    code, out = run("--rotate")
    assert code == 0, out
    assert telegram.profile.secret == stored(ssm) != old
    assert len(waits) == 3
    assert old not in out
    assert stored(ssm) not in out
    kept = ssm.describe_parameters()["Parameters"]
    assert {parameter["Type"] for parameter in kept} == {"SecureString"}


def test_a_change_that_stops_between_two_steps_is_said_by_the_next_check_and_ended_by_the_next_run(
    run: Command, telegram: FakeTelegram, ssm: "SSMClient"
) -> None:
    run()
    telegram.fail("setWebhook", timeout())
    with pytest.raises(TryLater):
        run("--rotate")
    old, new = stored(ssm).split(",")
    assert telegram.profile.secret == old
    assert "was not finished" in line(run("--check")[1], "webhook: secret")
    assert run("--rotate")[0] == 0
    assert stored(ssm) == telegram.profile.secret
    assert stored(ssm) not in (old, new)


def test_a_deployment_that_tells_telegram_during_a_change_tells_what_is_stored_then(
    run: Command, telegram: FakeTelegram, ssm: "SSMClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    run()
    changed = telegram.profile.secret
    ask = telegram.profile.__class__._getChatMenuButton

    def meanwhile(*asked: Any) -> Any:
        """The rest of a change of the secret, after the command has read its settings."""
        ssm.put_parameter(Name=PATH, Value="a-new-secret", Type="SecureString", Overwrite=True)
        return ask(*asked)

    monkeypatch.setattr(telegram.profile.__class__, "_getChatMenuButton", meanwhile)
    code, out = run()
    assert code == 0, out
    assert telegram.profile.secret == stored(ssm) != changed


def test_two_changes_at_once_are_said_in_clear_words(
    main: Command, ssm: "SSMClient", monkeypatch: pytest.MonkeyPatch
) -> None:
    def somebody_else(_: float) -> None:
        ssm.put_parameter(Name=PATH, Value="the-first-secret,the-second-one", Type="SecureString", Overwrite=True)

    monkeypatch.setattr("time.sleep", somebody_else)
    code, said = main("--rotate")
    assert code == 1
    assert "changed by somebody else" in said
    assert stored(ssm) == "the-first-secret,the-second-one"


def test_a_process_that_looks_again_takes_what_is_stored_and_keeps_it_out_of_its_log(
    hook: FakeApp, ssm: "SSMClient"
) -> None:
    ssm.put_parameter(Name=PATH, Value="the-first-secret,the-second-one", Type="SecureString", Overwrite=True)
    assert hook.webhook_secrets.accepts("the-second-one")
    assert hook.webhook_secrets.accepts("the-first-secret")
    assert scrubbed("sent the-second-one, not the-first-secret") == "sent ***, not ***"


@pytest.mark.parametrize("value", ["two words,stored", "a,b,c", ","])
def test_a_process_that_reads_what_is_no_secret_goes_on_with_what_it_knows(
    hook: FakeApp, ssm: "SSMClient", value: str
) -> None:
    known = stored(ssm)
    ssm.put_parameter(Name=PATH, Value=value, Type="SecureString", Overwrite=True)
    with pytest.raises(Undecided):
        hook.webhook_secrets.accepts("another")
    assert hook.webhook_secrets.accepts(known)
    ssm.delete_parameter(Name=PATH)
    assert hook.webhook_secrets.accepts(known)


def test_a_token_that_telegram_does_not_know_is_said_in_clear_words(main: Command, telegram: FakeTelegram) -> None:
    telegram.fail("*", Answer(401, {"ok": False, "error_code": 401, "description": "Unauthorized"}), times=9)
    code, said = main()
    assert code == 1
    assert "does not know the stored bot token" in said
    assert TOKEN not in said


def test_a_telegram_that_does_not_answer_is_said(main: Command, telegram: FakeTelegram) -> None:
    telegram.fail("setWebhook", timeout())
    code, said = main()
    assert code == 1
    assert "run it again" in said


def test_a_stored_secret_that_no_function_would_take_is_named_and_not_shown(main: Command, ssm: "SSMClient") -> None:
    ssm.put_parameter(Name=PATH, Value="three,secrets,stored", Type="SecureString", Overwrite=True)
    code, said = main()
    assert code == 1
    assert "TELEGRAM_WEBHOOK_SECRET" in said
    assert "stored" not in said.replace("is stored", "")


def test_a_stack_that_is_not_there_is_named(
    main: Command, functions: Functions, monkeypatch: pytest.MonkeyPatch
) -> None:
    from botocore.exceptions import ClientError

    def missing(FunctionName: str) -> None:
        raise ClientError({"Error": {"Code": "ResourceNotFoundException", "Message": "no"}}, "GetFunctionConfiguration")

    monkeypatch.setattr(functions, "get_function_configuration", missing)
    code, said = main()
    assert code == 1
    assert f"called {STACK}" in said
