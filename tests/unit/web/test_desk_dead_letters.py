"""Dead letters in the panel: fetched once, sent again or dropped once, their bodies shown to nobody."""

from __future__ import annotations

import json
from typing import Any

import pytest

from starbid.domain.letters import LetterQueue
from starbid.domain.roles import Role
from starbid.services.desk.letters import MOST_BYTES
from starbid.services.ports import Contended, Unavailable
from tests.support.factories import ANNA, join
from tests.support.fakes import Death, FakeApp, make_app
from tests.support.web import Answer, Client, text

ADMIN, FINANCE, VIEWER = 900, 801, 803
PATH = "/admin/dead-letters"
SECRET = "meet me at the station"
BODY = json.dumps({"id": "n1", "user_id": 7, "kind": "outbid", "auction_id": "lot1", "facts": {"text": SECRET}})


@pytest.fixture
def app() -> FakeApp:
    app = make_app()
    for user_id, role in ((ADMIN, None), (FINANCE, Role.FINANCE), (VIEWER, Role.VIEWER), (ANNA, None)):
        join(app, user_id, role=role)
    return app


def desk(app: FakeApp, user_id: int = ADMIN) -> Client:
    return Client(app).log_in(user_id)


def act(client: Client, path: str, **fields: Any) -> Answer:
    given: dict[str, Any] = {"reason": "the fault is mended", "request_id": path[-20:]} | fields
    return client.post_form(f"{PATH}/{path}", **given)


def fetched(app: FakeApp, queue: LetterQueue = LetterQueue.NOTICES, body: str = BODY) -> str:
    letter_id = app.letter_queues.give_up(queue, body)
    assert act(desk(app), "collect").status == 303
    return letter_id


def actions(app: FakeApp) -> list[str]:
    return [entry.action for entry in app.store.tables.audit.values()]


def test_letters_in_the_queues_wait_for_an_operator_and_are_fetched(app: FakeApp) -> None:
    for number in range(23):
        app.letter_queues.give_up(LetterQueue.NOTICES, BODY.replace("n1", f"n{number}"))
    app.letter_queues.give_up(LetterQueue.JOBS, '{"job": "deal", "auction_id": "lot2"}')
    client = desk(app)
    assert "24 Dead letters" in text(client.get("/admin"))
    assert "About 24 letters wait in the queues" in text(client.get(PATH))
    assert act(client, "collect").status == 303
    page = text(client.get(PATH))
    assert page.count("outbid") == 23
    assert "auction_id lot2" in page
    assert sum(app.letter_queues.lengths().values()) == 0
    assert "24 Dead letters" in text(client.get("/admin"))


@pytest.mark.parametrize("who", [ADMIN, FINANCE, VIEWER])
def test_what_a_letter_holds_is_shown_to_nobody(app: FakeApp, who: int) -> None:
    fetched(app)
    assert SECRET not in desk(app, who).get(PATH).text
    assert SECRET not in repr(app.store.tables.audit)


def test_a_death_between_keeping_and_deleting_keeps_a_letter_once(app: FakeApp) -> None:
    app.letter_queues.give_up(LetterQueue.NOTICES, BODY)
    queues = app.letter_queues
    take = queues.take

    def dies(queue: LetterQueue) -> Any:
        taken = take(queue)
        if taken:
            queues.fail_next(Death())
        return taken

    queues.take = dies  # type: ignore[method-assign]
    with pytest.raises(Death):
        act(desk(app), "collect")
    queues.take = take  # type: ignore[method-assign]
    queues.appear_again()
    act(desk(app), "collect", request_id="once more")
    assert text(desk(app).get(PATH)).count("outbid") == 1
    assert sum(queues.lengths().values()) == 0


def test_one_that_is_too_large_for_a_record_stays_in_its_queue(app: FakeApp) -> None:
    app.letter_queues.give_up(LetterQueue.NOTICES, json.dumps({"x": "y" * MOST_BYTES}))
    assert act(desk(app), "collect").status == 303
    assert sum(app.letter_queues.lengths().values()) == 1


