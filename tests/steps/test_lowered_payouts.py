"""A decision that pays less while its payout is on the way: an unsent intent gives way to one of
the right amount, a sender that has begun wins and the rest is asked back, and each is once."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest
from psycopg.errors import InsufficientPrivilege
from temporalio.testing import ActivityEnvironment

from activities import lowered_payouts
from activities.orders import Subject
from activities.payouts import PayoutSteps
from crossclaim.domain import bill_chain
from crossclaim.domain.bill_rows import DECISION
from crossclaim.domain.records import PayoutRow
from crossclaim.domain.submission import SubmissionKind
from tests.steps.appeals import LATER, SECOND, Papers, lines
from tests.steps.bill_cycle import DRUG
from tests.steps.payout_desk import PayoutDesk, status
from tests.steps.rig import HARBOUR, MUTUAL, Answer, Rig
from tests.steps.test_appeals import FIRST_PAID
from tests.steps.test_bill_cycle import A, billed
from tests.steps.test_changed_minds import says
from tests.steps.test_paper_claims import proposal, word
from tests.steps.test_payout_words import released
from tests.steps.test_where_money_meets import (
    all_paid_by_one,
    credited,
    ended_at_the_bank,
    of,
    other_account,
)

LESS = 68_890
"""HKD 751.91 of E6's 1,551.91 at the payout's rate."""


def desk_with_intent(rig: Rig, folder: Path, **changes: object) -> tuple[PayoutDesk, Papers]:
    desk = PayoutDesk.of(rig, folder, **changes)
    return desk, Papers(desk.rig, desk.reserved())


def lowered(papers: Papers) -> Answer:
    papers.appeal()
    answer = papers.review(lines("751.91", "0.00", "0.00", "0.00"))
    assert answer.status == 200, answer.body
    return answer


def living(papers: Papers) -> list[PayoutRow]:
    return [p for p in papers.rows().payouts if p.state not in ("cancelled", "rejected")]


def owed_back(papers: Papers) -> int:
    return sum(b.amount_minor for b in papers.rows().claw_backs if b.counts)


def kept(papers: Papers) -> int:
    """What the patient keeps once every payout is made and every claw-back received."""
    return sum(p.amount_minor for p in living(papers)) - owed_back(papers)


def sends(desk: PayoutDesk, payout: PayoutRow) -> None:
    order = Subject(episode_id=desk_episode(desk, payout), subject=payout.reference, at=LATER)
    ActivityEnvironment().run(PayoutSteps(desk.world).send_payout, order)


def desk_episode(desk: PayoutDesk, payout: PayoutRow) -> str:
    found = desk.rig._select(
        "select episode_id from payout_intent where reference = %(r)s", r=payout.reference
    )
    return str(found[0]["episode_id"])


def orders(desk: PayoutDesk) -> list[str]:
    """Order files that the bank can see."""
    return sorted(path.name for path in Path(desk.desk.folder).rglob("*.xml"))


def test_an_unsent_intent_gives_way_to_one_of_the_right_amount(rig: Rig, tmp_path: Path) -> None:
    desk, papers = desk_with_intent(rig, tmp_path)
    (old,) = living(papers)
    assert old.amount_minor == FIRST_PAID
    change = lowered(papers).body["change"]["amount"]
    assert change == f"-{(FIRST_PAID - LESS) / 100:.2f}"
    (new,) = living(papers)
    assert (new.amount_minor, new.reference) == (LESS, f"{old.reference}-2")
    assert new.payee_account_sha256 == old.payee_account_sha256
    assert papers.rows().claw_backs == []
    sends(desk, old)
    assert orders(desk) == [], "what was closed is never sent"
    papers.pay(LATER)
    balances = rig.balances(papers.episode)
    assert "patient:reimbursements" not in balances
    assert "CLAW_BACK_DUE" not in rig.exceptions(papers.episode)
    told = rig.story(papers.episode, LATER)
    assert f"payout {old.reference} of CNY 1,421.86 ended before it was sent" in told


def test_a_payout_that_is_not_even_reserved_is_of_the_newest_amount(rig: Rig) -> None:
    papers = Papers.decided(rig)
    lowered(papers)
    assert [p.amount_minor for p in papers.pay(LATER)] == [LESS]
    assert papers.rows().claw_backs == []
    assert "patient:reimbursements" not in rig.balances(papers.episode)


def test_what_a_later_decision_takes_away_whole_is_not_paid_at_all(
    rig: Rig, tmp_path: Path
) -> None:
    desk, papers = desk_with_intent(rig, tmp_path)
    papers.appeal()
    papers.review(lines("0.00", "0.00", "0.00", "0.00"))
    assert living(papers) == [] and papers.rows().claw_backs == []
    standing = desk.standing(papers.episode, LATER)
    assert (standing.payout, standing.payout_due, standing.waiting_for) == (None, None, "")
    assert rig.exceptions(papers.episode).keys() == set()


def test_a_difference_that_was_not_sent_is_taken_off_before_the_first_payout(rig: Rig) -> None:
    papers = Papers.paid(rig)
    papers.appeal()
    papers.review(lines("751.91", "375.96", "800.00", "0.00"))
    at = LATER + timedelta(days=1)
    papers.appeal(level=2, at=at)
    papers.review(lines("751.91", "0.00", "0.00", "0.00"), level=2, key=SECOND, at=at)
    assert [p.amount_minor for p in papers.pay(at)] == [FIRST_PAID]
    (back,) = papers.rows().claw_backs
    last = papers.rows().revisions[-1]
    assert (back.amount_minor, back.cause) == (FIRST_PAID - last.pay_fen, DECISION)


def test_a_sender_that_has_begun_wins_and_the_rest_is_asked_back(rig: Rig, tmp_path: Path) -> None:
    desk, papers = desk_with_intent(rig, tmp_path)
    sent_meanwhile(desk, papers)
    (payout,) = papers.rows().payouts
    assert (payout.state, payout.amount_minor) == ("sent", FIRST_PAID)
    assert kept(papers) == LESS and len(orders(desk)) == 1


def sent_meanwhile(desk: PayoutDesk, papers: Papers) -> None:
    """The decision falls after the attempt's row and before the bank can see its file."""

    def strike(point: str) -> None:
        if point == "attempt-committed":
            lowered(papers)

    world = replace(desk.world, fault_point=strike)
    (payout,) = living(papers)
    order = Subject(episode_id=papers.episode, subject=payout.reference, at=LATER)
    ActivityEnvironment().run(PayoutSteps(world).send_payout, order)


