"""Two insurers of one episode (scenario E11): the first pays first, the second on what it left."""

from __future__ import annotations

import pytest

from activities import claims, decided_bill
from crossclaim.domain import standing
from crossclaim.domain.insurer_turns import Turn, insurers_parts
from crossclaim.domain.records import BillRow, EpisodeRows
from crossclaim.domain.submission import SubmissionKind
from tests.steps.rig import HARBOUR, HOSPITAL, MUTUAL, Answer, Rig
from tests.steps.two_insurers import (
    PEARL,
    SCALE,
    YEARS,
    DualStay,
    KilledHere,
    first_here,
    first_there,
    paid,
    second_here,
    second_there,
)

A_FEN = 2_745_000


def asked(stay: DualStay) -> dict[str, str]:
    return {error["pointer"]: error["code"] for error in stay.billed().body["errors"]}


@pytest.mark.parametrize("year", YEARS)
def test_the_window_is_told_e11s_figures(rig: Rig, year: int) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(year)])
    patient = {1: "24550.00", 2: "13570.00", 3: "2590.00", 4: "0.00"}
    assert paid(stay.billed().split) == {
        HARBOUR: "27450.00",
        MUTUAL: YEARS[year],
        "patient": patient[year],
    }


def test_who_pays_first_is_asked_of_each_insurer(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(order=None), second_here(3, order=None)])
    code = "DUAL_COVER_NEEDS_PERSON"
    assert asked(stay) == {"/cover_facts/0/order": code, "/cover_facts/1/order": code}
    stay.bill["cover_facts"] = {"0": {"order": 1}, "1": {"order": 2}}
    assert paid(stay.billed().split)[MUTUAL] == YEARS[3]


def test_the_order_that_is_stated_counts_and_not_the_order_of_the_list(rig: Rig) -> None:
    stay = DualStay.opened(rig, [second_here(3), first_there()])
    split = stay.billed().split
    assert [t.organisation for t in split.totals] == [HARBOUR, MUTUAL, None]
    assert paid(split)[MUTUAL] == YEARS[3]


def test_the_second_alone_is_a_full_claim_without_the_firsts_statement(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(3)], coverages=[1])
    answer = stay.billed()
    assert answer.codes == ["OTHER_INSURER_STATEMENT_MISSING"]
    assert (stay.rows().bills, stay.rows().claims) == ([], [])


def test_the_first_alone_is_legal(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(3)], coverages=[0])
    assert paid(stay.billed().split) == {HARBOUR: "27450.00", "patient": "24550.00"}


def test_the_second_is_claimed_of_when_the_first_has_decided_and_with_its_statement(
    rig: Rig,
) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()])
    stay.billed()
    assert stay.claims() == {HARBOUR: "due"}
    stay.submit(HARBOUR)
    assert stay.claims() == {HARBOUR: "queued"}
    assert stay.examiners[HARBOUR].orders[0].statements == []
    standing = stay.answered(HARBOUR, 3_000_000)
    assert stay.claims() == {HARBOUR: "partial", PEARL: "due"}
    assert standing.claim_due == stay.claim_on(PEARL).id
    stay.submit(PEARL)
    (order,) = stay.examiners[PEARL].orders
    (statement,) = order.statements
    told = (statement.organisation, statement.benefit.amount_minor, statement.paid.amount_minor)
    assert told == (HARBOUR, 3_000_000, A_FEN)
    assert order.insured.insurer == PEARL
    assert order.guarantee_number == f"LG-{PEARL}"
    stay.answered(PEARL, 2_400_000)
    assert stay.reserve() == {HARBOUR: A_FEN, PEARL: 2_196_000}


def test_an_insurer_that_decides_here_follows_one_that_decides_there(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(2)])
    stay.billed()
    stay.submit(HARBOUR)
    assert stay.standing().claim_decision_due is None
    stay.answered(HARBOUR, 3_000_000)
    stay.decide()
    assert stay.claims() == {HARBOUR: "partial", MUTUAL: "partial"}
    assert stay.reserve() == {HARBOUR: A_FEN, MUTUAL: 1_098_000}
    assert stay.rows().exceptions == []


def ledger(rig: Rig, stay: DualStay) -> dict[str, int]:
    """Account → what the episode's entries left on it, without the zeros."""
    return rig.balances(stay.episode)


