"""Reads camt.053 and camt.054 piece by piece: an entry is forgotten as soon as it is handed on."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator
from datetime import timedelta
from typing import BinaryIO, Literal

from lxml import etree

from crossclaim.domain.bank_statement import (
    AccountHead,
    AccountTail,
    MessageHead,
    Piece,
    StatementLine,
)
from crossclaim.domain.errors import Final
from crossclaim.gateways.bank.document import Document, Node, unreadable
from crossclaim.gateways.bank.flat import FlatNode
from crossclaim.gateways.bank.guarded import Guarded
from crossclaim.gateways.bank.header import Header
from crossclaim.gateways.bank.statement_lines import EntryReader
from crossclaim.gateways.bank.statements import CLOSING, OPENING, balance_of, only_page

OLDEST, NEWEST = 2, 14
"""Versions of camt.053.001 and camt.054.001 whose paths are the ones that we follow."""

_TYPE = re.compile(r"\{urn:iso:std:iso:20022:tech:xsd:(camt\.05[34]\.001)\.([0-9]{2})\}Document")
_PARTS = ("Stmt", "Ntfctn")
_HEADER_DEPTH = 3
"""Of a message's own GrpHdr in a Document, in an envelope; what lies deeper is an extension."""
_WANTED = ("{*}GrpHdr", "{*}Ntry", "{*}Stmt", "{*}Ntfctn")


def statement_type(file: BinaryIO, limit_bytes: int) -> str:
    """The type of a camt.053 or camt.054 by its root alone; empty for any other file.

    Raises ``Final`` for what no file may have, whatever it is.
    """
    try:
        for _, element in _events(file, limit_bytes, ("start",), ("{*}Document",)):
            found = _TYPE.fullmatch(str(element.tag))
            return f"{found[1]}.{found[2]}" if found else ""
    except Final as refused:
        if refused.code != "BANK_FILE_UNREADABLE":
            raise
    return ""


def pieces_of(file: BinaryIO, limit_bytes: int) -> Iterator[Piece]:
    """Everything that the file says, in its order. Raises ``Final`` where it makes no sense."""
    stream = _Stream()
    for _, element in _events(file, limit_bytes, ("end",), _WANTED):
        yield from stream.take(element)
    yield from stream.end()


