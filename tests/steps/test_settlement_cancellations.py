"""A cancelled settlement leaves the books as they were before the bill, whoever paid."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from activities.orders import Subject
from activities.submissions import SubmissionSteps
from activities.take_back import TakeBackSteps
from activities.voucher_papers import VoucherPapers
from activities.voucher_voids import VoucherVoids
from activities.vouchers import VoucherSteps
from crossclaim.documents.voucher_use_record import PrintedRecords
from crossclaim.domain.errors import Final
from crossclaim.domain.settlement_cancellation import cancellation_of
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.clinic import ACCOUNT, CAPS, FATHER, Clinic, fund
from tests.steps.credit_rig import CreditDesk, balances
from tests.steps.rig import AT, HARBOUR, Rig, policy_number
from tests.steps.test_settlements import E8A
from tests.steps.two_insurers import PEARL, DualStay, first_there, second_there
from tests.steps.voucher_systems import TakingSystem


class Shelf:
    """Keeps papers in memory."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, key: str, content: bytes, content_type: str) -> None:
        self.kept[key] = content

    def get(self, key: str) -> bytes:
        return self.kept[key]


class Deaf(TakingSystem):
    """Does not take a void."""

    def void(self, transaction_number: str, reference: str, reason: str):  # type: ignore[no-untyped-def]
        raise Final("the month is closed", code="VOID_TOO_LATE")


def order(number: str, version: int) -> Body:
    return {
        "bill_number": number,
        "bill_version": version,
        "cancelled_at": "2026-04-20T10:00:00+08:00",
        "reason": "The wrong patient was billed.",
    }


def test_vouchers_an_insurer_and_cash(rig: Rig) -> None:
    shelf = Shelf()
    world = replace(
        rig.world, voucher=TakingSystem(), use_records=PrintedRecords(), documents=shelf
    )
    own = replace(rig, world=world)
    visit, policy = own.visit(policy := policy_number()), policy
    before = own.balances(visit.episode)
    visit.accepted()
    voucher = visit.claim("voucher")
    VoucherSteps(world).claim_voucher(about(visit.episode, voucher.id))
    visit.decide()
    assert visit.claim("voucher").state == "approved" and own.used(policy) > 0
    bill = visit.rows().bills[0]
    shown = cancellation_of(visit.rows(), bill)
    told = own.say(SubmissionKind.CANCELLATION, order(bill.number, bill.version), visit.episode)[1]
    assert told.status == 200, told.body
    assert {s.what for s in shown.steps} == {
        "due_reversed",
        "tender_refunded",
        "voucher_voided",
        "claim_dropped",
    }
    VoucherVoids(world).void_voucher(about(visit.episode, voucher.id))
    own.paid_back(visit.episode)
    assert own.balances(visit.episode) == before
    assert own.used(policy) == 0
    due = own.standing(visit.episode, AT).voucher_record_due
    assert due == voucher.id, "the record that the patient has is printed as void"
    VoucherPapers(world).print_use_record(about(visit.episode, due))
    void = [text.decode() for key, text in shelf.kept.items() if key.endswith("-void.html")]
    assert len(void) == 3 and any("VOID: this use was taken back" in text for text in void)
    assert own.standing(visit.episode, AT).voucher_record_due is None


def about(episode: str, subject: str) -> Subject:
    return Subject(episode_id=episode, subject=subject, at=AT)


def test_the_bureau_and_a_relatives_account(clinic: Clinic) -> None:
    visit = clinic.open(FATHER, fund(CAPS), ACCOUNT)
    answer = visit.bill(*E8A)
    visit.settle()
    bill = answer.body["bill"]
    told = visit.send(SubmissionKind.CANCELLATION, order(bill["number"], bill["version"]))
    assert told.status == 200, told.body
    assert "settlement_cancelled" in {s["what"] for s in told.body["reversed"] if s["out"]}
    visit.cancel()
    assert (visit.states(), visit.ledger()) == (["voided"], {})


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("huimin", tmp_path_factory.mktemp("huimin-cancelled")) as party:
        yield party


