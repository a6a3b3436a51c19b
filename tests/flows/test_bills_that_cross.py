"""Bills that meet something: another bill, a claim on its way, a void, or nothing to pay at all."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import psycopg
import pytest

from crossclaim.stack import Stack
from crossclaim.store.transaction import SqlRecords
from crossclaim.wiring import worker_house
from tests.flows.hospital import Hospital, tender_of, totals, varied
from tests.flows.inpatient_stay import AT_DISCHARGE, HERE, HERE_LIMITED, InpatientStay
from tests.flows.money import ledger
from tests.flows.patience import until
from tests.flows.simulator import Simulator
from tests.flows.voucher_visit import WINDOW, VoucherVisit

POISON = "POS-REFUSED-BY-THE-DATABASE"


@pytest.fixture
def poisoned(flow_stack: Stack) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """The database refuses one tender's reference: nothing that is tried again can help."""
    url = flow_stack.settings.database_owner_url.get_secret_value()
    with psycopg.connect(url.replace("+psycopg", ""), autocommit=True) as owner:
        owner.execute(f"alter table tender add constraint poison check (reference <> '{POISON}')")
        yield owner
        owner.execute("alter table tender drop constraint if exists poison")


def test_one_guarantee_never_pays_two_bills(
    shenzhen: Hospital, insurer: Simulator, bank: Simulator
) -> None:
    stay = InpatientStay(shenzhen, HERE, HERE_LIMITED)
    episode = stay.until_discharge()
    assert totals(episode.say("bills", stay.bill))["insurer"] == "27450.00"
    second = varied(stay.bill, number=f"{stay.bill['number']}-B")
    assert shenzhen.refused(f"{episode.path}/bills", second) == ["SECOND_INSURED_BILL"]
    # A forecast may look, and sees that nothing of the limit is left.
    interim = varied(stay.interim, number=f"{stay.bill['number']}-C")
    assert totals(episode.say("bills", interim))["insurer"] == "0.00"
    rows = episode.wait("payouts", state="credited")
    assert [(p["amount_minor"], p["state"]) for p in rows["payouts"]] == [(2745000, "credited")]
    assert [c["benefit_minor"] for c in rows["claims"]] == [3000000]


def test_a_reimbursement_waits_for_the_direct_decision(
    shenzhen: Hospital, insurer: Simulator
) -> None:
    stay = InpatientStay(shenzhen, HERE, HERE_LIMITED)
    episode = stay.billed_before_discharge("24400.50")
    path = f"{episode.path}/reimbursements"
    assert shenzhen.refused(path, stay.reimbursement()) == ["DIRECT_CLAIM_UNDECIDED"]
    assert episode.rows()["claims"] == []