def _events(
    file: BinaryIO, limit_bytes: int, events: tuple[str, ...], tags: tuple[str, ...]
) -> Iterator[tuple[str, etree._Element]]:
    parser = etree.iterparse(
        Guarded(file, limit_bytes),
        events=events,
        tag=tags,
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        yield from parser
    except etree.XMLSyntaxError as error:
        # The parser's own words can quote the file, so only the line is passed on.
        raise unreadable(f"not well-formed XML at line {error.lineno or 0}") from None


class _Stream:
    """One file as far as it has been read."""

    def __init__(self) -> None:
        self._namespace = self._entry_tag = ""
        self._part_tags: frozenset[str] = frozenset()
        self._header: Header | None = None
        self._part: _Part | None = None
        self._one_file = True
        self._position = 0

    def take(self, element: etree._Element) -> Iterator[Piece]:
        tag = str(element.tag)
        if self._header is None:
            if not tag.endswith("}GrpHdr"):
                raise unreadable("the message begins without GrpHdr")
            yield self._begin(element)
        elif tag.endswith("}GrpHdr") and sum(1 for _ in element.iterancestors()) <= _HEADER_DEPTH:
            raise unreadable("the file does not hold exactly one message")
        elif tag == self._entry_tag:
            yield from self._entry(element)
        elif tag in self._part_tags:
            yield from self._close(element)

    def _begin(self, group: etree._Element) -> MessageHead:
        content = group.getparent()
        document = None if content is None else content.getparent()
        if content is None or document is None:
            raise unreadable("the Document does not hold exactly one message")
        found = _TYPE.fullmatch(str(document.tag))
        if found is None:
            raise unreadable("the Document is not in an ISO 20022 namespace of statements")
        message_type = f"{found[1]}.{found[2]}"
        if not OLDEST <= int(found[2]) <= NEWEST:
            raise Final(
                f"{message_type} is not a version from {OLDEST:02d} to {NEWEST:02d}",
                code="BANK_VERSION_UNKNOWN",
            )
        self._namespace = etree.QName(document).namespace or ""
        self._entry_tag = f"{{{self._namespace}}}Ntry"
        self._part_tags = frozenset(f"{{{self._namespace}}}{name}" for name in _PARTS)
        node = Node(content, self._namespace)
        self._header = header = Header.of(Document(message_type, node))
        self._one_file = only_page(node.child("GrpHdr/MsgPgntn"))
        source: Literal["statement", "notification"] = (
            "statement" if found[1].startswith("camt.053") else "notification"
        )
        return MessageHead(message_type, header.message_id, header.created_at, source)

    def _entry(self, element: etree._Element) -> Iterator[Piece]:
        parent = element.getparent()
        if parent is None or parent.tag not in self._part_tags:
            return
        part, head = self._of(parent)
        if head is not None:
            yield head
        yield from part.lines(FlatNode(element, self._namespace))
        element.clear()
        before = element.getprevious()
        if before is not None and before.tag == element.tag:
            parent.remove(before)

    def _of(self, parent: etree._Element) -> tuple[_Part, AccountHead | None]:
        if self._part is not None:
            return self._part, None
        assert self._header is not None, "the message began"
        node = Node(parent, self._namespace)
        self._part = part = _Part(self._header, node, self._position, self._one_file)
        return part, part.head()

    def _close(self, element: etree._Element) -> Iterator[Piece]:
        part, head = self._of(element)
        if head is not None:
            yield head
        yield part.tail()
        self._position, self._part = part.position, None
        element.clear()

    def end(self) -> Iterator[Piece]:
        if self._header is None:
            raise unreadable("the file does not hold exactly one Document")
        yield from ()


class _Part:
    """One ``Stmt`` or ``Ntfctn``."""

    def __init__(self, header: Header, node: Node, position: int, one_file: bool) -> None:
        self._node = node
        self._made_at = header.created_at
        self._advice = node.name == "Ntfctn"
        self._complete = one_file and only_page(node.child("StmtPgntn"))
        self._account = node.account("Acct")
        self._entries = EntryReader(header, self._account, position, advice=self._advice)
        self._digest = hashlib.sha256()
        self._lines = self._entry_count = self._debit = self._credit = 0
        self._nameless = False
        self._read: AccountHead | None = None

    @property
    def position(self) -> int:
        return self._entries.position

    def head(self) -> AccountHead:
        node = self._node
        if self._advice:
            self._read = AccountHead(self._account)
            return self._read
        if not self._account:
            raise unreadable("Stmt names no account")
        opening, opened = balance_of(node, OPENING, last=False)
        closing, closed = balance_of(node, CLOSING, last=True)
        begins = node.moment("FrToDt/FrDtTm") or opened
        ends = node.moment("FrToDt/ToDtTm") or closed
        if begins > ends:
            raise Final("a statement ends before it begins", code="BANK_STATEMENT_PERIOD")
        if ends > self._made_at + timedelta(days=1):
            raise Final("a statement ends after it was made", code="BANK_STATEMENT_PERIOD")
        if opening.currency is not closing.currency:
            raise Final("the balances are in two currencies", code="BANK_STATEMENT_SUMS")
        number = node.text("ElctrncSeqNb", "LglSeqNb")
        self._read = AccountHead(
            self._account,
            number=int(number) if number.isascii() and number.isdigit() else None,
            covers_from=begins,
            covers_to=ends,
            opening_minor=opening.amount_minor,
            closing_minor=closing.amount_minor,
            currency=opening.currency.value,
            complete=self._complete,
        )
        return self._read

    def lines(self, entry: Node) -> Iterator[StatementLine]:
        read = self._entries.read(entry)
        self._nameless = self._nameless or read.nameless
        self._entry_count += 1
        if read.booked:
            if read.direction == "debit":
                self._debit += read.amount_minor
            else:
                self._credit += read.amount_minor
            if self._read is not None and self._read.currency not in ("", read.currency):
                raise Final(
                    "an entry is in another currency than its account", code="BANK_STATEMENT_SUMS"
                )
        for line in read.lines:
            self._lines += 1
            told = (line.direction, line.amount_minor, line.currency, line.reference, line.booking)
            self._digest.update(f"{told}{line.booked_on}{line.look}{line.group}".encode())
            yield line

    def tail(self) -> AccountTail:
        head = self._read
        if head is not None and not self._advice and head.complete:
            self._must_add_up(head)
        return AccountTail(
            self._lines, self._debit, self._credit, self._digest.hexdigest(), self._nameless
        )

    def _must_add_up(self, head: AccountHead) -> None:
        off = head.opening_minor + self._credit - self._debit - head.closing_minor
        if off:
            raise Final(
                f"opening balance and entries differ from the closing balance by {off} minor units",
                code="BANK_STATEMENT_SUMS",
            )
        told = self._node.text("TxsSummry/TtlNtries/NbOfNtries")
        if told.isascii() and told.isdigit() and int(told) != self._entry_count:
            raise Final("the number of entries is not the stated one", code="BANK_STATEMENT_SUMS")