def test_each_insurer_owes_its_own_part_and_each_payout_is_ordered_from_its_own_account(
    rig: Rig,
) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(3)])
    limits = {
        f"guarantee:{name}:{side}": sign * 9_000_000
        for name in (HARBOUR, MUTUAL)
        for side, sign in (("reserved", 1), ("committed", -1))
    }
    assert ledger(rig, stay) == limits
    stay.billed()
    owed = {
        "funder:insurer:harbour-life:due": A_FEN,
        "funder:insurer:kowloon-mutual:due": 2_196_000,
        "funder:patient:due": 259_000,
        "hospital:hku-szh:bills": -5_200_000,
    }
    limits |= {
        f"guarantee:{HARBOUR}:reserved": 6_000_000,
        f"guarantee:{HARBOUR}:used": 3_000_000,
        f"guarantee:{MUTUAL}:reserved": 6_600_000,
        f"guarantee:{MUTUAL}:used": 2_400_000,
    }
    assert ledger(rig, stay) == limits | owed
    stay.submit(HARBOUR)
    stay.answered(HARBOUR, 3_000_000)
    stay.decide()
    stay.reserve()
    on_its_way = {
        "clearing:harbour-bank:harbour-life": A_FEN,
        "clearing:harbour-bank:kowloon-mutual": 2_196_000,
        "funder:patient:due": 259_000,
        "hospital:hku-szh:bills": -5_200_000,
    }
    assert ledger(rig, stay) == limits | on_its_way
    debtors = {p.debtor_account_sha256 for p in stay.rows().payouts}
    assert len(debtors) == 2


def test_a_first_decision_below_its_forecast_leaves_more_to_the_second(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(3)])
    stay.billed()
    stay.submit(HARBOUR)
    stay.answered(HARBOUR, 1_000_000)
    assert paid(stay.split()) == {HARBOUR: "9150.00", MUTUAL: "21960.00", "patient": "20890.00"}
    stay.decide()
    assert stay.reserve() == {HARBOUR: 915_000, MUTUAL: 2_196_000}
    assert [x.code for x in stay.rows().exceptions] == ["DECISION_DIFFERS"]


def test_a_first_decision_above_its_forecast_leaves_the_second_only_the_rest(rig: Rig) -> None:
    second = second_here(4)
    stay = DualStay.opened(rig, [first_there(), second])
    stay.billed()
    assert rig.used(second.policy, SCALE) == 2_683_060
    stay.submit(HARBOUR)
    stay.answered(HARBOUR, 5_600_000)
    assert paid(stay.split()) == {HARBOUR: "51240.00", MUTUAL: "760.00", "patient": "0.00"}
    assert rig.used(second.policy, SCALE) == 83_060
    stay.decide()
    assert stay.reserve() == {HARBOUR: 5_124_000, MUTUAL: 76_000}


def test_a_first_that_decides_more_than_the_bill_is_cut_at_it_and_the_second_pays_nothing(
    rig: Rig,
) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(4)])
    stay.billed()
    stay.submit(HARBOUR)
    stay.answered(HARBOUR, 6_000_000)
    assert paid(stay.split()) == {HARBOUR: "52000.00", MUTUAL: "0.00", "patient": "0.00"}
    assert stay.claims() == {HARBOUR: "partial"}
    assert stay.reserve() == {HARBOUR: 5_200_000}


def test_a_first_that_denies_leaves_the_whole_bill_to_the_second(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(4)])
    stay.billed()
    stay.submit(HARBOUR)
    stay.answered(HARBOUR, 0)
    assert stay.claims() == {HARBOUR: "denied", MUTUAL: "due"}
    assert paid(stay.split()) == {HARBOUR: "0.00", MUTUAL: "43920.00", "patient": "8080.00"}
    stay.decide()
    assert stay.reserve() == {MUTUAL: 4_392_000}


def test_every_line_and_every_split_adds_up_after_each_decision(rig: Rig) -> None:
    for cents in (0, 1, 1_000_000, 2_999_999, 3_000_001, 5_683_059, 5_683_060, 5_683_061):
        stay = DualStay.opened(rig, [first_there(), second_here(3)])
        stay.billed()
        stay.submit(HARBOUR)
        stay.answered(HARBOUR, cents)
        split = stay.split()
        assert sum(t.amount.amount_minor for t in split.totals) == 5_200_000
        for number, amount in enumerate((360_000, 2_500_000, 1_500_000, 840_000), 1):
            assert sum(s.amount.amount_minor for s in split.shares if s.line == number) == amount
        for one in split.totals:
            of_lines = [
                s.amount.amount_minor
                for s in split.shares
                if (s.funder, s.organisation) == (one.funder, one.organisation)
            ]
            assert sum(of_lines) == one.amount.amount_minor


