"""Orders of episode 1 as the activities would hand them to an insurer's gateway."""

from __future__ import annotations

import hashlib
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.party import (
    AnswerState,
    ClaimDocument,
    ClaimedLine,
    ClaimOrder,
    GuaranteeOrder,
    Insured,
    OtherStatement,
)
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission

EXAMPLES = Path(__file__).parents[2] / "examples"
REGION = timezone(timedelta(hours=8))
NOW = datetime(2026, 3, 14, 11, 0, tzinfo=REGION)

EPISODE = EpisodeSubmission.model_validate_json(
    (EXAMPLES / "episode-1-inpatient.json").read_bytes()
)
BILL = BillSubmission.model_validate_json((EXAMPLES / "episode-1-bill-final.json").read_bytes())

INSURED = Insured(
    episode_id="ep_1",
    insurer="kowloon-mutual",
    policy_number="KM-2025-000001",
    plan="vhis-standard-hk",
    name=EPISODE.patient.name,
    birth_date=EPISODE.patient.birth_date,
    document=EPISODE.patient.documents[0],
    hospital="hku-szh",
    hospital_name="The University of Hong Kong-Shenzhen Hospital",
)
GUARANTEE = GuaranteeOrder(
    reference="ep_1-guarantee-1",
    insured=INSURED,
    estimate=fen(5_200_000),
    diagnoses=["K80.2"],
    planned_admission=datetime(2026, 3, 11, 9, 0, tzinfo=REGION),
    planned_nights=3,
    created_at=NOW,
)
STATEMENT = OtherStatement(
    organisation="harbour-life",
    claim_number="HL-C-1",
    state=AnswerState.PARTIAL,
    benefit=hk_cents(3_000_000),
    paid=fen(2_745_000),
    decided_at=NOW,
)
_PAPER = b"%PDF-1.7 itemised bill"
CLAIM = ClaimOrder(
    reference="ep_1-claim-1",
    insured=INSURED,
    guarantee_number="",
    bill_number=BILL.number,
    bill_version=BILL.version,
    payee="hospital",
    diagnoses=["K80.2"],
    admitted_on=date(2026, 3, 11),
    discharged_on=date(2026, 3, 14),
    lines=[
        ClaimedLine(
            **line.model_dump(exclude={"surgery_class", "unit_price", "amount"}),
            unit_price=line.unit_price,
            amount=line.amount,
        )
        for line in BILL.lines
    ],
    total=BILL.total,
    documents=[
        ClaimDocument(
            kind="itemised_bill",
            name="bill.pdf",
            sha256=hashlib.sha256(_PAPER).hexdigest(),
            content_type="application/pdf",
            content=_PAPER,
        )
    ],
    created_at=NOW,
)