def test_a_step_that_looks_at_the_state_alone_would_pay_both(
    rig: Rig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def by_state(payout: PayoutRow) -> bool:
        return payout.state in bill_chain.NOT_SENT

    monkeypatch.setattr(lowered_payouts, "waits_unsent", by_state)
    monkeypatch.setattr(bill_chain, "waits_unsent", by_state)
    desk, papers = desk_with_intent(rig, tmp_path)
    with pytest.raises(InsufficientPrivilege, match="PAYOUT_CLOSED"):
        sent_meanwhile(desk, papers)
    assert kept(papers) == LESS and len(orders(desk)) == 1, "the bank has the whole order as well"


def test_of_a_sender_and_a_decision_at_one_moment_either_wins_and_the_sum_is_right(
    rig: Rig, tmp_path: Path
) -> None:
    for number in range(3):
        desk, papers = desk_with_intent(rig, tmp_path / str(number))
        papers.appeal()
        (payout,) = living(papers)
        start = threading.Barrier(2)

        def send(desk: PayoutDesk = desk, payout: PayoutRow = payout) -> None:
            start.wait()  # noqa: B023 - joined within the round
            sends(desk, payout)

        sender = threading.Thread(target=send)
        sender.start()
        start.wait()
        papers.review(lines("751.91", "0.00", "0.00", "0.00"))
        sender.join()
        assert kept(papers) == LESS
        (one,) = living(papers)
        assert one.amount_minor == (FIRST_PAID if orders(desk) else LESS)


def test_what_was_asked_back_of_a_payout_that_the_bank_then_refuses_is_needless(
    rig: Rig, tmp_path: Path
) -> None:
    desk, papers = desk_with_intent(rig, tmp_path)
    desk.send(papers.episode)
    lowered(papers)
    assert owed_back(papers) == FIRST_PAID - LESS
    reference = desk.payout(papers.episode).reference
    desk.bank_says(papers.episode, status((reference, "RJCT", "AC01")))
    assert owed_back(papers) == 0
    assert "CLAW_BACK_DUE" not in rig.exceptions(papers.episode)
    told = rig.story(papers.episode, LATER)
    assert "need not give CNY 732.96 back to" in told
    asked = proposal(reference, account="6200000000000099")
    assert desk.say(SubmissionKind.PAYEE_ACCOUNT, asked, papers.episode, "clerk").status == 202
    said = desk.say(SubmissionKind.PAYEE_DECISION, word(reference), papers.episode, "maker")
    assert said.status == 200, said.body
    assert kept(papers) == LESS
    assert desk.payout(papers.episode).amount_minor == LESS
    desk.trial(papers.episode)


def test_a_refused_payout_goes_out_again_with_what_the_newest_decision_pays(
    rig: Rig, tmp_path: Path
) -> None:
    desk, papers = desk_with_intent(rig, tmp_path)
    reference = desk.send(papers.episode)
    desk.bank_says(papers.episode, status((reference, "RJCT", "AC01")))
    lowered(papers)
    assert papers.rows().claw_backs == [], "nobody has it"
    asked = proposal(reference, account="6200000000000099")
    assert desk.say(SubmissionKind.PAYEE_ACCOUNT, asked, papers.episode, "clerk").status == 202
    said = desk.say(SubmissionKind.PAYEE_DECISION, word(reference), papers.episode, "maker")
    assert said.status == 200, said.body
    assert desk.payout(papers.episode).amount_minor == LESS


def test_a_refused_payout_of_which_nothing_is_owed_any_more_waits_for_no_account(
    rig: Rig, tmp_path: Path
) -> None:
    desk, papers = desk_with_intent(rig, tmp_path)
    reference = desk.send(papers.episode)
    desk.bank_says(papers.episode, status((reference, "RJCT", "AC01")))
    assert desk.standing(papers.episode).waiting_for == "PAYEE_ACCOUNT"
    papers.appeal()
    papers.review(lines("0.00", "0.00", "0.00", "0.00"))
    assert desk.standing(papers.episode, LATER).waiting_for == ""
    asked = proposal(reference, account="6200000000000099")
    refused = desk.say(SubmissionKind.PAYEE_ACCOUNT, asked, papers.episode, "clerk")
    assert refused.codes == ["PAYOUT_NOT_WAITING"]


def test_what_waited_for_a_second_key_waits_for_it_in_its_new_amount(
    rig: Rig, tmp_path: Path
) -> None:
    desk, papers = desk_with_intent(rig, tmp_path, payout_approval_above_fen=50_000)
    (old,) = living(papers)
    assert old.state == "to_be_approved"
    lowered(papers)
    (new,) = living(papers)
    assert (new.amount_minor, new.state) == (LESS, "to_be_approved")
    late = desk.say(
        SubmissionKind.PAYOUT_APPROVAL, released(old.reference), papers.episode, "checker"
    )
    assert late.codes == ["PAYOUT_NOT_TO_APPROVE"]
    own = desk.say(
        SubmissionKind.PAYOUT_APPROVAL, released(new.reference), papers.episode, "checker"
    )
    assert own.status == 200, own.body


def test_a_corrected_bill_that_pays_less_pays_it_once_and_asks_nothing_back(rig: Rig) -> None:
    stay = all_paid_by_one(rig)
    (first,) = of(stay, HARBOUR)
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    stay.decided(HARBOUR, 1_000_000)
    assert stay.rows().claw_backs == []
    stay.reserve()
    amounts = {p.reference: (p.state, p.amount_minor) for p in of(stay, HARBOUR)}
    assert amounts.pop(first.reference) == ("cancelled", first.amount_minor)
    assert list(amounts.values()) == [("reserved", 915_000)]
    credited(stay, *(p for p in of(stay, HARBOUR) if p.state == "reserved"))
    assert stay.books().get(A, 0) == 0


def test_a_direct_part_that_is_lowered_before_it_is_sent_is_paid_as_the_new_split_says(
    rig: Rig,
) -> None:
    stay = billed(rig)
    stay.confirmed()
    stay.reserve()
    assert says(stay, HARBOUR, "10000.00").status == 200
    assert stay.rows().claw_backs == []
    standing = [(p.state, p.amount_minor) for p in of(stay, HARBOUR)]
    assert standing == [("cancelled", 2_745_000), ("reserved", 915_000)]
    assert len({p.reference for p in stay.rows().payouts}) == 3


def test_another_account_of_a_first_insurer_takes_no_reference_of_the_second(rig: Rig) -> None:
    stay = billed(rig)
    stay.confirmed()
    stay.reserve()
    (first,), (second,) = of(stay, HARBOUR), of(stay, MUTUAL)
    ended_at_the_bank(stay, first, "rejected", "AC01")
    answer = other_account(stay, first.reference, HARBOUR)
    assert answer.status == 200, answer.body
    again = of(stay, HARBOUR)[-1]
    assert again.amount_minor == first.amount_minor
    assert len({first.reference, second.reference, again.reference}) == 3
