"""Which of several covers applies: each insurer is asked, and one that says no is taken out."""

from __future__ import annotations

import contextlib
import threading
from dataclasses import replace

import pytest

from activities import covers
from crossclaim.domain.accumulators import Accumulators
from crossclaim.domain.errors import Unavailable
from crossclaim.domain.records import CoverKey
from crossclaim.domain.submission import SubmissionKind
from crossclaim.security.roles import Principal, Role
from crossclaim.service.party_view import party_view
from crossclaim.store.cover_tables import CoverTables
from tests.flows.hospital import Body
from tests.steps.examiner import Examiner
from tests.steps.rig import HARBOUR, MUTUAL, Answer, Rig, Visit, insured_by, policy_number
from tests.steps.two_insurers import (
    PEARL,
    SCALE,
    DualStay,
    Insured,
    first_there,
    paid,
    second_here,
    second_there,
)


def told(answer: Answer) -> dict[str, str]:
    return {error["pointer"]: error["code"] for error in answer.body["errors"]}


def offered(answer: Answer) -> list[list[int]]:
    return [one["coverages"] for one in answer.body["alternatives"]]


def test_every_insurer_that_decides_there_is_asked_whether_its_cover_is_in_force(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()])
    assert [c.eligible for c in stay.rows().insurers()] == [True, True]
    asked = rig.asked(stay.episode, "eligibility")
    assert sorted(asked) == [HARBOUR, PEARL]
    assert len(set(asked.values())) == 2


def test_a_first_that_is_not_in_force_is_taken_out_and_the_second_alone_is_legal(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(3)], refusing=frozenset({HARBOUR}))
    answer = stay.billed()
    assert told(answer) == {"/episode/coverages/0": "INSURER_SAYS_NOT_IN_FORCE"}
    assert offered(answer) == [[1]]
    (only,) = answer.body["alternatives"]
    assert only["patient"]["amount"] == "30040.00"
    stay.bill["coverages"] = [1]
    assert paid(stay.billed().split)[MUTUAL] == "21960.00"
    assert stay.claims() == {MUTUAL: "due"}


def test_a_second_that_is_not_in_force_leaves_the_first_alone(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()], refusing=frozenset({PEARL}))
    answer = stay.billed()
    assert told(answer) == {"/episode/coverages/1": "INSURER_SAYS_NOT_IN_FORCE"}
    assert offered(answer) == [[0]]


def test_the_only_insurer_that_says_no_leaves_the_bill_to_the_patient(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there()], refusing=frozenset({HARBOUR}))
    answer = stay.billed()
    assert told(answer) == {"/episode/coverages/0": "INSURER_SAYS_NOT_IN_FORCE"}
    assert offered(answer) == [[]]
    assert [g.state for g in stay.rows().guarantees] == ["refused"]


def test_a_policy_that_our_book_does_not_hold_is_taken_out_the_same_way(rig: Rig) -> None:
    unknown = Insured(MUTUAL, SCALE, "NO-SUCH-POLICY", {"order": 2, "covered_since": "2020-01-01"})
    stay = DualStay.opened(rig, [first_there(), unknown])
    answer = stay.billed()
    assert told(answer) == {"/episode/coverages/1": "POLICY_NOT_IN_FORCE"}
    assert offered(answer) == [[0]]


def test_without_an_estimate_cover_is_asked_for_all_the_same(rig: Rig) -> None:
    stay = DualStay.opened(
        rig, [first_there(), second_here(3)], refusing=frozenset({HARBOUR}), estimate=None
    )
    assert stay.rows().guarantees == []
    assert [c.eligible for c in stay.rows().insurers()] == [False, None]
    assert rig.exceptions(stay.episode) == {"COVER_REFUSED": "NOT_IN_FORCE"}
    assert told(stay.billed()) == {"/episode/coverages/0": "INSURER_SAYS_NOT_IN_FORCE"}


def test_an_answer_of_one_insurer_is_no_answer_of_the_other(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()], refusing=frozenset({HARBOUR}))
    assert [c.eligible for c in stay.rows().insurers()] == [False, True]
    states = {g.insurer_id: g.state for g in stay.rows().guarantees}
    assert states == {HARBOUR: "refused", PEARL: "granted"}


def test_two_coverages_of_one_insurer_do_not_carry_one_bill(rig: Rig) -> None:
    stay = DualStay.opened(rig, [second_here(3, order=1), second_here(4)])
    code = "INSURER_TWICE"
    assert told(stay.billed()) == {"/episode/coverages/0": code, "/episode/coverages/1": code}
    assert offered(stay.billed()) == [[]]


def seen_by(rig: Rig, stay: DualStay, organisation: str) -> Body:
    principal = Principal(key_id="k", organisation=organisation, role=Role.INSURER_SYSTEM)
    return party_view(principal, stay.rows(), [])


