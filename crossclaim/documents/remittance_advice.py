"""A remittance advice as a PDF/A file in one of three languages, the same bytes for the same facts.

Typst and the fonts come from wheels: nothing of the machine goes into the file, no clock either.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, time
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Any, Literal

from crossclaim.domain.errors import Unavailable
from crossclaim.domain.stay import REGION_ZONE

_TEMPLATE = "remittance_advice.typ"
_STANDARD: Literal["a-3b"] = "a-3b"
_FONTS = {"en": "Noto Sans CJK SC", "zh-Hant": "Noto Sans CJK HK", "zh-Hans": "Noto Sans CJK SC"}
_REGIONS = {"en": ("en", None), "zh-Hant": ("zh", "HK"), "zh-Hans": ("zh", "CN")}


def remittance_advice_pdf(advice: dict[str, Any], language: str) -> bytes:
    """``advice``: every text and figure as it is to stand there. Raises ``Unavailable``."""
    try:
        import typst
    except ModuleNotFoundError:
        raise Unavailable("PDF files need the package typst; install it with pip") from None
    tag, region = _REGIONS[language]
    told = {**advice, "font": _FONTS[language], "tag": tag, "region": region}
    try:
        return _compiled(typst, told)
    except typst.TypstError:
        # A funder's own number may hold a sign that no font here has; all else is told as it is.
        plain = [[_plain(cell) for cell in row] for row in told["rows"]]
        return _compiled(typst, {**told, "rows": plain})


def _plain(text: str) -> str:
    """Signs of ASCII and Han characters as they are, a box for any other."""
    return "".join(
        one if " " <= one <= "~" or "\u4e00" <= one <= "\u9fa5" else "\u25a1" for one in text
    )


def _compiled(typst: Any, told: dict[str, Any]) -> bytes:
    content: bytes = typst.compile(
        files("crossclaim.documents").joinpath("templates", _TEMPLATE).read_bytes(),
        sys_inputs={"advice": json.dumps(told, ensure_ascii=False, sort_keys=True)},
        font_paths=typst.Fonts(
            include_system_fonts=False,
            include_embedded_fonts=False,
            font_paths=[_font_folder()],
        ),
        ignore_system_fonts=True,
        pdf_standards=_STANDARD,
        timestamp=_end_of(told["day"]),
    )
    return content


def _end_of(day: str) -> datetime:
    """The file's own time is that of its facts, so that a second printing is the same file."""
    at = datetime.combine(datetime.fromisoformat(day).date(), time(23, 59, 59), REGION_ZONE)
    return at.astimezone(UTC)


def _font_folder() -> Path:
    """Where the wheel has put the fonts; none of them is looked for on the machine."""
    spec = find_spec("noto_cjk_sans_otc")
    if spec is None or spec.origin is None:
        raise Unavailable("PDF files need the package noto-cjk-sans-otc; install it with pip")
    return Path(spec.origin).parent