def test_a_bill_over_nothing_is_answered_and_signed_without_money(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    free = visit.bill_of(("consultation", "0.00"))
    episode = visit.open()
    assert set(totals(episode.say("bills", free)).values()) == {"0.00"}
    signed = episode.say("tenders", visit.signed_tender("0.00", free))
    assert signed["still_due"]["amount"] == "0.00"
    rows = episode.closed()
    assert (rows["tenders"], rows["claims"], ledger(rows)) == ([], [], {})


def test_a_bill_after_closing_opens_the_episode_again(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    free = visit.bill_of(("consultation", "0.00"))
    episode = visit.open()
    episode.say("bills", free)
    episode.closed()
    episode.say("bills", varied(visit.bill, number=f"{visit.bill['number']}-B"))
    rows = episode.rows()
    assert (rows["episode"]["status"], rows["episode"]["closed_at"]) == ("open", None)


def test_a_void_while_the_claim_is_refused_leaves_nothing_behind(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    episode = visit.open()
    episode.say("bills", visit.bill)
    voucher.tables(accounts={visit.account: {"balance_hkd": 500}})
    voucher.fault("slow", operation="claim", account=visit.account, delay_s=3)
    episode.say("tenders", visit.signed_tender("0.82"))
    episode.wait("claims", state="submitted")
    void = {
        "bill_number": visit.bill["number"],
        "bill_version": 1,
        "voided_at": "2025-10-14T11:20:00+08:00",
        "reason": "taken back while the claim was on its way",
    }
    assert episode.say("voids", void)["status"] == "voided"
    episode.wait("claims", state="voided")
    episode.paid_back()
    rows = episode.rows()
    assert ledger(rows) == {}
    assert (len(rows["claims"]), rows["exceptions"]) == (1, [])
    assert rows["voucher"]["balance_minor"] == 50000
    assert voucher.journal("claimed", account_id=visit.account) == []


def test_a_claim_of_one_who_withdrew_the_joining_is_not_sent_and_is_left_to_a_person(
    jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher, ehealth_joined=False)
    episode = visit.open()
    episode.say("bills", visit.bill)
    withdrawal = {"number": "C-1", "withdrawn": "EHEALTH_JOIN", "stated_at": WINDOW}
    episode.say("consents", withdrawal)
    episode.say("tenders", visit.signed_tender("0.82"))
    rows = episode.wait("exceptions", code="VOUCHER_CONSENT_MISSING")
    assert [c["state"] for c in rows["claims"]] == ["failed"]
    assert voucher.journal("claimed", account_id=visit.account) == []
    assert totals(rows["allocations"][0]["result"]) == {"voucher": "1285.58", "patient": "0.82"}


@pytest.mark.parametrize(
    ("fault", "claimed"), [("down", 0), ("accepted_answer_lost", 1)], ids=["not taken", "taken"]
)
def test_a_claim_whose_consent_is_withdrawn_meanwhile_is_given_back_and_a_person_sees_it(
    fault: str, claimed: int, jiangmen: Hospital, voucher: Simulator
) -> None:
    visit = VoucherVisit(jiangmen, voucher)
    lost = {"match": {"operation": "claim", "account": visit.account}, "fault": fault, "times": 1}
    # What is asked after the lost answer is not answered until the consent is gone.
    down = {"match": {"operation": "claim"}, "fault": "down", "times": -1}
    find = {"match": {"operation": "find"}, "fault": "down", "times": -1}
    voucher.faults(lost, down, find)
    episode = visit.open()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.signed_tender("0.82"))
    episode.wait("claims", state="submitted")
    if claimed:
        voucher.has_done("claimed", account_id=visit.account)
    episode.say("consents", {"number": "C-1", "withdrawn": "VOUCHER_USE", "stated_at": WINDOW})
    voucher.faults()
    rows = episode.wait("claims", state="voided")
    assert episode.exceptions() == ["VOUCHER_CONSENT_MISSING"]
    assert len(voucher.journal("voided", reference=rows["claims"][0]["reference"])) == claimed
    # The bill stays, with a part that the patient has to sign for again.
    assert ledger(rows) == {
        "funder:voucher:due": 128558,
        "hospital:jiangmen-central:bills": -128558,
    }


def test_a_submission_that_can_never_be_applied_ends_and_a_person_sees_it(
    shenzhen: Hospital,
    insurer: Simulator,
    poisoned: psycopg.Connection[tuple[object, ...]],
) -> None:
    stay = InpatientStay(shenzhen)
    episode = stay.until_discharge()
    episode.say("bills", stay.bill)
    tender = tender_of(stay.bill, "20810.17", AT_DISCHARGE)
    tender["legs"][0]["reference"] = POISON

    def ended() -> bool:
        answer = shenzhen.post(f"{episode.path}/tenders", tender)
        return answer.status_code == 500 and answer.json()["code"] == "SUBMISSION_NOT_APPLIED"

    until(ended, "the end of a submission that the database refuses")
    assert "SUBMISSION_NOT_APPLIED" in episode.exceptions()
    assert episode.rows()["tenders"] == []
    poisoned.execute("alter table tender drop constraint poison")
    # It changed nothing, so the same tender may come again.
    assert episode.say("tenders", tender)["still_due"]["amount"] == "0.00"


def test_an_exception_that_happens_again_after_it_was_resolved_is_open_again(
    flow_stack: Stack, jiangmen: Hospital, voucher: Simulator
) -> None:
    episode = VoucherVisit(jiangmen, voucher).open()
    house = worker_house(flow_stack.settings)
    records = SqlRecords(house.database, house.keyring)
    first, second = datetime(2025, 10, 14, 3, tzinfo=UTC), datetime(2025, 10, 15, 3, tzinfo=UTC)
    code = "VOUCHER_BALANCE_CHANGED"
    for at in (first, second):
        with records.transaction() as tx:
            tx.open_exception(episode.id, code, "CV-1", {}, at)
        (row,) = episode.rows()["exceptions"]
        assert (datetime.fromisoformat(row["opened_at"]), row["resolved_at"]) == (at, None)
        with records.transaction() as tx:
            # Opened twice while it is open, it stays as it was.
            tx.open_exception(episode.id, code, "CV-1", {}, datetime.now(UTC))
            tx.resolve_exceptions(episode.id, [code], at)
    house.database.close()
