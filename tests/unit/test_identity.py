"""The published and synthetic specimens of domain.md C1 to C8, good ones and bad ones."""

from __future__ import annotations

from datetime import date

import pytest

from crossclaim.domain.identity import (
    IDENTIFIER_SYSTEMS,
    Defect,
    cnaps_check_holds,
    cnaps_defect,
    document_defect,
    ebill_defect,
    ebill_year_fits,
    hkid_defect,
    in_order,
    is_card_number,
    luhn_holds,
    mainland_id_defect,
    payee_account_defect,
    residence_permit_defect,
    return_permit_defect,
    same_permit_holder,
    unionpay_defect,
    uscc_defect,
)
from crossclaim.domain.submission import DocumentType

TODAY = date(2026, 11, 21)


@pytest.mark.parametrize(
    "number",
    ["A123456(3)", "AB987654(3)", "ZZ000000(A)", "ZZ000005(0)", "a123456 3", "A123456(3)"],
)
def test_a_true_hong_kong_identity_card_number_holds_however_it_is_written(number: str) -> None:
    assert hkid_defect(number) is None


@pytest.mark.parametrize(
    ("number", "defect"),
    [
        ("A123456(4)", Defect.CHECK_DIGIT),
        ("A12345(3)", Defect.FORM),
        ("1A23456(3)", Defect.FORM),
        ("", Defect.FORM),
        ("A123456(B)", Defect.FORM),
        ("A١٢٣٤٥٦(3)", Defect.FORM),
    ],
)
def test_a_wrong_hong_kong_identity_card_number_is_told_by_its_defect(
    number: str, defect: Defect
) -> None:
    assert hkid_defect(number) is defect


def test_every_other_check_digit_of_a_card_is_wrong() -> None:
    right = [c for c in "0123456789A" if hkid_defect(f"A123456({c})") is None]
    assert right == ["3"]


@pytest.mark.parametrize(
    "number", ["81000019000101000X", "830000190001010003", "820000190001010001"]
)
def test_a_residence_permit_of_each_region_holds(number: str) -> None:
    assert residence_permit_defect(number, TODAY) is None
    assert mainland_id_defect(number, TODAY) is Defect.REGION


@pytest.mark.parametrize("number", ["440703190001010008", "441900190001010019"])
def test_a_mainland_identity_number_holds_and_is_no_residence_permit(number: str) -> None:
    assert mainland_id_defect(number, TODAY) is None
    assert residence_permit_defect(number, TODAY) is Defect.REGION


@pytest.mark.parametrize(
    ("number", "defect"),
    [
        ("440703190001010009", Defect.CHECK_DIGIT),
        ("440703190002300001", Defect.BIRTH_DATE),
        ("440703209901010001", Defect.BIRTH_DATE),
        ("44070319000101000", Defect.FORM),
    ],
)
def test_a_wrong_mainland_identity_number_is_told_by_its_defect(
    number: str, defect: Defect
) -> None:
    assert mainland_id_defect(number, TODAY) is defect


def test_a_residence_permit_with_a_mainland_address_is_refused() -> None:
    assert residence_permit_defect("81010019000101000X", TODAY) is Defect.REGION


@pytest.mark.parametrize("number", ["H0000000000", "M0000000001", "H00000000"])
def test_a_home_return_permit_has_eight_or_ten_digits(number: str) -> None:
    assert return_permit_defect(number) is None


@pytest.mark.parametrize("number", ["A00000000", "H0000000", "H000000000"])
def test_a_home_return_permit_of_another_form_is_refused(number: str) -> None:
    assert return_permit_defect(number) is Defect.FORM


def test_a_renewed_home_return_permit_is_of_the_same_person() -> None:
    assert same_permit_holder("H0000000000", "H0000000003")
    assert not same_permit_holder("H0000000000", "H0000000100")


@pytest.mark.parametrize(
    "number", ["124407000000000195", "91440300MA00000077", "12440300000000027B"]
)
def test_a_unified_social_credit_code_holds_outside_and_inside(number: str) -> None:
    assert uscc_defect(number) is None


@pytest.mark.parametrize(
    ("number", "defect"),
    [
        ("124407000000000196", Defect.CHECK_DIGIT),
        ("12440700000000018", Defect.FORM),
        ("12440700O00000195X", Defect.FORM),
    ],
)
def test_a_wrong_unified_social_credit_code_is_told_by_its_defect(
    number: str, defect: Defect
) -> None:
    assert uscc_defect(number) is defect