def test_an_insurer_that_decides_here_may_be_the_first(rig: Rig) -> None:
    first, second = first_here(rig), second_there()
    stay = DualStay.opened(rig, [first, second])
    stay.billed()
    assert stay.claims() == {MUTUAL: "due"}
    stay.decide()
    assert stay.claims() == {MUTUAL: "partial", PEARL: "due"}
    stay.submit(PEARL)
    (statement,) = stay.examiners[PEARL].orders[0].statements
    assert (statement.organisation, statement.paid.amount_minor) == (MUTUAL, A_FEN)
    stay.answered(PEARL, 2_400_000)
    assert stay.reserve() == {MUTUAL: A_FEN, PEARL: 2_196_000}


def test_a_decision_of_the_second_moves_its_own_part_only(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()])
    stay.billed()
    stay.submit(HARBOUR)
    stay.answered(HARBOUR, 3_000_000)
    stay.submit(PEARL)
    stay.answered(PEARL, 1_200_000)
    assert paid(stay.split()) == {HARBOUR: "27450.00", PEARL: "10980.00", "patient": "13570.00"}
    assert stay.reserve() == {HARBOUR: A_FEN, PEARL: 1_098_000}


def test_the_same_decision_twice_and_a_late_other_one_change_nothing(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(3)])
    stay.billed()
    stay.submit(HARBOUR)
    stay.answered(HARBOUR, 3_000_000)
    stay.decide()
    before = (stay.claims(), paid(stay.split()), stay.reserve(), ledger(rig, stay))
    stay.callback(HARBOUR, 3_000_000)
    assert stay.rows().exceptions == []
    stay.callback(HARBOUR, 1_000_000)
    assert [x.code for x in stay.rows().exceptions] == ["DECISION_CHANGED_LATER"]
    stay.decide()
    assert (stay.claims(), paid(stay.split()), stay.reserve(), ledger(rig, stay)) == before


def test_an_answer_about_the_second_before_it_was_claimed_of_is_about_nothing(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()])
    split = stay.billed()
    reference = f"CL{split.body['bill']['id'].partition('_')[2]}-2"
    assert stay.callback(PEARL, 2_400_000, reference).codes == ["ANSWER_UNKNOWN"]
    assert stay.claims() == {HARBOUR: "due"}


def test_nobody_decides_anothers_claim(rig: Rig) -> None:
    """Each insurer's claims are named alike, so either can tell what the other's are called."""
    stay = DualStay.opened(rig, [first_there(), second_there()])
    split = stay.billed()
    stay.submit(HARBOUR)
    reference = f"CL{split.body['bill']['id'].partition('_')[2]}"
    assert stay.callback(PEARL, 2_400_000, reference).codes == ["ANSWER_UNKNOWN"]
    assert stay.claims() == {HARBOUR: "queued"}
    assert stay.callback(HARBOUR, 3_000_000, reference).status == 200


def test_a_worker_that_dies_between_the_two_claims_leaves_one_claim_on_each(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()])
    stay.billed()
    stay.will_answer(HARBOUR, 3_000_000)
    with pytest.raises(KilledHere):
        stay.dying_at("decision-stored").submit(HARBOUR)
    assert stay.claims() == {HARBOUR: "partial", PEARL: "due"}
    stay.submit(HARBOUR)
    with pytest.raises(KilledHere):
        stay.dying_at("claim-sent").submit(PEARL)
    assert stay.claims()[PEARL] == "submitted"
    stay.submit(PEARL)
    assert [len(stay.examiners[one].orders) for one in (HARBOUR, PEARL)] == [1, 1]
    stay.answered(PEARL, 2_400_000)
    assert stay.reserve() == {HARBOUR: A_FEN, PEARL: 2_196_000}


def test_a_missing_consent_for_the_second_stops_the_second_alone(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()])
    stay.billed()
    stay.submit(HARBOUR)
    stay.withdraw_from(PEARL)
    stay.answered(HARBOUR, 3_000_000)
    stay.submit(PEARL)
    assert stay.claims() == {HARBOUR: "partial", PEARL: "failed"}
    assert stay.examiners[PEARL].orders == []
    assert stay.reserve() == {HARBOUR: A_FEN}
    stay.credited()
    assert stay.standing().waiting_for == "PERSON_CLAIM"


def test_a_stopped_first_keeps_the_second_waiting(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(3)])
    stay.withdraw_from(HARBOUR)
    stay.billed()
    stay.submit(HARBOUR)
    assert stay.claims() == {HARBOUR: "failed"}
    assert stay.reserve() == {}


def test_a_claim_that_some_hand_made_before_its_turn_is_stopped(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()])
    stay.billed()
    stay.claim_by_hand(PEARL)
    stay.submit(PEARL)
    assert stay.examiners[PEARL].orders == []
    code = {"CLAIM_STOPPED": "OTHER_INSURER_STATEMENT_MISSING"}
    assert stay.rig.exceptions(stay.episode) == code


