"""Walks of chance over money that is no insurer's: vouchers, and an account that pays later. What
the other side truly holds is counted beside our own rows."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

from temporalio.exceptions import ApplicationError

from activities.orders import Subject
from activities.voucher_stages import VoucherStages
from activities.voucher_voids import VoucherVoids
from activities.vouchers import VoucherSteps
from crossclaim.domain.party import VoucherClaimOrder, VoucherClaimReceipt
from crossclaim.domain.submission import FunderKind, SubmissionKind
from tests.steps.credit_rig import CreditVisit, balances
from tests.steps.rig import AT, HOSPITAL, Rig, Visit
from tests.steps.voucher_systems import TakingSystem

VOUCHERS = f"hospital:{HOSPITAL}:voucher_receivable"


class KeepingSystem(TakingSystem):
    """Knows which of its claims were taken back."""

    def __init__(self, *, confirmed: bool) -> None:
        super().__init__(confirmed=confirmed)
        self.back: set[str] = set()

    def claim(self, order: VoucherClaimOrder) -> VoucherClaimReceipt:
        return super().claim(order)

    def void(self, transaction_number: str, reference: str, reason: str) -> VoucherClaimReceipt:
        receipt = super().void(transaction_number, reference, reason)
        self.back.add(receipt.reference)
        return receipt

    @property
    def holds(self) -> int:
        """HK cents of claims that are complete and stand."""
        return sum(
            amount.amount_minor
            for reference, amount in self.amounts.items()
            if reference not in self.back and self.taken[reference].complete
        )


@dataclass
class VoucherWalk:
    visit: Visit
    system: KeepingSystem
    chance: Random
    told: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, rig: Rig, seed: int) -> VoucherWalk:
        chance = Random(seed)
        system = KeepingSystem(confirmed=chance.random() < 0.5)
        own = replace(rig, world=replace(rig.world, voucher=system))
        return cls(Visit(own, own.open([{"funder": "voucher"}])), system, chance)

    def about(self, subject: str) -> Subject:
        return Subject(episode_id=self.visit.episode, subject=subject, at=AT)

    def bill(self) -> None:
        if any(b.payable for b in self.visit.rows().bills):
            return
        self.visit.accepted()
        self.told.append("billed")

    def step(self) -> bool:
        """The one step about vouchers that is due."""
        due = self.visit.rig.standing(self.visit.episode, AT)
        world = self.visit.rig.world
        if due.voucher_void_due:
            VoucherVoids(world).void_voucher(self.about(due.voucher_void_due))
        elif due.voucher_claim_due:
            VoucherSteps(world).claim_voucher(self.about(due.voucher_claim_due))
        elif due.voucher_confirm_due:
            VoucherStages(world).confirm_voucher(self.about(due.voucher_confirm_due))
        else:
            return False
        self.told.append("step")
        return True

    def again(self) -> None:
        """A step that is repeated, or an attempt that ends late, finds its work done."""
        for claim in self.visit.rows().claims:
            VoucherSteps(self.visit.rig.world).claim_voucher(self.about(claim.id))

    def confirm(self) -> None:
        for bill in [b for b in self.visit.rows().bills if b.payable]:
            said = {
                "bill_number": bill.number,
                "bill_version": bill.version,
                "confirmed_by": "EHCP-1",
                "confirmed_at": "2026-04-02T17:00:00+08:00",
            }
            kind = SubmissionKind.VOUCHER_CONFIRMATION
            answer = self.visit.rig.say(kind, said, self.visit.episode)[1]
            self.told.append(f"confirmed {answer.status}")

    def void(self) -> None:
        for bill in [b for b in self.visit.rows().bills if b.payable]:
            said = {
                "bill_number": bill.number,
                "bill_version": bill.version,
                "voided_at": "2026-04-02T11:00:00+08:00",
                "reason": "not done",
            }
            answer = self.visit.rig.say(SubmissionKind.VOID, said, self.visit.episode)[1]
            self.told.append(f"void {answer.status}")

    ANY = ("bill", "bill", "step", "step", "again", "confirm", "void")

    def go(self, steps: int) -> None:
        for _ in range(steps):
            getattr(self, self.chance.choice(self.ANY))()

    def home(self) -> None:
        while self.step():
            pass
        self.confirm()
        while self.step():
            pass

    def owed(self) -> int:
        """HK cents that vouchers carry of the bill that stands."""
        rows = self.visit.rows()
        bill = next((b for b in rows.bills if b.payable), None)
        split = None if bill is None else rows.allocation(bill.id)
        parts = [] if split is None else split.result.totals
        found = (p.in_funder_currency for p in parts if p.funder is FunderKind.VOUCHER)
        return sum(one.amount_minor for one in found if one is not None)

    def booked(self) -> int:
        return self.visit.rig.balances(self.visit.episode).get(VOUCHERS, 0)


@dataclass
class PayLaterWalk:
    visit: CreditVisit
    chance: Random
    told: list[str] = field(default_factory=list)

    def bill(self) -> None:
        if any(b.payable for b in self.visit.rows.bills):
            return
        amount = self.chance.choice(["12.34", "480.00", "980.01"])
        self.told.append(f"bill {amount} {self.visit.bill(amount).status}")

    def charge(self) -> None:
        """Now and then the platform takes it and its answer is lost."""
        if self.chance.random() < 0.4:
            operation = self.chance.choice(["charge", "refund"])
            self.visit.desk.platform.script("accepted_answer_lost", match={"operation": operation})
        try:
            self.visit.charge()
            self.told.append("charged")
        except ApplicationError as error:
            self.told.append(f"lost {error.type}")

    def void(self) -> None:
        if any(b.payable for b in self.visit.rows.bills):
            self.told.append(f"void {self.visit.void().status}")

    ANY = ("bill", "bill", "charge", "charge", "void")

    def go(self, steps: int) -> None:
        for _ in range(steps):
            getattr(self, self.chance.choice(self.ANY))()

    def home(self) -> None:
        for _ in range(4):
            try:
                self.visit.charge()
                return
            except ApplicationError:
                continue
        raise AssertionError("it never comes to rest")

    def had(self) -> int:
        """Fen that the platform has truly taken for this visit and not given back."""
        ours = {claim.reference for claim in self.visit.rows.claims}
        journal = self.visit.desk.platform.journal
        gone = {one["transaction_number"] for one in journal("refunded")}
        stands = [
            one
            for one in journal("charged")
            if one["reference"] in ours and one["transaction_number"] not in gone
        ]
        return sum(sum(one["parts"].values()) for one in stands)

    def owed(self) -> int:
        """Fen of the bill that stands, which nobody but the platform pays."""
        return sum(b.total_minor for b in self.visit.rows.bills if b.payable)

    def booked(self) -> int:
        return -balances(self.visit.desk, self.visit.episode).get("pay_later:committed", 0)
