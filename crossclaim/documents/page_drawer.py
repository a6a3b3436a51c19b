"""Draws one page of a PDF: run as a program of its own, which can do little else.

``python -I page_drawer.py PAGE WIDTH`` reads the file from stdin and writes a PNG to stdout. The
file stands in memory alone; Typst's own reader draws it, and runs nothing that a file may carry.
"""

from __future__ import annotations

import os
import resource
import sys
from typing import Any

CPU_S = 10
MEMORY_BYTES = 1024 * 1024 * 1024
LONGEST = 64 * 1024 * 1024


def main() -> int:
    for limit, most in (
        (resource.RLIMIT_CPU, CPU_S),
        (resource.RLIMIT_AS, MEMORY_BYTES),
        (resource.RLIMIT_FSIZE, LONGEST),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(limit, (most, most))
    import typst

    page, width = int(sys.argv[1]), int(sys.argv[2])
    memory = os.memfd_create("page", 0)
    with os.fdopen(memory, "wb", closefd=False) as file:
        file.write(sys.stdin.buffer.read(LONGEST))
    drawn = (
        "#set page(width: auto, height: auto, margin: 0pt, fill: white)\n"
        f'#image("{memory}", format: "pdf", page: {page}, width: {width}pt)'
    )
    fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
    compiled: Any = typst.compile
    try:
        png = compiled(
            drawn.encode(),
            root=f"/proc/{os.getpid()}/fd",
            font_paths=fonts,
            ignore_system_fonts=True,
            format="png",
            ppi=110,
        )
    except typst.TypstError:
        return 1
    sys.stdout.buffer.write(png if isinstance(png, bytes) else png[0])
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
