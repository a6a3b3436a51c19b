"""One bill on a walk of chance through every message that moves money, and the way home from
wherever it stands; what truly moved is counted beside our own rows."""

from __future__ import annotations

import itertools
from collections import Counter
from dataclasses import dataclass, field
from random import Random

from activities.apply_payee import PUT_RIGHT
from activities.claims import ClaimSteps
from activities.orders import Subject
from activities.payout_again import PayoutAgainSteps
from activities.payout_ends import enter_found
from activities.payouts import PayoutSteps
from activities.take_back import TakeBackSteps
from activities.world import BankHabits
from crossclaim.domain.bill_rows import ClawBackRow
from crossclaim.domain.party import PaymentReport, PaymentState
from crossclaim.domain.payment import apply_report
from crossclaim.domain.payout_finding import CONTRADICTIONS, found
from crossclaim.domain.payout_rows import FindingRow
from crossclaim.domain.records import ClaimRow, PayoutRow
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body
from tests.steps.bill_cycle import DRUG, Cycle
from tests.steps.examiner import decision
from tests.steps.rig import AT, Answer
from tests.steps.test_bill_cycle import CANCEL
from tests.steps.test_changed_minds import LATER
from tests.steps.test_where_money_meets import other_account

HABITS = BankHabits(
    answer_within_s=600,
    inquire_every_s=3600,
    max_execution_s=172_800,
    status_request=True,
    credit_advice=True,
    recalls=True,
)
_ON_ITS_WAY = ("sent", "accepted", "unknown")
_numbers = itertools.count(1)


