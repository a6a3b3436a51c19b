"""A claim of a hospital that waits for the examiner: all wait with it; then it is divided anew."""

from __future__ import annotations

import itertools
from typing import Any

import psycopg
import pytest

from crossclaim.domain.submission import ConsentType, FunderKind, SubmissionKind
from crossclaim.stack import Stack
from crossclaim.wiring import api_house
from tests.flows.hospital import Body, cny
from tests.steps.examining import decision, line, reasons, says, word
from tests.steps.rig import (
    AT,
    HARBOUR,
    HOSPITAL,
    MUTUAL,
    Rig,
    Visit,
    bill_of,
    policy_number,
    totals,
)

_numbers = itertools.count(1)


def visited(rig: Rig, policy: str) -> Visit:
    """A visit whose six consultations of one day nobody lets through; the patient has paid."""
    visit = rig.visit(policy)
    bill = bill_of(f"MZF-EXAM-{next(_numbers)}")
    bill["lines"][0] |= {"quantity": 6, "unit_price": cny("150.00")}
    bill["coverages"] = [1]
    _, answer = rig.say(SubmissionKind.BILL, bill, visit.episode)
    tender = {
        "bill_number": bill["number"],
        "bill_version": bill["version"],
        "tendered_at": "2026-04-02T10:50:00+08:00",
        "legs": [
            {"method": "cash", "amount": cny(totals(answer.split)["patient"]), "reference": "R-1"}
        ],
        "consents": [],
    }
    _, tendered = rig.say(SubmissionKind.TENDER, tender, visit.episode)
    assert tendered.status == 200, tendered.body
    visit.decide()
    return visit


def examines(visit: Visit, *lines: Body, **more: Any) -> Body:
    about = visit.claim("direct")
    asked = decision(about.id, *lines, **more)
    answer = says(visit.rig, visit.episode, asked, insurer=MUTUAL)
    assert answer.status in (200, 202), answer.body
    return asked


def test_a_hospitals_claim_waits_and_what_is_reduced_falls_to_the_patient(rig: Rig) -> None:
    policy = policy_number()
    visit = visited(rig, policy)
    assert reasons(rig, visit.episode) == ["UNITS_UNLIKELY"]
    standing = rig.standing(visit.episode, AT)
    assert (standing.waiting_for, standing.insurer) == ("INSURER_EXAMINER", MUTUAL)
    assert standing.payout_due is None and not standing.closable
    before = rig.splits(visit.episode)[-1]
    forecast = visit.claim("direct").forecast_minor
    assert forecast is not None and rig.used(policy) == forecast
    examines(visit, line(1, "100.00", reason="UNITS_NOT_SUPPORTED"))
    after = rig.splits(visit.episode)[-1]
    part = after.insurer(MUTUAL)
    assert part is not None and part.in_funder_currency is not None
    assert part.in_funder_currency.amount_minor == 10_000
    moved = before.of(FunderKind.INSURER) - part.amount
    assert after.of(FunderKind.PATIENT) == before.of(FunderKind.PATIENT) + moved
    claim = visit.claim("direct")
    assert (claim.state, claim.pay_fen) == ("partial", part.amount.amount_minor)
    assert rig.used(policy) == 10_000
    assert rig.standing(visit.episode, AT).payout_due == claim.id
    assert set(rig.exceptions(visit.episode)) == {"DECISION_DIFFERS"}


def test_what_is_approved_above_the_rules_is_confirmed_and_goes_back_to_the_patient(
    rig: Rig,
) -> None:
    visit = visited(rig, policy_number())
    before = rig.splits(visit.episode)[-1]
    forecast = visit.claim("direct").counted(visit.claim("direct").forecast_minor)
    more = f"{(forecast.amount_minor + 1000) / 100:.2f}"
    asked = examines(visit, line(1, more, reason="PLAN_TERMS"))
    assert visit.claim("direct").state == "pended"
    answer = says(
        rig, visit.episode, word(asked), "examiner-2", SubmissionKind.CLAIM_CONFIRMATION, MUTUAL
    )
    assert answer.body["status"] == "in_force"
    after = rig.splits(visit.episode)[-1]
    assert before.of(FunderKind.INSURER) < after.of(FunderKind.INSURER)
    assert after.of(FunderKind.PATIENT) < before.of(FunderKind.PATIENT)
    assert after.total == before.total


def test_a_consent_that_is_withdrawn_while_the_examiner_thinks_ends_the_claim(rig: Rig) -> None:
    visit = visited(rig, policy_number())
    about = visit.claim("direct")
    content = {
        "number": "W-1",
        "withdrawn": ConsentType.CLAIM_AUTH.value,
        "stated_at": "2026-04-02T12:00:00+08:00",
    }
    _, answer = rig.say(SubmissionKind.CONSENT, content, visit.episode)
    assert answer.status == 200, answer.body
    assert visit.claim("direct").state == "voided"
    assert "CLAIM_TO_EXAMINE" not in rig.exceptions(visit.episode)
    late = says(rig, visit.episode, decision(about.id, by_rules=True), insurer=MUTUAL)
    assert late.codes == ["CLAIM_NOT_EXAMINED"]


def test_the_apis_role_reads_no_mark_and_an_insurer_alone_why_its_claim_waits(
    rig: Rig, stack: Stack
) -> None:
    visit = visited(rig, policy_number())
    api = api_house(stack.settings)
    with (
        pytest.raises(psycopg.errors.InsufficientPrivilege),
        api.database.begin(MUTUAL) as connection,
    ):
        connection.execute("select 1 from claim_mark").all()
    about = {"id": visit.episode}
    for organisation, seen in ((MUTUAL, 1), (HOSPITAL, 0), (HARBOUR, 0)):
        with api.database.begin(organisation) as connection:
            found = connection.execute(
                "select 1 from claim_review where episode_id = %(id)s", about
            ).all()
            assert len(found) == seen, organisation
    api.database.close()
    marks = rig._select("select kind from claim_mark where episode_id = %(i)s", i=visit.episode)
    assert {row["kind"] for row in marks} == {"bill", "lines", "day"}
