"""``python -m tests.replay.record NAME``: both episodes on the real stack, histories kept for ever.

NAME begins the files' names, so that a changed workflow gets new histories beside the old ones.
"""

from __future__ import annotations

import argparse
import asyncio
import tempfile
from collections.abc import Callable
from pathlib import Path

from temporalio.client import Client, WorkflowExecutionStatus, WorkflowHandle

from crossclaim.stack import Stack
from crossclaim.wiring import worker_house
from tests.flows import credit_account
from tests.flows.acquired import CARD, asked, own_bill, void
from tests.flows.basic_stay import ADMITTED, DUE, SURGERY, BasicStay, charged, employee
from tests.flows.basic_stay import AT_DISCHARGE as AT_LEAVING
from tests.flows.basic_stay import DISCHARGED as LEFT
from tests.flows.basic_visit import (
    ACCOUNT,
    CAPS,
    BasicVisit,
    Insured,
    bill_of,
    father,
    fund,
)
from tests.flows.credit_account import CreditAccount
from tests.flows.family_desk import FamilyDesk
from tests.flows.flow_stack import hospital_of, simulator_of, start
from tests.flows.hospital import tender_of, varied
from tests.flows.inpatient_stay import (
    AT_DISCHARGE,
    DISCHARGED,
    HERE,
    HERE_LIMITED,
    InpatientStay,
)
from tests.flows.record_visit import RecordVisit, deposit_of, now
from tests.flows.voucher_visit import WINDOW, VoucherVisit
from tests.flows.withdrawn_visit import A_DAY_LATER, REST, WithdrawnVisit
from tests.plain_files import pdf_of
from tests.replay.opened import opened
from tests.replay.shelf import keep


def voucher_voided_and_claimed_anew(stack: Stack) -> str:
    """E1, then the bill is voided and its correction claimed."""
    visit = VoucherVisit(hospital_of(stack, "jiangmen-central"), simulator_of(stack, "voucher"))
    episode = visit.open()
    episode.say("bills", visit.bill)
    episode.say("tenders", visit.signed_tender("0.82"))
    episode.closed()
    void = {
        "bill_number": visit.bill["number"],
        "bill_version": 1,
        "voided_at": "2025-10-14T11:20:00+08:00",
        "reason": "the laboratory was not done",
    }
    episode.say("voids", void)
    episode.paid_back()
    correction = visit.corrected_bill()
    episode.say("bills", correction)
    episode.tender(correction, "0.29", WINDOW)
    episode.closed()
    return episode.id


def inpatient_there(stack: Stack) -> str:
    """E5 with an insurer that decides there: look-up, guarantee, callback, payout, release."""
    stay = InpatientStay.there(hospital_of(stack, "hku-szh"))
    episode = stay.open()
    episode.wait("guarantees", state="granted")
    episode.say("bills", stay.interim)
    episode.say("admission", {"admitted_at": "2026-03-11T09:20:00+08:00"})
    episode.say("bills", stay.bill)
    episode.say("tenders", tender_of(stay.bill, "20810.17", AT_DISCHARGE))
    episode.say("discharge", DISCHARGED)
    episode.closed()
    return episode.id


def inpatient_there_silent_bank(stack: Stack) -> str:
    """The same with a lost order: unknown, inquiries, the fence, sent again."""
    stay = InpatientStay.there(hospital_of(stack, "hku-szh"))
    episode = stay.billed_before_discharge()
    bank = simulator_of(stack, "harbour-bank")
    bank.fault("silent", reference=stay.payout, details={"executes": False})
    episode.say("discharge", DISCHARGED)
    episode.closed()
    return episode.id


def inpatient_here_limited(stack: Stack) -> str:
    """E5 with an insurer that decides here, beyond its limit, reimbursed later."""
    stay = InpatientStay(hospital_of(stack, "hku-szh"), HERE, HERE_LIMITED)
    episode = stay.until_discharge()
    episode.say("bills", stay.bill)
    episode.say("tenders", tender_of(stay.bill, "24400.50", AT_DISCHARGE))
    episode.closed()
    episode.say("reimbursements", stay.reimbursement())
    episode.wait("payouts", payee="patient", state="credited")
    episode.closed()
    return episode.id


def family_bound_and_unbound(stack: Stack) -> str:
    """A family binding: a silent review that is asked about, and its end."""
    desk = FamilyDesk(hospital_of(stack, "jiangmen-central"))
    office = simulator_of(stack, "family-office")
    office.fault("no_callback", operation="apply")
    desk.apply().wait(state="bound")
    desk.unbind()
    desk.wait(office_knows_of_end=True)
    return desk.id


