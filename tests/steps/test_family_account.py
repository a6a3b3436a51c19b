"""Scenario E9 by our own bindings: what holds on the day is a fact of the split."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import pytest

from crossclaim.domain.family_sight import Side, seen_by
from crossclaim.domain.submission import SubmissionKind
from crossclaim.store.account_holds import AccountHolds
from crossclaim.store.binding_rows import read_story, read_uses
from tests.steps.clinic import (
    ACCOUNT,
    DAUGHTER,
    FATHER,
    PERSON,
    Clinic,
    Visit,
    bill_of,
    fund,
    parts,
)
from tests.steps.kin import applied, bound, end_all, ended, shared_there, used
from tests.steps.rig import Answer
from tests.steps.test_settlement_refusals import legal
from tests.steps.test_settlements import owed, set_person

E9 = (("DRUG", "200.00"),)
NOT_BOUND, DIFFERS = "FAMILY_NOT_BOUND", "FAMILY_BINDING_DIFFERS"
SON = "440703198011110009"
"""Insured as an employee too, with CNY 80.00 of his own."""


def alone(clinic: Clinic) -> Clinic:
    """The bureau shares the daughter's account with her father; we know of no binding."""
    end_all(clinic)
    return clinic


def refused(visit: Visit, *codes: str) -> dict[str, Any]:
    """The bill is refused, all of it is the patient's, and nothing has moved anywhere."""
    answer = visit.bill(*E9)
    assert sorted(answer.codes) == sorted(codes)
    assert legal(answer.body) == {(): {"patient": "200.00"}}
    assert (visit.ledger(), visit.clinic.bureau.journal("settled")) == ({}, [])
    return answer.body


def test_without_a_binding_of_ours_the_bureaus_sharing_is_an_exception_and_pays_nothing(
    clinic: Clinic,
) -> None:
    visit = alone(clinic).open(FATHER, ACCOUNT)
    refused(visit, NOT_BOUND)
    assert DIFFERS in visit.exceptions()


def test_nobody_knows_of_a_sharing_so_it_is_refused_and_nobody_has_to_look(clinic: Clinic) -> None:
    shared_there(alone(clinic), user="P0")
    visit = clinic.open(FATHER, ACCOUNT)
    refused(visit, NOT_BOUND)
    assert visit.exceptions() == {}


def test_a_binding_that_waits_for_its_review_opens_no_account(clinic: Clinic) -> None:
    shared_there(alone(clinic), approved_on="")
    applied(clinic)
    visit = clinic.open(FATHER, ACCOUNT)
    refused(visit, NOT_BOUND)
    assert visit.exceptions() == {}


@pytest.mark.parametrize("on", ["2025-04-10", "2025-04-11"])
def test_a_binding_holds_from_its_day_and_not_a_day_before(clinic: Clinic, on: str) -> None:
    shared_there(alone(clinic), approved_on=on)
    bound(clinic, on=on)
    visit = clinic.open(FATHER, ACCOUNT)
    if on == "2025-04-10":
        assert parts(visit.bill(*E9).split)["personal_account"] == 20000
    else:
        refused(visit, NOT_BOUND)


def test_a_binding_that_ended_on_the_day_pays_nothing_of_it(clinic: Clinic) -> None:
    shared_there(alone(clinic), ended_on="2025-04-10")
    ended(clinic, bound(clinic), "2025-04-10")
    refused(clinic.open(FATHER, ACCOUNT), NOT_BOUND)


@pytest.mark.parametrize(
    "there",
    [
        {"user": "P0"},
        {"approved_on": ""},
        {"approved_on": "2025-04-11"},
        {"ended_on": "2025-04-10"},
        {"relation": "spouse"},
        {"holder": "P4407030000000005"},
    ],
)
def test_a_binding_of_ours_that_the_bureau_does_not_share_is_an_exception_and_pays_nothing(
    clinic: Clinic, there: dict[str, str]
) -> None:
    shared_there(clinic, **there)
    visit = clinic.open(FATHER, ACCOUNT)
    body = refused(visit, DIFFERS)
    assert DIFFERS in visit.exceptions()
    (fault,) = body["errors"]
    assert fault["pointer"].startswith("/family_bindings/fb_")


def test_foshan_was_too_far_before_november_2024_and_within_the_province_since(
    clinic: Clinic,
) -> None:
    shared_there(alone(clinic), approved_on="2024-06-03")
    set_person(clinic, FATHER, area="440604")
    bound(clinic, on="2024-06-03")
    refused_on = clinic.open(FATHER, ACCOUNT).bill(*E9, day="2024-10-31")
    assert refused_on.codes == ["FAMILY_POOL_MISMATCH"]
    assert refused_on.body["errors"][0]["pointer"].startswith("/family_bindings/fb_")
    assert clinic.open(FATHER, ACCOUNT).bill(*E9, day="2024-11-01").status == 200


