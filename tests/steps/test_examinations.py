"""A claim that waits for the examiner: decided line by line, above an amount by two, then paid."""

from __future__ import annotations

import psycopg
import pytest

from activities.orders import Subject
from activities.payouts import PayoutSteps
from crossclaim.domain.errors import NotFound
from tests.flows.hospital import Body
from tests.steps.examining import (
    claim_of,
    confirms,
    decide,
    decision,
    hkd,
    line,
    many_units,
    reasons,
    says,
    sent,
    word,
)
from tests.steps.paper_claims import APPROVED, INSURER
from tests.steps.rig import HARBOUR, Rig

PLAN = "outpatient-visits-hk"


@pytest.fixture
def pended(rig: Rig) -> str:
    """An episode whose claim waits: HKD 751.91 by the rules, billed with HKD 939.89."""
    episode, _ = sent(rig, many_units())
    standing = decide(rig, episode)
    assert standing.waiting_for == "INSURER_EXAMINER" and standing.insurer == INSURER
    assert standing.claim_decision_due is None and not standing.closable
    assert reasons(rig, episode) == ["UNITS_UNLIKELY"]
    assert set(rig.exceptions(episode)) == {"CLAIM_TO_EXAMINE"}
    return episode


def paid_out(rig: Rig, episode: str) -> int:
    about = claim_of(rig, episode)
    PayoutSteps(rig.world).reserve_payout(
        Subject(episode_id=episode, subject=about.id, at=APPROVED)
    )
    (payout,) = rig.rows(episode).payouts
    return payout.amount_minor


def used(rig: Rig, episode: str) -> dict[str, int]:
    found = rig._select(
        "select counter, sum(amount)::bigint as used from cover_use where episode_id = %(id)s"
        " group by counter having sum(amount) <> 0",
        id=episode,
    )
    return {row["counter"].rpartition(".")[2]: row["used"] for row in found}


def test_what_an_examiner_leaves_to_the_rules_is_decided_as_they_would_have(
    rig: Rig, pended: str
) -> None:
    about = claim_of(rig, pended)
    answer = says(rig, pended, decision(about.id, by_rules=True))
    assert (answer.status, answer.body["benefit"]) == (200, hkd("751.91"))
    after = claim_of(rig, pended)
    assert (after.state, after.benefit_minor) == ("approved", 75191)
    assert rig.exceptions(pended) == {}
    assert rig.standing(pended, APPROVED).payout_due == about.id


def test_a_line_that_is_reduced_is_paid_reduced_and_the_cover_is_used_by_what_was_decided(
    rig: Rig, pended: str
) -> None:
    before = used(rig, pended)
    about = claim_of(rig, pended)
    cut = line(1, "400.00", reason="UNITS_NOT_SUPPORTED", note="ten of the twenty are explained")
    answer = says(rig, pended, decision(about.id, cut))
    assert (answer.status, answer.body["status"]) == (200, "in_force")
    after = claim_of(rig, pended)
    assert (after.state, after.benefit_minor) == ("partial", 40000)
    assert paid_out(rig, pended) == after.pay_fen == 36648
    assert before["paid"] != 40000 and used(rig, pended) == {**before, "paid": 40000}