def family_refused(stack: Stack) -> str:
    """One whose application was answered and the answer lost; the office refuses it."""
    desk = FamilyDesk(hospital_of(stack, "jiangmen-central"))
    office = simulator_of(stack, "family-office")
    decision = {"decision": "refuse", "reason": "RELATION_NOT_PROVEN"}
    office.tables(decisions={desk.pair[1]: decision})
    office.fault("accepted_answer_lost", operation="apply")
    desk.apply().wait(state="refused")
    return desk.id


def pay_later_visit(stack: Stack) -> str:
    """E10: a child's credit fails after the mother has left, the bound card takes over; a void."""
    huimin = simulator_of(stack, "huimin")
    account = CreditAccount(hospital_of(stack, "dongguan-tcm"), huimin)
    account.ready()
    episode = account.mother()
    huimin.fault("credit_withdrawn", operation="charge")
    bill = credit_account.bill_of("980.00")
    episode.say("bills", bill)
    episode.closed()
    named = {"bill_number": bill["number"], "bill_version": bill["version"]}
    episode.say("voids", {**named, "voided_at": credit_account.now(), "reason": "not done"})
    episode.wait("claims", kind="pay_later", state="voided")
    episode.say("bills", credit_account.bill_of("100.00"))
    episode.closed()
    return episode.id


def basic_insurance_voided(stack: Stack) -> str:
    """E8 (a) at the bureau: looked up, quoted, settled; then the bill is voided and billed anew."""
    bureau = simulator_of(stack, "bureau")
    daughter, parent = Insured(bureau, balance="412.60"), father(bureau)
    parent.may_use(daughter)
    desk = hospital_of(stack, "jiangmen-central")
    parent.binds(daughter, desk, simulator_of(stack, "family-office")).wait(state="bound")
    visit = BasicVisit(desk, parent, fund(CAPS), ACCOUNT)
    episode, bill = visit.open(), bill_of(("GEN-CONSULT", "10.00"), ("DRUG", "120.00"))
    bureau.fault("bad_signature", infno="2207", person=parent.number)
    episode.say("bills", bill)
    episode.closed()
    void = {
        "bill_number": bill["number"],
        "bill_version": 1,
        "voided_at": "2025-04-10T11:00:00+08:00",
        "reason": "a line was wrong",
    }
    episode.say("voids", void)
    episode.say("bills", bill_of(("GEN-CONSULT", "10.00")))
    episode.closed()
    return episode.id


def stay_settled_anew(stack: Stack) -> str:
    """A stay under basic insurance: interim and final bill, discharge, a lost answer, and anew."""
    bureau = simulator_of(stack, "bureau")
    person = employee(bureau)
    episode = BasicStay(hospital_of(stack, "hku-szh"), person).open()
    episode.say("admission", ADMITTED)
    interim = charged(("SURGERY", "5000.00"), status="interim")
    episode.say("bills", interim)
    bill = varied(charged(SURGERY), number=interim["number"], version=2)
    episode.say("bills", bill)
    bureau.fault("accepted_answer_lost", infno="2304", person=person.number)
    episode.say("tenders", tender_of(bill, DUE, AT_LEAVING))
    episode.say("discharge", LEFT)
    episode.wait("claims", state="approved")
    void = {
        "bill_number": bill["number"],
        "bill_version": 2,
        "voided_at": "2025-05-12T13:00:00+08:00",
        "reason": "a line was wrong",
    }
    episode.say("voids", void)
    again = varied(charged(("SURGERY", "18000.00")), number=bill["number"], version=3)
    episode.say("bills", again)
    episode.say("tenders", tender_of(again, "3208.00", "2025-05-12T13:30:00+08:00"))
    episode.closed()
    return episode.id


def pay_later_account(stack: Stack) -> str:
    """Sign-up, card, credit, a draw in three parts, repaid, given back with its bill, closed."""
    huimin = simulator_of(stack, "huimin")
    account = CreditAccount(hospital_of(stack, "dongguan-tcm"), huimin)
    account.ready()
    episode, bill = account.mother(), credit_account.bill_of("980.00")
    episode.say("bills", bill)
    (draw,) = account.owes("720.00")["draws"]
    account.say(
        "instalments", {"draw": draw["draw"], "count": 3, "chosen_at": credit_account.now()}
    )
    account.until(lambda rows: len(rows["draws"][0]["instalments"]) == 3, "three parts")
    account.repay("720.00")
    account.owes("0.00")
    named = {"bill_number": bill["number"], "bill_version": bill["version"]}
    episode.say("voids", {**named, "voided_at": credit_account.now(), "reason": "not done"})
    episode.wait("claims", kind="pay_later", state="voided")
    account.close()
    return account.id


