"""What a record on use of vouchers says, out of the episode's rows as they stand. Pure."""

from __future__ import annotations

from typing import Any

from crossclaim.domain.money import fen, hk_cents
from crossclaim.domain.non_medical import medical_part
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.reference import Names, Reference
from crossclaim.domain.submission import BillSubmission, EpisodeSubmission
from crossclaim.domain.voucher_rows import OWN
from crossclaim.domain.voucher_standing import part_of
from crossclaim.domain.voucher_use import VoucherUseRecord


def use_record_of(
    rows: EpisodeRows,
    claim: ClaimRow,
    content: EpisodeSubmission,
    bill: BillSubmission,
    receipt: dict[str, Any],
    reference: Reference,
) -> VoucherUseRecord:
    """The caller has seen that the account is known with its rate."""
    voucher = rows.voucher
    assert voucher is not None and voucher.rate is not None, "the caller looked"
    void = claim.state == "voided"
    balance = voucher.balance_minor
    if not void or claim.kind != OWN:
        balance = int(receipt.get("balance_minor", balance))
    completed = bill.service_completed_at or bill.issued_at
    return VoucherUseRecord(
        transaction_number=claim.number,
        reference=claim.reference,
        account="own" if claim.kind == OWN else "spouse",
        hospital=_hospital(reference, content.hospital),
        department=_department(reference, content.hospital, content.visit.department),
        served_at=completed,
        claimed_at=claim.submitted_at or completed,
        bill_number=bill.number,
        net_fee=medical_part(bill).total,
        used=hk_cents(claim.benefit_minor or 0),
        worth=fen(part_of(rows.allocation(claim.bill_id), claim.kind)[1]),
        rate=voucher.rate,
        balance=hk_cents(balance),
        void=void,
    )


def _hospital(reference: Reference, hospital: str) -> Names:
    known = reference.hospital(hospital)
    return known.name if known is not None else _same(hospital)


def _department(reference: Reference, hospital: str, department: str) -> Names:
    known = reference.hospital(hospital)
    found = [d for d in known.departments if d.id == department] if known is not None else []
    return found[0].name if found else _same(department)


def _same(word: str) -> Names:
    return Names(en=word, zh_hant=word, zh_hans=word)
