"""What a bound card may be charged after care: of the care alone, never of a journey."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from crossclaim.domain.allocation import AllocationResult, FunderTotal, Share
from crossclaim.domain.money import fen
from crossclaim.domain.pay_later import Tender
from crossclaim.domain.pay_later_failed import FAILED, laid_on_patient
from crossclaim.domain.records import (
    AllocationRow,
    BillRow,
    ClaimRow,
    EpisodeRow,
    EpisodeRows,
    PayLaterRow,
    TenderRow,
)
from crossclaim.domain.standing_pay_later import charge_parts
from crossclaim.domain.submission import EncounterClass, FunderKind

NOW = datetime(2026, 4, 14, 3, 0, tzinfo=UTC)
BILL = BillRow(id="bl", number="B", version=1, status="final", state="current", total_minor=30000)


def rows(own: int, card: int) -> EpisodeRows:
    """CNY 300.00 of the patient, of which 100.00 are a journey; what he and his card have paid."""
    total = FunderTotal(funder=FunderKind.PATIENT, amount=fen(30000))
    result = AllocationResult(total=fen(30000), totals=[total], non_medical=fen(10000))
    paid = [("own", own), ("CL1", card)]
    claim = ClaimRow(
        id="c", bill_id="bl", kind="pay_later", sequence=1, reference="CL1", state="approved"
    )
    return EpisodeRows(
        episode=EpisodeRow(
            id="ep",
            hospital_id="dongguan-tcm",
            encounter_class=EncounterClass.OUTPATIENT,
            status="open",
            revision=1,
            opened_at=NOW,
        ),
        bills=[BILL],
        allocations=[AllocationRow(bill_id="bl", version=1, result=result)],
        pay_later=PayLaterRow(account_id="ca", bank_card=True, looked_up_at=NOW),
        claims=[claim],
        tenders=[
            TenderRow(bill_id="bl", method="bank_card", amount_minor=amount, reference=name)
            for name, amount in paid
            if amount
        ],
    )


@pytest.mark.parametrize(
    ("own", "card", "charged"),
    [
        (0, 0, 20000),
        (4000, 0, 20000),
        (10000, 0, 20000),
        (10001, 0, 19999),
        (0, 15000, 5000),
        (4000, 20000, 0),
        (30000, 0, 0),
    ],
)
def test_a_bound_card_pays_of_the_care_alone(own: int, card: int, charged: int) -> None:
    parts = charge_parts(rows(own, card), BILL)
    assert parts == ({Tender.BANK_CARD: fen(charged)} if charged else {})


def share(line: int, funder: FunderKind, amount: int) -> Share:
    return Share(line=line, funder=funder, amount=fen(amount))


def test_what_could_not_be_charged_falls_to_the_patient_line_by_line() -> None:
    account, credit, patient = (
        FunderKind.PERSONAL_ACCOUNT,
        FunderKind.PAY_LATER,
        FunderKind.PATIENT,
    )
    result = AllocationResult(
        total=fen(1000),
        totals=[
            FunderTotal(funder=account, amount=fen(300)),
            FunderTotal(funder=account, amount=fen(200)),
            FunderTotal(funder=credit, amount=fen(400)),
            FunderTotal(funder=patient, amount=fen(100)),
        ],
        shares=[
            share(1, account, 300),
            share(1, account, 100),
            share(2, account, 100),
            share(2, credit, 400),
            share(2, patient, 100),
        ],
    )
    found = laid_on_patient(result, {Tender.ACCOUNT: fen(200), Tender.CREDIT: fen(400)})
    assert found is not None
    assert [t.amount.amount_minor for t in found.totals] == [300, 0, 0, 700]
    own = {s.line: s.amount.amount_minor for s in found.shares if s.funder is patient}
    assert own == {1: 100, 2: 600}
    assert all(FAILED in s.reasons for s in found.shares if s.funder is patient)
    assert laid_on_patient(result, {Tender.BANK_CARD: fen(100)}) is None
