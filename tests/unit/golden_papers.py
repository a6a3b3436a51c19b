"""Pages of papers as they once looked; `python -m tests.unit.golden_papers` draws them anew.

Whoever draws them anew looks at each of them before it is committed.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from pathlib import Path

from PIL import Image

from crossclaim.documents.sheet_pdf import sheet_png
from crossclaim.domain.issued_paper import PaperKind
from tests.paper_facts import sheets

FOLDER = Path(__file__).parent / "golden_papers"
CODE = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
LINK = f"https://crossclaim.example/verify/{CODE}"
FACTS = "9f86d081" * 8
PPI = 50.0


def pages() -> Iterator[tuple[str, Image.Image]]:
    """Each kind in one script, and one kind in all three."""
    for kind in sheets("zh-Hant"):
        for language in ("en", "zh-Hant", "zh-Hans"):
            if language == "zh-Hant" or kind is PaperKind.EXPLANATION_OF_BENEFITS:
                yield f"{kind.value}-{language}", page(kind, language)


def page(kind: PaperKind, language: str) -> Image.Image:
    told = sheets(language)[kind]
    (drawn,) = sheet_png(told, language, code=CODE, link=LINK, facts=FACTS, ppi=PPI)
    return Image.open(io.BytesIO(drawn)).convert("L")


if __name__ == "__main__":
    FOLDER.mkdir(exist_ok=True)
    for name, drawn in pages():
        drawn.save(FOLDER / f"{name}.png", optimize=True)
