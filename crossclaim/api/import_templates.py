"""The heading of a file that an organisation sends, as CSV or as a workbook to fill in."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Query
from starlette.requests import Request
from starlette.responses import Response

from crossclaim.api.access import Requires
from crossclaim.api.openapi import problems
from crossclaim.documents.table_template import workbook_of
from crossclaim.domain.import_files import IMPORT_FILES
from crossclaim.security.roles import Operation, Principal

router = APIRouter(tags=["files"])

File = Literal["episodes", "bills", "claims"]
Form = Literal["csv", "xlsx"]
MEDIA_TYPES: dict[Form, str] = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}
_TEMPLATE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The heading of such a file, and nothing below it.",
        "content": {
            media.partition(";")[0]: {"schema": {"type": "string", "format": "binary"}}
            for media in MEDIA_TYPES.values()
        },
    }
}
Reader = Annotated[Principal, Depends(Requires(Operation.READ_IMPORT_TEMPLATE))]


@router.get(
    "/v1/import-templates/{file}",
    response_class=Response,
    responses={**_TEMPLATE, **problems(401, 403, 422, 503)},
)
async def read_import_template(
    file: File, request: Request, principal: Reader, form: Annotated[Form, Query()] = "csv"
) -> Response:
    """Download the heading of a file that you import; cells of a workbook are texts."""
    columns, optional = IMPORT_FILES[file]
    line = ",".join(columns).encode() + b"\r\n"
    content = line if form == "csv" else workbook_of(columns, optional, file)
    headers = {"Content-Disposition": f'attachment; filename="{file}.{form}"'}
    return Response(content, media_type=MEDIA_TYPES[form], headers=headers)
