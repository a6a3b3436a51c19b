"""A record is asked for by consent and codes, once, and shown only when it is this patient's."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest

from activities.orders import Subject
from activities.record_requests import OPERATION, RecordRequestSteps
from activities.records import EpisodeTransaction
from activities.sending import Attempt
from crossclaim.domain.errors import Final, OutcomeUnknown, Retryable
from crossclaim.domain.health_record import RecordAnswer
from crossclaim.domain.record_rows import RecordRequestRow
from crossclaim.domain.record_submission import RecordSection
from tests.flows.hospital import Body
from tests.steps.record_parties import DIAGNOSIS, Change
from tests.steps.record_rig import (
    APPLICATION,
    DIRECT,
    JOIN,
    NOW,
    PASSWORD,
    SHARE,
    STAFF,
    RecordRig,
    RecordVisit,
    codes_sent,
    signed,
)
from tests.steps.rig import HOSPITAL, Rig

LATER = NOW + timedelta(minutes=5)
AFTER_LIFE = NOW + timedelta(minutes=11)


@pytest.fixture
def records(rig: Rig) -> RecordRig:
    return RecordRig.of(rig)


def codes_kept(visit: RecordVisit) -> bool:
    (row,) = visit.of.select(
        "select codes_sealed from record_request where episode_id = %(id)s", id=visit.id
    )
    return row["codes_sealed"] is not None


def test_a_request_is_answered_once_and_its_codes_are_gone(records: RecordRig) -> None:
    visit = records.open([JOIN, SHARE])
    request = visit.asked()
    assert (request.state, visit.stock().records) != ("answered", None)
    assert codes_kept(visit)
    standing = visit.fetch()
    request = visit.request()
    assert (request.state, standing.records) == ("answered", None)
    assert not codes_kept(visit)
    (order,) = records.ehealth.asked
    assert codes_sent(order) == (APPLICATION, PASSWORD)
    assert (order.institution, order.requested_by) == ("GBA-SZ01", STAFF)
    assert DIAGNOSIS.encode() in records.shelf.kept[request.object_key]
    (access,) = records.select("select * from record_access where episode_id = %(id)s", id=visit.id)
    (attempt,) = visit.attempts()
    assert (access["what"], access["staff"], access["organisation_id"]) == (
        "fetched",
        STAFF,
        HOSPITAL,
    )
    assert access["consents"] == attempt["consents"] != []
    (notice,) = records.select(
        "select event, means from record_notice where episode_id = %(id)s", id=visit.id
    )
    assert notice == {"event": "access", "means": "sms"}
    visit.fetch()
    assert len(records.ehealth.asked) == 1


def test_three_years_back_are_asked_for_and_not_a_day_more(records: RecordRig) -> None:
    visit = records.open([SHARE])
    visit.asked()
    visit.fetch()
    (order,) = records.ehealth.asked
    assert (order.window_from, order.window_until) == (date(2023, 4, 2), date(2026, 4, 2))


@pytest.mark.parametrize(
    ("consents", "changes", "code"),
    [
        ([JOIN], {}, "RECORD_CONSENT_MISSING"),
        ([], {}, "RECORD_CONSENT_MISSING"),
        ([SHARE], {"requested_at": (NOW - timedelta(minutes=11)).isoformat()}, "RECORD_CODES_OLD"),
        (
            DIRECT[:2],
            {"system": "hospital-authority", "application_code": None, "password_code": None},
            "RECORD_CONSENT_MISSING",
        ),
    ],
)
def test_what_is_known_to_be_missing_is_said_at_the_window(
    records: RecordRig, consents: list[Body], changes: Body, code: str
) -> None:
    visit = records.open(consents)
    answer = visit.ask(**changes)
    assert (answer.status, answer.codes) == (422, [code])
    texts = answer.body["errors"][0]["text"]
    assert all(texts[language] for language in ("en", "zh_hant", "zh_hans"))
    assert visit.rows().record_requests == []


def test_a_patient_without_a_paper_of_hong_kong_is_unknown_there(records: RecordRig) -> None:
    papers = {"documents": [{"type": "home_return_permit", "number": "H1234567890"}]}
    visit = records.open([SHARE], patient=papers)
    assert visit.ask().codes == ["RECORD_DOCUMENT_MISSING"]


def test_a_hospital_that_is_not_designated_asks_for_nothing(records: RecordRig) -> None:
    reference = records.world.reference.model_copy(update={"record_institutions": []})
    undesignated = replace(records, world=replace(records.world, reference=reference))
    visit = undesignated.open([SHARE])
    assert visit.ask().codes == ["RECORD_NOT_DESIGNATED"]


def test_an_installation_without_the_connection_says_so(records: RecordRig) -> None:
    alone = replace(records, world=replace(records.world, record_systems={}))
    assert alone.open([SHARE]).ask().codes == ["RECORD_SYSTEM_ABSENT"]


def test_the_direct_link_has_consents_and_a_connection_of_its_own(records: RecordRig) -> None:
    visit = records.open(DIRECT)
    no_codes: Body = {"application_code": None, "password_code": None}
    visit.asked(system="hospital-authority", **no_codes)
    visit.fetch()
    assert visit.request().state == "answered"
    (order,) = records.authority.asked
    assert codes_sent(order) == ("", "")
    assert records.ehealth.asked == []
    (attempt,) = visit.attempts()
    assert (attempt["party"], len(attempt["consents"])) == ("hospital-authority", 3)


def test_a_sharing_consent_is_no_leave_for_the_direct_link_nor_the_other_way_round(
    records: RecordRig,
) -> None:
    direct, shared = records.open(DIRECT), records.open([SHARE])
    no_codes: Body = {"application_code": None, "password_code": None}
    assert direct.ask().codes == ["RECORD_CONSENT_MISSING"]
    answer = shared.ask(system="hospital-authority", **no_codes)
    assert answer.codes == ["RECORD_CONSENT_MISSING"] * 3


def test_a_withdrawal_before_the_send_stops_it_and_a_person_hears(records: RecordRig) -> None:
    visit = records.open([JOIN, SHARE])
    visit.asked()
    visit.withdraw("EHEALTH_SHARE")
    visit.fetch()
    assert visit.request().state == "stopped"
    assert visit.exceptions() == {"RECORD_CONSENT_MISSING": ""}
    assert (records.ehealth.asked, visit.attempts()) == ([], [])
    assert not codes_kept(visit)


def test_sharing_that_ended_in_one_episode_has_ended_in_all_of_the_person(
    records: RecordRig,
) -> None:
    person = records.person()
    here, there = records.open([SHARE], number=person), records.open([SHARE], number=person)
    here.asked()
    there.withdraw("EHEALTH_SHARE")
    here.fetch()
    assert here.request().state == "stopped"
    assert here.ask().codes == ["RECORD_CONSENT_MISSING"]
    again = signed("EHEALTH_SHARE", NOW + timedelta(minutes=1))
    assert here.consent(LATER, given=again).status == 200
    assert here.ask(LATER).status == 201


def test_an_older_paper_never_opens_again_what_was_ended_later(records: RecordRig) -> None:
    person = records.person()
    records.open([SHARE], number=person).withdraw("EHEALTH_SHARE")
    late = records.open([signed("EHEALTH_SHARE", NOW - timedelta(days=3))], number=person)
    assert late.ask().codes == ["RECORD_CONSENT_MISSING"]


@pytest.mark.parametrize(
    ("signed_after", "asked"),
    [(timedelta(0), 201), (timedelta(microseconds=200_000), 422), (timedelta(seconds=-1), 422)],
)
def test_a_signature_of_the_second_of_a_refusal_counts_as_the_later_one_that_it_is(
    records: RecordRig, signed_after: timedelta, asked: int
) -> None:
    """A paper tells its second alone; the commit of its row says that it came after."""
    visit = records.open([SHARE])
    visit.asked()
    records.ehealth.fails = [Final("refused", code="SHARING_NOT_GIVEN")]
    visit.fetch(NOW + timedelta(microseconds=500_000))
    later = NOW + timedelta(milliseconds=900)
    assert visit.consent(later, given=signed("EHEALTH_SHARE", NOW + signed_after)).status == 200
    assert visit.ask(later).status == asked


@pytest.mark.parametrize(
    ("code", "later"),
    [
        ("CODE_EXPIRED", []),
        ("CODE_USED", []),
        ("CODE_OF_ANOTHER_PERSON", []),
        ("SHARING_NOT_GIVEN", ["RECORD_CONSENT_MISSING"]),
    ],
)
def test_a_refusal_ends_the_request_and_is_learnt_from(
    records: RecordRig, code: str, later: list[str]
) -> None:
    visit = records.open([SHARE])
    visit.asked()
    records.ehealth.fails = [Final("refused", code=code)]
    visit.fetch()
    assert (visit.request().state, visit.request().reason) == ("refused", code)
    assert visit.exceptions() == {"RECORD_REQUEST_REFUSED": code}
    assert visit.ask().codes == later


def test_a_lost_answer_is_looked_for_under_its_reference_and_never_asked_for_twice(
    records: RecordRig,
) -> None:
    visit = records.open([SHARE])
    visit.asked()
    records.ehealth.loses = [OutcomeUnknown("cut", code="CONNECTION_LOST")]
    standing = visit.fetch()
    assert standing.records is not None
    assert standing.records.look_again_at == NOW + timedelta(seconds=10)
    assert visit.request().state == "sent"
    visit.fetch(LATER)
    assert visit.request().state == "answered"
    assert len(records.ehealth.asked) == 1
    assert records.ehealth.inquiries == [visit.request().reference]
    assert [a["outcome"] for a in visit.attempts()] == ["unknown", "answered"]


def test_codes_are_never_sent_after_their_life_however_often_it_is_tried(
    records: RecordRig,
) -> None:
    visit = records.open([SHARE])
    visit.asked()
    records.ehealth.fails = [Retryable("down", code="UNAVAILABLE")]
    visit.fetch()
    visit.fetch(AFTER_LIFE)
    assert visit.request().state == "expired"
    assert records.ehealth.asked == []
    assert visit.exceptions() == {"RECORD_CODES_EXPIRED": ""}
    unsent = records.open([SHARE])
    unsent.asked()
    unsent.fetch(AFTER_LIFE)
    assert (unsent.request().state, unsent.attempts()) == ("expired", [])


def test_after_a_withdrawal_not_even_an_answer_that_was_lost_is_looked_for(
    records: RecordRig,
) -> None:
    visit = records.open([SHARE])
    visit.asked()
    records.ehealth.loses = [OutcomeUnknown("cut", code="CONNECTION_LOST")]
    visit.fetch()
    visit.withdraw("EHEALTH_SHARE", LATER)
    visit.fetch(LATER)
    assert visit.request().state == "stopped"
    assert records.ehealth.inquiries == []
    assert not [key for key in records.shelf.kept if key.startswith(visit.id)]


def of_another(answer: RecordAnswer) -> RecordAnswer:
    assert answer.record is not None
    patient = answer.record.patients[0].model_copy(update={"numbers": ["Z9999990"]})
    record = answer.record.model_copy(update={"patients": [patient]})
    return answer.model_copy(update={"record": record})


def born_later(answer: RecordAnswer) -> RecordAnswer:
    assert answer.record is not None
    patient = answer.record.patients[0].model_copy(update={"birth_date": date(1950, 1, 1)})
    record = answer.record.model_copy(update={"patients": [patient]})
    return answer.model_copy(update={"record": record})


def about_nobody(answer: RecordAnswer) -> RecordAnswer:
    return _entry(answer, subject="p-2")


def too_old(answer: RecordAnswer) -> RecordAnswer:
    return _entry(answer, begun_on=date(2023, 4, 1))


def backwards(answer: RecordAnswer) -> RecordAnswer:
    return _entry(answer, ended_on=date(2024, 1, 1))


def not_asked_for(answer: RecordAnswer) -> RecordAnswer:
    return _entry(answer, section=RecordSection.LABORATORY)


def no_record(answer: RecordAnswer) -> RecordAnswer:
    return answer.model_copy(update={"record": None})


def of_another_request(answer: RecordAnswer) -> RecordAnswer:
    return answer.model_copy(update={"reference": "RQ-OTHER"})


def _entry(answer: RecordAnswer, **changes: object) -> RecordAnswer:
    assert answer.record is not None
    entry = answer.record.entries[0].model_copy(update=changes)
    record = answer.record.model_copy(update={"entries": [entry]})
    return answer.model_copy(update={"record": record})


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (of_another, "RECORD_OTHER_PATIENT"),
        (born_later, "RECORD_OTHER_PATIENT"),
        (about_nobody, "RECORD_OTHER_PATIENT"),
        (too_old, "RECORD_OUTSIDE_WINDOW"),
        (backwards, "RECORD_CONTRADICTS"),
        (not_asked_for, "RECORD_NOT_ASKED_FOR"),
        (no_record, "RECORD_NOT_FHIR"),
        (of_another_request, "RECORD_OTHER_REQUEST"),
    ],
)
def test_a_wrong_answer_is_kept_as_evidence_and_never_as_a_record(
    records: RecordRig, change: Change, why: str
) -> None:
    visit = records.open([SHARE])
    visit.asked(sections=["encounters", "allergies", "medicines"])
    records.ehealth.change = change
    visit.fetch()
    request = visit.request()
    assert (request.state, request.reason) == ("set_aside", why)
    assert visit.exceptions() == {"RECORD_ANSWER_NOT_USABLE": why}
    kept = [key for key in records.shelf.kept if key.startswith(visit.id)]
    assert kept == [f"{visit.id}/evidence/{request.id}"]
    assert visit.stock().records is None


class BelievesAnything(RecordRequestSteps):
    """The naive twin: whatever came is this patient's record."""

    def _store(
        self,
        order: Subject,
        request: RecordRequestRow,
        answer: RecordAnswer,
        wrong: object,
    ) -> tuple[str, str]:
        return super()._store(order, request, answer, None)


