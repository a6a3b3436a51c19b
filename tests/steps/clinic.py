"""A designated institution at the bureau: its steps on PostgreSQL, the bureau as a process."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ulid import ULID

from activities.bureau_quotes import QuoteSteps
from activities.insured_accounts import InsuredAccountSteps
from activities.orders import Apply, Subject
from activities.settlement_cancels import SettlementCancelSteps
from activities.settlements import SettlementSteps
from activities.submissions import SubmissionSteps
from activities.world import World
from crossclaim.domain.allocation import AllocationResult
from crossclaim.domain.records import ClaimRow, EpisodeRows
from crossclaim.domain.reference import Designation, Reference
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from tests.flows.hospital import Body, cny, example, varied
from tests.gateways.simulated_party import SimulatedParty
from tests.steps.rig import HOSPITAL, Answer, Rig

AT = datetime(2025, 4, 10, 2, 20, tzinfo=UTC)
FATHER, DAUGHTER, RETIRED = "440703195506200002", "440703198803120002", "440703195809050005"
WAITS, SUSPENDED, ELDER = "44070319700101000X", "440703198011110009", "A1234563"
PERSON = {
    FATHER: "P4407030000000002",
    DAUGHTER: "P4407030000000001",
    RETIRED: "P4407030000000003",
    WAITS: "P4407030000000004",
    SUSPENDED: "P4407030000000005",
    ELDER: "P4407030000000006",
}
CAPS, POOL = "jiangmen-seed-caps", "jiangmen-pool-2022"
LEVEL_3 = Designation(code="H44070300001", level="level-3", area="440703")
LEVEL_1 = Designation(code="H44070300002", level="level-1", area="440703")
GIVEN = {"text_version": "2025-01", "signed_at": "2025-04-10T08:00:00+08:00", "channel": "paper"}
CONSENTS: list[Body] = [
    {"type": "PI_SENSITIVE", **GIVEN},
    {"type": "PI_PROVIDE", "recipient": "bureau", **GIVEN},
]
_numbers = itertools.count(1)


def fund(plan: str) -> Body:
    return {"funder": "basic_insurance", "plan": plan}


ACCOUNT: Body = {"funder": "personal_account"}


def parts(split: AllocationResult) -> dict[str, int]:
    """Funder → fen, own account and a relative's together."""
    found: dict[str, int] = {}
    for one in split.totals:
        found[one.funder.value] = found.get(one.funder.value, 0) + one.amount.amount_minor
    return found


@dataclass(frozen=True)
class Clinic:
    """One institution with its rows and the bureau's script."""

    rig: Rig
    bureau: SimulatedParty

    @property
    def world(self) -> World:
        return self.rig.world

    def designated(self, designation: Designation | None) -> Clinic:
        known = self.world.reference
        hospitals = [
            h.model_copy(update={"designation": designation}) if h.id == HOSPITAL else h
            for h in known.hospitals
        ]
        # Made anew: a copy would keep what the old one remembers of its hospitals.
        reference = Reference(**{**dict(known), "hospitals": hospitals})
        return replace(self, rig=replace(self.rig, world=replace(self.world, reference=reference)))

    def open(
        self,
        certno: str,
        *coverages: Body,
        consents: list[Body] | None = None,
        looked_up: bool = True,
        **changes: Any,
    ) -> Visit:
        kind = "hkid" if certno == ELDER else "mainland_id"
        submission = varied(
            example("episode-2-voucher"),
            hospital=HOSPITAL,
            visit={"number": f"MZ-BUREAU-{next(_numbers)}", **changes.pop("visit", {})},
            patient={
                "birth_date": "1949-05-01",
                "documents": [{"type": kind, "number": certno}],
            },
            coverages=list(coverages),
            consents=CONSENTS if consents is None else consents,
            **changes,
        )
        episode, answer = self.rig.say(SubmissionKind.EPISODE, submission)
        assert answer.status == 201, answer.body
        visit = Visit(self, episode)
        if looked_up:
            visit.look_up()
        return visit