@dataclass
class Walk:
    """``had``: insurer → fen that it has truly paid and not got back."""

    stay: Cycle
    chance: Random
    had: Counter[str] = field(default_factory=Counter)
    twice: Counter[str] = field(default_factory=Counter)
    """Insurer → fen that payees have beside what is owed, on an account of its own."""
    in_doubt: dict[str, str] = field(default_factory=dict)
    """Payout → what two keys will find."""
    entry: int | None = None
    """A debit of some statement, for findings; without one nothing is found as paid."""
    told: list[str] = field(default_factory=list)
    version: int = 1

    @property
    def steps(self) -> PayoutSteps:
        return PayoutSteps(self.stay.rig.world)

    def note(self, what: str, answer: Answer | None = None) -> Answer | None:
        said = "" if answer is None else f" {answer.status} {','.join(answer.codes)}"
        self.told.append(what + said)
        return answer

    # -- the bank

    def order(self, payout: PayoutRow) -> None:
        """A file of it is out."""
        with self.stay.rig.world.records.transaction() as tx:
            tx.lock(self.stay.episode)
            tx.add_payout_attempt(
                self.stay.episode, payout.reference, "order", 1, f"{payout.reference}-1", AT
            )
            tx.release_payout_attempt(payout.reference, "order", 1, AT)
            tx.change_intent(payout.reference, state="sent", sent_at=AT, fence_at=AT)
            tx.change_episode(self.stay.episode)
        self.note(f"sent {payout.reference}")

    def says(self, payout: PayoutRow, state: PaymentState, reason: str = "") -> None:
        report = PaymentReport(
            reference=payout.reference,
            state=state,
            reason=reason,
            happened_at=AT,
            message_id=f"M-{next(_numbers)}",
            message_type="pain.002.001.12",
            entry=1,
        )
        world = self.stay.rig.world
        with world.records.transaction() as tx:
            rows = tx.lock(self.stay.episode)
            assert rows is not None
            now = next(p for p in rows.payouts if p.reference == payout.reference)
            told = apply_report(now, report, credit_advice=True)
            order = Subject(episode_id=self.stay.episode, subject=now.reference, at=AT)
            self.steps._enter(tx, rows, now, report, told, order)
            tx.change_episode(self.stay.episode)
        if told.credited:
            self.had[payout.debtor_organisation_id] += payout.amount_minor
        if told.effect == "take_back":
            self.had[payout.debtor_organisation_id] -= payout.amount_minor
        self.note(f"bank {state.value} {payout.reference} {payout.amount_minor}")

    def _payouts(self, *states: str) -> list[PayoutRow]:
        return [p for p in self.stay.rows().payouts if p.state in states]

    # -- what may come at any time

    def reserve(self) -> None:
        self.stay.reserve()
        self.note("reserve")

    def send(self) -> None:
        for payout in self._payouts("reserved"):
            if self.chance.random() < 0.7:
                self.order(payout)

    def bank(self) -> None:
        for payout in self._payouts(*_ON_ITS_WAY):
            what = self.chance.choice(
                [PaymentState.CREDITED] * 3
                + [PaymentState.SETTLED, PaymentState.REJECTED, PaymentState.RECALLED]
            )
            self.says(payout, what, "AC01" if what is PaymentState.REJECTED else "")

    def brought_back(self) -> None:
        for payout in self._payouts("credited")[-1:]:
            self.says(payout, PaymentState.RETURNED, "AC04")

    def contradicts(self) -> None:
        """The bank says the opposite of what it has said."""
        for payout in self._payouts("rejected", "cancelled", "credited"):
            if payout.orders == 0 or self.chance.random() < 0.5:
                continue
            dead = payout.state != "credited"
            opposite = PaymentState.CREDITED if dead else PaymentState.REJECTED
            self.says(payout, opposite)
            self.in_doubt[payout.reference] = (
                "paid" if self.entry and self.chance.random() < 0.6 else "not_paid"
            )
            return

    def find(self) -> None:
        """Two keys have looked at every contradiction."""
        for reference, outcome in [*self.in_doubt.items()]:
            with self.stay.rig.world.records.transaction() as tx:
                rows = tx.lock(self.stay.episode)
                assert rows is not None
                payout = next(p for p in rows.payouts if p.reference == reference)
                effect = found(rows, payout, outcome, LATER)
                self.note(f"found {reference} {outcome} {effect.code or effect}")
                if effect.code:
                    continue
                number = f"F-{next(_numbers)}"
                entry = self.entry if outcome == "paid" else None
                row = FindingRow(
                    number=number,
                    outcome=outcome,
                    bank_entry=entry,
                    evidence="HB-17",
                    found_by="one",
                )
                tx.add_finding(self.stay.episode, reference, row, LATER)
                tx.decide_finding(reference, number, "two", True, "Seen.", LATER)
                enter_found(tx, rows, payout, effect, LATER, LATER)
                codes = [*CONTRADICTIONS]
                if outcome == "paid":
                    codes += [*PUT_RIGHT, "PAYOUT_CANCELLED"]
                tx.resolve_exceptions(self.stay.episode, codes, LATER, reference)
                for name in effect.cancel if outcome == "paid" else ():
                    tx.resolve_exceptions(self.stay.episode, ["PAYOUT_CANCELLED"], LATER, name)
                tx.change_episode(self.stay.episode, closed_at=None, status="open")
            del self.in_doubt[reference]
            who = payout.debtor_organisation_id
            if effect.book_credit or effect.credit:
                self.had[who] += payout.amount_minor
            if effect.take_back and payout.state == "credited":
                self.had[who] -= payout.amount_minor
            if effect.overpaid:
                self.twice[who] += payout.amount_minor

    def second_key(self) -> None:
        for payout in self._payouts("to_be_approved"):
            self.releases(payout, self.chance.random() < 0.7)

    def releases(self, payout: PayoutRow, approved: bool) -> None:
        body = {
            "payout_reference": payout.reference,
            "approved": approved,
            "decided_at": LATER.isoformat(),
            "reason": "Checked.",
        }
        kind, who = SubmissionKind.PAYOUT_APPROVAL, payout.debtor_organisation_id
        answer = self.stay.rig.say(
            kind, body, self.stay.episode, organisation=who, key_id="key-second"
        )[1]
        self.note(f"released {payout.reference} {approved}", answer)

    def recall(self) -> None:
        for payout in self._payouts("reserved", "to_be_approved"):
            body = {
                "number": f"RC-{next(_numbers)}",
                "payout_reference": payout.reference,
                "reason": "DUPL",
                "asked_at": LATER.isoformat(),
            }
            who = payout.debtor_organisation_id
            kind = SubmissionKind.PAYOUT_RECALL
            answer = self.stay.rig.say(
                kind, body, self.stay.episode, organisation=who, key_id="key-r", at=LATER
            )[1]
            self.note(f"recall {payout.reference}", answer)
            return

    def correct(self) -> None:
        kind = self.chance.choice(("late_charge", "replace", "replace"))
        quantity = self.chance.randint(1, 3)
        cny = {"amount": f"{quantity * 1000}.00", "currency": "CNY"}
        lines: list[Body] = [*self.stay.bill["lines"], DRUG | {"quantity": quantity, "amount": cny}]
        if kind == "replace":
            lines = lines[: self.chance.randint(2, 4)]
        answer = self.note(
            f"{kind} of {self.version}", self.stay.correct(kind, self.version, lines)
        )
        if answer is not None and answer.status == 200:
            self.version += 1

    def decide(self) -> None:
        for claim in [c for c in self.stay.rows().claims if c.state == "due"]:
            minor = self.chance.choice([None, None, None, 0, 500_000, 1_000_000, 2_000_001])
            minor = min(minor, claim.forecast_minor or 0) if minor is not None else None
            self.decides(claim, minor)

    def decides(self, claim: ClaimRow, minor: int | None = None) -> None:
        steps, who = ClaimSteps(self.stay.rig.world), claim.organisation_id or ""
        if claim.decides == "here":
            steps.decide_claim(self.stay.about(claim.id))
        else:
            whole = claim.forecast_minor or 0 if minor is None else minor
            told = decision(who, claim.reference, whole)
            if told.benefit is not None:
                told = told.model_copy(update={"benefit": claim.counted(whole)})
            self.stay.examiners[who].answers[claim.reference] = told
            steps.submit_claim(self.stay.about(claim.id))
        after = self.stay.rows().claim(claim.id)
        self.note(f"decided {after.id} {after.state} {after.pay_fen}")

    def mind(self) -> None:
        rows = self.stay.rows()
        own = [c for c in rows.claims if c.supplements is None and c.kind == "direct"]
        own = [c for c in own if c.state in ("approved", "partial", "denied")]
        if not own:
            return
        claim = self.chance.choice(own)
        hkd = self.chance.choice(["0.00", "10000.00", "20000.01", "27000.00", "30000.00"])
        body = {
            "number": f"CM-{next(_numbers)}",
            "claim_id": claim.id,
            "benefit": {"amount": hkd, "currency": claim.benefit_currency.value},
            "reason": "The limit was counted wrongly.",
            "decided_at": LATER.isoformat(),
        }
        who, kind = claim.organisation_id or "", SubmissionKind.CHANGED_DECISION
        answer = self.stay.rig.say(
            kind, body, self.stay.episode, organisation=who, key_id=f"key-{who}", at=LATER
        )[1]
        self.note(f"mind {claim.id} {hkd} {answer.body.get('change')}", answer)

    def cancel(self) -> None:
        if self.chance.random() < 0.2:
            answer = self.note("cancel", self.stay.order(CANCEL, self.version))
            if answer is not None and answer.status == 200:
                while (due := self.stay.standing().bill_cycle) is not None:
                    TakeBackSteps(self.stay.rig.world).take_back_claim(self.stay.about(due.subject))
                bill = self.stay.version(self.version + 1, self.stay.bill["lines"])
                answer = self.note("billed anew", self.stay.send(bill))
                self.version += 1

    def receive(self) -> None:
        if self._payouts(*_ON_ITS_WAY):
            return
        for back in [b for b in self.stay.rows().claw_backs if b.open]:
            if self.chance.random() < 0.5:
                self.gives_back(back)

    def gives_back(self, back: ClawBackRow) -> None:
        told = {
            "claw_back": back.reference,
            "receipt": f"RC-{next(_numbers)}",
            "received_at": LATER.isoformat(),
        }
        who, kind = back.organisation_id, SubmissionKind.CLAW_BACK
        answer = self.stay.rig.say(kind, told, self.stay.episode, organisation=who)[1]
        assert answer.status == 200, answer.body
        self.had[who] -= back.amount_minor
        self.note(f"given back {back.reference} {back.amount_minor} {back.cause}")

    def other(self, payout: PayoutRow) -> Answer:
        who, nth = payout.debtor_organisation_id, next(_numbers)
        return other_account(self.stay, payout.reference, who, nth)

    def again(self) -> None:
        for payout in self._payouts("rejected", "returned", "cancelled"):
            answer = self.other(payout)
            self.note(f"again {payout.reference}", answer)

    ANY = (
        "reserve",
        "send",
        "send",
        "bank",
        "bank",
        "brought_back",
        "recall",
        "correct",
        "decide",
        "decide",
        "mind",
        "mind",
        "cancel",
        "receive",
        "again",
        "contradicts",
        "contradicts",
        "find",
        "second_key",
    )

    def go(self, steps: int) -> None:
        for _ in range(steps):
            getattr(self, self.chance.choice(self.ANY))()

    # -- the way home: everybody does what he is waited for

    def home(self) -> None:
        for _ in range(20):
            before = self.stay.rows()
            self.all_done()
            if self.stay.rows() == before:
                return
        raise AssertionError("it never comes to rest")

    def all_done(self) -> None:
        while (due := self.stay.standing().bill_cycle) is not None:
            TakeBackSteps(self.stay.rig.world).take_back_claim(self.stay.about(due.subject))
        for claim in [c for c in self.stay.rows().claims if c.state == "due"]:
            self.decides(claim)
        self.stay.reserve()
        standing = self.stay.standing()
        if standing.payout_again_due:
            PayoutAgainSteps(self.stay.rig.world).repeat_payout(
                self.stay.about(standing.payout_again_due)
            )
        if standing.waiting_for in ("PAYEE_ACCOUNT", "PAYOUT_CANCELLED"):
            for payout in self._payouts("rejected", "returned", "cancelled"):
                self.other(payout)
        for payout in self._payouts("to_be_approved"):
            self.releases(payout, True)
        for payout in self._payouts("reserved"):
            if payout.orders == 0:
                self.order(payout)
        self.find()
        for payout in self._payouts(*_ON_ITS_WAY):
            self.says(payout, PaymentState.CREDITED)
        for back in [b for b in self.stay.rows().claw_backs if b.open]:
            self.gives_back(back)

    def owed(self) -> dict[str, int]:
        """What each insurer owes by the newest split of the version that stands."""
        rows = self.stay.rows()
        bill = next((b for b in rows.bills if b.payable), None)
        if bill is None:
            return {}
        split = rows.allocation(bill.id)
        assert split is not None
        found = {}
        for claim in rows.claims_of(bill.id, "direct"):
            part = split.result.insurer(claim.organisation_id)
            if claim.supplements is None and part is not None and part.amount.amount_minor:
                found[claim.organisation_id or ""] = part.amount.amount_minor
        return found
