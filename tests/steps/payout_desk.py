"""An insurer's payouts at a bank of their own: decided, sent, reported, and talked about."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from temporalio.testing import ActivityEnvironment

from activities.orders import Subject
from activities.payout_recalls import RecallSteps
from activities.payouts import PayoutSteps
from activities.submissions import SubmissionSteps
from activities.world import BankHabits, World
from crossclaim.config import BankProfile, RailWire
from crossclaim.domain.records import PayoutRow
from crossclaim.domain.standing import Standing
from crossclaim.domain.submission import SubmissionKind
from crossclaim.gateways.bank import HostToHostBank
from tests.flows.hospital import Body
from tests.gateways.bank_scene import document
from tests.rules import facts as given
from tests.steps.bank_rig import OPENING, Desk, booked
from tests.steps.paper_claims import APPROVED, INSURER, claim
from tests.steps.rig import Answer, Rig
from tests.steps.test_paper_claims import decided, reserved

AMOUNT = 142186
PAYER = "6222000000000053"
FENCE = timedelta(hours=48)
HABITS = BankHabits(
    answer_within_s=600,
    inquire_every_s=3600,
    max_execution_s=FENCE.total_seconds(),
    status_request=True,
    credit_advice=True,
    recalls=True,
    told_rails=True,
)


@dataclass
class PayoutDesk:
    """``rig`` and ``desk`` share one world."""

    rig: Rig
    desk: Desk
    at: datetime = APPROVED

    @classmethod
    def of(cls, rig: Rig, folder: Path, **changes: Any) -> PayoutDesk:
        desk = Desk.of(rig, folder)
        rails = {"cips": RailWire(service_level="URGP", local_instrument="CIPS")}
        profile = BankProfile(bank=desk.bank, folder=desk.folder, recalls=True, rails=rails)
        world = replace(
            desk.world,
            banks={desk.bank: HostToHostBank(profile)},
            bank_habits={desk.bank: HABITS},
            purpose_code="INSC",
            **changes,
        )
        desk = replace(desk, world=world, rig=replace(rig, world=world))
        return cls(desk.rig, desk)

    @property
    def world(self) -> World:
        return self.rig.world

    def reserved(self, key: str = "maker", at: datetime | None = None, **changes: Any) -> str:
        """A claim with papers, decided here, and its intent; the episode."""
        at = at or self.at
        episode, answer = self.rig.say(
            SubmissionKind.PAPER_CLAIM, claim(**changes), organisation=INSURER, key_id=key, at=at
        )
        assert answer.status == 201, answer.body
        decided(self.rig, episode, at)
        reserved(self.rig, episode, at)
        return episode

    def payout(self, episode: str) -> PayoutRow:
        return self.rig.rows(episode).payouts[-1]

    def standing(self, episode: str, at: datetime | None = None) -> Standing:
        order = Subject(episode_id=episode, at=at or self.at)
        return SubmissionSteps(self.world).take_stock(order)

    def send(self, episode: str, at: datetime | None = None) -> str:
        """Hands the newest order over; its reference."""
        reference = self.payout(episode).reference
        order = Subject(episode_id=episode, subject=reference, at=at or self.at)
        ActivityEnvironment().run(PayoutSteps(self.world).send_payout, order)
        # What the engine's clock says is today's: the test's own time goes on from its start.
        with self.world.records.transaction() as tx:
            tx.hold(episode)
            tx.change_intent(reference, sent_at=order.at, fence_at=order.at + FENCE)
        return reference

    def hand_over(self, episode: str) -> Standing:
        """The step that sends, for the newest payout."""
        reference = self.payout(episode).reference
        order = Subject(episode_id=episode, subject=reference, at=self.at)
        return ActivityEnvironment().run(PayoutSteps(self.world).send_payout, order)

    def recall(self, episode: str, at: datetime) -> Standing:
        order = Subject(episode_id=episode, subject=self.payout(episode).reference, at=at)
        return RecallSteps(self.world).recall_payout(order)

    def say(self, kind: SubmissionKind, content: Body, episode: str, key: str) -> Answer:
        return self.rig.say(kind, content, episode, organisation=INSURER, key_id=key, at=self.at)[1]

    def bank_says(self, episode: str, content: str, at: datetime | None = None) -> Standing:
        """A file of the bank comes and is applied to the episode's newest payout."""
        self.desk.comes(content)
        order = Subject(
            episode_id=episode, subject=self.payout(episode).reference, at=at or self.at
        )
        return PayoutSteps(self.world).apply_reports(order)

    def apply(self, episode: str, reference: str) -> Standing:
        order = Subject(episode_id=episode, subject=reference, at=self.at)
        return PayoutSteps(self.world).apply_reports(order)

    def debited(self, reference: str, day: date, *, sign: str = "DBIT", net: int = -AMOUNT) -> int:
        """The payer's statement lists it; the number of the entry."""
        line = booked(sign, reference, AMOUNT, day=day, booking=f"B-{reference}-{sign}")
        self.desk.comes(self.desk.statement(line, net=net, day=day, payer=PAYER, opening=OPENING))
        (row,) = self.desk.select(
            "select max(id) as id from bank_entry where bank = %(bank)s and reference = %(r)s",
            r=reference,
        )
        return int(row["id"])

    def trial(self, episode: str) -> dict[str, int]:
        """The episode's accounts; what they come to together is nothing, in each currency."""
        found = self.rig.balances(episode)
        assert sum(found.values()) == 0
        return {account.replace(self.desk.bank, "bank"): left for account, left in found.items()}


