"""An episode as it stood at any moment: rows alone, with what came later left out and unmarked."""

from __future__ import annotations

from datetime import datetime, timedelta
from functools import cache
from typing import Any

import pytest

from crossclaim.domain.as_of import as_of
from crossclaim.domain.episode_stages import Progress, stages_of
from crossclaim.domain.habits import Habits
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.standing import standing_of
from crossclaim.domain.story_facts import StoryFacts
from tests.unit.story_scene import EPISODE, HOSPITAL, INSURER, START, minute, split
from tests.unit.test_why_unpaid import claim, payout

_BILL = {"id": "bl_1", "number": "B1", "version": 1, "status": "final", "total_minor": 100_000}
_NEW = {**_BILL, "id": "bl_2", "version": 2, "total_minor": 90_000, "corrects": "bl_1"}


def facts() -> StoryFacts:
    """Opened, consented, billed (5), corrected (40), claimed (6), decided (20), paid (30), over."""
    return StoryFacts.model_validate(
        {
            "episode": {
                "hospital_id": HOSPITAL,
                "encounter_class": "outpatient",
                "status": "closed",
                "opened_at": minute(0),
                "recorded_at": minute(0),
                "closed_at": minute(60),
            },
            "consents": [
                {
                    "id": 1,
                    "type": "PI_SENSITIVE",
                    "text_version": "1",
                    "channel": "paper",
                    "signed_at": minute(-60),
                    "recorded_at": minute(1),
                    "withdrawn_at": minute(50),
                }
            ],
            "bills": [
                {**_BILL, "state": "superseded", "recorded_at": minute(5)},
                {**_NEW, "state": "current", "recorded_at": minute(40)},
            ],
            "splits": [
                {
                    "bill_id": "bl_1",
                    "version": number,
                    "reason": "x",
                    "result": split(*parts),
                    "recorded_at": minute(at),
                }
                for number, parts, at in [
                    (1, ("100.00", "51750.50"), 5),
                    (2, ("300.00", "51550.50"), 20),
                ]
            ],
            "claims": [
                {
                    "id": "cl_1",
                    "bill_id": "bl_1",
                    "organisation_id": INSURER,
                    "kind": "reimbursement",
                    "reference": "RC1",
                    "state": "approved",
                    "occurred_at": minute(6),
                    "submitted_at": minute(7),
                    "decided_at": minute(20),
                }
            ],
            "reports": [
                {
                    "bank": "bocgd",
                    "message_id": "m",
                    "entry": 1,
                    "reference": "PO1",
                    "state": "pending",
                    "happened_at": minute(31),
                    "recorded_at": minute(32),
                }
            ],
        }
    )


@cache
def rows() -> EpisodeRows:
    """What the database says in the end."""
    paid = payout(
        state="credited",
        reserved_at=minute(25),
        sent_at=minute(30),
        credited_at=minute(35),
        closed_at=minute(35),
        orders=1,
    )
    known: dict[str, Any] = {
        "episode": {
            "id": EPISODE,
            "hospital_id": HOSPITAL,
            "encounter_class": "outpatient",
            "status": "closed",
            "revision": 9,
            "opened_at": minute(0),
            "closed_at": minute(60),
        },
        "consents": [
            {
                "id": 1,
                "type": "PI_SENSITIVE",
                "text_version": "1",
                "signed_at": minute(-60),
                "withdrawn_at": minute(50),
            }
        ],
        "bills": [
            {**_BILL, "state": "superseded"},
            {**_NEW, "state": "current"},
        ],
        "allocations": [{"bill_id": "bl_1", "version": 2, "result": split("300.00", "51550.50")}],
        "claims": [claim(submitted_at=minute(7), decided_at=minute(20))],
        "payouts": [paid],
        "exceptions": [
            {
                "code": "CLAIM_TO_EXAMINE",
                "reference": "RC1",
                "opened_at": minute(10),
                "resolved_at": minute(20),
            }
        ],
        "appeals": [
            {
                "id": "ap_1",
                "claim_id": "cl_1",
                "level": 1,
                "number": "AP1",
                "organisation_id": HOSPITAL,
                "state": "upheld",
                "lodged_at": minute(36),
                "due_at": minute(9000),
                "decided_at": minute(38),
            }
        ],
    }
    return EpisodeRows.model_validate(known)


def at(number: float) -> EpisodeRows:
    return as_of(rows(), facts(), START + timedelta(minutes=number))


def test_after_the_last_change_the_rows_are_what_they_are() -> None:
    now, told = rows(), at(61)
    assert told.model_copy(update={"allocations": now.allocations}) == now
    assert [a.version for a in told.allocations] == [2]