def test_the_twin_that_believes_any_answer_makes_another_patients_record_this_ones(
    records: RecordRig,
) -> None:
    visit = records.open([SHARE])
    visit.asked()
    records.ehealth.change = of_another
    visit.fetch(steps=BelievesAnything(records.world))
    kept = [key for key in records.shelf.kept if key.startswith(visit.id)]
    assert f"{visit.id}/records/{visit.request().id}" in kept


def test_an_answer_that_says_nothing_of_a_notice_is_shown_and_told_to_a_person(
    records: RecordRig,
) -> None:
    visit = records.open([SHARE])
    visit.asked()
    records.ehealth.change = lambda answer: answer.model_copy(update={"notice": None})
    visit.fetch()
    assert visit.request().state == "answered"
    assert visit.exceptions() == {"RECORD_NOTICE_MISSING": ""}


def test_an_answer_that_cannot_be_kept_yet_is_fetched_again_without_the_codes(
    records: RecordRig,
) -> None:
    visit = records.open([SHARE])
    visit.asked()
    records.shelf.down = True
    visit.fetch()
    assert (visit.request().state, visit.request().reason) == ("sent", "DOCUMENT_STORE_BUSY")
    records.shelf.down = False
    visit.fetch(LATER)
    assert visit.request().state == "answered"
    assert len(records.ehealth.asked) == 1


