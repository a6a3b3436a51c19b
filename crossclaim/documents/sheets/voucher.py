"""The record on use of vouchers, and the consent that stands behind one use."""

from __future__ import annotations

from datetime import datetime

from crossclaim.documents.sheets.sheet import Notes, Sheet, Triple, moment, name_in, place_of
from crossclaim.documents.voucher_use_record import VOUCHER_WORDS
from crossclaim.domain.issued_paper import PaperKind
from crossclaim.domain.voucher_use import VoucherUseRecord

_CONSENT: dict[str, Triple] = {
    "title": (
        "Consent to the Use of Health Care Vouchers",
        "使用醫療券同意書",
        "使用医疗券同意书",
    ),
    "text_version": ("Version of the signed text", "所簽文本版本", "所签文本版本"),
    "signed_at": ("Signed", "簽署時間", "签署时间"),
    "said": (
        "The holder of the voucher account agreed that the amount below is deducted from the "
        "account for this visit, under the text of the version above. The signed paper stays with "
        "the institution.",
        "戶口持有人已按上述版本的文本,同意就本次就診從戶口扣除下列金額。簽署的文件由醫療機構保存。",
        "户口持有人已按上述版本的文本,同意就本次就诊从户口扣除下列金额。签署的文件由医疗机构保存。",
    ),
    "withdrawn": (
        "This consent was withdrawn at {at}.",
        "此同意已於{at}撤回。",
        "此同意已于{at}撤回。",
    ),
}


def use_sheet(record: VoucherUseRecord, issuer: str, claim_id: str, language: str) -> Sheet:
    place = place_of(language)
    words = {name: texts[place] for name, texts in VOUCHER_WORDS.items()}
    notes = [words["void"]] if record.void else []
    return Sheet(
        kind=PaperKind.VOUCHER_USE_RECORD,
        subject=claim_id,
        title=words["title"],
        number=record.transaction_number or record.reference,
        issuer=issuer,
        dated=record.claimed_at,
        head=[
            (words["transaction"], record.transaction_number),
            (words["reference"], record.reference),
            (words["account"], words[record.account]),
            (words["hospital"], name_in(record.hospital, place)),
            (words["department"], name_in(record.department, place)),
            (words["bill"], record.bill_number),
            (words["served_at"], moment(record.served_at)),
            (words["claimed_at"], moment(record.claimed_at)),
        ],
        body=[Notes(words["scheme"], [*notes, words["note"]])],
        totals=_sums(record, words),
    )


def _sums(record: VoucherUseRecord, words: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (words["net_fee"], f"RMB {record.net_fee.decimal_text()}"),
        (words["used"], f"HK$ {record.used.amount_minor // 100:,}"),
        (words["rate"], f"{record.rate.cny_per_hkd:.4f}"),
        (words["worth"], f"RMB {record.worth.decimal_text()}"),
        (words["balance"], f"HK$ {record.balance.amount_minor // 100:,}"),
    ]


def consent_sheet(
    record: VoucherUseRecord,
    text_version: str,
    signed_at: datetime,
    withdrawn_at: datetime | None,
    issuer: str,
    claim_id: str,
    language: str,
) -> Sheet:
    """It names nobody, as the record does: whoever holds the paper knows whose it is."""
    place = place_of(language)
    words = {name: texts[place] for name, texts in (VOUCHER_WORDS | _CONSENT).items()}
    gone = [words["withdrawn"].format(at=moment(withdrawn_at))] if withdrawn_at else []
    return Sheet(
        kind=PaperKind.VOUCHER_CONSENT,
        subject=claim_id,
        title=words["title"],
        number=record.transaction_number or record.reference,
        issuer=issuer,
        dated=signed_at,
        head=[
            (words["transaction"], record.transaction_number),
            (words["account"], words[record.account]),
            (words["hospital"], name_in(record.hospital, place)),
            (words["department"], name_in(record.department, place)),
            (words["bill"], record.bill_number),
            (words["text_version"], text_version),
            (words["signed_at"], moment(signed_at)),
        ],
        body=[Notes(words["scheme"], [*gone, words["said"]])],
        totals=_sums(record, words)[:4],
    )
