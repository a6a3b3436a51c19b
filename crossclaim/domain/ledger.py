"""Double entries: what each event of an episode posts. Pure; the database proves that they balance.

Signs: positive is a debit. A funder's ``due`` is what it owes; ``hospital:…:bills`` is what is owed
to a hospital (a credit); ``clearing`` is money on its way from a debtor's account to a payee.
"""

from __future__ import annotations

from crossclaim.domain.allocation import AllocationResult, Frozen
from crossclaim.domain.money import Currency, Money
from crossclaim.domain.non_medical import medical_split
from crossclaim.domain.submission import FunderKind


class Account(Frozen):
    id: str
    kind: str
    organisation_id: str | None = None
    currency: Currency


class Posting(Frozen):
    account: Account
    amount_minor: int


class Entry(Frozen):
    """One balanced event. ``key`` makes it happen once, for ever."""

    key: str
    kind: str
    postings: list[Posting]


def hospital_bills(hospital: str) -> Account:
    return Account(
        id=f"hospital:{hospital}:bills",
        kind="hospital_bills",
        organisation_id=hospital,
        currency=Currency.CNY,
    )


def hospital_non_medical(hospital: str) -> Account:
    """What is owed to a hospital for the part of its bills that is no medical care."""
    return Account(
        id=f"hospital:{hospital}:non_medical",
        kind="hospital_non_medical",
        organisation_id=hospital,
        currency=Currency.CNY,
    )


def patient_non_medical() -> Account:
    return Account(id="patient:non_medical", kind="patient_non_medical", currency=Currency.CNY)


def funder_due(funder: FunderKind, organisation: str | None) -> Account:
    return Account(
        id=f"funder:{funder.value}{':' + organisation if organisation else ''}:due",
        kind="funder_due",
        organisation_id=organisation,
        currency=Currency.CNY,
    )


def reimbursements() -> Account:
    return Account(id="patient:reimbursements", kind="reimbursement", currency=Currency.CNY)


def overpaid(insurer: str) -> Account:
    """What a payee was paid twice and owes to the insurer (debit)."""
    return Account(
        id=f"overpaid:{insurer}",
        kind="overpaid",
        organisation_id=insurer,
        currency=Currency.CNY,
    )


def fx_drift(insurer: str) -> Account:
    """What a benefit is worth more at the payout's rate (debit) than when it was judged."""
    return Account(
        id=f"fx:drift:{insurer}",
        kind="fx_drift",
        organisation_id=insurer,
        currency=Currency.CNY,
    )


def clearing(debtor: str, bank: str) -> Account:
    return Account(
        id=f"clearing:{bank}:{debtor}",
        kind="clearing",
        organisation_id=debtor,
        currency=Currency.CNY,
    )


def exposure(insurer: str, side: str, currency: Currency = Currency.HKD) -> Account:
    """One account a currency; that of Hong Kong dollars has the short name."""
    name = f"guarantee:{insurer}:{side}"
    return Account(
        id=name if currency is Currency.HKD else f"{name}:{currency.value}",
        kind=f"guarantee_{side}",
        organisation_id=insurer,
        currency=currency,
    )


def voucher_receivable(hospital: str) -> Account:
    return Account(
        id=f"hospital:{hospital}:voucher_receivable",
        kind="voucher_receivable",
        organisation_id=hospital,
        currency=Currency.HKD,
    )


def voucher_committed() -> Account:
    """What the Department of Health has to reimburse to hospitals, in HKD."""
    return Account(id="voucher:committed", kind="voucher_committed", currency=Currency.HKD)


def _entry(key: str, kind: str, legs: list[tuple[Account, int]]) -> Entry:
    return Entry(
        key=key,
        kind=kind,
        postings=[Posting(account=a, amount_minor=m) for a, m in legs if m != 0],
    )


def bill_entry_key(bill_id: str, version: int) -> str:
    """The ledger entry of one version of a bill's split."""
    return f"bill:{bill_id}:{version}"


