"""A funder's day with a hospital: the ledger's sums, net of claw-backs, in every form the same."""

from __future__ import annotations

import csv
import inspect
import io
import json
import re
from collections import defaultdict
from datetime import date
from typing import Any

import pytest
from fhir.resources.R4B.paymentreconciliation import PaymentReconciliation
from hypothesis import given
from hypothesis import strategies as st

from crossclaim.documents.csv_cells import text_cell
from crossclaim.domain import (
    ledger,
    ledger_appeals,
    ledger_bureau,
    ledger_claw_backs,
    ledger_tenders,
    pay_later_ledger,
)
from crossclaim.domain.settlement import (
    NOT_SETTLED_WITH,
    SOURCES,
    Basis,
    Booked,
    LineKind,
    Settlement,
    carried_over,
    is_held,
    kinds_with,
    settlement_of,
    source_for,
)
from crossclaim.domain.settlement_sentences import BASES, CARRIED, KINDS, WORDS
from crossclaim.service.settlement_forms import csv_of, facts_of, fhir_of, json_of, pdf_of
from tests.flows.flow_stack import flow_reference
from tests.unit.settled_day import DAY, HOSPITAL, INSURER, booked

REFERENCE = flow_reference()
LANGUAGES = ("en", "zh-Hant", "zh-Hans")


def of(*rows: Booked, carried: int = 0, funder: str = INSURER, currency: str = "CNY") -> Settlement:
    return settlement_of(HOSPITAL, funder, DAY, rows, carried, currency)


def days_of(rows: list[Booked]) -> list[Settlement]:
    """Every day in its order, each with what the days before it left over."""
    found: list[Settlement] = []
    held: dict[date, int] = defaultdict(int)
    for day in sorted({one.day for one in rows}):
        carried = carried_over(held[one] for one in sorted(held))
        of_day = [one for one in rows if one.day == day]
        found.append(settlement_of(HOSPITAL, INSURER, day, of_day, carried))
        held[day] = sum(one.amount_minor for one in of_day if is_held(one.kind))
    return found


def netted(rows: list[Booked]) -> list[int]:
    """The naive twin: each day by itself, and what it lacks is forgotten."""
    return [max(one.ledger_minor, 0) for one in days_of(rows)]


def test_payments_of_a_day_add_up_and_name_every_episode() -> None:
    one, two = booked(5_000), booked(700)
    found = of(one, two, booked(9_900, organisation="kowloon-mutual"))
    assert (found.payable_minor, found.carried_out_minor) == (5_700, 0)
    assert [line.episode for line in found.lines] == [one.episode, two.episode]
    assert (found.hospital, found.funder, found.day) == (HOSPITAL, INSURER, DAY)
    assert (found.basis, found.currency) == (Basis.PAID, "CNY")


def test_what_a_hospital_gave_back_itself_is_listed_and_held_against_nothing() -> None:
    found = of(booked(5_000), booked(-700, "claw_back"), booked(-100, "reversal_credit"))
    assert found.total(LineKind.GIVEN_BACK) == -700
    assert (found.payable_minor, found.carried_out_minor, found.ledger_minor) == (5_000, 0, 4_200)
    assert not is_held("claw_back") and not is_held("reversal_claw_back")
    told = json_of(found, "en")
    assert [one["kind"] for one in told["lines"]] == ["payment", "given_back", "return"]
    assert told["given_back"]["amount"] == "-7.00"
    assert fhir_of(found, REFERENCE)["paymentAmount"]["value"] == 42.00


def test_a_return_went_back_by_itself_and_is_held_against_nothing() -> None:
    found = of(booked(5_000), booked(-700, "reversal_credit"))
    assert found.total(LineKind.RETURN) == -700
    assert (found.payable_minor, found.ledger_minor) == (5_000, 4_300)


@pytest.mark.parametrize(
    ("funder", "told"),
    [
        ("voucher", ("voucher_reimbursed", "voucher_receivable", -1, Basis.PAID)),
        ("pay_later", ("pay_later_settlement", "pay_later_receivable", -1, Basis.PAID)),
        ("basic_insurance", ("settlement", "hospital_bills", 1, Basis.SETTLED)),
        ("harbour-life", ("credit", "hospital_bills", 1, Basis.PAID)),
    ],
)
def test_a_funder_settles_by_its_own_entries(funder: str, told: tuple[Any, ...]) -> None:
    assert source_for(funder) == told
    kind = told[0]
    assert {kind, f"reversal_{kind}"} <= set(kinds_with(funder))


