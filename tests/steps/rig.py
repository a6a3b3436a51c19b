"""Hospital submissions that become rows as a worker makes them: intake, then the step."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from ulid import ULID

from activities.claims import ClaimSteps
from activities.guarantees import GuaranteeSteps
from activities.orders import Apply, Subject
from activities.submissions import SubmissionSteps
from activities.voucher_voids import VoucherVoids
from activities.vouchers import VoucherSteps
from activities.world import World
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.money import ConversionRate, hk_cents
from crossclaim.domain.party import VoucherAccount
from crossclaim.domain.plan import PlanSet
from crossclaim.domain.records import ClaimRow, CoverKey, EpisodeRows
from crossclaim.domain.reference import PolicyKnown
from crossclaim.domain.standing import Standing
from crossclaim.domain.story import tell
from crossclaim.domain.story_facts import Runs
from crossclaim.domain.submission import ConsentType, SubmissionKind
from crossclaim.plans.loader import DATA, load_plans, read_plan
from crossclaim.store.binding_tables import SqlBindings
from crossclaim.store.intake_tables import SqlIntake
from crossclaim.store.reference_tables import save_reference
from crossclaim.store.session import Database
from crossclaim.store.story_rows import read_story_facts
from crossclaim.store.transaction import SqlRecords
from crossclaim.wiring import House
from tests.flows.flow_stack import flow_reference
from tests.flows.hospital import Body, cny, example, varied
from tests.steps.parties import SlowInsurer, SmallerBalance

AT = datetime(2026, 4, 2, 6, 0, tzinfo=UTC)
HOSPITAL = "hku-szh"
MUTUAL = "kowloon-mutual"
"""An insurer that decides here, by the book of policies in the reference data."""
HARBOUR = "harbour-life"
"""An insurer that decides in a house of its own."""
PLAN = "gba-network-hk"
VOUCHERS_ONLY = [0]
"""Places of the coverages that a bill of ``Rig.visit`` may be laid on."""
_numbers = itertools.count(1)


def policy_number() -> str:
    """A number of the series that the example's book holds, never the same twice."""
    return f"KM-2025-000052-s{next(_numbers)}"


def plans() -> PlanSet:
    """The plans of the program; the hospital's internal medicine takes vouchers too."""
    name = "voucher-ehcv-gba.yaml"
    text = (DATA / name).read_text(encoding="utf-8")
    unknown = "departments: {unit: codes, values: {2015-01-01: unknown}, source: hku-szh}"
    assert text.count(unknown) == 1
    known = unknown.replace("unknown", "[internal-medicine]")
    voucher = read_plan(text.replace(unknown, known), name)
    return load_plans(demonstration=True).replacing([voucher])


def totals(split: AllocationResult) -> dict[str, str]:
    """Funder → CNY."""
    return {t.funder.value: t.amount.decimal_text() for t in split.totals}


def used_before(split: AllocationResult) -> str:
    """What the trace says was used of the yearly limit before this bill."""
    (step,) = (s for s in split.trace if s.rule == f"{PLAN}:annual_limit")
    return step.inputs["used"]


def _of_one_plan(policy: PolicyKnown) -> PolicyKnown:
    """Policies of direct billing; those of claims with papers keep their own plan."""
    papers = policy.plan == "outpatient-visits-hk"
    return policy if papers else policy.model_copy(update={"plan": PLAN})


@dataclass(frozen=True)
class Answer:
    """What the window was told about one submission."""

    status: int
    body: Body

    @property
    def codes(self) -> list[str]:
        return [error["code"] for error in self.body.get("errors", [])]

    @property
    def split(self) -> AllocationResult:
        assert self.status == 200, self.body
        extra = {"episode_id", "bill", "forecast"}
        return AllocationResult.model_validate(
            {name: value for name, value in self.body.items() if name not in extra}
        )


