"""Steps of family bindings on real rows, with the office's own process at the other end."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import psycopg
import pytest
from temporalio.exceptions import ApplicationError

from activities.family_office import FamilyOffice
from crossclaim.api.family_examples import FAMILY_EXAMPLES
from crossclaim.domain.errors import NotFound
from crossclaim.domain.family_binding import BindingState
from crossclaim.domain.family_office import BindingOrder, EndOrder, OfficeAnswer, OfficeState
from crossclaim.domain.family_submission import FamilyBindingSubmission
from crossclaim.domain.insured import Insurance, Relation
from crossclaim.domain.submission import SubmissionKind
from crossclaim.stack import Stack
from crossclaim.store.binding_rows import read_binding, read_code_link
from crossclaim.wiring import api_house, worker_house
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.family_rig import (
    AT,
    DESK,
    ON,
    FamilyRig,
    application,
    code_link,
    later,
    people,
)
from tests.steps.rig import VOUCHERS_ONLY, Rig

NOWHERE = "--callback-url=http://127.0.0.1:9"
SECRET = "--callback-secret=whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"
REFUSED_AT_ONCE = "440604195001010001"


@pytest.fixture(scope="module")
def office(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    folder = tmp_path_factory.mktemp("office")
    with SimulatedParty("family_office", folder, NOWHERE, SECRET) as party:
        yield party


@pytest.fixture
def family(rig: Rig, stack: Stack, office: SimulatedParty) -> Iterator[FamilyRig]:
    office.reset((AT + timedelta(hours=1)).isoformat())
    house = worker_house(stack.settings)
    yield FamilyRig.of(rig, house, office)
    house.database.close()


def test_an_application_is_opened_once_and_answered_the_same_when_it_is_applied_again(
    family: FamilyRig,
) -> None:
    binding, answer = family.say(SubmissionKind.FAMILY_BINDING, application())
    assert (answer.status, answer.body["state"]) == (201, "applied")
    (sent,) = family.select("select id from submission where episode_id = %(id)s", id=binding)
    again = family.apply(binding, sent["id"], later(9))
    assert (again.receipt.status, again.standing.send_due) == (201, True)
    assert family.states(binding) == ["applied"]


def test_what_the_rules_of_the_day_refuse_opens_nothing_and_sends_nothing(
    family: FamilyRig,
) -> None:
    raw = application(relation="other", papers=[])
    binding, answer = family.say(SubmissionKind.FAMILY_BINDING, raw)
    assert answer.status == 422
    assert sorted(set(answer.codes)) == ["FAMILY_PAPER_MISSING", "FAMILY_RELATION_NOT_ALLOWED"]
    assert not family.stock(binding, AT).opened
    assert family.taken(binding) == []


def test_the_same_two_people_have_one_live_binding_and_a_new_one_after_its_end(
    family: FamilyRig,
) -> None:
    pair = people()
    first = family.applied(pair)
    _, second = family.say(SubmissionKind.FAMILY_BINDING, application(pair))
    assert (second.status, second.codes) == (422, ["FAMILY_ALREADY_APPLIED"])
    family.unbind(first)
    assert family.row(family.applied(pair)).state is BindingState.APPLIED


def test_after_a_refusal_a_new_application_names_the_old_one_and_nobody_elses(
    family: FamilyRig,
) -> None:
    pair = people()
    old = family.applied(pair)
    family.send(old)
    family.office_says(old, "refused", decided_on=str(ON), reason="PAPER_UNREADABLE")
    assert (family.row(old).state, family.row(old).reason) == ("refused", "PAPER_UNREADABLE")
    live = family.applied()
    for wrong in (live, "fb_nothing"):
        raw = application(pair, replaces=wrong)
        _, answer = family.say(SubmissionKind.FAMILY_BINDING, raw)
        assert answer.codes == ["FAMILY_REPLACES_UNKNOWN"]
    raw = application(pair, replaces=old)
    _, foreign = family.say(SubmissionKind.FAMILY_BINDING, raw, desk="hku-szh")
    assert foreign.codes == ["FAMILY_REPLACES_UNKNOWN"]
    new = family.applied(pair, replaces=old)
    assert family.row(new).replaces == old
    assert family.row(old).state is BindingState.REFUSED


def test_an_application_is_reviewed_approved_and_gives_the_facts_of_a_bills_split(
    family: FamilyRig,
) -> None:
    pair = people()
    binding = family.applied(pair)
    standing = family.send(binding)
    assert (standing.state, standing.look_again_at) == ("under_review", later(3))
    assert family.sharings(pair[1], ON) == []
    family.office_says(binding, "approved", decided_on="2026-03-03")
    (found,) = family.sharings(pair[1], date(2026, 3, 3))
    assert (found.binding_id, found.authoriser.number) == (binding, pair[0])
    sharing = found.sharing
    assert (sharing.relation, sharing.authoriser.insurance) == (
        Relation.PARENT,
        Insurance.EMPLOYEE,
    )
    assert (sharing.authoriser.area.pool, sharing.user.insured) == ("jiangmen", True)
    assert sharing.holds(date(2026, 3, 3)) and not sharing.holds(ON)
    assert family.sharings(pair[1], ON) == []
    assert family.sharings(pair[0], date(2026, 3, 3)) == [], "the authoriser is nobody's user"
    assert family.states(binding) == ["applied", "under_review", "bound"]


class Forgetful:
    """The naive twin: after a lost answer it applies again, each time under another reference."""

    def __init__(self, office: FamilyOffice) -> None:
        self._office = office
        self._tries = 0

    def apply(self, order: BindingOrder) -> OfficeAnswer:
        self._tries += 1
        reference = f"{order.reference}-{self._tries}"
        return self._office.apply(order.model_copy(update={"reference": reference}))

    def find(self, reference: str, at: datetime) -> OfficeAnswer:
        return OfficeAnswer(reference=reference, state=OfficeState.NOT_FOUND)

    def end(self, order: EndOrder) -> OfficeAnswer:
        return self._office.end(order)

    def read_callback(self, text: str) -> OfficeAnswer:
        return self._office.read_callback(text)


def one_application_only(family: FamilyRig, binding: str) -> None:
    family.office.script("accepted_answer_lost", match={"operation": "apply"})
    family.retried(binding)
    assert len(family.taken(binding)) == 1, family.taken(binding)


def test_after_a_lost_answer_the_office_has_one_application(family: FamilyRig) -> None:
    binding = family.applied()
    one_application_only(family, binding)
    assert family.row(binding).state is BindingState.UNDER_REVIEW
    tries = family.select(
        "select outcome from family_binding_attempt where binding_id = %(id)s"
        " and operation = 'apply' order by attempt",
        id=binding,
    )
    assert [row["outcome"] for row in tries] == ["unknown", "answered"]
    assert family.office.journal("asked_again") == []


def test_the_naive_twin_applies_twice(family: FamilyRig) -> None:
    assert family.world.family_office is not None
    naive = replace(family.world, family_office=Forgetful(family.world.family_office))
    binding = family.applied()
    with pytest.raises(AssertionError):
        one_application_only(replace(family, world=naive), binding)
    assert len(family.taken(binding)) == 2


def test_an_office_that_is_down_has_taken_nothing_and_is_tried_again(family: FamilyRig) -> None:
    family.office.script("down", match={"operation": "apply"}, retry_after_s=7)
    binding = family.applied()
    with pytest.raises(ApplicationError) as caught:
        family.send(binding)
    assert caught.value.next_retry_delay == timedelta(seconds=7)
    assert family.taken(binding) == []
    assert family.send(binding).state == "under_review"


def test_a_refusal_at_the_counter_is_the_offices_decision(family: FamilyRig) -> None:
    binding = family.applied((people()[0], REFUSED_AT_ONCE))
    assert family.send(binding).closed
    row = family.row(binding)
    assert (row.state, row.reason) == ("refused", "NOT_SAME_POOLING_AREA")


def test_a_silent_office_is_asked_after_three_days_and_its_answer_counts(
    family: FamilyRig,
) -> None:
    family.office.script("silent", match={"operation": "apply"})
    binding = family.applied()
    family.send(binding)
    assert family.ask(binding, later(2)).look_again_at == later(3)
    assert family.office.journal("asked") == [], "it is not asked before its time"
    assert family.ask(binding, later(3)).look_again_at == later(6)
    reference = family.row(binding).reference
    decision = {"reference": reference, "status": "approved", "callback": False}
    family.office._control.post("/_control/decide", json=decision).raise_for_status()
    assert family.ask(binding, later(6)).state == "bound"
    assert family.row(binding).inquiries == 2


def test_a_decision_that_overtakes_the_answer_to_its_application_is_taken(
    family: FamilyRig,
) -> None:
    family.office.script("accepted_answer_lost", match={"operation": "apply"})
    binding = family.applied()
    with pytest.raises(ApplicationError):
        family.send(binding)
    family.office_says(binding, "approved", decided_on=str(ON))
    assert family.send(binding).state == "bound", "a late try of the step changes nothing"
    assert family.states(binding) == ["applied", "bound"]
    assert len(family.taken(binding)) == 1


def test_the_same_decision_twice_is_one_decision_and_another_is_shown_to_a_person(
    family: FamilyRig,
) -> None:
    pair = people()
    binding = family.bound(pair)
    before = family.row(binding)
    assert family.office_says(binding, "approved", decided_on=str(ON)).status == 200
    assert (family.row(binding), family.exceptions(binding)) == (before, [])
    family.office_says(binding, "refused", decided_on=str(ON), reason="RELATION_NOT_PROVEN")
    assert family.row(binding).state is BindingState.BOUND
    assert family.exceptions(binding) == ["OFFICE_CONTRADICTS_ITSELF"]
    assert len(family.sharings(pair[1], ON)) == 1


@pytest.mark.parametrize(
    "message",
    [
        "no JSON",
        '{"reference": 7}',
        '{"reference": "FBFOREIGN", "application_number": "x", "status": "approved"}',
    ],
)
def test_a_message_that_makes_no_sense_changes_nothing_and_is_kept(
    family: FamilyRig, message: str
) -> None:
    binding = family.applied()
    content = {"message": message}
    _, answer = family.say(SubmissionKind.OFFICE_ANSWER, content, binding)
    assert (answer.status, answer.body["status"]) == (200, "set aside")
    assert family.row(binding).state is BindingState.APPLIED
    assert family.exceptions(binding) == ["ANSWER_NOT_USABLE"]


def test_unbinding_holds_at_once_and_the_office_is_told_afterwards(family: FamilyRig) -> None:
    pair = people()
    binding = family.bound(pair)
    assert family.unbind(binding, later(30)).body["ended_on"] == "2026-04-01"
    assert len(family.sharings(pair[1], date(2026, 3, 31))) == 1
    assert family.sharings(pair[1], date(2026, 4, 1)) == []
    assert family.stock(binding, later(30)).tell_due
    assert family.tell(binding, later(30)).closed
    assert len(family.office.journal("ended")) == 1
    again = family.unbind(binding, later(40))
    assert (again.status, again.body["ended_on"]) == (200, "2026-04-01")
    assert family.tell(binding, later(41)).closed
    assert len(family.office.journal("ended")) == 1


def test_a_refused_application_has_nothing_to_unbind(family: FamilyRig) -> None:
    binding = family.applied((people()[0], REFUSED_AT_ONCE))
    family.send(binding)
    assert family.unbind(binding).codes == ["FAMILY_NOTHING_TO_UNBIND"]


def test_a_decision_after_the_end_binds_nobody_and_the_office_is_told_again(
    family: FamilyRig,
) -> None:
    pair = people()
    binding = family.applied(pair)
    family.send(binding)
    family.unbind(binding, later(1))
    assert family.tell(binding, later(1)).closed
    family.office_says(binding, "approved", decided_on="2026-03-03")
    assert family.row(binding).state is BindingState.UNBOUND
    assert family.exceptions(binding) == ["DECIDED_AFTER_UNBINDING"]
    assert family.sharings(pair[1], date(2026, 3, 4)) == []
    assert family.stock(binding, later(3)).tell_due
    assert family.tell(binding, later(3)).closed


def test_an_application_that_may_be_on_its_way_is_ended_there_when_it_arrives(
    family: FamilyRig,
) -> None:
    """ "Never heard of it" counts only when nothing of ours can reach the office any more."""
    family.office.script("error_500", match={"operation": "apply"})
    binding = family.applied()
    with pytest.raises(ApplicationError):
        family.send(binding)
    family.unbind(binding)
    standing = family.tell(binding, AT)
    assert (standing.closed, standing.look_again_at) == (False, later(1))
    assert family.tell(binding, later(1)).closed


def test_an_end_at_the_offices_own_counter_is_heard_of_by_the_yearly_question(
    family: FamilyRig,
) -> None:
    pair = people()
    binding = family.bound(pair)
    reference = family.row(binding).reference
    ended = {"reference": reference, "status": "ended", "on": "2027-01-05", "callback": False}
    family.office._control.post("/_control/decide", json=ended).raise_for_status()
    assert family.ask(binding, later(200)).state == "bound", "not before its time"
    assert family.ask(binding, later(370)).closed
    row = family.row(binding)
    assert (row.state, row.ended_by, row.ended_on) == ("unbound", "office", date(2027, 1, 5))
    assert family.sharings(pair[1], date(2027, 1, 5)) == []


def test_a_binding_is_seen_by_the_desk_that_applied_and_never_by_an_insurer(
    family: FamilyRig, stack: Stack
) -> None:
    binding = family.applied()
    link, _ = family.say(SubmissionKind.FAMILY_CODE_LINK, code_link(people()))
    api = api_house(stack.settings)
    seen = {}
    for organisation in (DESK, "hku-szh", "harbour-life"):
        with api.database.begin(organisation) as connection:
            seen[organisation] = (
                read_binding(connection, binding) is not None,
                read_code_link(connection, link) is not None,
                len(connection.execute("select 1 from family_binding_state").all()) > 0,
            )
    api.database.close()
    assert seen[DESK] == (True, True, True)
    assert seen["hku-szh"][:2] == seen["harbour-life"][:2] == (False, False)
    assert seen["harbour-life"][2] is False
    unbind = {"asked_by": "user", "asked_at": AT.isoformat()}
    with pytest.raises(NotFound):
        family.say(SubmissionKind.FAMILY_UNBIND, unbind, binding, desk="hku-szh")


@pytest.mark.parametrize(
    "statement",
    [
        "update family_binding_state set state = 'bound' where binding_id = %(id)s",
        "delete from family_binding_state where binding_id = %(id)s",
        "update family_binding set user_index = authoriser_index where id = %(id)s",
        "update family_binding set state = 'bound', bound_on = '2026-03-02' where id = %(id)s",
        "delete from family_binding where id = %(id)s",
    ],
)
def test_what_is_written_about_a_binding_stays(family: FamilyRig, statement: str) -> None:
    binding = family.applied((people()[0], REFUSED_AT_ONCE))
    family.send(binding)
    with pytest.raises(psycopg.Error), family.database.begin() as connection:
        written = connection.execute(statement, {"id": binding}).rowcount
        assert written < 0, "the database let it happen"


def test_a_family_code_opens_no_account_and_ends_by_itself(family: FamilyRig) -> None:
    pair = people()
    link, answer = family.say(SubmissionKind.FAMILY_CODE_LINK, code_link(pair))
    assert (answer.status, answer.body["opens_account"]) == (201, False)
    assert family.sharings(pair[1], date(2030, 1, 1)) == []
    _, again = family.say(SubmissionKind.FAMILY_CODE_LINK, code_link(pair))
    assert again.codes == ["FAMILY_CODE_ALREADY_LINKED"]
    binding = family.bound(pair)
    early = {"ended_at": "2025-01-01T00:00:00+08:00"}
    assert family.say(SubmissionKind.FAMILY_CODE_END, early, link)[1].codes == [
        "FAMILY_CODE_ENDS_BEFORE"
    ]
    end = {"ended_at": "2026-09-01T10:05:00+08:00"}
    for _ in range(2):
        assert family.say(SubmissionKind.FAMILY_CODE_END, end, link)[1].status == 200
    assert family.row(binding).state is BindingState.BOUND, "the sharing is another record"
    assert family.say(SubmissionKind.FAMILY_CODE_LINK, code_link(pair))[1].status == 201


def test_no_column_of_ours_names_the_two_people(family: FamilyRig) -> None:
    pair = people()
    family.bound(pair)
    family.say(SubmissionKind.FAMILY_CODE_LINK, code_link(pair))
    shown = FAMILY_EXAMPLES[FamilyBindingSubmission]
    names = [n for side in ("authoriser", "user") for n in shown[side]["name"].values()]
    papers = [p["name"] for p in shown["papers"]]
    tables = [
        "family_binding",
        "family_binding_state",
        "family_binding_attempt",
        "family_binding_exception",
        "family_code_link",
        "submission",
    ]
    for table in tables:
        rows = family.select(f"select t::text as row from {table} t")
        told = json.dumps(rows, ensure_ascii=False)
        assert [s for s in (*pair, *names, *papers) if s in told] == [], table


def test_what_a_bill_takes_is_kept_for_the_two_and_given_back_once(
    rig: Rig, family: FamilyRig
) -> None:
    visit = rig.visit("NO-SUCH-POLICY")
    visit.accepted(coverages=VOUCHERS_ONLY)
    (bill,) = visit.rows().bills
    with rig.world.records.transaction() as tx:
        patient = tx.episode_content(visit.episode).patient
    raw = application(applied_at="2026-03-02T09:15:00+08:00")
    raw["user"]["document"] = patient.documents[0].model_dump(mode="json", exclude_none=True)
    binding, answer = family.say(SubmissionKind.FAMILY_BINDING, raw)
    assert answer.status == 201, answer.body
    family.send(binding)
    family.office_says(binding, "approved", decided_on=str(ON))
    with rig.world.records.transaction() as tx:
        (found,) = tx.family_sharings(visit.episode, date(2026, 4, 2))
        assert found.binding_id == binding
        for _ in range(2):
            tx.add_family_use(binding, visit.episode, bill.id, 1, 12600, AT)
        for _ in range(2):
            tx.reverse_family_use(bill.id, later(1))
    rows = family.select(
        "select amount_minor, reversal from family_account_use where binding_id = %(id)s"
        " order by reversal",
        id=binding,
    )
    assert [(row["amount_minor"], row["reversal"]) for row in rows] == [
        (12600, False),
        (12600, True),
    ]