def test_the_organisation_code_inside_a_credit_code_is_checked_as_well() -> None:
    assert uscc_defect("124407000000000182") is Defect.ORGANISATION_CODE


@pytest.mark.parametrize("number", ["6200000000000005", "6200000000000047", "6205500000000000004"])
def test_a_unionpay_card_holds_and_follows_luhn(number: str) -> None:
    assert unionpay_defect(number) is None
    assert payee_account_defect(number) is None
    assert luhn_holds(number)


def test_a_card_that_breaks_luhn_is_warned_about_and_not_refused() -> None:
    assert unionpay_defect("6200000000000006") is None
    assert not luhn_holds("6200000000000006")


def test_a_card_of_the_wrong_length_or_network_cannot_be_a_payee() -> None:
    assert payee_account_defect("620000000000005") is Defect.FORM
    assert payee_account_defect("4242424242424242") is Defect.NETWORK
    assert payee_account_defect("12345") is Defect.FORM


def test_a_plain_account_number_can_be_a_payee() -> None:
    assert payee_account_defect("0123 4567 8901") is None


@pytest.mark.parametrize("number", ["313000000016", "102000000016", "402000000027"])
def test_a_clearing_code_holds(number: str) -> None:
    assert cnaps_defect(number) is None
    assert cnaps_check_holds(number)


def test_a_clearing_code_with_another_check_digit_is_only_warned_about() -> None:
    assert cnaps_defect("313000000018") is None
    assert not cnaps_check_holds("313000000018")


@pytest.mark.parametrize("number", ["31300000001", "3130000000l6"])
def test_a_clearing_code_of_another_form_is_refused(number: str) -> None:
    assert cnaps_defect(number) is Defect.FORM
    assert not cnaps_check_holds(number)


@pytest.mark.parametrize(
    ("code", "number", "check"),
    [
        ("44060125", "0000000001", "a1b2c3"),
        ("44060226", "0000000002", "0f0f0f"),
        ("32060123", "0000000003", "138973"),
    ],
)
def test_an_electronic_bill_holds(code: str, number: str, check: str) -> None:
    assert ebill_defect(code, number, check) is None


@pytest.mark.parametrize(
    ("code", "number", "check"),
    [
        ("4406125", "0000000001", "a1b2c3"),
        ("44070125", "0000000001", "a1b2c3"),
        ("44060125", "000000001", "a1b2c3"),
        ("44060125", "0000000001", "A1B2C3"),
    ],
)
def test_an_electronic_bill_of_another_form_is_refused(code: str, number: str, check: str) -> None:
    assert ebill_defect(code, number, check) is Defect.FORM


@pytest.mark.parametrize(
    ("year", "fits"), [(2024, True), (2025, True), (2026, True), (2027, False)]
)
def test_an_electronic_bill_is_of_its_year_of_issue_or_a_neighbour(year: int, fits: bool) -> None:
    assert ebill_year_fits("44060125", date(year, 6, 1)) is fits


def test_dates_that_are_known_must_stand_in_order() -> None:
    one, two = date(2026, 3, 11), date(2026, 3, 12)
    assert in_order([one, None, one, two])
    assert not in_order([two, None, one])


def test_every_type_of_document_has_a_system_and_a_rule() -> None:
    assert set(IDENTIFIER_SYSTEMS) == set(DocumentType)
    for document in DocumentType:
        document_defect(document, "anything", TODAY)
    assert document_defect(DocumentType.HKID, "A123456(4)", TODAY) is Defect.CHECK_DIGIT
    assert document_defect(DocumentType.CERT_EXEMPTION, "anything", TODAY) is None


@pytest.mark.parametrize(
    ("code", "method", "is_card"),
    [
        ("4111111111111111", "foreign_card", True),
        ("4111-1111-1111-1111", "bank_card", True),
        ("6222021234567890128", "bank_card", None),
        ("4111111111111112", "foreign_card", False),
        ("130000000000000001", "wechat", False),
        ("280000000000000001", "alipay", False),
        ("5555555555554444", "wechat", True),
        ("010000000000000001", "ecny", False),
        ("VISA-000000000001", "foreign_card", False),
        ("tok_4111", "foreign_card", False),
    ],
)
def test_a_cards_own_number_is_no_payers_code(code: str, method: str, is_card: bool | None) -> None:
    expected = luhn_holds(code) if is_card is None else is_card
    assert is_card_number(code, method) is expected
