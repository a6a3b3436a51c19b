"""Faults of what the patient pays and is paid: tenders, voids and reimbursements."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_bill import MAX_VERSION
from crossclaim.domain.fault_consent import given_faults
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_money import charged_faults, negative_faults, range_faults
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.identity import cnaps_defect, is_card_number, payee_account_defect
from crossclaim.domain.reference import Reference


def tender_faults(tender: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    yield from range_faults(tender, "bill_version", 1, MAX_VERSION)
    seen: set[tuple[str, str]] = set()
    for leg in tender.items("legs"):
        yield from negative_faults(leg, "amount")
        yield from charged_faults(leg, "amount", reference, context)
        if leg.text("payer_code") is not None:
            yield from _acquired_faults(leg)
        method, number = leg.text("method"), leg.text("reference")
        if method is None or number is None:
            continue
        if (method, number) in seen:
            yield fault("LEG_TWICE", leg.at("reference"))
        seen.add((method, number))
    for consent in tender.items("consents"):
        yield from given_faults(consent, reference)


def _acquired_faults(leg: Piece) -> Iterator[Fault]:
    """Of a leg that the acquirer is to take."""
    code = leg.text("payer_code") or ""
    if is_card_number(code, leg.text("method") or ""):
        yield fault("PAYER_CODE_IS_A_CARD", leg.at("payer_code"))
    if leg.text("method") == "cash":
        yield fault("PAYER_CODE_FOR_CASH", leg.at("payer_code"))
    amount = leg.money("amount")
    if amount is not None and amount.amount_minor == 0:
        yield fault("PAYER_CODE_FOR_NOTHING", leg.at("payer_code"))


def void_faults(void: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    yield from range_faults(void, "bill_version", 1, MAX_VERSION)


def reimbursement_faults(
    reimbursement: Piece, reference: Reference, context: Context
) -> Iterator[Fault]:
    yield from range_faults(reimbursement, "bill_version", 1, MAX_VERSION)
    yield from account_faults(reimbursement.member("account"))


def account_faults(account: Piece) -> Iterator[Fault]:
    """Of a payee's account: the number's form and the bank's code."""
    number, bank_code = account.text("number"), account.text("bank_code")
    defect = payee_account_defect(number) if number is not None else None
    if defect is not None:
        yield fault(f"ACCOUNT_NUMBER_{defect.value}", account.at("number"))
    if bank_code is not None and cnaps_defect(bank_code) is not None:
        yield fault("BANK_CODE_FORM", account.at("bank_code"))
