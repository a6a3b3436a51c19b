"""Invented e-bill files: a PDF with a text layer, an OFD, a picture of a QR code, an XML.

No real ones are at hand: labels and the order of the QR code's fields are assumptions.
"""

from __future__ import annotations

import io

import segno
import typst

from crossclaim.documents.typst_fonts import font_folder
from tests.plain_files import ofd_of


class Said:
    """What the file says; a test changes members."""

    def __init__(self, number: str, total: str, **changes: str) -> None:
        self.fields = {
            "code": "44060126",
            "number": number,
            "check": "a1b2c3",
            "issued_on": "20260302",
            "total": total,
            **changes,
        }

    @property
    def lines(self) -> list[str]:
        said = self.fields
        day = said["issued_on"]
        return [
            "广东省医疗住院收费票据(电子)",
            f"票据代码:{said['code']}  票据号码:{said['number']}",
            f"校验码:{said['check']}  开票日期:{day[:4]}年{day[4:6]}月{day[6:]}日",
            f"金额合计(大写)贰佰元整 (小写)¥{said['total']}",
        ]

    @property
    def qr_text(self) -> str:
        names = ("code", "number", "check", "issued_on", "total")
        return ",".join(["01", "10", *(self.fields[name] for name in names)])


def ebill_pdf(said: Said, *, text: bool = True, qr: bool = False) -> bytes:
    """Typst writes pictures as pictures, so that a code is found as in a printed bill."""
    lines = " \\\n".join(line.replace("*", "\\*") for line in said.lines) if text else "-"
    shown = '#image(bytes(json(bytes(sys.inputs.qr))), format: "png", width: 40mm)' if qr else ""
    source = f'#set text(font: "Noto Sans CJK SC", lang: "zh")\n{lines}\n\n{shown}'
    import json

    return bytes(
        typst.compile(
            source.encode(),
            sys_inputs={"qr": json.dumps(list(qr_png(said)))},
            font_paths=typst.Fonts(
                include_system_fonts=False,
                include_embedded_fonts=False,
                font_paths=[font_folder()],
            ),
            ignore_system_fonts=True,
        )
    )


def ebill_ofd(said: Said) -> bytes:
    return ofd_of(*said.lines)


def qr_png(said: Said) -> bytes:
    out = io.BytesIO()
    segno.make(said.qr_text, micro=False).save(out, kind="png", scale=6, border=4)
    return out.getvalue()


def ebill_xml(said: Said) -> bytes:
    names = {"票据代码": "code", "票据号码": "number", "校验码": "check", "开票日期": "issued_on"}
    told = "".join(f"<{tag}>{said.fields[name]}</{tag}>" for tag, name in names.items())
    return f"<票据>{told}<小写>{said.fields['total']}</小写></票据>".encode()