def test_an_insurer_settles_by_every_kind_that_moves_its_payments_and_no_other() -> None:
    own = ("credit", "paid_in_place", "claw_back", "claw_back_undone")
    assert kinds_with(INSURER) == [name for kind in own for name in (kind, f"reversal_{kind}")]


@pytest.mark.parametrize("kind", ["credit", "paid_in_place", "claw_back", "claw_back_undone"])
def test_every_fen_of_an_insurers_entry_counts_once_and_with_its_sign(kind: str) -> None:
    found = of(booked(5_001, kind))
    assert (found.ledger_minor, found.carried_in_minor) == (5_001, 0)


@pytest.mark.parametrize(
    ("held", "left"),
    [([], 0), ([-1], -1), ([1], 0), ([5, -7], -7), ([-7, 5], -2), ([-7, 7], 0), ([-7, 8, -1], -1)],
)
def test_what_days_leave_of_claw_backs_is_never_above_zero(held: list[int], left: int) -> None:
    assert carried_over(held) == left


def test_claw_backs_that_exceed_the_day_stand_over_with_their_reason() -> None:
    bureau: dict[str, Any] = {"account": "hospital_bills", "organisation": None, "payout": ""}
    rows = (booked(400, "settlement", **bureau), booked(-1_000, "reversal_settlement", **bureau))
    found = of(*rows, funder="basic_insurance")
    assert (found.payable_minor, found.carried_out_minor) == (0, -600)
    assert found.carry_reason == "CLAW_BACKS_EXCEED_THE_DAY"
    after = of(booked(900, "settlement", **bureau), carried=-600, funder="basic_insurance")
    assert (after.payable_minor, after.carried_out_minor, after.carry_reason) == (300, 0, "")


def test_vouchers_are_settled_in_hong_kong_dollars_by_their_receivable() -> None:
    about: dict[str, Any] = {
        "account": "voucher_receivable",
        "organisation": None,
        "currency": "HKD",
    }
    paid = booked(-29_500, "voucher_reimbursed", **about)
    found = of(paid, booked(27_000, "voucher_claim"), funder="voucher", currency="HKD")
    assert (found.payable_minor, found.currency) == (29_500, "HKD")
    assert json_of(found, "en")["payable"] == {"amount": "295.00", "currency": "HKD"}


MOVES = st.lists(
    st.tuples(
        st.integers(0, 6),
        st.sampled_from(["credit", "settlement", "reversal_settlement", "reversal_credit"]),
        st.integers(1, 9_999),
    ),
    max_size=25,
)


def _rows(moves: list[tuple[int, str, int]]) -> list[Booked]:
    """All of one funder's: a claw-back is what a funder of any kind may book."""
    found = []
    for after, kind, minor in moves:
        back = kind.startswith("reversal_")
        found.append(booked(-minor if back else minor, kind, after=after))
    return found


@given(MOVES)
def test_what_is_paid_and_what_stands_over_are_always_the_ledger(
    moves: list[tuple[int, str, int]],
) -> None:
    rows = [one for one in _rows(moves) if one.kind in ("credit", "reversal_credit")]
    days = days_of(rows)
    assert sum(one.ledger_minor for one in days) == sum(one.amount_minor for one in rows)
    bureau = [one for one in _rows(moves) if one not in rows and "settlement" in one.kind]
    held: dict[date, int] = defaultdict(int)
    paid = carried = 0
    for day in sorted({one.day for one in bureau}):
        carried = carried_over(held[one] for one in sorted(held))
        made = settlement_of(
            HOSPITAL, "basic_insurance", day, [b for b in bureau if b.day == day], carried
        )
        paid, carried = paid + made.payable_minor, made.carried_out_minor
        held[day] = made.ledger_minor
        assert made.payable_minor >= 0 >= made.carried_out_minor
        assert made.payable_minor == 0 or made.carried_out_minor == 0
    assert paid + carried == sum(one.amount_minor for one in bureau)


def test_a_day_netted_by_itself_pays_more_than_the_ledger_has() -> None:
    """Why what a day lacks is carried over: its twin forgets it."""
    rows = [booked(-900, "credit"), booked(900, "credit", after=1)]
    assert sum(netted(rows)) == 900
    days = days_of(rows)
    assert [one.payable_minor for one in days] == [0, 0]