def test_a_pay_after_care_account_and_its_card(rig: Rig, platform: SimulatedParty) -> None:
    desk = CreditDesk.of(rig, platform)
    visit = desk.mother(desk.member(credit=None, rows={"balance_fen": 0}))
    visit.paid("980.00")
    bill = visit.rows.bills[-1]
    told = visit.say(SubmissionKind.CANCELLATION, order(bill.number, bill.version))
    assert told.status == 200, told.body
    assert "charge_refunded" in {s["what"] for s in told.body["reversed"] if s["out"]}
    visit.charge()
    assert balances(desk, visit.episode) == {}
    assert visit.rows.claims[-1].state == "voided"


def test_two_insurers_in_houses_of_their_own_and_a_reimbursement(rig: Rig) -> None:
    stay = DualStay.opened(rig, [first_there(), second_there()], limit_hkd=20_000, version=1)
    before = stay.rig.balances(stay.episode)
    split = stay.billed().split
    assert len(split.later) == 2, "beyond each guarantee the patient is reimbursed"
    for organisation in (HARBOUR, second_there().organisation):
        stay.submit(organisation)
        stay.answered(organisation, stay.claim_on(organisation).forecast_minor or 0)
    stay.tender(split.of(split.totals[-1].funder).decimal_text())
    reimbursed = stay.reimburse()
    assert sum(reimbursed.values()) > 0
    stay.credited()
    told = stay.rig.say(SubmissionKind.CANCELLATION, order(stay.bill["number"], 1), stay.episode)[1]
    assert told.status == 200, told.body
    payees = sorted(back["payee"] for back in told.body["claw_backs"])
    assert payees == ["hospital", "hospital", "patient", "patient"]
    while (due := stay.standing().bill_cycle) is not None:
        TakeBackSteps(stay.rig.world).take_back_claim(stay.about(due.subject))
    stay.rig.paid_back(stay.episode)
    for back in stay.rows().claw_backs:
        received = {
            "claw_back": back.reference,
            "receipt": "RC-1",
            "received_at": "2026-04-25T10:00:00+08:00",
        }
        (other,) = {HARBOUR, PEARL} - {back.organisation_id}
        foreign = stay.rig.say(SubmissionKind.CLAW_BACK, received, stay.episode, organisation=other)
        assert foreign[1].codes == ["CLAW_BACK_UNKNOWN"], "only whose money it is"
        own = stay.rig.say(
            SubmissionKind.CLAW_BACK, received, stay.episode, organisation=back.organisation_id
        )
        assert own[1].status == 200, own[1].body
    assert stay.rig.balances(stay.episode) == before
    assert "CLAW_BACK_DUE" not in stay.rig.exceptions(stay.episode)


def test_a_void_that_the_voucher_system_refuses_stays_in_the_books(rig: Rig) -> None:
    world = replace(rig.world, voucher=Deaf())
    own = replace(rig, world=world)
    visit = own.visit(policy_number())
    visit.accepted(coverages=[0])
    voucher = visit.claim("voucher")
    VoucherSteps(world).claim_voucher(about(visit.episode, voucher.id))
    bill = visit.rows().bills[0]
    own.say(SubmissionKind.CANCELLATION, order(bill.number, bill.version), visit.episode)
    VoucherVoids(world).void_voucher(about(visit.episode, voucher.id))
    own.paid_back(visit.episode)
    assert own.exceptions(visit.episode)["VOUCHER_VOID_REFUSED"] == "VOID_TOO_LATE"
    assert "funder:voucher:due" in own.balances(visit.episode), "what stays out is not hidden"


def test_it_is_done_once(rig: Rig) -> None:
    visit = rig.visit(policy_number())
    before = rig.balances(visit.episode)
    visit.accepted(coverages=[1])
    bill = visit.rows().bills[0]
    asked = order(bill.number, bill.version)
    assert rig.say(SubmissionKind.CANCELLATION, asked, visit.episode)[1].status == 200
    again = rig.say(SubmissionKind.CANCELLATION, asked, visit.episode)[1]
    assert again.codes == ["BILL_NOT_CURRENT"]
    rig.paid_back(visit.episode)
    assert rig.balances(visit.episode) == before
    assert SubmissionSteps(rig.world).take_stock(about(visit.episode, "")).closable is False
