"""A letter of guarantee as the insurer's answer made it."""

from __future__ import annotations

from datetime import datetime

from crossclaim.documents.sheets.sheet import (
    Grid,
    Notes,
    Pair,
    Sheet,
    Triple,
    moment,
    money,
    name_in,
    place_of,
)
from crossclaim.domain.allocation import Frozen
from crossclaim.domain.guarantee_rows import GuaranteeRow
from crossclaim.domain.issued_paper import PaperKind
from crossclaim.domain.money import Currency, Money
from crossclaim.domain.reference import Names

_WORDS: dict[str, Triple] = {
    "title": ("Letter of Guarantee", "付款保證書", "付款保证书"),
    "reference": ("Reference", "參考編號", "参考编号"),
    "number": ("Insurer's number", "保險公司編號", "保险公司编号"),
    "insurer": ("Insurer", "保險公司", "保险公司"),
    "hospital": ("Hospital", "醫院", "医院"),
    "patient": ("Patient", "病人", "病人"),
    "visit": ("Visit", "就診編號", "就诊编号"),
    "answered_at": ("Given", "發出時間", "发出时间"),
    "valid_until": ("Last day of care that it covers", "保證有效至(就醫日)", "保证有效至(就医日)"),
    "unlimited": ("not stated", "沒有列明", "没有列明"),
    "limit": ("Guaranteed up to", "保證上限", "保证上限"),
    "rate": ("Rate", "匯率", "汇率"),
    "conditions": ("Conditions", "條件", "条件"),
    "exclusions": ("Charges that it does not cover", "不受保證的收費類別", "不受保证的收费类别"),
    "none": ("None.", "無。", "无。"),
    "promise": (
        "The insurer pays the hospital what its policy owes of the bills of this visit, up to the "
        "amount above, for care until the last day above. What exceeds it is between hospital and "
        "patient.",
        "保險公司就本次就診的帳單,在上述金額及期限內,向醫院支付保單應付的部分。超出部分由醫院與病人自行處理。",
        "保险公司就本次就诊的账单,在上述金额及期限内,向医院支付保单应付的部分。超出部分由医院与病人自行处理。",
    ),
    "ended": (
        "The insurer took this letter back: care after {day} is not covered by it.",
        "保險公司已撤回本保證書:{day}之後的就醫不受保證。",
        "保险公司已撤回本保证书:{day}之后的就医不受保证。",
    ),
}


class GuaranteeLetter(Frozen):
    """``row`` as it stands, with the names that it goes by."""

    row: GuaranteeRow
    insurer: Names
    hospital: Names
    patient: str
    visit: str
    given_at: datetime


def guarantee_sheet(told: GuaranteeLetter, language: str) -> Sheet:
    place, row = place_of(language), told.row
    words = {name: texts[place] for name, texts in _WORDS.items()}
    notes: list[Grid | Notes] = [
        Notes("", [words["promise"]]),
        Notes(words["conditions"], list(row.conditions) or [words["none"]]),
        Notes(words["exclusions"], list(row.exclusions) or [words["none"]]),
    ]
    if row.ended_on is not None:
        notes.insert(0, Notes("", [words["ended"].format(day=row.ended_on.isoformat())]))
    return Sheet(
        kind=PaperKind.GUARANTEE_LETTER,
        subject=row.id,
        title=words["title"],
        number=row.reference,
        issuer=row.insurer_id,
        dated=told.given_at,
        head=_head(told, words, place),
        body=notes,
        totals=[(words["limit"], _limit(row, words))],
    )


def _head(told: GuaranteeLetter, words: dict[str, str], place: int) -> list[Pair]:
    row = told.row
    until = row.valid_until.isoformat() if row.valid_until else words["unlimited"]
    found = [
        (words["reference"], row.reference),
        (words["number"], row.number),
        (words["insurer"], name_in(told.insurer, place)),
        (words["hospital"], name_in(told.hospital, place)),
        (words["patient"], told.patient),
        (words["visit"], told.visit),
        (words["answered_at"], moment(told.given_at)),
        (words["valid_until"], until),
    ]
    if row.rate is not None:
        rate = f"{row.rate.cny_per_hkd:.4f} CNY/{row.currency.value}"
        found.append((words["rate"], rate))
    return [pair for pair in found if pair[1]]


def _limit(row: GuaranteeRow, words: dict[str, str]) -> str:
    if row.limit_minor is None:
        return words["unlimited"]
    return money(Money(amount_minor=row.limit_minor, currency=Currency(row.currency)))
