"""What every episode of one bill of the pool shares: rows without a person, a time or a number."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from crossclaim.demo_data.bills import DecidedBill
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.bureau import SettlementSplit
from crossclaim.domain.ledger import (
    Entry,
    Posting,
    bill_entry,
    credit_entry,
    hospital_bills,
    payout_entry,
    reversal,
    tender_entry,
    voucher_claim_entry,
)
from crossclaim.domain.ledger_bureau import settlement_entry
from crossclaim.domain.money import Money, fen
from crossclaim.domain.submission import DocumentType, FunderKind, IdentityDocument, PersonName

BANK = "archive-bank"
"""No bank that anybody asks or reads statements of."""
NAME_ZH, NAME_EN, DOCUMENT, VISIT, BILL = "@ZH@", "@EN@", "@ID@", "@VISIT@", "@BILL@"
BIRTH = date(1804, 2, 29)


class Template(Frozen):
    """``entries``: stage → what is posted then; the key of each ends in what the row gives it."""

    episode_json: str
    bill_json: str
    entries: dict[str, Entry]
    claim_kind: str
    insurer: str | None
    insurer_fen: int
    benefit: Money
    tendered: bool


def template_of(bill: DecidedBill) -> Template:
    result, hospital = bill.result, bill.claim.episode.hospital
    insurer = bill.insurer
    patient = result.of(FunderKind.PATIENT)
    kind = _claim_kind(bill)
    entries = {"bill": bill_entry("bill", hospital, result)}
    if patient.amount_minor:
        entries["tender"] = tender_entry("tender", hospital, patient.amount_minor)
    if kind == "voucher":
        total = _total(bill, FunderKind.VOUCHER)
        entries["voucher"] = voucher_claim_entry("voucher", hospital, total[1], total[0])
    if kind == "basic_insurance":
        entries["settlement"] = settlement_entry("settlement", hospital, _settled(bill))
    part = result.of(FunderKind.INSURER)
    if insurer is not None and part.amount_minor:
        paid = payout_entry("payout", insurer, BANK, part.amount_minor)
        payee = hospital_bills(hospital)
        entries["payout"] = paid
        entries["credit"] = credit_entry("credit", payee, insurer, BANK, part.amount_minor)
        entries["reversal"] = reversal(paid)
    return Template(
        episode_json=_episode_json(bill),
        bill_json=_bill_json(bill),
        entries={stage: entry for stage, entry in entries.items() if entry.postings},
        claim_kind=kind,
        insurer=insurer,
        insurer_fen=part.amount_minor,
        benefit=_benefit(bill, kind),
        tendered=bool(patient.amount_minor),
    )


def postings(templates: list[Template]) -> Iterator[tuple[int, str, str, int, Posting]]:
    """Place in the pool, stage, kind of entry, ordinal, posting."""
    for place, template in enumerate(templates):
        for stage, entry in template.entries.items():
            for ordinal, posting in enumerate(entry.postings):
                yield place, stage, entry.kind, ordinal, posting


def _claim_kind(bill: DecidedBill) -> str:
    paying = {t.funder for t in bill.result.totals if t.amount.amount_minor}
    if FunderKind.INSURER in paying:
        return "direct"
    if FunderKind.VOUCHER in paying:
        return "voucher"
    if paying & {FunderKind.BASIC_INSURANCE, FunderKind.PERSONAL_ACCOUNT}:
        return "basic_insurance"
    return ""


def _total(bill: DecidedBill, funder: FunderKind) -> tuple[Money, Money]:
    """What a funder pays, in RMB and in what it counts in itself."""
    found = next(t for t in bill.result.totals if t.funder is funder)
    return found.amount, found.in_funder_currency or found.amount


def _benefit(bill: DecidedBill, kind: str) -> Money:
    funder = {
        "direct": FunderKind.INSURER,
        "voucher": FunderKind.VOUCHER,
        "basic_insurance": FunderKind.BASIC_INSURANCE,
    }.get(kind)
    totals = {t.funder for t in bill.result.totals}
    return fen(0) if funder not in totals or funder is None else _total(bill, funder)[1]


def _settled(bill: DecidedBill) -> SettlementSplit:
    result = bill.result
    return SettlementSplit(
        fee=result.total,
        fund=result.of(FunderKind.BASIC_INSURANCE),
        account=result.of(FunderKind.PERSONAL_ACCOUNT),
        family=fen(0),
        cash=result.of(FunderKind.PATIENT),
        hospital=fen(0),
        balance=fen(0),
        family_balance=fen(0),
    )


def _episode_json(bill: DecidedBill) -> str:
    episode = bill.claim.episode
    document = IdentityDocument(type=DocumentType.HKID, number=DOCUMENT)
    patient = episode.patient.model_copy(
        update={
            "name": PersonName.model_construct(zh=NAME_ZH, en=NAME_EN),
            "birth_date": BIRTH,
            "documents": [document],
        }
    )
    visit = episode.visit.model_copy(update={"number": VISIT})
    return episode.model_copy(update={"patient": patient, "visit": visit}).model_dump_json()


def _bill_json(bill: DecidedBill) -> str:
    return bill.claim.bill.model_copy(update={"number": BILL}).model_dump_json()
