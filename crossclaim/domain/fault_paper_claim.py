"""Faults of a claim with papers, and of another account for a payout that came back."""

from __future__ import annotations

from collections.abc import Iterator

from pydantic import ValidationError

from crossclaim.domain.allocation import Fault
from crossclaim.domain.ebill import Ebill, ebill_defects
from crossclaim.domain.fault_bill import bill_faults
from crossclaim.domain.fault_consent import given_faults
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_episode import patient_faults
from crossclaim.domain.fault_information import information_wanted_faults
from crossclaim.domain.fault_money import negative_faults
from crossclaim.domain.fault_payment import account_faults
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.identity import half_width
from crossclaim.domain.money import Money, total
from crossclaim.domain.reference import Reference
from crossclaim.domain.stay import Stay


def paper_claim_faults(claim: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    yield from _insurer_faults(claim, reference, context)
    hospital = claim.code("hospital")
    if hospital is not None and reference.hospital(hospital) is None:
        yield fault("HOSPITAL_UNKNOWN", claim.at("hospital"), hospital=hospital)
    yield from patient_faults(claim.member("patient"), context)
    for member, code in (("diagnoses", "DIAGNOSIS_MISSING"), ("papers", "PAPERS_MISSING")):
        if claim.is_empty_list(member):
            yield fault(code, claim.at(member))
    born = claim.member("patient").day("birth_date")
    known = context.model_copy(update={"stay": Stay(hospital=hospital, birth_date=born)})
    for paper in claim.items("papers"):
        yield from bill_faults(paper, reference, known)
        yield from _paid_faults(paper)
        yield from _ebill_faults(paper)
    for stated in claim.items("statements"):
        yield from negative_faults(stated, "paid")
    yield from account_faults(claim.member("account"))
    for consent in claim.items("consents"):
        yield from given_faults(consent, reference)
    yield from information_wanted_faults(claim.member("information"))


def payee_account_faults(
    proposal: Piece, reference: Reference, context: Context
) -> Iterator[Fault]:
    yield from account_faults(proposal.member("account"))


def payee_decision_faults(
    decision: Piece, reference: Reference, context: Context
) -> Iterator[Fault]:
    """Whether there is such a proposal the episode's own rows tell."""
    yield from ()


def _insurer_faults(claim: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    """Only an insurer's own claim, and only of one whose rules are here."""
    insurer = reference.insurer(context.insurer or "")
    if insurer is None:
        yield fault("CLAIM_NOT_YOURS", "")
        return
    if insurer.decides != "here":
        yield fault("INSURER_DECIDES_THERE", "", insurer=insurer.id)
    plan = claim.code("plan")
    if plan is not None and plan not in insurer.plans:
        allowed = ", ".join(insurer.plans)
        words = {"insurer": insurer.id, "plan": plan, "allowed": allowed}
        yield fault("PLAN_UNKNOWN", claim.at("plan"), **words)


def _paid_faults(paper: Piece) -> Iterator[Fault]:
    """A claim with papers is of a patient who has paid all of them."""
    charged, legs = paper.money("total"), paper.items("paid")
    paid = [leg.money("amount") for leg in legs]
    for leg in legs:
        yield from negative_faults(leg, "amount")
    known = [m for m in paid if m is not None and charged and m.currency is charged.currency]
    if charged is None or len(known) != len(paid):
        return
    summed = total(known, charged.currency)
    if summed != charged:
        yield fault("PAPER_NOT_PAID", paper.at("paid"), paid=summed, due=charged)


def _ebill_faults(paper: Piece) -> Iterator[Fault]:
    ebill = paper.member("ebill")
    if ebill.value is None:
        return
    read = _read_ebill(paper, ebill)
    if read is not None:
        # The province is part of the hospital's area code, which the reference does not hold.
        for defect in ebill_defects(read, half_width(read.code)[:2], ()):
            yield fault(f"EBILL_{defect.value}", ebill.pointer)


def _read_ebill(paper: Piece, ebill: Piece) -> Ebill | None:
    """None when a member cannot be read; then its shape has a fault of its own."""
    items: list[Money | None] = [line.money("amount") for line in paper.items("lines")]
    try:
        return Ebill.model_validate(
            {
                **{name: ebill.text(name) for name in ("code", "number", "check")},
                "issued_on": ebill.day("issued_on"),
                "items": items,
                "total": paper.money("total"),
                **{
                    name: ebill.money(name)
                    for name in ("pooled_fund", "other", "personal_account", "cash")
                },
            }
        )
    except ValidationError:
        return None