def test_a_claim_that_is_denied_pays_nothing_and_uses_nothing_of_the_cover(
    rig: Rig, pended: str
) -> None:
    about = claim_of(rig, pended)
    says(rig, pended, decision(about.id, line(1, "0.00", reason="NOT_NECESSARY")))
    after = claim_of(rig, pended)
    assert (after.state, after.pay_fen) == ("denied", 0)
    assert used(rig, pended) == {}
    assert set(rig.exceptions(pended)) == {"CLAIM_DENIED", "DECISION_DIFFERS"}
    assert rig.standing(pended, APPROVED).payout_due is None


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"lines": [line(1, "939.90")]}, "DECISION_ABOVE_BILLED", "/lines/0/approved"),
        (
            {"lines": [{"line": 1, "approved": {"amount": "100.00", "currency": "CNY"}}]},
            "DECISION_CURRENCY",
            "/lines/0/approved",
        ),
        ({"lines": [line(2, "1.00")]}, "DECISION_LINE_UNKNOWN", "/lines/0/line"),
        ({"lines": [line(1, "1.00")]}, "DECISION_REASON_MISSING", "/lines/0/reason"),
        ({"lines": [line(1, "-1.00")]}, "DECISION_NEGATIVE", "/lines/0/approved"),
        ({"lines": []}, "DECISION_LINES_MISSING", "/lines"),
        ({"by_rules": True, "lines": [line(1, "1.00")]}, "DECISION_BOTH_WAYS", "/lines"),
        ({"claim": "cr_01K0000000000000000000000"}, "CLAIM_UNKNOWN", "/claim"),
    ],
)
def test_a_decision_that_cannot_be_is_refused_with_its_fault_and_nothing_moves(
    rig: Rig, pended: str, change: Body, code: str, pointer: str
) -> None:
    about = claim_of(rig, pended)
    whole = decision(about.id, line(1, "939.89"))
    answer = says(rig, pended, {**whole, **change})
    assert answer.status == 422
    assert (code, pointer) in [(e["code"], e["pointer"]) for e in answer.body["errors"]]
    assert claim_of(rig, pended) == about
    assert rig._select("select 1 from claim_examination where claim_id = %(id)s", id=about.id) == []


def test_no_other_insurer_and_nobody_after_the_decision_decides(rig: Rig, pended: str) -> None:
    about = claim_of(rig, pended)
    asked = decision(about.id, by_rules=True)
    with pytest.raises(NotFound):
        says(rig, pended, asked, insurer=HARBOUR)
    assert says(rig, pended, asked).status == 200
    again = decision(about.id, line(1, "939.89"))
    assert says(rig, pended, again).codes == ["CLAIM_NOT_EXAMINED"]
    rig.change(
        "update episode set closed_at = now(), status = 'closed' where id = %(id)s", id=pended
    )
    assert says(rig, pended, decision(about.id, by_rules=True)).codes == ["CLAIM_NOT_EXAMINED"]
    assert claim_of(rig, pended).benefit_minor == 75191


@pytest.fixture
def dear(rig: Rig) -> str:
    """An episode whose claim waits, billed with more than one person alone may decide to pay."""
    episode, _ = sent(rig, many_units("40000.00"))
    decide(rig, episode)
    return episode


def test_above_the_plans_amount_a_second_person_confirms_before_anything_is_paid(
    rig: Rig, dear: str
) -> None:
    about = claim_of(rig, dear)
    cut = decision(about.id, line(1, "20000.01", reason="PRICE_TOO_HIGH"))
    first = says(rig, dear, cut)
    assert (first.status, first.body["status"]) == (202, "waiting")
    assert claim_of(rig, dear) == about
    assert set(rig.exceptions(dear)) == {"CLAIM_TO_EXAMINE", "CLAIM_DECISION_TO_CONFIRM"}
    other = decision(about.id, by_rules=True)
    assert says(rig, dear, other, "examiner-3").codes == ["DECISION_WAITS"]
    assert confirms(rig, dear, word(cut), "examiner-1").codes == ["SECOND_EXAMINER_NEEDED"]
    assert confirms(rig, dear, word({**cut, "number": "D-0"})).codes == ["DECISION_UNKNOWN"]
    assert rig.standing(dear, APPROVED).payout_due is None
    assert confirms(rig, dear, word(cut)).body["status"] == "in_force"
    after = claim_of(rig, dear)
    assert (after.state, after.benefit_minor) == ("partial", 2_000_001)
    assert rig.exceptions(dear).keys() <= {"DECISION_DIFFERS"}
    assert confirms(rig, dear, word(cut), "examiner-3").codes == ["DECISION_UNKNOWN"]


def test_a_decision_that_the_second_person_refuses_is_over_and_another_one_can_be_made(
    rig: Rig, dear: str
) -> None:
    about = claim_of(rig, dear)
    cut = decision(about.id, line(1, "30000.00", reason="PRICE_TOO_HIGH"))
    says(rig, dear, cut)
    assert confirms(rig, dear, word(cut, confirmed=False)).body["status"] == "refused"
    assert claim_of(rig, dear).state == "pended"
    assert set(rig.exceptions(dear)) == {"CLAIM_TO_EXAMINE"}
    assert says(rig, dear, cut).codes == ["DECISION_NUMBER_USED"]
    assert says(rig, dear, decision(about.id, by_rules=True)).status == 200


