"""Macao: its card, its currency beside the two others, its own contract for personal data."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crossclaim.domain.calendar import public_holidays
from crossclaim.domain.identity import (
    Defect,
    document_defect,
    macao_id_defect,
    residence_permit_defect,
    return_permit_defect,
)
from crossclaim.domain.money import (
    ConversionRate,
    Currency,
    CurrencyMismatch,
    Money,
    avos,
    counted,
    fen,
    hk_cents,
    total,
)
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import DocumentType, SubmissionKind
from crossclaim.plans.loader import DATA, read_plan
from crossclaim.store.person_index import person_key
from tests.unit.faulty import REFERENCE, example, found

TODAY = date(2026, 11, 21)
CURRENCIES = st.sampled_from(list(Currency))
AMOUNTS = st.integers(-(10**12), 10**12)
CARD = DocumentType.MACAO_RESIDENT_ID


@pytest.mark.parametrize(
    "number",
    [
        "1/234567/8",
        "1234567(8)",
        "12345678",
        " 1/234567/8",
        "１/２３４５６７/８",
        "５／１２３４５６／０",
    ],
)
def test_a_macao_residents_card_is_read_as_people_write_it(number: str) -> None:
    assert macao_id_defect(number) is None
    assert document_defect(CARD, number, TODAY) is None


@pytest.mark.parametrize("number", ["1/234567", "123456789", "A/234567/8", "1234567(A)", ""])
def test_another_form_is_no_macao_card(number: str) -> None:
    assert macao_id_defect(number) is Defect.FORM


def test_one_card_written_in_two_ways_is_one_person() -> None:
    keys = {person_key(CARD, number) for number in ("1/234567/8", "1234567(8)", "１２３４５６７８")}
    assert keys == {"12345678"}
    assert person_key(CARD, "1234567(9)") not in keys


@pytest.mark.parametrize("number", ["m0000000001", "Ｍ００００００００01", "M00000000"])
def test_a_macao_home_return_permit_is_read_as_people_write_it(number: str) -> None:
    assert return_permit_defect(number) is None


@pytest.mark.parametrize("number", ["820000190001010001", "８２００００190001010001"])
def test_a_residence_permit_of_macao_holds(number: str) -> None:
    assert residence_permit_defect(number, TODAY) is None


@pytest.mark.parametrize(
    ("number", "defect"),
    [("820000190001010002", Defect.CHECK_DIGIT), ("820100190001010001", Defect.REGION)],
)
def test_a_residence_permit_of_macao_is_told_by_its_defect(number: str, defect: Defect) -> None:
    assert residence_permit_defect(number, TODAY) is defect


def test_a_wrong_card_is_told_at_its_place() -> None:
    raw = example("macao-resident")["episode"]
    raw["patient"]["documents"][0]["number"] = "1/234567"
    assert found(SubmissionKind.EPISODE, raw) == {
        ("/patient/documents/0/number", "MACAO_RESIDENT_ID_FORM")
    }


def rate_of(currency: Currency, per_unit: str = "0.8880") -> ConversionRate:
    return ConversionRate(
        cny_per_hkd=Decimal(per_unit),
        source="a test",
        as_of=datetime(2026, 3, 2, tzinfo=UTC),
        currency=currency,
    )


@given(AMOUNTS, CURRENCIES, AMOUNTS, CURRENCIES)
def test_three_currencies_never_meet_in_one_amount(
    one: int, of_one: Currency, other: int, of_other: Currency
) -> None:
    left, right = counted(one, of_one), counted(other, of_other)
    if of_one is of_other:
        assert left + right == Money(amount_minor=one + other, currency=of_one)
        assert (left - right) + right == left
        assert total([left, right], of_one) == left + right
        return
    for meet in (
        lambda: left + right,
        lambda: left - right,
        lambda: left < right,
        lambda: left <= right,
        lambda: total([left, right], of_one),
        lambda: total([right], of_one),
    ):
        with pytest.raises(CurrencyMismatch):
            meet()


@given(st.integers(0, 10**10), CURRENCIES, st.sampled_from([Currency.HKD, Currency.MOP]))
def test_a_rate_converts_its_own_currency_and_no_other(
    amount: int, of_amount: Currency, of_rate: Currency
) -> None:
    rate, money = rate_of(of_rate), counted(amount, of_amount)
    if of_amount is of_rate:
        assert rate.to_fen(money).currency is Currency.CNY
    else:
        with pytest.raises(CurrencyMismatch):
            rate.to_fen(money)
    if of_amount is Currency.CNY:
        assert rate.from_fen(money).currency is of_rate
    else:
        with pytest.raises(CurrencyMismatch):
            rate.from_fen(money)


@given(st.integers(0, 10**10), st.integers(5000, 12000))
def test_there_and_back_again_loses_less_than_a_hundredth_of_a_pataca(
    amount: int, per_unit: int
) -> None:
    rate = rate_of(Currency.MOP, f"{per_unit / 10000:.4f}")
    back = rate.from_fen(rate.to_fen(avos(amount)))
    assert abs(back.amount_minor - amount) <= 1


def test_a_naive_twin_that_adds_plain_numbers_mixes_currencies_without_a_word() -> None:
    mixed = [fen(100), hk_cents(100), avos(100)]
    assert sum(one.amount_minor for one in mixed) == 300, "a sum of nothing that exists"
    with pytest.raises(CurrencyMismatch):
        total(mixed, Currency.CNY)


def test_vouchers_are_never_worth_patacas() -> None:
    with pytest.raises(CurrencyMismatch):
        rate_of(Currency.MOP).whole_dollars_in(fen(100))
    with pytest.raises(CurrencyMismatch):
        rate_of(Currency.MOP).to_hk_cents(fen(100))


def test_the_rate_of_patacas_says_where_it_is_from_and_who_fixed_it() -> None:
    row = REFERENCE.exchange_rate(
        Currency.MOP, Currency.CNY, on=date(2026, 3, 20), insurer="lotus-macao"
    )
    assert row is not None and (row.source, row.fixed_by) == ("configured example", "lotus-macao")
    assert REFERENCE.exchange_rate(Currency.MOP, Currency.CNY, on=date(2026, 3, 20)) is None


def test_a_plan_counts_in_one_currency() -> None:
    name = "macao-hospital-example.yaml"
    text = (DATA / "examples" / name).read_text("utf-8")
    assert read_plan(text, name, demonstration=True).currency is Currency.MOP
    mixed = text.replace("per_day: {unit: MOP/day", "per_day: {unit: HKD/day")
    with pytest.raises(Exception, match="the plan counts in MOP"):
        read_plan(mixed, name, demonstration=True)
    with pytest.raises(Exception, match="refused outside demonstration"):
        read_plan(text, name)


CONTRACTS: list[tuple[str, dict[str, Any]]] = [
    ("names the contract", {"contract": "gba-nowhere"}),
    ("names the contract", {"type": "PI_PROVIDE", "contract": "gba-mo"}),
    ("is older than its contract", {"valid_from": "2024-09-09"}),
]


@pytest.mark.parametrize(("words", "change"), CONTRACTS)
def test_a_text_rests_on_a_contract_that_is_in_force(words: str, change: dict[str, Any]) -> None:
    raw = REFERENCE.model_dump(mode="json")
    for text in raw["consent_texts"]:
        if text["version"] == "2026-01-MO":
            text.update(change)
    with pytest.raises(ValueError, match=words):
        Reference.model_validate(raw)


@pytest.mark.parametrize(
    ("insurer", "text", "fault"),
    [
        ("lotus-macao", "2026-01-MO", False),
        ("lotus-macao", "2026-01", True),
        ("harbour-life", "2026-01", False),
        ("harbour-life", "2026-01-MO", True),
    ],
)
def test_neither_contract_stands_for_the_other(insurer: str, text: str, fault: bool) -> None:
    plan = {"lotus-macao": "macao-hospital-example", "harbour-life": "vhis-standard-hk"}[insurer]
    raw = example("macao-resident")["episode"]
    raw["coverages"][0].update(organisation=insurer, plan=plan)
    for consent in raw["consents"]:
        if "recipient" in consent:
            consent["recipient"] = insurer
        if consent["type"] == "PI_CROSS_BORDER":
            consent["text_version"] = text
    wanted = {("/consents/2/text_version", "CONSENT_OTHER_DESTINATION")} if fault else set()
    assert found(SubmissionKind.EPISODE, raw) == wanted


def test_macao_keeps_holidays_of_its_own() -> None:
    handover = date(2026, 12, 20)
    assert handover in public_holidays("MO", handover, handover)
    assert handover not in public_holidays("CN", handover, handover)
    assert handover not in public_holidays("HK", handover, handover)


def test_an_estimate_is_in_what_the_hospital_charges_in() -> None:
    raw = example("macao-resident")["episode"]
    raw["estimate"] = {"amount": "32000.00", "currency": "MOP"}
    assert found(SubmissionKind.EPISODE, raw) == {("/estimate/currency", "CURRENCY_NOT_CHARGED")}


def test_a_hospital_in_macao_may_be_named_but_opens_no_episode() -> None:
    raw = example("macao-resident")["episode"]
    raw["hospital"], raw["visit"]["department"] = "macao-example-hospital", "orthopaedics"
    assert found(SubmissionKind.EPISODE, raw) == {("/hospital", "HOSPITAL_OUTSIDE_MAINLAND")}
    raw = example("macao-resident")["episode"]
    extra = {**raw["consents"][2], "recipient": "macao-example-hospital"}
    raw["consents"].append(extra)
    assert found(SubmissionKind.EPISODE, raw) == set()
    extra["text_version"] = "2026-01"
    assert found(SubmissionKind.EPISODE, raw) == {
        ("/consents/4/text_version", "CONSENT_OTHER_DESTINATION")
    }


def test_a_macao_residents_payout_goes_to_an_account_of_the_mainland() -> None:
    raw = example("macao-resident")["reimbursement"]
    assert found(SubmissionKind.REIMBURSEMENT, raw) == set()
    raw["account"].update(bank_code="BCMOMOMX")
    assert found(SubmissionKind.REIMBURSEMENT, raw) == {("/account/bank_code", "BANK_CODE_FORM")}
