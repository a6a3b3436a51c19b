"""Facts of papers as they are issued, with long names, none and very many lines."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

from crossclaim.documents.sheets.claim import claim_sheet
from crossclaim.documents.sheets.covering import CoveringLetter, Enclosed, covering_sheet
from crossclaim.documents.sheets.guarantee import GuaranteeLetter, guarantee_sheet
from crossclaim.documents.sheets.settlement_list import settlement_list
from crossclaim.documents.sheets.sheet import Sheet
from crossclaim.documents.sheets.voucher import consent_sheet, use_sheet
from crossclaim.domain.allocation import Sentence
from crossclaim.domain.claim_letter import ClaimLetter, LetterKind, LetterLine
from crossclaim.domain.guarantee_rows import GuaranteeRow
from crossclaim.domain.issued_paper import PaperKind
from crossclaim.domain.money import ConversionRate, Currency, Money, fen, hk_cents
from crossclaim.domain.reference import Names
from crossclaim.domain.voucher_use import VoucherUseRecord

AT = datetime(2026, 4, 1, 2, 30, tzinfo=UTC)
LONG = Names(
    en="The University of Hong Kong-Shenzhen Hospital (International Medical Centre, Futian)",
    zh_hant="香港大學深圳醫院（國際醫療中心，福田院區，血液及腫瘤專科門診部）",
    zh_hans="香港大学深圳医院（国际医疗中心，福田院区，血液及肿瘤专科门诊部）",
)
SHORT = Names(en="Victoria Health", zh_hant="維港醫療保險", zh_hans="维港医疗保险")
PATIENT = "歐陽娜娜 OUYANG Na-na Christopher Wolfeschlegelsteinhausenbergerdorff"
RATE = ConversionRate(cny_per_hkd=Decimal("0.9123"), source="test", as_of=AT)
LETTER = GuaranteeLetter(
    row=GuaranteeRow(
        id="gu_1",
        insurer_id="victoria-health",
        reference="GU01JABCDEFGH",
        state="granted",
        number="VH-2026-000178",
        limit_minor=12_000_000,
        currency=Currency.HKD,
        rate=RATE,
        valid_until=date(2026, 4, 30),
        answered_at=AT,
        conditions=["encounter-class:inpatient"],
        exclusions=["cosmetic"],
    ),
    insurer=SHORT,
    hospital=LONG,
    patient=PATIENT,
    visit="ZY20260311-0087",
    given_at=AT,
)
USE = VoucherUseRecord(
    transaction_number="TX-20260401-000012",
    reference="VC01JABCDEFGH",
    account="own",
    hospital=LONG,
    department=Names(en="Internal Medicine", zh_hant="內科", zh_hans="内科"),
    served_at=AT,
    claimed_at=AT,
    bill_number="B-77",
    net_fee=fen(128_640),
    used=hk_cents(100_000),
    worth=fen(91_230),
    rate=RATE,
    balance=hk_cents(700_000),
)


def lines(count: int) -> list[LetterLine]:
    return [
        LetterLine(
            number=str(at),
            description="腹腔鏡膽囊切除術 Laparoscopic cholecystectomy" if at % 3 else "Ward",
            served_on=date(2026, 3, 12),
            billed=fen(123_456),
            paid=fen(1_000 * at),
            reasons=["PLAN_TERMS"] if at % 2 else [],
        )
        for at in range(1, count + 1)
    ]


def letter(count: int = 3) -> ClaimLetter:
    return ClaimLetter(
        version=1,
        state="partial",
        reference="CL01JABCDEFGH",
        claim_number="VH-C-5521",
        insurer=SHORT,
        hospital=LONG,
        patient=PATIENT,
        bill_number="B-77",
        bill_version=1,
        decided_at=AT,
        billed=fen(5_185_050),
        benefit=Money(amount_minor=1_000_000, currency=Currency.HKD),
        paid=fen(912_300),
        rate="0.9123 CNY/HKD",
        lines=lines(count),
        why=[
            Sentence(
                en="The deductible of HKD 1,000 was applied.",
                zh_hant="已扣除自付額港幣 1,000 元。",
                zh_hans="已扣除自付额港币 1,000 元。",
            )
        ],
    )


def covering(count: int = 2) -> CoveringLetter:
    one = Enclosed(kind="ebill", name="出院小结 and a name that goes on.pdf", sha256="9f86d081" * 8)
    return CoveringLetter(
        claim_id="cl_1",
        reference="CL01JABCDEFGH",
        funder=SHORT,
        hospital=LONG,
        hospital_id="hku-szh",
        patient=PATIENT,
        visit="ZY20260311-0087",
        bill_number="B-77",
        bill_version=2,
        made_at=AT,
        basis="PI_CROSS_BORDER 2026-01 / gba-hk-2023",
        billed=fen(5_185_050),
        asked=fen(912_300),
        enclosed=[one] * count,
    )


def sheets(language: str) -> dict[PaperKind, Sheet]:
    """One of each kind but the remittance advice, which its settlement makes."""
    found = [
        claim_sheet(letter(), LetterKind.DECISION, "cl_1", "victoria-health", language),
        claim_sheet(letter(), LetterKind.BENEFITS, "cl_1", "victoria-health", language),
        covering_sheet(covering(), language),
        guarantee_sheet(LETTER, language),
        use_sheet(USE, "hku-szh", "cl_2", language),
        consent_sheet(USE, "2025-09", AT, None, "hku-szh", "cl_2", language),
        settlement_list("hku-szh", LONG.en, date(2026, 4, 1), [], language),
    ]
    return {sheet.kind: sheet for sheet in found}
