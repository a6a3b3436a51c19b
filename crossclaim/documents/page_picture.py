"""Pages of a PDF as pictures: a browser is shown what was drawn here, and never the file itself.

Each page is drawn by a program that lives for that page, with a bound on its time and memory, so a
file made to harm a reader of PDF files meets neither a browser nor this process.
"""

from __future__ import annotations

import asyncio
import io
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from pypdf import PdfReader
from pypdf.errors import PyPdfError

from crossclaim.domain.errors import Unavailable

PAGES_MAX = 20
"""More are read in the file itself."""
WIDTH_PT = 595
_TAKES_S = 20
WAITS_S = 10
AT_ONCE = 2
_DRAWER = Path(__file__).with_name("page_drawer.py")
DRAWERS = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="page")
"""Threads of their own: a file that takes its time holds none that rows are read by."""
_WRONG = (PyPdfError, OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError)


def pages_in(content: bytes) -> int:
    """How many pages it has; 0 for what cannot be read."""
    try:
        return len(PdfReader(io.BytesIO(content)).pages)
    except _WRONG:
        return 0


async def page_drawn(content: bytes, page: int) -> bytes | None:
    """A page as PNG; None where it cannot be drawn. Raises ``Unavailable`` when too many are."""
    drawn = DRAWERS.submit(page_picture, content, page)
    waits = asyncio.wrap_future(drawn)
    done, _ = await asyncio.wait({waits}, timeout=WAITS_S)
    if not done and drawn.cancel():
        raise Unavailable("too many pages are being drawn; try again in a moment")
    return await waits


def page_picture(content: bytes, page: int) -> bytes | None:
    """A page as PNG; None where it cannot be drawn."""
    if not 1 <= page <= PAGES_MAX:
        return None
    try:
        drawn = subprocess.run(
            [sys.executable, "-I", str(_DRAWER), str(page), str(WIDTH_PT)],
            input=content,
            capture_output=True,
            timeout=_TAKES_S,
            env={},
            cwd="/",
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None
    return drawn.stdout if drawn.returncode == 0 and drawn.stdout else None
