"""Tells the bank's messages apart by namespace and reads each by its own reader.

A version newer than those named here is read like the ones before it: ISO 20022 adds elements and
keeps the paths that we follow.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

from crossclaim.domain.party import BankMessage
from crossclaim.gateways.bank.account_checks import read_verifications
from crossclaim.gateways.bank.document import Document, parse, unreadable
from crossclaim.gateways.bank.header import Understood
from crossclaim.gateways.bank.resolutions import read_resolutions
from crossclaim.gateways.bank.returns import read_returns
from crossclaim.gateways.bank.statements import read_notifications, read_statements
from crossclaim.gateways.bank.status_reports import read_status_report


class _Kind(NamedTuple):
    oldest: int
    """The first version whose paths are the ones that we follow."""
    read: Callable[[Document], Understood]


_KINDS = {
    "pain.002.001": _Kind(3, read_status_report),
    "camt.053.001": _Kind(2, read_statements),
    "camt.054.001": _Kind(2, read_notifications),
    "pacs.004.001": _Kind(2, read_returns),
    "camt.029.001": _Kind(8, read_resolutions),
    "acmt.024.001": _Kind(2, read_verifications),
}


def read_message(content: bytes) -> BankMessage:
    """Everything we understand of one file. Raises ``Final`` with the reason for any other file."""
    document = parse(content)
    name, version = document.message_type.rsplit(".", 1)
    kind = _KINDS.get(name)
    if kind is None:
        raise unreadable(f"messages of type {document.message_type} are not expected from a bank")
    if int(version) < kind.oldest:
        raise unreadable(f"{document.message_type} is older than version {kind.oldest:02d}")
    header, reports, statements = kind.read(document)
    return BankMessage(
        message_type=header.message_type,
        message_id=header.message_id,
        created_at=header.created_at,
        reports=reports,
        statements=statements,
    )
