"""Claims with papers on our rows: judged at once, paid at the payout's rate, each bill once."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from activities.claims import ClaimSteps
from activities.orders import Apply, Subject
from activities.payouts import PayoutSteps
from activities.submissions import SubmissionSteps
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body, varied
from tests.steps.paper_claims import APPROVED, INSURER, claim, e6_papers, ebill, paper
from tests.steps.rig import HARBOUR, HOSPITAL, Answer, Rig


def sent(rig: Rig, content: Body, at: datetime = APPROVED) -> tuple[str, Answer]:
    return rig.say(SubmissionKind.PAPER_CLAIM, content, organisation=INSURER, at=at)


def decided(rig: Rig, episode: str, at: datetime = APPROVED) -> Standing:
    (due,) = rig.rows(episode).claims
    return ClaimSteps(rig.world).decide_claim(Subject(episode_id=episode, subject=due.id, at=at))


def reserved(rig: Rig, episode: str, at: datetime) -> Standing:
    (due,) = rig.rows(episode).claims
    return PayoutSteps(rig.world).reserve_payout(Subject(episode_id=episode, subject=due.id, at=at))


def test_e6_is_judged_at_each_days_rate_and_paid_at_the_payouts(rig: Rig) -> None:
    episode, answer = sent(rig, claim())
    assert answer.status == 201, answer.body
    assert answer.body["benefit"] == {"amount": "1551.91", "currency": "HKD"}
    benefits = [one["benefit"]["amount"] for one in answer.body["papers"]]
    assert benefits == ["751.91", "0.00", "800.00", "0.00"]
    reasons = [one["reasons"] for one in answer.body["papers"]]
    assert reasons[1] == ["VISIT_PER_DAY"] and reasons[3] == ["EXCLUDED_LONG_TERM_PHYSIO"]
    standing = decided(rig, episode)
    assert standing.payout_due is not None
    reserved(rig, episode, APPROVED)
    (payout,) = rig.rows(episode).payouts
    assert (payout.amount_minor, payout.payee) == (142186, "patient")
    assert rig.balances(episode) == {
        f"clearing:harbour-bank:{INSURER}": 142186,
        f"funder:insurer:{INSURER}:due": -362,
        f"fx:drift:{INSURER}": 362,
        "patient:reimbursements": -142186,
    }


def test_the_payout_is_converted_on_the_day_on_which_it_is_reserved(rig: Rig) -> None:
    """Approved on 13 April at 0.9130, reserved on the 14th at 0.9162."""
    day_before = APPROVED - timedelta(days=1)
    episode, _ = sent(rig, claim(), day_before)
    decided(rig, episode, day_before)
    forecast = rig.rows(episode).claims[0].pay_fen
    reserved(rig, episode, APPROVED)
    assert rig.rows(episode).payouts[0].amount_minor == 142186 != forecast


def test_the_same_electronic_bill_is_never_claimed_twice(rig: Rig) -> None:
    first = claim(
        [varied(paper("V1", "2026-03-02", "860.00"), ebill=ebill("0000000871", "860.00"))]
    )
    assert sent(rig, first)[1].status == 201
    typed = ebill("００００００0871", "860.00")
    again = claim([varied(paper("V9", "2026-03-02", "860.00"), ebill=typed)])
    _, answer = sent(rig, again)
    assert (answer.status, answer.codes) == (422, ["EBILL_TWICE"])
    assert answer.body["errors"][0]["pointer"] == "/papers/0/ebill"
    twice = [
        varied(paper(name, "2026-03-02", "860.00"), ebill=ebill("0000000872", "860.00"))
        for name in ("V1", "V2")
    ]
    assert sent(rig, claim(twice))[1].codes == ["EBILL_TWICE"]


def test_two_claims_of_one_member_share_the_visits_of_a_day(rig: Rig) -> None:
    first = claim([paper("V1", "2026-03-02", "860.00")])
    second = claim([paper("V2", "2026-03-02", "430.00")], policy_number=first["policy_number"])
    assert sent(rig, first)[1].body["benefit"]["amount"] == "751.91"
    assert sent(rig, second)[1].body["benefit"]["amount"] == "0.00"


@pytest.mark.parametrize(
    ("change", "code", "pointer"),
    [
        ({"policy_number": "VH-2024-9"}, "POLICY_NOT_IN_FORCE", "/policy_number"),
        ({"plan": "vhis-standard-hk"}, "POLICY_NOT_IN_FORCE", "/policy_number"),
        (
            {"papers": [paper("V1", "2024-12-31", "860.00")]},
            "POLICY_NOT_IN_FORCE",
            "/papers/0",
        ),
        ({"papers": [paper("V1", "2026-02-27", "860.00")]}, "RATE_MISSING", "/papers"),
        (
            {"papers": [paper("V1", "2026-03-02", "1.00")] * 2},
            "BILL_CLAIMED_TWICE",
            "/papers",
        ),
        ({"other_insurers": ["harbour-life"]}, "OTHER_INSURER_STATEMENT_MISSING", "/statements"),
    ],
)
def test_what_is_wrong_with_a_claim_is_told_where_it_stands_and_nothing_is_stored(
    rig: Rig, change: Body, code: str, pointer: str
) -> None:
    episode, answer = sent(rig, claim(**change))
    assert answer.status == 422
    assert (code, pointer) in [(e["code"], e["pointer"]) for e in answer.body["errors"]]
    with rig.world.records.transaction() as tx:
        assert tx.lock(episode) is None


def test_what_another_insurer_paid_of_a_bill_is_not_paid_again(rig: Rig) -> None:
    statements = [
        {"organisation": "harbour-life", "bill": p["number"], "paid": p["total"]}
        for p in e6_papers()
    ]
    asked = claim(other_insurers=["harbour-life"], statements=statements)
    episode, answer = sent(rig, asked)
    assert answer.body["benefit"]["amount"] == "0.00"
    decided(rig, episode)
    assert rig.rows(episode).claims[0].state == "denied"


def test_a_late_payout_is_told_once_just_after_its_72_hours_and_goes_on(rig: Rig) -> None:
    episode, _ = sent(rig, claim())
    decided(rig, episode)
    reserved(rig, episode, APPROVED)
    due = APPROVED + timedelta(hours=72)
    assert stock(rig, episode, due).clock_breach_due is None
    late = stock(rig, episode, due + timedelta(seconds=1))
    (due_claim,) = rig.rows(episode).claims
    assert late.clock_breach_due == due_claim.id
    told = PayoutSteps(rig.world).note_late_payout(
        Subject(episode_id=episode, subject=due_claim.id, at=due + timedelta(seconds=1))
    )
    assert told.clock_breach_due is None and told.payout is not None
    assert "PAYOUT_SLA_BREACH" in rig.exceptions(episode)


def stock(rig: Rig, episode: str, at: datetime) -> Standing:
    return SubmissionSteps(rig.world).take_stock(Subject(episode_id=episode, at=at))


def came_back(rig: Rig, episode: str, at: datetime, reason: str = "AC01") -> str:
    """The bank refused the payout; its reference."""
    reference = rig.rows(episode).payouts[-1].reference
    with rig.world.records.transaction() as tx:
        tx.lock(episode)
        tx.change_intent(reference, state="rejected", reason=reason, closed_at=at)
        tx.reverse(episode, f"payout:{reference}", at)
        tx.change_episode(episode)
    return reference


def proposal(reference: str, number: str = "N-1", account: str = "6205500000000000004") -> Body:
    holder = claim()["account"]
    return {
        "number": number,
        "payout_reference": reference,
        "account": {**holder, "number": account},
        "signed_at": "2026-04-15T10:00:00+08:00",
    }


def word(reference: str, *, approved: bool = True, number: str = "N-1") -> Body:
    return {
        "number": number,
        "payout_reference": reference,
        "approved": approved,
        "decided_at": "2026-04-15T11:00:00+08:00",
        "reason": "called back",
    }


def refused_payout(rig: Rig) -> tuple[str, str]:
    episode, _ = sent(rig, claim())
    decided(rig, episode)
    reserved(rig, episode, APPROVED)
    return episode, came_back(rig, episode, APPROVED + timedelta(hours=24))


def say(rig: Rig, kind: SubmissionKind, content: Body, episode: str, key: str) -> Answer:
    at = APPROVED + timedelta(hours=96)
    return rig.say(kind, content, episode, organisation=INSURER, key_id=key, at=at)[1]


def test_another_account_is_paid_once_after_a_second_person_approved_it(rig: Rig) -> None:
    episode, reference = refused_payout(rig)
    proposed = say(rig, SubmissionKind.PAYEE_ACCOUNT, proposal(reference), episode, "maker")
    assert proposed.status == 202 and len(rig.rows(episode).payouts) == 1
    kind = SubmissionKind.PAYEE_DECISION
    assert say(rig, kind, word(reference), episode, "maker").codes == ["SECOND_PERSON_NEEDED"]
    approved = say(rig, kind, word(reference), episode, "checker")
    assert approved.status == 200, approved.body
    old, new = rig.rows(episode).payouts
    assert (new.reference, new.sequence, new.amount_minor) == (f"{reference}-2", 2, 142186)
    assert new.payee_account_sha256 != old.payee_account_sha256
    assert rig.balances(episode)[f"clearing:harbour-bank:{INSURER}"] == 142186
    assert say(rig, kind, word(reference), episode, "third").codes == ["PAYEE_ACCOUNT_DECIDED"]
    again = say(rig, SubmissionKind.PAYEE_ACCOUNT, proposal(reference, "N-2"), episode, "maker")
    assert again.codes == ["PAYOUT_NOT_WAITING"]
    assert len(rig.rows(episode).payouts) == 2


def test_the_clock_stands_still_while_another_account_is_awaited(rig: Rig) -> None:
    """Refused after 24 of 72 hours, the new account came at hour 96: due at hour 144."""
    episode, reference = refused_payout(rig)
    assert stock(rig, episode, APPROVED + timedelta(days=30)).clock_breach_due is None
    say(rig, SubmissionKind.PAYEE_ACCOUNT, proposal(reference), episode, "maker")
    say(rig, SubmissionKind.PAYEE_DECISION, word(reference), episode, "checker")
    due = APPROVED + timedelta(hours=144)
    assert stock(rig, episode, due).clock_breach_due is None
    assert stock(rig, episode, due + timedelta(seconds=1)).clock_breach_due is not None


def test_a_refused_proposal_pays_nothing_and_another_one_may_follow(rig: Rig) -> None:
    episode, reference = refused_payout(rig)
    same = proposal(reference, account="6200000000000047")
    kind = SubmissionKind.PAYEE_ACCOUNT
    assert say(rig, kind, same, episode, "maker").codes == ["PAYEE_ACCOUNT_SAME"]
    say(rig, kind, proposal(reference), episode, "maker")
    no = word(reference, approved=False)
    assert say(rig, SubmissionKind.PAYEE_DECISION, no, episode, "checker").status == 200
    assert len(rig.rows(episode).payouts) == 1
    assert say(rig, kind, proposal(reference, "N-2"), episode, "maker").status == 202
    yes = word(reference, number="N-2")
    assert say(rig, SubmissionKind.PAYEE_DECISION, yes, episode, "checker").status == 200
    assert len(rig.rows(episode).payouts) == 2


def test_nothing_is_paid_to_a_new_account_while_the_bank_contradicts_itself(rig: Rig) -> None:
    episode, reference = refused_payout(rig)
    say(rig, SubmissionKind.PAYEE_ACCOUNT, proposal(reference), episode, "maker")
    with rig.world.records.transaction() as tx:
        tx.lock(episode)
        tx.open_exception(episode, "PAYOUT_CREDITED_AFTER_CLOSE", reference, {}, APPROVED)
    said = say(rig, SubmissionKind.PAYEE_DECISION, word(reference), episode, "checker")
    assert said.codes == ["PAYOUT_CONTRADICTED"]
    assert len(rig.rows(episode).payouts) == 1


def joins(rig: Rig, episode: str, organisation: str, role: str) -> None:
    """As in an episode with several parties, which one of papers does not have."""
    rig.change(
        "insert into episode_party (episode_id, organisation_id, role)"
        " values (%(episode)s, %(organisation)s, %(role)s)",
        episode=episode,
        organisation=organisation,
        role=role,
    )


@pytest.mark.parametrize("stranger", ["pearl-assurance", HARBOUR])
def test_another_insurer_neither_proposes_nor_approves_an_account_for_a_payout(
    rig: Rig, stranger: str
) -> None:
    """A second insurer of an episode is a party to it, and the money is not its own."""
    episode, reference = refused_payout(rig)
    joins(rig, episode, stranger, "insurer")

    def says(kind: SubmissionKind, content: Body, key: str) -> Answer:
        at = APPROVED + timedelta(hours=96)
        return rig.say(kind, content, episode, organisation=stranger, key_id=key, at=at)[1]

    theirs = says(SubmissionKind.PAYEE_ACCOUNT, proposal(reference), "maker")
    assert theirs.codes == ["PAYOUT_NOT_WAITING"]
    ours = proposal(reference, "N-2")
    assert say(rig, SubmissionKind.PAYEE_ACCOUNT, ours, episode, "maker").status == 202
    decision = says(SubmissionKind.PAYEE_DECISION, word(reference, number="N-2"), "checker")
    assert decision.codes == ["PAYEE_ACCOUNT_UNKNOWN"]
    assert len(rig.rows(episode).payouts) == 1


def test_the_hospital_proposes_an_account_and_the_payer_alone_approves_it(rig: Rig) -> None:
    episode, reference = refused_payout(rig)
    joins(rig, episode, HOSPITAL, "hospital")
    at = APPROVED + timedelta(hours=96)
    asked = proposal(reference)
    proposed = rig.say(SubmissionKind.PAYEE_ACCOUNT, asked, episode, key_id="desk", at=at)[1]
    assert proposed.status == 202
    kind, yes = SubmissionKind.PAYEE_DECISION, word(reference)
    own = rig.say(kind, yes, episode, key_id="desk-2", at=at)[1]
    assert own.codes == ["PAYEE_ACCOUNT_UNKNOWN"]
    assert say(rig, kind, yes, episode, "checker").status == 200


def test_a_claim_that_is_applied_twice_is_one_claim(rig: Rig) -> None:
    content = claim()
    episode, answer = sent(rig, content)
    order = Apply(episode_id=episode, submission_id=rig.sent_about(episode), at=APPROVED)
    again = SubmissionSteps(rig.world).apply_submission(order)
    assert again.receipt.status == answer.status == 201
    assert len(rig.rows(episode).claims) == 1