def bill_entry(key: str, hospital: str, result: AllocationResult) -> Entry:
    """A final bill: every funder owes its part, the hospital is owed the whole. What is no medical
    care stands on accounts of its own."""
    medical = medical_split(result)
    legs = [(funder_due(t.funder, t.organisation), t.amount.amount_minor) for t in medical.totals]
    legs.append((hospital_bills(hospital), -medical.total.amount_minor))
    apart = 0 if result.non_medical is None else result.non_medical.amount_minor
    legs += [(patient_non_medical(), apart), (hospital_non_medical(hospital), -apart)]
    return _entry(key, "bill", legs)


def tender_entry(key: str, hospital: str, amount_fen: int, non_medical_fen: int = 0) -> Entry:
    """The patient paid at the hospital, ``non_medical_fen`` of it for what is no medical care."""
    patient, medical_fen = funder_due(FunderKind.PATIENT, None), amount_fen - non_medical_fen
    legs = [(hospital_bills(hospital), medical_fen), (patient, -medical_fen)]
    legs += [
        (hospital_non_medical(hospital), non_medical_fen),
        (patient_non_medical(), -non_medical_fen),
    ]
    return _entry(key, "tender", legs)


def non_medical_of(result: AllocationResult, before_fen: int, paid_fen: int) -> int:
    """How much of a payment is for what is no medical care, which is paid first: it is the
    patient's whatever the funders decide later, so a split made anew never moves it."""
    most = 0 if result.non_medical is None else result.non_medical.amount_minor
    return min(most, before_fen + paid_fen) - min(most, before_fen)


def guarantee_entry(key: str, insurer: str, limit: Money) -> Entry:
    """A letter of guarantee reserves the insurer's money."""
    reserved = exposure(insurer, "reserved", limit.currency)
    committed = exposure(insurer, "committed", limit.currency)
    return _entry(
        key, "guarantee", [(reserved, limit.amount_minor), (committed, -limit.amount_minor)]
    )


def voucher_claim_entry(key: str, hospital: str, dollars: Money, worth: Money) -> Entry:
    """A voucher claim: the voucher's part of the bill becomes the hospital's receivable in HKD."""
    return _entry(
        key,
        "voucher_claim",
        [
            (hospital_bills(hospital), worth.amount_minor),
            (funder_due(FunderKind.VOUCHER, None), -worth.amount_minor),
            (voucher_receivable(hospital), dollars.amount_minor),
            (voucher_committed(), -dollars.amount_minor),
        ],
    )


def voucher_reimbursed_entry(key: str, hospital: str, dollars: Money) -> Entry:
    """The Department of Health reimbursed a claim: nothing of it is owed any more."""
    legs = [
        (voucher_committed(), dollars.amount_minor),
        (voucher_receivable(hospital), -dollars.amount_minor),
    ]
    return _entry(key, "voucher_reimbursed", legs)


def payout_entry(key: str, insurer: str, bank: str, amount_fen: int) -> Entry:
    """A payout is reserved: the insurer's debt is on its way."""
    due = funder_due(FunderKind.INSURER, insurer)
    return _entry(key, "payout", [(clearing(insurer, bank), amount_fen), (due, -amount_fen)])


def credit_entry(key: str, payee: Account, insurer: str, bank: str, amount_fen: int) -> Entry:
    """The payee has the money."""
    return _entry(key, "credit", [(payee, amount_fen), (clearing(insurer, bank), -amount_fen)])


def reimbursement_entry(key: str, insurer: str, amount_fen: int) -> Entry:
    """The insurer owes the patient what he paid beyond the guarantee."""
    due = funder_due(FunderKind.INSURER, insurer)
    return _entry(key, "reimbursement", [(due, amount_fen), (reimbursements(), -amount_fen)])


def drift_entry(key: str, insurer: str, amount_fen: int) -> Entry:
    """The payout's rate differs from that of the judgement: the payee is owed more, or less."""
    legs = [(fx_drift(insurer), amount_fen), (reimbursements(), -amount_fen)]
    return _entry(key, "fx_drift", legs)


def reversal(entry: Entry) -> Entry:
    """What takes an entry back; the entry itself stays. One entry is reversed once, by its key."""
    return Entry(
        key=f"reversal:{entry.key}",
        kind=f"reversal_{entry.kind}",
        postings=[
            one.model_copy(update={"amount_minor": -one.amount_minor}) for one in entry.postings
        ],
    )
