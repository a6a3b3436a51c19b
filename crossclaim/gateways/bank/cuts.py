"""Where in a bank's file each payment stands, as places of bytes: a copy is cut there and joined
again without a byte lost."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import BinaryIO
from xml.parsers import expat

_PAYMENTS = frozenset({"Ntry", "TxInfAndSts", "TxInf", "CdtTrfTxInf"})
_VERIFIED, _OF_ACCOUNTS = "Rpt", ":acmt.024."
"""What a bank found out about one account; a statement's ``Rpt`` is the whole of it."""
_OF_ENTRY = "TxDtls"
_NAMES = frozenset(
    {
        *("EndToEndId", "OrgnlEndToEndId", "InstrId", "OrgnlInstrId", "TxId", "OrgnlTxId"),
        *("PmtInfId", "OrgnlPmtInfId", "MsgId", "OrgnlMsgId", "Ref", "Id", "OrgnlId"),
    }
)
"""Elements that may hold a reference of ours; ``Id`` is a case's, ``OrgnlId`` that of a question
about an account."""
_TOKEN = re.compile(rb"[A-Za-z0-9][A-Za-z0-9._-]{7,34}")
_PIECE = 65_536


class NotCut(Exception):
    """It is no XML of this kind: the whole file is one cut."""


@dataclass
class Cut:
    """Bytes of one payment, with what could be its reference and the cuts within it."""

    begin: int
    end: int = 0
    names: set[str] = field(default_factory=set)
    inner: list[Cut] = field(default_factory=list)


def cuts_of(file: BinaryIO) -> Iterator[Cut]:
    """Payments in their order; what lies between them names nobody. Raises ``NotCut``, also after
    some were told."""
    reader = _Reader()
    place = 0
    try:
        while piece := file.read(_PIECE):
            place += len(piece)
            reader.parser.Parse(piece, False)
            yield from reader.told()
        reader.parser.Parse(b"", True)
    except expat.ExpatError:
        raise NotCut from None
    reader.ends_at(place)
    yield from reader.told()


def tokens_of(piece: bytes) -> set[str]:
    """What could be a reference in bytes of any kind."""
    return {found.decode("ascii") for found in _TOKEN.findall(piece)}


def candidates(names: set[str]) -> set[str]:
    """References that these ids may stand for: an attempt's or an inquiry's id ends in ``-n``."""
    plain = {one.strip() for one in names}
    return {c for one in plain for c in (one, one.rpartition("-")[0]) if c}


def _is_payment(name: str, tag: str) -> bool:
    """``name`` begins with the namespace, which tells messages apart."""
    return tag in _PAYMENTS or (tag == _VERIFIED and _OF_ACCOUNTS in name)


class _Reader:
    def __init__(self) -> None:
        self.parser = expat.ParserCreate(namespace_separator="}")
        self.parser.buffer_text = False
        self.parser.StartElementHandler = self._start
        self.parser.EndElementHandler = self._end
        self.parser.CharacterDataHandler = self._text
        self.parser.CommentHandler = self._other
        self.parser.ProcessingInstructionHandler = self._two
        self.parser.StartDoctypeDeclHandler = self._forbidden
        self._open: Cut | None = None
        self._within: Cut | None = None
        self._closed: list[tuple[Cut, bool]] = []
        self._done: list[Cut] = []
        self._name = ""
        self._text_of: list[str] = []
        self._depth = 0

    def told(self) -> Iterator[Cut]:
        yield from self._done
        self._done = []

    def ends_at(self, place: int) -> None:
        """An end tag's own end is where the next thing begins."""
        for cut, whole in self._closed:
            cut.end = place
            if whole:
                self._done.append(cut)
        self._closed = []

    def _here(self) -> None:
        if self._closed:
            self.ends_at(self.parser.CurrentByteIndex)

    def _start(self, name: str, attributes: dict[str, str]) -> None:
        self._here()
        tag = name.rpartition("}")[2]
        if self._open is None and _is_payment(name, tag):
            self._open, self._depth = Cut(self.parser.CurrentByteIndex), 0
        elif self._open is not None:
            self._depth += 1
            if tag == _OF_ENTRY and self._within is None:
                self._within = Cut(self.parser.CurrentByteIndex)
                self._open.inner.append(self._within)
        self._name, self._text_of = tag, []

    def _end(self, name: str) -> None:
        self._here()
        tag = name.rpartition("}")[2]
        if self._open is None:
            return
        if tag == self._name and tag in _NAMES:
            told = "".join(self._text_of).strip()
            for cut in (self._open, self._within):
                if cut is not None and told:
                    cut.names.add(told)
        self._name = ""
        if tag == _OF_ENTRY and self._within is not None:
            self._closed.append((self._within, False))
            self._within = None
        if self._depth == 0:
            self._closed.append((self._open, True))
            self._open = None
        else:
            self._depth -= 1

    def _text(self, text: str) -> None:
        self._here()
        if self._open is not None and self._name in _NAMES:
            self._text_of.append(text)

    def _other(self, _: str) -> None:
        self._here()

    def _two(self, _: str, __: str) -> None:
        self._here()

    def _forbidden(self, *_: object) -> None:
        raise NotCut
