"""Tables on the terminal, and as wide as they need to be where the output goes elsewhere."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

WIDTH_ELSEWHERE = 200


def console() -> Console:
    from rich.console import Console

    width = None if sys.stdout.isatty() else WIDTH_ELSEWHERE
    return Console(width=width, highlight=False, markup=False, emoji=False)


def table(*columns: str, numbers: tuple[str, ...] = (), title: str = "") -> Table:
    """An empty table; the columns named in ``numbers`` are set to the right."""
    from rich import box
    from rich.table import Table

    made = Table(box=box.SIMPLE_HEAD, title=title or None, title_justify="left", title_style="bold")
    for name in columns:
        if name in numbers:
            made.add_column(name, justify="right", no_wrap=True)
        else:
            made.add_column(name, overflow="fold")
    return made
