"""Documents are handed in once, after the visit, while the joining consent holds."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activities.orders import Subject
from activities.record_deliveries import RecordDeliverySteps
from crossclaim.domain.errors import Final, OutcomeUnknown, Retryable
from crossclaim.domain.submission import SubmissionKind
from tests.steps.record_parties import NOTICE
from tests.steps.record_rig import JOIN, NOW, SHARE, RecordRig, signed
from tests.steps.rig import Rig

LATER = NOW + timedelta(minutes=5)
LIMIT = NOW + timedelta(hours=72)


@pytest.fixture
def records(rig: Rig) -> RecordRig:
    return RecordRig.of(rig)


def test_a_visits_summary_is_handed_in_once_and_its_receipt_kept(records: RecordRig) -> None:
    visit = records.open([JOIN])
    answer = visit.hand_in(b"%PDF-1.7 summary")
    assert answer.status == 201, answer.body
    standing = visit.stock()
    assert standing.records is not None and standing.records.step == "deliver_record"
    assert visit.deliver().records is None
    delivery = visit.delivery()
    assert (delivery.state, delivery.receipt) == ("delivered", "D-1")
    (order,) = records.ehealth.deposits
    assert (order.content, order.kind, order.institution) == (
        b"%PDF-1.7 summary",
        "visit_summary",
        "GBA-SZ01",
    )
    visit.deliver()
    assert len(records.ehealth.deposits) == 1


def test_each_document_is_a_delivery_of_its_own(records: RecordRig) -> None:
    visit = records.open([JOIN])
    assert visit.hand_in(b"one", b"two", kind="radiology_image").body["items"] == 2
    first, second = visit.rows().record_deliveries
    assert first.reference != second.reference
    assert {first.kind, second.kind} == {"radiology_image"}


def test_documents_that_nobody_uploaded_and_consents_that_nobody_gave_are_refused(
    records: RecordRig,
) -> None:
    assert records.open([SHARE]).hand_in(b"x").codes == ["RECORD_CONSENT_MISSING"]
    visit = records.open([JOIN])
    other = records.open([JOIN])
    sha256 = other.upload(b"another visit's")
    item = {"kind": "visit_summary", "sha256": sha256, "made_on": "2026-04-02"}
    deposit = {"number": "RD-X", "stated_at": NOW.isoformat(), "items": [item]}

    refused = records.say(SubmissionKind.RECORD_DEPOSIT, deposit, visit.id)[1]
    assert refused.codes == ["DEPOSIT_NOT_UPLOADED"]


def test_images_wait_for_the_day_from_which_they_may_be_handed_in(records: RecordRig) -> None:
    early = NOW.replace(year=2025, month=12, day=30)
    visit = records.open([signed("EHEALTH_JOIN", early)])
    assert visit.hand_in(b"scan", at=early, kind="radiology_image").codes == [
        "DEPOSIT_IMAGES_CLOSED"
    ]
    assert visit.hand_in(b"text", at=early).status == 201


def test_a_lost_receipt_is_inquired_about_and_nothing_is_handed_in_twice(
    records: RecordRig,
) -> None:
    visit = records.open([JOIN])
    visit.hand_in(b"summary")
    records.ehealth.loses = [OutcomeUnknown("cut", code="CONNECTION_LOST")]
    visit.deliver()
    assert visit.delivery().state == "sent"
    visit.deliver(LATER)
    assert visit.delivery().state == "delivered"
    assert len(records.ehealth.deposits) == 1
    assert records.ehealth.inquiries == [visit.delivery().reference]


def test_a_withdrawn_joining_consent_stops_it_before_anything_is_sent(
    records: RecordRig,
) -> None:
    visit = records.open([JOIN])
    visit.hand_in(b"summary")
    subject = visit.delivery()
    visit.withdraw("EHEALTH_JOIN")
    report = visit.delivery()
    assert report.kind == "consent_withdrawn"

    order = Subject(episode_id=visit.id, subject=subject.id, at=NOW)
    RecordDeliverySteps(records.world).deliver_record(order)
    stopped = visit.rows().record_delivery(subject.id)
    assert stopped is not None and stopped.state == "stopped"
    assert records.ehealth.deposits == []
    assert visit.exceptions() == {"RECORD_DEPOSIT_STOPPED": ""}


def test_what_may_have_beentaken_before_a_withdrawal_is_only_asked_about(
    records: RecordRig,
) -> None:

    taken, never = records.open([JOIN]), records.open([JOIN])
    for visit, error in (
        (taken, "loses"),
        (never, "fails"),
    ):
        visit.hand_in(b"summary")
        getattr(records.ehealth, error).append(OutcomeUnknown("cut", code="TIMED_OUT"))
        visit.deliver()
    sent = len(records.ehealth.deposits)
    for visit, state in ((taken, "delivered"), (never, "stopped")):
        subject = visit.delivery().id
        visit.withdraw("EHEALTH_JOIN", LATER)
        order = Subject(episode_id=visit.id, subject=subject, at=LATER)
        RecordDeliverySteps(records.world).deliver_record(order)
        row = visit.rows().record_delivery(subject)
        assert row is not None and row.state == state
        assert [a["operation"] for a in visit.attempts()] == [
            "record-deposit",
            "record-deposit-inquiry",
        ]
    assert len(records.ehealth.deposits) == sent == 1


def test_a_receipt_for_other_content_proves_nothing(records: RecordRig) -> None:
    visit = records.open([JOIN])
    visit.hand_in(b"summary")
    visit.deliver()
    wrong = records.open([JOIN])
    wrong.hand_in(b"other")
    reference = wrong.delivery().reference
    records.ehealth.taken[reference] = records.ehealth.taken[visit.delivery().reference].model_copy(
        update={"reference": reference}
    )
    wrong.deliver()
    assert (wrong.delivery().state, wrong.delivery().reason) == ("sent", "ANSWER_FOREIGN")


def test_a_refusal_is_told_and_the_persons_joining_learnt(records: RecordRig) -> None:
    visit = records.open([JOIN])
    visit.hand_in(b"summary")
    records.ehealth.fails = [Final("refused", code="NOT_JOINED")]
    visit.deliver()
    assert (visit.delivery().state, visit.exceptions()) == (
        "refused",
        {"RECORD_DEPOSIT_REFUSED": "NOT_JOINED"},
    )
    assert visit.hand_in(b"again").codes == ["RECORD_CONSENT_MISSING"]


def test_pauses_double_and_the_limit_ends_them(records: RecordRig) -> None:
    visit = records.open([JOIN])
    visit.hand_in(b"summary")
    moments = []
    for _ in range(3):
        records.ehealth.fails = [Retryable("down", code="UNAVAILABLE")]
        standing = visit.deliver()
        assert standing.records is not None and standing.records.look_again_at is not None
        moments.append((standing.records.look_again_at - NOW).seconds)
    assert moments == [10, 20, 40]
    delivery = visit.delivery()
    due = visit.stock(LIMIT).records
    assert due is not None and due.step == "give_up_record"
    assert visit.give_up(delivery.id, LIMIT).records is None
    assert visit.delivery().state == "lapsed"
    assert visit.exceptions() == {"RECORD_DEPOSIT_LATE": ""}


def test_a_consent_that_changed_with_us_is_reported_and_the_patients_notice_kept(
    records: RecordRig,
) -> None:
    visit = records.open([])
    assert visit.consent(given=SHARE).status == 200
    visit.deliver()
    visit.withdraw("EHEALTH_SHARE", LATER)
    visit.deliver(LATER)
    told = [(r.type, r.given, r.signer) for r in records.ehealth.reports]
    assert told == [("EHEALTH_SHARE", True, "patient"), ("EHEALTH_SHARE", False, "patient")]
    notices = records.select(
        "select event, means, number from record_notice where episode_id = %(id)s", id=visit.id
    )
    assert {(n["event"], n["means"], n["number"]) for n in notices} == {
        ("consent", "sms", NOTICE.number)
    }
    assert [d.state for d in visit.rows().record_deliveries] == ["delivered", "delivered"]


def test_the_end_of_a_consent_of_somebody_ehealth_does_not_know_bothers_nobody(
    records: RecordRig,
) -> None:
    visit = records.open([JOIN])
    nobody = [Final("nobody has these particulars", code="PERSON_NOT_FOUND") for _ in range(2)]
    records.ehealth.fails = list(nobody)
    visit.withdraw("EHEALTH_JOIN", LATER)
    assert visit.deliver(LATER).records is None
    (report,) = visit.rows().record_deliveries
    assert (report.state, report.kind) == ("refused", "consent_withdrawn")
    assert visit.exceptions() == {}


def test_a_given_consent_of_somebody_ehealth_does_not_know_is_told_to_staff(
    records: RecordRig,
) -> None:
    visit = records.open([])
    records.ehealth.fails = [Final("nobody has these particulars", code="PERSON_NOT_FOUND")]
    assert visit.consent(given=SHARE).status == 200
    visit.deliver()
    assert visit.exceptions() == {"CONSENT_REPORT_REFUSED": "PERSON_NOT_FOUND"}


def test_a_consent_towards_others_is_not_reported_to_ehealth(records: RecordRig) -> None:
    visit = records.open([])
    assert visit.consent(given=signed("PI_SENSITIVE")).status == 200
    assert visit.rows().record_deliveries == []


def test_who_signed_for_a_child_stands_sealed_beside_his_capacity(records: RecordRig) -> None:
    signer = {
        "capacity": "parent",
        "name": {"en": "CANARY Parent"},
        "document": {"type": "hkid", "number": "A1234563"},
        "paper": "birth-certificate",
        "paper_seen_at": (NOW - timedelta(hours=2)).isoformat(),
    }
    visit = records.open(
        [signed("EHEALTH_SHARE", signed_by=signer)], patient={"birth_date": "2015-05-01"}
    )
    (row,) = records.select(
        "select signer_capacity, signer_paper, signer_sealed from consent"
        " where episode_id = %(id)s",
        id=visit.id,
    )
    assert (row["signer_capacity"], row["signer_paper"]) == ("parent", "birth-certificate")
    assert b"CANARY" not in bytes(row["signer_sealed"])
    assert visit.ask().status == 201


def test_a_later_substitute_with_the_patients_own_paper_is_refused(records: RecordRig) -> None:
    number = records.person()
    visit = records.open([], number=number, patient={"birth_date": "2015-05-01"})
    signer = {
        "capacity": "guardian",
        "name": {"en": "SELF"},
        "document": {"type": "hkid", "number": number},
        "paper": "guardianship-order",
        "paper_seen_at": (NOW - timedelta(hours=2)).isoformat(),
    }
    answer = visit.consent(given=signed("EHEALTH_JOIN", signed_by=signer))
    assert answer.codes == ["SIGNER_IS_PATIENT"]
