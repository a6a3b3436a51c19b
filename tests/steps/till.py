"""A cashier's window with an acquirer behind it: steps on PostgreSQL, the party over HTTP."""

from __future__ import annotations

import itertools
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from pydantic import SecretStr

from activities.acquirer_days import AcquirerDaySteps, ComparedDay
from activities.orders import Subject
from activities.tender_payments import PaymentSteps
from activities.tender_refunds import RefundSteps
from activities.world import World
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.submission import SubmissionKind
from crossclaim.domain.tender_standing import ORDER, REFUND, TAKE, TenderStanding
from crossclaim.gateways.acquirer import AcquirerGateway
from crossclaim.gateways.acquirer_envelope import AcquirerCall
from tests.flows.hospital import Body, cny
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.rig import AT, HOSPITAL, Answer, Rig, bill_of

SECRET = SecretStr("simulator-secret")
MERCHANTS = {HOSPITAL: "MCH440307"}
CODES = {
    "wechat": "130000000000000001",
    "alipay": "280000000000000001",
    "ecny": "010000000000000001",
    "bank_card": "62000000000001",
    "foreign_card": "VISA-000000000001",
}
_numbers = itertools.count(1)


def gateway_of(acquirer: SimulatedParty, timeout_s: float = 5.0) -> AcquirerGateway:
    return AcquirerGateway(AcquirerCall(acquirer.http(timeout_s=timeout_s), SECRET), MERCHANTS)


def leg(method: str, amount: str, code: str | None = None, *, told: bool = False) -> Body:
    """One that the acquirer is to take, unless the window says that it has it."""
    found = {"method": method, "amount": cny(amount), "reference": f"W-{next(_numbers)}"}
    return found if told else {**found, "payer_code": code or CODES[method]}


@dataclass
class Till:
    """One episode of a patient, its bill, and business time."""

    rig: Rig
    acquirer: SimulatedParty
    episode: str
    number: str = field(default_factory=lambda: f"MZF-TILL-{next(_numbers)}")
    now: datetime = AT

    @classmethod
    def opened(
        cls, rig: Rig, acquirer: SimulatedParty, coverages: list[Body] | None = None
    ) -> Till:
        world = replace(rig.world, acquirer=gateway_of(acquirer))
        rig = replace(rig, world=world)
        return cls(rig, acquirer, rig.open(coverages or [{"funder": "patient"}]))

    @property
    def world(self) -> World:
        return self.rig.world

    @property
    def rows(self) -> EpisodeRows:
        return self.rig.rows(self.episode)

    def say(self, kind: SubmissionKind, content: Body) -> Answer:
        return self.rig.say(kind, content, self.episode, at=self.now)[1]

    def bill(self, amount: str = "900.00", version: int = 1) -> Answer:
        body = {**bill_of(self.number, amount), "version": version}
        answer = self.say(SubmissionKind.BILL, body)
        assert answer.status == 200, answer.body
        return answer

    def pay(self, *legs: Body, version: int = 1) -> Answer:
        tender = {
            "bill_number": self.number,
            "bill_version": version,
            "tendered_at": "2026-04-02T10:50:00+08:00",
            "legs": list(legs),
        }
        return self.say(SubmissionKind.TENDER, tender)

    def void(self, version: int = 1) -> Answer:
        void = {
            "bill_number": self.number,
            "bill_version": version,
            "voided_at": "2026-04-02T11:30:00+08:00",
            "reason": "A test was not done.",
        }
        return self.say(SubmissionKind.VOID, void)

    def confirm(self, refund: str, receipt: str = "TK-1") -> Answer:
        told = {"refund": refund, "receipt": receipt, "paid_back_at": "2026-04-02T15:00:00+08:00"}
        return self.say(SubmissionKind.REFUND_CONFIRMATION, told)

    @property
    def tenders(self) -> TenderStanding | None:
        return self.rig.standing(self.episode, self.now).tenders

    def take(self, step: str, subject: str, world: World | None = None) -> None:
        """One step as the episode's story would take it."""
        order = Subject(episode_id=self.episode, subject=subject, at=self.now)
        world = world or self.world
        steps: dict[str, Any] = {
            TAKE: PaymentSteps(world).take_payment,
            REFUND: RefundSteps(world).refund_tender,
            ORDER: RefundSteps(world).order_refunds,
        }
        steps[step](order)

    def work(self, *, times: int = 20) -> None:
        """Every step that is due, until nothing is."""
        for _ in range(times):
            due = self.tenders
            if due is None or not due.step:
                return
            self.take(due.step, due.subject)
        raise AssertionError("the steps never end")

    def later(self, seconds: float) -> None:
        """Business time and the acquirer's, together."""
        self.now += timedelta(seconds=seconds)
        self.acquirer.set_clock(self.now.isoformat())

    def compare(self) -> ComparedDay:
        """The day of the payments, on the next morning."""
        morning = AT + timedelta(days=1)
        self.acquirer.set_clock(morning.isoformat())
        return AcquirerDaySteps(self.world).compare(HOSPITAL, AT.date(), morning)

    def states(self) -> list[tuple[str, str, int]]:
        """Method, state and fen of each payment."""
        return [(p.method, p.state, p.amount_minor) for p in self.rows.payments]

    def refunds(self) -> list[tuple[str, str, str, int]]:
        """Method, route, state and fen of each refund."""
        return [(r.method, r.route, r.state, r.amount_minor) for r in self.rows.refunds]

    def charged(self) -> int:
        """Fen that the acquirer really took of payers for this episode."""
        ours = {p.order_reference for p in self.rows.payments}
        entries = self.acquirer.journal("charged")
        return sum(e["fee"] for e in entries if e["out_trade_no"] in ours)

    def given_back(self) -> int:
        """Fen that the acquirer really gave back."""
        ours = {r.reference for r in self.rows.refunds}
        entries = self.acquirer.journal("refunded")
        return sum(e["fee"] for e in entries if e["out_refund_no"] in ours)
