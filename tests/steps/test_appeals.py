"""Appeals on our rows: levels, deadlines, another reviewer, and only the difference moves."""

from __future__ import annotations

from datetime import timedelta

import pytest

from activities import redecisions
from activities.late_appeals import AppealSteps
from activities.orders import Subject
from crossclaim.domain.errors import CrossclaimError
from crossclaim.domain.records import ClaimRow, EpisodeRows
from tests.steps.appeals import CLERK, E6_LINES, FIRST, LATER, SECOND, WON, Papers, line
from tests.steps.paper_claims import APPROVED, INSURER
from tests.steps.rig import HARBOUR, HOSPITAL, Rig

FIRST_PAID, MORE = 142_186, 34_445
"""E6's payout, and HKD 375.96 at the rate of the second payout's day, 0.9162."""


def test_an_appeal_won_after_the_payout_pays_the_difference_by_a_payout_of_its_own(
    rig: Rig,
) -> None:
    papers = Papers.paid(rig)
    assert papers.appeal().status == 202
    standing = rig.standing(papers.episode, LATER)
    assert (standing.waiting_for, standing.insurer) == ("INSURER_APPEAL", INSURER)
    assert not standing.closable
    answer = papers.review(WON)
    assert answer.status == 200, answer.body
    first, second = papers.pay(LATER)
    assert (first.amount_minor, second.amount_minor) == (FIRST_PAID, MORE)
    assert second.reference != first.reference
    assert second.payee_account_sha256 == first.payee_account_sha256
    assert rig.balances(papers.episode) == {
        f"funder:insurer:{INSURER}:due": -362 - 45,
        f"fx:drift:{INSURER}": 362 + 45,
    }
    (claim, more) = papers.rows().claims
    assert (more.supplements, more.benefit_minor, more.decided_at) == (claim.id, 37_596, LATER)
    assert claim.benefit_minor == 155_191
    assert rig.standing(papers.episode, LATER).closable
