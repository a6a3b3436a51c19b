"""Faults of what is sent about vouchers alone: the spouse, the identity check, the confirmation."""

from __future__ import annotations

from collections.abc import Iterator

from crossclaim.domain.allocation import Fault
from crossclaim.domain.fault_bill import MAX_VERSION
from crossclaim.domain.fault_context import Context
from crossclaim.domain.fault_money import range_faults
from crossclaim.domain.fault_piece import Piece
from crossclaim.domain.fault_sentences import fault
from crossclaim.domain.identity import document_defect
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import DocumentType

HOLDER_DOCUMENTS = frozenset({DocumentType.HKID, DocumentType.CERT_EXEMPTION})


def spouse_faults(spouse: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    born, name = spouse.day("birth_date"), spouse.member("name")
    if born is not None and born > context.today:
        yield fault("BIRTH_DATE_FUTURE", spouse.at("birth_date"))
    if isinstance(name.value, dict) and not (name.has("zh") or name.has("en")):
        yield fault("NAME_MISSING", name.pointer)
    document = spouse.member("document")
    kind, number = document.choice("type", DocumentType), document.text("number")
    if kind is None:
        return
    if kind not in HOLDER_DOCUMENTS:
        yield fault("HOLDER_DOCUMENT", document.at("type"))
    defect = None if number is None else document_defect(kind, number, context.today)
    if defect is not None:
        yield fault(f"{kind.name}_{defect.value}", document.at("number"))


def identity_check_faults(check: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    kind = check.choice("document", DocumentType)
    if kind is not None and kind not in HOLDER_DOCUMENTS:
        yield fault("HOLDER_DOCUMENT", check.at("document"))
    checked_at = check.moment("checked_at")
    if checked_at is not None and checked_at > context.received_at:
        yield fault("CHECK_IN_FUTURE", check.at("checked_at"))
    hospital = reference.hospital(context.hospital) if context.hospital else None
    place = check.code("place")
    if hospital is None or place is None:
        return
    window = hospital.voucher_window(place)
    if window is None or not window.identity_checks:
        yield fault("CHECK_PLACE", check.at("place"), place=place)


def confirmation_faults(said: Piece, reference: Reference, context: Context) -> Iterator[Fault]:
    yield from range_faults(said, "bill_version", 1, MAX_VERSION)
    confirmed_at = said.moment("confirmed_at")
    if confirmed_at is not None and confirmed_at > context.received_at:
        yield fault("CHECK_IN_FUTURE", said.at("confirmed_at"))
