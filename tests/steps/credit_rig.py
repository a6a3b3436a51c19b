"""A pay-after-care account made by the steps, over the real platform's simulator."""

from __future__ import annotations

import asyncio
import itertools
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from ulid import ULID

from activities.credit import CreditSteps
from activities.credit_books import CreditBookSteps
from activities.credit_orders import CreditApply, CreditSubject
from activities.orders import Apply, Subject
from activities.pay_later import PayLaterSteps
from activities.submissions import SubmissionSteps
from activities.world import World
from crossclaim.api.examples_credit import CREDIT_EXAMPLES
from crossclaim.domain.credit_rows import CreditRows
from crossclaim.domain.credit_standing import CreditStanding
from crossclaim.domain.credit_submission import CreditSignUpSubmission
from crossclaim.domain.records import EpisodeRows
from crossclaim.domain.submission import SubmissionKind
from crossclaim.gateways.huimin import HuiminGateway, read_refusal
from crossclaim.store.intake_tables import SqlIntake
from crossclaim.store.session import Database
from tests.flows.hospital import Body, cny, example, varied
from tests.gateways.simulated_party import SimulatedParty
from tests.simulators.party_process import eventually
from tests.steps.rig import Answer, Rig

REGION = timezone(timedelta(hours=8))
DRAWN = datetime(2026, 3, 18, 10, 0, tzinfo=REGION)
HOSPITAL = "dongguan-tcm"
_numbers = itertools.count(1)
_persons = itertools.count(100)


def person(born: str = "1990-03-07") -> tuple[str, str]:
    """An identity number nobody else has, and the day of birth."""
    body = f"441900{born.replace('-', '')}{next(_persons):03d}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    rest = sum(int(sign) * weight for sign, weight in zip(body, weights, strict=True)) % 11
    return body + "10X98765432"[rest], born


@dataclass
class CreditDesk:
    """The hospital's desk, the platform and one worker; ``now`` is business time everywhere."""

    world: World
    intake: SqlIntake
    database: Database
    platform: SimulatedParty
    now: datetime = DRAWN

    @classmethod
    def of(cls, rig: Rig, platform: SimulatedParty) -> CreditDesk:
        platform.reset(DRAWN.isoformat())
        gateway = HuiminGateway(platform.http(read_refusal=read_refusal))
        world = replace(rig.world, pay_later=gateway)
        return cls(world, rig.intake, rig.database, platform)

    def at(self, now: datetime) -> None:
        self.now = now
        self.platform.set_clock(now.isoformat())

    def _say(self, kind: SubmissionKind, content: Body, subject: str) -> str:
        received = self.intake.receive(
            HOSPITAL,
            kind,
            submission_id=f"sb_{ULID()}",
            episode_id=subject,
            business_key=f"credit-{next(_numbers)}",
            content=content,
            idempotency_key=None,
        )
        return received.id

    def answer(self, submission: str) -> Answer:
        with self.database.begin() as connection:
            outcome = connection.execute(
                "select outcome from submission where id = %(id)s", {"id": submission}
            ).scalar_one()
        return Answer(outcome["status"], outcome["body"])

    def account(self, **changes: Any) -> CreditDeskAccount:
        """A new holder's sign-up, applied and not yet sent."""
        number, born = changes.pop("person", None) or person()
        rows = {"balance_fen": 26000, "credit": {"limit_fen": 500000}}
        rows |= {"birth_date": born, **changes.pop("rows", {})}
        self.platform.set_tables({"persons": {number: rows}})
        body = varied(
            CREDIT_EXAMPLES[CreditSignUpSubmission],
            number=f"HM-{next(_numbers)}",
            holder={
                "birth_date": born,
                "document": {"type": "mainland_id", "number": number},
            },
            **changes,
        )
        account_id = f"ca_{ULID()}"
        account = CreditDeskAccount(self, account_id, number)
        account.opened = account.say(SubmissionKind.CREDIT_SIGN_UP, body)
        return account

    def member(self, **changes: Any) -> CreditDeskAccount:
        """Signed up, with a bound card and the bank's answer about the credit."""
        account = self.account(**changes)
        account.work()
        if "card_number" not in changes:
            code = {"number": "S-1", "sms_code": "314159", "confirmed_at": self.now.isoformat()}
            account.say(SubmissionKind.CREDIT_CARD_CODE, code)
        account.decided()
        return account

    def mother(self, payer: CreditDeskAccount, relation: str | None = "parent") -> CreditVisit:
        """A relative's outpatient visit, paid by the payer's account."""
        number, born = person("1961-01-10") if relation else (payer.person, "1990-03-07")
        return self.visit(payer, number, born, relation)

    def visit(
        self,
        payer: CreditDeskAccount,
        number: str,
        born: str,
        relation: str | None,
        **changes: Any,
    ) -> CreditVisit:
        told: Body = {"account": payer.id, "confirmation": "seamless"}
        if relation is not None:
            told |= {"relation": relation, "agreement_signed_at": "2026-03-18T09:30:00+08:00"}
        told |= changes.pop("told", {})
        submission = varied(
            example("episode-2-voucher"),
            hospital=HOSPITAL,
            visit={
                "number": f"MZ-CREDIT-{next(_numbers)}",
                "channel": "ordinary",
                "department": "chinese-medicine",
            },
            patient={
                "name": {"zh": "陈玉兰"},
                "birth_date": born,
                "documents": [{"type": "mainland_id", "number": number}],
            },
            coverages=[{"funder": "pay_later", "plan": "huimin-dongguan", "pay_later": told}],
            consents=[],
            **changes,
        )
        visit = CreditVisit(self, f"ep_{ULID()}", payer)
        answer = visit.say(SubmissionKind.EPISODE, submission)
        assert answer.status == 201, answer.body
        visit.look_up()
        return visit