def test_a_brother_shares_since_august_2024(clinic: Clinic) -> None:
    shared_there(alone(clinic), relation="sibling")
    bound(clinic, relation="sibling")
    visit = clinic.open(FATHER, ACCOUNT)
    assert parts(visit.bill(*E9).split) == {"personal_account": 20000, "patient": 0}


def test_a_nephew_is_told_that_he_is_no_relative_and_that_nothing_is_bound(clinic: Clinic) -> None:
    shared_there(alone(clinic), relation="nephew")
    refused(clinic.open(FATHER, ACCOUNT), NOT_BOUND, "FAMILY_RELATION_NOT_ALLOWED")


def test_what_was_bound_after_the_look_up_is_asked_about_again_and_pays(clinic: Clinic) -> None:
    shared_there(alone(clinic), user="P0")
    visit = clinic.open(FATHER, ACCOUNT)
    shared_there(clinic)
    bound(clinic)
    assert parts(visit.bill(*E9).split) == {"personal_account": 20000, "patient": 0}
    assert len(clinic.bureau.journal("asked_person")) == 2
    visit.settle()
    assert visit.ledger() == owed(family=20000)


def test_the_split_names_the_binding_and_the_use_is_told_to_both_and_given_back_by_a_void(
    clinic: Clinic,
) -> None:
    binding = bound(alone(clinic))
    visit = clinic.open(FATHER, ACCOUNT)
    answer = visit.bill(*E9)
    (step,) = (s for s in answer.split.trace if s.rule == f"family-binding:{binding}")
    assert "2025-01-06" in step.text.en
    assert used(clinic, binding) == [20000]
    visit.settle()
    visit.void(answer)
    visit.cancel()
    assert (used(clinic, binding), visit.ledger()) == ([20000, -20000], {})
    with clinic.rig.database.begin() as connection:
        uses, story = read_uses(connection, binding), read_story(connection, binding)
    assert [seen.bill_id for seen in seen_by(Side.AUTHORISER, uses)] == ["", ""]
    assert all(seen.bill_id for seen in seen_by(Side.USER, uses))
    assert story is not None and [use.reversal for use in story.uses] == [False, True]


def test_a_forecast_takes_nothing_and_a_split_that_changed_is_the_use_that_counts(
    clinic: Clinic,
) -> None:
    binding = bound(alone(clinic))
    clinic.open(FATHER, ACCOUNT).bill(*E9, status="interim")
    assert used(clinic, binding) == []
    visit = clinic.open(FATHER, ACCOUNT)
    visit.bill(*E9)
    clinic.bureau.script(
        "balance_changed", match={"infno": "2207"}, account=PERSON[DAUGHTER], balance="150.00"
    )
    visit.settle()
    assert sum(used(clinic, binding)) == 15000


def test_a_binding_that_ended_before_the_settlement_stops_it(clinic: Clinic) -> None:
    binding = bound(alone(clinic))
    visit = clinic.open(FATHER, ACCOUNT)
    visit.bill(*E9)
    ended(clinic, binding, "2025-04-10")
    visit.settle()
    assert visit.states() == ["failed"]
    assert "FAMILY_BINDING_ENDED" in visit.exceptions()
    assert clinic.bureau.journal("settled") == []


def test_her_own_account_first_then_what_is_shared_with_her_the_oldest_with_money_first(
    clinic: Clinic,
) -> None:
    end_all(clinic)
    set_person(clinic, DAUGHTER, balance="0.00")
    set_person(clinic, SON, balance="80.00", status="1")
    clinic.bureau._control.put(
        "/_control/tables",
        json={
            "bindings": {
                "B1": {"user": "P0", "holder": PERSON[DAUGHTER], "relation": "parent"},
                "B7": shared(PERSON[SON], "2025-02-01"),
                "B8": shared(PERSON[DAUGHTER], "2025-01-06"),
            }
        },
    ).raise_for_status()
    empty, full = bound(clinic), bound(clinic, authoriser=SON, on="2025-02-01")
    visit = clinic.open(FATHER, ACCOUNT)
    assert parts(visit.bill(*E9).split) == {"personal_account": 8000, "patient": 12000}
    assert (used(clinic, empty), used(clinic, full)) == ([], [8000])


def shared(holder: str, since: str) -> dict[str, str]:
    return {"holder": holder, "user": PERSON[FATHER], "relation": "parent", "approved_on": since}


