"""The AI helper in the panel: what a person has of it, never what they asked; answers changed, and packs granted."""

from __future__ import annotations

import re
from typing import Any

import pytest

from starbid.domain.assistant.account import MOST_PACKS
from starbid.domain.assistant.question import Task
from starbid.domain.payments import ChargeState
from starbid.domain.roles import Role
from starbid.services.ports import Ailment, ModelTrouble
from starbid.services.recording import Recorded
from tests.support.desk import decision
from tests.support.factories import ANNA, join
from tests.support.fakes import FakeApp
from tests.support.figures_oracle import assert_figures
from tests.support.invariants import assert_invariants, dump_of
from tests.support.packs import account, answer_all, ask, ask_and_answer, ordered, pay_pack, with_helper
from tests.support.there import there
from tests.support.web import Answer, Client, text

OWNER, SUPPORT, FINANCE, VIEWER = 900, 901, 902, 903
SECRET, REPLY = "how do I hide 4711 roubles", "under the mattress 4712"
PAGE = f"/admin/users/{ANNA}"


@pytest.fixture
def app() -> FakeApp:
    app = with_helper(stars=300)
    for user_id, role in ((OWNER, None), (SUPPORT, Role.SUPPORT), (FINANCE, Role.FINANCE), (VIEWER, Role.VIEWER)):
        join(app, user_id, role=role)
    return app


def by(app: FakeApp, operator: int = FINANCE) -> Client:
    return Client(app).log_in(operator)


def section(app: FakeApp, operator: int = VIEWER) -> str:
    answer = by(app, operator).get(PAGE, section="assistant")
    assert answer.status == 200
    return text(answer)


def change(app: FakeApp, operator: int = FINANCE, person: int = ANNA, **fields: Any) -> Answer:
    typed: dict[str, Any] = {"reason": "sorry for the outage"} | fields
    return by(app, operator).post_form(f"/admin/users/{person}/credits", **typed)


# --- what a person has ------------------------------------------------------------------------------------------------


def test_who_never_used_it_has_nothing_and_the_page_says_so(app: FakeApp) -> None:
    join(app, 55)
    page = text(by(app, VIEWER).get("/admin/users/55", section="assistant"))
    for said in ("Consent to the AI service not given", "Free trial not begun", "0 answers left", "No questions yet"):
        assert said in page


def test_it_shows_consent_trial_quota_packs_and_the_open_question(app: FakeApp) -> None:
    app.asking.start_trial(there(app.store.person(ANNA)), app.now())
    ask_and_answer(app, 2)
    app.people.subscribe(ANNA, "r", app.now())
    pay_pack(app, 50)
    app.buying.buy(ANNA, 10, "r1", app.now())
    change(app, change="7")
    ask(app)
    page = section(app)
    for said in (
        "Consent to the AI service given",
        "Free trial 2 of 10 used, until",
        "With the subscription 100 answers left, until",
        "Bought or given 67 answers left",
        "67 granted, 0 used, 0 withdrawn",
        "Open question waits for a worker · free trial · taken up 0 times · due",
        "50 50 ⭐ 80 in Telegram",
        "10 10 ⭐ 20 from the wallet",
        "7 7 – given by an operator",
    ):
        assert said in page, said
    assert 'href="/admin/payments/p1"' in by(app, VIEWER).get(PAGE, section="assistant").text


def test_a_trial_that_is_over_says_how_much_of_it_was_used(app: FakeApp) -> None:
    app.asking.start_trial(there(app.store.person(ANNA)), app.now())
    ask_and_answer(app)
    app.clock.forward(days=7)
    assert "Free trial over, 1 of 10 used" in section(app)


def test_questions_are_listed_by_what_they_were_and_never_with_a_word_of_them(app: FakeApp) -> None:
    change(app, change="9")
    app.language_model.says(REPLY)
    ask(app, text=SECRET)
    answer_all(app)
    app.language_model.says(ModelTrouble(Ailment.REFUSED, "no"))
    ask(app, text=SECRET, task=Task.LISTING)
    answer_all(app)
    ask(app, text=SECRET)
    pages = [by(app, who).get(PAGE, section="assistant").text for who in (VIEWER, SUPPORT, FINANCE, OWNER)]
    assert not [page for page in pages if "4711" in page or "4712" in page or "mattress" in page]
    page = section(app)
    assert re.search(r"question on the site answered \d+", page)
    assert "draft of a lot on the site not answered: the AI service did not answer" in page
    assert "question on the site waits" in page