@dataclass
class CreditDeskAccount:
    desk: CreditDesk
    id: str
    person: str
    opened: Answer | None = None

    def say(self, kind: SubmissionKind, content: Body) -> Answer:
        submission = self.desk._say(kind, content, self.id)
        order = CreditApply(account_id=self.id, submission_id=submission, at=self.desk.now)
        CreditSteps(self.desk.world).apply_credit_submission(order)
        return self.desk.answer(submission)

    def _subject(self, subject: str = "") -> CreditSubject:
        return CreditSubject(account_id=self.id, subject=subject, at=self.desk.now)

    @property
    def standing(self) -> CreditStanding:
        return CreditSteps(self.desk.world).take_credit_stock(self._subject())

    @property
    def rows(self) -> CreditRows:
        with self.desk.world.records.transaction() as tx:
            return tx.credit_rows(self.id)

    @property
    def codes(self) -> list[str]:
        return [event.code for event in self.rows.events]

    @property
    def exceptions(self) -> set[str]:
        return {one.code for one in self.rows.exceptions if one.resolved_at is None}

    def step(self) -> bool:
        """The one step that the workflow would take now; False: it would wait."""
        steps, books = CreditSteps(self.desk.world), CreditBookSteps(self.desk.world)
        now = self.standing
        if now.order_due:
            steps.send_credit_order(self._subject(now.order_due))
        elif now.inquiry_due:
            steps.inquire_credit_order(self._subject(now.inquiry_due))
        elif now.notices_due:
            books.write_credit_notices(self._subject())
        elif now.statement_due:
            books.take_credit_statement(self._subject())
        else:
            return False
        return True

    def work(self) -> None:
        while self.step():
            pass

    def decided(self) -> None:
        """A minute passes: the bank has decided, and is asked."""
        self.work()
        if not any(o.state == "queued" for o in self.rows.orders):
            return
        self.desk.at(self.desk.now + timedelta(seconds=90))
        eventually(lambda: self.desk.platform.journal("credit_decided"))
        self.work()

    def repay(self, amount: str, source: str = "bank_card") -> Answer:
        body = {
            "number": f"R-{next(_numbers)}",
            "source": source,
            "amount": cny(amount),
            "requested_at": self.desk.now.isoformat(),
        }
        answer = self.say(SubmissionKind.CREDIT_REPAYMENT, body)
        self.work()
        return answer

    def choose(self, draw: str, count: int) -> Answer:
        body = {"draw": draw, "count": count, "chosen_at": self.desk.now.isoformat()}
        answer = self.say(SubmissionKind.CREDIT_INSTALMENTS, body)
        self.work()
        return answer


