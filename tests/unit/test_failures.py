"""The catalogue of failures: complete, playable, told in words, and equal to its page."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from crossclaim.cli.application import app
from crossclaim.demo.failure import DemoFailed
from crossclaim.demo.failures.catalogue import Catalogue, Expected, read_catalogue
from crossclaim.demo.failures.persons import Numbers
from crossclaim.demo.failures.plays import MOVE_THE_BANK_S_CLOCK, PLAYS
from crossclaim.demo.failures.run import Result, raise_if_wrong
from crossclaim.demo.failures.shape import imbalance, shape_of
from crossclaim.demo.failures.stage import differing
from crossclaim.demo.failures.table import page_of
from crossclaim.domain.family_story_sentences import EXCEPTIONS as OF_BINDINGS
from crossclaim.domain.identity import document_defect, luhn_holds, payee_account_defect
from crossclaim.domain.story_codes import EXCEPTIONS
from crossclaim.domain.submission import DocumentType
from crossclaim.seed import EXAMPLES
from tests.rules.test_languages import wrong_script

TODAY = date(2026, 11, 22)
REPOSITORY = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return read_catalogue(EXAMPLES)


def test_every_system_has_at_least_three_failures_and_each_is_played(catalogue: Catalogue) -> None:
    names = [failure.name for failure in catalogue.failures]
    assert len(set(names)) == len(names)
    assert names == list(PLAYS)
    assert set(names) > MOVE_THE_BANK_S_CLOCK
    for system in catalogue.systems:
        assert len(catalogue.of(system)) >= 3, system


def test_every_system_has_its_real_name_in_three_languages(catalogue: Catalogue) -> None:
    for names in catalogue.systems.values():
        assert names.en.isascii()
        assert wrong_script(names.zh_hant, names.zh_hans) == ""


def test_what_staff_sees_has_words_and_money_never_moves_without_a_claim(
    catalogue: Catalogue,
) -> None:
    for failure in catalogue.failures:
        seen = failure.failing.exceptions if failure.failing else []
        assert set(seen) <= set(EXCEPTIONS) | set(OF_BINDINGS), failure.name
        left = sum(
            round(100 * float(amount.replace(",", ""))) for amount in failure.ended.ledger.values()
        )
        assert left == 0, failure.name


def test_the_page_is_that_of_the_catalogue(catalogue: Catalogue) -> None:
    assert (REPOSITORY / "docs" / "failures.md").read_text("utf-8") == page_of(catalogue)


@pytest.mark.parametrize("serial", [0, 1, 7, 123_456, 999_999])
def test_invented_numbers_are_what_they_claim_to_be(serial: int) -> None:
    numbers = Numbers(serial)
    assert document_defect(DocumentType.HKID, numbers.identity_card(), TODAY) is None
    for offset in range(4):
        number, born = numbers.citizen(offset=offset)
        assert document_defect(DocumentType.MAINLAND_ID, number, TODAY) is None
        assert number[6:14] == born.replace("-", "")
    assert payee_account_defect(numbers.account()) is None
    assert luhn_holds(numbers.account())


def test_one_failure_that_comes_out_otherwise_fails_the_command(catalogue: Catalogue) -> None:
    first, second = (
        Result(failure, "ep_1", None, None, wrong)
        for failure, wrong in zip(catalogue.failures, [(), ("state is open",)], strict=False)
    )
    raise_if_wrong([first])
    with pytest.raises(DemoFailed, match=f"1 of 2 .*: {second.failure.name}"):
        raise_if_wrong([first, second])


def test_json_is_about_the_failures_alone() -> None:
    refused = CliRunner().invoke(app, ["demo", "--json"])
    assert refused.exit_code == 2
    assert "--failures" in refused.output


def test_any_other_money_code_or_state_is_a_difference() -> None:
    rows: dict[str, Any] = {
        "episode": {"status": "open"},
        "exceptions": [
            {"code": "CLAIM_DENIED", "resolved_at": None},
            {"code": "DECISION_DIFFERS", "resolved_at": "2026-03-14T10:00:00Z"},
        ],
        "claims": [{"kind": "direct", "state": "denied", "benefit_minor": 0}],
        "payouts": [],
        "ledger": [
            {"account_id": "funder:patient:due", "currency": "CNY", "balance_minor": 100},
            {"account_id": "hospital:hku-szh:bills", "currency": "CNY", "balance_minor": -100},
            {"account_id": "funder:voucher:due", "currency": "CNY", "balance_minor": 0},
        ],
    }
    found = shape_of(rows, "PATIENT_PAYMENT")
    same = Expected(
        state="open",
        exceptions=["CLAIM_DENIED"],
        waits="PATIENT_PAYMENT",
        claims=["direct denied HKD 0.00"],
        ledger={"funder:patient:due CNY": "1.00", "hospital:hku-szh:bills CNY": "-1.00"},
    )
    assert (differing(same, found), imbalance(rows)) == ([], {})
    others: list[dict[str, Any]] = [
        {"state": "closed"},
        {"exceptions": []},
        {"waits": ""},
        {"ledger": {"funder:patient:due CNY": "1.01"}},
    ]
    for other in others:
        assert differing(same.model_copy(update=other), found)
    unequal = {**rows, "ledger": rows["ledger"][:1]}
    assert imbalance(unequal) == {"CNY": 100}
