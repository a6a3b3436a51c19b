"""The bank gateway: stages and releases orders, asks about them, hands over what arrives."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from crossclaim.config import BankProfile
from crossclaim.domain.bank_statement import Piece
from crossclaim.domain.errors import Final
from crossclaim.domain.party import BankMessage, PaymentOrder
from crossclaim.gateways.bank.account_checks import verification_request
from crossclaim.gateways.bank.copies import sealed_name
from crossclaim.gateways.bank.document import MAX_BYTES
from crossclaim.gateways.bank.folders import Folders, disk
from crossclaim.gateways.bank.identifiers import (
    account_check_id,
    inquiry_id,
    is_file_name,
    message_id,
    recall_id,
)
from crossclaim.gateways.bank.messages import read_message
from crossclaim.gateways.bank.orders import payment_order, status_request
from crossclaim.gateways.bank.recalls import cancellation_request
from crossclaim.gateways.bank.statement_stream import pieces_of, statement_type


class HostToHostBank:
    """``activities.ports.Bank`` for one profile.

    The bank looks only into ``outbound``. Call ``stage``, commit the attempt row, call ``release``.
    After a crash with the attempt row committed never stage again: while ``is_staged`` the bank
    cannot have seen the file, afterwards it may have.
    """

    def __init__(self, profile: BankProfile) -> None:
        self._profile = profile
        self._folders = Folders(profile.folder)

    def stage(self, order: PaymentOrder) -> str:
        """The name of the staged file, the same for the same order and attempt.

        Raises ``Final`` for an order of another bank or one that pain.001 cannot hold, before
        anything is written, and ``Retryable`` when the disk fails.
        """
        if order.debtor.bank != self._profile.bank:
            raise Final("the order is for another bank", code="BANK_OTHER")
        rail = self._profile.rails.get(order.rail)
        content = payment_order(order, self._profile.initiating_party, rail)
        name = f"{message_id(order.reference, order.attempt)}.xml"
        with disk():
            released = self._folders.outbound / name
            waiting = released.read_bytes() if released.exists() else None
        if waiting is None:
            self._folders.write(self._folders.staging, name, content)
        elif waiting != content:
            raise Final("another order was released under this name", code="BANK_NAME_TAKEN")
        return name

    def is_staged(self, name: str) -> bool:
        """Whether the file waits out of the bank's sight. ``Retryable`` when we cannot look."""
        _refuse_unsafe(name)
        with disk():
            self._folders.staging.stat()
            return (self._folders.staging / name).is_file()

    def is_waiting(self, name: str) -> bool:
        """Whether the bank has not taken the released file. ``Retryable`` when we cannot look."""
        _refuse_unsafe(name)
        with disk():
            self._folders.outbound.stat()
            return (self._folders.outbound / name).is_file()

    def release(self, name: str) -> None:
        _refuse_unsafe(name)
        self._folders.release(name)

    def inquire(self, order: PaymentOrder, inquiry: int, at: datetime) -> str:
        """Writes a pacs.028 and releases it at once: asking twice does no harm.

        Raises ``Final`` when the bank answers no status requests.
        """
        if not self._profile.status_request:
            raise Final("the bank answers no status requests", code="BANK_NO_STATUS_REQUEST")
        inquiry_id(order.reference, inquiry)
        name = f"{order.reference}-inquiry-{inquiry}.xml"
        self._folders.write(self._folders.staging, name, status_request(order, inquiry, at))
        self._folders.release(name)
        return name

    def recall(self, order: PaymentOrder, reason: str, number: int, at: datetime) -> str:
        """Writes a camt.056 and releases it at once: the bank knows the case by its id.

        Raises ``Final`` when the bank takes none.
        """
        if not self._profile.recalls:
            raise Final("the bank takes no requests to cancel", code="BANK_TAKES_NO_RECALL")
        ours = self._profile.initiating_party
        content = cancellation_request(order, reason, number, at, ours)
        name = f"{recall_id(order.reference, number)}.xml"
        self._folders.write(self._folders.staging, name, content)
        self._folders.release(name)
        return name

    def check_account(self, order: PaymentOrder, number: int, at: datetime) -> str:
        """Writes an acmt.023 and releases it at once: asking twice does no harm.

        Raises ``Final`` when the bank takes none.
        """
        if not self._profile.account_checks:
            raise Final("the bank checks no accounts", code="BANK_CHECKS_NO_ACCOUNT")
        content = verification_request(order, number, at, self._profile.initiating_party)
        name = f"{account_check_id(order.reference, number)}.xml"
        self._folders.write(self._folders.staging, name, content)
        self._folders.release(name)
        return name

    def arrived(self) -> Iterator[Path]:
        yield from self._folders.complete_files()

    def digest(self, path: Path) -> str:
        """Read in pieces: a statement may be larger than what one wants in memory."""
        with self._folders.opened(path) as file, disk():
            return hashlib.file_digest(file, "sha256").hexdigest()

    def is_statement(self, path: Path) -> bool:
        with self._folders.opened(path) as file:
            return bool(statement_type(file, self._statement_limit))

    def pieces(self, path: Path) -> Iterator[Piece]:
        with self._folders.opened(path) as file:
            yield from pieces_of(file, self._statement_limit)

    @property
    def _statement_limit(self) -> int:
        return self._profile.statement_limit_mib * 1024 * 1024

    def is_finished(self, name: str) -> bool:
        with disk():
            done = self._folders.done
            return (done / name).is_file() or (done / sealed_name(name)).is_file()

    def read(self, path: Path) -> BankMessage:
        return read_message(self._folders.content(path, MAX_BYTES))

    def finish(self, path: Path) -> None:
        """Moves a processed file to ``done`` under a free name; nothing when moved before."""
        self._folders.move(path, self._folders.done)

    def set_aside(self, path: Path, reason: str) -> None:
        """Moves a bad file to ``bad`` beside ``NAME.reason.txt``; nothing when moved before."""
        self._folders.move(path, self._folders.bad, note=reason or "no reason given")


def _refuse_unsafe(name: str) -> None:
    if not is_file_name(name):
        raise Final("not the name of a payment file", code="BANK_REFERENCE_UNSAFE")
