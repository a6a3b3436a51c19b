"""What a hospital sends about vouchers alone: spouse, first identity check, confirmation."""

from __future__ import annotations

from datetime import date

from pydantic import AwareDatetime

from crossclaim.domain.submission import Code, DocumentType, IdentityDocument, PersonName, Wire


class SpouseSubmission(Wire):
    """``POST /v1/episodes/{id}/spouse``: whose vouchers may follow the patient's own.

    Business key: the episode + ``spouse``: a visit has one.
    """

    name: PersonName
    birth_date: date
    document: IdentityDocument


class IdentityCheckSubmission(Wire):
    """``POST /v1/episodes/{id}/identity-checks``: the patient came in person with a document.

    Business key: the episode + its number. It costs the patient nothing.
    """

    number: Code
    document: DocumentType
    checked_by: Code
    """The member of staff, by the hospital's own number."""
    place: Code
    """One of the hospital's voucher windows."""
    checked_at: AwareDatetime


class VoucherConfirmationSubmission(Wire):
    """``POST /v1/episodes/{id}/voucher-confirmations``: the provider stands by what was entered.

    Business key: the bill's + ``voucher-confirmation``.
    """

    bill_number: Code
    bill_version: int
    confirmed_by: Code
    """The provider, by the number under which he joined the scheme."""
    confirmed_at: AwareDatetime
