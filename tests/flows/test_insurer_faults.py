"""An insurer slow, failing, silent after acting, undecided, repeating itself, or wrong."""

from __future__ import annotations

from tests.flows.hospital import Body, Episode, Hospital, tender_of, totals
from tests.flows.inpatient_stay import AT_DISCHARGE, DISCHARGED, InpatientStay
from tests.flows.money import ledger
from tests.flows.simulator import Simulator


def paid_as_agreed(episode: Episode, insurer: Simulator) -> Body:
    """Closed with E5's figures: one guarantee and one claim at the insurer, nothing left over."""
    rows = episode.closed()
    (claim,), (payout,), (guarantee,) = rows["claims"], rows["payouts"], rows["guarantees"]
    assert (claim["benefit_minor"], payout["amount_minor"]) == (3392386, 3104033)
    assert ledger(rows) == {}
    for reference in (guarantee["reference"], claim["reference"]):
        assert len(insurer.journal("accepted", reference=reference)) == 1
    return rows


def whole_stay(stay: InpatientStay) -> Episode:
    episode = stay.billed_before_discharge()
    episode.say("discharge", DISCHARGED)
    return episode


def test_a_slow_insurer_only_takes_longer(shenzhen: Hospital, insurer: Simulator) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.fault("slow", policy_number=stay.policy, times=3, delay_s=0.7)
    assert paid_as_agreed(whole_stay(stay), insurer)["exceptions"] == []


def test_an_insurer_that_fails_twice_is_asked_before_anything_is_sent_again(
    shenzhen: Hospital, insurer: Simulator
) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.faults(
        *(
            {"match": {"operation": use, "policy_number": stay.policy}, "fault": "error_500"}
            for use in ("preauthorization", "claim")
        )
    )
    rows = paid_as_agreed(whole_stay(stay), insurer)
    assert insurer.journal("asked", reference=rows["claims"][0]["reference"], found=False)


def test_a_request_that_was_taken_although_its_answer_was_lost_is_not_made_twice(
    shenzhen: Hospital, insurer: Simulator
) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.faults(
        *(
            {
                "match": {"operation": use, "policy_number": stay.policy},
                "fault": "timeout_after_accept",
            }
            for use in ("preauthorization", "claim")
        )
    )
    paid_as_agreed(whole_stay(stay), insurer)


def test_a_decision_that_a_person_takes_comes_by_callback(
    shenzhen: Hospital, insurer: Simulator
) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.fault("pend", operation="claim", policy_number=stay.policy, delay_s=3600)
    episode = whole_stay(stay)
    episode.wait("claims", state="queued")
    insurer.later(3600)
    rows = paid_as_agreed(episode, insurer)
    assert insurer.journal("called_back", reference=rows["claims"][0]["reference"], status=204)


def test_an_answer_that_nobody_sends_is_found_by_asking(
    shenzhen: Hospital, insurer: Simulator
) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.faults(
        *(
            {
                "match": {"operation": use, "policy_number": stay.policy},
                "fault": "pend_silent",
                "delay_s": 0.5,
            }
            for use in ("preauthorization", "claim")
        )
    )
    rows = paid_as_agreed(whole_stay(stay), insurer)
    for reference in (rows["guarantees"][0]["reference"], rows["claims"][0]["reference"]):
        assert insurer.journal("called_back", reference=reference) == []
        assert insurer.journal("asked", reference=reference, found=True)


def test_an_answer_that_comes_twice_counts_once(shenzhen: Hospital, insurer: Simulator) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.fault("callback_twice", policy_number=stay.policy, operation="claim")
    rows = paid_as_agreed(whole_stay(stay), insurer)
    insurer.has_done("called_back", 2, reference=rows["claims"][0]["reference"], status=204)
    assert (
        ledger(episode_rows := shenzhen.get(f"/v1/episodes/{rows['episode']['id']}").json()) == {}
    )
    assert len(episode_rows["payouts"]) == 1


def test_a_line_that_the_insurer_denies_falls_to_the_patient(
    shenzhen: Hospital, insurer: Simulator
) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.fault("deny_line", operation="claim", policy_number=stay.policy, details={"line": 5})
    episode = whole_stay(stay)
    rows = episode.wait("exceptions", code="DECISION_DIFFERS")
    assert rows["claims"][0]["benefit_minor"] == 2772714
    decided = {"insurer": "25370.33", "patient": "26480.17"}
    assert totals(rows["allocations"][0]["result"]) == decided
    rows = episode.wait("payouts", state="credited", amount_minor=2537033)
    assert rows["episode"]["status"] == "open"
    owed = 2648017 - 2081017
    assert {k: v for k, v in ledger(rows).items() if not k.startswith("guarantee")} == {
        "funder:patient:due": owed,
        "hospital:hku-szh:bills": -owed,
    }
    episode.say("tenders", tender_of(stay.bill, "5670.00", AT_DISCHARGE))
    assert ledger(episode.closed()) == {}


def test_a_decision_whose_total_is_wrong_is_set_aside_and_nothing_is_paid(
    shenzhen: Hospital, insurer: Simulator
) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.fault("wrong_total", operation="claim", policy_number=stay.policy)
    episode = whole_stay(stay)
    rows = episode.wait("exceptions", code="ANSWER_NOT_USABLE")
    assert rows["payouts"] == []
    # The inquiry hears the same wrong answer and leaves it to a person too.
    rows = episode.wait("exceptions", code="ANSWER_NOT_USABLE", reference=stay.claim)
    assert (rows["payouts"], rows["episode"]["status"]) == ([], "open")
    assert rows["claims"][0]["state"] == "queued"


def test_without_a_guarantee_the_patient_pays_and_the_episode_goes_on(
    shenzhen: Hospital, insurer: Simulator
) -> None:
    stay = InpatientStay.there(shenzhen)
    insurer.fault("refuse_guarantee", policy_number=stay.policy, operation="preauthorization")
    episode = stay.open()
    rows = episode.wait("guarantees", state="refused")
    assert ledger(rows) == {}
    episode = stay.until_discharge()
    split = episode.say("bills", stay.bill)
    assert totals(split) == {"insurer": "0.00", "patient": "51850.50"}
    # The plan's rule for care without a guarantee is not known to anybody: nothing is promised.
    assert split["later_reimbursement"] is None
    episode.say("tenders", tender_of(stay.bill, "51850.50", AT_DISCHARGE))
    rows = episode.closed()
    assert (rows["claims"], rows["payouts"], ledger(rows)) == ([], [], {})
    assert episode.exceptions() == ["GUARANTEE_REFUSED"]