def voucher_with_records(stack: Stack) -> str:
    """A record that needs two tries, a document handed in, sharing that ends: beside the money."""
    ehealth = simulator_of(stack, "ehealth")
    visit = RecordVisit(
        hospital_of(stack, "jiangmen-central"), simulator_of(stack, "voucher"), ehealth
    )
    ehealth.fault("down", operation="request")
    episode = visit.open()
    episode.say("record-requests", visit.request())
    episode.wait("record_requests", state="answered")
    withdrawn = {"number": "C-1", "withdrawn": "EHEALTH_SHARE", "stated_at": now()}
    episode.say("consents", withdrawn)
    episode.say("bills", visit.bill)
    episode.say("record-deposits", deposit_of(episode, pdf_of("summary")))
    episode.say("tenders", visit.signed_tender("0.82"))
    episode.closed()
    return episode.id


def payment_given_back(stack: Stack) -> str:
    """A payment whose answer is lost, a void that gives it back through the acquirer and what the
    window took by the cashier; then the corrected bill."""
    visit = VoucherVisit(hospital_of(stack, "jiangmen-central"), simulator_of(stack, "voucher"))
    episode, bill = visit.open(), own_bill(visit)
    episode.say("bills", bill)
    simulator_of(stack, "acquirer").fault("accepted_answer_lost", operation="micropay")
    episode.say("tenders", asked(bill, ("foreign_card", "1000.00", CARD)))
    episode.wait("payments", state="paid")
    episode.tender(bill, "286.40", WINDOW)
    episode.closed()
    episode.say("voids", void(bill))
    episode.wait("refunds", route="acquirer", state="refunded")
    episode.paid_back()
    anew = {**bill, "version": 2}
    episode.say("bills", anew)
    episode.tender(anew, "1286.40", WINDOW)
    episode.closed()
    return episode.id


def consent_withdrawn_and_given_again(stack: Stack) -> str:
    """E12 (b): the claim is suspended, the insurer told, a new consent takes it on to its payout;
    then a consent ends that moves no money any more (E12 d)."""
    insurer = simulator_of(stack, "harbour-life")
    visit = WithdrawnVisit(hospital_of(stack, "hku-szh"), A_DAY_LATER)
    episode = visit.open()
    visit.billed()
    rows = episode.wait("claims", state="queued")
    reference = rows["claims"][0]["reference"]
    visit.withdraw()
    episode.wait("claims", state="suspended")
    insurer.has_done("suspended", about=reference)
    visit.give_again()
    insurer.has_done("resumed", about=reference)
    visit.tender(REST)
    episode.closed()
    visit.withdraw()
    episode.closed()
    return episode.id


STORIES: tuple[Callable[[Stack], str], ...] = (
    voucher_voided_and_claimed_anew,
    inpatient_there,
    inpatient_there_silent_bank,
    inpatient_here_limited,
    family_bound_and_unbound,
    family_refused,
    pay_later_visit,
    pay_later_account,
    basic_insurance_voided,
    stay_settled_anew,
    voucher_with_records,
    payment_given_back,
    consent_withdrawn_and_given_again,
)


async def _ended_runs(client: Client, episode_id: str) -> list[WorkflowHandle[object, object]]:
    """Handles of all runs of an episode in their order, once the last has ended."""
    while True:
        runs = [run async for run in client.list_workflows(f"WorkflowId = '{episode_id}'")]
        if runs and all(run.status is WorkflowExecutionStatus.COMPLETED for run in runs):
            runs.sort(key=lambda run: run.start_time)
            return [client.get_workflow_handle(episode_id, run_id=run.run_id) for run in runs]
        await asyncio.sleep(0.2)


async def _keep_runs(stack: Stack, name: str, episode_id: str) -> list[str]:
    house = worker_house(stack.settings)
    client = await house.client(lazy=False)
    codec = client.data_converter.payload_codec
    assert codec is not None, "what the engine stores is sealed"
    kept = []
    for number, handle in enumerate(await _ended_runs(client, episode_id), 1):
        content = await opened(await handle.fetch_history(), codec, client.namespace)
        file = f"{name}-{number}.json"
        keep(file, content)
        kept.append(file)
    return kept


def record(name: str, only: str = "") -> list[str]:
    """Runs every story once on a stack of its own, or those that begin with ``only``; the names of
    the files that it wrote.
    """
    kept: list[str] = []
    with tempfile.TemporaryDirectory() as folder, start(Path(folder)) as stack:
        for story in (s for s in STORIES if s.__name__.startswith(only)):
            episode_id = story(stack)
            title = f"{name}-{story.__name__.replace('_', '-')}"
            kept += asyncio.run(_keep_runs(stack, title, episode_id))
    return kept


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("name", help="begins the names of the new files, for instance a date")
    parser.add_argument("--only", default="", help="how the names of the stories begin")
    chosen = parser.parse_args()
    for file in record(chosen.name, chosen.only):
        print(file)