def test_both_guarantees_are_released_once_all_is_paid(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(4)])
    stay.billed()
    stay.submit(HARBOUR)
    stay.answered(HARBOUR, 3_000_000)
    assert stay.standing().guarantee_release_due is None
    stay.decide()
    stay.credited()
    assert stay.released() == [HARBOUR, MUTUAL]
    assert ledger(rig, stay) == {}
    assert stay.standing().closable


def test_what_each_owes_the_patient_beyond_its_guarantee_is_claimed_of_each(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()], limit_hkd=10_000)
    split = stay.billed().split
    later = {t.organisation: t.amount.amount_minor for t in split.later}
    assert later == {HARBOUR: 1_830_000, PEARL: 1_281_000}
    for one in (HARBOUR, PEARL):
        stay.submit(one)
        stay.answered(one, 1_000_000)
    stay.tender("33700.00")
    stay.credited()
    assert stay.reimburse() == {HARBOUR: 1_830_000, PEARL: 1_281_000}
    told = stay.examiners[PEARL].orders[-1]
    assert [s.organisation for s in told.statements] == [HARBOUR]
    assert (told.payee, told.statements[0].paid.amount_minor) == ("patient", A_FEN)


def test_an_insurer_names_the_payee_of_its_own_money_only(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()], limit_hkd=10_000)
    stay.billed()
    for one in (HARBOUR, PEARL):
        stay.submit(one)
        stay.answered(one, 1_000_000)
    stay.tender("33700.00")
    stay.credited()

    def asks(organisation: str) -> Answer:
        asked, kind = stay.reimbursement(), SubmissionKind.REIMBURSEMENT
        return rig.say(kind, asked, stay.episode, organisation=organisation)[1]

    assert asks(PEARL).status == 202
    claims = [c for c in stay.rows().claims if c.kind == "reimbursement"]
    assert [(c.organisation_id, c.forecast_minor) for c in claims] == [(PEARL, 1_400_000)]
    assert asks(PEARL).codes == ["REIMBURSEMENT_ALREADY_ASKED"]
    assert asks(HOSPITAL).status == 202
    claims = [c for c in stay.rows().claims if c.kind == "reimbursement"]
    assert sorted(c.organisation_id or "" for c in claims) == [HARBOUR, PEARL]
    assert asks(HOSPITAL).codes == ["REIMBURSEMENT_ALREADY_ASKED"]


def test_a_plan_that_no_longer_knows_the_second_leaves_the_decision_to_a_person_until_it_does(
    rig: Rig,
) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(3)])
    stay.billed()
    stay.submit(HARBOUR)
    stay.without_plan(SCALE).answered(HARBOUR, 1_000_000)
    assert rig.exceptions(stay.episode) == {"DECISION_NOT_DIVIDED": "PLAN_UNKNOWN"}
    assert stay.claims() == {HARBOUR: "queued"}
    stay.answered(HARBOUR, 1_000_000)
    assert stay.claims() == {HARBOUR: "partial", MUTUAL: "due"}
    assert rig.exceptions(stay.episode) == {"DECISION_DIFFERS": ""}


class Naive:
    """Both insurers are told the full bill at once, and each pays as if it were alone."""

    @staticmethod
    def next_claim(rows: EpisodeRows, bill: BillRow) -> Turn | None:
        allocation = rows.allocation(bill.id)
        parts = [] if allocation is None else insurers_parts(allocation.result)
        for sequence, part in enumerate(parts, 1):
            if rows.direct_claim(bill.id, part.organisation) is None:
                return Turn(sequence, part)
        return None


def overpaid(stay: DualStay) -> bool:
    """The hospital gets more than its bill."""
    return sum(stay.reserve().values()) > 5_200_000


def told_at_once(rig: Rig) -> DualStay:
    """The first denies nothing and pays the whole bill, as it was told of no other."""
    stay = DualStay.opened(rig, [first_there(), second_there()])
    stay.billed()
    stay.submit(HARBOUR)
    stay.look_again()
    if PEARL in stay.claims():
        stay.submit(PEARL)
        stay.answered(PEARL, 2_400_000)
    stay.answered(HARBOUR, 5_683_060)
    return stay


def test_a_hospital_is_never_paid_more_than_its_bill(rig: Rig) -> None:
    assert not overpaid(told_at_once(rig))


def test_the_naive_twin_that_tells_both_the_full_bill_overpays(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(standing, "next_claim", Naive.next_claim)
    monkeypatch.setattr(claims, "statements_before", lambda rows, claim: [])
    monkeypatch.setattr(decided_bill, "DECIDED", {})
    assert overpaid(told_at_once(rig))
