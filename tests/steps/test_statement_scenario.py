"""Three claims are paid, and the statement lacks one, has one twice and one of nobody's.

The whole of it on real files: orders go out, the statement comes in, a person says what happened;
at the end every account of the ledger balances and each story can be read in three languages.
"""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities.claims import ClaimSteps
from activities.orders import Subject
from activities.payouts import PayoutSteps
from activities.world import BankHabits
from crossclaim.domain.habits import Habits
from crossclaim.domain.matching import digest_of
from crossclaim.domain.standing import standing_of
from crossclaim.domain.story import tell
from crossclaim.domain.story_facts import Runs
from crossclaim.domain.submission import SubmissionKind
from crossclaim.store.match_orders import SqlMatchOrders
from crossclaim.store.story_rows import read_story_facts
from tests.steps.bank_rig import Desk, booked
from tests.steps.paper_claims import APPROVED, INSURER, claim
from tests.steps.rig import Rig

DAY = APPROVED.date()
ACCOUNT = claim()["account"]["number"]
AMOUNT = 142_186
"""E6's payout."""


class Scene:
    """An insurer's payouts through one bank of this test's own."""

    def __init__(self, desk: Desk) -> None:
        habits = {
            desk.bank: BankHabits(10.0, 60.0, 3600.0, status_request=False, credit_advice=True)
        }
        world = replace(desk.world, purpose_code="GMS", bank_habits=habits)
        self.desk = desk = replace(desk, world=world)
        self.rig: Rig = replace(desk.rig, world=desk.world)
        self.steps = PayoutSteps(desk.world)
        insurer = desk.world.reference.insurer(INSURER)
        assert insurer is not None
        self.payer = insurer.account.number

    def paid(self) -> tuple[str, str]:
        """(episode, payout) of one claim, as far as the bank's folder."""
        episode, answer = self.rig.say(
            SubmissionKind.PAPER_CLAIM, claim(), organisation=INSURER, at=APPROVED
        )
        assert answer.status == 201, answer.body
        (due,) = self.rig.rows(episode).claims
        about = Subject(episode_id=episode, subject=due.id, at=APPROVED)
        ClaimSteps(self.desk.world).decide_claim(about)
        self.steps.reserve_payout(about)
        (payout,) = self.rig.rows(episode).payouts
        order = about.model_copy(update={"subject": payout.reference})
        ActivityEnvironment().run(self.steps.send_payout, order)
        return episode, payout.reference

    def told(self, episode: str, reference: str) -> str:
        """What the bank's words made of the payout."""
        at = APPROVED + timedelta(days=1)
        self.steps.apply_reports(Subject(episode_id=episode, subject=reference, at=at))
        return self.rig.rows(episode).payouts[0].state

    def say(self, kind: str, name: str, **content: Any) -> dict[str, Any]:
        orders, order = SqlMatchOrders(self.rig.database), f"ro_sc_{self.desk.bank}_{name}"
        told = {"reason": "the bank's letter", "by": "finance-1", **content}
        orders.add_order(order, INSURER, "key-1", kind, json.dumps(told))
        outcome = orders.apply_order(order, datetime.now(UTC))
        assert outcome["status"] == 201, outcome
        body: dict[str, Any] = outcome["body"]
        return body

    def story(self, episode: str, language: str) -> list[str]:
        with self.rig.database.begin() as connection:
            facts = read_story_facts(connection, episode)
        assert facts is not None
        rows, now = self.rig.rows(episode), APPROVED + timedelta(days=2)
        standing = standing_of(rows, Habits(), now)
        told = tell(facts, rows, standing, Runs(), self.desk.world.reference, now, language)
        return [told.spoken(line.text) for line in told.lines]


@pytest.fixture
def scene(rig: Rig, tmp_path: Path) -> Scene:
    return Scene(Desk.of(rig, tmp_path))


def test_a_missing_a_doubled_and_a_foreign_entry_from_the_orders_to_the_closed_day(
    scene: Scene,
) -> None:
    desk = scene.desk
    paid = [scene.paid() for _ in range(3)]
    (_, good), (_, doubled), (_, absent) = paid
    orders = [path.name for path in (desk.folder / "outbound").iterdir()]
    assert len(orders) == 3
    about = {"day": DAY, "payee": ACCOUNT}
    lines = [
        booked("DBIT", good, AMOUNT, **about),
        booked("DBIT", doubled, AMOUNT, booking="B1", **about),
        booked("DBIT", doubled, AMOUNT, booking="B2", **about),
        booked("DBIT", "SOMEBODY-ELSE", AMOUNT, day=DAY, payee=""),
    ]
    desk.comes(desk.statement(*lines, net=-4 * AMOUNT, day=DAY, payer=scene.payer))
    assert sorted(desk.entries()) == sorted(
        [
            (good, "matched", "REFERENCE_AND_AMOUNT"),
            (doubled, "matched", "REFERENCE_AND_AMOUNT"),
            (doubled, "duplicate", "PAID_AGAIN"),
            (digest_of("SOMEBODY-ELSE"), "missing", "NOTHING_EXPECTED"),
        ]
    )
    states = [scene.told(*one) for one in paid]
    assert states[2] == "sent", "what no statement has is not paid"
    desk.work.match(_key(desk), "statement", datetime.now(UTC))
    assert desk.expected()[good] == "matched" and desk.days() == {}

    rows = desk.select("select id, status, candidates from bank_entry where bank = %(bank)s")
    twice, stranger = (
        next(row for row in rows if row["status"] == status) for status in ("duplicate", "missing")
    )
    assert {c["item"] for c in stranger["candidates"]} >= {f"payout:{absent}"}
    scene.say("explain", "again", entries=[twice["id"]])
    matched = scene.say("match", "found", entries=[stranger["id"]], expected=[f"payout:{absent}"])
    assert matched["status"] == "matched"
    assert desk.days() == {DAY: "closed"}
    undone = scene.say("undo", "back", match=matched["match"])
    assert undone["days"][0]["event"] == "reopened"

    balances = [scene.rig.balances(episode) for episode, _ in paid]
    assert all(sum(one.values()) == 0 for one in balances)
    clearing = f"clearing:{desk.bank}:{INSURER}"
    assert balances[2][clearing] == AMOUNT, "the absent one is still on its way"
    (total,) = desk.select("select sum(amount_minor)::bigint as left_over from posting")
    assert total["left_over"] == 0
    for episode, _ in paid:
        for language in ("en", "zh-Hant", "zh-Hans"):
            story = scene.story(episode, language)
            assert story and not any("{" in line or "_" in line.split(" ")[0] for line in story)


def _key(desk: Desk) -> Any:
    (key,) = desk.world.bank_books.bank_accounts(desk.bank)  # type: ignore[union-attr]
    return key