@dataclass(frozen=True)
class Visit:
    """One episode; steps are taken by hand, in the order of the story."""

    clinic: Clinic
    episode: str

    def _about(self, subject: str = "", at: datetime = AT) -> Subject:
        return Subject(episode_id=self.episode, subject=subject, at=at)

    def standing(self, at: datetime = AT) -> Standing:
        return SubmissionSteps(self.clinic.world).take_stock(self._about(at=at))

    def look_up(self) -> Standing:
        return InsuredAccountSteps(self.clinic.world).look_up_insured(self._about())

    def send(self, kind: SubmissionKind, content: Body, *, quoted: bool = True) -> Answer:
        """As the workflow does: a bill is shown to the bureau, then applied."""
        rig = self.clinic.rig
        received = rig.intake.receive(
            HOSPITAL,
            kind,
            submission_id=f"sb_{ULID()}",
            episode_id=self.episode,
            business_key=f"bureau-{next(_numbers)}",
            content=content,
            idempotency_key=None,
        )
        if quoted and kind is SubmissionKind.BILL:
            QuoteSteps(self.clinic.world).quote_settlement(self._about(received.id))
        order = Apply(episode_id=self.episode, submission_id=received.id, at=AT)
        SubmissionSteps(self.clinic.world).apply_submission(order)
        statement = "select outcome from submission where id = %(id)s"
        outcome = self.select(statement, id=received.id)[0]["outcome"]
        return Answer(outcome["status"], outcome["body"])

    def bill(self, *lines: tuple[str, str], quoted: bool = True, **changes: Any) -> Answer:
        content = bill_of(f"MZF-BUREAU-{next(_numbers)}", *lines, **changes)
        return self.send(SubmissionKind.BILL, content, quoted=quoted)

    def tender(self, answer: Answer, amount: str) -> Answer:
        bill = answer.body["bill"]
        leg = {"method": "cash", "amount": cny(amount), "reference": f"R-{next(_numbers)}"}
        content = {
            "bill_number": bill["number"],
            "bill_version": bill["version"],
            "tendered_at": "2025-04-10T10:30:00+08:00",
            "legs": [leg],
        }
        return self.send(SubmissionKind.TENDER, content)

    def paid_back(self) -> None:
        """The cashier has given back what a void owes the patient."""
        self.clinic.rig.paid_back(self.episode)

    def void(self, answer: Answer) -> Answer:
        bill = answer.body["bill"]
        content = {
            "bill_number": bill["number"],
            "bill_version": bill["version"],
            "voided_at": "2025-04-10T11:00:00+08:00",
            "reason": "a line was wrong",
        }
        return self.send(SubmissionKind.VOID, content)

    def settle(self) -> Standing:
        """The settlement that is due, sent once."""
        due = self.standing().settlement_due
        assert due is not None
        return SettlementSteps(self.clinic.world).settle_bill(self._about(due))

    def settle_as(self, make: Callable[[World], SettlementSteps]) -> Standing:
        due = self.standing().settlement_due
        assert due is not None
        return make(self.clinic.world).settle_bill(self._about(due))

    def inquire(self) -> Standing:
        late = AT + timedelta(days=1)
        waiting = self.standing(late).settlement_waiting
        assert waiting is not None
        return SettlementSteps(self.clinic.world).inquire_settlement(self._about(waiting, late))

    def cancel(self) -> Standing:
        due = self.standing().settlement_cancel_due
        assert due is not None
        return SettlementCancelSteps(self.clinic.world).cancel_settlement(self._about(due))

    def rows(self) -> EpisodeRows:
        return self.clinic.rig.rows(self.episode)

    def claims(self) -> list[ClaimRow]:
        return [c for c in self.rows().claims if c.kind == "basic_insurance"]

    def states(self) -> list[str]:
        return [claim.state for claim in self.claims()]

    def exceptions(self) -> dict[str, str]:
        return self.clinic.rig.exceptions(self.episode)

    def kept(self) -> list[str]:
        statement = "select code from kept_answer where episode_id = %(id)s order by id"
        return [row["code"] for row in self.select(statement, id=self.episode)]

    def ledger(self) -> dict[str, int]:
        """Account → fen that this episode's entries left, without the zeros."""
        statement = (
            "select p.account_id, sum(p.amount_minor)::bigint as rest from posting p"
            " join entry e on e.id = p.entry_id where e.episode_id = %(id)s"
            " group by p.account_id having sum(p.amount_minor) <> 0"
        )
        return {r["account_id"]: r["rest"] for r in self.select(statement, id=self.episode)}

    def select(self, statement: str, **values: object) -> list[dict[str, Any]]:
        with self.clinic.rig.database.begin() as connection:
            return [dict(row) for row in connection.execute(statement, values).mappings()]


def bill_of(number: str, *lines: tuple[str, str], day: str = "2025-04-10", **changes: Any) -> Body:
    """A final bill of (national code, amount) lines."""
    first = example("episode-2-bill-1")["lines"][0]
    made = [
        {
            **first,
            "number": n,
            "code": code,
            "service_date": day,
            "unit_price": cny(amount),
            "amount": cny(amount),
        }
        for n, (code, amount) in enumerate(lines, 1)
    ]
    cents = sum(int(amount.replace(".", "")) for _, amount in lines)
    bill: Body = {
        **example("episode-2-bill-1"),
        "number": number,
        "issued_at": f"{day}T10:15:00+08:00",
        "service_completed_at": f"{day}T10:10:00+08:00",
        "lines": made,
        "total": cny(f"{cents // 100}.{cents % 100:02d}"),
        **changes,
    }
    return bill
