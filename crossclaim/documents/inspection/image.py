"""Pictures: decoded within a limit and written anew, so that only the picture itself is kept.

Camera, place, time, comments and whatever is hung behind the picture are left behind.
"""

from __future__ import annotations

import io
from typing import Any

from PIL import Image, ImageOps, UnidentifiedImageError

from crossclaim.documents.inspection.refusal import NotTaken, Why

PIXELS_MAX = 60_000_000
_ORIENTATION = 0x0112
_WRONG = (OSError, SyntaxError, ValueError, TypeError, IndexError, EOFError, OverflowError)


def jpeg_without_metadata(content: bytes) -> bytes:
    """Turned as its camera said; with the tables of the original, so that little is lost."""
    image = opened(content, "JPEG")
    turned = image.getexif().get(_ORIENTATION, 1) != 1
    kept = ImageOps.exif_transpose(image) if turned else image
    kept.info = {}
    options: dict[str, Any] = {"quality": 92} if turned else {"quality": "keep"}
    return _written(kept, "JPEG", **options)


def png_without_metadata(content: bytes) -> bytes:
    image = opened(content, "PNG")
    image.info = {name: image.info[name] for name in ("transparency",) if name in image.info}
    return _written(image, "PNG")


def opened(content: bytes, kind: str) -> Image.Image:
    """Decoded to its last pixel. Raises ``NotTaken``."""
    try:
        image = Image.open(io.BytesIO(content), formats=[kind])
        if image.width * image.height > PIXELS_MAX:
            raise NotTaken(Why.BOMB)
        image.load()
    except (Image.DecompressionBombError, Image.DecompressionBombWarning, MemoryError):
        raise NotTaken(Why.BOMB) from None
    except UnidentifiedImageError:
        raise NotTaken(Why.CONTENT) from None
    except _WRONG:
        raise NotTaken(Why.DAMAGED) from None
    return image


def _written(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    try:
        image.save(out, kind, **options)
    except _WRONG:
        raise NotTaken(Why.DAMAGED) from None
    return out.getvalue()
