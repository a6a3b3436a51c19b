"""Fonts of the papers that we set: from a wheel, none of them looked for on the machine."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from crossclaim.domain.errors import Unavailable

FONTS = {"en": "Noto Sans CJK SC", "zh-Hant": "Noto Sans CJK HK", "zh-Hans": "Noto Sans CJK SC"}
REGIONS: dict[str, tuple[str, str | None]] = {
    "en": ("en", None),
    "zh-Hant": ("zh", "HK"),
    "zh-Hans": ("zh", "CN"),
}


def font_folder() -> Path:
    """Where the wheel has put the fonts."""
    spec = find_spec("noto_cjk_sans_otc")
    if spec is None or spec.origin is None:
        raise Unavailable("PDF files need the package noto-cjk-sans-otc; install it with pip")
    return Path(spec.origin).parent


def plain(text: str) -> str:
    """Signs of ASCII, Han characters and their marks as they are, a box for any other."""
    return "".join(one if _is_in_font(one) else "\u25a1" for one in text)


def _is_in_font(sign: str) -> bool:
    ranges = ((" ", "~"), ("\u4e00", "\u9fa5"), ("\u3001", "\u3011"), ("\uff01", "\uff5e"))
    return sign in "\n\u200b" or any(first <= sign <= last for first, last in ranges)
