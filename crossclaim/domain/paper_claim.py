"""A claim with papers: what an insurer sends when its member has paid mainland bills himself.

The papers become one final bill of an episode of their own, whose charge lines keep their days of
service; the rules judge each paper by itself (``reimbursement``).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from pydantic import AwareDatetime

from crossclaim.domain.information_submission import InformationWanted
from crossclaim.domain.money import Currency, Money, total
from crossclaim.domain.submission import (
    BankAccount,
    BillSubmission,
    ChargeLine,
    Code,
    ConsentGiven,
    CoverageClaimed,
    Diagnosis,
    DocumentNamed,
    EncounterClass,
    EpisodeSubmission,
    FunderKind,
    Patient,
    TenderLeg,
    Text,
    Visit,
    Wire,
)


class EbillNamed(Wire):
    """An electronic medical bill (票据代码, 票据号码, 校验码) and its payers, CNY."""

    code: Text
    number: Text
    check: Text
    issued_on: date
    pooled_fund: Money
    other: Money
    personal_account: Money
    cash: Money


class Paper(Wire):
    """One bill that the patient paid, as its papers state it."""

    number: Code
    encounter_class: EncounterClass
    department: Code
    issued_at: AwareDatetime
    lines: list[ChargeLine]
    total: Money
    paid: list[TenderLeg]
    """How the patient paid: the receipts."""
    ebill: EbillNamed | None = None
    documents: list[DocumentNamed] = []


class InsurerPaid(Wire):
    """What another insurer states to have paid of one of the papers, CNY."""

    organisation: Code
    bill: Code
    paid: Money


class PaperClaimSubmission(Wire):
    """``POST /v1/claims``. Business key: insurer + claim number."""

    number: Code
    """The insurer's own number of the claim."""
    policy_number: Text
    plan: Code
    hospital: Code
    patient: Patient
    diagnoses: list[Diagnosis]
    papers: list[Paper]
    account: BankAccount
    """The mainland account that the money goes to."""
    requested_at: AwareDatetime
    consents: list[ConsentGiven]
    accident: bool | None = None
    """The treatment follows an accident, not an illness; absent: not stated."""
    pre_existing: bool | None = None
    """A condition from before the cover that the member did not know of; absent: not stated."""
    other_insurers: list[Code] = []
    """Insurers that pay before this one."""
    statements: list[InsurerPaid] = []
    information: InformationWanted | None = None
    """What the insurer still wants to see: the claim is not decided before it is answered."""


def episode_of(claim: PaperClaimSubmission, insurer: str) -> EpisodeSubmission:
    """The episode that a claim with papers opens: its only party is the insurer."""
    first = claim.papers[0]
    coverage = CoverageClaimed(
        funder=FunderKind.INSURER,
        organisation=insurer,
        plan=claim.plan,
        policy_number=claim.policy_number,
    )
    visit = Visit(
        number=f"{insurer}:{claim.number}",
        encounter_class=first.encounter_class,
        department=first.department,
        channel="ordinary",
    )
    return EpisodeSubmission(
        hospital=claim.hospital,
        visit=visit,
        patient=claim.patient,
        diagnoses=claim.diagnoses,
        coverages=[coverage],
        consents=claim.consents,
    )


def bill_of(claim: PaperClaimSubmission) -> BillSubmission:
    """All papers as one bill; the lines are numbered through, in the order of the papers."""
    lines = [line for paper in numbered(claim.papers) for line in paper.lines]
    return BillSubmission(
        number=claim.number,
        version=1,
        status="final",
        issued_at=max(paper.issued_at for paper in claim.papers),
        lines=lines,
        total=total((paper.total for paper in claim.papers), Currency.CNY),
        documents=[one for paper in claim.papers for one in paper.documents],
    )


def numbered(papers: Sequence[Paper]) -> Iterator[Paper]:
    """The papers with lines numbered from 1 over all of them."""
    count = 0
    for paper in papers:
        lines = [
            line.model_copy(update={"number": count + at}) for at, line in enumerate(paper.lines, 1)
        ]
        count += len(lines)
        yield paper.model_copy(update={"lines": lines})


def paper_bill(paper: Paper) -> BillSubmission:
    """One paper as the rules judge it."""
    return BillSubmission(
        number=paper.number,
        version=1,
        status="final",
        issued_at=paper.issued_at,
        lines=paper.lines,
        total=paper.total,
    )