def test_a_letter_is_sent_again_once_however_often_the_form_is_posted(app: FakeApp) -> None:
    letter_id, client = fetched(app), desk(app)
    assert [act(client, f"{letter_id}/resend").status for _ in range(3)] == [303] * 3
    assert act(desk(app), f"{letter_id}/resend", request_id="another form").status == 303
    assert app.letter_queues.sent == [(LetterQueue.NOTICES, BODY)]
    assert actions(app) == ["collect-letters", "resend-letter"]
    assert "sent again" in text(client.get(PATH, state="decided"))
    assert SECRET not in repr(app.store.tables.desk)


def test_a_job_is_called_again_by_a_schedule(app: FakeApp) -> None:
    job = '{"job": "deal", "auction_id": "lot1"}'
    letter_id = fetched(app, LetterQueue.JOBS, job)
    assert act(desk(app), f"{letter_id}/resend").status == 303
    assert app.scheduler.again == {letter_id: ("payments", job)}
    assert app.letter_queues.sent == []


def test_a_job_of_nobody_is_only_dropped(app: FakeApp) -> None:
    letter_id, client = fetched(app, LetterQueue.JOBS, '{"job": "of nobody"}'), desk(app)
    answer = act(client, f"{letter_id}/resend")
    assert answer.status == 409
    assert "It can only be dropped." in text(answer)
    assert act(client, f"{letter_id}/drop").status == 303


def test_a_queue_that_gives_no_answer_leaves_the_letter_to_be_sent_again(app: FakeApp) -> None:
    letter_id, client = fetched(app), desk(app)
    app.letter_queues.fail_next(Unavailable("sqs"))
    assert act(client, f"{letter_id}/resend").status == 303
    page = text(client.get(PATH))
    assert "It is not lost: press once more." in page
    assert "being sent" in page
    assert act(client, f"{letter_id}/resend", request_id="once more").status == 303
    assert app.letter_queues.sent == [(LetterQueue.NOTICES, BODY)]


@pytest.mark.parametrize("after", [False, True])
def test_a_death_at_the_decision_leaves_it_with_its_entry_or_neither(app: FakeApp, after: bool) -> None:
    letter_id = fetched(app)
    app.store.fail_next(Death(), after=after)
    with pytest.raises(Death):
        act(desk(app), f"{letter_id}/resend")
    assert ("resend-letter" in actions(app)) is after
    assert act(desk(app), f"{letter_id}/resend").status == 303
    assert app.letter_queues.sent == [(LetterQueue.NOTICES, BODY)]
    assert actions(app).count("resend-letter") == 1


def test_two_owners_decide_differently_and_the_second_sees_what_happened(app: FakeApp) -> None:
    letter_id = fetched(app)
    app.store.fail_next(Contended())
    assert act(desk(app), f"{letter_id}/drop").status == 303
    answer = act(desk(app), f"{letter_id}/resend")
    assert answer.status == 409
    assert "sent again or dropped already" in text(answer)
    assert app.letter_queues.sent == []
    assert act(desk(app), f"{letter_id}/drop", request_id="again").status == 303


@pytest.mark.parametrize("path", ["collect", "message-1/resend", "message-1/drop"])
@pytest.mark.parametrize(("who", "status"), [(VIEWER, 403), (FINANCE, 403), (ANNA, 404)])
def test_only_owners_decide(app: FakeApp, path: str, who: int, status: int) -> None:
    app.letter_queues.give_up(LetterQueue.NOTICES, BODY)
    assert act(desk(app, who), path).status == status
    assert not app.store.tables.audit
    assert sum(app.letter_queues.lengths().values()) == 1


@pytest.mark.parametrize("path", ["collect", "{}/resend", "{}/drop"])
def test_a_reason_is_needed(app: FakeApp, path: str) -> None:
    letter_id = fetched(app)
    assert act(desk(app), path.format(letter_id), reason=" ").status == 422
    assert actions(app) == ["collect-letters"]


def test_a_letter_that_is_gone_is_not_found(app: FakeApp) -> None:
    letter_id = fetched(app)
    app.clock.forward(days=30)
    assert act(desk(app), f"{letter_id}/resend").status == 404
    assert act(desk(app), "nothing/drop").status == 404


def test_queues_that_give_no_answer_do_not_take_the_pages_down(app: FakeApp) -> None:
    client = desk(app)
    app.letter_queues.fail_next(Unavailable("sqs"), times=2)
    assert client.get("/admin").status == 200
    assert "The queues give no answer at the moment." in text(client.get(PATH))
