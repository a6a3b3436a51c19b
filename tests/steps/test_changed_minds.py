"""An insurer that pays first changes its mind after the second has paid (scenario E11): deltas."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from activities import redecisions
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.submission import SubmissionKind
from crossclaim.domain.tender_refunds import overpaid
from tests.flows.hospital import Body
from tests.steps.appeals import lines
from tests.steps.rig import AT, HARBOUR, HOSPITAL, MUTUAL, Answer, Rig
from tests.steps.two_insurers import (
    PEARL,
    SCALE,
    DualStay,
    Insured,
    first_here,
    first_there,
    paid,
    second_here,
    second_there,
)

BILL, A_FEN = 5_200_000, 2_745_000
LATER = AT + timedelta(days=20)


def long_insured_there() -> Insured:
    """B by its whole schedule, deciding in a house of its own."""
    return Insured(PEARL, SCALE, "PA-2018-E11B1", {"order": 2, "covered_since": "2018-01-01"})


def both_paid(
    rig: Rig, insured: Sequence[Insured], second_cents: int = 2_683_060, tender: str = ""
) -> DualStay:
    stay = DualStay.opened(rig, list(insured))
    stay.billed()
    for one in insured:
        if one.organisation == MUTUAL:
            stay.decide()
            continue
        first = one is insured[0]
        stay.submit(one.organisation)
        stay.answered(one.organisation, 3_000_000 if first else second_cents)
    if tender:
        stay.tender(tender)
    stay.credited()
    return stay


def says(stay: DualStay, insurer: str, hkd: str, **changes: object) -> Answer:
    """The insurer stands by its newer word."""
    claim_id = changes.pop("claim_id", None) or original(stay, insurer).id
    word = {
        "number": f"CM-{insurer}-{hkd}",
        "claim_id": claim_id,
        "benefit": {"amount": hkd, "currency": "HKD"},
        "reason": "The limit was counted wrongly.",
        "decided_at": LATER.isoformat(),
        **changes,
    }
    kind = SubmissionKind.CHANGED_DECISION
    return stay.rig.say(
        kind, word, stay.episode, organisation=insurer, key_id=f"key-{insurer}", at=LATER
    )[1]


def original(stay: DualStay, insurer: str) -> ClaimRow:
    (found,) = (
        c for c in stay.rows().claims if c.organisation_id == insurer and c.supplements is None
    )
    return found


def payouts(stay: DualStay) -> list[tuple[str, int]]:
    return [(p.debtor_organisation_id, p.amount_minor) for p in stay.rows().payouts]


def changes(stay: DualStay) -> dict[str, int]:
    """Insurer → fen of its last revision."""
    about = {c.id: c.organisation_id or "" for c in stay.rows().claims}
    return {about[r.claim_id]: r.change_fen for r in stay.rows().revisions}


def adds_up(stay: DualStay) -> dict[str, int]:
    """The trial balance, and that the hospital keeps its bill and never more; the balances."""
    balances = stay.rig.balances(stay.episode)
    of_money = {k: v for k, v in balances.items() if not k.startswith("guarantee:")}
    assert sum(of_money.values()) == 0, of_money
    split = stay.split()
    assert sum(t.amount.amount_minor for t in split.totals) == BILL
    for one in insurers_of(stay):
        part = split.insurer(one)
        kept = sum(amount for who, amount in payouts(stay) if who == one)
        backs = (b for b in stay.rows().claw_backs if b.organisation_id == one and b.counts)
        kept -= sum(b.amount_minor for b in backs)
        assert kept == (part.amount.amount_minor if part else 0)
    return of_money


def insurers_of(stay: DualStay) -> set[str]:
    return {c.organisation_id or "" for c in stay.rows().claims}


def test_a_first_that_pays_less_after_all_is_paid_more_of_by_the_second_by_rule(rig: Rig) -> None:
    stay = both_paid(rig, [first_there(), second_here(4)])
    assert payouts(stay) == [(HARBOUR, A_FEN), (MUTUAL, 2_455_000)]
    answer = says(stay, HARBOUR, "10000.00")
    assert (answer.status, answer.body["change"]["amount"]) == (200, "-18300.00")
    assert changes(stay) == {HARBOUR: -1_830_000, MUTUAL: 1_830_000}
    stay.credited()
    assert payouts(stay) == [(HARBOUR, A_FEN), (MUTUAL, 2_455_000), (MUTUAL, 1_830_000)]
    assert adds_up(stay) == {
        "funder:insurer:harbour-life:due": -1_830_000,
        "hospital:hku-szh:bills": 1_830_000,
    }
    assert paid(stay.split())["patient"] == "0.00"
    assert rig.exceptions(stay.episode).keys() == {"CLAW_BACK_DUE"}
    told = rig.story(stay.episode, LATER)
    assert "HKD 10,000.00 in all, a difference of CNY -18,300.00" in told
    assert "Kowloon Mutual Insurance pays HKD 46,830.60" in told


def test_a_first_that_pays_more_after_all_leaves_the_second_only_the_rest(rig: Rig) -> None:
    second = second_here(4)
    stay = both_paid(rig, [first_there(), second])
    assert says(stay, HARBOUR, "56000.00").body["change"]["amount"] == "23790.00"
    assert changes(stay) == {HARBOUR: 2_379_000, MUTUAL: -2_379_000}
    stay.credited()
    assert payouts(stay)[2:] == [(HARBOUR, 2_379_000)]
    assert adds_up(stay)["funder:insurer:kowloon-mutual:due"] == -2_379_000
    assert rig.used(second.policy, SCALE) == 83_060


def test_a_second_house_of_its_own_is_locked_and_the_patient_gets_back_what_is_too_much(
    rig: Rig,
) -> None:
    stay = both_paid(rig, [first_there(), second_there()], 2_400_000, tender="2590.00")
    says(stay, HARBOUR, "32000.00")
    assert changes(stay) == {HARBOUR: 183_000}
    assert paid(stay.split()) == {HARBOUR: "29280.00", PEARL: "21960.00", "patient": "760.00"}
    stay.credited()
    adds_up(stay)
    (bill,) = stay.rows().bills
    assert overpaid(stay.rows(), bill) == 183_000
    assert stay.standing().tenders is not None


def test_together_they_never_pay_more_than_the_bill(rig: Rig) -> None:
    stay = both_paid(rig, [first_there(), second_there()], 2_400_000)
    says(stay, HARBOUR, "56000.00")
    assert changes(stay) == {HARBOUR: 2_379_000, PEARL: -2_120_000}
    assert paid(stay.split()) == {HARBOUR: "51240.00", PEARL: "760.00", "patient": "0.00"}
    stay.credited()
    adds_up(stay)


def test_what_a_second_house_would_pay_by_its_rules_is_proposed_to_it(rig: Rig) -> None:
    stay = both_paid(rig, [first_there(), long_insured_there()])
    says(stay, HARBOUR, "10000.00")
    assert changes(stay) == {HARBOUR: -1_830_000}
    assert paid(stay.split())["patient"] == "18300.00"
    assert told(stay, "UPSTREAM_DECISION_CHANGED") == {
        "stands_cny": "24550.00",
        "proposed_cny": "42850.00",
    }
    assert says(stay, PEARL, "46830.60").body["change"]["amount"] == "18300.00"
    stay.credited()
    assert adds_up(stay)["funder:insurer:harbour-life:due"] == -1_830_000
    assert paid(stay.split())["patient"] == "0.00"
    assert "UPSTREAM_DECISION_CHANGED" not in stay.rig.exceptions(stay.episode)


def told(stay: DualStay, code: str) -> Body:
    found = stay.rig._select(
        "select details from exception_item where episode_id = %(id)s and code = %(code)s",
        id=stay.episode,
        code=code,
    )
    details: Body = found[0]["details"]
    return details


def test_another_answer_alone_moves_nothing_and_says_what_it_would_move(rig: Rig) -> None:
    stay = both_paid(rig, [first_there(), second_here(4)])
    before = (payouts(stay), stay.rig.balances(stay.episode))
    stay.callback(HARBOUR, 1_000_000)
    assert told(stay, "DECISION_CHANGED_LATER")["proposed_cny"] == "-18300.00"
    assert (payouts(stay), stay.rig.balances(stay.episode)) == before
    says(stay, HARBOUR, "10000.00")
    assert "DECISION_CHANGED_LATER" not in stay.rig.exceptions(stay.episode)


def test_the_same_change_said_twice_moves_money_once(rig: Rig) -> None:
    stay = both_paid(rig, [first_there(), second_here(4)])
    says(stay, HARBOUR, "56000.00")
    again = says(stay, HARBOUR, "56000.00", number="CM-again")
    assert again.body["change"]["amount"] == "0.00"
    stay.credited()
    assert len(payouts(stay)) == 3
    adds_up(stay)


def test_back_and_forth_ends_where_it_began(rig: Rig) -> None:
    stay = both_paid(rig, [first_there(), second_here(4)])
    for hkd in ("56000.00", "10000.00", "30000.00"):
        says(stay, HARBOUR, hkd)
        stay.credited()
        adds_up(stay)
    assert paid(stay.split()) == {HARBOUR: "27450.00", MUTUAL: "24550.00", "patient": "0.00"}


def test_a_second_that_pays_the_new_whole_amount_is_noticed(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    def nothing(rows: EpisodeRows, claim: ClaimRow) -> int:
        return 0

    monkeypatch.setattr(redecisions, "promised", nothing)
    stay = both_paid(rig, [first_there(), second_here(4)])
    says(stay, HARBOUR, "10000.00")
    stay.credited()
    with pytest.raises(AssertionError):
        adds_up(stay)


def appealed(stay: DualStay, *amounts: str) -> Answer:
    claim = original(stay, MUTUAL)
    asked = {"number": "AP-E11", "claim_id": claim.id, "reason": "The surgeon's class is major."}
    kind = SubmissionKind.APPEAL
    _, taken = stay.rig.say(kind, asked, stay.episode, key_id="key-cashier", at=LATER)
    assert taken.status == 202, taken.body
    word = {
        "claim_id": claim.id,
        "outcome": "changed",
        "reason": "It is.",
        "lines": lines(*amounts),
        "decided_at": LATER.isoformat(),
    }
    return stay.rig.say(
        SubmissionKind.APPEAL_DECISION,
        word,
        stay.episode,
        organisation=MUTUAL,
        key_id="key-reviewer",
        at=LATER,
    )[1]


def test_a_hospital_that_wins_its_appeal_against_the_first_is_paid_the_difference(
    rig: Rig,
) -> None:
    stay = both_paid(rig, [first_here(rig), second_there()], 2_400_000, tender="2590.00")
    answer = appealed(stay, "3000.00", "20000.00", "9000.00", "0.00")
    assert (answer.status, answer.body["change"]["amount"]) == (200, "1830.00")
    stay.credited()
    assert payouts(stay) == [(MUTUAL, A_FEN), (PEARL, 2_196_000), (MUTUAL, 183_000)]
    more = stay.rows().payouts[-1]
    assert (more.payee, more.reference) == ("hospital", f"PO{more.claim_id.partition('_')[2]}")
    adds_up(stay)
    (bill,) = stay.rows().bills
    assert overpaid(stay.rows(), bill) == 183_000


def test_words_that_an_insurer_may_not_say_move_nothing(rig: Rig) -> None:
    stay = both_paid(rig, [first_there(), second_here(4)])
    above = says(stay, HARBOUR, "56830.61")
    assert above.codes == ["DECISION_ABOVE_CLAIM"]
    macao = {"amount": "1.00", "currency": "MOP"}
    assert says(stay, HARBOUR, "1.00", benefit=macao).codes == ["DECISION_CURRENCY"]
    other = original(stay, MUTUAL).id
    assert says(stay, HARBOUR, "1.00", claim_id=other).codes == ["DECISION_NOT_YOURS"]
    assert says(stay, MUTUAL, "1.00").codes == ["DECISION_DECIDED_HERE"]
    assert says(stay, HARBOUR, "1.00", claim_id="cl_none").codes == ["CLAIM_UNKNOWN"]
    asked = {"number": "AP-1", "claim_id": original(stay, HARBOUR).id, "reason": "No."}
    kind = SubmissionKind.APPEAL
    refused = stay.rig.say(kind, asked, stay.episode, organisation=HOSPITAL, key_id="k", at=LATER)
    assert refused[1].codes == ["APPEAL_DECIDED_THERE"]
    assert stay.rows().revisions == [] and len(payouts(stay)) == 2


def reimbursed(rig: Rig) -> DualStay:
    """A's guarantee covers HKD 20,000 of its 30,000; the patient gets the rest afterwards."""
    stay = DualStay.opened(rig, [first_there(), second_there()], limit_hkd=20_000)
    stay.billed()
    for insurer, cents in ((HARBOUR, 2_000_000), (PEARL, 2_000_000)):
        stay.submit(insurer)
        stay.answered(insurer, cents)
    stay.tender(paid(stay.split())["patient"])
    assert stay.reimburse()[HARBOUR] == 915_000
    stay.credited()
    return stay


def test_what_the_patient_got_afterwards_changes_by_its_own_claim_alone(rig: Rig) -> None:
    stay = reimbursed(rig)
    (direct, later) = (c for c in stay.rows().claims if c.organisation_id == HARBOUR)
    before = payouts(stay)
    refused = says(stay, HARBOUR, "32000.00", claim_id=direct.id)
    assert (refused.status, refused.codes) == (422, ["LATER_PART_CLAIMED"])
    assert payouts(stay) == before and stay.rows().revisions == []
    more = says(stay, HARBOUR, "12000.00", claim_id=later.id)
    assert (more.status, more.body["change"]["amount"]) == (200, "1830.00")
    stay.credited()
    assert payouts(stay) == [*before, (HARBOUR, 183_000)]
    assert stay.rows().payouts[-1].payee == "patient"
    less = says(stay, HARBOUR, "6000.00", claim_id=later.id)
    assert less.body["change"]["amount"] == "-5490.00"
    stay.credited()
    balances = stay.rig.balances(stay.episode)
    of_money = {k: v for k, v in balances.items() if not k.startswith("guarantee:")}
    assert sum(of_money.values()) == 0
    assert of_money[f"funder:insurer:{HARBOUR}:due"] == -549_000