def test_before_the_opening_there_is_an_open_episode_and_nothing_else() -> None:
    then = at(-61)
    assert then.episode.status == "open" and then.episode.closed_at is None
    for name in ("consents", "bills", "allocations", "claims", "payouts", "exceptions", "appeals"):
        assert getattr(then, name) == [], name


@pytest.mark.parametrize(
    ("number", "bills", "claims", "payouts"),
    [
        (4, [], [], []),
        (5, ["current"], [], []),
        (6.5, ["current"], ["due"], []),
        (8, ["current"], ["queued"], []),
        (19.9, ["current"], ["queued"], []),
        (20, ["current"], ["approved"], []),
        (26, ["current"], ["approved"], ["reserved"]),
        (30, ["current"], ["approved"], ["sent"]),
        (32, ["current"], ["approved"], ["accepted"]),
        (35, ["current"], ["approved"], ["credited"]),
        (40, ["superseded", "current"], ["approved"], ["credited"]),
    ],
)
def test_bills_claims_and_payouts_stand_as_they_stood(
    number: float, bills: list[str], claims: list[str], payouts: list[str]
) -> None:
    then = at(number)
    assert [b.state for b in then.bills] == bills
    assert [c.state for c in then.claims] == claims
    assert [p.state for p in then.payouts] == payouts


def test_a_claim_that_was_not_decided_had_no_benefit_and_was_decided_by_nobody() -> None:
    (then,) = at(8).claims
    assert (then.benefit_minor, then.pay_fen, then.decided_at) == (None, None, None)
    assert then.forecast_minor == 100_000
    (due,) = at(6.5).claims
    assert due.submitted_at is None


def test_a_payout_that_was_not_sent_had_no_fence_no_order_and_no_credit() -> None:
    (then,) = at(26).payouts
    assert (then.sent_at, then.credited_at, then.closed_at, then.orders) == (None, None, None, 0)


def test_splits_consents_exceptions_and_appeals_have_their_times_too() -> None:
    assert [a.version for a in at(19).allocations] == [1]
    assert [a.version for a in at(20).allocations] == [2]
    assert at(49).consents[0].in_force and not at(50).consents[0].in_force
    assert at(9).exceptions == []
    assert at(11).exceptions[0].resolved_at is None
    assert at(20).exceptions[0].resolved_at is not None
    assert at(35).appeals == []
    assert (at(37).appeals[0].state, at(37).appeals[0].decided_at) == ("open", None)


def test_stages_and_waits_of_any_moment_are_those_of_its_rows() -> None:
    def current(number: float) -> str:
        known = (s.name for s in stages_of(at(number)) if s.progress is Progress.CURRENT)
        return next(known, "")

    moments = [(0.5, "consent"), (4, "treatment"), (8, "decision"), (26, "payout")]
    for number, stage in moments:
        assert current(number) == stage, number

    def waits(number: float) -> str:
        moment = START + timedelta(minutes=number)
        return standing_of(at(number), Habits(), moment).waiting_for

    assert waits(4) == "HOSPITAL_FINAL_BILL"
    assert waits(8) == "INSURER_DECISION"
    assert waits(30) == "BANK_SENT"
    assert waits(32) == "BANK_ACCEPTED"


def test_every_moment_can_be_told_and_later_ones_know_no_less() -> None:
    """What was added stays: the number of rows never falls as time goes on."""
    before: dict[str, int] = {}
    for number in range(-62, 63):
        then = at(number)
        counts = {
            name: len(getattr(then, name))
            for name in EpisodeRows.model_fields
            if isinstance(getattr(then, name), list)
        }
        assert all(counts[name] >= before.get(name, 0) for name in counts), number
        before = counts


def test_a_version_that_was_voided_stood_until_somebody_asked_for_it() -> None:
    known: datetime = START + timedelta(minutes=10)
    voided = rows().model_copy(
        update={
            "bills": [rows().bills[0].model_copy(update={"state": "voided"})],
            "payouts": [],
        }
    )
    asked = facts().model_copy(
        update={
            "submissions": [
                StoryFacts.model_validate(
                    {
                        "episode": facts().episode,
                        "submissions": [
                            {
                                "id": "sb_1",
                                "organisation_id": HOSPITAL,
                                "kind": "void_bill",
                                "received_at": minute(10),
                                "status": 200,
                            }
                        ],
                    }
                ).submissions[0]
            ]
        }
    )
    assert as_of(voided, asked, known - timedelta(seconds=1)).bills[0].state == "current"
    assert as_of(voided, asked, known).bills[0].state == "voided"
