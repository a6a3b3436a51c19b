"""Cells of a CSV file that a spreadsheet opens as text, whatever their first character is."""

from __future__ import annotations

_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def text_cell(text: str) -> str:
    """What could be taken for a formula begins with an apostrophe; figures of ours never come here.

    Blanks before it do not help: spreadsheets pass over them.
    """
    bare = text.lstrip(" \u00a0\u3000\ufeff")
    return f"'{text}" if bare.startswith(_FORMULA) or text.startswith(_FORMULA) else text