def test_an_insurer_sees_its_own_claim_and_at_most_the_statement_of_who_pays_before(
    rig: Rig,
) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()])
    stay.billed()
    stay.submit(HARBOUR)
    stay.answered(HARBOUR, 3_000_000)
    stay.submit(PEARL)
    first, second = seen_by(rig, stay, HARBOUR), seen_by(rig, stay, PEARL)
    assert [c["organisation_id"] for c in first["claims"]] == [HARBOUR]
    assert [c["organisation_id"] for c in second["claims"]] == [PEARL]
    assert PEARL not in str(first)
    assert first["statements"] == []
    (statement,) = second.pop("statements")
    assert (statement["organisation"], statement["paid"]["amount"]) == (HARBOUR, "27450.00")
    assert HARBOUR not in str(second)


def billed_together(rig: Rig, monkeypatch: pytest.MonkeyPatch) -> list[Answer | Exception]:
    """Two bills of one member in two episodes that list his covers in opposite orders; each waits
    after its first lock until the other has one, or cannot get it."""
    one = second_here(3, order=1)
    twin = Insured("lantau-assurance", "vhis-standard-hk", "LA-2025-000001", {"order": 2})
    stays = [DualStay.opened(rig, insured) for insured in ([one, twin], [twin, one])]
    meeting, first, answers = threading.Barrier(2), set[int](), list[Answer | Exception]()
    locked = CoverTables.cover_used

    def cover_used(self: CoverTables, cover: CoverKey, but: str = "") -> Accumulators:
        found = locked(self, cover, but)
        if threading.get_ident() not in first:
            first.add(threading.get_ident())
            with contextlib.suppress(threading.BrokenBarrierError):
                meeting.wait(1.5)
        return found

    monkeypatch.setattr(CoverTables, "cover_used", cover_used)

    def bill(stay: DualStay) -> None:
        try:
            answers.append(stay.billed())
        except (Unavailable, RuntimeError) as error:
            answers.append(error)

    threads = [threading.Thread(target=bill, args=(stay,)) for stay in stays]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return answers


def test_two_bills_of_one_member_never_wait_for_each_others_covers_in_a_circle(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The locks are taken in one order, whatever the order of the list."""
    answers = billed_together(rig, monkeypatch)
    assert [isinstance(one, Answer) and one.status for one in answers] == [200, 200]


def test_the_naive_twin_that_locks_as_the_list_says_dies_of_it(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(covers, "_order", lambda key: "")
    answers = billed_together(rig, monkeypatch)
    assert sorted(isinstance(one, Answer) for one in answers) == [False, True]


@pytest.mark.parametrize("state", ["due", "queued", "approved"])
def test_a_bill_with_a_claim_on_any_of_them_cannot_be_voided(rig: Rig, state: str) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()])
    stay.billed()
    if state != "due":
        stay.submit(HARBOUR)
    if state == "approved":
        stay.answered(HARBOUR, 3_000_000)
    void = {
        "bill_number": stay.bill["number"],
        "bill_version": stay.bill["version"],
        "voided_at": "2026-04-10T12:00:00+08:00",
        "reason": "typed twice",
    }
    _, answer = stay.rig.say(SubmissionKind.VOID, void, stay.episode)
    assert answer.codes == ["BILL_ALREADY_CLAIMED"]


def test_a_refused_bill_offers_both_insurers_without_the_vouchers(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_here(3)], beside=[{"funder": "voucher"}])
    answer = stay.billed()
    assert "VOUCHER_INPATIENT" in answer.codes
    (both,) = answer.body["alternatives"]
    assert (both["coverages"], both["patient"]["amount"]) == ([0, 1], "2590.00")


def test_a_refused_bill_offers_the_vouchers_with_two_insurers(rig: Rig) -> None:
    """An outpatient visit with vouchers and three insurers, of which the last says no."""
    examiners = {HARBOUR: Examiner(), PEARL: Examiner(in_force=False)}
    own = replace(rig, world=replace(rig.world, insurers=examiners))
    stated = {"covered_since": "2025-01-01"}
    coverages = [
        {"funder": "voucher"},
        insured_by(MUTUAL, policy_number()) | {"order": 1},
        insured_by(HARBOUR, "HL-1") | stated | {"order": 2},
        insured_by(PEARL, "PA-1") | stated | {"order": 3},
    ]
    visit = Visit(own, own.open(coverages))
    _, answer = visit.bill()
    assert told(answer) == {"/episode/coverages/3": "INSURER_SAYS_NOT_IN_FORCE"}
    assert offered(answer) == [[0, 1, 2]]
    split = visit.accepted(coverages=[0, 1, 2])
    by_vouchers, by_insurers = {"voucher": "274.50"}, {MUTUAL: "607.20", HARBOUR: "18.30"}
    assert paid(split) == by_vouchers | by_insurers | {"patient": "0.00"}
