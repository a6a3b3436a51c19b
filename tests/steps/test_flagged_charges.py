"""Charges above what was filed, items beyond their approval, a hospital that leaves the pilot."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from crossclaim.domain.filed_prices import PILOT_PLAN
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.submission import SubmissionKind
from crossclaim.plans.loader import DATA, read_plan
from tests.flows.hospital import Body, cny, example, next_number, varied
from tests.steps.rig import HOSPITAL, Rig


def stay(**visit: Any) -> Body:
    """The example's inpatient without an insurer: the patient pays it all."""
    return varied(
        example("episode-1-inpatient"),
        hospital=HOSPITAL,
        visit={"number": f"IP-FLAG-{next_number()}", **visit},
        coverages=[],
        estimate=None,
    )


def bill_of(*lines: Body, status: str = "final") -> Body:
    fen = sum(round(100 * float(line["amount"]["amount"])) for line in lines)
    return varied(
        example("episode-1-bill-final"),
        number=f"FLAG-{next_number()}",
        status=status,
        documents=[],
        lines=[{**line, "number": n} for n, line in enumerate(lines, 1)],
        total=cny(f"{fen // 100}.{fen % 100:02}"),
    )


def charge(code: str, category: str, amount: str) -> Body:
    return {
        "category": category,
        "code": code,
        "description": "as billed",
        "service_date": "2026-03-12",
        "quantity": 1,
        "unit_price": cny(amount),
        "amount": cny(amount),
    }


def opened(rig: Rig) -> str:
    episode, answer = rig.say(SubmissionKind.EPISODE, stay())
    assert answer.status == 201, answer.body
    for kind, name in (
        (SubmissionKind.ADMISSION, "episode-1-admission"),
        (SubmissionKind.DISCHARGE, "episode-1-discharge"),
    ):
        assert rig.say(kind, example(name), episode)[1].status == 200
    return episode


def after_leaving(rig: Rig) -> Rig:
    """The same rows once the hospital has left the pilot, from 10 April 2026."""
    text = (DATA / f"{PILOT_PLAN}.yaml").read_text(encoding="utf-8")
    stays = "hku-szh: {unit: switch, values: {2026-01-01: true, 2028-01-01: unknown}"
    assert text.count(stays) == 1
    left = text.replace(stays, stays.replace("true,", "true, 2026-04-10: false,"))
    changed: PlanSet = rig.world.plans.replacing([read_plan(left, f"{PILOT_PLAN}.yaml")])
    return replace(rig, world=replace(rig.world, plan_shelf=lambda: changed))


def test_the_window_is_told_of_each_charge_above_its_filed_price_and_staff_has_to_look(
    rig: Rig,
) -> None:
    episode = opened(rig)
    dear = bill_of(charge("INTL-CONSULT", "consultation", "800.01"))
    _, answer = rig.say(SubmissionKind.BILL, dear, episode)
    assert [(f.code, f.pointer) for f in answer.split.flags] == [
        ("PRICE_ABOVE_FILED", "/lines/0/amount")
    ]
    assert (
        answer.split.flags[0].text.zh_hans and answer.split.totals[0].amount.amount_minor == 80001
    )
    assert rig.exceptions(episode) == {"BILL_FLAGGED": "PRICE_ABOVE_FILED"}
    taken_back = {
        "bill_number": dear["number"],
        "bill_version": dear["version"],
        "voided_at": "2026-03-14T16:00:00+08:00",
        "reason": "charged too much",
    }
    assert rig.say(SubmissionKind.VOID, taken_back, episode)[1].status == 200
    assert rig.exceptions(episode) == {}


def test_charges_as_they_were_filed_are_not_flagged_and_a_forecast_bothers_nobody(rig: Rig) -> None:
    episode = opened(rig)
    fair = bill_of(charge("INTL-CONSULT", "consultation", "800.00"))
    assert rig.say(SubmissionKind.BILL, fair, episode)[1].split.flags == []
    asked = bill_of(charge("INTL-NOWHERE", "consultation", "1.00"), status="interim")
    _, answer = rig.say(SubmissionKind.BILL, asked, episode)
    assert [f.code for f in answer.split.flags] == ["PRICE_NOT_FILED"]
    assert rig.exceptions(episode) == {}


def test_an_approved_drug_used_for_another_purpose_is_flagged(rig: Rig) -> None:
    unlike = varied(stay(), diagnoses=[{"system": "icd-10", "code": "J18.9"}])
    episode, _ = rig.say(SubmissionKind.EPISODE, unlike)
    rig.say(SubmissionKind.ADMISSION, example("episode-1-admission"), episode)
    drug = bill_of(charge("HKM-DRUG-01", "special_drug", "5000.00"), status="interim")
    _, answer = rig.say(SubmissionKind.BILL, drug, episode)
    assert [f.code for f in answer.split.flags] == ["CONNECT_OTHER_PURPOSE"]
    assert "K80" in answer.split.flags[0].text.en


def test_a_hospital_that_left_the_pilot_keeps_its_running_episode_and_gets_no_new_one(
    rig: Rig,
) -> None:
    running, left = opened(rig), after_leaving(rig)
    treated = {**charge("INTL-CONSULT", "consultation", "800.00"), "service_date": "2026-04-15"}
    _, answer = left.say(SubmissionKind.BILL, bill_of(treated), running)
    assert answer.split.flags == []
    later = stay(planned_admission="2026-04-10T09:00:00+08:00")
    refused_id, refused = left.say(SubmissionKind.EPISODE, later)
    assert (refused.status, refused.codes) == (422, ["INTERNATIONAL_NOT_DESIGNATED"])
    assert refused.body["errors"][0]["pointer"] == "/hospital"
    with left.world.records.transaction() as tx:
        assert tx.lock(refused_id) is None
    in_time = stay(planned_admission="2026-04-09T09:00:00+08:00")
    assert left.say(SubmissionKind.EPISODE, in_time)[1].status == 201
    ordinary = stay(channel="ordinary", planned_admission="2026-04-10T09:00:00+08:00")
    assert left.say(SubmissionKind.EPISODE, ordinary)[1].status == 201
