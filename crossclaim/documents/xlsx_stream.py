"""A table as XLSX that is sent while it is read: nothing of it is kept, however long it is.

Cells are text or numbers, never formulas, so nothing that a cell says is computed.
"""

from __future__ import annotations

import re
import zipfile
from collections.abc import AsyncIterator
from decimal import Decimal
from xml.sax.saxutils import escape

LONGEST = 1_048_576
"""Rows of one sheet, by the format; what is beyond goes into the next sheet."""
_TOLD_EVERY = 500
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

Cell = str | int | Decimal


class _Sent:
    """What the archive writes until it is taken away; it cannot be sought in."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []

    def write(self, data: bytes) -> int:
        self._parts.append(bytes(data))
        return len(data)

    def flush(self) -> None: ...

    def taken(self) -> bytes:
        parts, self._parts = self._parts, []
        return b"".join(parts)


async def xlsx(names: list[str], rows: AsyncIterator[list[Cell]]) -> AsyncIterator[bytes]:
    """The file in pieces; the first row of each sheet has the names."""
    sent = _Sent()
    sheets = 0
    ended = False
    with zipfile.ZipFile(sent, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:  # type: ignore[call-overload]
        while not ended:
            sheets += 1
            with archive.open(f"xl/worksheets/sheet{sheets}.xml", "w", force_zip64=True) as sheet:
                sheet.write(f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'.encode())
                sheet.write(_row(names).encode())
                ended = True
                written = 1
                waiting: list[str] = []
                async for row in rows:
                    waiting.append(_row(row))
                    written += 1
                    if len(waiting) == _TOLD_EVERY:
                        sheet.write("".join(waiting).encode())
                        waiting.clear()
                        yield sent.taken()
                    if written == LONGEST:
                        ended = False
                        break
                sheet.write("".join(waiting).encode())
                sheet.write(b"</sheetData></worksheet>")
            yield sent.taken()
        for name, text in _frame(sheets).items():
            archive.writestr(name, _HEAD + text)
    yield sent.taken()


def _row(cells: list[str] | list[Cell]) -> str:
    return f"<row>{''.join(_cell(cell) for cell in cells)}</row>"


def _cell(cell: Cell) -> str:
    if isinstance(cell, str):
        text = escape(_NOT_XML.sub("", cell))
        return f'<c t="inlineStr"><is><t xml:space="preserve">{text}</t></is></c>'
    return f"<c><v>{cell}</v></c>"


def _frame(sheets: int) -> dict[str, str]:
    """The members that say what the sheets are."""
    numbers = range(1, sheets + 1)
    named = "".join(f'<sheet name="{n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    related = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    typed = "".join(
        f'<Override PartName="/xl/worksheets/sheet{n}.xml" ContentType="{kind}.worksheet+xml"/>'
        for n in numbers
    )
    return {
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>{named}'
        "</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{related}'
        "</Relationships>",
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1"'
        f' Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types"><Default'
        ' Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        f'<Override PartName="/xl/workbook.xml" ContentType="{kind}.sheet.main+xml"/>{typed}'
        "</Types>",
    }