def test_an_own_account_that_is_enough_asks_nobody_about_a_relatives(clinic: Clinic) -> None:
    """The daughter's mother shares with her, we know nothing of it, and nothing of it is needed."""
    shared_there(alone(clinic), user=PERSON[DAUGHTER], holder=PERSON[SON])
    visit = clinic.open(DAUGHTER, ACCOUNT)
    assert parts(visit.bill(*E9).split) == {"personal_account": 20000, "patient": 0}
    more = clinic.open(DAUGHTER, ACCOUNT)
    assert more.bill(("DRUG", "999.00")).codes == [NOT_BOUND]


def two_at_once(clinic: Clinic) -> list[int]:
    """Two fathers' bills of CNY 150.00 each, split at the same moment; one account of CNY 200.00
    for both. The answers' statuses."""
    end_all(clinic)
    set_person(clinic, DAUGHTER, balance="200.00")
    other = "440703195506200010"
    clinic.bureau._control.put(
        "/_control/tables",
        json={
            "bindings": {
                "B1": shared(PERSON[DAUGHTER], "2025-01-06"),
                "B2": {**shared(PERSON[DAUGHTER], "2025-01-06"), "user": "P4407030000000009"},
            }
        },
    ).raise_for_status()
    bound(clinic)
    bound(clinic, user=other)
    visits = [clinic.open(FATHER, ACCOUNT), clinic.open(other, ACCOUNT)]
    ready = threading.Barrier(2)
    apart = [replace(visit, clinic=clinic) for visit in visits]

    def bill(visit: Visit) -> int:
        ready.wait(timeout=30)
        return visit.bill(("DRUG", "150.00")).status

    with ThreadPoolExecutor(2) as pool:
        return sorted(pool.map(bill, apart))


def test_two_relatives_at_once_are_not_both_promised_the_same_remainder(clinic: Clinic) -> None:
    assert two_at_once(clinic) == [200, 422]


def test_twin_that_believes_the_bureaus_balance_promises_it_to_both(
    clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(AccountHolds, "account_spoken_for", lambda *_: 0)
    assert two_at_once(clinic) == [200, 200]


def test_what_another_bill_has_taken_and_settled_is_in_the_bureaus_balance_already(
    clinic: Clinic,
) -> None:
    set_person(clinic, DAUGHTER, balance="350.00")
    first, second = clinic.open(FATHER, ACCOUNT), clinic.open(DAUGHTER, ACCOUNT)
    first.bill(*E9)
    assert second.bill(*E9).codes == ["ACCOUNT_SPOKEN_FOR"]
    first.settle()
    assert parts(second.bill(*E9).split) == {"personal_account": 15000, "patient": 5000}


def test_a_split_that_nobody_settles_keeps_the_account_from_others_for_a_time_only(
    clinic: Clinic,
) -> None:
    set_person(clinic, DAUGHTER, balance="350.00")
    clinic.open(FATHER, ACCOUNT).bill(*E9)
    assert clinic.open(DAUGHTER, ACCOUNT).bill(*E9).codes == ["ACCOUNT_SPOKEN_FOR"]
    world = replace(clinic.world, hold_account_s=-1.0)
    patient = replace(clinic, rig=replace(clinic.rig, world=world))
    assert patient.open(DAUGHTER, ACCOUNT).bill(*E9).status == 200


def shown(visit: Visit, number: str, *lines: tuple[str, str], **changes: Any) -> Answer:
    return visit.send(SubmissionKind.BILL, bill_of(number, *lines, **changes))


def test_lines_that_an_interim_bill_has_shown_are_not_uploaded_again(clinic: Clinic) -> None:
    visit = clinic.open(FATHER, fund("jiangmen-seed-caps"), ACCOUNT)
    shown(visit, "MZF-K", *E9, status="interim")
    answer = shown(visit, "MZF-K", *E9, version=2)
    assert len(clinic.bureau.journal("uploaded")) == 1
    assert len(clinic.bureau.journal("pre_settled")) == 2
    shown(visit, "MZF-L", ("DRUG", "10.00"), status="interim")
    assert clinic.bureau.journal("withdrawn") == [], "the final bill has taken the lines over"
    visit.settle()
    assert visit.states() == ["approved"]
    visit.void(answer)


def test_other_lines_than_the_interim_bills_are_uploaded_and_the_old_ones_withdrawn(
    clinic: Clinic,
) -> None:
    visit = clinic.open(FATHER, ACCOUNT)
    shown(visit, "MZF-M", ("DRUG", "199.00"), status="interim")
    shown(visit, "MZF-M", *E9, version=2)
    assert len(clinic.bureau.journal("uploaded")) == 2
    shown(visit, "MZF-N", ("DRUG", "10.00"), status="interim")
    assert len(clinic.bureau.journal("withdrawn")) == 1
