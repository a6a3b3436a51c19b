"""A sheet as a PDF/A file with the code that leads back to it: the same bytes for the same facts.

That the file is PDF/A-3b is Typst's own word; nothing here can validate it.
"""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from datetime import UTC
from importlib.resources import files
from typing import Any

from crossclaim.documents.sheets.sheet import Grid, Notes, Sheet, Triple, place_of
from crossclaim.documents.typst_fonts import FONTS, REGIONS, font_folder, plain
from crossclaim.domain.errors import Unavailable

_WORDS: dict[str, Triple] = {
    "page": ("Page", "頁", "页"),
    "code": ("Code", "驗證碼", "验证码"),
    "verify": ("Scan to verify", "掃描驗證", "扫描验证"),
    "how": ("To verify this paper:", "驗證本文件:", "验证本文件:"),
    "facts": ("Digest of its facts:", "事實摘要:", "事实摘要:"),
}


def sheet_pdf(sheet: Sheet, language: str, *, code: str, link: str, facts: str) -> bytes:
    """Raises ``Unavailable`` where a package that makes PDF files is missing."""
    content: bytes = _compiled(sheet, language, code, link, facts, pdf_standards="a-3b")
    return content


def sheet_png(
    sheet: Sheet, language: str, *, code: str, link: str, facts: str, ppi: float
) -> list[bytes]:
    """The same pages as pictures."""
    found = _compiled(sheet, language, code, link, facts, format="png", ppi=ppi)
    return found if isinstance(found, list) else [found]


def _compiled(sheet: Sheet, language: str, code: str, link: str, facts: str, **how: Any) -> Any:
    try:
        import segno
        import typst
    except ModuleNotFoundError as absent:
        raise Unavailable(
            f"PDF files need the package {absent.name}; install it with pip"
        ) from None
    out = io.BytesIO()
    if link:
        segno.make(link, error="m", micro=False).save(out, kind="svg", border=2, xmldecl=False)
    told = _told(sheet, language) | {
        "qr": out.getvalue().decode(),
        "code": code,
        "link": link,
        "facts": facts,
    }
    if "format" not in how:
        how["timestamp"] = sheet.dated.astimezone(UTC).replace(microsecond=0)
    fonts = typst.Fonts(
        include_system_fonts=False, include_embedded_fonts=False, font_paths=[font_folder()]
    )
    template = files("crossclaim.documents").joinpath("templates", "sheet.typ").read_bytes()

    def compiled(one: dict[str, Any]) -> Any:
        inputs = {"sheet": json.dumps(one, ensure_ascii=False, sort_keys=True)}
        return typst.compile(
            template, sys_inputs=inputs, font_paths=fonts, ignore_system_fonts=True, **how
        )

    try:
        return compiled(told)
    except typst.TypstError:
        # A name may hold a sign that no font here has; all else is told as it is.
        return compiled(_plain(told))


def _told(sheet: Sheet, language: str) -> dict[str, Any]:
    place = place_of(language)
    tag, region = REGIONS[language]
    return {
        "title": sheet.title,
        "number": sheet.number,
        "wide": sheet.wide,
        "head": [list(pair) for pair in sheet.head],
        "totals": [list(pair) for pair in sheet.totals],
        "body": [_part(one) for one in sheet.body],
        "words": {name: texts[place] for name, texts in _WORDS.items()},
        "font": FONTS[language],
        "tag": tag,
        "region": region,
    }


def _part(one: Grid | Notes) -> dict[str, Any]:
    return {**asdict(one), "kind": "notes" if isinstance(one, Notes) else "grid"}


def _plain(told: Any) -> Any:
    if isinstance(told, str):
        return plain(told)
    if isinstance(told, list):
        return [_plain(one) for one in told]
    if isinstance(told, dict):
        kept = {"qr", "font", "tag", "region"}
        return {name: one if name in kept else _plain(one) for name, one in told.items()}
    return told