def test_what_was_cleared_is_not_listed(app: FakeApp) -> None:
    change(app, change="9")
    ask_and_answer(app, 2)
    app.asking.clear(ANNA, app.now())
    page = section(app)
    assert "No questions yet, or their history is cleared." in page
    assert "History cleared" in page


def test_it_leads_to_the_log_of_the_helper_which_has_no_words_either(app: FakeApp) -> None:
    change(app, change="9")
    app.language_model.says(REPLY)
    ask(app, text=SECRET)
    answer_all(app)
    app.recording.record([Recorded(event=event) for event in app.store.tables.events.values()], app.now())
    address = f"/admin/log?user_id={ANNA}&amp;kind=assistant"
    assert address in by(app, VIEWER).get(PAGE, section="assistant").text
    page = by(app, VIEWER).send("GET", "/admin/log", f"user_id={ANNA}&kind=assistant")
    shown = text(page)
    assert "4711" not in page.text
    assert "4712" not in page.text
    assert "Question answered" in shown
    assert "question · bought or given answers · on the site" in shown
    assert "Answers changed by an operator" in shown
    assert "9 answers · +9" in shown


def test_it_goes_on_where_the_page_ended(app: FakeApp) -> None:
    change(app, change="30")
    ask_and_answer(app, 25)
    first = by(app, VIEWER).get(PAGE, section="assistant")
    assert first.text.count("<tr data-row>") == 20 + 1, "with the pack"
    following = there(re.search(r'rel="next" href="[^"?]*\?([^"]+)"', first.text))[1].replace("&amp;", "&")
    assert by(app, VIEWER).send("GET", PAGE, following).text.count("<tr data-row>") == 5 + 1
    assert by(app, VIEWER).get(PAGE, section="assistant", cursor="!").status == 422


def test_it_is_there_in_russian(app: FakeApp) -> None:
    join(app, 904, role=Role.VIEWER, language="ru")
    change(app, change="9")
    ask_and_answer(app)
    ask(app)
    page = section(app, 904)
    for word in ("Помогатор", "Согласие на AI-сервис дано", "осталось 7 ответов", "Открытый вопрос ждёт обработчика"):
        assert word in page
    for word in ("answer", "question", "given", "Tokens"):
        assert word not in page


# --- answers changed --------------------------------------------------------------------------------------------------


def test_answers_are_given_and_taken_told_and_on_record(app: FakeApp) -> None:
    answer = change(app, change="50", request_id="k1")
    assert (answer.status, answer.headers["location"]) == (303, f"{PAGE}?section=assistant")
    assert change(app, change="50", request_id="k1").status == 303
    assert change(app, change="\N{MINUS SIGN}20", request_id="k2").status == 303
    assert account(app).credits == 30
    first, second = app.store.tables.audit.values()
    assert (first.action, first.admin_id, first.user_id) == ("change-credits", FINANCE, ANNA)
    assert (first.before, first.after, second.before, second.after) == ("0", "50", "50", "30")
    assert [notice.kind for notice in app.run_streams()].count("credits_changed") == 2
    assert "Changed answers of the AI helper" in text(by(app).get(PAGE, section="log"))
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize(
    ("typed", "status"),
    [
        ({"change": "0"}, 422),
        ({"change": ""}, 422),
        ({}, 422),
        ({"change": "1.5"}, 422),
        ({"change": "100001"}, 422),
        ({"change": "-100001"}, 422),
        ({"change": "5", "reason": " \t"}, 422),
        ({"change": "-1"}, 409),
        ({"change": "100000"}, 303),
    ],
)
def test_what_a_change_answers(app: FakeApp, typed: dict[str, Any], status: int) -> None:
    answer = change(app, **typed)
    assert answer.status == status
    assert len(app.store.tables.audit) == (status == 303)
    if status != 303:
        assert 'role="alert"' in answer.text
        assert f'value="{typed.get("change", "")}"' in answer.text


def test_one_that_a_question_has_reserved_is_not_taken(app: FakeApp) -> None:
    change(app, change="1")
    ask(app)
    assert change(app, change="-1").status == 409
    answer_all(app)
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize(("who", "status"), [(VIEWER, 403), (SUPPORT, 403), (ANNA, 404), (FINANCE, 303), (OWNER, 303)])
def test_only_finance_changes_answers(app: FakeApp, who: int, status: int) -> None:
    assert change(app, who, change="5").status == status
    is_offered = f"{PAGE}/credits" in by(app, who).get(PAGE).text
    assert is_offered is (status == 303)


def test_nobody_but_owners_changes_their_own(app: FakeApp) -> None:
    assert change(app, FINANCE, FINANCE, change="5").status == 409
    assert change(app, OWNER, OWNER, change="5").status == 303


