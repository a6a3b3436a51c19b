"""A workbook that heads an import, made to be filled in: every cell of it is a text."""

from __future__ import annotations

import io
from collections.abc import Collection, Sequence
from datetime import datetime

_TEXT = "@"
_FONT = "Calibri"
_NEEDED, _OPTIONAL = "1F4E79", "808080"
_WIDEST = 28
_MADE_AT = datetime(2026, 1, 1)
"""The same bytes from the same columns."""


def workbook_of(columns: Sequence[str], optional: Collection[str], title: str) -> bytes:
    """One sheet; what may be left out has a grey heading.

    Texts, because a table program takes the leading zeros of a number away, and the end of a long
    one; of a text it keeps what was typed.
    """
    import openpyxl
    from openpyxl.styles import Font
    from openpyxl.utils import get_column_letter

    book = openpyxl.Workbook()
    book.properties.created = book.properties.modified = _MADE_AT
    sheet = book.active
    assert sheet is not None, "a new workbook has a sheet"
    sheet.title = title
    sheet.append(list(columns))
    sheet.freeze_panes = "A2"
    for place, name in enumerate(columns, 1):
        column = sheet.column_dimensions[get_column_letter(place)]
        column.number_format = _TEXT
        column.width = min(_WIDEST, len(name) + 4)
        heading = sheet.cell(1, place)
        heading.number_format = _TEXT
        colour = _OPTIONAL if name in optional else _NEEDED
        heading.font = Font(name=_FONT, bold=name not in optional, color=colour)
    written = io.BytesIO()
    book.save(written)
    return written.getvalue()
