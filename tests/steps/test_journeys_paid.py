"""What a patient paid for a journey is no insurer's business: none hears of it, none pays it."""

from __future__ import annotations

from activities.claims import ClaimSteps
from crossclaim.domain.money import fen
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import cny, example
from tests.steps.examiner import decision
from tests.steps.rig import HARBOUR, Rig
from tests.steps.withdrawn_visit import REST, WHOLE, WithdrawnVisit, on

JOURNEY = 10_000


def with_a_journey(rig: Rig, limit_hkd: int = 3_000) -> WithdrawnVisit:
    """Scenario E12's visit with a journey of CNY 100.00 on its bill, of which all is paid."""
    visit = WithdrawnVisit.opened(rig, limit_hkd=limit_hkd)
    lines = visit.bill["lines"]
    journey = {
        **lines[-1],
        "number": len(lines) + 1,
        "code": "TRAVEL-1",
        "category": "travel",
        "quantity": 1,
        "unit_price": cny("100.00"),
        "amount": cny("100.00"),
    }
    total = fen(WHOLE + JOURNEY).model_dump()
    visit.bill = {**visit.bill, "lines": [*lines, journey], "total": total}
    split = visit.billed().split
    assert split.non_medical == fen(JOURNEY)
    visit.tender(split.totals[-1].amount.amount_minor)
    return visit


def test_an_insurer_hears_of_payments_for_the_care_alone(rig: Rig) -> None:
    visit = with_a_journey(rig)
    visit.submit()
    (order,) = visit.insurer.orders
    assert (order.total, order.patient_paid) == (fen(WHOLE), fen(REST))


def test_a_reimbursement_above_its_forecast_pays_nothing_of_the_journey(rig: Rig) -> None:
    visit = with_a_journey(rig, limit_hkd=1_000)
    visit.submit()
    visit.decided()
    direct = visit.claim().pay_fen or 0
    visit.credited()
    asked = {
        "bill_number": visit.bill["number"],
        "bill_version": visit.bill["version"],
        "requested_at": visit.now.isoformat(),
        "account": example("episode-1-reimbursement")["account"],
    }
    visit.now = on(8)
    assert visit.say(SubmissionKind.REIMBURSEMENT, asked).status == 202
    later = visit.rows().claims[-1]
    visit.insurer.answers[later.reference] = decision(HARBOUR, later.reference, 900_000)
    ClaimSteps(visit.rig.world).submit_claim(visit.about(later.id))
    assert visit.rows().claim(later.id).pay_fen == WHOLE - direct
