"""The whole bill cycle with two insurers and the patient; the books are read at every step."""

from __future__ import annotations

from datetime import UTC, datetime

import psycopg
import pytest

from activities import decisions, payout_intent
from activities.claims import ClaimSteps
from activities.payouts import PayoutSteps
from activities.submissions import SubmissionSteps
from crossclaim.domain import bill_chain
from crossclaim.domain.bill_difference import BillVersion, ChargedLine, difference
from crossclaim.domain.bill_status import StandingVersion, versions_of
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.settlement_cancellation import cancellation_of
from crossclaim.domain.submission import SubmissionKind
from tests.steps.bill_cycle import DRUG, Cycle
from tests.steps.rig import AT, HARBOUR, MUTUAL, Rig
from tests.steps.two_insurers import first_there, paid, second_here

A, B = f"funder:insurer:{HARBOUR}:due", f"funder:insurer:{MUTUAL}:due"
BILLS, PATIENT = "hospital:hku-szh:bills", "funder:patient:due"
REOPEN, CANCEL = SubmissionKind.REOPENING, SubmissionKind.CANCELLATION


def opened(rig: Rig, **first: object) -> Cycle:
    stay = Cycle.opened(rig, [first_there(**first), second_here(3)], version=1)
    assert isinstance(stay, Cycle)
    return stay


def billed(rig: Rig, **first: object) -> Cycle:
    """A final bill that nobody has confirmed: A 27,450.00, B 21,960.00, the patient 2,590.00."""
    stay = opened(rig, **first)
    assert stay.send(stay.bill).status == 200
    return stay


def settled(rig: Rig, **first: object) -> Cycle:
    """The same with every part confirmed and paid."""
    stay = billed(rig, **first)
    stay.confirmed()
    share = stay.rows().patient_share(stay.row(1).id)
    if share:
        stay.pays(1, f"{share // 100}.{share % 100:02d}")
    stay.credited()
    assert stay.books() == {}
    return stay


def statuses(stay: Cycle) -> dict[int, str]:
    return {one.version: one.status for one in of_bill(stay)}


def of_bill(stay: Cycle) -> list[StandingVersion]:
    return versions_of(stay.rows(), stay.bill["number"])


def states(stay: Cycle, version: int) -> list[str]:
    found = next(one for one in of_bill(stay) if one.version == version)
    return [part.state for part in found.funders]


