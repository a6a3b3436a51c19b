"""Where funders meet on one bill: a late answer, a card that pays what others wait for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

import pytest
from ulid import ULID

from activities.bureau_quotes import QuoteSteps
from activities.insured_accounts import InsuredAccountSteps
from activities.orders import Apply
from activities.pay_later import PayLaterSteps
from activities.resplits import split_by_quote
from activities.sending import Attempt
from activities.settlements import SettlementSteps
from activities.submissions import SubmissionSteps
from crossclaim.domain.money import fen
from crossclaim.domain.pay_later_party import ChargeOrder, ChargeReceipt
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import FunderKind, SubmissionKind
from tests.flows.hospital import Body, example, varied
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.clinic import CONSENTS, DAUGHTER, LEVEL_3, POOL, Clinic, bill_of, fund
from tests.steps.credit_rig import (
    DRAWN,
    HOSPITAL,
    REGION,
    CreditDesk,
    CreditDeskAccount,
    CreditVisit,
    balances,
)
from tests.steps.rig import MUTUAL, Answer, Rig, insured_by, policy_number


@pytest.fixture(scope="module")
def platform(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SimulatedParty]:
    with SimulatedParty("huimin", tmp_path_factory.mktemp("huimin")) as party:
        yield party


@pytest.fixture
def desk(rig: Rig, platform: SimulatedParty) -> CreditDesk:
    return CreditDesk.of(rig, platform)


class Overtaken(PayLaterSteps):
    """While its call is on its way, the same step is refused elsewhere and that is written."""

    desk: CreditDesk
    visit: CreditVisit

    def _put(self, attempt: Attempt, asked: ChargeOrder) -> ChargeReceipt:
        holder = self.visit.payer.person
        self.desk.platform.set_tables({"persons": {holder: {"balance_fen": 0}}})
        (claim,) = self.visit.rows.claims
        PayLaterSteps(self.desk.world)._charge(self.visit.subject(claim.id))
        self.desk.platform.set_tables({"persons": {holder: {"balance_fen": 90000}}})
        return super()._put(attempt, asked)


def test_a_charge_taken_after_its_refusal_was_written_is_given_back(desk: CreditDesk) -> None:
    payer = desk.member(card_number=None, credit=None, rows={"balance_fen": 90000})
    visit = desk.mother(payer)
    visit.bill("720.00")
    steps = Overtaken(desk.world)
    steps.desk, steps.visit = desk, visit
    steps._charge(visit.subject(visit.rows.claims[0].id))
    visit.charge()
    assert visit.rows.claims[0].state == "voided"
    assert len(desk.platform.journal("refunded")) == 1
    assert balances(desk, visit.episode).get("pay_later:committed", 0) == 0


@pytest.fixture
def clinic_desk(clinic: Clinic, platform: SimulatedParty) -> CreditDesk:
    """The platform's hospital, designated by the bureau too."""
    clinic.bureau.reset(DRAWN.isoformat())
    known = clinic.world.reference
    hospitals = [
        h.model_copy(update={"designation": LEVEL_3}) if h.id == HOSPITAL else h
        for h in known.hospitals
    ]
    reference = Reference(**{**dict(known), "hospitals": hospitals})
    world = replace(clinic.world, reference=reference)
    return CreditDesk.of(replace(clinic.rig, world=world), platform)


def with_fund(desk: CreditDesk, payer: CreditDeskAccount) -> CreditVisit:
    """A visit that the fund pays in part and the payer for the rest."""
    told: Body = {
        "account": payer.id,
        "confirmation": "seamless",
        "relation": "parent",
        "agreement_signed_at": "2026-03-18T09:30:00+08:00",
    }
    submission = varied(
        example("episode-2-voucher"),
        hospital=HOSPITAL,
        visit={"number": f"MZ-MEET-{ULID()}", "channel": "ordinary"},
        patient={
            "birth_date": "1949-05-01",
            "documents": [{"type": "mainland_id", "number": DAUGHTER}],
        },
        coverages=[
            fund(POOL),
            {"funder": "pay_later", "plan": "huimin-dongguan", "pay_later": told},
        ],
        consents=CONSENTS,
    )
    visit = CreditVisit(desk, f"ep_{ULID()}", payer)
    answer = visit.say(SubmissionKind.EPISODE, submission)
    assert answer.status == 201, answer.body
    visit.look_up()
    InsuredAccountSteps(desk.world).look_up_insured(visit.subject())
    return visit


def quoted(visit: CreditVisit, content: Body) -> Answer:
    """As the workflow does: the bill is shown to the bureau, then applied."""
    desk = visit.desk
    submission = desk._say(SubmissionKind.BILL, content, visit.episode)
    QuoteSteps(desk.world).quote_settlement(visit.subject(submission))
    order = Apply(episode_id=visit.episode, submission_id=submission, at=desk.now)
    SubmissionSteps(desk.world).apply_submission(order)
    return desk.answer(submission)


def test_the_bureau_settles_once_the_bound_card_has_paid_the_patients_part(
    clinic_desk: CreditDesk,
) -> None:
    card_only = clinic_desk.member(credit=None, rows={"balance_fen": 0})
    visit = with_fund(clinic_desk, card_only)
    content = bill_of(f"MZF-{ULID()}", ("110200001-1", "500.00"), day="2026-03-18")
    answer = quoted(visit, content)
    assert answer.status == 200, answer.body
    assert visit.totals == {"basic_insurance": "25.00", "patient": "475.00"}
    visit.charge()
    due = SubmissionSteps(clinic_desk.world).take_stock(visit.subject()).settlement_due
    assert due is not None
    SettlementSteps(clinic_desk.world).settle_bill(visit.subject(due))
    assert sorted(c.state for c in visit.rows.claims) == ["approved", "approved"]