@dataclass(frozen=True)
class Rig:
    """One worker's world over the folder's database."""

    world: World
    intake: SqlIntake
    database: Database

    @classmethod
    def of(cls, worker: House, api: House) -> Rig:
        reference = flow_reference()
        save_reference(worker.database, worker.keyring, reference)
        in_force = plans()
        world = World(
            records=SqlRecords(worker.database, worker.keyring),
            plan_shelf=lambda: in_force,
            reference=reference,
            voucher=SmallerBalance(),
            insurers={HARBOUR: SlowInsurer()},
            bindings=SqlBindings(worker.database, worker.keyring),
        )
        rig = cls(world, SqlIntake(api.database, api.keyring), worker.database)
        return rig.with_policies(_of_one_plan)

    def with_policies(self, change: Callable[[PolicyKnown], PolicyKnown]) -> Rig:
        """The same rows, with every policy of the book changed."""
        known = self.world.reference
        changed = [change(policy) for policy in known.policies]
        reference = known.model_copy(update={"policies": changed})
        return replace(self, world=replace(self.world, reference=reference))

    def paid_back(self, episode: str, organisation: str = HOSPITAL) -> None:
        """The cashier confirms every refund that waits for him."""
        for refund in self.rows(episode).refunds:
            if (refund.route, refund.state) != ("cashier", "due"):
                continue
            told = {"refund": refund.reference, "receipt": "TK-1", "paid_back_at": AT.isoformat()}
            kind = SubmissionKind.REFUND_CONFIRMATION
            answer = self.say(kind, told, episode, organisation=organisation)[1]
            assert answer.status == 200, answer.body

    def say(
        self,
        kind: SubmissionKind,
        content: Body,
        episode: str = "",
        *,
        organisation: str = HOSPITAL,
        key_id: str = "",
        at: datetime = AT,
    ) -> tuple[str, Answer]:
        """The episode's id and what the step answered."""
        received = self.intake.receive(
            organisation,
            kind,
            submission_id=f"sb_{ULID()}",
            episode_id=episode or f"ep_{ULID()}",
            business_key=f"steps-{next(_numbers)}",
            content=content,
            idempotency_key=None,
            key_id=key_id,
        )
        order = Apply(episode_id=received.episode_id, submission_id=received.id, at=at)
        SubmissionSteps(self.world).apply_submission(order)
        found = self._select(
            "select outcome from submission where id = %(id)s", id=order.submission_id
        )
        outcome = found[0]["outcome"]
        return received.episode_id, Answer(outcome["status"], outcome["body"])

    def submission(self, coverages: list[Body], **changes: Any) -> Body:
        """An outpatient visit with these coverages and every consent that they need."""
        voucher, insured = example("episode-2-voucher"), example("episode-1-inpatient")
        consents = list(voucher["consents"])
        for organisation in {c["organisation"]: c for c in coverages if "organisation" in c}:
            told = ({**c, "recipient": organisation} for c in insured["consents"])
            consents += [c if c["type"] != "PI_SENSITIVE" else _own(c) for c in told]
        return varied(
            voucher,
            hospital=HOSPITAL,
            visit={"number": f"MZ-STEPS-{next(_numbers)}"},
            coverages=coverages,
            consents=consents,
            diagnoses=insured["diagnoses"],
            estimate=cny("5000.00"),
            **changes,
        )

    def open(self, coverages: list[Body], **changes: Any) -> str:
        submission = self.submission(coverages, **changes)
        episode, answer = self.say(SubmissionKind.EPISODE, submission)
        assert answer.status == 201, answer.body
        if any(c["funder"] == "voucher" for c in coverages):
            self._look_up(episode)
        self._ask_insurers(episode)
        return episode

    def visit(self, policy: str, *, insurer: str = MUTUAL) -> Visit:
        """One with vouchers of HKD 300 and one policy."""
        return Visit(self, self.open([{"funder": "voucher"}, insured_by(insurer, policy)]))

    def story(self, episode: str, at: datetime) -> str:
        """What staff read, in English; every line is there in all three languages."""
        with self.database.begin() as connection:
            facts = read_story_facts(connection, episode)
        assert facts is not None
        rows, standing = self.rows(episode), self.standing(episode, at)
        told = tell(facts, rows, standing, Runs(), self.world.reference, at, "en")
        lines = [*told.lines, *([told.waiting] if told.waiting else [])]
        assert all(one.text.zh_hant and one.text.zh_hans for one in lines)
        return "\n".join(one.text.en for one in lines)

    def rows(self, episode: str) -> EpisodeRows:
        with self.world.records.transaction() as tx:
            return tx.rows(episode)

    def splits(self, episode: str) -> list[AllocationResult]:
        found = self._select(
            "select result from allocation where episode_id = %(episode)s order by version",
            episode=episode,
        )
        return [AllocationResult.model_validate(row["result"]) for row in found]

    def exceptions(self, episode: str) -> dict[str, str]:
        """Code → the code inside its details, of what a person is to look at."""
        found = self._select(
            "select code, details from exception_item"
            " where episode_id = %(episode)s and resolved_at is null",
            episode=episode,
        )
        return {row["code"]: row["details"].get("code", "") for row in found}

    def standing(self, episode: str, at: datetime) -> Standing:
        """What would be due at a moment, by the rows as they are."""
        order = Subject(episode_id=episode, at=at)
        return SubmissionSteps(self.world).take_stock(order)

    def sent_about(self, episode: str) -> str:
        """The id of the newest submission about an episode."""
        (found,) = self._select(
            "select id from submission where episode_id = %(episode)s"
            " order by received_at desc limit 1",
            episode=episode,
        )
        return str(found["id"])

    def balances(self, episode: str) -> dict[str, int]:
        """Account → what the episode's entries left on it; accounts at nothing are left out."""
        found = self._select(
            "select p.account_id, sum(p.amount_minor)::bigint as left_minor from posting p"
            " join entry e on e.id = p.entry_id where e.episode_id = %(episode)s"
            " group by p.account_id having sum(p.amount_minor) <> 0 order by p.account_id",
            episode=episode,
        )
        return {row["account_id"]: row["left_minor"] for row in found}

    def used(self, policy: str, plan: str = PLAN) -> int:
        """HK cents that were ever paid on a policy of the mutual."""
        cover = CoverKey(organisation=MUTUAL, policy_number=policy, plan=plan)
        with self.world.records.transaction() as tx:
            return tx.cover_used(cover).of("lifetime.paid")

    def asked(self, episode: str, operation: str) -> dict[str, str]:
        """Outside party → the reference under which it was asked."""
        found = self._select(
            "select party, reference from outbound_attempt"
            " where episode_id = %(episode)s and operation = %(operation)s",
            episode=episode,
            operation=operation,
        )
        return {row["party"]: row["reference"] for row in found}

    def change(self, statement: str, **values: object) -> None:
        with self.database.begin() as connection:
            connection.execute(statement, values)

    def _select(self, statement: str, **values: object) -> list[dict[str, Any]]:
        with self.database.begin() as connection:
            return [dict(row) for row in connection.execute(statement, values).mappings()]

    def _look_up(self, episode: str) -> None:
        rate = ConversionRate(
            cny_per_hkd=Decimal("0.915"), source="voucher system", as_of=AT, rate_id="rate-1"
        )
        account = VoucherAccount(
            account_id="va-1", ehealth_joined=True, as_of=AT, balance=hk_cents(30_000), rate=rate
        )
        with self.world.records.transaction() as tx:
            tx.put_voucher_account(episode, account, AT)

    def _ask_insurers(self, episode: str) -> None:
        steps = GuaranteeSteps(self.world)
        for guarantee in self.rows(episode).guarantees:
            if guarantee.state == "due" and guarantee.insurer_id in self.world.insurers:
                steps.check_eligibility(
                    Subject(episode_id=episode, subject=guarantee.insurer_id, at=AT)
                )
                steps.request_guarantee(Subject(episode_id=episode, subject=guarantee.id, at=AT))