def test_the_whole_cycle_with_two_insurers_and_the_patient(rig: Rig) -> None:
    stay = opened(rig)
    lines = stay.bill["lines"]
    interim = stay.send(stay.version(1, lines[:2], "interim"))
    assert (interim.body["kind"], interim.body["forecast"]) == ("interim", True)
    draft = stay.send(stay.version(2, lines, "draft"))
    assert (draft.body["kind"], draft.body["forecast"]) == ("draft", True)
    assert statuses(stay) == {1: "interim", 2: "draft"}
    assert (stay.books(), stay.rows().claims) == ({}, [])

    final = stay.send(stay.version(3, lines))
    assert paid(final.split) == {HARBOUR: "27450.00", MUTUAL: "21960.00", "patient": "2590.00"}
    assert statuses(stay) == {1: "superseded", 2: "superseded", 3: "confirmed"}
    assert stay.books() == {A: 2_745_000, B: 2_196_000, PATIENT: 259_000, BILLS: -5_200_000}

    stay.decided(HARBOUR)
    assert states(stay, 3) == ["confirmed", "open", "open"]
    stay.decided(MUTUAL)
    stay.pays(3, "2590.00")
    assert statuses(stay)[3] == "locked"
    stay.credited()
    assert (stay.books(), statuses(stay)[3]) == ({}, "final")

    late = stay.correct("late_charge", 3, [*lines, DRUG])
    assert paid(late.split)["patient"] == "3590.00"
    assert stay.books() == {PATIENT: 100_000, BILLS: -100_000}
    stay.confirmed()
    assert (
        stay.examiners[HARBOUR].orders[-1].replaces == stay.examiners[HARBOUR].orders[0].reference
    )
    stay.pays(4, "1000.00")
    assert stay.reserve() == {HARBOUR: 2_745_000, MUTUAL: 2_196_000}, "paid once, not twice"
    assert (stay.books(), statuses(stay)[4]) == ({}, "final")

    taken = stay.correct("cancel_item", 4, [*lines[:3], DRUG])
    assert paid(taken.split) == {HARBOUR: "27450.00", MUTUAL: "17150.00", "patient": "0.00"}
    assert stay.books() == {B: -481_000, PATIENT: -359_000, BILLS: 840_000}
    stay.confirmed()
    stay.refunded()
    assert stay.books() == {B: -481_000, BILLS: 481_000}
    assert statuses(stay)[5] == "locked", "money has still to go back"
    assert stay.given_back() == {MUTUAL: 481_000}
    assert (stay.books(), statuses(stay)[5]) == ({}, "final")

    shown = cancellation_of(stay.rows(), stay.row(5))
    out = [(s.what, s.who, s.amount and s.amount.amount_minor) for s in shown.steps if s.out]
    assert ("claw_back", HARBOUR, 2_745_000) in out and ("claw_back", MUTUAL, 1_715_000) in out
    told = stay.order(CANCEL, 5)
    assert told.status == 200, told.body
    assert told.body["reversed"] == [step.model_dump(mode="json") for step in shown.steps]
    assert stay.books() == {A: -2_745_000, B: -1_715_000, BILLS: 4_460_000}
    stay.insurers_told()
    assert stay.given_back() == {HARBOUR: 2_745_000, MUTUAL: 1_715_000}
    assert stay.books() == {}
    assert statuses(stay)[5] == "voided"
    assert {claim.state for claim in stay.rows().claims} == {"replaced", "voided"}
    told = rig.story(stay.episode, AT)
    assert "(a late charge): version 4 takes the place of version 3" in told
    assert "(an item cancelled): version 5 takes the place of version 4" in told
    assert "Kowloon Mutual Insurance has CNY 4,810.00 back" in told
    assert told.index("cancelled a bill's settlement") < told.index("has CNY 27,450.00 back")


def test_a_late_charge_after_closing_moves_the_difference_alone(rig: Rig) -> None:
    stay = settled(rig)
    stay.released()
    closed = SubmissionSteps(stay.rig.world).close_episode(stay.about(""))
    assert closed.closed
    before = stay.rig.balances(stay.episode)
    assert before == {}, "nothing is open, the guarantees are released"
    late = stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    assert late.status == 200, late.body
    assert stay.rows().episode.closed_at is None
    assert paid(late.split) == {HARBOUR: "27450.00", MUTUAL: "21960.00", "patient": "3590.00"}
    stay.confirmed()
    stay.pays(2, "1000.00")
    assert stay.reserve() == {HARBOUR: 2_745_000, MUTUAL: 2_196_000}
    assert stay.rig.balances(stay.episode) == {}
    assert SubmissionSteps(stay.rig.world).close_episode(stay.about("")).closed
    assert "(a late charge): version 2 takes the place of version 1" in stay.rig.story(
        stay.episode, AT
    )


def test_an_insurer_pays_only_the_difference_of_a_late_charge(rig: Rig) -> None:
    stay = settled(rig, annual_benefit_used={"amount": "0.00", "currency": "HKD"})
    late = stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    assert paid(late.split)[HARBOUR] == "53000.00"
    stay.decided(HARBOUR)
    stay.credited()
    amounts = [p.amount_minor for p in stay.rows().payouts]
    assert sorted(amounts) == [100_000, 5_200_000]
    assert stay.books() == {}


