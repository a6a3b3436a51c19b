"""The identifiers that tie a bank's message to one payment of ours.

``EndToEndId`` is the reference, for ever; ``MsgId``, ``PmtInfId`` and ``InstrId`` are
``{reference}-{attempt}``; an inquiry's ``MsgId`` is ``{reference}-q{n}``.
"""

from __future__ import annotations

import hashlib
import re
from typing import NamedTuple

from crossclaim.domain.errors import Final

MAX_ID_CHARS = 35
"""Max35Text, the length of every identifier of ISO 20022 that we use."""

_REFERENCE = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,34}")
_ATTEMPT = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)-([1-9][0-9]{0,3})")
_INQUIRY = re.compile(r"([A-Za-z0-9][A-Za-z0-9._-]*)-q([1-9][0-9]{0,3})")
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,60}\.xml")
_NOT_PROVIDED = "NOTPROVIDED"
"""What banks write where the initiator gave no end-to-end id."""


class Payment(NamedTuple):
    """A payment as a message names it; ``attempt`` 0 where it names only the reference."""

    reference: str
    attempt: int


def message_id(reference: str, attempt: int) -> str:
    """``MsgId`` of an order. Raises ``Final`` for a reference that is no safe name or too long."""
    return _checked(reference, attempt, f"{reference}-{attempt}")


def inquiry_id(reference: str, inquiry: int) -> str:
    """``MsgId`` of a status request. Raises ``Final`` like ``message_id``."""
    return _checked(reference, inquiry, f"{reference}-q{inquiry}")


def recall_id(reference: str, number: int) -> str:
    """``Assgnmt/Id`` of a request to cancel. Raises ``Final`` like ``message_id``."""
    return _checked(reference, number, f"{reference}-r{number}")


def account_check_id(reference: str, number: int) -> str:
    """``Assgnmt/MsgId`` of a question about an account. Raises ``Final`` like ``message_id``."""
    return _checked(reference, number, f"{reference}-v{number}")


def recall_case(reference: str) -> str:
    """The case of all requests to cancel one payment."""
    return _checked(reference, 1, f"{reference}-r")


def recalled_reference(case: str) -> str:
    """The reference that a case of ours is about; empty for another's case."""
    return case.removesuffix("-r") if case.endswith("-r") else ""


def _checked(reference: str, number: int, identifier: str) -> str:
    if not _REFERENCE.fullmatch(reference) or reference == _NOT_PROVIDED:
        raise Final("the reference is not a safe name", code="BANK_REFERENCE_UNSAFE")
    if not 1 <= number <= 9999:
        raise Final("attempts and inquiries count from 1 to 9999", code="BANK_ATTEMPT_INVALID")
    if len(identifier) > MAX_ID_CHARS:
        raise Final(
            f"the reference is too long for an identifier of {MAX_ID_CHARS} characters",
            code="BANK_FIELD_LENGTH",
        )
    return identifier


def is_inquiry(identifier: str) -> bool:
    return _INQUIRY.fullmatch(identifier) is not None


def payment_named(end_to_end_id: str, *message_ids: str) -> Payment | None:
    """The payment that a message's identifiers name, or None for none that could be ours.

    An end-to-end id wins; the ids of our files stand in where the bank kept only those.
    """
    attempts = [match for match in map(_ATTEMPT.fullmatch, message_ids) if match]
    if end_to_end_id and end_to_end_id != _NOT_PROVIDED:
        if not _REFERENCE.fullmatch(end_to_end_id):
            return None
        same = (int(match[2]) for match in attempts if match[1] == end_to_end_id)
        return Payment(end_to_end_id, next(same, 0))
    for match in attempts:
        return Payment(match[1], int(match[2]))
    inquiries = (match for match in map(_INQUIRY.fullmatch, message_ids) if match)
    return next((Payment(match[1], 0) for match in inquiries), None)


def account_hash(number: str) -> str:
    """SHA-256 of an account number, as ``PaymentReport.creditor_account_hash`` has it."""
    return hashlib.sha256(number.strip().encode()).hexdigest() if number.strip() else ""


def is_file_name(name: str) -> bool:
    """Whether ``name`` can be one that we gave to a file: no folders, no dot in front, ``.xml``."""
    return _FILE_NAME.fullmatch(name) is not None
