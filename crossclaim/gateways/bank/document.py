"""Hostile-proof reading of one ISO 20022 document and of the values in it.

Refused before any tree is built: more than 25 MiB, anything but UTF-8, any DOCTYPE. The parser
itself refuses nesting deeper than 256 and single texts over 10 MB. Elements are found by their
path in the document's own namespace, so unknown extra elements and extensions change nothing.
Texts of errors name elements and lines, never content.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone
from decimal import Decimal
from functools import lru_cache

from lxml import etree

from crossclaim.domain.errors import Final
from crossclaim.domain.money import Currency, Money

MAX_BYTES = 25 * 1024 * 1024

BANK_ZONE = timezone(timedelta(hours=8), "Asia/Shanghai")
"""Times without an offset are the bank's local times; the mainland has no summer time."""

YEARS = range(1900, 2200)
"""Of everything that is dated; a day outside stands for none, and breaks what counts days."""

_NAMESPACE = re.compile(r"urn:iso:std:iso:20022:tech:xsd:([a-z]{4}\.[0-9]{3}\.[0-9]{3}\.[0-9]{2})")
_ENCODING = re.compile(r"""\A\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
_AMOUNT = re.compile(r"\+?([0-9]{1,18}(\.[0-9]{0,5})?|\.[0-9]{1,5})")
_DAY = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})(Z|[+-][0-9]{2}:[0-9]{2})?")
_CODE = re.compile(r"[A-Z0-9][A-Z0-9._/-]{0,34}")


def unreadable(reason: str) -> Final:
    """The refusal of a file whose content cannot be understood."""
    return Final(reason, code="BANK_FILE_UNREADABLE")


@lru_cache(maxsize=1024)
def _clark_path(namespace: str, path: str) -> str:
    return "/".join(f"{{{namespace}}}{step}" for step in path.split("/"))


@lru_cache(maxsize=4096)
def amount_of(name: str, path: str, text: str, ccy: str) -> Money:
    """An element's amount. Raises ``Final`` for what is none of a currency that we handle."""
    if not _AMOUNT.fullmatch(text):
        raise unreadable(f"{name}/{path} is not an amount")
    try:
        currency = Currency(ccy)
    except ValueError:
        raise unreadable(f"{name}/{path} is in a currency that we do not handle") from None
    minor = Decimal(text).scaleb(2)
    if minor != minor.to_integral_value():
        raise unreadable(f"{name}/{path} is finer than the currency's digits")
    return Money(amount_minor=int(minor), currency=currency)


@dataclass(frozen=True, slots=True)
class Node:
    """One element; paths like ``GrpHdr/MsgId`` go down direct children only."""

    element: etree._Element
    namespace: str

    def _clark(self, path: str) -> str:
        return _clark_path(self.namespace, path)

    @property
    def name(self) -> str:
        return str(self.element.tag).rpartition("}")[2]

    def child(self, path: str) -> Node | None:
        found = self.element.find(self._clark(path))
        return None if found is None else Node(found, self.namespace)

    def children(self, path: str) -> Iterator[Node]:
        for found in self.element.iterfind(self._clark(path)):
            yield Node(found, self.namespace)

    def text(self, *paths: str) -> str:
        """The trimmed text of the first path that has one, else the empty string."""
        for path in paths:
            found = self.element.findtext(self._clark(path))
            if found and found.strip():
                return str(found.strip())
        return ""

    def required(self, path: str) -> str:
        text = self.text(path)
        if not text:
            raise unreadable(f"{self.name} has no {path}")
        return text

    def code(self, *paths: str) -> str:
        """A code of the party. Free text in a code's place is not passed on: it may name people."""
        text = self.text(*paths)
        return text if not text or _CODE.fullmatch(text) else "PRTRY"

    def flag(self, path: str) -> bool:
        return self.text(path) in ("true", "1")

    def money(self, path: str) -> Money | None:
        """The amount. Raises ``Final`` for what is no amount of a currency that we handle."""
        found = self.element.find(self._clark(path))
        if found is None:
            return None
        return amount_of(self.name, path, (found.text or "").strip(), found.get("Ccy", ""))

    def moment(self, path: str) -> datetime | None:
        """The time, in the bank's zone where it has no offset. Raises ``Final`` for no time."""
        text = self.text(path)
        if not text:
            return None
        try:
            found = datetime.fromisoformat(text)
            aware = found if found.tzinfo else found.replace(tzinfo=BANK_ZONE)
            aware.astimezone(UTC)
        except (ValueError, OverflowError):
            raise unreadable(f"{self.name}/{path} is not a time") from None
        if aware.year not in YEARS:
            raise unreadable(f"{self.name}/{path} is not a time")
        return aware

    def day(self, path: str) -> date | None:
        """The calendar day. Raises ``Final`` for no date."""
        text = self.text(path)
        if not text:
            return None
        found = _day_of(text)
        if found is None:
            raise unreadable(f"{self.name}/{path} is not a date")
        return found

    def account(self, path: str) -> str:
        """The account number under an account element, IBAN or any other scheme."""
        return self.text(f"{path}/Id/IBAN", f"{path}/Id/Othr/Id")


@dataclass(frozen=True, slots=True)
class Document:
    """A message with its type, for instance ``pain.002.001.12``, and its one content element."""

    message_type: str
    content: Node


@lru_cache(maxsize=64)
def _day_of(text: str) -> date | None:
    match = _DAY.fullmatch(text)
    try:
        found = date.fromisoformat(match[1] if match else "")
    except ValueError:
        return None
    return found if found.year in YEARS else None


def start_of(day: date) -> datetime:
    return datetime.combine(day, time.min, BANK_ZONE)


@lru_cache(maxsize=64)
def within(day: date, known_by: datetime) -> datetime:
    """When something happened of which only the day is told, by a message written at ``known_by``.

    The latest possible moment: it never makes a deadline look kept that was not.
    """
    begin = start_of(day)
    return max(begin, min(known_by, begin + timedelta(days=1) - timedelta(seconds=1)))


def parse(content: bytes) -> Document:
    """The one ISO 20022 document in a file. Raises ``Final`` with the reason when there is none."""
    _refuse_hostile(content)
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        dtd_validation=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        # The parser's own words can quote the file, so only the line is passed on.
        raise unreadable(f"not well-formed XML at line {error.lineno or 0}") from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise unreadable("a document type declaration is not allowed")
    return _document(root)


def _refuse_hostile(content: bytes) -> None:
    if len(content) > MAX_BYTES:
        raise unreadable(f"larger than {MAX_BYTES // 1024 // 1024} MiB")
    if not content.strip():
        raise unreadable("the file is empty")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise unreadable("not UTF-8") from None
    declared = _ENCODING.match(text[:512])
    if "\x00" in text or (declared and declared[1].lower() not in ("utf-8", "utf8", "us-ascii")):
        raise unreadable("not UTF-8")
    if "<!DOCTYPE" in text or "<!ENTITY" in text:
        raise unreadable("a document type declaration is not allowed")


def _document(root: etree._Element) -> Document:
    """The document itself, or the only one beside a business application header."""
    candidates = (
        [root] if _local(root) == "Document" else [e for e in root if _local(e) == "Document"]
    )
    if len(candidates) != 1:
        raise unreadable("the file does not hold exactly one Document")
    namespace = etree.QName(candidates[0]).namespace or ""
    match = _NAMESPACE.fullmatch(namespace)
    if not match:
        raise unreadable("the Document is not in an ISO 20022 namespace")
    contents = [e for e in candidates[0] if etree.QName(e).namespace == namespace]
    if len(contents) != 1:
        raise unreadable("the Document does not hold exactly one message")
    return Document(match[1], Node(contents[0], namespace))


def _local(element: etree._Element) -> str:
    return str(etree.QName(element).localname)