def test_a_bill_split_anew_after_its_charge_counts_the_charge_as_not_spent(
    clinic_desk: CreditDesk,
) -> None:
    """Else the payer's account has become too small for what it has just paid."""
    payer = clinic_desk.member(card_number=None, credit=None, rows={"balance_fen": 50000})
    visit = with_fund(clinic_desk, payer)
    content = bill_of(f"MZF-{ULID()}", ("110200001-1", "500.00"), day="2026-03-18")
    assert quoted(visit, content).status == 200
    before = {"basic_insurance": "25.00", "personal_account": "475.00", "patient": "0.00"}
    assert visit.totals == before
    visit.charge()
    split_again(visit)
    assert visit.totals == before


def insured_too(desk: CreditDesk, payer: CreditDeskAccount) -> CreditVisit:
    """A visit laid on an insurer and on the payer's account."""
    insured = example("episode-1-inpatient")
    consents = [
        c | ({"recipient": MUTUAL} if "recipient" in c else {}) for c in insured["consents"]
    ]
    submission = varied(
        example("episode-2-voucher"),
        hospital=HOSPITAL,
        visit={
            "number": f"MZ-MEET-{ULID()}",
            "channel": "ordinary",
            "department": "chinese-medicine",
        },
        patient={
            "birth_date": "1990-03-07",
            "documents": [{"type": "mainland_id", "number": payer.person}],
        },
        coverages=[
            insured_by(MUTUAL, policy_number()),
            {
                "funder": "pay_later",
                "plan": "huimin-dongguan",
                "pay_later": {"account": payer.id, "confirmation": "seamless"},
            },
        ],
        consents=consents,
        diagnoses=insured["diagnoses"],
    )
    visit = CreditVisit(desk, f"ep_{ULID()}", payer)
    answer = visit.say(SubmissionKind.EPISODE, submission)
    assert answer.status == 201, answer.body
    visit.look_up()
    return visit


def decided_by_the_insurer(visit: CreditVisit, amount: int) -> None:
    """The insurer paid more than its forecast; the account pays that much less."""
    (bill,), split = visit.rows.bills, visit.rows.allocations[-1].result
    moved = {FunderKind.INSURER: amount, FunderKind.PERSONAL_ACCOUNT: -amount}
    totals = [
        t.model_copy(update={"amount": fen(t.amount.amount_minor + moved.get(t.funder, 0))})
        for t in split.totals
    ]
    with visit.desk.world.records.transaction() as tx:
        tx.lock(visit.episode)
        result = split.model_copy(update={"totals": totals})
        tx.add_allocation(visit.episode, bill.id, result, "DECISION", visit.desk.now)
        tx.add_claim(
            f"cl_{ULID()}",
            visit.episode,
            bill.id,
            "direct",
            organisation_id=MUTUAL,
            sequence=1,
            reference=f"CL{ULID()}",
            state="approved",
            decides="here",
            occurred_at=visit.desk.now,
        )


def test_a_refused_charge_does_not_undo_what_an_insurer_has_decided(desk: CreditDesk) -> None:
    desk.at(datetime(2026, 4, 2, 10, 0, tzinfo=REGION))
    payer = desk.member(card_number=None, credit=None, rows={"balance_fen": 98000})
    visit = insured_too(desk, payer)
    assert visit.bill("980.00").status == 200
    decided_by_the_insurer(visit, 10000)
    decided = {"insurer": "100.00", "personal_account": "880.00", "patient": "0.00"}
    assert visit.totals == decided
    desk.platform.set_tables({"persons": {payer.person: {"balance_fen": 0}}})
    visit.charge()
    failed = {"insurer": "100.00", "personal_account": "0.00", "patient": "880.00"}
    assert visit.totals == failed, "what cannot be charged is the patient's, all else stays"
    told = visit.exceptions["PAY_LATER_SPLIT_REFUSED"]
    assert told == {"code": "INSURER_PART_CLAIMED"}
    assert visit.exceptions["PAY_LATER_CASH_DUE"]["due"] == "CNY 880.00"
    newest = visit.rows.allocations[-1].result
    by_line = {line: fen(0) for line in {share.line for share in newest.shares}}
    for share in newest.shares:
        by_line[share.line] += share.amount
    assert sum(by_line.values(), start=fen(0)) == newest.total


def test_a_part_that_was_charged_stays_and_a_person_is_told_why(clinic_desk: CreditDesk) -> None:
    payer = clinic_desk.member(card_number=None, credit=None, rows={"balance_fen": 50000})
    visit = with_fund(clinic_desk, payer)
    content = bill_of(f"MZF-{ULID()}", ("110200001-1", "500.00"), day="2026-03-18")
    quoted(visit, content)
    visit.charge()
    with clinic_desk.world.records.transaction() as tx:
        tx.change_pay_later_payer(visit.episode, code="ACCOUNT_CLOSED")
    before = visit.totals
    assert split_again(visit) == ["PAY_LATER_PART_CHARGED"]
    assert visit.totals == before


def split_again(visit: CreditVisit) -> list[str]:
    """As when the bureau settles otherwise than it quoted."""
    (bill,) = visit.rows.bills
    world = visit.desk.world
    with world.records.transaction() as tx:
        rows = tx.lock(visit.episode)
        assert rows is not None
        return split_by_quote(tx, world, visit.subject(), rows, bill.id)
