"""What two persons may leave out, and what a hold lets go on."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from crossclaim.console.words import WORDS
from crossclaim.domain.skippable import MAY, NEVER, Why
from crossclaim.domain.standing import Standing
from crossclaim.domain.standing_repair import _RUNS_ON, goes_on
from crossclaim.domain.story_words import STEPS

ROOT = Path(__file__).parents[2]
_DEFINED = re.compile(r'@activity\.defn\(name="([a-z_]+)"\)')
_NOT_OF_EPISODES = re.compile(
    r"binding|credit|schedule|acquirer_day|match_bank|reconciliation|watch_inbox|voucher_months"
    r"|compare_settlements|webhooks|hcx|audit|subject|erasure|erased|destroy|retention"
    r"|resend|backtest|family_submission|look_at_bill"
)


def steps_of_episodes() -> set[str]:
    sources = (file.read_text("utf-8") for file in (ROOT / "activities").glob("*.py"))
    names = {name for text in sources for name in _DEFINED.findall(text)}
    assert len(names) > 50, "the pattern finds the steps"
    kept = {"charge_pay_later", "refund_pay_later", "look_up_pay_later"}
    return {name for name in names if name in kept or not _NOT_OF_EPISODES.search(name)}


def test_of_every_step_it_is_said_whether_two_persons_may_leave_it_out() -> None:
    assert steps_of_episodes() - {*MAY, *NEVER} == set()
    assert not {*MAY} & {*NEVER}


def test_no_step_of_money_consent_or_claim_is_among_those_that_may() -> None:
    grave = {Why.MONEY, Why.CONSENT, Why.CLAIM, Why.FACT, Why.PROMISE, Why.CARE, Why.OWN}
    assert not grave & set(MAY.values())
    assert set(NEVER.values()) == grave


@pytest.mark.parametrize("step", MAY)
def test_what_may_be_left_out_has_a_name_and_a_reason_in_three_languages(step: str) -> None:
    assert all(STEPS[step])
    assert all(WORDS[f"why_{MAY[step].value}"])


def test_a_hold_names_each_member_of_a_standing_that_it_leaves_alone() -> None:
    assert set(Standing.model_fields) >= _RUNS_ON
    due = {name for name in Standing.model_fields if name.endswith("_due")}
    assert due & _RUNS_ON == {"clock_breach_due"}


def test_of_a_held_episode_only_words_on_consents_answers_and_begun_payments_go_out() -> None:
    assert goes_on("harbour-life", "cancel", 0) and goes_on("ehealth", "consent-report", 0)
    assert goes_on("acquirer", "payment", 1) and not goes_on("acquirer", "payment", 0)
    for party, operation in (
        ("harbour-life", "claim"),
        ("voucher", "claim"),
        ("bureau", "cancel"),
        ("huimin", "charge"),
        ("acquirer", "refund"),
    ):
        assert not goes_on(party, operation, 3)