def test_nobody_of_this_id_gets_any(app: FakeApp) -> None:
    assert change(app, person=123456, change="5").status == 404


# --- packs that were paid for and not granted -------------------------------------------------------------------------


def refused(app: FakeApp) -> str:
    """ANNA paid for a pack that had no room; the id of its order."""
    order_id, payload, price = ordered(app)
    for _ in range(MOST_PACKS):
        app.buying.change(ANNA, 1, decision(app))
    app.paying.credit(ANNA, "p1", payload, price, "XTR", app.now())
    return order_id


def grant(app: FakeApp, operator: int = FINANCE, charge: str = "p1", key: str = "k1") -> Answer:
    typed = {"reason": "it was paid", "request_id": key}
    return by(app, operator).post_form(f"/admin/payments/{charge}/grant", **typed)


def test_the_page_of_the_payment_says_so_and_grants_it_once(app: FakeApp) -> None:
    refused(app)
    page = text(by(app).get("/admin/payments/p1"))
    assert "could not be granted. The money is in the wallet." in page
    assert "Grant the pack of 10 answers" in page
    assert "Grant the pack" not in text(by(app, SUPPORT).get("/admin/payments/p1"))
    assert grant(app).status == 409
    app.buying.change(ANNA, -1, decision(app))
    assert [grant(app, key=key).status for key in ("k1", "k1", "k2")] == [303] * 3
    assert account(app).credits == MOST_PACKS - 1 + 10
    page = text(by(app).get("/admin/payments/p1"))
    assert "could not be granted" not in page
    acts = [entry for entry in app.store.tables.audit.values() if entry.action == "grant-credits"]
    assert [(entry.user_id, entry.subject, entry.reason) for entry in acts] == [(ANNA, "charge/p1", "it was paid")]
    assert "Granted a paid pack of answers" in text(by(app, OWNER).get("/admin/audit"))
    assert_invariants(dump_of(app.store))


@pytest.mark.parametrize(("who", "status"), [(VIEWER, 403), (SUPPORT, 403), (ANNA, 404)])
def test_nobody_below_finance_grants(app: FakeApp, who: int, status: int) -> None:
    refused(app)
    assert grant(app, who).status == status


def test_what_is_no_payment_of_a_pack_grants_nothing(app: FakeApp) -> None:
    (charge,) = app.store.charges_of(ANNA)
    assert grant(app, charge="nothing").status == 404
    assert grant(app, charge=charge.id).status == 404
    assert account(app).granted == 0


# --- payments of packs ------------------------------------------------------------------------------------------------


def test_the_payment_of_a_pack_says_what_it_bought_and_goes_back_while_that_is_unused(app: FakeApp) -> None:
    pay_pack(app, 50)
    page = text(by(app).get("/admin/payments/p1"))
    assert "Answers of the AI helper" in page
    assert "what it bought is withdrawn here" in page
    typed = {"reason": "they asked for it", "request_id": "r1"}
    assert by(app).post_form("/admin/payments/p1/refund", **typed).status == 303
    assert (account(app).credits, app.stars.refunded) == (0, ["p1"])
    assert "Answers of the AI helper" in text(by(app).get("/admin/payments", user_id=ANNA))


def test_once_one_is_used_it_does_not_go_back_and_the_page_says_why(app: FakeApp) -> None:
    pay_pack(app, 50)
    ask_and_answer(app)
    page = text(by(app).get("/admin/payments/p1"))
    assert "Answers of the pack that it bought have been used" in page
    assert "Refund ⭐" not in page
    typed = {"reason": "all the same", "request_id": "r1"}
    assert by(app).post_form("/admin/payments/p1/refund", **typed).status == 409
    assert app.store.tables.charges["p1"].state is ChargeState.CREDITED


# --- figures ----------------------------------------------------------------------------------------------------------


def test_the_charts_of_the_helper_are_what_happened(app: FakeApp) -> None:
    app.asking.start_trial(there(app.store.person(ANNA)), app.now())
    ask_and_answer(app, 3)
    app.language_model.says(ModelTrouble(Ailment.REFUSED, "no"))
    ask_and_answer(app)
    app.language_model.says("An answer.")
    pay_pack(app)
    ask(app)
    app.asking.stop(ANNA)
    answer_all(app)
    assert_figures(app, app.now())
    page = text(by(app, VIEWER).get("/admin", period="today"))
    for said in ("AI helper", "AI answers 3", "AI questions without an answer 1", "AI tokens", "Trial to paid 100%"):
        assert said in page, said