def resolution(reference: str, status: str, *, number: int = 1, reason: str = "") -> str:
    """A camt.029 about a recall of ours."""
    why = f"<CxlStsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></CxlStsRsnInf>" if reason else ""
    who = "<Pty><Nm>Bank</Nm></Pty>"
    return document(
        "camt.029.001.09",
        f"<RsltnOfInvstgtn><Assgnmt><Id>RS-{reference}-{number}</Id><Assgnr>{who}</Assgnr>"
        f"<Assgne>{who}</Assgne><CreDtTm>2026-04-14T12:00:00+08:00</CreDtTm></Assgnmt>"
        f"<Sts><Conf>{'CNCL' if status == 'ACCR' else 'RJCR'}</Conf></Sts><CxlDtls>"
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxCxlSts>{status}</TxCxlSts>"
        f"{why}</TxInfAndSts></CxlDtls></RsltnOfInvstgtn>",
        check=False,
    )


def status(
    *told: tuple[str, str, str],
    number: int = 1,
    group: str = "",
    at: str = "2026-04-14T12:00:00+08:00",
) -> str:
    """A pain.002 that says (reference, status, reason) of each payment, whole or in part."""
    transactions = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{code}</TxSts>"
        + (f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else "")
        + "</TxInfAndSts>"
        for reference, code, reason in told
    )
    first = told[0][0]
    whole = f"<GrpSts>{group}</GrpSts>" if group else ""
    return document(
        "pain.002.001.12",
        f"<CstmrPmtStsRpt><GrpHdr><MsgId>ST-{first}-{number}</MsgId><CreDtTm>{at}</CreDtTm>"
        f"</GrpHdr><OrgnlGrpInfAndSts><OrgnlMsgId>{first}-1</OrgnlMsgId>"
        f"<OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{whole}</OrgnlGrpInfAndSts>"
        f"<OrgnlPmtInfAndSts><OrgnlPmtInfId>{first}-1</OrgnlPmtInfId>{transactions}"
        "</OrgnlPmtInfAndSts></CstmrPmtStsRpt>",
    )


def at_hour(day: date, hour: int) -> datetime:
    """An hour of the region, as the engine tells it."""
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC) - timedelta(hours=8)


def with_rails(world: World, **values: object) -> World:
    """The same world, with other values of the plan of rails."""
    plans = world.plans
    plan = plans.find("payout-rails")
    assert plan is not None
    for key, value in values.items():
        plan = given.with_value(plan, key.replace("__", "."), value)
    changed = plans.replacing([plan])
    return replace(world, plan_shelf=lambda: changed)
