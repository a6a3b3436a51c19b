"""Shows a stored document on a page: what is known of it, its pictures, and its words.

A page with a document is answered through ``without_frames``, a file through ``file_answer`` and
``picture_answer``: pictures are shown, of a PDF those that were drawn here, and every file itself
is only saved. The template is ``document_view.html``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from urllib.parse import quote

from starlette.responses import Response

from crossclaim.documents.document_text import text_of
from crossclaim.documents.ebill_files import ebills_in
from crossclaim.documents.inspection.gate import JPEG, PDF, PNG
from crossclaim.documents.page_picture import PAGES_MAX, page_drawn, pages_in
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.ebill_reading import EbillRead
from crossclaim.domain.errors import NotFound

_PICTURES = (JPEG, PNG)
_PAGE = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-src 'none'; frame-ancestors 'none'; "
    "base-uri 'none'"
)
_FILE = "default-src 'none'; sandbox; frame-ancestors 'none'; base-uri 'none'"


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
    pages: int = 0
    """Of a PDF, as many as are drawn."""
    more_pages: bool = False

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
    """With its pages, and what the file says of itself where nobody compared it with the claim."""
    if shown.content_type == PDF:
        count = await asyncio.to_thread(pages_in, content)
        counted = {"pages": min(count, PAGES_MAX), "more_pages": count > PAGES_MAX}
        shown = shown.model_copy(update=counted)
    if shown.fields:
        return shown
    found = await asyncio.to_thread(ebills_in, shown.content_type, content)
    return shown.model_copy(update={"fields": fields_of(found[0])}) if found else shown


async def words_in(content_type: str, content: bytes) -> str:
    """The document's text, beside its picture or for want of one."""
    return await asyncio.to_thread(text_of, content_type, content)


def without_frames(response: Response) -> Response:
    """The page shows pictures of our own origin; nothing of a document stands in a frame."""
    response.headers["Content-Security-Policy"] = _PAGE
    return response


def file_answer(content_type: str, content: bytes, name: str) -> Response:
    """A picture is shown, every other file is only saved."""
    place = "inline" if content_type in _PICTURES else "attachment"
    headers = {
        "Content-Disposition": f"{place}; filename*=UTF-8''{quote(name, safe='')}",
        "Content-Security-Policy": _FILE,
    }
    return Response(content, media_type=content_type, headers=headers)


async def picture_answer(content: bytes, page: int) -> Response:
    """One page of a PDF, drawn here. Raises ``NotFound`` where that cannot be done."""
    drawn = await page_drawn(content, page)
    if drawn is None:
        raise NotFound("this page cannot be drawn")
    return Response(drawn, media_type=PNG, headers={"Content-Security-Policy": _FILE})


def page_asked(text: str) -> int:
    """The page of an address; 0 for what is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) < 4 else 0
