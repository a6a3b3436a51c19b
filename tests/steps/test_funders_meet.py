"""Where funders meet on one bill: a late answer, a card that pays what others wait for."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest
from ulid import ULID

from activities.bureau_quotes import QuoteSteps
from activities.insured_accounts import InsuredAccountSteps
from activities.orders import Apply
from activities.pay_later import PayLaterSteps
from activities.sending import Attempt
from activities.settlements import SettlementSteps
from activities.submissions import SubmissionSteps
from crossclaim.domain.pay_later_party import ChargeOrder, ChargeReceipt
from crossclaim.domain.reference import Reference
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body, example, varied
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.clinic import CONSENTS, DAUGHTER, LEVEL_3, POOL, Clinic, bill_of, fund
from tests.steps.credit_rig import DRAWN, HOSPITAL, CreditDesk, CreditVisit, balances
from tests.steps.rig import Answer, Rig


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


def with_fund(desk: CreditDesk) -> CreditVisit:
    """A visit that the fund pays in part and the payer's bound card for the rest."""
    payer = desk.member(credit=None, rows={"balance_fen": 0})
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
    visit = with_fund(clinic_desk)
    content = bill_of(f"MZF-{ULID()}", ("110200001-1", "500.00"), day="2026-03-18")
    answer = quoted(visit, content)
    assert answer.status == 200, answer.body
    assert visit.totals == {"basic_insurance": "25.00", "patient": "475.00"}
    visit.charge()
    due = SubmissionSteps(clinic_desk.world).take_stock(visit.subject()).settlement_due
    assert due is not None
    SettlementSteps(clinic_desk.world).settle_bill(visit.subject(due))
    assert sorted(c.state for c in visit.rows.claims) == ["approved", "approved"]
