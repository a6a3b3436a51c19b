"""Why nobody has been paid: one sentence for every wait, state of a payout, and exception."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from crossclaim.domain.episode_clocks import Clock, ClockKind, clocks_of, relative
from crossclaim.domain.payout_clock import ClockState
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.story_codes import EXCEPTIONS
from crossclaim.domain.story_facts import StoryFacts
from crossclaim.domain.story_line import Scene
from crossclaim.domain.story_to_do import TO_DO
from crossclaim.domain.story_waits import WAITING
from crossclaim.domain.unpaid_words import WHY
from crossclaim.domain.why_unpaid import Answer, Verdict, why_unpaid
from tests.unit.story_scene import EPISODE, HOSPITAL, INSURER, START, minute, reference, rows_of

_LEFT_OPEN = re.compile(r"[{}]|\bNone\b")


def claim(**changes: Any) -> dict[str, Any]:
    return {
        "id": "cl_1",
        "bill_id": "bl_1",
        "organisation_id": INSURER,
        "kind": "reimbursement",
        "sequence": 1,
        "reference": "RC1",
        "state": "approved",
        "forecast_minor": 100_000,
        "benefit_minor": 93_990,
        "pay_fen": 82_458,
        "submitted_at": minute(1),
        "decided_at": minute(2),
        **changes,
    }


def payout(**changes: Any) -> dict[str, Any]:
    return {
        "reference": "PO1",
        "claim_id": "cl_1",
        "sequence": 1,
        "payee": "patient",
        "payee_account_sha256": "x",
        "debtor_organisation_id": INSURER,
        "bank": "bocgd",
        "amount_minor": 82_458,
        "state": "sent",
        "reserved_at": minute(3),
        "sent_at": minute(4),
        **changes,
    }


def rows(**known: Any) -> EpisodeRows:
    episode = {
        "id": EPISODE,
        "hospital_id": HOSPITAL,
        "encounter_class": "outpatient",
        "status": known.pop("status", "open"),
        "revision": 1,
        "opened_at": minute(0),
        "closed_at": known.pop("closed_at", None),
    }
    return EpisodeRows.model_validate({"episode": episode, **known})


def told(found: EpisodeRows, wait: str = "", clocks: list[Clock] | None = None) -> Answer:
    return why_unpaid(_scene(), found, wait, clocks or [])


@cache
def _scene() -> Scene:
    return Scene(StoryFacts.model_validate(rows_of()), reference())


def spoken(answer: Answer) -> tuple[str, str, str]:
    return answer.text.en, answer.text.zh_hant, answer.text.zh_hans


def whole(answer: Answer) -> None:
    """A sentence in each language, with nothing left to fill in."""
    english, *chinese = spoken(answer)
    assert english.endswith(".") and not _LEFT_OPEN.search(english), english
    assert ".." not in english
    for text in chinese:
        assert text.endswith("。") and not _LEFT_OPEN.search(text), text
        assert "。。" not in text and not text.isascii()


def test_every_wait_has_a_reason_and_somebody_who_has_to_act() -> None:
    assert set(WHY) == set(WAITING)


@pytest.mark.parametrize("code", WAITING)
def test_while_nothing_is_owed_each_wait_says_what_is_missing(code: str) -> None:
    answer = told(rows(), code)
    whole(answer)
    assert answer.verdict is Verdict.NOTHING
    assert answer.text.en.startswith("Nobody is owed a payout yet: ")


@pytest.mark.parametrize("code", WAITING)
def test_an_approved_claim_without_a_payout_says_how_much_to_whom_and_what_it_waits_for(
    code: str,
) -> None:
    answer = told(rows(claims=[claim()]), code)
    whole(answer)
    assert answer.verdict is Verdict.UNPAID
    assert answer.text.en.startswith(
        "CNY 824.58 from Harbour Life Assurance Ltd to the patient is not paid yet"
    )
    assert "應付病人的CNY 824.58" in answer.text.zh_hant


_STATES = {
    "to_be_approved": "a second person of Harbour Life Assurance Ltd has to release or refuse it",
    "reserved": "has not gone to",
    "sent": "has not answered the payment order",
    "accepted": "not proved that the account was credited",
    "unknown": "it is unknown whether",
    "rejected": "propose another account",
    "returned": "propose another account",
    "cancelled": "was cancelled",
}


@pytest.mark.parametrize("state", _STATES)
def test_each_state_of_a_payout_says_who_has_to_do_what(state: str) -> None:
    over = {"closed_at": minute(9)} if state in ("rejected", "returned", "cancelled") else {}
    answer = told(rows(claims=[claim()], payouts=[payout(state=state, **over)]), "NEWS")
    whole(answer)
    assert answer.verdict is Verdict.UNPAID
    assert _STATES[state] in answer.text.en


def test_a_refusal_that_passes_is_not_laid_on_the_account() -> None:
    back = payout(state="rejected", reason="AM04", closed_at=minute(9))
    answer = told(rows(claims=[claim()], payouts=[back]), "BANK_AGAIN")
    assert "Crossclaim sends it again by itself" in answer.text.en


def test_what_is_credited_is_said_to_be_paid() -> None:
    paid = payout(state="credited", credited_at=minute(10), closed_at=minute(10))
    answer = told(rows(claims=[claim()], payouts=[paid], closed_at=minute(11), status="closed"))
    whole(answer)
    assert answer.verdict is Verdict.PAID
    assert answer.text.en == (
        "Everything that is owed has been paid: CNY 824.58 to the patient, 2026-03-09 09:10."
    )


@pytest.mark.parametrize(
    ("state", "says"),
    [
        ("queued", "Harbour Life Assurance Ltd has to decide it"),
        ("submitted", "Harbour Life Assurance Ltd has to decide it"),
        ("pended", "Harbour Life Assurance Ltd's examiner has to decide it"),
        ("suspended", "the patient has to sign a new consent"),
        ("failed", "a person at"),
    ],
)
def test_a_claim_that_is_not_decided_is_expected_money(state: str, says: str) -> None:
    open_ = claim(state=state, decided_at=None, benefit_minor=None, pay_fen=None)
    answer = told(rows(claims=[open_]), "NEWS")
    whole(answer)
    assert answer.verdict is Verdict.EXPECTED
    assert answer.text.en.startswith(
        "HKD 1,000.00 from Harbour Life Assurance Ltd to the patient is expected"
    )
    assert says in answer.text.en


def test_the_patient_comes_before_the_hospital_and_what_is_owed_before_what_is_hoped_for() -> None:
    hospital = claim(id="cl_2", reference="DC1", kind="direct", sequence=1)
    hoped = claim(id="cl_3", reference="RC3", state="queued", decided_at=None, pay_fen=None)
    answer = told(rows(claims=[hospital, hoped, claim()]), "STEP")
    text = answer.text.en
    assert text.index("to the patient") < text.index("Hospital")
    assert text.index("CNY 824.58") < text.index("HKD 1,000.00")
    assert answer.verdict is Verdict.UNPAID


@pytest.mark.parametrize("code", EXCEPTIONS)
def test_an_open_exception_about_the_payout_says_what_to_do(code: str) -> None:
    open_ = {"code": code, "reference": "PO1", "opened_at": minute(20)}
    found = rows(claims=[claim()], payouts=[payout()], exceptions=[open_])
    answer = told(found, "BANK_SENT")
    whole(answer)
    assert TO_DO[code][0].rstrip(".") in answer.text.en
    assert EXCEPTIONS[code][0] in answer.text.en
    settled = {**open_, "resolved_at": minute(21)}
    later = rows(claims=[claim()], payouts=[payout()], exceptions=[settled])
    assert TO_DO[code][0].rstrip(".") not in told(later, "BANK_SENT").text.en


def test_an_exception_about_something_else_is_not_the_reason() -> None:
    other = {"code": "RECORD_ANSWER_LOST", "reference": "HR1", "opened_at": minute(20)}
    answer = told(rows(claims=[claim()], payouts=[payout()], exceptions=[other]), "BANK_SENT")
    assert "record" not in answer.text.en


@pytest.mark.parametrize(
    ("state", "says", "late"),
    [
        (ClockState.RUNNING, " by 2026-03-12 09:02", False),
        (ClockState.BREACHED, "it was due at 2026-03-12 09:02", True),
    ],
)
def test_the_clock_of_the_payout_says_until_when(state: ClockState, says: str, late: bool) -> None:
    due = START + timedelta(days=3, minutes=2)
    clock = Clock(kind=ClockKind.PAYOUT, about="RC1", owed_by=INSURER, state=state, due_at=due)
    answer = told(rows(claims=[claim()], payouts=[payout()]), "BANK_SENT", [clock])
    whole(answer)
    assert says in answer.text.en
    assert answer.late is late


def test_documents_that_are_asked_for_are_the_reason_with_their_due_time() -> None:
    open_ = claim(state="queued", decided_at=None, benefit_minor=None, pay_fen=None)
    asked = {
        "id": "ir_1",
        "number": "Q1",
        "claim_id": "cl_1",
        "organisation_id": INSURER,
        "asked_of": "patient",
        "state": "open",
        "asked_at": minute(5),
        "due_at": minute(1445),
    }
    found = rows(claims=[open_], information_requests=[asked])
    now = START + timedelta(hours=1)
    answer = told(found, "INSURER_DECISION", clocks_of(found, None, now))
    assert "the patient has to send them by 2026-03-10 09:05" in answer.text.en
    late = told(found, "PATIENT_DOCUMENTS", clocks_of(found, None, START + timedelta(days=3)))
    assert late.late


def test_a_denied_claim_says_that_nothing_is_paid_and_what_can_be_done() -> None:
    denied = claim(state="denied", benefit_minor=0, pay_fen=0)
    answer = told(rows(claims=[denied]), "")
    whole(answer)
    assert answer.verdict is Verdict.NOTHING
    assert "Harbour Life Assurance Ltd pays nothing" in answer.text.en


@pytest.mark.parametrize(
    ("ahead", "says"),
    [
        (timedelta(hours=5), ("in 5 h", "5小時後", "5小时后")),
        (timedelta(days=-2, seconds=-1), ("overdue by 2 d", "已逾期2天", "已逾期2天")),
        (timedelta(hours=47), ("in 47 h", "47小時後", "47小时后")),
        (timedelta(minutes=1), ("in 1 min", "1分鐘後", "1分钟后")),
        (timedelta(0), ("in less than 1 min", "不足1分鐘後", "不足1分钟后")),
    ],
)
def test_a_due_time_is_told_from_now(ahead: timedelta, says: tuple[str, str, str]) -> None:
    found = relative(START + ahead, START)
    assert (found.en, found.zh_hant, found.zh_hans) == says


def test_clocks_that_run_stand_before_those_that_are_over_and_the_nearest_first() -> None:
    stage = {
        "claim_id": "cl_1",
        "entered_at": minute(0),
        "remind_at": minute(60),
        "escalate_at": minute(120),
        "lapse_at": minute(180),
    }
    letter = {
        "id": "gu_1",
        "insurer_id": INSURER,
        "reference": "GU1",
        "state": "granted",
        "number": "LOG-1",
        "valid_until": "2026-03-09",
        "answered_at": minute(1),
    }
    appeal = {
        "id": "ap_1",
        "claim_id": "cl_1",
        "level": 1,
        "number": "AP1",
        "organisation_id": HOSPITAL,
        "state": "open",
        "lodged_at": minute(5),
        "due_at": minute(30),
        "decided_at": minute(20),
    }
    found = rows(claims=[claim()], voucher_stages=[stage], guarantees=[letter], appeals=[appeal])
    now: datetime = START + timedelta(minutes=200)
    clocks = clocks_of(found, None, now)
    assert [(c.kind, c.state) for c in clocks] == [
        (ClockKind.VOUCHER_CONFIRMATION, ClockState.BREACHED),
        (ClockKind.GUARANTEE_EXPIRY, ClockState.RUNNING),
        (ClockKind.APPEAL, ClockState.MET),
    ]
    # The last day is covered whole.
    assert clocks[1].due_at is not None and clocks[1].due_at.isoformat() == (
        "2026-03-10T00:00:00+08:00"
    )
