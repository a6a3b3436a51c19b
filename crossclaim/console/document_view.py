"""Shows a stored document on a page: what is known of it, its picture, and its words.

A page that frames a document is answered through ``with_frames``; the file itself through
``file_answer``. The template is ``document_view.html``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from urllib.parse import quote

from starlette.responses import Response

from crossclaim.documents.document_text import text_of
from crossclaim.documents.ebill_files import ebills_in
from crossclaim.documents.inspection.gate import JPEG, PDF, PNG
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.ebill_reading import EbillRead

_PICTURES = (JPEG, PNG)
_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'self'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
# A browser shows a PDF in a process of its own and refuses to under ``sandbox``; of a PDF nothing
# but that viewer runs, since files with scripts are not kept.
_PDF = "default-src 'none'; object-src 'self'; frame-ancestors 'self'; base-uri 'none'"
_FILE = "default-src 'none'; sandbox; frame-ancestors 'self'; base-uri 'none'"


class ReadField(Frozen):
    """One thing that the file says of itself."""

    name: str
    """``code``, ``number``, ``check``, ``issued_on`` or ``total``."""
    said: str
    differs: bool = False
    """The claim says something else."""


class DocumentShown(Frozen):
    """A document as a page lists it."""

    sha256: str
    kind: str
    name: str = ""
    content_type: str
    size_bytes: int
    lines: list[int] = []
    """Charge lines that it proves; none: all of the claim's."""
    paper: str = ""
    request: str = ""
    """The information request that it answered."""
    fields: list[ReadField] = []

    @property
    def shown_as(self) -> str:
        """``picture``, ``pdf``, or ``words`` where a browser has no picture of it."""
        if self.content_type in _PICTURES:
            return "picture"
        return "pdf" if self.content_type == PDF else "words"

    @property
    def kilobytes(self) -> int:
        return max(1, round(self.size_bytes / 1024))


def fields_of(read: EbillRead, differing: Collection[str] = ()) -> list[ReadField]:
    """What an e-bill says of itself; ``differing``: members that the claim has otherwise."""
    said = {
        "code": read.code,
        "number": read.number,
        "check": read.check,
        "issued_on": read.issued_on.isoformat() if read.issued_on else None,
        "total": str(read.total) if read.total else None,
    }
    return [
        ReadField(name=name, said=value, differs=name in differing)
        for name, value in said.items()
        if value is not None
    ]


async def as_read(shown: DocumentShown, content: bytes) -> DocumentShown:
    """With what the file says of itself, where nobody has compared it with the claim."""
    if shown.fields:
        return shown
    found = await asyncio.to_thread(ebills_in, shown.content_type, content)
    return shown.model_copy(update={"fields": fields_of(found[0])}) if found else shown


async def words_in(content_type: str, content: bytes) -> str:
    """The document's text, beside its picture or for want of one."""
    return await asyncio.to_thread(text_of, content_type, content)


def with_frames(response: Response) -> Response:
    """The page may show documents of our own origin in a frame."""
    response.headers["Content-Security-Policy"] = _PAGE
    return response


def file_answer(content_type: str, content: bytes, name: str) -> Response:
    """The file for a frame of a page of ours; what no browser draws is only saved."""
    drawn = content_type in (*_PICTURES, PDF)
    place = "inline" if drawn else "attachment"
    headers = {
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": _PDF if content_type == PDF else _FILE,
        "X-Frame-Options": "SAMEORIGIN",
    }
    return Response(content, media_type=content_type, headers=headers)
