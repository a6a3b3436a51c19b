"""A withdrawal under a plan in patacas: nothing approved is no Hong Kong dollars."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from crossclaim.domain.allocation import AllocationResult, FunderTotal
from crossclaim.domain.money import ConversionRate, Currency, avos, fen
from crossclaim.domain.records import (
    AllocationRow,
    BillRow,
    ClaimRow,
    EpisodeRow,
    EpisodeRows,
)
from crossclaim.domain.stay import local_day
from crossclaim.domain.submission import ConsentType, EncounterClass, FunderKind
from crossclaim.domain.withdrawal import WITHDRAWAL_PLAN, Branch, withdrawal
from crossclaim.domain.withdrawal_reach import facts_of
from crossclaim.plans.loader import load_plans

AT = datetime(2026, 5, 6, 1, tzinfo=UTC)
LOTUS = "lotus-macao"


def test_a_withdrawal_after_a_refusal_in_patacas_leaves_the_patient_the_whole() -> None:
    rate = ConversionRate(
        cny_per_hkd=Decimal("0.888"), source="test", as_of=AT, currency=Currency.MOP
    )
    split = AllocationResult(
        refused=False,
        total=fen(10_000),
        totals=[FunderTotal(funder=FunderKind.PATIENT, amount=fen(10_000))],
        shares=[],
        rate=rate,
        trace=[],
        faults=[],
    )
    rows = EpisodeRows(
        episode=EpisodeRow(
            id="ep_1",
            hospital_id="zhuhai-peoples",
            encounter_class=EncounterClass.OUTPATIENT,
            status="open",
            revision=1,
            opened_at=AT,
        ),
        bills=[
            BillRow(
                id="bl_1",
                number="F",
                version=1,
                status="final",
                state="current",
                total_minor=10_000,
            )
        ],
        allocations=[AllocationRow(bill_id="bl_1", version=2, result=split)],
        claims=[
            ClaimRow(
                id="cr_1",
                bill_id="bl_1",
                organisation_id=LOTUS,
                kind="reimbursement",
                sequence=1,
                reference="CR1",
                state="denied",
                benefit_currency=Currency.MOP,
                benefit_minor=avos(0).amount_minor,
            )
        ],
    )
    plan = load_plans(demonstration=True).find(WITHDRAWAL_PLAN)
    assert plan is not None
    facts = facts_of(rows, LOTUS, ConsentType.PI_CROSS_BORDER, AT, AT)
    found = withdrawal(facts, plan.on(local_day(AT)))
    assert (found.branch, found.insurer, found.patient) == (
        Branch.BEFORE_PAYOUT,
        fen(0),
        fen(10_000),
    )
