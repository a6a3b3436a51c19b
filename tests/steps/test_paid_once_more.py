"""Of two payments one was given back, the other one is paid after all: its payee has it once."""

from __future__ import annotations

from pathlib import Path

import pytest

from crossclaim.domain.submission import SubmissionKind
from tests.steps.paper_claims import INSURER
from tests.steps.payout_desk import AMOUNT, PayoutDesk, status
from tests.steps.rig import Rig
from tests.steps.test_paid_twice import TWICE, comes_back, owed, paid_twice, receipt
from tests.steps.test_paper_claims import proposal
from tests.steps.test_payout_findings import DAY, PAID, finding, found


@pytest.fixture
def desk(rig: Rig, tmp_path: Path) -> PayoutDesk:
    return PayoutDesk.of(rig, tmp_path)


def test_paid_twice_given_back_returned_and_found_as_paid_once_more_nothing_is_asked_back(
    desk: PayoutDesk,
) -> None:
    """Red before: what he had given back still counted as paid, and he was asked for the rest."""
    episode, _, second = paid_twice(desk)
    assert receipt(desk, episode).status == 200
    assert desk.trial(episode) == PAID
    comes_back(desk, episode, second)
    desk.desk.comes(status((second, "ACCC", ""), number=9))
    desk.apply(episode, second)
    entry = desk.debited(second, DAY)
    assert found(desk, episode, finding(second, "paid", entry)).status == 200
    assert owed(desk, episode).state == "received"
    assert desk.trial(episode) == PAID
    left = {"PAYOUT_PAID_TWICE", "CLAW_BACK_DUE", "PAYOUT_RETURNED", *TWICE}
    assert not left & desk.rig.exceptions(episode).keys()
    assert desk.standing(episode).waiting_for not in ("PAYEE_ACCOUNT", "PAYEE_CLAW_BACK")


@pytest.mark.parametrize("order", [("receipt", "return"), ("return", "receipt")])
def test_of_two_payments_one_given_back_and_the_other_brought_back_one_goes_out_again(
    desk: PayoutDesk, order: tuple[str, str]
) -> None:
    """Red before: what was given back last stayed with the insurer, as if it had it twice."""
    episode, _, second = paid_twice(desk)
    for what in order:
        if what == "receipt":
            assert receipt(desk, episode).status == 200
        else:
            comes_back(desk, episode, second)
    assert owed(desk, episode).state == "received"
    assert not TWICE & desk.rig.exceptions(episode).keys(), "the insurer has each of them once"
    assert not {"PAYOUT_PAID_TWICE", "CLAW_BACK_DUE"} & desk.rig.exceptions(episode).keys()
    assert "PAYOUT_RETURNED" in desk.rig.exceptions(episode)
    assert desk.standing(episode).waiting_for == "PAYEE_ACCOUNT", "its payee has nothing"
    due = f"funder:insurer:{INSURER}:due"
    assert desk.trial(episode)[due] - PAID[due] == AMOUNT, "the same books in either order"
    assert f"overpaid:{INSURER}" not in desk.trial(episode)
    told = proposal(second, "N-1", "6205500000000000004")
    assert desk.say(SubmissionKind.PAYEE_ACCOUNT, told, episode, "maker").status < 300