def test_an_answer_that_nobody_hears_any_more_ends_at_its_limit(records: RecordRig) -> None:
    visit = records.open([SHARE])
    request = visit.asked()
    records.ehealth.loses = [OutcomeUnknown("cut", code="CONNECTION_LOST")]
    visit.fetch()
    limit = NOW + timedelta(hours=24)
    standing = visit.stock(limit)
    assert standing.records is not None and standing.records.step == "give_up_record"
    visit.give_up(request.id, limit - timedelta(seconds=1))
    assert visit.request().state == "sent"
    assert visit.give_up(request.id, limit).records is None
    assert visit.request().state == "lost"
    assert visit.exceptions() == {"RECORD_ANSWER_LOST": ""}


def test_a_straggler_changes_nothing_that_was_decided_without_it(records: RecordRig) -> None:
    """The step's first worker hangs in the call; the request is given up meanwhile."""
    visit = records.open([SHARE])
    request = visit.asked()
    records.ehealth.go_on.clear()
    worker = threading.Thread(target=visit.fetch)
    worker.start()
    assert records.ehealth.reached.wait(30)
    visit.give_up(request.id, NOW + timedelta(hours=24))
    records.ehealth.go_on.set()
    worker.join(30)
    assert visit.request().state == "lost"
    accesses = "select 1 from record_access where episode_id = %(id)s"
    assert records.select(accesses, id=visit.id) == []