def test_the_naive_twin_takes_a_correction_for_a_new_claim_and_pays_twice(
    rig: Rig, monkeypatch: pytest.MonkeyPatch
) -> None:
    stay = settled(rig, annual_benefit_used={"amount": "0.00", "currency": "HKD"})

    def nothing_before(rows: EpisodeRows, claim: ClaimRow) -> int:
        return 0

    def whole(rows: EpisodeRows, claim: ClaimRow) -> int:
        return claim.pay_fen or 0

    monkeypatch.setattr(decisions, "paid_before", nothing_before)
    monkeypatch.setattr(payout_intent, "left_to_pay", whole)
    monkeypatch.setattr(bill_chain, "left_to_pay", whole)
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    stay.decided(HARBOUR)
    stay.credited()
    assert sum(p.amount_minor for p in stay.rows().payouts) == 10_500_000
    assert stay.books() == {A: -5_200_000, BILLS: 5_200_000}, "the hospital has it twice"


@pytest.mark.parametrize(
    ("kind", "change", "codes"),
    [
        ("late_charge", "drop", {"LATE_CHARGE_DROPS_LINE": "/lines"}),
        ("late_charge", "price", {"LATE_CHARGE_CHANGES_LINE": "/lines/1"}),
        ("late_charge", "same", {"LATE_CHARGE_ADDS_NOTHING": "/correction/kind"}),
        ("cancel_item", "add", {"CANCEL_ITEM_ADDS_LINE": "/lines/4"}),
        ("cancel_item", "code", {"CANCEL_ITEM_CHANGES_LINE": "/lines/1"}),
        ("cancel_item", "same", {"CANCEL_ITEM_TAKES_NOTHING": "/correction/kind"}),
        ("cancel_item", "funders", {"CORRECTION_CHANGES_FUNDERS": "/coverages"}),
    ],
)
def test_a_correction_that_changes_what_it_may_not_names_the_line(
    rig: Rig, kind: str, change: str, codes: dict[str, str]
) -> None:
    stay = billed(rig)
    lines = [dict(line) for line in stay.bill["lines"]]
    if change == "drop":
        lines = [*lines[:3], DRUG]
    elif change == "price":
        lines = [*lines, DRUG]
        lines[1] |= {"unit_price": lines[2]["amount"], "amount": lines[2]["amount"]}
    elif change == "add":
        lines = [*lines, DRUG]
    elif change == "code":
        lines[1] |= {"code": "SUR-MJ-03"}
    elif change == "funders":
        lines = lines[:3]
    more = {"coverages": [0]} if change == "funders" else {}
    answer = stay.correct(kind, 1, lines, **more)
    found = {error["code"]: error["pointer"] for error in answer.body["errors"]}
    assert codes.items() <= found.items()
    assert stay.row(1).state == "current"


def test_of_two_corrections_at_once_the_second_hears_who_was_quicker(rig: Rig) -> None:
    stay = billed(rig)
    lines = stay.bill["lines"]
    assert stay.correct("late_charge", 1, [*lines, DRUG]).status == 200
    correction = {"kind": "cancel_item", "of_version": 1, "reason": "Billed by mistake."}
    second = stay.send(stay.version(3, lines[:3], correction=correction))
    assert second.codes == ["CORRECTION_OUTDATED"]
    told = second.body["errors"][0]["text"]["en"]
    assert "Version 2 (late_charge), sent by hku-szh and applied 2026-04-02" in told
    assert statuses(stay) == {1: "superseded", 2: "confirmed"}


def test_a_correction_keeps_its_number_and_is_never_a_new_bill(rig: Rig) -> None:
    stay = billed(rig)
    again = stay.send(stay.version(2, stay.bill["lines"]))
    assert again.codes == ["BILL_FINAL_ALREADY"]
    other = stay.send({**stay.version(1, [DRUG]), "number": "F-OTHER-1"})
    assert other.codes == ["SECOND_INSURED_BILL"]


