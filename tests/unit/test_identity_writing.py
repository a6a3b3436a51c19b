"""Numbers as people write them, the traps of other libraries, and electronic bills as a whole.

A general library for such numbers was found to refuse real people: it asks whether a county existed
in the year of birth, and it breaks on counties that it does not know. Ours looks nothing up.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from crossclaim.domain.ebill import Ebill, EbillDefect, ebill_defects
from crossclaim.domain.identity import (
    Defect,
    cnaps_check_holds,
    cnaps_defect,
    document_defect,
    ebill_defect,
    ebill_year_fits,
    hkid_defect,
    in_order,
    luhn_holds,
    mainland_id_defect,
    normalised,
    payee_account_defect,
    residence_permit_defect,
    return_permit_defect,
    same_permit_holder,
    unionpay_defect,
    uscc_defect,
)
from crossclaim.domain.money import fen
from crossclaim.domain.submission import DocumentType

TODAY = date(2026, 11, 21)
WIDE = {ord(c): chr(ord(c) + 0xFEE0) for c in map(chr, range(0x21, 0x7F))} | {ord(" "): "\u3000"}
Check = Callable[[str], Defect | None]


def wide(text: str) -> str:
    """The text as a Chinese keyboard writes it in full width."""
    return text.translate(WIDE)


def residence(number: str) -> Defect | None:
    return residence_permit_defect(number, TODAY)


def mainland(number: str) -> Defect | None:
    return mainland_id_defect(number, TODAY)


VALID: list[tuple[Check, str]] = [
    (hkid_defect, "A123456(3)"),
    (hkid_defect, "AB987654(3)"),
    (hkid_defect, "ZZ000000(A)"),
    (hkid_defect, "ZZ000005(0)"),
    (mainland, "440703190001010008"),
    (mainland, "441900190001010019"),
    (residence, "81000019000101000X"),
    (residence, "830000190001010003"),
    (residence, "820000190001010001"),
    (return_permit_defect, "H0000000000"),
    (return_permit_defect, "M0000000001"),
    (return_permit_defect, "H00000000"),
    (uscc_defect, "124407000000000195"),
    (uscc_defect, "91440300MA00000077"),
    (uscc_defect, "12440300000000027B"),
    (unionpay_defect, "6200000000000005"),
    (unionpay_defect, "6200000000000047"),
    (unionpay_defect, "6205500000000000004"),
    (payee_account_defect, "6205500000000000004"),
    (cnaps_defect, "313000000016"),
    (cnaps_defect, "102000000016"),
    (cnaps_defect, "402000000027"),
]
INVALID: list[tuple[Check, str, Defect]] = [
    (hkid_defect, "A123456(4)", Defect.CHECK_DIGIT),
    (hkid_defect, "A12345(3)", Defect.FORM),
    (hkid_defect, "1A23456(3)", Defect.FORM),
    (mainland, "440703190001010009", Defect.CHECK_DIGIT),
    (mainland, "440703190002300001", Defect.BIRTH_DATE),
    (residence, "81010019000101000X", Defect.REGION),
    (return_permit_defect, "A00000000", Defect.FORM),
    (return_permit_defect, "H0000000", Defect.FORM),
    (return_permit_defect, "H000000000", Defect.FORM),
    (uscc_defect, "124407000000000196", Defect.CHECK_DIGIT),
    (uscc_defect, "12440700000000018", Defect.FORM),
    (uscc_defect, "12440700O00000195X", Defect.FORM),
    (unionpay_defect, "620000000000005", Defect.FORM),
    (unionpay_defect, "4242424242424242", Defect.NETWORK),
    (payee_account_defect, "4242424242424242", Defect.NETWORK),
    (cnaps_defect, "31300000001", Defect.FORM),
    (cnaps_defect, "3130000000l6", Defect.FORM),
]


@pytest.mark.parametrize(("check", "number"), VALID)
def test_a_number_holds_in_full_width_lower_case_and_with_blanks_and_dashes(
    check: Check, number: str
) -> None:
    spaced = f" {number[:4]} {number[4:8]}-{number[8:]}\u3000"
    for written in (number, wide(number), number.lower(), wide(number.lower()), spaced):
        assert check(written) is None, written
        assert normalised(written) == normalised(number)


@pytest.mark.parametrize(("check", "number", "defect"), INVALID)
def test_a_wrong_number_is_as_wrong_in_full_width_and_lower_case(
    check: Check, number: str, defect: Defect
) -> None:
    for written in (number, wide(number), number.lower(), wide(number.lower())):
        assert check(written) is defect, written


def test_warnings_read_full_width_too() -> None:
    assert luhn_holds(wide("6200000000000005")) and not luhn_holds(wide("6200000000000006"))
    assert unionpay_defect("6200000000000006") is None
    assert cnaps_check_holds(wide("313000000016")) and not cnaps_check_holds(wide("313000000018"))
    assert same_permit_holder("h0000000000", wide("H0000000003"))
    assert not same_permit_holder("H0000000000", "M0000000000")


def citizen(area: str, born: str, serial: str = "001") -> str:
    """A number with its right check digit, worked out here for itself."""
    text = area + born + serial
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(c) * w for c, w in zip(text, weights, strict=True)) % 11
    return text + "10X98765432"[rest]


@pytest.mark.parametrize("born", ["19580101", "19850101", "19000101", "20260101"])
@pytest.mark.parametrize("area", ["440703", "441901", "441900", "999999"])
def test_a_mainland_number_is_not_asked_whether_its_county_existed_at_birth(
    area: str, born: str
) -> None:
    assert mainland(citizen(area, born)) is None


@pytest.mark.parametrize("born", ["19300101", "19961231", "19970701", "19991219", "20000229"])
@pytest.mark.parametrize("area", ["810000", "820000", "830000"])
def test_a_residence_permit_holds_for_people_born_before_the_handovers(
    area: str, born: str
) -> None:
    assert residence(citizen(area, born)) is None


@pytest.mark.parametrize("area", ["810001", "820100", "830099", "840000", "440703"])
def test_a_residence_permit_of_another_area_code_is_refused(area: str) -> None:
    assert residence(citizen(area, "19580101")) is Defect.REGION


@pytest.mark.parametrize(
    ("born", "defect"),
    [
        ("20261121", None),
        ("20261122", Defect.BIRTH_DATE),
        ("19000229", Defect.BIRTH_DATE),
        ("20000229", None),
        ("19991301", Defect.BIRTH_DATE),
        ("19990100", Defect.BIRTH_DATE),
    ],
)
def test_a_birth_date_is_real_and_not_after_today(born: str, defect: Defect | None) -> None:
    assert mainland(citizen("440703", born)) is defect


def test_every_single_wrong_digit_of_a_citizen_number_is_seen() -> None:
    right = citizen("440703", "19580101")
    for at in range(17):
        for digit in "0123456789":
            if digit != right[at]:
                assert mainland(right[:at] + digit + right[at + 1 :]) is not None


def test_the_code_of_an_organisation_is_checked_inside_the_outer_one() -> None:
    """A library that looks at the outer check digit alone takes this one."""
    alphabet = "0123456789ABCDEFGHJKLMNPQRTUWXY"
    weights = (1, 3, 9, 27, 19, 26, 16, 17, 20, 29, 25, 13, 8, 24, 10, 30, 28)
    text = "12440700000000018"
    rest = sum(alphabet.index(c) * w for c, w in zip(text, weights, strict=True)) % 31
    number = text + alphabet[(31 - rest) % 31]
    assert uscc_defect(number) is Defect.ORGANISATION_CODE


@pytest.mark.parametrize("document", list(DocumentType))
@pytest.mark.parametrize("number", ["", " ", "()", "\u0000", "A" * 300, "𝟒𝟒𝟎", "一二三"])
def test_no_writing_breaks_a_check(document: DocumentType, number: str) -> None:
    found = document_defect(document, number, TODAY)
    assert found is Defect.FORM or document is DocumentType.CERT_EXEMPTION


@pytest.mark.parametrize(
    "shape",
    [
        ("44060125", "0000000001", "a1b2c3"),
        ("44060226", "0000000002", "0f0f0f"),
        ("32060123", "0000000003", "138973"),
    ],
)
def test_an_electronic_bill_holds_in_full_width_and_with_blanks(shape: tuple[str, ...]) -> None:
    assert ebill_defect(*shape) is None
    assert ebill_defect(*(wide(part) for part in shape)) is None
    assert ebill_defect(*(f" {part} " for part in shape)) is None
    assert ebill_year_fits(wide("44060125"), date(2026, 6, 1))


def bill(**changes: object) -> Ebill:
    whole: dict[str, object] = {
        "code": "44060125",
        "number": "0000000001",
        "check": "a1b2c3",
        "issued_on": date(2025, 6, 1),
        "items": [fen(6000), fen(21000)],
        "total": fen(27000),
        "pooled_fund": fen(10000),
        "other": fen(0),
        "personal_account": fen(5000),
        "cash": fen(12000),
    }
    return Ebill.model_validate(whole | changes)


@pytest.mark.parametrize(
    ("changes", "defects"),
    [
        ({}, []),
        ({"code": "4406125"}, [EbillDefect.FORM]),
        ({"code": "44070125"}, [EbillDefect.FORM]),
        ({"number": "000000001"}, [EbillDefect.FORM]),
        ({"check": "A1B2C3"}, [EbillDefect.FORM]),
        ({"issued_on": date(2023, 12, 31)}, [EbillDefect.YEAR]),
        ({"issued_on": date(2024, 1, 1)}, []),
        ({"issued_on": date(2026, 12, 31)}, []),
        ({"issued_on": date(2027, 1, 1)}, [EbillDefect.YEAR]),
        ({"code": "32060125"}, [EbillDefect.PROVINCE]),
        ({"items": [fen(6000), fen(20999)]}, [EbillDefect.ITEMS]),
        ({"items": [fen(6000), fen(21001)]}, [EbillDefect.ITEMS]),
        ({"cash": fen(11999)}, [EbillDefect.PAYERS]),
        ({"cash": fen(12001)}, [EbillDefect.PAYERS]),
        ({"total": fen(26999)}, [EbillDefect.ITEMS, EbillDefect.PAYERS]),
        ({"number": "0000000009"}, [EbillDefect.TWICE]),
        ({"number": wide("0000000009")}, [EbillDefect.TWICE]),
    ],
)
def test_every_defect_of_an_electronic_bill_comes_at_once(
    changes: dict[str, object], defects: list[EbillDefect]
) -> None:
    assert ebill_defects(bill(**changes), "44", {("44060125", "0000000009")}) == defects


def test_dates_stand_in_order_service_bill_claim() -> None:
    service, billed, claimed = date(2026, 3, 11), date(2026, 3, 12), date(2026, 3, 13)
    assert in_order([service, billed, claimed]) and in_order([service, service, service])
    assert not in_order([billed, service, claimed]) and not in_order([service, claimed, billed])
    assert in_order([]) and in_order([None, None])
