"""What the file of an electronic bill says, beside what its claim says. Nothing here denies."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from enum import StrEnum

from crossclaim.domain.allocation import Frozen
from crossclaim.domain.identity import half_width
from crossclaim.domain.money import Currency, Money
from crossclaim.domain.paper_claim import EbillNamed


class Source(StrEnum):
    TEXT = "text"
    """The text layer of a PDF."""
    OFD = "ofd"
    XML = "xml"
    QR = "qr"


class EbillRead(Frozen):
    """What was found; None: it does not say, or not in a form that is known."""

    source: Source
    code: str | None = None
    number: str | None = None
    check: str | None = None
    issued_on: date | None = None
    total: Money | None = None


class Outcome(StrEnum):
    AGREES = "agrees"
    DIFFERS = "differs"
    OTHER_BILL = "other_bill"
    """No e-bill of the claim has the number that the file says."""


class Compared(Frozen):
    """``members``: what differs, by name and never by value."""

    sha256: str
    paper: str
    outcome: Outcome
    members: list[str] = []


class Stored(Frozen):
    """A reading and the file that it was read from."""

    sha256: str
    read: EbillRead


class ClaimedEbill(Frozen):
    """One of a claim's papers that names an e-bill."""

    paper: str
    ebill: EbillNamed
    total: Money


def compared(readings: Sequence[Stored], claimed: Sequence[ClaimedEbill]) -> Iterator[Compared]:
    """One word a file and paper; a file's readings by several ways must all agree."""
    if not claimed:
        return
    by_file: dict[str, list[EbillRead]] = {}
    for one in readings:
        by_file.setdefault(one.sha256, []).append(one.read)
    for sha256, reads in by_file.items():
        numbers = {_plain(read.number) for read in reads if read.number}
        meant = [one for one in claimed if _plain(one.ebill.number) in numbers]
        if not meant:
            yield Compared(sha256=sha256, paper="", outcome=Outcome.OTHER_BILL)
        for bill in meant:
            members = sorted({m for read in reads for m in _differences(read, bill)})
            outcome = Outcome.DIFFERS if members else Outcome.AGREES
            yield Compared(sha256=sha256, paper=bill.paper, outcome=outcome, members=members)


def _differences(read: EbillRead, claimed: ClaimedEbill) -> Iterator[str]:
    """Of what the file says; about what it does not say nothing differs."""
    named = claimed.ebill
    for member in ("code", "number", "check"):
        said = getattr(read, member)
        if said is not None and _plain(said) != _plain(getattr(named, member)):
            yield member
    if read.issued_on is not None and read.issued_on != named.issued_on:
        yield "issued_on"
    if read.total is not None and read.total != claimed.total:
        yield "total"


def _plain(text: str) -> str:
    return half_width(text).lower()


_AMOUNT = re.compile(r"(?:[¥￥]\s*)?(-?[0-9][0-9,]*\.[0-9]{2})")
_DAY = re.compile(r"(20[0-9]{2})\s*[-年/.]?\s*([0-9]{1,2})\s*[-月/.]?\s*([0-9]{1,2})\s*日?")
_LABELS: dict[str, re.Pattern[str]] = {
    "code": re.compile(r"(?:电子)?票据代码\s*[:：]?\s*([0-9]{8})(?![0-9])"),
    "number": re.compile(r"(?:电子)?票据号码\s*[:：]?\s*([0-9]{10})(?![0-9])"),
    "check": re.compile(r"(?<![一-龥])校验码\s*[:：]?\s*([0-9A-Za-z]{6})(?![0-9A-Za-z])"),
    "issued_on": re.compile(r"开票日期\s*[:：]?\s*(20[0-9年月日/.\-\s]{6,12})"),
    "total": re.compile(r"小写\s*[)）]?\s*[:：]?\s*([¥￥]?\s*-?[0-9][0-9,]*\.[0-9]{2})"),
}
"""[ASM] The labels that stand before the fields on a fiscal e-bill for medical charges."""


def read_labels(text: str, source: Source) -> EbillRead | None:
    """What stands behind the labels; None where no number does."""
    plain = text.replace("\u3000", " ").replace("：", ":")
    found = {name: label.search(plain) for name, label in _LABELS.items()}
    said = {name: match[1].strip() for name, match in found.items() if match is not None}
    return _read(said, source)


def read_qr(text: str) -> EbillRead | None:
    """[ASM] Fields between commas, told by their form and not by their place."""
    said: dict[str, str] = {}
    for field in (part.strip() for part in text.split(",")):
        for name, form in _FORMS.items():
            if name not in said and form.fullmatch(field):
                said[name] = field
                break
    return _read(said, Source.QR)


_FORMS: dict[str, re.Pattern[str]] = {
    "code": re.compile(r"[0-9]{2}06(?:01|02)[0-9]{2}"),
    "issued_on": re.compile(r"20[0-9]{2}(?:0[1-9]|1[0-2])[0-3][0-9]"),
    "number": re.compile(r"[0-9]{10}"),
    "total": re.compile(r"-?[0-9]+\.[0-9]{2}"),
    "check": re.compile(r"[0-9a-z]{6}"),
}


def _read(said: dict[str, str], source: Source) -> EbillRead | None:
    if "number" not in said:
        return None
    return EbillRead(
        source=source,
        code=said.get("code"),
        number=said["number"],
        check=said.get("check"),
        issued_on=_day(said.get("issued_on", "")),
        total=_total(said.get("total", "")),
    )


def _day(text: str) -> date | None:
    match = _DAY.match(text)
    try:
        return date(int(match[1]), int(match[2]), int(match[3])) if match else None
    except ValueError:
        return None


def _total(text: str) -> Money | None:
    match = _AMOUNT.search(text)
    if match is None or len(match[1]) > 16:
        return None
    minor = int(Decimal(match[1].replace(",", "")) * 100)
    return Money(amount_minor=minor, currency=Currency.CNY)