def test_a_replacement_leaves_no_insurer_out_that_has_confirmed(rig: Rig) -> None:
    stay = settled(rig)
    left_out = stay.correct("replace", 1, stay.bill["lines"], coverages=[0])
    assert left_out.codes == ["BILL_FUNDER_LOCKED"]
    assert MUTUAL in left_out.body["errors"][0]["text"]["en"]
    assert stay.books() == {}


def test_an_insurer_whose_part_falls_to_nothing_gives_its_word_and_gets_all_back(rig: Rig) -> None:
    stay = settled(rig)
    small = stay.correct("cancel_item", 1, stay.bill["lines"][1:2])
    assert paid(small.split) == {HARBOUR: "25000.00", MUTUAL: "0.00", "patient": "0.00"}
    stay.confirmed()
    stay.refunded()
    assert stay.given_back() == {HARBOUR: 245_000, MUTUAL: 2_196_000}
    assert stay.books() == {}


def test_an_insurer_at_work_is_waited_for(rig: Rig) -> None:
    stay = billed(rig)
    stay.submit(HARBOUR)
    late = stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    assert late.codes == ["BILL_FUNDER_UNDECIDED"]
    assert HARBOUR in late.body["errors"][0]["text"]["en"]


def test_a_draft_of_a_correction_shows_its_split_and_moves_nothing(rig: Rig) -> None:
    stay = settled(rig)
    correction = {"kind": "late_charge", "of_version": 1, "reason": "As reported."}
    lines = [*stay.bill["lines"], DRUG]
    draft = stay.send(stay.version(2, lines, "draft", correction))
    assert paid(draft.split)["patient"] == "3590.00"
    assert (stay.books(), statuses(stay)) == ({}, {1: "final", 2: "draft"})
    assert len(stay.rows().claims) == 2


def test_a_bill_that_nobody_confirmed_is_reopened_and_sent_anew(rig: Rig) -> None:
    stay = billed(rig)
    used = stay.rig.used(stay.policy_of(MUTUAL), "hospital-scale-hk")
    assert used > 0
    reopened = stay.order(REOPEN, 1)
    assert (reopened.status, reopened.body["status"]) == (200, "draft")
    assert (stay.books(), statuses(stay)) == ({}, {1: "reopened"})
    assert stay.rig.used(stay.policy_of(MUTUAL), "hospital-scale-hk") == 0
    assert stay.standing().waiting_for == "HOSPITAL_FINAL_BILL"
    assert stay.send(stay.version(2, stay.bill["lines"])).status == 200
    assert stay.books()[BILLS] == -5_200_000
    stay.decided(HARBOUR)
    blocked = stay.order(REOPEN, 2)
    assert blocked.codes == ["BILL_NOT_TO_REOPEN"]
    assert HARBOUR in blocked.body["errors"][0]["text"]["en"]


def test_a_cancelled_settlement_that_no_bank_has_seen_leaves_nothing(rig: Rig) -> None:
    stay = billed(rig)
    stay.confirmed()
    stay.pays(1, "2590.00")
    stay.reserve()
    told = stay.order(CANCEL, 1)
    assert (told.status, told.body["claw_backs"]) == (200, [])
    stay.refunded()
    stay.insurers_told()
    assert stay.books() == {}
    assert {p.state for p in stay.rows().payouts} == {"cancelled"}
    assert stay.standing().payout is None
    for claim in stay.rows().claims:  # a step that was begun before, and ends after
        PayoutSteps(stay.rig.world).reserve_payout(stay.about(claim.id))
        ClaimSteps(stay.rig.world).submit_claim(stay.about(claim.id))
    assert (stay.books(), len(stay.rows().payouts)) == ({}, 2)
    stops = [(o["what"], o["about"]) for o in stay.stops]
    assert stops == [("withdraw", stay.living(HARBOUR).reference)]


