"""What a patient is told of his care and money, and what a withdrawal would do: by rows alone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from crossclaim.domain.information_rows import InformationItemRow, InformationRequestRow
from crossclaim.domain.patient_looks import LookRow, folded
from crossclaim.domain.patient_money import Back, coming_back, paid
from crossclaim.domain.patient_view import MissingKind, PatientStatus, missing, patient_status
from crossclaim.domain.records import (
    ClaimRow,
    ConsentRow,
    CoverageRow,
    EpisodeRow,
    EpisodeRows,
    PayoutRow,
    TenderRow,
)
from crossclaim.domain.submission import ConsentType, EncounterClass, FunderKind
from crossclaim.domain.tender_rows import RefundRow
from crossclaim.domain.withdrawal import WITHDRAWAL_PLAN
from crossclaim.domain.withdrawal_preview import preview
from crossclaim.plans.loader import load_plans
from tests.flows.hospital import cny

AT = datetime(2026, 5, 6, 1, tzinfo=UTC)
EPISODE = EpisodeRow(
    id="ep_1",
    hospital_id="hku-szh",
    encounter_class=EncounterClass.INPATIENT,
    status="open",
    revision=1,
    opened_at=AT,
)
NEEDED = (ConsentType.PI_SENSITIVE, ConsentType.PI_PROVIDE, ConsentType.PI_CROSS_BORDER)


def rows(**more: object) -> EpisodeRows:
    return EpisodeRows.model_validate({"episode": EPISODE, **more})


def closed(**more: object) -> EpisodeRows:
    return rows(**more).closed(AT)


def claim(**more: object) -> ClaimRow:
    told = {"id": "cl_1", "bill_id": "bl_1", "organisation_id": "harbour-life", "sequence": 1}
    told |= {"kind": "reimbursement", "reference": "R", "state": "approved", "pay_fen": 5_000}
    return ClaimRow.model_validate(told | {"decided_at": AT} | more)


def payout(reference: str, state: str, **more: object) -> PayoutRow:
    told = {"reference": reference, "claim_id": "cl_1", "sequence": 1, "payee": "patient"}
    told |= {"payee_account_sha256": "", "debtor_organisation_id": "harbour-life", "bank": "b"}
    return PayoutRow.model_validate(
        told | {"amount_minor": 5_000, "state": state, "reserved_at": AT} | more
    )


def test_an_episode_stands_where_its_rows_say_and_a_closed_one_asks_for_nothing() -> None:
    assert patient_status(rows()) is PatientStatus.PLANNED
    admitted = EPISODE.model_copy(update={"admitted_at": AT})
    assert patient_status(rows(episode=admitted)) is PatientStatus.IN_CARE
    left = admitted.model_copy(update={"discharged_at": AT})
    assert patient_status(rows(episode=left)) is PatientStatus.BILL_AWAITED
    request = InformationRequestRow(
        id="ir_1",
        number="1",
        claim_id="cl_1",
        organisation_id="harbour-life",
        asked_of="patient",
        state="open",
        asked_at=AT,
        due_at=AT + timedelta(days=30),
    )
    item = InformationItemRow(request_id="ir_1", item=1, kind="receipt", state="wanted")
    asked: dict[str, object] = {"information_requests": [request], "information_items": [item]}
    assert [m.kind for m in missing(rows(**asked))] == [MissingKind.DOCUMENTS]
    assert patient_status(rows(**asked)) is PatientStatus.WAITS_FOR_YOU
    of_hospital = request.model_copy(update={"asked_of": "hospital"})
    assert missing(rows(**{**asked, "information_requests": [of_hospital]})) == []
    assert missing(closed(**asked)) == [] and patient_status(closed(**asked)) == "closed"


@pytest.mark.parametrize(
    ("payouts", "told"),
    [
        ([], [("decided", None)]),
        ([payout("P1", "reserved")], [("decided", None)]),
        ([payout("P1", "sent", sent_at=AT)], [("sent", date(2026, 5, 8))]),
        ([payout("P1", "credited", sent_at=AT, credited_at=AT)], [("there", None)]),
        ([payout("P1", "returned", sent_at=AT, settled_at=AT)], [("account", None)]),
        # What took its place tells of it: the money is told once.
        ([payout("P1", "returned"), payout("P2", "sent", sent_at=AT)], [("sent", None)]),
    ],
)
def test_what_comes_back_is_told_once_and_by_its_newest_payment(
    payouts: list[PayoutRow], told: list[tuple[str, date | None]]
) -> None:
    found = coming_back(rows(claims=[claim()], payouts=payouts), {"P1": date(2026, 5, 8)})
    assert [(b.state, b.expected_on) for b in found] == told
    assert {b.amount_minor for b in found} == {5_000}


def test_a_hospitals_own_claim_and_a_payment_to_it_are_not_the_patients_money() -> None:
    direct = claim(kind="direct")
    to_hospital = payout("P1", "credited", credited_at=AT).model_copy(update={"payee": "hospital"})
    assert coming_back(rows(claims=[direct], payouts=[to_hospital])) == []
    assert coming_back(rows(claims=[claim()], payouts=[to_hospital]))[0].state == "decided"


def test_what_was_reversed_was_not_paid_and_what_is_refused_does_not_come_back() -> None:
    tender = TenderRow(
        bill_id="bl_1", method="cash", amount_minor=700, reference="1", tendered_at=AT
    )
    reversed_ = tender.model_copy(update={"reversed": True})
    assert [p.amount_minor for p in paid(rows(tenders=[tender, reversed_]))] == [700]
    refund = RefundRow(
        reference="RF",
        bill_id="bl_1",
        tender_id=1,
        method="cash",
        route="cashier",
        amount_minor=200,
        cause="c",
        state="due",
        ordered_at=AT,
    )
    refused = refund.model_copy(update={"state": "refused"})
    done = refund.model_copy(update={"state": "refunded", "refunded_at": AT})
    found = coming_back(rows(refunds=[refund, refused, done]))
    assert [(b.state, b.source) for b in found] == [("decided", "hospital"), ("there", "hospital")]
    assert isinstance(found[1], Back) and found[1].credited_on == date(2026, 5, 6)


def given(**more: object) -> EpisodeRows:
    consents = [
        ConsentRow(id=n, type=kind, recipient="harbour-life", text_version="1", signed_at=AT)
        for n, kind in enumerate((*NEEDED, ConsentType.CLAIM_AUTH), 1)
    ]
    coverage = CoverageRow(
        ordinal=0, funder=FunderKind.INSURER, organisation_id="harbour-life", decides="there"
    )
    return rows(**{"consents": consents, "coverages": [coverage], **more})


def test_a_preview_changes_nothing_and_names_whom_it_cuts_off() -> None:
    plan = load_plans(demonstration=True).find(WITHDRAWAL_PLAN)
    before = given()
    found = preview(before, ConsentType.PI_CROSS_BORDER, "patient", None, AT, plan)
    assert (found.ended, [e.organisation for e in found.effects]) == (1, ["harbour-life"])
    assert found.effects[0].branch == "before_claim"
    assert before == given(), "the rows are as they were"
    for of in (("spouse", None), ("patient", "another-insurer")):
        none = preview(before, ConsentType.PI_CROSS_BORDER, of[0], of[1], AT, plan)
        assert (none.ended, none.effects) == (0, [])
    without = preview(before, ConsentType.PI_CROSS_BORDER, "patient", None, AT, None)
    assert without.undecided == ["harbour-life"]


def test_the_naive_twin_that_forgets_how_far_the_claim_came_promises_too_much() -> None:
    """Before the claim everything stops; a claim that was sent is only suspended."""
    plan = load_plans(demonstration=True).find(WITHDRAWAL_PLAN)
    sent = claim(kind="direct", state="submitted", submitted_at=AT, decided_at=None)
    kind = ConsentType.PI_CROSS_BORDER
    naive = preview(given(), kind, "patient", None, AT, plan)
    billed = given(claims=[sent], bills=[_bill()], allocations=[_split()])
    found = preview(billed, kind, "patient", None, AT, plan)
    assert [e.branch for e in found.effects] == ["before_decision"]
    assert found.effects[0].suspended_through is not None
    assert [e.branch for e in naive.effects] == ["before_claim"]


def _bill() -> dict[str, object]:
    told: dict[str, object] = {"id": "bl_1", "number": "F1", "version": 1, "status": "final"}
    return told | {"state": "current", "total_minor": 327_500}


def _split() -> dict[str, object]:
    insurer = {"funder": "insurer", "organisation": "harbour-life", "amount": cny("2287.50")}
    patient = {"funder": "patient", "amount": cny("987.50")}
    result = {"total": cny("3275.00"), "totals": [insurer, patient]}
    return {"bill_id": "bl_1", "version": 1, "result": result}


def test_looks_of_a_day_are_one_line_and_the_patients_own_are_his() -> None:
    def look(key: str, operation: str, outcome: str = "200", what: str = "request") -> LookRow:
        told = {"at": AT, "organisation": "hku-szh", "key": key, "operation": operation}
        return LookRow.model_validate({**told, "outcome": outcome, "what": what})

    found = folded(
        [
            look("k1", "read_bill"),
            look("k2", "read_bill"),
            look("pt_0123", "patient_looks"),
            look("pt_0123", "record_consent", "received", "submission"),
            look("pt_0123", "patient_enters", "403"),
            look("k1", "read_episode", "503"),
            look("k1", "", "read", "record"),
        ]
    )
    told = [(one.organisation, one.says.en, one.count) for one in found]
    assert told == [
        ("hku-szh", "looked at your bill", 2),
        ("", "You looked at your own pages", 1),
        ("", "You sent something yourself", 1),
        ("", "Somebody tried a link to your pages and was not let in", 1),
        ("hku-szh", "asked to see something and got no answer", 1),
        ("hku-szh", "looked at your health record", 1),
    ]