@dataclass
class CreditVisit:
    desk: CreditDesk
    episode: str
    payer: CreditDeskAccount

    def say(self, kind: SubmissionKind, content: Body) -> Answer:
        submission = self.desk._say(kind, content, self.episode)
        order = Apply(episode_id=self.episode, submission_id=submission, at=self.desk.now)
        SubmissionSteps(self.desk.world).apply_submission(order)
        return self.desk.answer(submission)

    def look_up(self) -> None:
        PayLaterSteps(self.desk.world).look_up_pay_later(self.subject())

    def subject(self, subject: str = "") -> Subject:
        return Subject(episode_id=self.episode, subject=subject, at=self.desk.now)

    @property
    def rows(self) -> EpisodeRows:
        with self.desk.world.records.transaction() as tx:
            return tx.rows(self.episode)

    def bill(self, amount: str) -> Answer:
        bill = example("episode-2-bill-1")
        day = self.desk.now.astimezone(REGION).date().isoformat()
        line = bill["lines"][0] | {
            "service_date": day,
            "quantity": 1,
            "unit_price": cny(amount),
            "amount": cny(amount),
        }
        body = varied(
            bill,
            number=f"MZF-CREDIT-{next(_numbers)}",
            issued_at=self.desk.now.isoformat(),
            service_completed_at=self.desk.now.isoformat(),
            lines=[line],
            total=cny(amount),
        )
        return self.say(SubmissionKind.BILL, body)

    def void(self) -> Answer:
        bill = self.rows.bills[-1]
        return self.say(
            SubmissionKind.VOID,
            {
                "bill_number": bill.number,
                "bill_version": bill.version,
                "voided_at": self.desk.now.isoformat(),
                "reason": "not done",
            },
        )

    def charge(self) -> None:
        """Every charge or refund that is due, as the workflow would take them."""
        steps = PayLaterSteps(self.desk.world)
        while True:
            now = SubmissionSteps(self.desk.world).take_stock(self.subject())
            if now.pay_later_refund_due:
                asyncio.run(steps.refund_pay_later(self.subject(now.pay_later_refund_due)))
            elif now.pay_later_charge_due:
                asyncio.run(steps.charge_pay_later(self.subject(now.pay_later_charge_due)))
            else:
                return

    def paid(self, amount: str) -> str:
        """A bill of this amount is split and charged; the charge's reference."""
        answer = self.bill(amount)
        assert answer.status == 200, answer.body
        self.charge()
        return self.rows.claims[-1].reference

    @property
    def totals(self) -> dict[str, str]:
        split = self.rows.allocations[-1].result
        return {t.funder.value: t.amount.decimal_text() for t in split.totals}

    @property
    def exceptions(self) -> dict[str, dict[str, str]]:
        with self.desk.database.begin() as connection:
            rows = connection.execute(
                "select code, details from exception_item"
                " where episode_id = %(id)s and resolved_at is null",
                {"id": self.episode},
            ).all()
        return {row.code: row.details for row in rows}


def balances(desk: CreditDesk, episode: str) -> dict[str, int]:
    """What the episode's entries left on each account."""
    with desk.database.begin() as connection:
        rows = connection.execute(
            "select p.account_id, sum(p.amount_minor)::bigint as minor from posting p"
            " join entry e on e.id = p.entry_id where e.episode_id = %(id)s group by p.account_id",
            {"id": episode},
        ).all()
    return {row.account_id: row.minor for row in rows if row.minor}
