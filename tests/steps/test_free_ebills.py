"""An electronic bill of a cancelled claim can be claimed anew, once, and never while it is paid."""

from __future__ import annotations

import itertools
import threading
from dataclasses import replace
from typing import Any

import psycopg
import pytest

from crossclaim.domain.submission import SubmissionKind
from crossclaim.store import paper_tables
from tests.flows.hospital import Body, varied
from tests.steps.appeals import Papers
from tests.steps.paper_claims import INSURER, claim, ebill, paper
from tests.steps.repairing import LATER, STAFF, Repairer
from tests.steps.rig import Answer, Rig
from tests.steps.test_paper_claims import decided, sent
from tests.steps.test_payout_rails import _Held

_numbers = itertools.count(7_300)


def with_ebill(number: str) -> Body:
    return claim([varied(paper("V1", "2026-03-02", "860.00"), ebill=ebill(number, "860.00"))])


def claimed(rig: Rig) -> tuple[str, str]:
    """The number of an electronic bill, and the episode of its claim."""
    number = f"000000{next(_numbers)}"
    episode, answer = sent(rig, with_ebill(number))
    assert answer.status == 201, answer.body
    return number, episode


def cancelled(rig: Rig, episode: str) -> None:
    assert Repairer(rig, episode, STAFF).cancels().status == 200


def again(rig: Rig, number: str) -> Answer:
    return sent(rig, with_ebill(number), LATER)[1]


def received(rig: Rig, episode: str) -> None:
    (back,) = rig.rows(episode).claw_backs
    told = {"claw_back": back.reference, "receipt": "RC-1", "received_at": LATER.isoformat()}
    assert rig.say(SubmissionKind.CLAW_BACK, told, episode, organisation=INSURER)[1].status == 200


def test_the_ebill_of_a_cancelled_claim_is_claimed_anew_and_then_is_claimed(rig: Rig) -> None:
    """Red before: it stayed claimed for ever, of a claim that nobody pays."""
    number, episode = claimed(rig)
    assert again(rig, number).codes == ["EBILL_TWICE"], "its claim lives"
    cancelled(rig, episode)
    content = with_ebill(number)
    second, answer = sent(rig, content, LATER)
    assert answer.status == 201, answer.body
    assert decided(rig, second, LATER).payout_due is not None, "no question about the dead one"
    assert again(rig, number).codes == ["EBILL_TWICE"]
    cancelled(rig, second)
    assert again(rig, number).status == 201


def test_what_its_patient_was_paid_is_given_back_before_its_ebill_is_free(rig: Rig) -> None:
    number, episode = claimed(rig)
    decided(rig, episode)
    Papers(rig, episode).pay(LATER)
    assert again(rig, number).codes == ["EBILL_TWICE"]
    cancelled(rig, episode)
    assert again(rig, number).codes == ["EBILL_TWICE"], "he still has the money"
    received(rig, episode)
    assert again(rig, number).status == 201


def test_a_twin_that_looks_at_the_cancellation_alone_is_refused_by_the_database(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    number, episode = claimed(rig)
    decided(rig, episode)
    Papers(rig, episode).pay(LATER)
    cancelled(rig, episode)
    naive = paper_tables._EBILL.rpartition("where")[0]
    monkeypatch.setattr(paper_tables, "_EBILL", naive)
    key = ("44060126", number)
    refused = pytest.raises(psycopg.Error, match="EBILL_STILL_CLAIMED")
    with refused, rig.world.records.transaction() as tx:
        tx.add_ebills(episode, [key])


def test_of_two_that_take_a_free_ebill_at_once_it_is_claimed_by_the_first(rig: Rig) -> None:
    number, episode = claimed(rig)
    cancelled(rig, episode)
    written, go_on = threading.Event(), threading.Event()
    held: Any = _Held(rig.world.records, written, go_on)
    slow = replace(rig, world=replace(rig.world, records=held))
    answers: dict[str, tuple[str, Answer]] = {}

    def claims(name: str, by: Rig) -> None:
        answers[name] = sent(by, with_ebill(number), LATER)

    first = threading.Thread(target=claims, args=("first", slow))
    first.start()
    assert written.wait(60)
    second = threading.Thread(target=claims, args=("second", rig))
    second.start()
    while second.is_alive() and not _waits(rig):
        second.join(0.01)
    go_on.set()
    first.join(60)
    second.join(60)
    assert [answers[name][1].status for name in ("first", "second")] == [201, 201]
    blind = paper_tables.ebill_id(rig.intake._keyring, ("44060126", number))
    (row,) = rig._select("select episode_id from ebill_claimed where id = %(id)s", id=blind)
    assert row["episode_id"] == answers["first"][0]
    assert decided(rig, answers["second"][0], LATER).payout_due is None, "an examiner looks"


def _waits(rig: Rig) -> bool:
    return bool(rig._select("select 1 as n from pg_locks where not granted"))


def test_the_preview_of_a_cancelled_claim_names_no_due_for_care_that_was_paid(rig: Rig) -> None:
    """Red before: the whole bill stood there as a due of the patient's, who had paid it."""
    _, episode = claimed(rig)
    decided(rig, episode)
    steps = Repairer(rig, episode, STAFF).plan().steps
    assert [(step.what, step.who) for step in steps] == [("claim_dropped", INSURER)]
    assert steps[0].amount is not None and steps[0].amount.amount_minor == 75191
