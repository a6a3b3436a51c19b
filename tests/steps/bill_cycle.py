"""E11's stay through the versions of its bill, each step taken by hand, each figure read back."""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from activities.claims import ClaimSteps
from activities.take_back import TakeBackSteps
from activities.tender_refunds import RefundSteps
from crossclaim.domain.records import BillRow, ClaimRow
from crossclaim.domain.submission import BillSubmission, SubmissionKind
from crossclaim.domain.tender_standing import ORDER
from tests.flows.hospital import Body, cny, tender_of
from tests.steps.examiner import decision
from tests.steps.rig import HARBOUR, HOSPITAL, MUTUAL, Answer
from tests.steps.two_insurers import DualStay

_numbers = itertools.count(1)
DRUG: Body = {
    "number": 5,
    "category": "drug",
    "code": "DRG-0001",
    "description": "drug",
    "service_date": "2026-04-08",
    "quantity": 1,
    "unit_price": cny("1000.00"),
    "amount": cny("1000.00"),
}


@dataclass(frozen=True)
class Cycle(DualStay):
    """One bill through its versions."""

    def version(
        self,
        number: int,
        lines: list[Body],
        status: str = "final",
        correction: Body | None = None,
        **more: Any,
    ) -> Body:
        fen = sum(round(float(line["amount"]["amount"]) * 100) for line in lines)
        bill = {**self.bill, "version": number, "status": status, "lines": lines, **more}
        bill["total"] = cny(f"{fen // 100}.{fen % 100:02d}")
        if correction is not None:
            bill["correction"] = correction
        return bill

    def send(self, bill: Body) -> Answer:
        return self.rig.say(SubmissionKind.BILL, bill, self.episode)[1]

    def correct(self, kind: str, of: int, lines: list[Body], **more: Any) -> Answer:
        correction = {"kind": kind, "of_version": of, "reason": "As the ward has reported it."}
        return self.send(self.version(of + 1, lines, correction=correction, **more))

    def pays(self, version: int, amount: str) -> None:
        body = {**tender_of(self.bill, amount, "2026-04-10T10:50:00+08:00")}
        body |= {"bill_version": version}
        body["legs"] = [{**body["legs"][0], "reference": f"R-CYC-{next(_numbers)}"}]
        _, answer = self.rig.say(SubmissionKind.TENDER, body, self.episode)
        assert answer.status == 200, answer.body

    def row(self, version: int) -> BillRow:
        found = self.rows().numbered_bill(self.bill["number"], version)
        assert found is not None
        return found

    def living(self, organisation: str) -> ClaimRow:
        """The newest claim on an insurer."""
        found = [c for c in self.rows().claims if c.organisation_id == organisation]
        return found[-1]

    def decided(self, organisation: str, hkd_cents: int | None = None) -> ClaimRow:
        """The insurer decides as was forecast, or otherwise."""
        claim = self.living(organisation)
        minor = claim.forecast_minor or 0 if hkd_cents is None else hkd_cents
        steps = ClaimSteps(self.rig.world)
        if claim.decides == "here":
            steps.decide_claim(self.about(claim.id))
        else:
            told = decision(organisation, claim.reference, minor)
            self.examiners[organisation].answers[claim.reference] = told
            steps.submit_claim(self.about(claim.id))
        return self.living(organisation)

    def confirmed(self) -> None:
        """Both insurers give their word as was forecast; the second after the first."""
        for name in (HARBOUR, MUTUAL):
            if any(c.organisation_id == name and c.state == "due" for c in self.rows().claims):
                self.decided(name)

    def policy_of(self, organisation: str) -> str:
        with self.rig.world.records.transaction() as tx:
            content = tx.episode_content(self.episode)
        found = (c.policy_number for c in content.coverages if c.organisation == organisation)
        return next(found) or ""

    def content(self, bill_id: str) -> BillSubmission:
        with self.rig.world.records.transaction() as tx:
            return tx.bill_content(bill_id)

    @property
    def stops(self) -> list[dict[str, str]]:
        """What the insurers with a house of their own were told to stop."""
        return [stop for examiner in self.examiners.values() for stop in examiner.stops]

    def order(self, kind: SubmissionKind, version: int) -> Answer:
        at = "reopened_at" if kind is SubmissionKind.REOPENING else "cancelled_at"
        body = {
            "bill_number": self.bill["number"],
            "bill_version": version,
            at: "2026-04-20T10:00:00+08:00",
            "reason": "The wrong patient was billed.",
        }
        return self.rig.say(kind, body, self.episode)[1]

    def insurers_told(self) -> None:
        """Every insurer hears that the settlement was cancelled."""
        while (due := self.standing().bill_cycle) is not None:
            TakeBackSteps(self.rig.world).take_back_claim(self.about(due.subject))

    def given_back(self) -> Mapping[str, int]:
        """Every claw-back that waits is received by its insurer; who → fen."""
        found = {}
        for back in self.rows().claw_backs:
            if back.open:
                told = {
                    "claw_back": back.reference,
                    "receipt": f"RC-{next(_numbers)}",
                    "received_at": "2026-04-21T10:00:00+08:00",
                }
                who = back.organisation_id
                kind = SubmissionKind.CLAW_BACK
                answer = self.rig.say(kind, told, self.episode, organisation=who)[1]
                assert answer.status == 200, answer.body
                found[who] = back.amount_minor
        return found

    def refunded(self) -> None:
        """What is too much is ordered back, and the cashier pays it."""
        due = self.standing().tenders
        if due is not None and due.step == ORDER:
            RefundSteps(self.rig.world).order_refunds(self.about(due.subject))
        self.rig.paid_back(self.episode, HOSPITAL)

    def books(self) -> dict[str, int]:
        """What the episode's entries left, without the guarantees' reservations."""
        found = self.rig.balances(self.episode)
        return {name: fen for name, fen in found.items() if not name.startswith("guarantee:")}
