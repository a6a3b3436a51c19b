"""The letter that goes before a claim's papers to one funder: what is enclosed, by its digest."""

from __future__ import annotations

from datetime import datetime

from crossclaim.documents.sheets.sheet import (
    Grid,
    Notes,
    Sheet,
    Triple,
    moment,
    money,
    name_in,
    place_of,
)
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.issued_paper import PaperKind
from crossclaim.domain.money import Money
from crossclaim.domain.reference import Names

_WORDS: dict[str, Triple] = {
    "title": ("Covering Letter of a Claim", "索償文件附函", "索赔文件附函"),
    "to": ("To", "致", "致"),
    "from": ("From", "由", "由"),
    "patient": ("Patient", "病人", "病人"),
    "reference": ("Reference", "索償編號", "索赔编号"),
    "visit": ("Visit", "就診編號", "就诊编号"),
    "bill": ("Bill (version)", "帳單(版本)", "账单(版本)"),
    "at": ("Claim made", "提出時間", "提出时间"),
    "basis": ("Basis of the transfer", "轉移依據", "转移依据"),
    "billed": ("Charged", "收費總額", "收费总额"),
    "asked": ("Asked of this funder", "向本付款方索償", "向本付款方索赔"),
    "number": ("No.", "序號", "序号"),
    "kind": ("Document", "文件", "文件"),
    "name": ("Name", "名稱", "名称"),
    "sha256": ("SHA-256", "SHA-256", "SHA-256"),
    "enclosed": ("Enclosed", "附件", "附件"),
    "nothing": ("No documents are enclosed.", "沒有附件。", "没有附件。"),
    "use": (
        "Given for the assessment of this claim alone. The signed manifest that goes with these "
        "papers lists the same digests, and can be verified without us.",
        "僅供審核本索償之用。隨附已簽署的清單載有相同的摘要值,可自行驗證。",
        "仅供审核本索赔之用。随附已签署的清单载有相同的摘要值,可自行验证。",
    ),
    "itemised_bill": ("itemised bill", "費用清單", "费用清单"),
    "ebill": ("electronic bill", "電子票據", "电子票据"),
    "discharge_summary": ("discharge summary", "出院小結", "出院小结"),
    "claim_form": ("claim form", "索償表格", "索赔表格"),
    "other": ("other", "其他", "其他"),
}


class Enclosed(Frozen):
    kind: str
    name: str
    sha256: str


class CoveringLetter(Frozen):
    claim_id: str
    reference: str
    funder: Names
    hospital: Names
    hospital_id: str
    patient: str
    visit: str
    bill_number: str
    bill_version: int
    made_at: datetime
    basis: str
    """The consent text and contract that the transfer rests on."""
    billed: Money
    asked: Money
    enclosed: list[Enclosed]


def covering_sheet(told: CoveringLetter, language: str) -> Sheet:
    place = place_of(language)
    words = {name: texts[place] for name, texts in _WORDS.items()}
    rows = [
        [str(at), words.get(one.kind, one.kind), one.name, one.sha256]
        for at, one in enumerate(told.enclosed, 1)
    ]
    columns = [words[name] for name in ("number", "kind", "name", "sha256")]
    return Sheet(
        kind=PaperKind.COVERING_LETTER,
        subject=told.claim_id,
        title=words["title"],
        number=told.reference,
        issuer=told.hospital_id,
        dated=told.made_at,
        head=[
            (words["to"], name_in(told.funder, place)),
            (words["from"], name_in(told.hospital, place)),
            (words["patient"], told.patient),
            (words["reference"], told.reference),
            (words["visit"], told.visit),
            (words["bill"], f"{told.bill_number} ({told.bill_version})"),
            (words["at"], moment(told.made_at)),
            (words["basis"], told.basis),
        ],
        body=[
            Grid(columns, [5, 18, 30, 47], rows, words["enclosed"], empty=words["nothing"]),
            Notes("", [words["use"]]),
        ],
        totals=[(words["billed"], money(told.billed)), (words["asked"], money(told.asked))],
    )
