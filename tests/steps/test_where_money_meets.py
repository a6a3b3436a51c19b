"""Where appeals, corrections, cancellations, approvals, recalls and findings meet: one amount of
money is owed once, whoever asks for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from activities.claims import ClaimSteps
from activities.payout_ends import cancel_unsent
from activities.stock import standing_by
from activities.submissions import SubmissionSteps
from crossclaim.domain.ledger import credit_entry, hospital_bills
from crossclaim.domain.records import PayoutRow
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import example
from tests.steps.appeals import lines
from tests.steps.bill_cycle import DRUG, Cycle
from tests.steps.payout_desk import AMOUNT, PayoutDesk
from tests.steps.rig import AT, HARBOUR, MUTUAL, Answer, Rig
from tests.steps.test_bill_cycle import CANCEL, REOPEN, A, billed, settled
from tests.steps.test_changed_minds import LATER, reimbursed, says
from tests.steps.test_paper_claims import proposal, word
from tests.steps.test_payout_words import released
from tests.steps.test_settlement_cancellations import order as cancelling
from tests.steps.two_insurers import first_here, first_there, paid

NOTHING_USED = {"annual_benefit_used": {"amount": "0.00", "currency": "HKD"}}
WHOLE, LESS = 2_745_000, 915_000
"""What A paid first, and HKD 10,000.00."""


def less(stay: Cycle) -> None:
    """A has paid its whole part and says afterwards that it pays HKD 10,000.00."""
    answer = says(stay, HARBOUR, "10000.00")
    assert answer.body["change"]["amount"] == "-18300.00", answer.body


def credited(stay: Cycle, *which: PayoutRow) -> None:
    """The bank has paid these payouts and no others."""
    for payout in which:
        hospital = hospital_bills(stay.rows().episode.hospital_id)
        who, bank, amount = payout.debtor_organisation_id, payout.bank, payout.amount_minor
        with stay.rig.world.records.transaction() as tx:
            tx.change_intent(payout.reference, state="credited", credited_at=AT, closed_at=AT)
            entry = credit_entry(f"credit:{payout.reference}", hospital, who, bank, amount)
            tx.post(stay.episode, entry, AT)
            tx.change_episode(stay.episode)


def of(stay: Cycle, organisation: str) -> list[PayoutRow]:
    return [p for p in stay.rows().payouts if p.debtor_organisation_id == organisation]


def all_paid_by_one(rig: Rig) -> Cycle:
    """A carries the whole bill by our forecast; it has decided and nothing is paid yet."""
    stay = billed(rig, **NOTHING_USED)
    stay.confirmed()
    stay.reserve()
    return stay


def ended_at_the_bank(stay: Cycle, payout: PayoutRow, state: str, reason: str) -> None:
    """The bank has said that it does not make it: by a recall, or of itself."""
    with stay.rig.world.records.transaction() as tx:
        tx.change_intent(payout.reference, state=state, reason=reason, closed_at=AT)
        tx.reverse(stay.episode, f"payout:{payout.reference}", AT)
        tx.change_episode(stay.episode, closed_at=None, status="open")


def test_what_a_later_decision_asked_back_is_not_asked_back_again_by_a_correction(
    rig: Rig,
) -> None:
    stay = settled(rig)
    less(stay)
    stay.credited()
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    stay.decided(HARBOUR, 1_000_000)
    asked = [b.amount_minor for b in stay.rows().claw_backs if b.organisation_id == HARBOUR]
    assert asked == [1_830_000], "asked back once, by the later decision"
    assert stay.books()[A] == -1_830_000
    stay.given_back()
    assert stay.books().get(A, 0) == 0


def test_what_a_later_decision_asked_back_is_not_asked_back_again_by_a_cancellation(
    rig: Rig,
) -> None:
    stay = settled(rig)
    less(stay)
    stay.credited()
    told = stay.order(CANCEL, 1)
    assert told.status == 200, told.body
    asked = [b.amount_minor for b in stay.rows().claw_backs if b.organisation_id == HARBOUR]
    assert sorted(asked) == [LESS, 1_830_000], "each fen is asked back once"
    stay.refunded()
    stay.insurers_told()
    stay.given_back()
    assert stay.books() == {}


def test_what_was_asked_back_of_money_that_never_went_out_ends_with_its_settlement(
    rig: Rig,
) -> None:
    stay = billed(rig)
    stay.confirmed()
    stay.pays(1, "2590.00")
    less(stay)
    stay.order(CANCEL, 1)
    stay.refunded()
    stay.insurers_told()
    assert stay.books() == {}
    assert not [code for code in rig.exceptions(stay.episode) if "CLAW_BACK" in code]


def test_a_payout_that_waits_for_a_second_key_ends_with_its_settlement(rig: Rig) -> None:
    own = replace(rig, world=replace(rig.world, payout_approval_above_fen=1_000))
    stay = billed(own)
    stay.confirmed()
    stay.pays(1, "2590.00")
    stay.reserve()
    assert {p.state for p in stay.rows().payouts} == {"to_be_approved"}
    told = stay.order(CANCEL, 1)
    assert told.status == 200, told.body
    for payout in stay.rows().payouts:
        word = {
            "payout_reference": payout.reference,
            "approved": True,
            "decided_at": LATER.isoformat(),
            "reason": "Checked.",
        }
        kind, who = SubmissionKind.PAYOUT_APPROVAL, payout.debtor_organisation_id
        _, answer = own.say(kind, word, stay.episode, organisation=who, key_id="key-second")
        assert answer.codes == ["PAYOUT_NOT_TO_APPROVE"]
    assert {p.state for p in stay.rows().payouts} == {"cancelled"}
    assert stay.standing().payout is None
    assert "PAYOUT_TO_APPROVE" not in own.exceptions(stay.episode)
    stay.refunded()
    stay.insurers_told()
    assert stay.books() == {}


def appealed(stay: Cycle) -> Answer:
    claim = stay.living(MUTUAL)
    asked = {"number": f"AP-{stay.episode}", "claim_id": claim.id, "reason": "Class is major."}
    kind = SubmissionKind.APPEAL
    answer = stay.rig.say(kind, asked, stay.episode, key_id="key-cashier", at=LATER)[1]
    assert answer.status == 202, answer.body
    return answer


def test_an_appeal_ends_with_the_claim_that_it_is_about(rig: Rig) -> None:
    stay = settled(rig)
    appealed(stay)
    assert stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG]).status == 200
    stay.confirmed()
    stay.pays(2, "1000.00")
    stay.reserve()
    assert stay.standing().appeal is None, "nobody can decide it any more"
    stay.released()
    assert stay.standing().closable


def test_an_appeal_ends_with_its_settlement(rig: Rig) -> None:
    stay = settled(rig)
    appealed(stay)
    stay.order(CANCEL, 1)
    assert stay.standing().appeal is None


def other_account(stay: Cycle, reference: str, insurer: str, nth: int = 1) -> Answer:
    """Two keys name an account for a payout that was not made; the last answer."""
    account = {**example("episode-1-reimbursement")["account"], "number": f"6222{10_000 - nth:012}"}
    asked = {
        "number": f"PA-{nth}",
        "payout_reference": reference,
        "account": account,
        "signed_at": LATER.isoformat(),
    }
    proposed = stay.rig.say(SubmissionKind.PAYEE_ACCOUNT, asked, stay.episode, key_id="key-one")[1]
    if proposed.status != 202:
        return proposed
    word = {
        "number": f"PA-{nth}",
        "payout_reference": reference,
        "approved": True,
        "decided_at": LATER.isoformat(),
        "reason": "called back",
    }
    kind = SubmissionKind.PAYEE_DECISION
    return stay.rig.say(kind, word, stay.episode, organisation=insurer, key_id="key-two")[1]


def test_a_recalled_payout_whose_whole_amount_a_correction_pays_does_not_go_out_again(
    rig: Rig,
) -> None:
    stay = all_paid_by_one(rig)
    (first,) = of(stay, HARBOUR)
    with rig.world.records.transaction() as tx:
        cancel_unsent(tx, stay.episode, first, "DUPL", AT)
        tx.change_episode(stay.episode)
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    stay.decided(HARBOUR)
    stay.reserve()
    second = of(stay, HARBOUR)[-1]
    assert second.amount_minor == 5_300_000, "nothing was paid before"
    answer = other_account(stay, first.reference, HARBOUR)
    living = [p.amount_minor for p in of(stay, HARBOUR) if p.state != "cancelled"]
    assert living == [5_300_000]
    assert answer.codes == ["PAYOUT_NOT_WAITING"]


def test_a_refused_payout_of_an_earlier_version_does_not_go_out_after_a_cancellation(
    rig: Rig,
) -> None:
    stay = all_paid_by_one(rig)
    (first,) = of(stay, HARBOUR)
    ended_at_the_bank(stay, first, "rejected", "TECH")
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    stay.decided(HARBOUR)
    stay.reserve()
    assert stay.order(CANCEL, 2).status == 200
    stay.insurers_told()
    assert stay.books() == {}
    later = standing_by(stay.rows(), stay.rig.world, AT + timedelta(days=3))
    assert later.payout_again_due is None
    assert later.waiting_for == "HOSPITAL_FINAL_BILL"
    assert other_account(stay, first.reference, HARBOUR).codes == ["PAYOUT_NOT_WAITING"]


def test_a_payout_recalled_after_a_correction_had_counted_it_is_still_owed(rig: Rig) -> None:
    stay = all_paid_by_one(rig)
    (first,) = of(stay, HARBOUR)
    with rig.world.records.transaction() as tx:
        tx.change_intent(first.reference, state="sent", sent_at=datetime.now(UTC))
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    stay.decided(HARBOUR)
    stay.reserve()
    delta = of(stay, HARBOUR)[-1]
    assert delta.amount_minor == 100_000
    credited(stay, delta)
    ended_at_the_bank(stay, first, "cancelled", "DUPL")
    stay.released()
    assert stay.books()[A] == 5_200_000
    standing = stay.standing()
    assert not standing.closable, "the hospital has CNY 1,000.00 of 53,000.00"
    assert standing.waiting_for == "PAYOUT_CANCELLED"
    assert other_account(stay, first.reference, HARBOUR).status == 200
    credited(stay, *(p for p in of(stay, HARBOUR) if p.state == "reserved"))
    assert stay.books() == {}
    stay.released()
    assert stay.standing().closable


def test_a_correction_that_takes_over_paid_money_does_not_go_back_to_a_draft(rig: Rig) -> None:
    stay = settled(rig, **NOTHING_USED)
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    reopened = stay.order(REOPEN, 2)
    assert reopened.codes == ["BILL_NOT_TO_REOPEN"], "a new bill would be paid whole, once more"


def test_a_new_bill_does_not_close_over_what_the_cancelled_one_had_paid(rig: Rig) -> None:
    stay = settled(rig)
    stay.order(CANCEL, 1)
    stay.refunded()
    stay.insurers_told()
    assert stay.send(stay.version(2, stay.bill["lines"])).status == 200
    stay.confirmed()
    stay.pays(2, "2590.00")
    stay.reserve()
    credited(stay, *(p for p in stay.rows().payouts if p.state == "reserved"))
    stay.released()
    assert stay.books()[A] == -WHOLE
    assert not stay.standing().closable, "two claw-backs are open"
    stay.given_back()
    assert stay.books() == {}
    assert stay.standing().closable or stay.released()


def test_a_late_charge_does_not_undo_by_our_rules_what_an_appeal_has_won(rig: Rig) -> None:
    stay = Cycle.opened(rig, [first_here(rig)], version=1)
    assert isinstance(stay, Cycle)
    stay.send(stay.bill)
    stay.decided(MUTUAL)
    stay.pays(1, "24550.00")
    stay.credited()
    appealed(stay)
    word = {
        "claim_id": stay.living(MUTUAL).id,
        "outcome": "changed",
        "reason": "It is.",
        "lines": lines("3000.00", "20000.00", "9000.00", "0.00"),
        "decided_at": LATER.isoformat(),
    }
    kind = SubmissionKind.APPEAL_DECISION
    won = stay.rig.say(
        kind, word, stay.episode, organisation=MUTUAL, key_id="key-reviewer", at=LATER
    )[1]
    assert won.body["change"]["amount"] == "1830.00", won.body
    stay.credited()
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    (claim,) = (c for c in stay.rows().claims if c.bill_id == stay.row(2).id)
    ClaimSteps(stay.rig.world).decide_claim(stay.about(claim.id))
    assert stay.rows().claim(claim.id).state == "pended", "a person's word stays"
    assert stay.rows().claw_backs == []


def test_the_limit_of_one_key_is_not_passed_in_small_steps(rig: Rig) -> None:
    limit = 5_250_000
    own = replace(rig, world=replace(rig.world, payout_approval_above_fen=limit))
    stay = billed(own, **NOTHING_USED)
    stay.confirmed()
    stay.reserve()
    (first,) = of(stay, HARBOUR)
    assert (first.amount_minor, first.state) == (5_200_000, "reserved")
    credited(stay, first)
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    stay.decided(HARBOUR)
    stay.reserve()
    more = of(stay, HARBOUR)[-1]
    assert (more.amount_minor, more.state) == (100_000, "to_be_approved")


def test_a_new_bill_after_a_cancelled_one_is_covered_by_no_more_than_the_letter_was(
    rig: Rig,
) -> None:
    stay = Cycle.opened(rig, [first_there()], version=1, limit_hkd=20_000)
    assert isinstance(stay, Cycle)
    assert paid(stay.send(stay.bill).split)[HARBOUR] == "18300.00"
    stay.decided(HARBOUR)
    stay.pays(1, "33700.00")
    stay.credited()
    stay.released()
    assert SubmissionSteps(stay.rig.world).close_episode(stay.about("")).closed
    assert stay.order(CANCEL, 1).status == 200
    again = stay.send(stay.version(2, stay.bill["lines"]))
    assert paid(again.split)[HARBOUR] == "18300.00", "HKD 20,000.00 were promised"


def test_who_led_to_a_payout_does_not_release_it_by_another_account(
    rig: Rig, tmp_path: Path
) -> None:
    desk = PayoutDesk.of(rig, tmp_path, payout_approval_above_fen=AMOUNT - 1)
    episode = desk.reserved("maker")
    reference = desk.payout(episode).reference
    refused = released(reference, approved=False)
    assert desk.say(SubmissionKind.PAYOUT_APPROVAL, refused, episode, "checker").status == 200
    same = proposal(reference, account="6200000000000047")
    assert desk.say(SubmissionKind.PAYEE_ACCOUNT, same, episode, "clerk").status == 202
    said = word(reference)
    assert desk.say(SubmissionKind.PAYEE_DECISION, said, episode, "maker").status == 200
    again = desk.payout(episode)
    assert (again.reference, again.state) == (f"{reference}-2", "to_be_approved")


def test_what_a_denied_correction_asks_back_ends_with_the_payout_that_never_went_out(
    rig: Rig,
) -> None:
    stay = all_paid_by_one(rig)
    (first,) = of(stay, HARBOUR)
    with rig.world.records.transaction() as tx:
        tx.change_intent(first.reference, state="sent", sent_at=AT)
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    assert stay.decided(HARBOUR, 0).state == "denied"
    assert [b.amount_minor for b in stay.rows().claw_backs] == [first.amount_minor]
    with rig.world.records.transaction() as tx:
        cancel_unsent(tx, stay.episode, first, "DUPL", AT)
        tx.change_episode(stay.episode)
    assert stay.given_back() == {}
    assert stay.books().get(A, 0) == 0
    assert "CLAW_BACK_DUE" not in rig.exceptions(stay.episode)


def test_what_the_patient_owed_for_a_later_decision_is_ordered_back_with_the_whole(
    rig: Rig,
) -> None:
    stay = reimbursed(rig)
    (_, later) = (c for c in stay.rows().claims if c.organisation_id == HARBOUR)
    less_later = says(stay, HARBOUR, "6000.00", claim_id=later.id)
    assert less_later.body["change"]["amount"] == "-3660.00"
    bill, kind = stay.bill, SubmissionKind.CANCELLATION
    stay.rig.say(kind, cancelling(bill["number"], bill["version"]), stay.episode)
    assert "CLAW_BACK_DUE" in stay.rig.exceptions(stay.episode)
    stay.rig.paid_back(stay.episode)
    for back in stay.rows().claw_backs:
        told = {"claw_back": back.reference, "receipt": "RC", "received_at": LATER.isoformat()}
        who, kind = back.organisation_id, SubmissionKind.CLAW_BACK
        assert stay.rig.say(kind, told, stay.episode, organisation=who)[1].status == 200
    balances = stay.rig.balances(stay.episode)
    assert {k: v for k, v in balances.items() if not k.startswith("guarantee:")} == {}
    assert "CLAW_BACK_DUE" not in stay.rig.exceptions(stay.episode)
