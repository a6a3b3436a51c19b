"""A list of the console as a file, sent while it is read: CSV in UTF-8, or XLSX."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator

from starlette.responses import StreamingResponse

from crossclaim.documents.csv_cells import text_cell
from crossclaim.documents.xlsx_stream import Cell, xlsx

_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def as_file(
    kind: str, name: str, names: list[str], rows: AsyncIterator[list[Cell]], count: int
) -> StreamingResponse:
    """``count`` rows are told beforehand, so that a page can say how far it is."""
    told = xlsx(names, rows) if kind == "xlsx" else _csv(names, rows)
    return StreamingResponse(
        told,
        media_type=_XLSX if kind == "xlsx" else "text/csv; charset=utf-8",
        headers={
            "Content-Disposition": f'attachment; filename="{name}.{kind}"',
            "X-Rows": str(count),
        },
    )


async def _csv(names: list[str], rows: AsyncIterator[list[Cell]]) -> AsyncIterator[bytes]:
    yield ("\ufeff" + _line([*names])).encode()
    waiting: list[str] = []
    async for row in rows:
        waiting.append(_line(row))
        if len(waiting) == 500:
            yield "".join(waiting).encode()
            waiting.clear()
    yield "".join(waiting).encode()


def _line(cells: list[Cell]) -> str:
    """One line; a cell that a spreadsheet would compute is kept as text."""
    line = io.StringIO()
    csv.writer(line).writerow(text_cell(c) if isinstance(c, str) else c for c in cells)
    return line.getvalue()