def test_the_database_itself_refuses_one_person_twice_and_a_changed_decision(
    rig: Rig, dear: str
) -> None:
    about = claim_of(rig, dear)
    cut = decision(about.id, line(1, "30000.00", reason="PRICE_TOO_HIGH"))
    says(rig, dear, cut)
    statement = (
        "update claim_examination set state = 'in_force', confirmed_by = %(by)s,"
        " confirmed_at = now() where claim_id = %(id)s"
    )
    with pytest.raises(psycopg.errors.CheckViolation):
        rig.change(statement, by="examiner-1", id=about.id)
    with pytest.raises(psycopg.errors.CheckViolation):
        rig.change(
            "update claim_examination set state = 'in_force' where claim_id = %(id)s", id=about.id
        )
    with pytest.raises(psycopg.errors.InsufficientPrivilege, match="CLAIM_EXAMINATION_FIXED"):
        rig.change(
            "update claim_examination set benefit_minor = 1 where claim_id = %(id)s", id=about.id
        )


def test_notes_and_reasons_of_people_stand_sealed(rig: Rig, pended: str) -> None:
    about = claim_of(rig, pended)
    note = "spoke with the ward sister"
    says(rig, pended, decision(about.id, line(1, "1.00", reason="OTHER", note=note)))
    (row,) = rig._select(
        "select sealed, decided_by from claim_examination where claim_id = %(id)s", id=about.id
    )
    assert note.encode() not in bytes(row["sealed"]) and row["decided_by"] == "examiner-1"


def test_a_decision_is_applied_once_however_often_its_submission_is(rig: Rig, pended: str) -> None:
    from activities.orders import Apply
    from activities.submissions import SubmissionSteps

    about = claim_of(rig, pended)
    says(rig, pended, decision(about.id, by_rules=True))
    again = Apply(episode_id=pended, submission_id=rig.sent_about(pended), at=APPROVED)
    SubmissionSteps(rig.world).apply_submission(again)
    assert (
        len(rig._select("select 1 from claim_examination where claim_id = %(i)s", i=about.id)) == 1
    )
    assert sum(abs(v) for k, v in rig.balances(pended).items() if "clearing" in k) == 0


def taken(rig: Rig, episode: str, kind: str = "taken", by: str = "pn_one") -> None:
    """A person says at the desk who works at the claim."""
    with rig.intake._database.begin(INSURER) as connection:
        connection.execute(
            "insert into claim_taking (claim_id, episode_id, organisation_id, person, kind)"
            " values (%(claim)s, %(episode)s, %(who)s, %(by)s, %(kind)s)",
            {
                "claim": claim_of(rig, episode).id,
                "episode": episode,
                "who": INSURER,
                "by": by,
                "kind": kind,
            },
        )


def test_by_whatever_door_nobody_decides_what_another_person_works_at(
    rig: Rig, pended: str
) -> None:
    """Red before: the API took the decision of whoever came, while the desk kept him back."""
    about = claim_of(rig, pended)
    taken(rig, pended)
    word_ = decision(about.id, line(1, "375.96", reason="UNITS_NOT_SUPPORTED", note="ten"))
    assert says(rig, pended, word_, "pn_two").codes == ["CLAIM_HELD_BY_OTHER"]
    taken(rig, pended, "second_look")
    again = decision(about.id, line(1, "375.96", reason="UNITS_NOT_SUPPORTED", note="ten"))
    assert says(rig, pended, again, "pn_one").codes == ["CLAIM_SECOND_LOOK"]
    assert claim_of(rig, pended).state == "pended"
    taken(rig, pended, by="pn_two")
    last = decision(about.id, line(1, "375.96", reason="UNITS_NOT_SUPPORTED", note="ten"))
    assert says(rig, pended, last, "pn_two").status == 200


def test_a_system_is_not_held_up_and_hears_who_was_at_work(rig: Rig, pended: str) -> None:
    taken(rig, pended)
    about = claim_of(rig, pended)
    told = says(
        rig,
        pended,
        decision(about.id, line(1, "375.96", reason="UNITS_NOT_SUPPORTED", note="ten")),
        "system-1",
    )
    assert (told.status, told.body["held_by"]) == (200, "pn_one")
