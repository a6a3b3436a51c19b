"""A file that is read in pieces and refused as soon as a piece shows what no honest bank sends."""

from __future__ import annotations

import codecs
import re
from typing import BinaryIO

from crossclaim.domain.errors import Final
from crossclaim.gateways.bank.document import unreadable

_FORBIDDEN = (b"<!DOCTYPE", b"<!ENTITY")
_ENCODING = re.compile(rb"""\A\s*<\?xml[^>]*?\sencoding\s*=\s*["']([^"']*)["']""")
_OVERLAP = max(map(len, _FORBIDDEN)) - 1
_BOM = codecs.BOM_UTF8


class Guarded:
    """What lxml reads of: raises ``Final`` out of ``read``."""

    def __init__(self, file: BinaryIO, limit_bytes: int) -> None:
        self._file = file
        self._limit = limit_bytes
        self._seen = 0
        self._tail = b""
        self._decoder = codecs.getincrementaldecoder("utf-8")()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        if self._seen == 0:
            self._check_begin(piece)
        self._seen += len(piece)
        if self._seen > self._limit:
            mebibytes = self._limit // 1024 // 1024
            raise Final(f"larger than {mebibytes} MiB", code="BANK_FILE_TOO_LARGE")
        try:
            self._decoder.decode(piece, final=not piece)
        except UnicodeDecodeError:
            raise unreadable("not UTF-8") from None
        joined = self._tail + piece
        if any(word in joined for word in _FORBIDDEN):
            raise Final("a document type declaration is not allowed", code="BANK_FILE_FORBIDDEN")
        if b"\x00" in piece:
            raise unreadable("not UTF-8")
        self._tail = joined[-_OVERLAP:]
        return piece

    @staticmethod
    def _check_begin(piece: bytes) -> None:
        if not piece.removeprefix(_BOM).strip():
            raise unreadable("the file is empty")
        declared = _ENCODING.match(piece[:512].removeprefix(_BOM))
        if declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii"):
            raise unreadable("not UTF-8")