@dataclass(frozen=True)
class Visit:
    """One episode at the window."""

    rig: Rig
    episode: str

    def bill(self, *, coverages: list[int] | None = None) -> tuple[Body, Answer]:
        """A consultation of CNY 900.00, laid on all coverages unless some are named."""
        bill = bill_of(f"MZF-STEPS-{next(_numbers)}")
        if coverages is not None:
            bill["coverages"] = coverages
        return bill, self.rig.say(SubmissionKind.BILL, bill, self.episode)[1]

    def accepted(self, *, coverages: list[int] | None = None) -> AllocationResult:
        """The split of a new bill that the patient then pays and signs."""
        bill, answer = self.bill(coverages=coverages)
        due = totals(answer.split)["patient"]
        leg = {"method": "cash", "amount": cny(due), "reference": "R-1"}
        signed = {
            "type": "VOUCHER_USE",
            "text_version": "2025-01",
            "signed_at": "2026-04-02T10:44:00+08:00",
            "channel": "paper",
        }
        tender = {
            "bill_number": bill["number"],
            "bill_version": bill["version"],
            "tendered_at": "2026-04-02T10:50:00+08:00",
            "legs": [leg],
            "consents": [signed],
        }
        _, tendered = self.rig.say(SubmissionKind.TENDER, tender, self.episode)
        assert tendered.status == 200, tendered.body
        return answer.split

    def rows(self) -> EpisodeRows:
        return self.rig.rows(self.episode)

    def claim(self, kind: str) -> ClaimRow:
        found = [claim for claim in self.rows().claims if claim.kind == kind]
        assert len(found) == 1, found
        return found[0]

    def splits(self) -> list[AllocationResult]:
        """Every split of the visit's bill, oldest first."""
        return self.rig.splits(self.episode)

    def totals(self) -> list[dict[str, str]]:
        """Funder → CNY of each."""
        return [totals(split) for split in self.splits()]

    def claim_vouchers(self) -> None:
        """The step that claims the voucher part; the smaller balance makes it split again."""
        VoucherSteps(self.rig.world).claim_voucher(self._about("voucher"))

    def void_vouchers(self) -> None:
        """The step that takes the voucher claim back."""
        VoucherVoids(self.rig.world).void_voucher(self._about("voucher"))

    def decide(self) -> None:
        """Our own decision about the insurer's part."""
        ClaimSteps(self.rig.world).decide_claim(self._about("direct"))

    def send(self) -> None:
        """The insurer's part is claimed of the insurer, who answers later."""
        ClaimSteps(self.rig.world).submit_claim(self._about("direct"))

    def withdraw(self, consent: ConsentType) -> None:
        with self.rig.world.records.transaction() as tx:
            tx.withdraw_consents(self.episode, consent, AT, AT)

    def _about(self, kind: str) -> Subject:
        return Subject(episode_id=self.episode, subject=self.claim(kind).id, at=AT)


def insured_by(insurer: str, policy: str) -> Body:
    return {"funder": "insurer", "organisation": insurer, "plan": PLAN, "policy_number": policy}


def bill_of(number: str, amount: str = "900.00") -> Body:
    """One consultation on 2 April 2026, by a final bill."""
    bill = example("episode-2-bill-1")
    line = {
        **bill["lines"][0],
        "service_date": "2026-04-02",
        "unit_price": cny(amount),
        "amount": cny(amount),
    }
    return varied(
        bill,
        number=number,
        issued_at="2026-04-02T10:45:00+08:00",
        service_completed_at="2026-04-02T10:40:00+08:00",
        lines=[line],
        total=cny(amount),
    )


def _own(consent: Body) -> Body:
    """A consent that names nobody."""
    return {name: value for name, value in consent.items() if name != "recipient"}
