"""The heading of a file that is imported, as a line of CSV or as a workbook to fill in."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.import_files import IMPORT_FILES

AsWorkbook = Annotated[
    Path | None,
    typer.Option("--xlsx", help="Write a workbook there, whose cells are texts."),
]


def tell(word: str, workbook: Path | None) -> None:
    """Raises ``CrossclaimError`` where a file stands already: somebody may have filled it in."""
    columns, optional = IMPORT_FILES[word]
    if workbook is None:
        typer.echo(",".join(columns))
        return
    from crossclaim.documents.table_template import workbook_of

    try:
        with workbook.open("xb") as opened:
            opened.write(workbook_of(columns, optional, word))
    except FileExistsError:
        raise CrossclaimError(f"{workbook.name} is there already; name another file.") from None
    except OSError:
        raise CrossclaimError(f"{workbook.name} cannot be written; name another place.") from None
    typer.echo(f"{workbook}: fill it in and send it with `{_COMMANDS[word]}`.")


_COMMANDS = {
    "episodes": "crossclaim import episodes",
    "bills": "crossclaim import bills",
    "claims": "crossclaim claims import",
}