def test_every_kind_of_entry_on_a_hospitals_account_is_settled_or_has_its_reason() -> None:
    claw_backs = (ledger_appeals, ledger_claw_backs)
    modules = (ledger, ledger_bureau, ledger_tenders, pay_later_ledger, *claw_backs)
    written = "".join(inspect.getsource(module) for module in modules)
    told = {*SOURCES, *NOT_SETTLED_WITH}
    off_account = {"guarantee", "payout", "reimbursement", "fx_drift", "written_off"}
    kinds = set(re.findall(r'_entry\(\s*key,\s*"(\w+)"', written))
    kinds |= set(re.findall(r'kind="(\w+)",\s*postings', written))
    kinds |= set(re.findall(r'"kind": "(\w+)"', written))
    assert kinds - off_account == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sums_of_every_form_are_the_same(language: str) -> None:
    found = of(booked(5_185_050), booked(-700, "reversal_credit"), carried=-50)
    told = json_of(found, language)
    assert told["payable"]["amount"] == "51850.00"
    rows = list(csv.reader(io.StringIO(csv_of(found, language))))
    sums = {row[0]: row[-2] for row in rows[-7:]}
    figures = ["51850.50", "0.00", "-7.00", "0.00", "-0.50", "51850.00", "0.00"]
    assert list(sums.values()) == figures
    assert [row[2] for row in rows[1:3]] == [line.episode for line in found.lines]
    assert told["lines"][1]["detail"] == KINDS["return"][LANGUAGES.index(language)]


def test_the_fhir_form_is_a_payment_reconciliation_that_names_every_episode() -> None:
    found = of(booked(5_000), booked(-700, "reversal_credit"), carried=-50)
    read = PaymentReconciliation.model_validate(fhir_of(found, REFERENCE))
    told: dict[str, Any] = json.loads(read.model_dump_json())
    amounts = [float(one["amount"]["value"]) for one in told["detail"]]
    assert amounts == [50.0, -7.0]
    named = [one["extension"][0]["valueIdentifier"]["value"] for one in told["detail"]]
    assert named == [line.episode for line in found.lines]
    assert float(told["paymentAmount"]["value"]) == 42.5
    assert "Carried over from before" in told["processNote"][0]["text"]
    assert round(sum(amounts) * 100) == found.ledger_minor


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\u3000=1", "＝1+1"]
)
def test_no_cell_of_a_hospitals_text_is_a_formula(text: str) -> None:
    assert text_cell(text) == f"'{text}"
    rows = csv.reader(io.StringIO(csv_of(of(booked(1, visit=text)), "en")))
    assert text_cell(text) in list(rows)[1]
    assert text_cell("ZY-1") == "ZY-1"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_facts_are_the_same_pdf_byte_for_byte(language: str) -> None:
    rows = [booked(5_000 + n) for n in range(60)]
    first, again = (pdf_of(of(*order), REFERENCE, language) for order in (rows, rows[::-1]))
    assert first.startswith(b"%PDF-") and first == again
    assert b"pdfaid" in first and len(first) < 400_000
    other = pdf_of(of(*rows, booked(1)), REFERENCE, language)
    assert other != first
    assert facts_of(of(*rows)) == facts_of(of(*rows[::-1])) != facts_of(of(*rows[1:]))


def test_every_word_of_an_advice_is_there_in_three_scripts() -> None:
    for table in (WORDS, KINDS, BASES, CARRIED):
        for en, zh_hant, zh_hans in table.values():
            assert en.isascii() and not zh_hant.isascii() and not zh_hans.isascii()


def test_a_day_with_nothing_but_what_stands_over_is_told_as_such() -> None:
    found = of(carried=-600, funder="basic_insurance")
    assert PaymentReconciliation.model_validate(fhir_of(found, REFERENCE)).detail is None
    assert found.carried_out_minor == -600


def test_a_sign_of_a_funders_number_that_no_font_has_keeps_no_advice_from_being_printed() -> None:
    odd = booked(5_000).model_copy(update={"claim_number": "No. \U0001f600\x07 7"})
    plain = booked(5_000).model_copy(update={"claim_number": "No. \u25a1\u25a1 7"})
    assert pdf_of(of(odd), REFERENCE, "en").startswith(b"%PDF")
    assert pdf_of(of(plain), REFERENCE, "en").startswith(b"%PDF")