def test_a_payout_on_its_way_is_waited_for(rig: Rig) -> None:
    stay = billed(rig)
    stay.confirmed()
    stay.reserve()
    (first, *_) = stay.rows().payouts
    with stay.rig.world.records.transaction() as tx:
        tx.change_intent(first.reference, state="sent", sent_at=datetime.now(UTC))
    told = stay.order(CANCEL, 1)
    assert told.codes == ["BILL_PAYMENT_ON_ITS_WAY"]
    assert stay.row(1).state == "current"


def test_a_decision_after_the_cancellation_moves_nothing(rig: Rig) -> None:
    stay = billed(rig)
    stay.submit(HARBOUR)
    stay.order(CANCEL, 1)
    claim = stay.living(HARBOUR)
    stay.callback(HARBOUR, 3_000_000, claim.reference)
    assert stay.living(HARBOUR).state == "withdrawing"
    assert "DECISION_AFTER_CANCELLATION" in stay.rig.exceptions(stay.episode)
    stay.insurers_told()
    assert (stay.books(), stay.standing().payout_due) == ({}, None)


def test_the_difference_of_two_versions_is_told_line_by_line(rig: Rig) -> None:
    stay = billed(rig)
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    versions = []
    for version in (1, 2):
        row = stay.row(version)
        content = stay.content(row.id)
        lines = [
            ChargedLine(
                number=line.number,
                category=line.category.value,
                code=line.code,
                service_date=line.service_date,
                quantity=line.quantity,
                amount=line.amount,
            )
            for line in content.lines
        ]
        split = stay.rows().allocation(row.id)
        assert split is not None
        versions.append(
            BillVersion(
                version=version, correction=row.correction, lines=lines, result=split.result
            )
        )
    found = difference(*versions)
    assert (found.reason, found.change.amount_minor) == ("late_charge", 100_000)
    assert [(one.line, one.kind) for one in found.lines if one.kind != "split"] == [(5, "added")]
    moved = {f.organisation or f.funder.value: f.change.amount_minor for f in found.funders}
    assert moved == {HARBOUR: 0, MUTUAL: 0, "patient": 100_000}


@pytest.mark.parametrize(
    "attack",
    [
        "update bill set state = 'current' where episode_id = %(id)s and version = 1",
        "update bill set state = 'draft' where episode_id = %(id)s and version = 2",
        "update bill set total_minor = 1 where episode_id = %(id)s and version = 2",
        "insert into bill (id, episode_id, number, version, status, state, total_minor, sealed,"
        " issued_at, occurred_at) select id || 'x', episode_id, number, 9, status, state,"
        " total_minor, sealed, issued_at, occurred_at from bill"
        " where episode_id = %(id)s and version = 2",
        "insert into bill (id, episode_id, number, version, status, state, total_minor, sealed,"
        " issued_at, occurred_at, corrects) select id || 'y', episode_id, number, 9, status,"
        " 'voided', total_minor, sealed, issued_at, occurred_at, corrects from bill"
        " where episode_id = %(id)s and version = 2",
    ],
)
def test_the_database_keeps_exactly_one_confirmed_version(rig: Rig, attack: str) -> None:
    stay = billed(rig)
    stay.correct("late_charge", 1, [*stay.bill["lines"], DRUG])
    with pytest.raises((psycopg.errors.UniqueViolation, psycopg.errors.InsufficientPrivilege)):
        rig.change(attack, id=stay.episode)
    assert statuses(stay) == {1: "superseded", 2: "confirmed"}


def test_what_a_line_of_versions_had_paid_counts_its_claw_backs(rig: Rig) -> None:
    stay = settled(rig)
    stay.correct("cancel_item", 1, stay.bill["lines"][:3])
    stay.confirmed()
    claim = stay.living(MUTUAL)
    assert bill_chain.paid_before(stay.rows(), claim) == claim.pay_fen
    assert bill_chain.left_to_pay(stay.rows(), claim) == 0