class AsksBefore(RecordRequestSteps):
    """The naive twin: it looks at the consents, and sends in a later transaction."""

    def __init__(self, records: RecordRig, between: Callable[[], None]) -> None:
        super().__init__(records.world)
        self._between = between
        self._allowed = False

    def fetch_records(self, order: Subject) -> object:  # type: ignore[override]
        with self._world.records.transaction() as tx:
            in_force = tx.rows(order.episode_id).consents_in_force()
            self._allowed = any(c.type.value == "EHEALTH_SHARE" for c in in_force)
        self._between()
        return super().fetch_records(order)

    def _attempt(
        self, tx: EpisodeTransaction, order: Subject, request: RecordRequestRow
    ) -> Attempt | None:
        if not self._allowed:
            return None
        number = tx.open_attempt(
            order.episode_id, request.system, OPERATION, request.reference, [], order.at
        )
        return Attempt(request.system, OPERATION, request.reference, number)


def test_the_twin_that_asks_before_it_locks_sends_after_a_withdrawal(records: RecordRig) -> None:
    visit = records.open([SHARE])
    visit.asked()
    twin = AsksBefore(records, lambda: visit.withdraw("EHEALTH_SHARE"))
    twin.fetch_records(Subject(episode_id=visit.id, subject=visit.request().id, at=NOW))
    (consent,) = visit.rows().consents
    (attempt,) = visit.attempts()
    assert (len(records.ehealth.asked), attempt["consents"]) == (1, [])
    assert consent.withdrawn_at is not None


def test_a_withdrawal_that_races_the_send_is_before_or_after_it_and_never_both(
    records: RecordRig,
) -> None:
    outcomes = set()
    for _ in range(12):
        visit = records.open([SHARE])
        visit.asked()
        start = threading.Barrier(2)

        def withdraw(visit: RecordVisit = visit, start: threading.Barrier = start) -> None:
            start.wait(30)
            visit.withdraw("EHEALTH_SHARE")

        racing = threading.Thread(target=withdraw)
        racing.start()
        start.wait(30)
        visit.fetch()
        racing.join(30)
        state, reached = visit.request().state, visit.request().reference
        sent = reached in [order.reference for order in records.ehealth.asked]
        assert (state == "answered") == sent == bool(visit.attempts())
        assert state in ("answered", "stopped")
        outcomes.add(state)
        (consent,) = visit.rows().consents
        assert consent.withdrawn_at is not None
        assert [a["consents"] for a in visit.attempts()] == ([[consent.id]] if sent else [])
    assert outcomes <= {"answered", "stopped"}
